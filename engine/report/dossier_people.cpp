#include "report/dossier_people.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/words.h"

namespace sovrisk {

namespace {

const AnnexEntry* entry_at(const Annex* annex, const std::string& place) {
  return annex != nullptr ? annex->at(place) : nullptr;
}

std::string text_at(const AnnexEntry* entry, std::string_view key, const Messages& m) {
  const Node* node = entry != nullptr ? entry->node->find(key) : nullptr;
  return node != nullptr ? m.text(node) : std::string();
}

/// The words for a value of a closed vocabulary.
std::string word_at(const AnnexEntry* entry, std::string_view key, std::string_view prefix, const Messages& m) {
  const std::string_view value = entry != nullptr ? entry->node->text_of(key) : std::string_view();
  return value.empty() ? std::string() : m(fmt::format("{}{}", prefix, value));
}

std::string date_at(const AnnexEntry* entry, std::string_view key, const Messages& m) {
  const std::string_view day = entry != nullptr ? entry->node->text_of(key) : std::string_view();
  return day.empty() ? std::string() : m.date(day);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (text.find_first_not_of(" \t\r", from) < end) lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

/// What somebody has to indicate, one place a row.
class Places {
 public:
  Places(const AnnexEntry* entry, const Messages& m) : entry_(entry), m_(m) {
    table_.head = {m_("dossier.place"), m_("dossier.entry")};
  }
  void row(std::string_view key, const std::string& value) {
    if (value.empty()) {
      table_.rows.push_back({{{m_(key)}}, {{m_("dossier.todo"), Tone::warn}}});
    } else {
      table_.rows.push_back({{{m_(key)}}, {{value}}});
    }
  }
  /// A day that is recorded stands; the signature itself is never filled in.
  void signature() {
    const std::string day = date_at(entry_, "on", m_);
    row("place.signed", day.empty() ? day : m_("dossier.to-sign", day));
  }
  Page page() {
    if (entry_ != nullptr) table_.rows.push_back({{{m_("entry.about")}}, entry_line(*entry_, m_)});
    return {std::move(table_)};
  }

 private:
  const AnnexEntry* entry_;
  const Messages& m_;
  Table table_;
};

/// Who meets a condition, and what has been done.
struct Planned {
  Line owner;
  Line due;
  Line done;
};

Planned planned(const Assessment& a, const std::string& id, const ConditionRule* rule, const Annex* annex,
                const Messages& m) {
  const AnnexEntry* entry = entry_at(annex, fmt::format("action_plan.{}", id));
  const auto or_todo = [&](const std::string& text) {
    return text.empty() ? Words{m("dossier.todo"), Tone::warn} : Words{text};
  };
  Planned plan;
  const std::string owner = text_at(entry, "owner", m);
  const std::string_view actor = rule != nullptr ? rule->node->text_of("actor") : std::string_view();
  plan.owner.push_back(or_todo(owner.empty() && !actor.empty() ? m(fmt::format("actor.{}", actor)) : owner));
  const std::string own = date_at(entry, "due", m);
  const auto asked = rule != nullptr ? due_date(*rule, a) : std::nullopt;
  plan.due.push_back(or_todo(own.empty() && asked ? m.date(*asked) : own));
  if (!own.empty() && asked && own != m.date(*asked))
    plan.due.push_back({fmt::format(" ({})", m("plan.asked-by", m.date(*asked))), Tone::faint});
  std::string state = word_at(entry, "state", "plan-state.", m);
  const std::string done = date_at(entry, "done_on", m);
  if (!done.empty()) state += fmt::format("{}{}", state.empty() ? "" : ", ", done);
  plan.done.push_back(or_todo(state));
  if (entry == nullptr) return plan;
  if (const std::string text = text_at(entry, "text", m); !text.empty())
    plan.done.push_back({fmt::format(". {}", text)});
  plan.done.push_back({plan.done.size() > 1 ? " " : ". "});
  for (Words& words : entry_line(*entry, m))
    plan.done.push_back(std::move(words));
  return plan;
}

const ConditionRule* condition_rule(const Assessment& a, std::string_view id) {
  for (const ConditionRule& rule : a.method->conditions)
    if (rule.id == id) return &rule;
  return nullptr;
}

}  // namespace

std::string entry_mark(const AnnexEntry& entry, const Messages& m) {
  if (entry.bond == Bond::holds) return {};
  if (entry.bond == Bond::unbound) return m("entry.unbound");
  const std::string day = date_at(&entry, "on", m);
  return day.empty() ? m("entry.moved-undated") : m("entry.moved", day);
}

Line entry_line(const AnnexEntry& entry, const Messages& m) {
  const std::string by = text_at(&entry, "by", m);
  const std::string day = date_at(&entry, "on", m);
  std::string who;
  if (!by.empty() && !day.empty()) who = m("entry.by-on", by, day);
  if (!by.empty() && day.empty()) who = m("entry.by", by);
  if (by.empty() && !day.empty()) who = m("entry.on", day);
  if (by.empty() && day.empty()) who = m("entry.nobody");
  Line line{{std::move(who), Tone::faint}};
  if (const std::string mark = entry_mark(entry, m); !mark.empty()) {
    line.push_back({" "});
    line.push_back({mark, Tone::warn});
  } else {
    line.push_back({fmt::format(" {}", m("entry.holds")), Tone::faint});
  }
  return line;
}

Page answer_blocks(const AnnexEntry& entry, std::string_view kind, const Messages& m) {
  Page page;
  const std::vector<std::string> lines = lines_of(text_at(&entry, "text", m));
  if (kind == "list") {
    const std::string mark = entry_mark(entry, m);
    Bullets bullets;
    for (const std::string& line : lines) {
      bullets.items.push_back({{line}});
      if (!mark.empty()) bullets.items.back().push_back({fmt::format(" ({})", mark), Tone::warn});
    }
    page.emplace_back(std::move(bullets));
  } else {
    for (const std::string& line : lines)
      page.emplace_back(Paragraph{{{line}}, 0});
  }
  page.emplace_back(Paragraph{entry_line(entry, m), 0});
  return page;
}

Page evaluation_blocks(const AnnexEntry& entry, const Messages& m) {
  const std::string_view state = entry.node->text_of("state");
  Line line{{m("evaluation") + m("colon") + " ", Tone::strong},
            {m(fmt::format("evaluation.{}", state)), state == "acceptable" ? Tone::good : Tone::warn}};
  if (const std::string comment = text_at(&entry, "comment", m); !comment.empty())
    line.push_back({fmt::format(". {}", comment)});
  Page page{Paragraph{std::move(line), 0}};
  if (const std::string action = text_at(&entry, "action", m); !action.empty()) {
    Line todo{{m("evaluation.action") + m("colon") + " ", Tone::strong}, {action}};
    std::vector<std::string> tail;
    if (const std::string owner = text_at(&entry, "owner", m); !owner.empty()) tail.push_back(owner);
    if (const std::string due = date_at(&entry, "due", m); !due.empty()) tail.push_back(m("conditions.by", due));
    if (!tail.empty()) todo.push_back({fmt::format(" ({})", fmt::join(tail, ", ")), Tone::faint});
    page.emplace_back(Paragraph{std::move(todo), 0});
  }
  page.emplace_back(Paragraph{entry_line(entry, m), 0});
  return page;
}

Page dpo_opinion_blocks(const Annex* annex, const Messages& m) {
  const AnnexEntry* entry = entry_at(annex, "dpo");
  Places places(entry, m);
  places.row("place.dpo", text_at(entry, "name", m));
  places.row("place.opinion", word_at(entry, "opinion", "opinion.", m));
  places.row("place.reasons", text_at(entry, "text", m));
  places.signature();
  return places.page();
}

Page data_subjects_blocks(const Annex* annex, const Messages& m) {
  const AnnexEntry* entry = entry_at(annex, "data_subjects");
  const Node* sought = entry != nullptr ? entry->node->find("sought") : nullptr;
  Places places(entry, m);
  std::string answer;
  if (sought != nullptr) answer = m(sought->boolean ? "yes" : "no");
  if (const std::string who = text_at(entry, "who", m); !who.empty()) answer += ", " + who;
  places.row("place.sought", answer);
  if (sought == nullptr || !sought->boolean) places.row("place.why-not", text_at(entry, "why_not", m));
  if (sought == nullptr || sought->boolean) {
    std::string views = word_at(entry, "opinion", "opinion.", m);
    if (const std::string text = text_at(entry, "text", m); !text.empty())
      views += views.empty() ? text : fmt::format("{} {}", m("colon"), text);
    places.row("place.views", views);
  }
  places.signature();
  return places.page();
}

Page consultation_blocks(const Assessment& a, const Annex* annex, const Messages& m) {
  const AnnexEntry* entry = entry_at(annex, "consultation");
  const bool perhaps_due = std::any_of(a.duties.begin(), a.duties.end(), [](const DutyResult& one) {
    return one.duty->question.node->text_of("settled_by") == "consultation" && one.answer.value != "not-required" &&
           one.answer.value != "not-asked";
  });
  if (entry == nullptr && !perhaps_due) return {};
  Places places(entry, m);
  std::string state = word_at(entry, "state", "consultation.", m);
  if (const std::string authority = text_at(entry, "authority", m); !authority.empty()) state += ", " + authority;
  places.row("place.consultation", state);
  places.row("place.outcome", text_at(entry, "text", m));
  places.signature();
  return places.page();
}

Page decision_blocks(const Assessment& a, const Annex* annex, const Messages& m) {
  const AnnexEntry* entry = entry_at(annex, "decision");
  Places places(entry, m);
  std::string who = text_at(entry, "name", m);
  if (const std::string role = text_at(entry, "role", m); !role.empty()) who += who.empty() ? role : ", " + role;
  places.row("place.decided-by", who);
  places.row("place.decision", word_at(entry, "decision", "decision.", m));
  places.row("place.reasons", text_at(entry, "text", m));
  Table accepted;
  for (const std::string_view key : {"accepted.risk", "accepted.reason", "entry.about"})
    accepted.head.push_back(m(key));
  for (const RiskResult& risk : a.risks)
    if (const AnnexEntry* one = entry_at(annex, fmt::format("accepted_risks.{}", risk.rule->id)))
      accepted.rows.push_back({{{m.text(risk.rule->node->find("title")), Tone::plain, {}, "risk " + risk.rule->id}},
                               {{text_at(one, "reason", m)}},
                               entry_line(*one, m)});
  places.row("place.accepted", accepted.rows.empty() ? std::string() : m("accepted.count", accepted.rows.size()));
  places.signature();
  Page page = places.page();
  if (!accepted.rows.empty()) page.emplace_back(std::move(accepted));
  return page;
}

Page signatories_blocks(const Annex* annex, const Messages& m) {
  const Node* list = annex != nullptr ? annex->document->root.find("signatories") : nullptr;
  if (list == nullptr || list->items.empty()) return {};
  Table table;
  for (const std::string_view key : {"signatory.name", "signatory.role", "place.signed"})
    table.head.push_back(m(key));
  for (const Node& one : list->items) {
    std::string role = m(fmt::format("signatory.{}", one.text_of("role")));
    if (const Node* title = one.find("title")) role += fmt::format(", {}", m.text(title));
    table.rows.push_back({{{std::string(one.text_of("name"))}}, {{role}}, {{m("dossier.todo"), Tone::warn}}});
  }
  return {std::move(table)};
}

Page action_plan_blocks(const Assessment& a, const Annex* annex, const Messages& m) {
  Table table;
  for (const std::string_view key : {"plan.what", "plan.due", "plan.who", "plan.done"})
    table.head.push_back(m(key));
  const auto& asked = a.verdict.conditions;
  const auto row = [&](const ConditionRule& rule, const ConditionRule* in_verdict) {
    Planned plan = planned(a, rule.id, in_verdict, annex, m);
    Line what{{m.text(rule.node->find("text")), Tone::plain, "condition " + rule.id},
              {fmt::format(" [{}]", rule.id), Tone::faint}};
    if (in_verdict == nullptr) what.push_back({fmt::format(" {}", m("plan.no-longer")), Tone::warn});
    table.rows.push_back({std::move(what), std::move(plan.due), std::move(plan.owner), std::move(plan.done)});
  };
  for (const ConditionRule* rule : asked)
    row(*rule, rule);
  if (const Node* list = annex != nullptr ? annex->document->root.find("action_plan") : nullptr)
    for (const Node& entry : list->items) {
      const ConditionRule* rule = condition_rule(a, entry.text_of("condition"));
      if (rule != nullptr && std::find(asked.begin(), asked.end(), rule) == asked.end()) row(*rule, nullptr);
    }
  if (table.rows.empty()) return {Paragraph{{{m("dossier.no-action")}}, 0}};
  return {std::move(table)};
}

Page milestone_blocks(const Assessment& a, const Annex* annex, const Messages& m) {
  // Dated conditions of the verdict are the milestones that rules give; a person adds those of the project.
  std::vector<std::pair<Date, const ConditionRule*>> milestones;
  for (const ConditionRule* rule : a.verdict.conditions)
    if (const auto due = due_date(*rule, a)) milestones.emplace_back(*due, rule);
  if (milestones.empty()) return {};
  std::stable_sort(milestones.begin(), milestones.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  Table table;
  for (const std::string_view key : {"exit.milestone", "plan.due", "plan.who", "plan.done"})
    table.head.push_back(m(key));
  for (const auto& [due, rule] : milestones) {
    Planned plan = planned(a, rule->id, rule, annex, m);
    if (entry_at(annex, fmt::format("action_plan.{}", rule->id)) == nullptr)
      plan.owner = {{m("dossier.todo"), Tone::warn}};
    table.rows.push_back({{{m.text(rule->node->find("text")), Tone::plain, {}, "condition " + rule->id}},
                          std::move(plan.due),
                          std::move(plan.owner),
                          std::move(plan.done)});
  }
  return {std::move(table)};
}

}  // namespace sovrisk
