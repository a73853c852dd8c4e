// A statement of evidence: which reports were made, from what, and what they say. An in-toto statement, version 1
// (in-toto attestation framework, spec/v1/statement.md and resource_descriptor.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/report.h"

namespace sovrisk {

/// The type of the predicate. It is a name, not an address: of the published predicates, verification summaries tell
/// only what passes, and a test result has no word for what is not established.
inline constexpr std::string_view statement_predicate = "urn:sovrisk:assessment:v1";

/// A report as it was written to a file.
struct ReportFile {
  std::string path;
  std::string format;
  std::string sha256;  ///< of the bytes written
};

/// What the run was asked to hold the verdict against.
struct VerdictCheck {
  std::string fail_on;
  Truth good = Truth::unknown;  ///< yes: passed
};

/// The statement as JSON: reports as subjects; as predicate the tool, the day, what was assessed, the verdict, the
/// files of the user, and the shipped catalogue by the digest of its bytes in the program. It is not signed.
[[nodiscard]] std::string statement_json(const Assessment& assessment, const std::vector<ReportFile>& reports,
                                         const std::optional<VerdictCheck>& check, const std::string& catalogue_sha256,
                                         const Messages& messages, const Tool& tool);

}  // namespace sovrisk
