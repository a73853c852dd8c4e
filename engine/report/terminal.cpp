#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "load/diagnostic.h"
#include "load/utf8.h"
#include "report/page.h"

namespace sovrisk {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 8;

/// A piece of a terminal row, in a text that the row's owner holds.
struct Piece {
  std::string_view text;
  Tone tone = Tone::plain;
};
using Row = std::vector<Piece>;

std::size_t width(const Row& row) {
  return std::accumulate(row.begin(), row.end(), std::size_t{0},
                         [](std::size_t sum, const Piece& piece) { return sum + utf8::width(piece.text); });
}

std::string flat(std::string_view text) {
  std::string out = printable(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return out;
}

/// Neighbours of one tone as one: a word may be made of several.
std::vector<Words> joined(const Line& line) {
  std::vector<Words> out;
  out.reserve(line.size());
  for (const Words& words : line) {
    if (!out.empty() && out.back().tone == words.tone) {
      out.back().text += flat(words.text);
    } else {
      out.push_back({flat(words.text), words.tone});
    }
  }
  return out;
}

/// A line broken at spaces into rows no wider than `columns`; a word that is too long is cut.
class Wrapped {
 public:
  Wrapped(const Line& line, std::size_t columns) : words_(joined(line)), rows_(1) {
    std::size_t used = 0;
    for (const Words& words : words_) {
      const std::string_view text = words.text;
      for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        std::string_view piece = text.substr(at, end - at);
        while (true) {
          const std::size_t need = utf8::width(piece);
          if (used > 0 && used + need > columns) {
            while (!rows_.back().empty() && rows_.back().back().text == " ")
              rows_.back().pop_back();
            rows_.emplace_back();
            used = 0;
          }
          if (need <= columns) break;
          const auto starts = utf8::character_starts(piece);
          const std::size_t cut = starts[std::min(columns, starts.size() - 1)];
          rows_.back().push_back({piece.substr(0, cut), words.tone});
          rows_.emplace_back();
          piece = piece.substr(cut);
        }
        if (!piece.empty()) {
          rows_.back().push_back({piece, words.tone});
          used += utf8::width(piece);
        }
        if (end < text.size() && used > 0 && used < columns) {
          rows_.back().push_back({" ", words.tone});
          ++used;
        }
        at = std::min(end + 1, text.size());
      }
    }
  }

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

 private:
  std::vector<Words> words_;  ///< what the rows' pieces point into
  std::vector<Row> rows_;
};

class Terminal {
 public:
  Terminal(bool colour, std::size_t columns) : colour_(colour), columns_(std::max<std::size_t>(columns, 40)) {}

  std::string render(const Page& page) {
    for (const Block& block : page)
      std::visit([&](const auto& part) { this->block(part); }, block);
    return std::move(out_);
  }

 private:
  void block(const Heading& heading) {
    if (!out_.empty()) out_ += '\n';
    Line line = heading.line;
    for (Words& words : line)
      if (words.tone == Tone::plain) words.tone = Tone::strong;
    const Wrapped wrapped(line, columns_);
    for (const Row& row : wrapped.rows())
      emit(row);
  }

  void block(const Paragraph& paragraph) {
    const auto indent = static_cast<std::size_t>(paragraph.indent);
    const Wrapped wrapped(paragraph.line, columns_ - indent);
    for (const Row& row : wrapped.rows()) {
      out_.append(indent, ' ');
      emit(row);
    }
  }

  void block(const Bullets& bullets) {
    std::size_t number = 0;
    for (const Line& item : bullets.items) {
      const std::string mark = bullets.numbered ? fmt::format("{:>2}. ", ++number) : "  - ";
      bool first = true;
      const Wrapped wrapped(item, columns_ - mark.size());
      for (const Row& row : wrapped.rows()) {
        out_ += first ? mark : std::string(mark.size(), ' ');
        first = false;
        emit(row);
      }
    }
  }

  void block(const Figure& figure) { block(Paragraph{{{figure.text, Tone::faint}}, 2}); }

  void block(const Table& table) {
    const std::vector<std::size_t> widths = column_widths(table);
    std::vector<Line> head;
    for (const std::string& name : table.head)
      head.push_back({{name, Tone::faint}});
    row(head, widths);
    for (const auto& cells : table.rows)
      row(cells, widths);
  }

  /// Natural widths where they fit; otherwise the widest columns give way first, down to their longest word.
  [[nodiscard]] std::vector<std::size_t> column_widths(const Table& table) const {
    std::vector<std::size_t> widths;
    std::vector<std::size_t> least;
    for (const std::string& name : table.head) {
      widths.push_back(utf8::width(name));
      least.push_back(longest_word(name));
    }
    for (const auto& cells : table.rows)
      for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
        std::size_t cell = 0;
        for (const Words& words : cells[i]) {
          cell += utf8::width(flat(words.text));
          least[i] = std::max(least[i], longest_word(flat(words.text)));
        }
        widths[i] = std::max(widths[i], cell);
      }
    const std::size_t spaces = 2 + gap * (widths.empty() ? 0 : widths.size() - 1);
    const auto too_wide = [&] { return std::accumulate(widths.begin(), widths.end(), spaces) > columns_; };
    for (const bool keep_words : {true, false}) {
      while (too_wide()) {
        std::size_t* widest = nullptr;
        for (std::size_t i = 0; i < widths.size(); ++i) {
          const bool gives = widths[i] > (keep_words ? std::max(least[i], narrowest) : narrowest);
          if (gives && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
        }
        if (widest == nullptr) break;
        --*widest;
      }
    }
    return widths;
  }

  static std::size_t longest_word(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
      const auto space = std::min(text.find(' '), text.size());
      longest = std::max(longest, utf8::width(text.substr(0, space)));
      text.remove_prefix(std::min(space + 1, text.size()));
    }
    return longest;
  }

  void row(const std::vector<Line>& cells, const std::vector<std::size_t>& widths) {
    std::vector<Wrapped> columns;
    columns.reserve(widths.size());  // pieces point into them
    std::size_t height = 1;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      columns.emplace_back(i < cells.size() ? cells[i] : Line{}, std::max<std::size_t>(widths[i], 1));
      height = std::max(height, columns.back().rows().size());
    }
    const std::size_t widest = widths.empty() ? 0 : *std::max_element(widths.begin(), widths.end());
    const std::string blanks(widest + gap, ' ');
    for (std::size_t line = 0; line < height; ++line) {
      Row row{{"  ", Tone::plain}};
      for (std::size_t i = 0; i < widths.size(); ++i) {
        const std::vector<Row>& rows = columns[i].rows();
        const std::size_t taken = line < rows.size() ? width(rows[line]) : 0;
        if (line < rows.size()) row.insert(row.end(), rows[line].begin(), rows[line].end());
        if (i + 1 < widths.size())
          row.push_back({std::string_view(blanks).substr(0, widths[i] - std::min(widths[i], taken) + gap)});
      }
      emit(row);
    }
  }

  void emit(const Row& row) {
    // Neighbours of one tone share one escape sequence; what ends the row is no blank.
    std::string run;
    Tone tone = Tone::plain;
    const auto end_run = [&](bool last) {
      if (last) run.erase(run.find_last_not_of(' ') + 1);
      if (run.empty()) return;
      const std::string_view code = colour_ ? ansi(tone) : std::string_view();
      out_ += code.empty() ? run : fmt::format("\x1b[{}m{}\x1b[0m", code, run);
      run.clear();
    };
    const auto blank = [](std::string_view text) { return text.find_first_not_of(' ') == std::string_view::npos; };
    std::size_t size = row.size();
    while (size > 0 && blank(row[size - 1].text))
      --size;
    for (std::size_t i = 0; i < size; ++i) {
      if (i > 0 && row[i].tone != tone && !blank(row[i].text)) end_run(false);
      if (i == 0 || (row[i].tone != tone && !blank(row[i].text))) tone = row[i].tone;
      run += row[i].text;
    }
    end_run(true);
    out_ += '\n';
  }

  static std::string_view ansi(Tone tone) {
    switch (tone) {
      case Tone::good: return "32";
      case Tone::warn: return "33";
      case Tone::bad: return "31";
      case Tone::faint: return "2";
      case Tone::strong: return "1";
      case Tone::plain: break;
    }
    return {};
  }

  bool colour_;
  std::size_t columns_;
  std::string out_;
};

}  // namespace

std::string render_terminal(const Page& page, bool colour, std::size_t columns) {
  return Terminal(colour, columns).render(page);
}

}  // namespace sovrisk
