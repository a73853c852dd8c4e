// A policy held against assessments: what a pipeline asks.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.h"

namespace sovrisk {

/// One thing that a policy wants of one pair of offering and workload.
struct GateCheck {
  enum class Kind : std::uint8_t { verdict, level, gate, law };
  Kind kind = Kind::verdict;
  std::string subject;  ///< rule set or law; empty for the verdict
  std::string wanted;   ///< a verdict, a level name, "met", or "none"
  std::string found;
  Truth result = Truth::unknown;  ///< yes: passed
  Span span;                      ///< where the policy asks for it
};

/// Holds one entry of a policy's `pairs:` against an assessment. `least_verdict` of the policy applies where the
/// entry names none. An undetermined verdict or a range across the bound is unknown, never a pass.
[[nodiscard]] std::vector<GateCheck> check_pair(const Node& pair, const Node& policy, const Assessment& assessment);

/// "acceptable" above "conditional" above "unacceptable".
[[nodiscard]] int verdict_rank(std::string_view verdict);

/// Holds a verdict with its possible values against a least one.
[[nodiscard]] Truth at_least(const VerdictResult& verdict, std::string_view least);

/// The laws (in force, not background) that surely, or perhaps, reach content.
[[nodiscard]] std::vector<std::string> laws_reaching_content(const Assessment& assessment, bool surely);

/// Name of a level of a rule set ("SEAL-2"), or its number.
[[nodiscard]] std::string level_name(const RuleSet& ruleset, double level, std::string_view language = "en");

}  // namespace sovrisk
