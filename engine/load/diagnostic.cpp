#include "load/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "load/utf8.h"

namespace sovrisk {

namespace {

Diagnostic make(std::string_view id, Severity severity, Span span, std::string message, std::string hint) {
  return Diagnostic{id, severity, span, std::move(message), std::move(hint), {}};
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  std::size_t begin = 0;
  for (std::uint32_t at = 1; at < line; ++at) {
    const auto end = text.find('\n', begin);
    if (end == std::string_view::npos) return {};
    begin = end + 1;
  }
  auto end = text.find('\n', begin);
  if (end == std::string_view::npos) end = text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

/// A text on one line: a newline in it must not look like another finding.
std::string one_line(std::string_view text) {
  std::string out = printable(text);
  for (std::size_t at = out.find('\n'); at != std::string::npos; at = out.find('\n', at))
    out.replace(at, 1, "\\u{a}");
  return out;
}

std::string place(const Span& span, const SourceMap& sources) {
  if (span.file == no_file) return "sovrisk";
  std::string path = one_line(sources[span.file].path);
  if (span.line == 0) return path;
  return fmt::format("{}:{}:{}", path, span.line, span.column);
}

constexpr std::size_t widest_excerpt = 160;

/// The source line and the caret line, cut to a window around the words meant.
std::string excerpt(const Span& span, const SourceMap& sources) {
  if (span.file == no_file || span.line == 0) return {};
  const std::string_view line = line_of(sources[span.file].text, span.line);
  if (line.empty()) return {};
  const auto starts = utf8::character_starts(line);
  const std::size_t count = starts.size();
  const std::size_t column = std::min<std::size_t>(span.column > 0 ? span.column - 1 : 0, count);
  std::size_t first = 0;
  std::size_t last = count;
  if (count > widest_excerpt) {
    first = column > widest_excerpt / 2 ? column - widest_excerpt / 2 : 0;
    last = std::min(count, first + widest_excerpt);
  }
  std::string shown;
  std::string marks;
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t end = i + 1 < count ? starts[i + 1] : line.size();
    const std::string_view character = line.substr(starts[i], end - starts[i]);
    const std::string cell = character == "\t" ? " " : printable(character);
    shown += cell;
    const bool marked = i >= column && i < column + std::max<std::size_t>(span.length, 1);
    const std::size_t width = utf8::width(cell);
    marks.append(width, marked ? (i == column ? '^' : '~') : ' ');
  }
  if (column >= last) marks += '^';
  while (!marks.empty() && marks.back() == ' ')
    marks.pop_back();
  return fmt::format("{:>5} | {}\n      | {}\n", span.line, shown, marks);
}

nlohmann::ordered_json span_json(const Span& span, const SourceMap& sources) {
  nlohmann::ordered_json json;
  json["file"] = span.file == no_file ? nlohmann::ordered_json() : nlohmann::ordered_json(sources[span.file].path);
  json["line"] = span.line;
  json["column"] = span.column;
  json["length"] = span.length;
  return json;
}

}  // namespace

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

Diagnostic& Diagnostics::error(std::string_view id, Span span, std::string message, std::string hint) {
  ++errors_;
  return all_.emplace_back(make(id, Severity::error, span, std::move(message), std::move(hint)));
}

Diagnostic& Diagnostics::warning(std::string_view id, Span span, std::string message, std::string hint) {
  return all_.emplace_back(make(id, Severity::warning, span, std::move(message), std::move(hint)));
}

void Diagnostics::sort() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.span.file, a.span.line, a.span.column) < std::tie(b.span.file, b.span.line, b.span.column);
  });
}

std::string render_text(const Diagnostic& diagnostic, const SourceMap& sources) {
  std::string out =
      fmt::format("{}: {}: {}\n", place(diagnostic.span, sources),
                  diagnostic.severity == Severity::error ? "error" : "warning", one_line(diagnostic.message));
  out += excerpt(diagnostic.span, sources);
  for (const Related& related : diagnostic.related) {
    out += fmt::format("{}: note: {}\n", place(related.span, sources), one_line(related.message));
    out += excerpt(related.span, sources);
  }
  if (!diagnostic.hint.empty()) out += fmt::format("      = hint: {}\n", one_line(diagnostic.hint));
  return out;
}

std::string render_text(const Diagnostics& diagnostics, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.all())
    out += render_text(diagnostic, sources);
  return out;
}

std::string render_json(const Diagnostics& diagnostics, const SourceMap& sources) {
  auto list = nlohmann::ordered_json::array();
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    nlohmann::ordered_json json;
    json["id"] = std::string(diagnostic.id);
    json["severity"] = diagnostic.severity == Severity::error ? "error" : "warning";
    json.update(span_json(diagnostic.span, sources));
    json["message"] = diagnostic.message;
    if (!diagnostic.hint.empty()) json["hint"] = diagnostic.hint;
    for (const Related& related : diagnostic.related) {
      auto entry = span_json(related.span, sources);
      entry["message"] = related.message;
      json["related"].push_back(std::move(entry));
    }
    list.push_back(std::move(json));
  }
  return list.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string printable(std::string_view text) {
  if (utf8::is_plain(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, length] = utf8::decode(text, i);
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    const bool direction = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0x200e ||
                           code == 0x200f || code == 0x061c;
    if (code == '\n' || code == '\t') {
      out += static_cast<char>(code);
    } else if (control || direction || code == utf8::invalid) {
      out += fmt::format("\\u{{{:x}}}", code == utf8::invalid ? 0xfffdU : code);
    } else {
      out.append(text.substr(i, length));
    }
    i += length;
  }
  return out;
}

}  // namespace sovrisk
