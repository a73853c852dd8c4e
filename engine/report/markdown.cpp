#include <fmt/format.h>

#include "load/diagnostic.h"
#include "report/page.h"

namespace sovrisk {

// Every character that Markdown or the HTML inside it would take for markup is escaped. Parentheses, `#`, `+`, `-` and
// the like mean something only after a bracket or at the start of a line.
std::string escape_markdown(std::string_view text) {
  constexpr std::string_view special = "\\`*_[]|~$";
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\n' || c == '\t') {
      out += ' ';
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (special.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

namespace {

/// A block that starts with a mark of a heading, list, quote or rule would become one.
std::string at_line_start(std::string text) {
  constexpr std::string_view marks = "#+->=";
  if (!text.empty() && marks.find(text.front()) != std::string_view::npos) text.insert(0, 1, '\\');
  const auto digits = text.find_first_not_of("0123456789");
  if (digits != std::string::npos && digits > 0 && (text[digits] == '.' || text[digits] == ')'))
    text.insert(digits, 1, '\\');
  return text;
}

bool is_bold(Tone tone) { return tone != Tone::plain && tone != Tone::faint; }

/// A line with its tones as bold; neighbours of one kind are joined, so that no `****` comes about.
std::string inline_text(const Line& line, bool bold_allowed = true) {
  std::string out;
  for (std::size_t i = 0; i < line.size();) {
    const bool bold = bold_allowed && is_bold(line[i].tone);
    std::string text;
    for (; i < line.size() && (bold_allowed && is_bold(line[i].tone)) == bold; ++i)
      text += escape_markdown(line[i].text);
    const auto begin = text.find_first_not_of(' ');
    if (!bold || begin == std::string::npos) {
      out += text;
      continue;
    }
    const auto end = text.find_last_not_of(' ') + 1;
    out += fmt::format("{}**{}**{}", text.substr(0, begin), text.substr(begin, end - begin), text.substr(end));
  }
  return out;
}

struct Writer {
  int level = 0;  ///< of headings; 0: their own
  std::string out;

  void operator()(const Heading& heading) {
    out += fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(level > 0 ? level : heading.level), '#'),
                       inline_text(heading.line, false));
  }
  void operator()(const Paragraph& paragraph) { out += at_line_start(inline_text(paragraph.line)) + "\n\n"; }
  void operator()(const Figure& figure) { out += at_line_start(escape_markdown(figure.text)) + "\n\n"; }
  void operator()(const Bullets& bullets) {
    std::size_t number = 0;
    for (const Line& item : bullets.items)
      out += fmt::format("{} {}\n", bullets.numbered ? fmt::format("{}.", ++number) : "-",
                         at_line_start(inline_text(item)));
    out += '\n';
  }
  void operator()(const Table& table) {
    out += '|';
    for (const std::string& name : table.head)
      out += fmt::format(" {} |", escape_markdown(name));
    out += "\n|";
    for (std::size_t i = 0; i < table.head.size(); ++i)
      out += " --- |";
    out += '\n';
    for (const auto& cells : table.rows) {
      out += '|';
      for (const Line& cell : cells)
        out += fmt::format(" {} |", inline_text(cell));
      out += '\n';
    }
    out += '\n';
  }
};

}  // namespace

std::string markdown_block(std::string_view text) { return at_line_start(escape_markdown(text)); }

std::string render_markdown(const Page& page, int level) {
  Writer writer{level, {}};
  for (const Block& block : page)
    std::visit(writer, block);
  while (writer.out.size() > 1 && writer.out.ends_with("\n\n"))
    writer.out.pop_back();
  return std::move(writer.out);
}

}  // namespace sovrisk
