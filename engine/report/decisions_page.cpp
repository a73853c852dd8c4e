#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "report/report.h"

namespace sovrisk {

namespace {

constexpr std::array<std::string_view, 4> verdicts{"acceptable", "conditional", "unacceptable", "undetermined"};

struct Tally {
  std::size_t agree = 0;
  std::size_t of = 0;

  void count(const DecisionOutcome& decision) {
    if (!decision.agrees()) return;
    ++of;
    if (*decision.agrees()) ++agree;
  }
};

class Writer {
 public:
  Writer(const std::vector<DecisionOutcome>& decisions, const Messages& messages)
      : decisions_(decisions), m_(messages) {}

  Page run() {
    cases();
    confusion();
    agreement("decisions.by-decider", "kind", "decider.");
    agreement("decisions.by-question", "question", {});
    totals();
    return std::move(page_);
  }

 private:
  std::string verdict(std::string_view value) const { return m_(fmt::format("verdict.{}", value)); }

  Table table(std::initializer_list<std::string_view> head) const {
    Table table;
    for (const std::string_view key : head)
      table.head.push_back(m_(key));
    return table;
  }

  std::string part(const Tally& tally) const {
    const double percent = tally.of == 0 ? 0 : 100.0 * static_cast<double>(tally.agree) / static_cast<double>(tally.of);
    return m_("quality.part", m_.percent({percent, percent}), tally.agree, tally.of);
  }

  Line agrees(const DecisionOutcome& decision) const {
    if (!decision.agrees()) return {{m_("decisions.not-compared"), Tone::faint}};
    return *decision.agrees() ? Line{{m_("decisions.yes"), Tone::good}} : Line{{m_("decisions.no"), Tone::bad}};
  }

  void cases() {
    page_.emplace_back(Heading{2, {{m_("decisions")}}});
    Table all = table({"decisions.case", "decisions.question", "decisions.outcome", "decisions.fits",
                       "decisions.answer", "decisions.whole", "decisions.reach", "decisions.agrees"});
    for (const DecisionOutcome& decision : decisions_) {
      std::vector<std::string> fits;
      if (const Node* list = decision.decided->find("fits"))
        for (const Node& value : list->items)
          fits.push_back(verdict(value.text));
      all.rows.push_back({{{decision.id}},
                          {{std::string(decision.decided->text_of("question"))}},
                          {{m_(fmt::format("outcome.{}", decision.decided->text_of("outcome")))}},
                          {{fmt::format("{}", fmt::join(fits, ", "))}},
                          {{verdict(decision.answer)}},
                          {{decision.verdict == decision.answer ? std::string("=") : verdict(decision.verdict)}},
                          {{m_("quality.of", decision.reach_met, decision.reach_expected)}},
                          agrees(decision)});
    }
    page_.emplace_back(std::move(all));
  }

  /// Rows: what was decided; columns: what the method says.
  void confusion() {
    page_.emplace_back(Heading{2, {{m_("decisions.confusion")}}});
    Table counts = table({"decisions.outcome"});
    for (const std::string_view value : verdicts)
      counts.head.push_back(verdict(value));
    std::map<std::string, std::map<std::string, std::size_t>> found;
    for (const DecisionOutcome& decision : decisions_)
      ++found[std::string(decision.decided->text_of("outcome"))][decision.answer];
    for (const auto& [outcome, by_verdict] : found) {
      std::vector<Line> row{{{m_(fmt::format("outcome.{}", outcome))}}};
      for (const std::string_view value : verdicts) {
        const auto count = by_verdict.find(std::string(value));
        row.push_back({{count == by_verdict.end() ? std::string("-") : fmt::format("{}", count->second)}});
      }
      counts.rows.push_back(std::move(row));
    }
    page_.emplace_back(std::move(counts));
  }

  void agreement(std::string_view heading, std::string_view key, std::string_view words) {
    page_.emplace_back(Heading{2, {{m_(heading)}}});
    std::map<std::string, Tally> by;
    for (const DecisionOutcome& decision : decisions_)
      by[std::string(decision.decided->text_of(key))].count(decision);
    Bullets bullets;
    for (const auto& [name, tally] : by)
      if (tally.of > 0)
        bullets.items.push_back(
            {{fmt::format("{}{} ", words.empty() ? name : m_(fmt::format("{}{}", words, name)), m_("colon")),
              Tone::strong},
             {part(tally)}});
    page_.emplace_back(std::move(bullets));
  }

  void totals() {
    Tally all;
    Tally reach;
    std::size_t passed_over = 0;
    for (const DecisionOutcome& decision : decisions_) {
      all.count(decision);
      reach.agree += decision.reach_met;
      reach.of += decision.reach_expected;
      const std::string_view outcome = decision.decided->text_of("outcome");
      const bool refused = outcome == "rejected" || outcome == "stopped" || outcome == "not-qualified";
      if (refused && decision.answer == "acceptable") ++passed_over;
    }
    page_.emplace_back(Heading{2, {{m_("decisions.total")}}});
    Bullets bullets;
    const auto line = [&](std::string_view key, std::string text) {
      bullets.items.push_back({{fmt::format("{}{} ", m_(key), m_("colon")), Tone::strong}, {std::move(text)}});
    };
    line("decisions.agreement", part(all));
    line("decisions.reaches", part(reach));
    line("decisions.passed-over", fmt::format("{}", passed_over));
    // What somebody would reach who gives the same answer to everything.
    for (const std::string_view value : {"acceptable", "conditional", "unacceptable"}) {
      Tally same;
      for (DecisionOutcome decision : decisions_) {
        decision.possible = {std::string(value)};
        same.count(decision);
      }
      line("decisions.always." + std::string(value), part(same));
    }
    page_.emplace_back(std::move(bullets));
  }

  const std::vector<DecisionOutcome>& decisions_;
  const Messages& m_;
  Page page_;
};

}  // namespace

Page decisions_page(const std::vector<DecisionOutcome>& decisions, const Messages& messages) {
  return Writer(decisions, messages).run();
}

}  // namespace sovrisk
