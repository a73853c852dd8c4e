// Comma-separated values (RFC 4180), as spreadsheets write them. No packaged reader of Debian keeps the place of a cell
// and takes quoted line breaks, and errors have to point at cells.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/diagnostic.h"
#include "load/limits.h"

namespace sovrisk {

struct CsvCell {
  std::string text;
  Span span;  ///< the cell as written, quotes included, up to its first line break
};

using CsvRow = std::vector<CsvCell>;

/// The rows of a file that is in the source map, blank ones left out. Cells are parted by commas, semicolons or tabs:
/// whichever the first line with one of them has most of. Quoted cells may hold separators, line breaks and doubled
/// quotes. A byte order mark is skipped.
/// Reports not-utf8, csv-syntax and too-many-values; gives nothing then.
[[nodiscard]] std::optional<std::vector<CsvRow>> read_csv(const SourceMap& sources, FileId file,
                                                          Diagnostics& diagnostics, const Limits& limits = {});

}  // namespace sovrisk
