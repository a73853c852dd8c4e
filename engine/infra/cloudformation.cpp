#include <algorithm>

#include "infra/templates.h"

namespace sovrisk::infra {

namespace {

constexpr int deepest = 40;            // of functions in functions
constexpr std::size_t longest = 2000;  // of a text made of others: no region is longer

bool is_scalar(const Node& node) {
  return node.kind == Node::Kind::text || node.kind == Node::Kind::number || node.kind == Node::Kind::boolean;
}

/// The name of an intrinsic function, short (`!Sub`) or long (`Fn::Sub`); empty where the map is none.
std::string_view function_of(const Node& node) {
  if (node.kind != Node::Kind::map || node.members.size() != 1) return {};
  std::string_view key = node.members.front().key;
  if (key == "Ref" || key == "!Ref") return "Ref";
  if (key.starts_with("Fn::")) return key.substr(4);
  if (key.starts_with('!')) return key.substr(1);
  return {};
}

class Reader {
 public:
  Reader(const Node& root, const PlacementTables& tables, const InfrastructureOptions& options)
      : root_(root), tables_(tables), options_(options) {}

  Infrastructure run() {
    result_.kind = "cloudformation";
    result_.format = root_.text_of("AWSTemplateFormatVersion");
    if (const Node* resources = root_.find("Resources"))
      for (const Member& member : resources->members) {
        if (member.key.starts_with("Fn::ForEach")) {
          note_incomplete(result_, "loop");
          for (const Node& part : member.value.items)
            for (const Member& one : part.members)
              if (one.value.kind == Node::Kind::map) resource(one);
          continue;
        }
        resource(member);
      }
    return std::move(result_);
  }

 private:
  void resource(const Member& member) {
    PlannedResource resource;
    resource.address = member.key;
    resource.name = member.key;
    resource.type = member.value.text_of("Type");
    resource.mode = "managed";
    resource.provider = resource.type.substr(0, resource.type.rfind("::"));
    resource.actions = {"create"};
    resource.span = member.key_span.line != 0 ? member.key_span : member.value.span;
    if (resource.type.ends_with("::MODULE")) note_incomplete(result_, "unresolved-module");
    static const Node none;
    const Node* properties = member.value.find("Properties");
    if (properties == nullptr) properties = &none;
    const Speaking speaks = speaking(tables_, "cloudformation", resource.type);
    const TypeFacts facts = speaks.table != nullptr ? facts_of_type(*speaks.table, resource.type) : TypeFacts();
    if (facts.opaque) note_incomplete(result_, "linked-template");
    Said region = deployed_to();
    std::vector<FurtherSaid> further;
    if (speaks.table != nullptr) {
      for (const std::string& attribute : facts.region)
        if (const auto found = values(*properties, attribute); !found.empty()) {
          region = found.front();
          break;
        }
      for (const FurtherPlace& place : facts.also)
        for (const Said& said : values(*properties, place.attribute))
          if (auto one = further_of(place, said)) further.push_back(std::move(*one));
      for (const std::string& attribute : speaks.table->tags)
        tags(properties->find(attribute), resource.tags);
    }
    OfferingChoice choice = choose_offering(
        speaks.candidates, {}, resource.type, [](const std::string&) { return Setting{}; }, region, tables_, options_);
    if (choice.chain.empty()) choice.chain.push_back({"type " + resource.type, choice.offering});
    settle(resource, facts, region, further, choice);
    key(*properties, facts, resource);
    result_.resources.push_back(std::move(resource));
  }

  void key(const Node& properties, const TypeFacts& facts, PlannedResource& resource) const {
    if (facts.key == nullptr) return;
    const auto found = values(properties, facts.key->key);
    Said said = found.empty() ? Said{} : found.front();
    // The key of the same template, or one that a parameter names: set, whatever it will be.
    if (said.why_unknown == "dynamic" || said.why_unknown == "environment") said = {"set", {}, {}};
    resource.key = key_of(*facts.key, said);
  }

  void tags(const Node* list, std::map<std::string, std::string>& tags) const {
    if (list == nullptr) return;
    const auto add = [&](const std::string& name, const Node* value) {
      if (value == nullptr || name.empty()) return;
      if (const Said said = evaluate(*value, 0); said.known()) tags[name] = said.text;
    };
    for (const Node& item : list->items)
      add(std::string(item.text_of("Key")), item.find("Value"));
    if (function_of(*list).empty())
      for (const Member& member : list->members)
        add(member.key, &member.value);
  }

  /// The values under a path through maps and lists.
  [[nodiscard]] std::vector<Said> values(const Node& from, const std::string& path) const {
    std::vector<Said> found;
    gather(from, path, path, found);
    return found;
  }
  void gather(const Node& node, std::string_view path, const std::string& whole, std::vector<Said>& found) const {
    if (node.kind == Node::Kind::list) {
      for (const Node& item : node.items)
        gather(item, path, whole, found);
      return;
    }
    if (path.empty()) {
      if (node.kind == Node::Kind::null) return;
      Said said = evaluate(node, 0);
      if (said.nothing()) return;
      said.chain.insert(said.chain.begin(), {whole, said.text});
      found.push_back(std::move(said));
      return;
    }
    if (const std::string_view function = function_of(node); !function.empty()) {
      found.push_back({{}, "dynamic", {{whole, std::string(function)}}});
      return;
    }
    const auto dot = path.find('.');
    if (const Node* below = node.find(path.substr(0, dot)))
      gather(*below, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), whole, found);
  }

  [[nodiscard]] Said deployed_to() const {
    if (!options_.region.empty()) return {options_.region, {}, {{"--region", options_.region}}};
    return {{}, "environment", {{"Region", {}}}};
  }

  static Said dynamic(std::string_view function) { return {{}, "dynamic", {{std::string(function), {}}}}; }

  [[nodiscard]] Said evaluate(const Node& node, int depth) const {
    if (depth > deepest) return dynamic("...");
    if (is_scalar(node)) return {node.text, {}, {}};
    const std::string_view function = function_of(node);
    if (function.empty()) return dynamic("map");
    const Node& argument = node.members.front().value;
    if (function == "Ref") return reference(argument.text, depth);
    if (function == "Sub") return substitute(argument, depth);
    if (function == "FindInMap") return in_map(argument, depth);
    if (function == "GetAZs") {
      // Zones of a region: which of them is for the account to say, and the region is the same.
      const Said region = is_scalar(argument) && argument.text.empty() ? deployed_to() : evaluate(argument, depth + 1);
      return region.nothing() ? deployed_to() : region;
    }
    if (function == "Select" && argument.items.size() == 2) return select(argument, depth);
    if (function == "If" && argument.items.size() == 3) {
      const Said one = evaluate(argument.items[1], depth + 1);
      const Said other = evaluate(argument.items[2], depth + 1);
      return one.known() && one.text == other.text ? one : dynamic(function);
    }
    if (function == "Join" && argument.items.size() == 2) return join(argument, depth);
    return dynamic(function);
  }

  [[nodiscard]] Said select(const Node& argument, int depth) const {
    const Node& from = argument.items[1];
    if (function_of(from) == "GetAZs") return evaluate(from, depth + 1);
    const Node& index = argument.items[0];
    if (from.kind != Node::Kind::list || index.text.size() > 4 || index.text.empty()) return dynamic("Select");
    std::size_t at = 0;
    for (const char c : index.text) {
      if (c < '0' || c > '9') return dynamic("Select");
      at = at * 10 + static_cast<std::size_t>(c - '0');
    }
    return at < from.items.size() ? evaluate(from.items[at], depth + 1) : dynamic("Select");
  }

  [[nodiscard]] Said join(const Node& argument, int depth) const {
    Said joined;
    for (std::size_t i = 0; i < argument.items[1].items.size(); ++i) {
      const Said part = evaluate(argument.items[1].items[i], depth + 1);
      if (!part.known()) return part.why_unknown.empty() ? dynamic("Join") : part;
      joined.text += (i == 0 ? "" : argument.items[0].text) + part.text;
      if (joined.text.size() > longest) return dynamic("Join");
    }
    return joined.text.empty() ? dynamic("Join") : joined;
  }

  [[nodiscard]] Said reference(const std::string& name, int depth) const {
    // Pseudo parameters have two colons in their names, which parameters of a template cannot have.
    if (name.ends_with("::Region")) return deployed_to();
    if (name.ends_with("::NoValue")) return {};
    const Node* parameters = root_.find("Parameters");
    const Node* parameter = parameters != nullptr ? parameters->find(name) : nullptr;
    if (parameter == nullptr) return {{}, "dynamic", {{"Ref", name}}};
    const Node* hidden = parameter->find("NoEcho");
    if (hidden != nullptr && (hidden->text == "true" || hidden->text == "True"))
      return {{}, "sensitive", {{"Ref", name}}};
    const Node* fallback = parameter->find("Default");
    if (fallback == nullptr || parameter->text_of("Type").find("::SSM::") != std::string_view::npos)
      return {{}, "environment", {{"Ref", name}}};
    if (!is_scalar(*fallback)) return {{}, "dynamic", {{"Ref", name}}};
    Said said = evaluate(*fallback, depth + 1);
    said.chain.push_back({"Parameters." + name + ".Default", said.text});
    return said;
  }

  [[nodiscard]] Said substitute(const Node& argument, int depth) const {
    const Node* given = nullptr;
    const Node* text = &argument;
    if (argument.kind == Node::Kind::list && argument.items.size() == 2) {
      text = &argument.items[0];
      given = &argument.items[1];
    }
    if (text->kind != Node::Kind::text) return dynamic("Sub");
    Said said;
    std::string_view rest = text->text;
    while (!rest.empty()) {
      const auto open = rest.find("${");
      said.text += rest.substr(0, open);
      if (open == std::string_view::npos) break;
      rest.remove_prefix(open + 2);
      const auto close = rest.find('}');
      if (close == std::string_view::npos) return dynamic("Sub");
      const std::string name(rest.substr(0, close));
      rest.remove_prefix(close + 1);
      if (name.starts_with('!')) {
        said.text += "${" + name.substr(1) + "}";
        continue;
      }
      const Node* own = given != nullptr ? given->find(name) : nullptr;
      Said part = own != nullptr ? evaluate(*own, depth + 1) : reference(name, depth + 1);
      if (!part.known()) return part.why_unknown.empty() ? dynamic("Sub") : part;
      said.text += part.text;
      if (said.text.size() > longest) return dynamic("Sub");
      said.chain.insert(said.chain.end(), part.chain.begin(), part.chain.end());
    }
    return said;
  }

  [[nodiscard]] Said in_map(const Node& argument, int depth) const {
    const Node* at = root_.find("Mappings");
    if (argument.items.size() < 3) return dynamic("FindInMap");
    std::vector<Step> chain;
    for (std::size_t i = 0; i < 3; ++i) {
      const Said key = evaluate(argument.items[i], depth + 1);
      if (!key.known()) return key.why_unknown.empty() ? dynamic("FindInMap") : key;
      at = at != nullptr ? at->find(key.text) : nullptr;
      if (at == nullptr) return dynamic("FindInMap");
      chain.push_back({"Mappings", key.text});
    }
    if (!is_scalar(*at)) return dynamic("FindInMap");  // mappings hold texts, and no functions
    Said said = evaluate(*at, depth + 1);
    said.chain.insert(said.chain.begin(), chain.begin(), chain.end());
    return said;
  }

  const Node& root_;
  const PlacementTables& tables_;
  const InfrastructureOptions& options_;
  Infrastructure result_;
};

}  // namespace

Infrastructure read_cloudformation(const Node& root, const PlacementTables& tables,
                                   const InfrastructureOptions& options) {
  return Reader(root, tables, options).run();
}

}  // namespace sovrisk::infra
