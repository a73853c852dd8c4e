// Answers to the criteria of a rule set, from a sheet that somebody filled in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "interchange/csv_reader.h"
#include "load/catalogue.h"
#include "load/date.h"

namespace sovrisk {

/// What the one who imports says beside the sheet.
struct AnswersRequest {
  std::string offering;  ///< id of the offering that the answers are of
  std::string by;        ///< bidder or assessor
  Date seen;             ///< day on which the sheet was read
  std::string file;      ///< its name, for the source
};

/// What became of a sheet.
struct ImportedAnswers {
  Node overlay;  ///< a correction that sets the answers; see schemas/overlay.schema.json
  std::size_t answered = 0;
  std::vector<std::string> open;  ///< criteria without an answer in the sheet
};

/// The rule set whose `answer_sheet` bears a name, or null.
[[nodiscard]] const Document* answer_sheet_of(const Catalogue& catalogue, std::string_view name);

/// The names of all answer sheets.
[[nodiscard]] std::vector<std::string> answer_sheets(const Catalogue& catalogue);

/// Reads the answers by the columns that the rule set's `answer_sheet` names. The first row with a cell for `criterion`
/// and one for `answer` or `points` is the head. A row belongs to the criterion whose id its cell is or begins with; an
/// empty cell carries the one above on, as merged cells do. Where there is a `chosen` column, only marked rows count.
/// An answer is the text of a rung's label in any language, whatever its case and spaces, or the rung's number; without
/// one, the points decide where only one rung has them. Empty answers are left open.
/// Reports no-answer-columns, unknown-criterion, unknown-answer and second-answer, all of a file in one go.
[[nodiscard]] std::optional<ImportedAnswers> import_answers(const std::vector<CsvRow>& rows, const Document& ruleset,
                                                            const AnswersRequest& request, Diagnostics& diagnostics);

}  // namespace sovrisk
