// A document as read: a tree of plain values in which every value and every key knows its place.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "load/diagnostic.h"

namespace sovrisk {

struct Member;

/// One value of a YAML or JSON document. Plain scalars are resolved by the YAML 1.2 core schema, so that
/// `NO` is text and `true` a boolean; what a value means beyond that is decided by the format's schema.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, text, list, map };

  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::string text;  ///< the scalar as written, for every scalar kind
  std::vector<Node> items;
  std::vector<Member> members;  ///< in file order; keys are unique
  Span span;

  /// The value under a key, or null when this is no map or has no such key.
  [[nodiscard]] const Node* find(std::string_view key) const;
  /// The member under a key, with the place of the key.
  [[nodiscard]] const Member* find_member(std::string_view key) const;
  /// The text under a key, or empty.
  [[nodiscard]] std::string_view text_of(std::string_view key) const;
  [[nodiscard]] bool is_text(std::string_view value) const { return kind == Kind::text && text == value; }
};

struct Member {
  std::string key;
  Span key_span;
  Node value;
};

/// New values, at the place that brought them about, if any.
[[nodiscard]] Node text_node(std::string text, Span span = {});
[[nodiscard]] Node list_node(Span span = {});
[[nodiscard]] Node map_node(Span span = {});
/// Puts a value under a key of a map, in place of one that is there.
void set(Node& map, const std::string& key, Node value);
/// The map under a key of a map, made when it is not there.
[[nodiscard]] Node& map_under(Node& map, const std::string& key);
/// `base` with the keys of `over` in place of its own, maps within maps alike; lists are replaced whole, and an empty
/// value drops its key.
[[nodiscard]] Node laid_over(const Node& base, const Node& over);

/// "a map", "a list", "text", "a number", "true or false", "nothing": for messages.
[[nodiscard]] std::string_view name_of(Node::Kind kind);

}  // namespace sovrisk
