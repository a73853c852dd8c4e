#include "load/node.h"

namespace sovrisk {

const Member* Node::find_member(std::string_view key) const {
  for (const Member& member : members)
    if (member.key == key) return &member;
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
