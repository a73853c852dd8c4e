#include "load/reader.h"

#include <fmt/format.h>
#include <sha256.h>
#include <yaml-cpp/binary.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "load/utf8.h"

namespace sovrisk {

namespace {

/// Thrown to leave the parser when a bound is passed; the diagnostic is already recorded.
struct Stop {};

/// Plain scalars by the YAML 1.2 core schema (section 10.3.2). YAML 1.1's yes/no/on/off stay text.
void resolve_plain(Node& node) {
  const std::string& text = node.text;
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") {
    node.kind = Node::Kind::null;
    return;
  }
  if (text == "true" || text == "True" || text == "TRUE" || text == "false" || text == "False" || text == "FALSE") {
    node.kind = Node::Kind::boolean;
    node.boolean = text[0] == 't' || text[0] == 'T';
    return;
  }
  const char* begin = text.data();
  const char* end = begin + text.size();
  const char* digits = *begin == '+' || *begin == '-' ? begin + 1 : begin;
  const bool looks_numeric =
      digits != end && ((*digits >= '0' && *digits <= '9') ||
                        (*digits == '.' && digits + 1 != end && digits[1] >= '0' && digits[1] <= '9'));
  if (looks_numeric) {
    double value = 0;
    const auto result = std::from_chars(*begin == '+' ? digits : begin, end, value);
    if (result.ec == std::errc() && result.ptr == end) {
      node.kind = Node::Kind::number;
      node.number = value;
      return;
    }
  }
  node.kind = Node::Kind::text;
}

class Builder : public YAML::EventHandler {
 public:
  Builder(const SourceMap& sources, FileId file, Diagnostics& diagnostics, const Limits& limits, LocalTags tags)
      : text_(sources[file].text), file_(file), diagnostics_(diagnostics), limits_(limits), tags_(tags) {
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i)
      if (text_[i] == '\n') line_starts_.push_back(i + 1);
  }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.span = span(mark, 1);
    finish(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      diagnostics_.error("yaml-syntax", span(mark, 1), "an alias inside its own anchor");
      throw Stop{};
    }
    add_nodes(count(found->second), mark);
    check_depth(stack_.size() + depth(found->second), span(mark, 1));
    place(found->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add_nodes(1, mark);
    Node node;
    node.text = value;
    node.span = span(mark, scalar_length(mark, value));
    if (tag == "?" || tag.empty()) {
      resolve_plain(node);
    } else if (is_local(tag)) {
      node.kind = Node::Kind::text;
      node = under_tag(tag, std::move(node));
    } else {
      node.kind = Node::Kind::text;
      check_tag(tag, span(mark, written_length(mark)));
    }
    finish(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Node take() { return std::move(root_); }
  [[nodiscard]] Span span(const YAML::Mark& mark, std::size_t length) const {
    // yaml-cpp counts columns in bytes; people count characters.
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    const std::size_t start = line < line_starts_.size() ? line_starts_[line] : text_.size();
    const std::size_t bytes = std::min(static_cast<std::size_t>(std::max(mark.column, 0)), text_.size() - start);
    const std::size_t column = utf8::character_starts(std::string_view(text_).substr(start, bytes)).size();
    return {file_, static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(column + 1),
            static_cast<std::uint32_t>(length)};
  }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    bool expects_key = true;
    std::string tag;  ///< a local one, when those become keys
    std::string key;
    Span key_span;
    bool drop_value = false;  ///< the key was a duplicate or no text: read its value, do not keep it
  };

  static std::size_t count(const Node& node) {
    std::size_t total = 1;
    for (const Node& item : node.items)
      total += count(item);
    for (const Member& member : node.members)
      total += count(member.value);
    return total;
  }

  static std::size_t depth(const Node& node) {
    std::size_t deepest = 0;
    for (const Node& item : node.items)
      deepest = std::max(deepest, depth(item));
    for (const Member& member : node.members)
      deepest = std::max(deepest, depth(member.value));
    return deepest + (node.kind == Node::Kind::list || node.kind == Node::Kind::map ? 1 : 0);
  }

  void check_depth(std::size_t depth, Span at) {
    if (depth <= limits_.depth) return;
    diagnostics_.error("nesting-too-deep", at,
                       fmt::format("maps and lists are nested more than {} deep", limits_.depth));
    throw Stop{};
  }

  void add_nodes(std::size_t more, const YAML::Mark& mark) {
    nodes_ += more;
    if (nodes_ <= limits_.nodes) return;
    diagnostics_.error("alias-expansion", span(mark, 1), fmt::format("more than {} values in one file", limits_.nodes),
                       "write fewer aliases (`*name`) or split the file");
    throw Stop{};
  }

  /// Length of the word at a mark, as written.
  [[nodiscard]] std::size_t written_length(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    if (line >= line_starts_.size()) return 1;
    const std::size_t at = line_starts_[line] + static_cast<std::size_t>(std::max(mark.column, 0));
    const std::size_t end = std::min(text_.find_first_of(" \n", at), text_.size());
    return at < end ? utf8::character_starts(std::string_view(text_).substr(at, end - at)).size() : 1;
  }

  [[nodiscard]] bool is_local(const std::string& tag) const {
    return tags_ == LocalTags::as_keys && tag.size() > 1 && tag[0] == '!' && tag[1] != '!';
  }

  static Node under_tag(const std::string& tag, Node node) {
    Node map = map_node(node.span);
    const Span span = node.span;
    map.members.push_back({tag, span, std::move(node)});
    return map;
  }

  void check_tag(const std::string& tag, Span at) {
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return;
    diagnostics_.error("tag-not-supported", at, fmt::format("tag `{}` is not supported", tag), "remove the tag");
  }

  /// Length in characters of the scalar as written on its first line.
  [[nodiscard]] std::size_t scalar_length(const YAML::Mark& mark, const std::string& value) const {
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    if (line >= line_starts_.size()) return 1;
    const std::size_t at = line_starts_[line] + static_cast<std::size_t>(std::max(mark.column, 0));
    std::size_t end = text_.find('\n', at);
    if (end == std::string::npos) end = text_.size();
    if (at >= end) return 1;
    const std::string_view rest = std::string_view(text_).substr(at, end - at);
    std::size_t bytes = 0;
    if (rest[0] == '"' || rest[0] == '\'') {
      const char quote = rest[0];
      for (bytes = 1; bytes < rest.size(); ++bytes) {
        const bool doubled = quote == '\'' && rest.substr(bytes, 2) == "''";
        if (doubled || (quote == '"' && rest[bytes] == '\\')) {
          ++bytes;
        } else if (rest[bytes] == quote) {
          break;
        }
      }
      bytes = std::min(bytes + 1, rest.size());
    } else {
      bytes = std::min(value.size(), rest.size());
    }
    return std::max<std::size_t>(utf8::character_starts(rest.substr(0, bytes)).size(), 1);
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    add_nodes(1, mark);
    check_depth(stack_.size() + 1, span(mark, 1));
    Open open;
    open.node.kind = kind;
    open.node.span = span(mark, 1);
    open.anchor = anchor;
    if (is_local(tag)) {
      open.tag = tag;
    } else if (!tag.empty() && tag != "?" && tag != "tag:yaml.org,2002:map" && tag != "tag:yaml.org,2002:seq") {
      check_tag(tag, open.node.span);
    }
    stack_.push_back(std::move(open));
  }

  void close() {
    Open done = std::move(stack_.back());
    stack_.pop_back();
    if (!done.tag.empty()) done.node = under_tag(done.tag, std::move(done.node));
    finish(std::move(done.node), done.anchor);
  }

  void finish(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    place(std::move(node));
  }

  void check_length(std::size_t length, const Node& node) {
    if (length < limits_.list_items) return;
    diagnostics_.error("list-too-long", node.span,
                       fmt::format("more than {} entries in one list or map", limits_.list_items));
    throw Stop{};
  }

  void place(Node node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& top = stack_.back();
    if (top.node.kind == Node::Kind::list) {
      check_length(top.node.items.size(), top.node);
      top.node.items.push_back(std::move(node));
      return;
    }
    if (top.expects_key) {
      take_key(top, node);
    } else if (!top.drop_value) {
      check_length(top.node.members.size(), top.node);
      top.node.members.push_back({std::move(top.key), top.key_span, std::move(node)});
    }
    top.expects_key = !top.expects_key;
  }

  void take_key(Open& top, const Node& node) {
    top.drop_value = false;
    if (node.kind == Node::Kind::list || node.kind == Node::Kind::map || node.kind == Node::Kind::null) {
      diagnostics_.error("key-not-text", node.span, fmt::format("a key is {}, not text", name_of(node.kind)));
      top.drop_value = true;
      return;
    }
    if (const Member* first = top.node.find_member(node.text)) {
      auto& found = diagnostics_.error("duplicate-key", node.span, fmt::format("key `{}` is given twice", node.text),
                                       "keep one of the two");
      found.related.push_back({first->key_span, "first given here"});
      top.drop_value = true;
      return;
    }
    top.key = node.text;
    top.key_span = node.span;
  }

  const std::string& text_;
  FileId file_;
  Diagnostics& diagnostics_;
  const Limits& limits_;
  LocalTags tags_;
  std::vector<std::size_t> line_starts_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  Node root_;
};

/// The place of a byte offset.
Span place_of(std::string_view text, std::size_t at, FileId file) {
  const auto line =
      static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  const std::size_t start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  const auto column = static_cast<std::uint32_t>(utf8::character_starts(text.substr(start, at - start)).size());
  return {file, line + 1, column + 1, 1};
}

}  // namespace

std::optional<Node> read_yaml(const SourceMap& sources, FileId file, Diagnostics& diagnostics, const Limits& limits,
                              LocalTags tags) {
  const std::string& text = sources[file].text;
  if (const std::size_t bad = utf8::find_invalid(text); bad != std::string::npos) {
    diagnostics.error("not-utf8", place_of(text, bad, file), "the file is not valid UTF-8", "save it as UTF-8");
    return std::nullopt;
  }
  if (const auto bad =
          std::find_if(text.begin(), text.end(),
                       [](char c) {
                         return static_cast<unsigned char>(c) == 0x7f ||
                                (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t');
                       });
      bad != text.end()) {
    const auto at = static_cast<std::size_t>(bad - text.begin());
    diagnostics.error("control-character", place_of(text, at, file),
                      fmt::format("the file holds the control character U+{:04X}", static_cast<unsigned char>(*bad)),
                      "remove it");
    return std::nullopt;
  }
  Builder builder(sources, file, diagnostics, limits, tags);
  std::istringstream stream(text);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      diagnostics.error("empty-file", {file, 1, 1, 1}, "the file holds no document",
                        "`sovrisk schema` lists the formats");
      return std::nullopt;
    }
    Node root = builder.take();
    class Second : public Builder {
     public:
      using Builder::Builder;
      void OnDocumentStart(const YAML::Mark& mark) override { at = span(mark, 3); }
      Span at;
    };
    Diagnostics ignored;
    Second second(sources, file, ignored, limits, tags);
    if (parser.HandleNextDocument(second)) {
      diagnostics.error("more-than-one-document", second.at, "the file holds more than one document",
                        "write one document per file");
    }
    return root;
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    diagnostics.error(
        error.msg.find("eep") != std::string::npos && dynamic_cast<const YAML::ParserException*>(&error) == nullptr
            ? "nesting-too-deep"
            : "yaml-syntax",
        builder.span(error.mark, 1), error.msg, "a text with one of : ? # , [ ] { } in it may need quotes");
    return std::nullopt;
  }
}

FileId read_file(SourceMap& sources, const std::string& path, Diagnostics& diagnostics, const Limits& limits) {
  SourceFile file;
  file.path = path == "-" ? "<stdin>" : path;
  std::ifstream disk;
  std::istream* in = &std::cin;
  if (path != "-") {
    std::error_code problem;
    const bool folder = std::filesystem::is_directory(path, problem);
    disk.open(path, std::ios::binary);
    if (folder || !disk) {
      const FileId id = sources.add(std::move(file));
      diagnostics.error("file-not-readable", {id, 0, 0, 0},
                        folder ? "is a folder, not a file" : "cannot be read (does it exist?)");
      return no_file;
    }
    in = &disk;
  }
  std::array<char, 65536> buffer{};
  while (in->read(buffer.data(), buffer.size()) || in->gcount() > 0) {
    file.text.append(buffer.data(), static_cast<std::size_t>(in->gcount()));
    if (file.text.size() > limits.file_bytes) break;
  }
  const bool too_large = file.text.size() > limits.file_bytes;
  if (too_large) file.text.clear();
  file.sha256 = sha256_hex(file.text);
  // A byte order mark is no character of the first line.
  if (file.text.starts_with("\xef\xbb\xbf")) file.text.erase(0, 3);
  const FileId id = sources.add(std::move(file));
  if (too_large) {
    diagnostics.error("file-too-large", {id, 0, 0, 0}, fmt::format("is larger than {} bytes", limits.file_bytes));
    return no_file;
  }
  return id;
}

std::string sha256_hex(std::string_view bytes) {
  std::array<char, SHA256_DIGEST_STRING_LENGTH> hex{};
  SHA256Data(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), hex.data());
  return {hex.data()};
}

std::string base64(std::string_view bytes) {
  return YAML::EncodeBase64(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
}

}  // namespace sovrisk
