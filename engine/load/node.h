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

/// "a map", "a list", "text", "a number", "true or false", "nothing": for messages.
[[nodiscard]] std::string_view name_of(Node::Kind kind);

}  // namespace sovrisk
