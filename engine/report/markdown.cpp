#include <fmt/format.h>

#include "load/diagnostic.h"
#include "report/page.h"

namespace sovrisk {

namespace {

/// Text as text: every character that Markdown or the HTML inside it would take for markup is escaped.
std::string escape(std::string_view text) {
  constexpr std::string_view special = "\\`*_{}[]()<>#+!|~$&";
  std::string out;
  for (const char c : printable(text)) {
    if (c == '\n' || c == '\t') {
      out += ' ';
      continue;
    }
    if (c == '<') {
      out += "&lt;";
      continue;
    }
    if (c == '&') {
      out += "&amp;";
      continue;
    }
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  // A line that starts with a list or rule mark would become one; bare addresses are left to the reader.
  if (!out.empty() && (out[0] == '-' || out[0] == '=' || out[0] == '>')) out.insert(0, 1, '\\');
  return out;
}

std::string inline_text(const Line& line) {
  std::string out;
  for (const Words& words : line) {
    const std::string text = escape(words.text);
    const bool bold = words.tone == Tone::strong || words.tone == Tone::bad || words.tone == Tone::warn || words.tone == Tone::good;
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
  std::string out;

  void operator()(const Heading& heading) {
    out += fmt::format("{}{} {}\n\n", out.empty() ? "" : "\n", std::string(static_cast<std::size_t>(heading.level), '#'), inline_text(heading.line));
  }
  void operator()(const Paragraph& paragraph) { out += inline_text(paragraph.line) + "\n\n"; }
  void operator()(const Bullets& bullets) {
    std::size_t number = 0;
    for (const Line& item : bullets.items) out += fmt::format("{} {}\n", bullets.numbered ? fmt::format("{}.", ++number) : "-", inline_text(item));
    out += '\n';
  }
  void operator()(const Table& table) {
    out += '|';
    for (const std::string& name : table.head) out += fmt::format(" {} |", escape(name));
    out += "\n|";
    for (std::size_t i = 0; i < table.head.size(); ++i) out += " --- |";
    out += '\n';
    for (const auto& cells : table.rows) {
      out += '|';
      for (const Line& cell : cells) out += fmt::format(" {} |", inline_text(cell));
      out += '\n';
    }
    out += '\n';
  }
};

}  // namespace

std::string render_markdown(const Page& page) {
  Writer writer;
  for (const Block& block : page) std::visit(writer, block);
  while (writer.out.size() > 1 && writer.out.ends_with("\n\n")) writer.out.pop_back();
  return std::move(writer.out);
}

}  // namespace sovrisk
