#include "facts/fact_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace sovrisk {

namespace {

constexpr std::string_view provenance_keys[] = {"source", "confidence", "as_of", "note", "about"};

bool is_provenance(std::string_view key) {
  return std::find(std::begin(provenance_keys), std::end(provenance_keys), key) != std::end(provenance_keys);
}

/// Whether a map of facts is the kind that carries provenance (an entity's `source` key is no fact).
bool carries_provenance(const SchemaSet& schemas, const Node& schema) {
  return schemas.property(schema, "about") != nullptr;
}

void read_provenance(const Node& from, std::string_view document, Origin& origin) {
  if (const Node* source = from.find("source")) {
    origin.sources.clear();
    if (source->kind == Node::Kind::text) origin.sources.push_back(fmt::format("{}:{}", document, source->text));
    for (const Node& item : source->items)
      origin.sources.push_back(fmt::format("{}:{}", document, item.text));
  }
  if (const std::string_view confidence = from.text_of("confidence"); !confidence.empty())
    origin.confidence = confidence;
  if (const auto day = Date::parse(from.text_of("as_of"))) origin.as_of = day;
}

class Converter {
 public:
  Converter(const SchemaSet& schemas, std::string_view document, Date as_of)
      : schemas_(schemas), document_(document), as_of_(as_of) {}

  /// `here` is the origin of everything that does not name one of its own.
  Value convert(const Node& node, const Node& schema, const OriginPtr& here) const {
    if (node.is_text("unknown")) return Value::unknown(here);
    switch (node.kind) {
      case Node::Kind::null: return Value::unknown(here);
      case Node::Kind::boolean: return Value::of(node.boolean, here);
      case Node::Kind::number: return Value::of(node.number, node.number, here);
      case Node::Kind::text: return scalar(node, schemas_.type_of(schema), here);
      case Node::Kind::list: return list(node, schemas_.type_of(schema), here);
      case Node::Kind::map: return map(node, schema, here);
    }
    return Value::unknown();
  }

 private:
  static Value scalar(const Node& node, const Type& type, const OriginPtr& here) {
    if (type.kind == Type::Kind::share) {
      const double share_value = parse_share(node.text);
      return Value::of(share_value, share_value, here);
    }
    if (type.kind == Type::Kind::date)
      if (const auto day = Date::parse(node.text)) return Value::of(*day, here);
    return Value::of(node.text, here);
  }

  Value list(const Node& node, const Type& type, const OriginPtr& here) const {
    if (type.kind == Type::Kind::share && node.items.size() == 2)
      return Value::of(parse_share(node.items[0].text), parse_share(node.items[1].text), here);
    if (type.kind == Type::Kind::number && node.items.size() == 2)
      return Value::of(node.items[0].number, node.items[1].number, here);
    Value list = Value::list();
    list.origin = here;
    static const Node no_schema;
    const Node& items = type.items != nullptr ? *type.items : no_schema;
    list.items.reserve(node.items.size());
    for (const Node& item : node.items) {
      if (item.is_text("unknown")) {
        list.open = true;
      } else if (holds_at(item)) {
        list.items.push_back(convert(item, items, here));
      }
    }
    return list;
  }

  [[nodiscard]] bool holds_at(const Node& item) const {
    if (item.kind != Node::Kind::map) return true;
    const Node* from = item.find("from");
    const Node* until = item.find("until");
    if (from == nullptr && until == nullptr) return true;
    const auto first = from != nullptr ? Date::parse(from->text) : std::nullopt;
    const auto last = until != nullptr ? Date::parse(until->text) : std::nullopt;
    return (!first || *first <= as_of_) && (!last || as_of_ < *last);
  }

  OriginPtr origin_of(const Node& from, const OriginPtr& inherited) const {
    if (from.find("source") == nullptr && from.find("confidence") == nullptr && from.find("as_of") == nullptr)
      return inherited;
    Origin own = *inherited;
    read_provenance(from, document_, own);
    return std::make_shared<const Origin>(std::move(own));
  }

  Value map(const Node& node, const Node& schema, const OriginPtr& inherited) const {
    const Type& type = schemas_.type_of(schema);
    static const Node no_schema;
    const Node& properties = type.map != nullptr ? *type.map : no_schema;
    const bool provenance = carries_provenance(schemas_, properties);
    const OriginPtr here = provenance ? origin_of(node, inherited) : inherited;
    const Node* about = provenance ? node.find("about") : nullptr;
    Value map = Value::map();
    map.origin = here;
    map.members.reserve(node.members.size());
    const Node* no_facts = properties.find("x-sovrisk-no-facts");
    for (const Member& member : node.members) {
      if (provenance && is_provenance(member.key)) continue;
      if (no_facts != nullptr && std::any_of(no_facts->items.begin(), no_facts->items.end(),
                                             [&](const Node& key) { return key.text == member.key; }))
        continue;
      // Dated entries are also the values of free maps (capabilities): one that does not hold yet is unknown.
      if (!holds_at(member.value)) continue;
      const Node* entry = about != nullptr ? about->find(member.key) : nullptr;
      const Node* property = schemas_.property(properties, member.key);
      map.members.emplace_back(member.key, convert(member.value, property != nullptr ? *property : no_schema,
                                                   entry != nullptr ? origin_of(*entry, here) : here));
    }
    return map;
  }

  const SchemaSet& schemas_;
  std::string_view document_;
  Date as_of_;
};

}  // namespace

Value answers_of(const Value& root) {
  Value answers = Value::map();
  for (const std::string_view of : {"offering", "workload"})
    for (const auto& [ruleset, recorded] : root.get(of).get("answers").members) {
      if (answers.find(ruleset) == nullptr) answers.set(ruleset, Value::map());
      for (const auto& [criterion, answer] : recorded.members)
        answers.find(ruleset)->set(criterion, answer);
    }
  return answers;
}

OriginPtr derived_from(std::string what) {
  Origin origin;
  origin.derived = std::move(what);
  return std::make_shared<const Origin>(std::move(origin));
}

double parse_share(std::string_view text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void collect_sources(const Node* sources, std::string_view document_id, SourceTable& table) {
  if (sources == nullptr) return;
  for (const Member& member : sources->members) {
    const auto text = [&](std::string_view key) { return std::string(member.value.text_of(key)); };
    Source source{fmt::format("{}:{}", document_id, member.key),
                  text("title"),
                  text("url"),
                  text("publisher"),
                  text("seen"),
                  text("date"),
                  text("kind")};
    table[source.key] = std::move(source);
  }
}

Value facts_from(const Node& document, const Node& schema, const SchemaSet& schemas, std::string_view document_id,
                 Date as_of) {
  Origin origin;
  origin.document = document_id;
  return Converter(schemas, document_id, as_of)
      .convert(document, schema, std::make_shared<const Origin>(std::move(origin)));
}

namespace {

/// A step of a path: a key, and the name of the item meant in the list under it.
struct Step {
  std::string_view key;
  std::string_view item;
};

/// Takes the first step off a path. Names of items hold no dots or brackets that would end them early.
std::optional<Step> next_step(std::string_view& path) {
  const auto end = path.find_first_of(".[");
  Step step{path.substr(0, end), {}};
  path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  if (path.starts_with('[')) {
    const auto close = path.find(']');
    if (close == std::string_view::npos || close == 1) return std::nullopt;
    step.item = path.substr(1, close - 1);
    path = path.substr(close + 1);
  }
  if (path.starts_with('.')) {
    path = path.substr(1);
    if (path.empty()) return std::nullopt;
  } else if (!path.empty()) {
    return std::nullopt;
  }
  return step;
}

/// The first key of those that name items which items of this schema have.
std::string_view naming_key(const SchemaSet& schemas, const Node& item_schema) {
  const Type& type = schemas.type_of(item_schema);
  for (const std::string_view key : naming_keys)
    if (type.map != nullptr && schemas.property(*type.map, key) != nullptr) return key;
  return {};
}

/// The item of a list of this name, which is made when there is none.
Value& item_of(Value& list, std::string_view name, std::string_view naming, const OriginPtr& origin) {
  if (list.kind != Value::Kind::list) {
    list = Value::list();
    list.open = true;
    list.origin = origin;
  }
  for (Value& item : list.items)
    if (item.get(naming).word() == name) return item;
  Value made = Value::map();
  made.origin = origin;
  made.set(naming, Value::of(std::string(name), origin));
  list.items.push_back(std::move(made));
  return list.items.back();
}

}  // namespace

const Node* schema_at(const SchemaSet& schemas, const Node& root_schema, std::string_view path) {
  const Node* schema = &root_schema;
  while (!path.empty()) {
    const Type& type = schemas.type_of(*schema);
    const auto step = next_step(path);
    if (!step || type.kind != Type::Kind::map || type.map == nullptr) return nullptr;
    schema = schemas.property(*type.map, step->key);
    if (schema == nullptr) return nullptr;
    if (step->item.empty()) continue;
    schema = schemas.type_of(*schema).items;
    if (schema == nullptr || naming_key(schemas, *schema).empty()) return nullptr;
  }
  return schema;
}

EntityPath entity_path(std::string_view path) {
  const auto step = next_step(path);
  if (!step || step->key != "entities" || step->item.empty() || path.empty()) return {};
  return {step->item, path};
}

const Node* settable(const SchemaSet& schemas, std::string_view path) {
  if (const EntityPath of_entity = entity_path(path); !of_entity.entity.empty()) {
    if (of_entity.path == "id" || of_entity.path == "format") return nullptr;
    return schema_at(schemas, *schemas.find("entity.schema.json"), of_entity.path);
  }
  if (!path.starts_with("offering.") && !path.starts_with("workload.")) return nullptr;
  return schema_at(schemas, *schemas.find("facts.schema.json"), path);
}

void apply_set(Value& facts, const Node& set, const SchemaSet& schemas, const Node& root_schema,
               std::string_view document_id, Date as_of, const Node* provenance, std::string_view entity) {
  const Node* about = provenance != nullptr ? provenance->find("about") : nullptr;
  for (const Member& member : set.members) {
    const EntityPath of_entity = entity_path(member.key);
    if (of_entity.entity != entity) continue;
    std::string_view path = entity.empty() ? std::string_view(member.key) : of_entity.path;
    const Node* schema = schema_at(schemas, root_schema, path);
    if (schema == nullptr) continue;  // refused at load
    Origin origin;
    origin.document = document_id;
    if (provenance != nullptr) read_provenance(*provenance, document_id, origin);
    if (const Node* own = about != nullptr ? about->find(member.key) : nullptr)
      read_provenance(*own, document_id, origin);
    const auto here = std::make_shared<const Origin>(std::move(origin));
    Value value = Converter(schemas, document_id, as_of).convert(member.value, *schema, here);
    Value* place = &facts;
    const Node* at = &root_schema;
    while (!path.empty()) {
      const Step step = *next_step(path);
      if (place->kind != Value::Kind::map) *place = Value::map();
      if (place->find(step.key) == nullptr) place->set(step.key, Value::unknown());
      place = place->find(step.key);
      at = schemas.property(*schemas.type_of(*at).map, step.key);
      if (step.item.empty()) continue;
      at = schemas.type_of(*at).items;
      place = &item_of(*place, step.item, naming_key(schemas, *at), here);
    }
    *place = std::move(value);
  }
}

void apply_earlier(Value& facts, const Node& offering, const SchemaSet& schemas, const Node& root_schema,
                   std::string_view document_id, Date as_of) {
  const Node* earlier = offering.find("earlier");
  if (earlier == nullptr) return;
  std::vector<std::pair<Date, const Node*>> due;
  for (const Node& entry : earlier->items)
    if (const auto until = Date::parse(entry.text_of("until")); until && as_of < *until)
      due.emplace_back(*until, &entry);
  // Walk back in time: the change nearest to the assessment date is applied last and wins.
  std::stable_sort(due.begin(), due.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [until, entry] : due)
    if (const Node* set = entry->find("set")) apply_set(facts, *set, schemas, root_schema, document_id, as_of, entry);
}

}  // namespace sovrisk
