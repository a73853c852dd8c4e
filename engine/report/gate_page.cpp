#include <fmt/format.h>

#include <algorithm>

#include "report/gate_parts.h"
#include "report/report.h"
#include "report/words.h"

namespace sovrisk {

namespace {

constexpr std::size_t most_rows = 50;  ///< of resources: a page is for people, JSON is for all of it
constexpr std::size_t most_facts = 3;

class GatePage {
 public:
  GatePage(const GateResult& result, const Messages& m) : result_(result), m_(m) {}

  Page run() {
    for (const GateSubject& subject : result_.subjects)
      if (subject.kind == GateSubject::Kind::pair) pair(subject);
    for (const GateSubject& subject : result_.subjects)
      if (subject.kind == GateSubject::Kind::plan) plan(subject);
    resources();
    exceptions();
    const GateCounts& n = result_.counts;
    if (result_.known_before > 0)
      page_.emplace_back(Paragraph{{{m_("gate.out.known-before", result_.known_before)}}, 0});
    page_.emplace_back(
        Paragraph{{{m_("gate.summary", n.all(), n.passed, n.failed, n.open, n.excepted, n.warned), Tone::strong}}, 0});
    return std::move(page_);
  }

 private:
  void pair(const GateSubject& subject) {
    const Assessment& a = *subject.assessment;
    page_.emplace_back(Heading{
        2, {{fmt::format("{}, {}", a.offering->title, m_("for-workload", m_.text(a.workload->root.find("title"))))}}});
    Table table;
    for (const std::string_view key : {"gate.check", "gate.wanted", "gate.found", "gate.result"})
      table.head.push_back(m_(key));
    Bullets why;
    for (const GateCheck& check : subject.checks) {
      table.rows.push_back({{{gate::title_of(check, m_)}},
                            {{gate::wanted_of(check, m_)}},
                            {{gate::found_of(check, m_)}},
                            {came(check)}});
      if (check.outcome != Outcome::passed && (!check.facts.empty() || check.remedy != nullptr))
        why.items.push_back({{reasons(check)}});
    }
    page_.emplace_back(std::move(table));
    if (why.items.empty()) return;
    page_.emplace_back(Paragraph{{{m_("gate.why")}}, 0});
    page_.emplace_back(std::move(why));
  }

  void plan(const GateSubject& subject) {
    page_.emplace_back(Heading{2, {{m_("gate.plan", subject.id)}}});
    std::size_t all = 0;
    std::size_t bad = 0;
    std::size_t passed = 0;
    for (const GateSubject& other : result_.subjects) {
      if (other.kind != GateSubject::Kind::resource) continue;
      ++all;
      bad += other.checks.empty() ? 0U : 1U;
      passed += other.passed;
    }
    page_.emplace_back(Paragraph{{{m_("gate.plan.count", all, bad, passed)}}, 0});
    for (const GateCheck& check : subject.checks) {
      if (check.outcome == Outcome::passed) continue;
      page_.emplace_back(
          Paragraph{{{gate::title_of(check, m_)}, {": "}, came(check), {". "}, {gate::why_of(check, m_)}}, 0});
    }
  }

  void resources() {
    Table table;
    for (const std::string_view key : {"gate.subject", "gate.check", "gate.wanted", "gate.found", "gate.result"})
      table.head.push_back(m_(key));
    std::size_t all = 0;
    for (const Finding& finding : findings(result_)) {
      if (finding.subject->kind != GateSubject::Kind::resource || ++all > most_rows) continue;
      const GateCheck& check = *finding.check;
      std::string found = gate::found_of(check, m_);
      if (!check.why_unknown.empty()) found += fmt::format(" ({})", gate::why_of(check, m_));
      if (!check.chain.empty()) found += fmt::format(" [{}]", gate::joined_steps(check.chain));
      if (!check.facts.empty()) found += fmt::format(" [{}]", facts(check));
      table.rows.push_back({{{finding.subject->id}},
                            {{gate::title_of(check, m_)}},
                            {{gate::wanted_of(check, m_)}},
                            {{std::move(found)}},
                            {came(check)}});
    }
    if (all == 0) return;
    page_.emplace_back(std::move(table));
    if (all > most_rows) page_.emplace_back(Paragraph{{{m_("gate.out.and-more", all - most_rows)}}, 0});
  }

  void exceptions() {
    if (result_.exceptions.empty()) return;
    page_.emplace_back(Heading{2, {{m_("gate.exceptions")}}});
    Table table;
    for (const std::string_view key :
         {"gate.exception", "gate.reason", "gate.owner", "gate.approver", "gate.expires", "gate.state"})
      table.head.push_back(m_(key));
    for (const PolicyException& one : result_.exceptions) {
      Words state{m_("gate.state.in-force")};
      if (one.state == PolicyException::State::not_yet) state = {m_("gate.state.not-yet"), Tone::faint};
      if (one.expiring) state = {m_("gate.state.expiring"), Tone::warn};
      if (one.used == 0 && one.state != PolicyException::State::not_yet) state = {m_("gate.state.unused"), Tone::warn};
      if (one.state == PolicyException::State::expired) state = {m_("gate.state.expired"), Tone::bad};
      const std::string approved = one.ticket.empty() ? one.approver : fmt::format("{} ({})", one.approver, one.ticket);
      table.rows.push_back({{{fmt::format("{}: {}", one.rule, one.subject)}},
                            {{one.reason}},
                            {{one.owner}},
                            {{approved}},
                            {{m_.date(one.expires)}},
                            {state}});
    }
    page_.emplace_back(std::move(table));
  }

  [[nodiscard]] Words came(const GateCheck& check) const {
    switch (check.outcome) {
      case Outcome::passed: return {m_("gate.pass"), Tone::good};
      case Outcome::excepted: return {m_("gate.excepted", m_.date(check.exception->expires)), Tone::warn};
      case Outcome::warned: return {m_("gate.warn"), Tone::warn};
      case Outcome::open: return {m_("gate.undecided"), Tone::warn};
      case Outcome::failed: break;
    }
    if (check.exception != nullptr) return {m_("gate.expired", m_.date(check.exception->expires)), Tone::bad};
    return {m_("gate.fail"), Tone::bad};
  }

  [[nodiscard]] static std::string facts(const GateCheck& check) {
    std::string text;
    for (std::size_t i = 0; i < check.facts.size() && i < most_facts; ++i)
      text += fmt::format("{}{}: {}", i == 0 ? "" : "; ", check.facts[i].path, check.facts[i].value);
    return text;
  }

  [[nodiscard]] std::string reasons(const GateCheck& check) const {
    std::string text = fmt::format("{}: {}", gate::title_of(check, m_), facts(check));
    if (check.remedy != nullptr) text += fmt::format(". {}", m_.text(check.remedy));
    return text;
  }

  const GateResult& result_;
  const Messages& m_;
  Page page_;
};

}  // namespace

Page gate_page(const GateResult& result, const Messages& messages) { return GatePage(result, messages).run(); }

}  // namespace sovrisk
