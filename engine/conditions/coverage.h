// How well the cases of a rule file exercise its conditions: each part of a condition should have come out true,
// false and unknown at least once.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "conditions/condition.h"

namespace sovrisk {

/// A part of a condition that the cases never saw come out one way.
struct CoverageGap {
  Span span;
  std::string condition;     ///< in one line
  std::vector<Truth> never;  ///< the ways it never came out
};

/// Gathers how the parts of conditions came out. Parts are told apart by where they stand in the file, so that a named
/// condition counts once however often it is used.
class Coverage {
 public:
  /// Counts every part of a condition as one that cases should exercise.
  void watch(const Condition& condition);
  /// Notes how the watched condition and its parts come out on the facts of a case.
  void observe(const Condition& condition, const Facts& facts);

  [[nodiscard]] std::size_t parts() const { return parts_.size(); }
  /// The parts that lack a way, in the order of the file. Constants, and what only asks for the assessment date,
  /// whether a fact is known or whether something is shown, are never unknown and need not be; `any: [x, not x]`, which
  /// asks whether a fact is known and stays unknown where it is not, is never false.
  [[nodiscard]] std::vector<CoverageGap> gaps() const;

 private:
  using Key = std::tuple<FileId, std::uint32_t, std::uint32_t, int, int, std::string>;
  struct Part {
    Span span;
    std::string text;
    bool fixed = false;  ///< a constant: it comes out one way
    bool may_be_unknown = true;
    bool may_be_false = true;
    bool seen[3] = {false, false, false};  ///< by Truth
  };
  static Key key_of(const Condition& condition);
  std::map<Key, Part> parts_;
};

}  // namespace sovrisk
