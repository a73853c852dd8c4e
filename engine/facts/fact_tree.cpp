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
    for (const Member& member : node.members) {
      if (provenance && is_provenance(member.key)) continue;
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

const Node* schema_at(const SchemaSet& schemas, const Node& root_schema, std::string_view path) {
  const Node* schema = &root_schema;
  while (!path.empty()) {
    const Type& type = schemas.type_of(*schema);
    if (type.kind != Type::Kind::map || type.map == nullptr) return nullptr;
    const auto dot = path.find('.');
    schema = schemas.property(*type.map, path.substr(0, dot));
    if (schema == nullptr) return nullptr;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return schema;
}

void apply_set(Value& facts, const Node& set, const SchemaSet& schemas, const Node& root_schema,
               std::string_view document_id, Date as_of, const Node* provenance) {
  for (const Member& member : set.members) {
    const Node* schema = schema_at(schemas, root_schema, member.key);
    if (schema == nullptr) continue;  // refused at load
    Origin origin;
    origin.document = document_id;
    if (provenance != nullptr) read_provenance(*provenance, document_id, origin);
    Value value = Converter(schemas, document_id, as_of)
                      .convert(member.value, *schema, std::make_shared<const Origin>(std::move(origin)));
    Value* place = &facts;
    std::string_view path = member.key;
    for (auto dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
      const std::string_view step = path.substr(0, dot);
      path = path.substr(dot + 1);
      if (place->find(step) == nullptr || place->find(step)->kind != Value::Kind::map) place->set(step, Value::map());
      place = place->find(step);
    }
    place->set(path, std::move(value));
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
