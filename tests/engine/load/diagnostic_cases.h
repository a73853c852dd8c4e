// One row per thing that can be wrong with an input: what the file says, and what the user reads.
// The rows live beside the tests of the step that finds the fault; diagnostic_table_test.cpp holds them to the
// sources of the engine, so that no diagnostic goes without a row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "load/diagnostic.h"

namespace sovrisk::testing {

struct DiagnosticCase {
  /// How the text reaches the engine.
  enum class Through : std::uint8_t {
    file,       ///< a file on disk, as `sovrisk validate` reads it: syntax, shape, then meaning
    folder,     ///< the files of a folder, split at lines `=== name`; no files: a folder that is not there
    missing,    ///< a path that leads nowhere
    strict,     ///< a file, as `sovrisk validate --strict` reads it on 2026-11-23: facts older than 365 days are past
    oscal,      ///< an OSCAL component definition to import
    component,  ///< the component titled `Databse` of one
    gaia_x,     ///< a Gaia-X description to import
    answers,    ///< a filled-in sheet of answers to the European framework
    infrastructure,  ///< a plan or template
    words,           ///< words of one's own for reports
    annex,           ///< the annex of a dossier, held against EMC2 on Azure
    result,          ///< what `sovrisk diff` compares with an empty result of a gate
    policy,          ///< a policy, as `sovrisk gate` reads it on 2026-11-23
    condition,       ///< `when:` of the text, asked at the root of the facts, with the text's `define:`
  };
  Through through = Through::file;
  std::string_view id;
  /// The input. The words that the caret must underline stand between « and », which are taken out first;
  /// without them the finding is about the whole file.
  std::string text;
  std::string message;
  std::string hint = {};
  Severity severity = Severity::error;
};

/// A text without its marks, and where they stood.
struct MarkedText {
  std::string text;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 0;
};
[[nodiscard]] MarkedText unmark(const std::string& marked);

/// Runs the case and checks that it gives this finding, here, and no other.
void check_case(const DiagnosticCase& wanted);
/// How many findings the case gives.
[[nodiscard]] std::size_t findings_of(const DiagnosticCase& wanted);

[[nodiscard]] const std::vector<DiagnosticCase>& reader_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& schema_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& meaning_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& condition_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& import_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& infrastructure_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& difference_cases();
[[nodiscard]] const std::vector<DiagnosticCase>& policy_cases();

}  // namespace sovrisk::testing
