// A report as headings, paragraphs, lists and tables, before it has a format: what is said is decided once,
// how it looks by one renderer per format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sovrisk {

enum class Tone : std::uint8_t { plain, good, warn, bad, faint, strong };

/// A run of words with a tone. `is` names the finding that they introduce, `to` one that they speak of, both by keys
/// such as "law us-cloud-act" or "source azure:terms": a format with links leads from the one to the other.
struct Words {
  std::string text;
  Tone tone = Tone::plain;
  std::string is{};
  std::string to{};
};
using Line = std::vector<Words>;

struct Heading {
  int level = 1;
  Line line;
};
struct Paragraph {
  Line line;
  int indent = 0;
};
struct Bullets {
  std::vector<Line> items;
  bool numbered = false;
};
struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<Line>> rows;
};
/// A picture, and what it shows in words for those who cannot see it and for formats without pictures.
struct Figure {
  std::string svg;  ///< whole element, made by this program; every text in it escaped
  std::string text;
};
using Block = std::variant<Heading, Paragraph, Bullets, Table, Figure>;
using Page = std::vector<Block>;

/// Every line of a page in its order: headings, paragraphs, items of lists and cells of tables.
template <class Use>
void for_each_line(const Page& page, Use use) {
  for (const Block& block : page) {
    if (const auto* heading = std::get_if<Heading>(&block)) use(heading->line);
    if (const auto* paragraph = std::get_if<Paragraph>(&block)) use(paragraph->line);
    if (const auto* bullets = std::get_if<Bullets>(&block))
      for (const Line& item : bullets->items)
        use(item);
    if (const auto* table = std::get_if<Table>(&block))
      for (const auto& cells : table->rows)
        for (const Line& cell : cells)
          use(cell);
  }
}

/// For a terminal: wrapped at `columns`, aligned tables, ANSI colours when `colour`.
/// Control characters of inputs come out harmless.
[[nodiscard]] std::string render_terminal(const Page& page, bool colour, std::size_t columns);

/// GitHub-flavoured Markdown. Every character of inputs that has a meaning there is escaped. Headings stand at `level`,
/// or with 0 at their own.
[[nodiscard]] std::string render_markdown(const Page& page, int level = 0);

/// A text as text within a line of Markdown.
[[nodiscard]] std::string escape_markdown(std::string_view text);

/// The same where it starts a block, so that no mark of a heading, list or quote comes about.
[[nodiscard]] std::string markdown_block(std::string_view text);

}  // namespace sovrisk
