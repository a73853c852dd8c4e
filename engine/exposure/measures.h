// Measures of the catalogue, and whether they are in place.
#pragma once

#include <string>
#include <vector>

#include "conditions/condition.h"
#include "exposure/derive.h"

namespace sovrisk {

/// A measure of the catalogue, compiled.
struct Measure {
  const Document* document = nullptr;
  std::string id;
  ConditionPtr active_when;  ///< null: only where the workload lists it among its safeguards
};

/// Compiles a measure; reports condition errors at the words meant.
[[nodiscard]] Measure compile_measure(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                                      Diagnostics& diagnostics);

/// Adds `measures` to the root: those whose condition holds on the facts, and those without a condition that the
/// workload lists among its safeguards. Undecided ones leave the list open.
void derive_measures(Value& root, const std::vector<Measure>& measures, const Facts& facts, Derived& derived);

}  // namespace sovrisk
