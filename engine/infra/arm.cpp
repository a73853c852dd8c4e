#include <algorithm>
#include <map>

#include "load/ascii.h"

#include "infra/templates.h"

namespace sovrisk::infra {

namespace {

constexpr int deepest = 40;  // of deployments in deployments, and of variables in variables

/// What the names of one template mean.
struct Scope {
  const Node* root = nullptr;
  std::map<std::string, Said> given;  ///< parameters, as the deployment around gives them
};

/// A member by its name, whatever the case: ARM looks at none.
const Node* find(const Node* map, std::string_view name) {
  if (map == nullptr) return nullptr;
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (const Member& member : map->members)
    if (std::equal(member.key.begin(), member.key.end(), name.begin(), name.end(),
                   [&](char a, char b) { return small(a) == small(b); }))
      return &member.value;
  return nullptr;
}

std::string_view text_of(const Node& map, std::string_view name) {
  const Node* node = find(&map, name);
  return node != nullptr && node->kind == Node::Kind::text ? std::string_view(node->text) : std::string_view();
}

/// "parameters('name').rest" taken apart; false for anything else.
bool call_of(std::string_view expression, std::string& function, std::string& name, std::string& rest) {
  const auto open = expression.find("('");
  const auto close = open == std::string_view::npos ? open : expression.find("')", open);
  if (close == std::string_view::npos) return false;
  function = lower_ascii(expression.substr(0, open));
  name = expression.substr(open + 2, close - open - 2);
  rest = expression.substr(close + 2);
  return name.find_first_of("'(), ") == std::string::npos &&
         (rest.empty() || (rest[0] == '.' && rest.find_first_of("[]()', ") == std::string::npos));
}

class Reader {
 public:
  Reader(const PlacementTables& tables, const InfrastructureOptions& options) : tables_(tables), options_(options) {}

  Infrastructure run(const Node& root) {
    result_.kind = "arm";
    result_.format = root.text_of("$schema");
    Scope scope;
    scope.root = &root;
    resources(find(&root, "resources"), scope, {}, {}, {}, 0);
    return std::move(result_);
  }

 private:
  /// A list, or a map by symbolic name as of language version 2.0.
  void resources(const Node* list, const Scope& scope, const std::string& module, const std::string& parent,
                 const Said& around, int depth) {
    if (list == nullptr || depth > deepest) return;
    for (const Node& item : list->items)
      resource(item, scope, module, parent, around, depth);
    for (const Member& member : list->members)
      resource(member.value, scope, module, parent, around, depth);
  }

  void resource(const Node& node, const Scope& scope, const std::string& module, const std::string& parent,
                const Said& around, int depth) {
    const Node* existing = find(&node, "existing");
    const bool reads = existing != nullptr && existing->boolean;
    PlannedResource resource;
    resource.type = text_of(node, "type");
    if (!parent.empty()) resource.type = parent + "/" + resource.type;
    const Node* name = find(&node, "name");
    const Said named = name != nullptr ? evaluate(*name, scope, 0) : Said{};
    resource.name = named.known() ? named.text : std::string(text_of(node, "name"));
    if (resource.name.starts_with('[') && named.why_unknown == "sensitive") resource.name = "?";
    resource.address = resource.type + "/" + resource.name;
    resource.module = module;
    resource.mode = reads ? "data" : "managed";
    resource.provider = resource.type.substr(0, resource.type.find('/'));
    resource.actions = {reads ? "read" : "create"};
    resource.span = node.span;
    if (find(&node, "copy") != nullptr) note_incomplete(result_, "loop");

    const Speaking speaks = speaking(tables_, "arm", resource.type);
    const TypeFacts facts = speaks.table != nullptr ? facts_of_type(*speaks.table, resource.type) : TypeFacts();
    Said region;
    for (const std::string& attribute : facts.region)
      if (const auto found = values(node, attribute, scope); !found.empty()) {
        region = found.front();
        break;
      }
    if (region.nothing()) region = around;
    if (region.nothing()) region = {{}, speaks.table == nullptr ? "no-table" : "no-region", {}};
    const std::string type = resource.type;
    const std::string address = resource.address;
    if (facts.opaque) {
      deployment(node, scope, module.empty() ? resource.name : module + "/" + resource.name, depth);
    } else {
      std::vector<FurtherSaid> further;
      for (const FurtherPlace& place : facts.also)
        for (const Said& said : values(node, place.attribute, scope))
          if (auto one = further_of(place, said)) further.push_back(std::move(*one));
      if (speaks.table != nullptr)
        for (const std::string& attribute : speaks.table->tags)
          if (const Node* tags = find(&node, attribute))
            for (const Member& member : tags->members)
              if (const Said said = evaluate(member.value, scope, 0); said.known())
                resource.tags[member.key] = said.text;
      OfferingChoice choice = choose_offering(
          speaks.candidates, {}, type, [](const std::string&) { return Setting{}; }, region, tables_, options_);
      if (choice.chain.empty()) choice.chain.push_back({"type " + type, choice.offering});
      settle(resource, facts, region, further, choice);
      key(node, facts, scope, resource);
      result_.resources.push_back(std::move(resource));
    }
    resources(find(&node, "resources"), scope, module, type, region.known() ? region : Said{}, depth + 1);
  }

  void key(const Node& node, const TypeFacts& facts, const Scope& scope, PlannedResource& resource) const {
    if (facts.key == nullptr) return;
    const auto found = values(node, facts.key->key, scope);
    Said said = found.empty() ? Said{} : found.front();
    if (said.why_unknown == "dynamic" || said.why_unknown == "environment") said = {"set", {}, {}};
    resource.key = key_of(*facts.key, said);
  }

  /// A deployment inside the template, with its own parameters or with those around it.
  void deployment(const Node& node, const Scope& scope, const std::string& module, int depth) {
    const Node* properties = find(&node, "properties");
    const Node* inner = find(properties, "template");
    if (inner == nullptr) {
      note_incomplete(result_, "linked-template");
      return;
    }
    const Node* options = find(properties, "expressionEvaluationOptions");
    const bool own = options != nullptr && lower_ascii(text_of(*options, "scope")) == "inner";
    Scope inside = scope;
    if (own) {
      inside = {};
      inside.root = inner;
      if (const Node* parameters = find(properties, "parameters"))
        for (const Member& member : parameters->members) {
          const Node* value = find(&member.value, "value");
          inside.given[lower_ascii(member.key)] =
              value != nullptr ? evaluate(*value, scope, 0) : Said{{}, "sensitive", {{"parameters." + member.key, {}}}};
        }
    }
    resources(find(inner, "resources"), inside, module, {}, {}, depth + 1);
  }

  [[nodiscard]] std::vector<Said> values(const Node& from, const std::string& path, const Scope& scope) const {
    std::vector<Said> found;
    gather(from, path, path, scope, found);
    return found;
  }
  void gather(const Node& node, std::string_view path, const std::string& whole, const Scope& scope,
              std::vector<Said>& found) const {
    if (node.kind == Node::Kind::list) {
      for (const Node& item : node.items)
        gather(item, path, whole, scope, found);
      return;
    }
    if (path.empty() || node.kind == Node::Kind::text) {
      if (node.kind == Node::Kind::null) return;
      Said said = path.empty() ? evaluate(node, scope, 0) : Said{{}, "dynamic", {}};
      if (said.nothing()) return;
      said.chain.insert(said.chain.begin(), {whole, said.text});
      found.push_back(std::move(said));
      return;
    }
    const auto dot = path.find('.');
    if (const Node* below = find(&node, path.substr(0, dot)))
      gather(*below, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), whole, scope, found);
  }

  [[nodiscard]] Said evaluate(const Node& node, const Scope& scope, int depth) const {
    if (node.kind != Node::Kind::text) {
      const bool scalar = node.kind == Node::Kind::number || node.kind == Node::Kind::boolean;
      return scalar ? Said{node.text, {}, {}} : Said{{}, "dynamic", {}};
    }
    const std::string_view text = node.text;
    if (!text.starts_with('[') || !text.ends_with(']')) return {node.text, {}, {}};
    if (text.starts_with("[[")) return {std::string(text.substr(1)), {}, {}};
    const std::string expression(text.substr(1, text.size() - 2));
    const std::string bare = lower_ascii(expression);
    if (bare == "resourcegroup().location" || bare == "deployment().location") {
      if (!options_.region.empty()) return {options_.region, {}, {{"--region", options_.region}}};
      return {{}, "environment", {{expression, {}}}};
    }
    std::string function;
    std::string name;
    std::string rest;
    if (depth > deepest || !call_of(expression, function, name, rest)) return {{}, "dynamic", {{"expression", {}}}};
    if (function == "parameters") return parameter(name, rest, scope, depth);
    if (function == "variables") {
      const Node* value = below(find(find(scope.root, "variables"), name), rest);
      if (value == nullptr) return {{}, "dynamic", {{"variables." + name, {}}}};
      Said said = evaluate(*value, scope, depth + 1);
      said.chain.insert(said.chain.begin(), {"variables." + name + rest, said.text});
      return said;
    }
    return {{}, "dynamic", {{function, {}}}};
  }

  static const Node* below(const Node* value, std::string_view rest) {
    while (value != nullptr && !rest.empty()) {
      rest.remove_prefix(1);
      const auto dot = rest.find('.');
      value = find(value, rest.substr(0, dot));
      rest = dot == std::string_view::npos ? std::string_view() : rest.substr(dot);
    }
    return value;
  }

  [[nodiscard]] Said parameter(const std::string& name, const std::string& rest, const Scope& scope, int depth) const {
    const Node* declared = find(find(scope.root, "parameters"), name);
    const std::string at = "parameters." + name + rest;
    if (declared != nullptr && lower_ascii(text_of(*declared, "type")).starts_with("secure"))
      return {{}, "sensitive", {{at, {}}}};
    if (const auto given = scope.given.find(lower_ascii(name)); given != scope.given.end()) {
      if (!rest.empty()) return {{}, "dynamic", {{at, {}}}};
      Said said = given->second;
      said.chain.insert(said.chain.begin(), {at, said.text});
      return said;
    }
    const Node* fallback = below(find(declared, "defaultValue"), rest);
    if (fallback == nullptr) return {{}, "environment", {{at, {}}}};
    Said said = evaluate(*fallback, scope, depth + 1);
    said.chain.insert(said.chain.begin(), {at + ".defaultValue", said.text});
    return said;
  }

  const PlacementTables& tables_;
  const InfrastructureOptions& options_;
  Infrastructure result_;
};

}  // namespace

Infrastructure read_arm(const Node& root, const PlacementTables& tables, const InfrastructureOptions& options) {
  return Reader(tables, options).run(root);
}

}  // namespace sovrisk::infra
