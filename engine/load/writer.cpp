#include "load/writer.h"

#include <fmt/format.h>
#include <yaml-cpp/emitter.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "load/utf8.h"

namespace sovrisk {

namespace {

constexpr std::size_t widest = 100;       ///< columns of a line that holds a whole list or map
constexpr std::size_t most_members = 4;   ///< more of them are easier read below each other
constexpr std::size_t longest_key = 200;  ///< bytes; YAML takes up to 1024 written characters before a `:`
constexpr std::size_t columns_a_level = 2;

/// Whether the reader takes the plain word for something else than text.
bool reads_as_other_kind(std::string_view text) {
  constexpr std::array<std::string_view, 9> words{"true",  "True", "TRUE", "false", "False",
                                                  "FALSE", "null", "Null", "NULL"};
  if (std::find(words.begin(), words.end(), text) != words.end()) return true;
  double value = 0;
  const char* end = text.data() + text.size();
  return text.front() >= '0' && text.front() <= '9' && std::from_chars(text.data(), end, value).ptr == end;
}

/// Characters that YAML does not print, that end a line, or that turn the direction of writing around.
bool must_be_escaped(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code == 0xfeff || code == 0xfffe ||
         code == 0xffff;
}

bool holds_escapes(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, length] = utf8::decode(text, i);
    if (must_be_escaped(code)) return true;
    i += length;
  }
  return false;
}

/// Whether a text can stand without quotes on a line of its own. Rather strict: quotes never hurt.
bool is_plain(std::string_view text) {
  if (text.empty() || reads_as_other_kind(text)) return false;
  const char first = text.front();
  const bool letter = (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
  const bool digit = first >= '0' && first <= '9';
  const bool safe_start = letter || digit || first == '(' || first == '/' || static_cast<unsigned char>(first) >= 0x80;
  return safe_start && text.back() != ' ' && text.back() != ':' && text.find(": ") == std::string_view::npos &&
         text.find(" #") == std::string_view::npos && !holds_escapes(text);
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, length] = utf8::decode(text, i);
    switch (code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      default:
        if (must_be_escaped(code)) {
          out += fmt::format("\\u{:04x}", code);
        } else {
          out.append(text.substr(i, length));
        }
    }
    i += length;
  }
  return out + '"';
}

std::string written_text(std::string_view text, bool in_flow) {
  const bool marks = in_flow && text.find_first_of(",[]{}?:") != std::string_view::npos;
  return is_plain(text) && !marks ? std::string(text) : quoted(text);
}

std::string written_scalar(const Node& node, bool in_flow) {
  switch (node.kind) {
    case Node::Kind::text: return written_text(node.text, in_flow);
    case Node::Kind::number: return node.text.empty() ? fmt::format("{}", node.number) : node.text;
    case Node::Kind::boolean: return !node.text.empty() ? node.text : node.boolean ? "true" : "false";
    default: return "null";
  }
}

bool is_scalar(const Node& node) { return node.kind != Node::Kind::list && node.kind != Node::Kind::map; }

/// Columns of a list or map on one line; 0 when it does not belong on one.
std::size_t width_on_one_line(const Node& node) {
  if (is_scalar(node) || node.items.size() + node.members.size() > most_members) return 0;
  std::size_t width = 2;
  for (const Node& item : node.items) {
    if (!is_scalar(item)) return 0;
    width += utf8::width(written_scalar(item, true)) + 2;
  }
  for (const Member& member : node.members) {
    if (!is_scalar(member.value)) return 0;
    width += utf8::width(written_text(member.key, true)) + utf8::width(written_scalar(member.value, true)) + 4;
  }
  return width;
}

/// Lists and maps are the emitter's; scalars are written here and go in as they stand, since the emitter's own quotes
/// leave DEL as it is, which no reader takes, and replace characters that Unicode assigns to nothing.
class Writer {
 public:
  explicit Writer(YamlTexts texts) : quote_(texts == YamlTexts::quoted) {}

  std::string run(const Node& root) {
    write(root, root_column);
    return fmt::format("{}\n", std::string_view(out_.c_str(), out_.size()));
  }

 private:
  /// A column from which nothing fits on one line: the outermost map stays open, however short it is.
  static constexpr std::size_t root_column = widest;

  void put(const std::string& written) { out_.WriteIntegralType<const std::string&>(written); }

  /// `column` is where the value would start on the line of its key or dash.
  void write(const Node& node, std::size_t column) {
    if (is_scalar(node)) {
      put(quote_ && node.kind == Node::Kind::text ? quoted(node.text) : written_scalar(node, in_flow_));
      return;
    }
    const std::size_t width = width_on_one_line(node);
    in_flow_ = width > 0 && column + width <= widest;
    if (in_flow_) out_ << YAML::Flow;
    ++depth_;
    if (node.kind == Node::Kind::list) {
      write_items(node);
    } else {
      write_members(node);
    }
    --depth_;
    in_flow_ = false;  // what is on one line holds scalars only, so the line is over
  }

  void write_items(const Node& list) {
    out_ << YAML::BeginSeq;
    for (const Node& item : list.items)
      write(item, depth_ * columns_a_level);
    out_ << YAML::EndSeq;
  }

  void write_members(const Node& map) {
    out_ << YAML::BeginMap;
    for (const Member& member : map.members) {
      const std::string key = written_text(member.key, in_flow_);
      if (key.size() > longest_key) out_ << YAML::LongKey;
      out_ << YAML::Key;
      put(key);
      out_ << YAML::Value;
      write(member.value, (depth_ - 1) * columns_a_level + utf8::width(key) + 2);
    }
    out_ << YAML::EndMap;
  }

  YAML::Emitter out_;
  std::size_t depth_ = 0;
  bool in_flow_ = false;
  bool quote_ = false;
};

}  // namespace

std::string write_yaml(const Node& root, YamlTexts texts) { return Writer(texts).run(root); }

}  // namespace sovrisk
