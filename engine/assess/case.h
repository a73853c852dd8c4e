// Worked examples and decided cases: a small offering with its entities, and what is expected of laws and verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/assessment.h"
#include "conditions/cases.h"

namespace sovrisk {

/// What the method says where an authority, a court or a buyer has decided.
struct DecisionOutcome {
  std::string id;                     ///< of the case
  const Node* decided = nullptr;      ///< the block `decided` of the case
  std::string verdict;                ///< the verdict as a whole
  std::string answer;                 ///< the verdict on what was asked: a question told beside the whole, or the whole
  std::vector<std::string> possible;  ///< what the answer may still be, while it is undetermined
  std::size_t reach_expected = 0;     ///< laws whose reach the case expects
  std::size_t reach_met = 0;          ///< of these, as expected

  /// Whether whatever the answer may be fits what was decided; empty where the decision says nothing on acceptability.
  [[nodiscard]] std::optional<bool> agrees() const;
};

/// Runs a case document and its variants: the entities, the offering and the workload that it gives are completed
/// (format, id, name), checked like files of their own, put in the catalogue, and assessed. Errors in them are
/// reported at their place in the case; then nothing is run. The engine must be one of this catalogue.
/// A case that was decided in reality is added to `decisions`, where given.
[[nodiscard]] std::vector<CaseResult> run_case(const Document& document, Catalogue& catalogue, const Engine& engine,
                                               Diagnostics& diagnostics,
                                               std::vector<DecisionOutcome>* decisions = nullptr);

}  // namespace sovrisk
