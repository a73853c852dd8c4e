#include "interchange/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

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

/// Builds the tree while the parser reads, so that a bound stops it before the tree is large.
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(const std::string& text, FileId file, Diagnostics& diagnostics, const Limits& limits)
      : text_(text), file_(file), diagnostics_(diagnostics), limits_(limits) {}

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
    if (!keys_.back().insert(name).second) {
      diagnostics_.error("duplicate-key", whole_file(), fmt::format("key `{}` is given twice in one object", name),
                         "keep one of the two");
      return false;
    }
    if (!has_room(map)) return false;
    map.members.push_back({std::move(name), {}, {}});
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    diagnostics_.error("json-syntax", place_of(text_, position == 0 ? 0 : position - 1, file_),
                       fmt::format("no JSON: {}", complaint(error.what())), "JSON is read here, not XML or YAML");
    return false;
  }

 private:
  [[nodiscard]] Node made(Node::Kind kind, std::string text) const {
    Node node;
    node.kind = kind;
    node.text = std::move(text);
    node.span.file = file_;
    return node;
  }
  bool scalar(Node::Kind kind, std::string text) { return place(made(kind, std::move(text))); }
  bool number(double value, std::string written) {
    Node node = made(Node::Kind::number, std::move(written));
    node.number = value;
    return place(std::move(node));
  }

  [[nodiscard]] Span whole_file() const { return {file_, 0, 0, 0}; }
  bool has_room(const Node& parent) {
    if (parent.items.size() + parent.members.size() < limits_.list_items) return true;
    diagnostics_.error("list-too-long", whole_file(),
                       fmt::format("more than {} entries in one array or object", limits_.list_items));
    return false;
  }

  bool open(Node::Kind kind) {
    if (open_.size() >= limits_.depth) {
      diagnostics_.error("nesting-too-deep", whole_file(),
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
    return place(std::move(done));
  }
  bool place(Node node) {
    if (++nodes_ > limits_.nodes) {
      diagnostics_.error("too-many-values", whole_file(),
                         fmt::format("more than {} values in one file", limits_.nodes));
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
    if (!has_room(parent)) return false;
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
};

}  // namespace

std::optional<Node> read_json(const SourceMap& sources, FileId file, Diagnostics& diagnostics, const Limits& limits) {
  const std::string& text = sources[file].text;
  Builder builder(text, file, diagnostics, limits);
  if (!Json::sax_parse(text, &builder)) return std::nullopt;
  return builder.take();
}

}  // namespace sovrisk
