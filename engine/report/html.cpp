#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/diagnostic.h"

namespace sovrisk {

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

namespace {

std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::good: return "good";
    case Tone::warn: return "warn";
    case Tone::bad: return "bad";
    case Tone::faint: return "faint";
    case Tone::strong: return "strong";
    case Tone::plain: break;
  }
  return {};
}

std::string inline_html(const Line& line, bool plain) {
  std::string out;
  for (const Words& words : line) {
    const std::string_view tone = class_of(words.tone);
    if (tone.empty() || (plain && words.tone == Tone::faint)) {
      out += escape_html(words.text);
    } else if (plain || words.tone == Tone::strong) {
      out += fmt::format("<strong>{}</strong>", escape_html(words.text));
    } else {
      out += fmt::format("<span class=\"{}\">{}</span>", tone, escape_html(words.text));
    }
  }
  return out;
}

struct HtmlWriter {
  std::string_view name;
  int level = 3;
  std::string out;
  int headings = 0;
  int tables = 0;

  void operator()(const Heading& heading) {
    out += fmt::format("<h{0} id=\"{1}-h{2}\">{3}</h{0}>\n", std::min(level, 6), name, ++headings,
                       inline_html(heading.line, false));
  }
  void operator()(const Paragraph& paragraph) { out += fmt::format("<p>{}</p>\n", inline_html(paragraph.line, false)); }
  void operator()(const Bullets& bullets) {
    const std::string_view tag = bullets.numbered ? "ol" : "ul";
    out += fmt::format("<{}>\n", tag);
    for (const Line& item : bullets.items)
      out += fmt::format("<li>{}</li>\n", inline_html(item, false));
    out += fmt::format("</{}>\n", tag);
  }
  void operator()(const Table& table) {
    if (table.rows.empty()) return;
    // A wide table scrolls in its own box, which the keyboard can reach.
    out += fmt::format("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{} {}\"><table>\n<thead><tr>",
                       escape_html(table.head.empty() ? "" : table.head.front()), ++tables);
    for (const std::string& head : table.head)
      out += fmt::format("<th scope=\"col\">{}</th>", escape_html(head));
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& cells : table.rows) {
      out += "<tr>";
      for (const Line& cell : cells)
        out += fmt::format("<td>{}</td>", inline_html(cell, false));
      out += "</tr>\n";
    }
    out += "</tbody></table></div>\n";
  }
  void operator()(const Figure& figure) {
    out += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n", figure.svg, escape_html(figure.text));
  }
};

struct PlainWriter {
  std::string out;

  void operator()(const Heading& heading) {
    out += fmt::format("<p><strong>{}</strong></p>", inline_html(heading.line, true));
  }
  void operator()(const Paragraph& paragraph) { out += fmt::format("<p>{}</p>", inline_html(paragraph.line, true)); }
  void operator()(const Bullets& bullets) {
    const std::string_view tag = bullets.numbered ? "ol" : "ul";
    out += fmt::format("<{}>", tag);
    for (const Line& item : bullets.items)
      out += fmt::format("<li>{}</li>", inline_html(item, true));
    out += fmt::format("</{}>", tag);
  }
  void operator()(const Table& table) {
    out += "<ul>";
    for (const auto& cells : table.rows) {
      std::string row;
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string cell = inline_html(cells[i], true);
        if (cell.empty()) continue;
        row += fmt::format("{}{}: {}", row.empty() ? "" : "; ",
                           i < table.head.size() ? escape_html(table.head[i]) : std::string(), cell);
      }
      out += fmt::format("<li>{}</li>", row);
    }
    out += "</ul>";
  }
  void operator()(const Figure& figure) { out += fmt::format("<p>{}</p>", escape_html(figure.text)); }
};

}  // namespace

std::string render_html(const Page& page, std::string_view name, int level) {
  HtmlWriter writer{name, level, {}, 0, 0};
  for (const Block& block : page)
    std::visit(writer, block);
  return std::move(writer.out);
}

std::string render_plain_html(const Page& page) {
  PlainWriter writer;
  for (const Block& block : page)
    std::visit(writer, block);
  return std::move(writer.out);
}

}  // namespace sovrisk
