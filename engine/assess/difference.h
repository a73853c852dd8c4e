// What changed between two assessments, or between two results of a gate, as they were written in JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/node.h"
#include "rules/ruleset.h"

namespace sovrisk {

/// How something changed, what matters most first. All that is compared lies on a scale, or on a part of one while
/// facts are missing. Both ends of that part decide:
/// - better, worse: it moved up, or down; or it shrank to its worst end, since what was hoped for did not come;
/// - known: it shrank otherwise; unknown: it grew.
/// What is no longer assessed is unknown, never better. `other` is on no scale: a date, a digest, another reason.
enum class Change : std::uint8_t { worse, unknown, known, better, other };
inline constexpr std::size_t change_kinds = 5;
/// "worse", "unknown", "known", "better", "other".
[[nodiscard]] std::string_view name_of(Change change);

/// What a change is one of.
enum class Part : std::uint8_t {
  verdict,
  question,
  duty,
  exposure,
  framework,
  objective,
  criterion,
  risk,
  condition,
  fact,   ///< a missing fact
  check,  ///< of a gate
  input,
  run  ///< what was asked, and by which program
};
[[nodiscard]] std::string_view name_of(Part part);

/// One side of a change. Neither words nor a range: it was not there.
struct Standing {
  std::vector<std::string> words;  ///< as the file has them; several: one of them, not decided which
  std::optional<Range> range;      ///< a number, or a part of its scale
  std::string found;               ///< of a check: what was found
  [[nodiscard]] bool absent() const { return words.empty() && !range; }
};

struct Difference {
  Change change = Change::other;
  Part part = Part::run;
  std::string subject;   ///< "access", "us-cloud-act", "eu-csf SOV-1.6", a fact, a path, "azure for emc2"
  std::string scope;     ///< of an exposure
  bool limited = false;  ///< of an exposure: within a limit
  std::string rule;      ///< of a check
  std::string aspect;  ///< "value", "certainty", "after_measures", "level", "score", "status", "sha256", "outcome", ...
  std::string title;   ///< in the language of the file, where it has one
  Standing before;
  Standing after;
};

/// What one of the two files says of itself.
struct Compared {
  std::string format;
  std::string tool_version;
  std::string as_of;
  std::string language;
  std::string offering;  ///< id; empty for a gate
  std::string workload;  ///< id; empty without one
};

struct Differences {
  Compared before;
  Compared after;
  std::vector<Difference> all;  ///< what matters most first, then in the order of the newer file

  [[nodiscard]] std::size_t count(Change change) const;
};

/// Compares two documents of one of the formats sovrisk-assessment/1 and sovrisk-gate/1. Keys that are missing count as
/// empty, keys that are not known as not there, so that other versions of this program can be compared. Of an
/// assessment it compares the verdict, questions, duties, exposures by law and scope, frameworks with their objectives
/// and criteria, risks, conditions, missing facts, inputs and what was asked; of a gate the checks of each subject. A
/// result of the gate that lists `pairs` in place of `subjects` is read alike. Reports not-comparable (another format,
/// not the same, or a result held against a baseline) and not-a-result (a value of another kind), and gives nothing
/// then.
[[nodiscard]] std::optional<Differences> compare_results(const Node& before, const Node& after,
                                                         Diagnostics& diagnostics);

}  // namespace sovrisk
