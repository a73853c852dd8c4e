// How good a profile is: how much of what is asked of an offering it answers, and on what.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "assess/assessment.h"
#include "facts/claims.h"

namespace sovrisk {

/// What one rule set asks of an offering, and which of it is known.
struct Completeness {
  std::string ruleset;
  std::vector<std::string> known;  ///< fact paths, as the rule set writes them
  std::vector<std::string> lacking;
};

struct Quality {
  std::vector<Completeness> rulesets;  ///< in the order of the method
  std::size_t asked = 0;               ///< different facts that any of them asks
  std::size_t known = 0;               ///< those of them that are known, all parts of lists included
  std::size_t facts = 0;               ///< that the profile states
  std::size_t unsourced = 0;
  std::map<std::string, std::size_t> by_confidence;
  std::optional<Claim> oldest;
  std::size_t conflicts = 0;  ///< that the profile records

  /// Part of what is asked that is known, 0 to 1; 1 where nothing is asked.
  [[nodiscard]] double completeness() const;
  /// Part of the facts stated that rest on a primary source, 0 to 1.
  [[nodiscard]] double primary() const;
};

/// The quality of an assessed offering's profile on the day of the assessment. What depends on the workload, and what
/// laws and measures yield, is not asked of a profile and does not count.
[[nodiscard]] Quality quality_of(const Assessment& assessment, const Engine& engine);

}  // namespace sovrisk
