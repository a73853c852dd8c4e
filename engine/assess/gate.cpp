#include "assess/gate.h"

#include <fmt/format.h>

#include <algorithm>

namespace sovrisk {

namespace {

Truth against(const Range& found, double least) {
  if (found.low >= least) return Truth::yes;
  return found.high < least ? Truth::no : Truth::unknown;
}

GateCheck law_check(const Node& law, const Assessment& assessment) {
  GateCheck check;
  check.kind = GateCheck::Kind::law;
  check.subject = law.text;
  check.wanted = "none";
  check.span = law.span;
  const auto has = [&](bool surely) {
    const auto laws = laws_reaching_content(assessment, surely);
    // The policy may name a law by an alias.
    return std::any_of(assessment.exposures.begin(), assessment.exposures.end(), [&](const Exposure& exposure) {
      const auto aliases = aliases_of(exposure.law->document->root);
      const bool named =
          exposure.law->id == law.text || std::find(aliases.begin(), aliases.end(), law.text) != aliases.end();
      return named && std::find(laws.begin(), laws.end(), exposure.law->id) != laws.end();
    });
  };
  check.result = has(true) ? Truth::no : (has(false) ? Truth::unknown : Truth::yes);
  check.found = check.result == Truth::yes ? "none" : (check.result == Truth::no ? "content" : "unknown");
  return check;
}

}  // namespace

int verdict_rank(std::string_view verdict) {
  if (verdict == "acceptable") return 2;
  return verdict == "conditional" ? 1 : 0;
}

Truth at_least(const VerdictResult& verdict, std::string_view least) {
  std::size_t good = 0;
  for (const std::string& value : verdict.possible)
    if (verdict_rank(value) >= verdict_rank(least)) ++good;
  if (verdict.possible.empty()) return Truth::unknown;
  if (good == 0) return Truth::no;
  return good == verdict.possible.size() ? Truth::yes : Truth::unknown;
}

std::vector<std::string> laws_reaching_content(const Assessment& assessment, bool surely) {
  std::vector<std::string> laws;
  for (const Exposure& exposure : assessment.exposures) {
    const bool counts = !exposure.background && (exposure.status == "in-force" || exposure.status == "winding-down");
    const auto& after = exposure.after_measures;
    const bool content = std::find(after.begin(), after.end(), "content") != after.end();
    const bool certain = exposure.least == Certainty::certain && after.size() == 1;
    if (!counts || !content || exposure.most == Certainty::not_reached || (surely && !certain)) continue;
    if (std::find(laws.begin(), laws.end(), exposure.law->id) == laws.end()) laws.push_back(exposure.law->id);
  }
  return laws;
}

std::string level_name(const RuleSet& ruleset, double level, std::string_view language) {
  const Node* aggregate = ruleset.document->root.find("aggregate");
  const Node* names = aggregate != nullptr ? aggregate->find("level_names") : nullptr;
  const auto at = static_cast<std::size_t>(level);
  if (names != nullptr && at < names->items.size()) return localized(&names->items[at], language);
  return fmt::format("{:g}", level);
}

namespace {

/// The level of one objective.
std::optional<Range> level_of(const FrameworkResult* result, std::string_view id) {
  if (result != nullptr)
    for (const ObjectiveResult& objective : result->objectives)
      if (objective.id == id) return objective.level;
  return std::nullopt;
}

GateCheck level_check(std::string subject, const Node& wanted, const FrameworkResult* result,
                      const std::optional<Range>& level) {
  GateCheck check;
  check.kind = GateCheck::Kind::level;
  check.subject = std::move(subject);
  check.span = wanted.span;
  check.found = "unknown";
  check.wanted = wanted.text;
  if (result == nullptr || !level) return check;
  check.wanted = level_name(*result->ruleset, wanted.number);
  const std::string low = level_name(*result->ruleset, level->low);
  const std::string high = level_name(*result->ruleset, level->high);
  check.found = low == high ? low : fmt::format("{}..{}", low, high);
  check.result = against(*level, wanted.number);
  return check;
}

}  // namespace

std::vector<GateCheck> check_pair(const Node& pair, const Node& policy, const Assessment& assessment) {
  std::vector<GateCheck> checks;
  const Node* least = pair.find("least_verdict");
  if (least == nullptr) least = policy.find("least_verdict");
  if (least != nullptr) {
    GateCheck check;
    check.wanted = least->text;
    check.found = assessment.verdict.value;
    check.span = least->span;
    check.result = at_least(assessment.verdict, least->text);
    checks.push_back(std::move(check));
  }
  if (const Node* levels = pair.find("least_levels")) {
    for (const Member& wanted : levels->members) {
      const FrameworkResult* result = framework(assessment, wanted.key);
      if (wanted.value.kind != Node::Kind::map) {
        checks.push_back(
            level_check(wanted.key, wanted.value, result, result != nullptr ? result->level : std::nullopt));
        continue;
      }
      for (const Member& objective : wanted.value.members)
        checks.push_back(level_check(fmt::format("{} {}", wanted.key, objective.key), objective.value, result,
                                     level_of(result, objective.key)));
    }
  }
  if (const Node* gates = pair.find("gates")) {
    for (const Node& wanted : gates->items) {
      GateCheck check;
      check.kind = GateCheck::Kind::gate;
      check.subject = wanted.text;
      check.wanted = "met";
      check.span = wanted.span;
      const FrameworkResult* result = framework(assessment, wanted.text);
      if (result != nullptr && result->gate) check.result = *result->gate;
      check.found = check.result == Truth::yes ? "met" : (check.result == Truth::no ? "not-met" : "unknown");
      checks.push_back(std::move(check));
    }
  }
  if (const Node* laws = pair.find("denied_laws"))
    for (const Node& law : laws->items)
      checks.push_back(law_check(law, assessment));
  return checks;
}

}  // namespace sovrisk
