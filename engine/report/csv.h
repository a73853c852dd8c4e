// Comma-separated values as RFC 4180 has them, for spreadsheets.
#pragma once

#include <string>
#include <vector>

namespace sovrisk {

/// Rows of fields; the first is the head. Lines end with CR LF, fields that need it are quoted, and a field that a
/// spreadsheet would take for a formula (=, +, -, @, tab, CR in front) gets an apostrophe before it.
[[nodiscard]] std::string render_csv(const std::vector<std::vector<std::string>>& rows);

}  // namespace sovrisk
