#include "load/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace sovrisk {

namespace {

/// Follows a JSON pointer of object keys ("/definitions/id").
const Node* at_pointer(const Node& root, std::string_view pointer) {
  const Node* node = &root;
  while (!pointer.empty() && node != nullptr) {
    pointer.remove_prefix(1);
    const auto end = pointer.find('/');
    node = node->find(pointer.substr(0, end));
    pointer = end == std::string_view::npos ? std::string_view() : pointer.substr(end);
  }
  return node;
}

}  // namespace

std::string_view name_of(Type::Kind kind) {
  switch (kind) {
    case Type::Kind::boolean: return "true or false";
    case Type::Kind::number: return "a number";
    case Type::Kind::share: return "a share";
    case Type::Kind::text: return "text";
    case Type::Kind::country: return "a country";
    case Type::Kind::date: return "a date";
    case Type::Kind::duration: return "a duration";
    case Type::Kind::condition: return "a condition";
    case Type::Kind::set: return "a map of fact paths";
    case Type::Kind::list: return "a list";
    case Type::Kind::map: return "a map";
    case Type::Kind::any: return "a value";
  }
  return "a value";
}

const Node* SchemaSet::find(std::string_view name) const {
  const auto found = schemas_.find(name);
  return found == schemas_.end() ? nullptr : &found->second;
}

std::vector<std::string> SchemaSet::names() const {
  std::vector<std::string> names;
  for (const auto& [name, schema] : schemas_)
    names.push_back(name);
  return names;
}

const Node& SchemaSet::resolve(const Node& schema) const {
  if (schema.find("$ref") == nullptr) return schema;
  if (const auto found = resolved_.find(&schema); found != resolved_.end()) return *found->second;
  const Node& target = follow(schema);
  resolved_.emplace(&schema, &target);
  return target;
}

const Node& SchemaSet::follow(const Node& schema) const {
  const Node* node = &schema;
  // INVARIANT: schemas/ holds no cycle of bare references; the bound turns a mistake there into an error.
  for (int hops = 0; hops < 16; ++hops) {
    const std::string_view reference = node->text_of("$ref");
    if (reference.empty()) return *node;
    const auto hash = reference.find('#');
    const std::string_view file = reference.substr(0, hash);
    const std::string_view pointer = hash == std::string_view::npos ? std::string_view() : reference.substr(hash + 1);
    // References within one file only occur in the shared definitions.
    const Node* root = find(file.empty() ? std::string_view("common.schema.json") : file);
    node = root != nullptr ? at_pointer(*root, pointer) : nullptr;
    if (node == nullptr) throw std::logic_error(fmt::format("schema reference {} leads nowhere", reference));
  }
  throw std::logic_error("schema references form a cycle");
}

const Type& SchemaSet::type_of(const Node& unresolved) const {
  const Node& schema = resolve(unresolved);
  if (const auto found = types_.find(&schema); found != types_.end()) return found->second;
  return types_.emplace(&schema, make_type(schema)).first->second;
}

Type SchemaSet::make_type(const Node& schema) const {
  Type type;
  if (const Node* parts = schema.find("allOf")) {
    for (const Node& part : parts->items) {
      Type inner = type_of(part);
      if (inner.kind != Type::Kind::any) type = std::move(inner);
    }
  }
  if (const Node* parts = schema.find("anyOf")) {
    for (const Node& part : parts->items) {
      Type inner = type_of(part);
      // A localised text is text for the language, whichever form it has; a constant adds only a word.
      const bool better =
          type.kind == Type::Kind::any || (type.kind == Type::Kind::text && type.words.empty() &&
                                           inner.kind != Type::Kind::any && inner.kind != Type::Kind::map);
      if (inner.kind != Type::Kind::any && better) type = std::move(inner);
    }
  }
  const std::string_view plain = schema.text_of("type");
  if (plain == "boolean") type.kind = Type::Kind::boolean;
  if (plain == "number" || plain == "integer") type.kind = Type::Kind::number;
  if (plain == "string") type.kind = Type::Kind::text;
  if (plain == "array") {
    type.kind = Type::Kind::list;
    type.items = schema.find("items");
  }
  if (plain == "object") {
    type.kind = Type::Kind::map;
    type.map = &schema;
  }
  if (const Node* words = schema.find("enum")) {
    type.kind = Type::Kind::text;
    type.words.clear();
    for (const Node& word : words->items)
      if (word.text != "unknown") type.words.push_back(word.text);
    type.sorted = std::is_sorted(type.words.begin(), type.words.end());
  }
  const std::string_view meaning = schema.text_of("x-sovrisk");
  if (meaning == "boolean") type.kind = Type::Kind::boolean;
  if (meaning == "number") type.kind = Type::Kind::number;
  if (meaning == "share") type.kind = Type::Kind::share;
  if (meaning == "country") type.kind = Type::Kind::country;
  if (meaning == "date") type.kind = Type::Kind::date;
  if (meaning == "duration") type.kind = Type::Kind::duration;
  if (meaning == "condition") type.kind = Type::Kind::condition;
  if (meaning == "set") type.kind = Type::Kind::set;
  if (meaning.starts_with("ref:")) type.refers_to = meaning.substr(4);
  return type;
}

const Node* SchemaSet::property(const Node& map_schema, std::string_view key) const {
  const Node& schema = resolve(map_schema);
  if (const Node* properties = schema.find("properties"))
    if (const Node* found = properties->find(key)) return found;
  const Node* more = schema.find("additionalProperties");
  return more != nullptr && more->kind == Node::Kind::map ? more : nullptr;
}

std::vector<std::string> SchemaSet::keys(const Node& map_schema) const {
  std::vector<std::string> keys;
  if (const Node* properties = resolve(map_schema).find("properties"))
    for (const Member& member : properties->members)
      keys.push_back(member.key);
  return keys;
}

void SchemaSet::walk(const Node& value, const Node& unresolved, const Visit& visit) const {
  const Node& schema = resolve(unresolved);
  visit(value, schema, type_of(schema));
  if (const Node* parts = schema.find("allOf"))
    for (const Node& part : parts->items)
      walk(value, part, visit);
  if (const Node* parts = schema.find("anyOf"))
    if (const Node* fit = alternative(value, *parts)) walk(value, *fit, visit);
  for (const Member& member : value.members)
    if (const Node* property = this->property(schema, member.key)) walk(member.value, *property, visit);
  if (const Node* items = schema.find("items"); items != nullptr && value.kind == Node::Kind::list)
    for (const Node& item : value.items)
      walk(item, *items, visit);
}

std::string schema_for_format(std::string_view format) {
  constexpr std::string_view head = "sovrisk-";
  constexpr std::string_view tail = "/1";
  if (!format.starts_with(head) || !format.ends_with(tail) || format.size() <= head.size() + tail.size()) return {};
  return fmt::format("{}.schema.json", format.substr(head.size(), format.size() - head.size() - tail.size()));
}

}  // namespace sovrisk
