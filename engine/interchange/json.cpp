#include "interchange/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "load/position.h"
#include "load/utf8.h"

namespace sovrisk {

namespace {

using Json = nlohmann::json;

Span place_of(std::string_view text, std::size_t at, FileId file) {
  at = std::min(at, text.size());
  const std::string_view before = text.substr(0, at);
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  const std::string_view on_line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  return {file, line + 1, static_cast<std::uint32_t>(utf8::character_starts(on_line).size() + 1), 1};
}

/// What the parser complains of, without its own place and without the text it read last, which may be very long.
std::string complaint(std::string_view what) {
  if (const auto place = what.find(", column "); place != std::string_view::npos)
    what = what.substr(std::min(what.find(": ", place) + 2, what.size()));
  what = what.substr(0, what.find("; last read"));
  constexpr std::size_t enough = 160;
  return std::string(what.substr(0, enough));
}

/// Hands the text to the parser and tells how far it has come: the parser itself does not say where a value stands.
class Counted {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counted(const char* at, std::size_t* read) : at_(at), read_(read) {}
  reference operator*() const { return *at_; }
  Counted& operator++() {
    ++at_;
    ++*read_;
    return *this;
  }
  Counted operator++(int) {
    Counted before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Counted& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* read_;
};

/// Builds the tree while the parser reads, so that a bound stops it before the tree is large.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(const std::string& text, FileId file, Diagnostics& diagnostics, const Limits& limits)
      : text_(text), file_(file), diagnostics_(diagnostics), limits_(limits) {}

  /// Where the parser counts what it has read.
  [[nodiscard]] std::size_t* read() { return &read_; }

  [[nodiscard]] Node take() { return std::move(root_); }

  bool null() override { return scalar(Node::Kind::null, {}); }
  bool boolean(bool value) override {
    Node node = made(Node::Kind::boolean, value ? "true" : "false");
    node.boolean = value;
    return place(std::move(node));
  }
  bool number_integer(number_integer_t value) override {
    return number(static_cast<double>(value), std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return number(static_cast<double>(value), std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& written) override { return number(value, written); }
  bool string(string_t& value) override { return scalar(Node::Kind::text, std::move(value)); }
  bool binary(binary_t&) override { return false; }  // not in JSON text

  bool start_object(std::size_t) override { return open(Node::Kind::map); }
  bool start_array(std::size_t) override { return open(Node::Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Node& map = open_.back();
    const Span span = token();
    if (!keys_.back().insert(name).second) {
      diagnostics_.error("duplicate-key", span, fmt::format("key `{}` is given twice in one object", name),
                         "keep one of the two");
      return false;
    }
    if (!has_room(map, span)) return false;
    map.members.push_back({std::move(name), span, {}});
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    diagnostics_.error("json-syntax", place_of(text_, position == 0 ? 0 : position - 1, file_),
                       fmt::format("no JSON: {}", complaint(error.what())), "JSON is read here, not XML or YAML");
    return false;
  }

 private:
  /// The place of what the parser read last: it begins after what came before it and the signs between. The parser has
  /// read one sign too many where that is the end of a number.
  Span token() {
    const auto start = std::min(text_.find_first_not_of(" \t\r\n,:", end_), text_.size());
    position_.go_to(start);
    Span span{file_, position_.line(), position_.column(), 0};
    end_ = std::max(read_, start);
    std::string_view written = std::string_view(text_).substr(start, end_ - start);
    if (!written.starts_with('"')) written = written.substr(0, written.find_first_of(" \t\r\n,:]}"));
    constexpr std::size_t enough = 1000;
    span.length = static_cast<std::uint32_t>(utf8::character_starts(written.substr(0, enough)).size());
    return span;
  }

  [[nodiscard]] Node made(Node::Kind kind, std::string text) {
    Node node;
    node.kind = kind;
    node.text = std::move(text);
    node.span = token();
    return node;
  }
  bool scalar(Node::Kind kind, std::string text) { return place(made(kind, std::move(text))); }
  bool number(double value, std::string written) {
    Node node = made(Node::Kind::number, std::move(written));
    node.number = value;
    return place(std::move(node));
  }

  bool has_room(const Node& parent, Span span) {
    if (parent.items.size() + parent.members.size() < limits_.list_items) return true;
    diagnostics_.error("list-too-long", span,
                       fmt::format("more than {} entries in one array or object", limits_.list_items));
    return false;
  }

  bool open(Node::Kind kind) {
    if (open_.size() >= limits_.depth) {
      diagnostics_.error("nesting-too-deep", token(),
                         fmt::format("objects and arrays are nested more than {} deep", limits_.depth));
      return false;
    }
    open_.push_back(made(kind, {}));
    keys_.emplace_back();
    return true;
  }
  bool close() {
    Node done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    end_ = read_;
    return place(std::move(done));
  }
  bool place(Node node) {
    if (++nodes_ > limits_.nodes) {
      diagnostics_.error("too-many-values", node.span, fmt::format("more than {} values in one file", limits_.nodes));
      return false;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return true;
    }
    Node& parent = open_.back();
    if (parent.kind == Node::Kind::map) {
      parent.members.back().value = std::move(node);
      return true;
    }
    if (!has_room(parent, node.span)) return false;
    parent.items.push_back(std::move(node));
    return true;
  }

  const std::string& text_;
  FileId file_;
  Diagnostics& diagnostics_;
  const Limits& limits_;
  std::vector<Node> open_;
  std::vector<std::unordered_set<std::string>> keys_;  ///< of the open objects
  std::size_t nodes_ = 0;
  Node root_;
  std::size_t read_ = 0;  ///< bytes that the parser has taken
  std::size_t end_ = 0;   ///< of the last key, value or bracket
  Position position_{text_};
};

}  // namespace

std::optional<Node> read_json(const SourceMap& sources, FileId file, Diagnostics& diagnostics, const Limits& limits) {
  const std::string& text = sources[file].text;
  Builder builder(text, file, diagnostics, limits);
  const Counted begin(text.data(), builder.read());
  const Counted end(text.data() + text.size(), builder.read());
  if (!Json::sax_parse(begin, end, &builder)) return std::nullopt;
  return builder.take();
}

}  // namespace sovrisk
