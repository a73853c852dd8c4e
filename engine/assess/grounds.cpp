#include "assess/grounds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>

#include "load/reader.h"

namespace sovrisk {

void Ground::say(const std::string& name, const std::string& value) {
  // With its length, so that no text can pass for two.
  said_.push_back(fmt::format("{}={}:{}", name, value.size(), value));
}

void Ground::fact(const std::string& path, const Value& value) {
  switch (value.kind) {
    case Value::Kind::unknown: return;
    case Value::Kind::boolean: return say(path, value.boolean ? "true" : "false");
    case Value::Kind::number: return say(path, fmt::format("{}..{}", value.low, value.high));
    case Value::Kind::text: return say(path, fmt::format("{}", fmt::join(value.words, "|")));
    case Value::Kind::date: return say(path, value.date.text());
    case Value::Kind::list:
      say(path, value.open ? "open" : "closed");
      for (std::size_t i = 0; i < value.items.size(); ++i)
        fact(fmt::format("{}[{}]", path, i), value.items[i]);
      return;
    case Value::Kind::map:
      for (const auto& [key, member] : value.members)
        fact(fmt::format("{}.{}", path, key), member);
  }
}

void Ground::fact(const std::string& group, const std::string& key) {
  fact(fmt::format("{}.{}", group, key), a_.facts->get(group).get(key));
}

void Ground::text(const std::string& name, const Node* node) {
  if (node == nullptr) return;
  say(name, node->text);
  for (const Member& member : node->members)  // in every language that it is in
    say(fmt::format("{}.{}", name, member.key), member.value.text);
}

void Ground::workload_text(std::string_view key) {
  if (a_.workload != nullptr) text(std::string(key), a_.workload->root.find(key));
}

void Ground::verdict() {
  say("verdict", a_.verdict.value);
  for (const std::string& value : a_.verdict.possible)
    say("possible", value);
  for (const Reason* reason : a_.verdict.reasons)
    say("reason", reason->id);
  for (const QuestionResult& one : a_.questions)
    say(fmt::format("question {}", one.question->id), fmt::format("{}", fmt::join(one.verdict.possible, "|")));
}

void Ground::add_condition(const std::string& id) {
  const auto& asked = a_.verdict.conditions;
  const auto found =
      std::find_if(asked.begin(), asked.end(), [&](const ConditionRule* rule) { return rule->id == id; });
  if (found == asked.end()) return say(fmt::format("condition {}", id), "not asked");
  const Node* due = (*found)->node->find("due");
  std::string rule = "asked";
  if (due != nullptr)
    for (const Member& member : due->members)
      rule += fmt::format(" {} {}", member.key, member.value.text);
  say(fmt::format("condition {}", id), rule);
}

void Ground::conditions() {
  for (const ConditionRule* rule : a_.verdict.conditions)
    add_condition(rule->id);
}

void Ground::duties() {
  for (const DutyResult& one : a_.duties) {
    const std::string name = fmt::format("duty {}", one.duty->question.id);
    say(name, fmt::format("{} {}", one.answer.value, fmt::join(one.answer.possible, "|")));
    for (std::size_t i = 0; i < one.signs.size(); ++i)
      if (one.signs[i] != Truth::no)
        say(fmt::format("{} {}", name, one.duty->signs[i].id), one.signs[i] == Truth::yes ? "yes" : "unknown");
  }
}

void Ground::entities() {
  fact("workload", "controller");
  for (const Value& entity : a_.facts->get("entities").items)
    for (const std::string_view relation : {"operator", "contracting-party", "controls-operator", "sub-processor"})
      if (entity.get("relation").holds_word(relation))
        say(fmt::format("{} {}", relation, entity.get("id").word()), text_of(entity.get("incorporated_in")));
}

void Ground::exposures() {
  for (const Exposure& exposure : a_.exposures) {
    if (!counts(exposure) || exposure.most == Certainty::not_reached) continue;
    say(fmt::format("law {} {}", exposure.law->id, exposure.scope),
        fmt::format("{} {} {} {} {} {} {}", exposure.status, name_of(exposure.least), name_of(exposure.most),
                    exposure.background, exposure.limited, fmt::join(exposure.after_measures, "|"),
                    fmt::join(exposure.path, "<")));
  }
}

void Ground::frameworks() {
  const auto range = [](const std::optional<Range>& one) {
    return one ? fmt::format("{:.1f}..{:.1f}", one->low, one->high) : std::string();
  };
  for (const FrameworkResult& one : a_.frameworks)
    say(fmt::format("framework {} {}", one.ruleset->id, one.ruleset->document->root.text_of("version")),
        fmt::format("{} {} {} {}", static_cast<int>(one.applies), one.gate ? static_cast<int>(*one.gate) : -1,
                    range(one.level), range(one.score)));
}

void Ground::criteria(const std::string& ruleset) {
  for (const FrameworkResult& framework : a_.frameworks)
    if (ruleset.empty() || framework.ruleset->id == ruleset)
      for (const CriterionResult& one : framework.criteria)
        say(fmt::format("criterion {} {}", framework.ruleset->id, one.criterion->id), std::string(name_of(one.status)));
}

void Ground::measures() {
  for (const auto& [id, truth] : a_.derived.measures)
    if (truth != Truth::no) say(fmt::format("measure {}", id), truth == Truth::yes ? "yes" : "unknown");
  const Node* others = a_.workload != nullptr ? a_.workload->root.find("other_safeguards") : nullptr;
  if (others != nullptr)
    for (const Node& other : others->items)
      say("safeguard", std::string(other.text_of("id")));
}

void Ground::add_risk(const RiskResult& risk) {
  const auto range = [](const Rating& one) { return fmt::format("{}..{}", one.level.low, one.level.high); };
  say(fmt::format("risk {}", risk.rule->id),
      fmt::format("{} {} {} {}", range(risk.severity), range(risk.likelihood), range(risk.inherent_severity),
                  range(risk.inherent_likelihood)));
}

void Ground::risks(const std::string& event) {
  for (const RiskResult& risk : a_.risks)
    if (event.empty() || risk.rule->node->text_of("feared_event") == event) add_risk(risk);
}

void Ground::add_processing() {
  say("offering", a_.offering->id);
  for (const char* key : {"data", "processing", "kinds", "recipients"})
    fact("workload", key);
}

void Ground::add_whole() {
  verdict();
  duties();
  risks({});
  conditions();
  exposures();
}

bool Ground::add(const std::string& shown) {
  const auto space = shown.find(' ');
  const std::string name = shown.substr(0, space);
  const std::string argument = space == std::string::npos ? std::string() : shown.substr(space + 1);
  const auto facts = [this](const std::string& group, std::initializer_list<const char*> keys) {
    return [this, group, list = std::vector<std::string>(keys.begin(), keys.end())] {
      for (const std::string& key : list)
        fact(group, key);
    };
  };
  const std::function<void()> of_event = [&] { risks(argument); };
  const std::function<void()> of_measures = [&] { measures(); };
  const std::function<void()> of_laws = [&] { exposures(); };
  const std::function<void()> of_verdict = [&] { verdict(); };
  const std::function<void()> of_frameworks = [&] { frameworks(); };
  const std::function<void()> of_conditions = [&] { conditions(); };
  const std::function<void()> whole = [&] { add_whole(); };
  const std::map<std::string_view, std::function<void()>> parts{
      {"verdict", of_verdict},
      {"why", of_verdict},
      {"questions", of_verdict},
      {"conditions", of_conditions},
      {"action-plan", of_conditions},
      {"duties", [&] { duties(); }},
      {"processing",
       [&] {
         workload_text("purpose");
         facts("workload", {"start", "duration"})();
         say("offering", a_.offering->id);
       }},
      {"purpose", [&] { workload_text("purpose"); }},
      {"legal-basis", [&] { workload_text("legal_basis"); }},
      {"retention",
       [&] {
         const Node* data = a_.workload != nullptr ? a_.workload->root.find("data") : nullptr;
         if (data != nullptr) text("retention", data->find("retention"));
       }},
      {"data", facts("workload", {"data"})},
      {"recipients", facts("workload", {"recipients"})},
      {"responsibilities", [&] { entities(); }},
      {"processors",
       [&] {
         entities();
         fact("offering", "contract");
       }},
      {"assets",
       [&] {
         for (const Value& site : a_.facts->get("sites").items)
           if (site.get("used").kind == Value::Kind::boolean && site.get("used").boolean) fact("site", site);
         facts("offering", {"keys", "operations"})();
       }},
      {"standards", of_frameworks},
      {"frameworks", of_frameworks},
      {"bars", of_frameworks},
      {"criteria", [&] { criteria(argument); }},
      {"transfers", facts("workload", {"transfers", "transfers_mapped"})},
      {"transfer-tools", facts("workload", {"transfers"})},
      {"laws", of_laws},
      {"law-conflicts", of_laws},
      {"graph", of_laws},
      {"proofs", of_laws},
      {"outlook",
       [&] {
         for (const Ahead& ahead : a_.outlook)
           say(fmt::format("ahead {} {}", name_of(ahead.kind), ahead.subject),
               fmt::format("{} {}", ahead.on ? ahead.on->text() : std::string(), ahead.status));
       }},
      {"measures", of_measures},
      {"measures-against", of_measures},
      {"impacts", of_event},
      {"threats", of_event},
      {"risk-sources", of_event},
      {"severity", of_event},
      {"likelihood", of_event},
      {"risks", of_event},
      {"risk-map", of_event},
      {"actions",
       [&] {
         for (const Action& action : a_.actions)
           say("action", action.id);
       }},
      {"alternatives", facts("workload", {"alternatives"})},
      {"exit-plan",
       [&] {
         fact("workload", "exit_plan");
         conditions();
       }},
      {"missing",
       [&] {
         for (const Missing& missing : a_.missing)
           say("missing", missing.fact);
       }},
      {"conflicts",
       [&] {
         for (const Conflict& conflict : a_.conflicts)
           say("conflict", conflict.what);
       }},
      {"dpo-opinion", whole},
      {"data-subjects", whole},
      {"consultation", whole},
      {"decision", whole}};
  const auto found = parts.find(name);
  if (found == parts.end()) return false;
  found->second();
  return true;
}

std::string Ground::digest() const {
  std::vector<std::string> lines = said_;
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  constexpr std::size_t digits = 16;
  return "g1-" + sha256_hex(fmt::format("{}", fmt::join(lines, "\n"))).substr(0, digits);
}

}  // namespace sovrisk
