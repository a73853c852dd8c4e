// A document as read: a tree of plain values in which every value and every key knows its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/diagnostic.h"

namespace sovrisk {

struct Node;
struct Member;

/// Where the values of a list or map of the compiled catalogue stand; the bytes stay as long as the program runs.
struct Unread {
  const char* bytes = nullptr;  ///< null: nothing is waiting to be read
  std::uint32_t size = 0;
  FileId file = no_file;
};
void read_unread(const Unread& place, std::vector<Node>& into);
void read_unread(const Unread& place, std::vector<Member>& into);

/// The values of a list, or the members of a map: a vector. Those of the compiled catalogue are read when somebody
/// first looks at them: a run looks at few of the values that ship. Looking is not for several threads at once.
template <class Item>
class Children {
 public:
  using value_type = Item;
  using const_iterator = typename std::vector<Item>::const_iterator;
  using iterator = typename std::vector<Item>::iterator;

  Children() = default;
  explicit Children(Unread unread) : unread_(unread) {}
  Children(std::vector<Item> items) : read_(std::move(items)) {}
  Children(std::initializer_list<Item> items) : read_(items) {}
  operator const std::vector<Item>&() const { return all(); }

  [[nodiscard]] const_iterator begin() const { return all().begin(); }
  [[nodiscard]] const_iterator end() const { return all().end(); }
  [[nodiscard]] iterator begin() { return all().begin(); }
  [[nodiscard]] iterator end() { return all().end(); }
  [[nodiscard]] std::size_t size() const { return all().size(); }
  [[nodiscard]] bool empty() const { return unread_.bytes == nullptr && read_.empty(); }  // nothing empty waits
  [[nodiscard]] const Item& operator[](std::size_t at) const { return all()[at]; }
  [[nodiscard]] Item& operator[](std::size_t at) { return all()[at]; }
  [[nodiscard]] const Item& front() const { return all().front(); }
  [[nodiscard]] Item& front() { return all().front(); }
  [[nodiscard]] const Item& back() const { return all().back(); }
  [[nodiscard]] Item& back() { return all().back(); }
  void reserve(std::size_t size) { all().reserve(size); }
  void resize(std::size_t size) { all().resize(size); }
  void clear() { *this = Children(); }
  void push_back(Item item) { all().push_back(std::move(item)); }
  template <class... Parts>
  Item& emplace_back(Parts&&... parts) {
    return all().emplace_back(std::forward<Parts>(parts)...);
  }
  iterator insert(const_iterator at, Item item) { return all().insert(at, std::move(item)); }
  template <class From>
  iterator insert(const_iterator at, From first, From last) {
    return all().insert(at, first, last);
  }
  iterator erase(const_iterator at) { return all().erase(at); }
  template <class Predicate>
  friend std::size_t erase_if(Children& children, Predicate predicate) {
    return std::erase_if(children.all(), predicate);
  }

 private:
  std::vector<Item>& all() const {
    if (unread_.bytes != nullptr) {
      read_unread(unread_, read_);
      unread_.bytes = nullptr;
    }
    return read_;
  }

  mutable std::vector<Item> read_;
  mutable Unread unread_;
};

/// One value of a YAML or JSON document. Plain scalars are resolved by the YAML 1.2 core schema, so that
/// `NO` is text and `true` a boolean; what a value means beyond that is decided by the format's schema.
struct Node {
  enum class Kind : std::uint8_t { null, boolean, number, text, list, map };

  Kind kind = Kind::null;
  bool boolean = false;
  double number = 0;
  std::string text;  ///< the scalar as written, for every scalar kind
  Children<Node> items;
  Children<Member> members;  ///< in file order; keys are unique
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
