// Worked examples: a small offering with its entities, and the reach that is expected of laws.
#pragma once

#include <vector>

#include "assess/assessment.h"
#include "conditions/cases.h"

namespace sovrisk {

/// Runs a case document and its variants: the entities, the offering and the workload that it gives are completed
/// (format, id, name), checked like files of their own, put in the catalogue, and assessed. Errors in them are
/// reported at their place in the case; then nothing is run. The engine must be one of this catalogue.
[[nodiscard]] std::vector<CaseResult> run_case(const Document& document, Catalogue& catalogue, const Engine& engine,
                                               Diagnostics& diagnostics);

}  // namespace sovrisk
