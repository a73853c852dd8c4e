#include "load/node.h"

#include <utility>

#include "load/ascii.h"

namespace sovrisk {

const Member* Node::find_member(std::string_view key) const {
  for (const Member& member : members)
    if (same_key(member.key, key)) return &member;
  return nullptr;
}

const Node* Node::find(std::string_view key) const {
  const Member* member = find_member(key);
  return member != nullptr ? &member->value : nullptr;
}

std::string_view Node::text_of(std::string_view key) const {
  const Node* value = find(key);
  return value != nullptr && value->kind == Kind::text ? std::string_view(value->text) : std::string_view();
}

Node text_node(std::string text, Span span) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = std::move(text);
  node.span = span;
  return node;
}

Node list_node(Span span) {
  Node node;
  node.kind = Node::Kind::list;
  node.span = span;
  return node;
}

Node map_node(Span span) {
  Node node;
  node.kind = Node::Kind::map;
  node.span = span;
  return node;
}

Node& map_under(Node& map, const std::string& key) {
  for (Member& member : map.members)
    if (member.key == key) return member.value;
  return map.members.emplace_back(Member{key, map.span, map_node(map.span)}).value;
}

void set(Node& map, const std::string& key, Node value) { map_under(map, key) = std::move(value); }

Node laid_over(const Node& base, const Node& over) {
  if (base.kind != Node::Kind::map || over.kind != Node::Kind::map) return over;
  Node result = base;
  result.span = over.span;
  for (const Member& member : over.members) {
    if (member.value.kind == Node::Kind::null) {
      erase_if(result.members, [&](const Member& old) { return old.key == member.key; });
    } else if (const Node* below = base.find(member.key)) {
      set(result, member.key, laid_over(*below, member.value));
    } else {
      result.members.push_back(member);
    }
  }
  return result;
}

std::string_view name_of(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::null: return "nothing";
    case Node::Kind::boolean: return "true or false";
    case Node::Kind::number: return "a number";
    case Node::Kind::text: return "text";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a map";
  }
  return "nothing";
}

}  // namespace sovrisk
