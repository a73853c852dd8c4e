// Assessments and rule sets in the Open Security Controls Assessment Language of NIST, as JSON: assessment results and
// catalogues, version 1.2.1. docs/formats.md tells what becomes what.
#pragma once

#include <string>

#include "report/report.h"

namespace sovrisk {

/// OSCAL writes dates of the years 1900 to 2999 only.
[[nodiscard]] bool oscal_can_write(Date date);

/// The assessment as OSCAL assessment results: a finding for each criterion that is decided, an observation for each
/// criterion that applies or may, observations and risks for laws that reach or to which facts point, and the risks of
/// the method. UUIDs depend on what they name, not on the language. The assessment's date must be one that OSCAL can
/// write.
[[nodiscard]] std::string oscal_assessment_results(const Assessment& assessment, const Messages& messages,
                                                   const Tool& tool);

/// A rule set as an OSCAL catalogue: a group for each objective, a control for each criterion, under the ids that
/// assessment results use. `sha256` is that of the rule set's file, `modified` a date that OSCAL can write.
[[nodiscard]] std::string oscal_catalog(const Document& ruleset, std::string_view sha256, Date modified,
                                        const Messages& messages, const Tool& tool);

/// The latest day on which a source that the rule set refers to was read, if any.
[[nodiscard]] std::optional<Date> last_seen(const Document& ruleset);

}  // namespace sovrisk
