#include "interchange/csv_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/utf8.h"

namespace sovrisk {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The separator that the first line which holds one has most of.
char separator_of(std::string_view text) {
  constexpr std::string_view separators = ",;\t";
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto count = [&](char separator) { return std::count(line.begin(), line.end(), separator); };
    const char most =
        *std::max_element(separators.begin(), separators.end(), [&](char a, char b) { return count(a) < count(b); });
    if (count(most) > 0) return most;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return ',';
}

class Reader {
 public:
  Reader(std::string_view text, FileId file, Diagnostics& diagnostics, const Limits& limits)
      : text_(text), file_(file), diagnostics_(diagnostics), limits_(limits), separator_(separator_of(text)) {}

  std::optional<std::vector<CsvRow>> run() {
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    while (at_ < text_.size()) {
      CsvRow row;
      do {
        if (!cell(row)) return std::nullopt;
      } while (taken(separator_));
      (void)taken('\r');
      if (at_ < text_.size() && !taken('\n')) {
        diagnostics_.error("csv-syntax", here(1), "text follows a closing quote",
                           "double the quotes inside a quoted cell");
        return std::nullopt;
      }
      ++line_;
      column_ = 1;
      if (std::any_of(row.begin(), row.end(), [](const CsvCell& one) { return !one.text.empty(); }))
        rows_.push_back(std::move(row));
    }
    return std::move(rows_);
  }

 private:
  [[nodiscard]] Span here(std::uint32_t length) const { return {file_, line_, column_, length}; }

  bool taken(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    ++column_;
    return true;
  }

  bool cell(CsvRow& row) {
    if (++cells_ > limits_.nodes) {
      diagnostics_.error("too-many-values", here(1), fmt::format("the file has more than {} cells", limits_.nodes));
      return false;
    }
    CsvCell cell;
    cell.span = here(0);
    const bool quoted = taken('"');
    if (quoted ? !quoted_cell(cell) : !plain_cell(cell)) return false;
    const std::string_view first = std::string_view(cell.text).substr(0, cell.text.find('\n'));
    cell.span.length =
        static_cast<std::uint32_t>(std::max<std::size_t>(1, utf8::character_starts(first).size() + (quoted ? 2 : 0)));
    row.push_back(std::move(cell));
    return true;
  }

  bool plain_cell(CsvCell& cell) {
    const auto end = std::min(text_.find_first_of(std::string{separator_, '\n', '\r'}, at_), text_.size());
    cell.text = text_.substr(at_, end - at_);
    column_ += static_cast<std::uint32_t>(utf8::character_starts(cell.text).size());
    at_ = end;
    return true;
  }

  bool quoted_cell(CsvCell& cell) {
    for (;;) {
      const auto end = text_.find('"', at_);
      if (end == std::string_view::npos) {
        diagnostics_.error("csv-syntax", {file_, cell.span.line, cell.span.column, 1}, "a quote is not closed",
                           "close the cell with a quote; a quote inside it is written twice");
        return false;
      }
      const std::string_view part = text_.substr(at_, end - at_);
      cell.text += part;
      line_ += static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'));
      const std::string_view last = part.substr(part.rfind('\n') + 1);  // npos + 1 is 0
      const auto columns = static_cast<std::uint32_t>(utf8::character_starts(last).size());
      column_ = (last.size() == part.size() ? column_ : 1) + columns + 1;
      at_ = end + 1;
      if (!taken('"')) return true;
      cell.text += '"';
    }
  }

  std::string_view text_;
  FileId file_;
  Diagnostics& diagnostics_;
  const Limits& limits_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t cells_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::vector<CsvRow> rows_;
};

}  // namespace

std::optional<std::vector<CsvRow>> read_csv(const SourceMap& sources, FileId file, Diagnostics& diagnostics,
                                            const Limits& limits) {
  const std::string& text = sources[file].text;
  if (const std::size_t bad = utf8::find_invalid(text); bad != std::string::npos) {
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    diagnostics.error("not-utf8", {file, static_cast<std::uint32_t>(lines) + 1, 1, 1}, "the file is not valid UTF-8",
                      "save it as UTF-8");
    return std::nullopt;
  }
  return Reader(text, file, diagnostics, limits).run();
}

}  // namespace sovrisk
