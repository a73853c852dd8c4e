#include "exposure/entity_facts.h"

#include <set>

namespace sovrisk {

const Value& EntityFacts::facts(const Document& entity) {
  auto found = facts_.find(entity.id);
  if (found == facts_.end()) {
    const SchemaSet& schemas = catalogue_.schemas();
    const Node& schema = *schemas.find("entity.schema.json");
    found = facts_.emplace(entity.id, facts_from(entity.root, schema, schemas, entity.id, as_of_)).first;
    for (const Document* overlay : corrections_)
      if (const Node* set = overlay->root.find("set"))
        apply_set(found->second, *set, schemas, schema, overlay->id, as_of_, &overlay->root, entity.id);
  }
  return found->second;
}

std::vector<std::string> EntityFacts::named_by(const std::string& id) const {
  std::vector<std::string> named = catalogue_.named_entities(id);
  const auto gather = [&](const auto& self, const Node& node) -> void {
    if (node.kind == Node::Kind::text && catalogue_.has("entity", node.text)) named.push_back(node.text);
    for (const Node& item : node.items)
      self(self, item);
    for (const Member& member : node.members)
      self(self, member.value);
  };
  for (const Document* overlay : corrections_)
    if (const Node* set = overlay->root.find("set"))
      for (const Member& member : set->members)
        if (entity_path(member.key).entity == id) gather(gather, member.value);
  return named;
}

std::vector<std::string> EntityFacts::around(const std::vector<std::string>& named) {
  if (held_.empty())
    for (const std::string& id : catalogue_.ids("entity"))
      for (const std::string& holder : named_by(id))
        held_[holder].push_back(id);
  std::set<std::string> all;
  std::vector<std::string> open = named;
  const auto spread = [&](const auto& next) {
    while (!open.empty()) {
      const std::string id = std::move(open.back());
      open.pop_back();
      if (!catalogue_.has("entity", id)) continue;
      for (const std::string& other : next(id))
        if (all.insert(other).second) open.push_back(other);
    }
  };
  all.insert(named.begin(), named.end());
  spread([&](const std::string& id) { return named_by(id); });
  open.assign(all.begin(), all.end());
  spread([&](const std::string& id) {
    const auto found = held_.find(id);
    return found != held_.end() ? found->second : std::vector<std::string>{};
  });
  std::vector<std::string> known;
  for (const std::string& id : all)
    if (catalogue_.has("entity", id)) known.push_back(id);
  return known;
}

}  // namespace sovrisk
