#include "facts/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "facts/value.h"

namespace sovrisk {

namespace {

/// Keys of a profile that name, date or explain, and state nothing.
constexpr std::array no_facts{"format", "id",    "name",  "aliases", "sources", "conflicts",  "earlier",       "source",
                              "note",   "about", "as_of", "from",    "until",   "confidence", "infrastructure"};

template <class List>
bool holds(const List& list, std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

class Gatherer {
 public:
  Gatherer(const Document& document, const SchemaSet& schemas) : document_(document), schemas_(schemas) {}

  std::vector<Claim> run() {
    gather(document_.root, *schemas_.find(fmt::format("{}.schema.json", document_.kind)), {});
    return std::move(claims_);
  }

 private:
  /// `naming` is the key that names the item in its list: where the item says more, the name by itself states nothing.
  void gather(const Node& map, const Node& schema, Claim here, std::string_view naming = {}) {
    const Type& type = schemas_.type_of(schema);
    static const Node no_schema;
    const Node& properties = type.map != nullptr ? *type.map : no_schema;
    read(map, here);
    const Node* about = map.find("about");
    const bool says_more = std::any_of(map.members.begin(), map.members.end(), [&](const Member& member) {
      return member.key != naming && !holds(no_facts, member.key);
    });
    for (const Member& member : map.members) {
      if (holds(no_facts, member.key) || (member.key == naming && says_more)) continue;
      const Node* property = schemas_.property(properties, member.key);
      Claim claim = here;
      claim.path += (claim.path.empty() ? "" : ".") + member.key;
      claim.span = member.key_span;
      if (const Node* entry = about != nullptr ? about->find(member.key) : nullptr) read(*entry, claim);
      value(member.value, property != nullptr ? *property : no_schema, claim);
    }
  }

  void value(const Node& node, const Node& schema, const Claim& claim) {
    if (node.kind == Node::Kind::map) {
      gather(node, schema, claim);
      return;
    }
    const bool of_maps = std::any_of(node.items.begin(), node.items.end(),
                                     [](const Node& item) { return item.kind == Node::Kind::map; });
    const bool says_nothing = node.kind == Node::Kind::null || node.is_text("unknown") ||
                              (node.items.size() == 1 && node.items.front().is_text("unknown"));
    if (says_nothing) return;
    if (!of_maps) {
      keep(claim);
      return;
    }
    const Node* items = schemas_.type_of(schema).items;
    static const Node no_schema;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const Node& item = node.items[i];
      if (item.kind != Node::Kind::map) continue;
      Claim of_item = claim;
      of_item.span = item.span;
      of_item.path = fmt::format("{}[{}]", claim.path, name_of(item, i));
      gather(item, items != nullptr ? *items : no_schema, of_item, naming_of(item));
    }
  }

  static std::string_view naming_of(const Node& item) {
    const auto* key = std::find_if(std::begin(naming_keys), std::end(naming_keys),
                                   [&](std::string_view name) { return !item.text_of(name).empty(); });
    return key == std::end(naming_keys) ? std::string_view() : *key;
  }

  static std::string name_of(const Node& item, std::size_t place) {
    const std::string_view key = naming_of(item);
    return key.empty() ? fmt::format("{}", place + 1) : std::string(item.text_of(key));
  }

  /// A map that names a source, a confidence or a day says so for all in it. A confidence without a source of its own
  /// stays that of the source around it.
  static void read(const Node& from, Claim& claim) {
    if (const Node* source = from.find("source")) {
      claim.sources.clear();
      if (source->kind == Node::Kind::text) claim.sources.push_back(source->text);
      for (const Node& item : source->items)
        claim.sources.push_back(item.text);
      claim.confidence.clear();
      claim.day.reset();
    }
    if (const std::string_view confidence = from.text_of("confidence"); !confidence.empty())
      claim.confidence = confidence;
    if (const auto day = Date::parse(from.text_of("as_of"))) claim.day = day;
  }

  void keep(Claim claim) {
    const Node* sources = document_.root.find("sources");
    std::optional<Date> newest;
    std::string weakest;
    constexpr std::array kinds{"primary", "secondary", "claim"};
    for (const std::string& id : claim.sources) {
      const Node* source = sources != nullptr ? sources->find(id) : nullptr;
      if (source == nullptr) continue;
      auto day = Date::parse(source->text_of("date"));
      if (!day) day = Date::parse(source->text_of("seen"));
      if (day && (!newest || *newest < *day)) newest = day;
      const auto* kind = std::find(kinds.begin(), kinds.end(), source->text_of("kind"));
      if (kind != kinds.end() && (weakest.empty() || std::find(kinds.begin(), kinds.end(), weakest) < kind))
        weakest = *kind;
    }
    if (!claim.day) claim.day = newest;
    if (claim.confidence.empty()) claim.confidence = weakest;
    claims_.push_back(std::move(claim));
  }

  const Document& document_;
  const SchemaSet& schemas_;
  std::vector<Claim> claims_;
};

}  // namespace

std::vector<Claim> claims_of(const Document& document, const SchemaSet& schemas) {
  return Gatherer(document, schemas).run();
}

void check_claims(const Document& document, const SchemaSet& schemas, Date as_of, int days, Diagnostics& diagnostics) {
  const std::int64_t oldest = as_of.days() - days;
  for (const Claim& claim : claims_of(document, schemas)) {
    if (claim.sources.empty())
      diagnostics.error("unsourced-fact", claim.span, fmt::format("`{}` has no source", claim.path),
                        "name one under `source` of its map, or under `about`");
    if (claim.day && claim.day->days() < oldest)
      diagnostics.warning("stale-fact", claim.span,
                          fmt::format("`{}` tells of {}, more than {} days ago", claim.path, claim.day->text(), days),
                          "look again, and give the new day as `as_of`");
  }
}

}  // namespace sovrisk
