#include "report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>
#include <utility>
#include <vector>

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

/// The attribute and the element that make words a place to lead to, or a way to one; the attribute is empty otherwise.
std::pair<std::string, std::string_view> link_of(const Words& words, Anchors& anchors) {
  const std::string_view own = words.is.empty() ? std::string_view() : anchors.id(words.is);
  if (!own.empty()) {
    if (anchors.take(words.is)) return {fmt::format(" id=\"{}\"", own), "span"};
    return {fmt::format(" href=\"#{}\"", own), "a"};
  }
  const std::string_view other = words.to.empty() ? std::string_view() : anchors.id(words.to);
  if (!other.empty()) return {fmt::format(" href=\"#{}\"", other), "a"};
  return {};
}

/// Words that stand in one element. Neighbours that look the same share it.
struct Run {
  std::string_view element;
  std::string attributes;
  std::string text;
  bool linked = false;
};

Run run_of(const Words& words, bool plain, Anchors* anchors) {
  Run run;
  run.text = escape_html(words.text);
  const std::string_view tone = class_of(words.tone);
  if (plain) {
    if (!tone.empty() && words.tone != Tone::faint) run.element = "strong";
    return run;
  }
  if (anchors != nullptr) std::tie(run.attributes, run.element) = link_of(words, *anchors);
  run.linked = !run.attributes.empty();
  if (!run.linked && words.tone == Tone::strong) {
    run.element = "strong";
  } else if (!tone.empty()) {
    if (run.element.empty()) run.element = "span";
    run.attributes += fmt::format(" class=\"{}\"", tone);
  }
  return run;
}

std::string inline_html(const Line& line, bool plain, Anchors* anchors = nullptr) {
  std::vector<Run> runs;
  for (const Words& words : line) {
    Run run = run_of(words, plain, anchors);
    const bool joins = !runs.empty() && !run.linked && !runs.back().linked && runs.back().element == run.element &&
                       runs.back().attributes == run.attributes;
    if (joins) {
      runs.back().text += run.text;
    } else {
      runs.push_back(std::move(run));
    }
  }
  std::string out;
  for (const Run& run : runs)
    out += run.element.empty() ? run.text : fmt::format("<{0}{1}>{2}</{0}>", run.element, run.attributes, run.text);
  return out;
}

struct HtmlWriter {
  std::string_view name;
  int level = 3;
  Anchors* anchors = nullptr;
  std::string out{};
  int headings = 0;
  int tables = 0;

  void operator()(const Heading& heading) {
    out += fmt::format("<h{0} id=\"{1}-h{2}\">{3}</h{0}>\n", std::min(level, 6), name, ++headings,
                       inline_html(heading.line, false, anchors));
  }
  void operator()(const Paragraph& paragraph) {
    out += fmt::format("<p>{}</p>\n", inline_html(paragraph.line, false, anchors));
  }
  void operator()(const Bullets& bullets) {
    const std::string_view tag = bullets.numbered ? "ol" : "ul";
    out += fmt::format("<{}>\n", tag);
    for (const Line& item : bullets.items)
      out += fmt::format("<li>{}</li>\n", inline_html(item, false, anchors));
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
        out += fmt::format("<td>{}</td>", inline_html(cell, false, anchors));
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

void Anchors::announce(const Page& page) {
  for_each_line(page, [&](const Line& words) {
    for (const Words& one : words) {
      if (one.is.empty() || ids_.contains(one.is)) continue;
      std::string id;
      for (const char c : one.is)
        id += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
      // Two names may differ in other characters alone.
      std::string free = id;
      for (int next = 2; !used_.insert(free).second; ++next)
        free = fmt::format("{}-{}", id, next);
      ids_.emplace(one.is, std::move(free));
    }
  });
}

std::string_view Anchors::id(const std::string& finding) const {
  const auto found = ids_.find(finding);
  return found == ids_.end() ? std::string_view() : std::string_view(found->second);
}

std::string render_html(const Page& page, std::string_view name, int level, Anchors* anchors) {
  HtmlWriter writer{name, level, anchors};
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
