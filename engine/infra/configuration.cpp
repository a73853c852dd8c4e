#include "infra/configuration.h"

#include <fmt/format.h>

#include <algorithm>

namespace sovrisk::infra {

namespace {

constexpr int most_steps = 10'000;
constexpr int deepest = 64;  // of references to references: no module is nested that far, and circles end

std::string joined(const ModulePath& path) {
  std::string out;
  for (const std::string& name : path)
    out += "module." + name + ".";
  return out;
}

std::string place_of(const ModulePath& path, const std::string& what) { return joined(path) + what; }

/// The modules on the way to a value of `configuration`, from the keys that lead to it.
ModulePath path_from(const std::vector<std::string>& keys) {
  ModulePath path;
  for (std::size_t i = 0; i + 1 < keys.size(); ++i)
    if (keys[i] == "module_calls") path.push_back(keys[i + 1]);
  return path;
}

/// A value below a value: `.y` and `["y"]` of a map. Null where there is none.
const Node* below(const Node& value, std::string_view rest) {
  const Node* at = &value;
  while (!rest.empty() && at != nullptr) {
    std::string key;
    if (rest.starts_with("[\"")) {
      const auto end = rest.find("\"]");
      if (end == std::string_view::npos) return nullptr;
      key = rest.substr(2, end - 2);
      rest.remove_prefix(end + 2);
    } else if (rest.starts_with('[')) {
      const auto end = rest.find(']');
      if (end == std::string_view::npos) return nullptr;
      std::size_t index = 0;
      for (const char c : rest.substr(1, end - 1)) {
        if (c < '0' || c > '9' || index > at->items.size()) return nullptr;
        index = index * 10 + static_cast<std::size_t>(c - '0');
      }
      at = index < at->items.size() ? &at->items[index] : nullptr;
      rest.remove_prefix(end + 1);
      continue;
    } else {
      if (rest.starts_with('.')) rest.remove_prefix(1);
      const auto end = rest.find_first_of(".[");
      key = rest.substr(0, end);
      rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    }
    at = at->find(key);
  }
  return at;
}

/// Every text and flag in a value: blocks of endpoints are lists of maps.
void texts_of(const Node& value, std::vector<std::string>& texts) {
  if (value.kind == Node::Kind::text || value.kind == Node::Kind::boolean || value.kind == Node::Kind::number)
    if (!value.text.empty()) texts.push_back(value.text);
  for (const Node& item : value.items)
    texts_of(item, texts);
  for (const Member& member : value.members)
    texts_of(member.value, texts);
}

Setting known(const Node& value, const std::string& at, const std::vector<Step>& chain) {
  std::vector<std::string> texts;
  texts_of(value, texts);
  Setting setting;
  for (const std::string& text : texts) {
    Said said{text, {}, chain};
    said.chain.push_back({at, text});
    setting.push_back(std::move(said));
  }
  return setting;
}

Setting unknown(const std::string& why, std::vector<Step> chain) { return {Said{{}, why, std::move(chain)}}; }

bool is_true(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->kind == Node::Kind::boolean && value->boolean;
}

}  // namespace

ModulePath module_path(std::string_view address) {
  ModulePath path;
  while (address.starts_with("module.")) {
    address.remove_prefix(7);
    const auto end = address.find_first_of(".[");
    path.emplace_back(address.substr(0, end));
    if (end == std::string_view::npos) break;
    address.remove_prefix(end);
    if (address.starts_with('[')) {
      bool quoted = false;
      std::size_t at = 1;
      for (; at < address.size() && (quoted || address[at] != ']'); ++at) {
        if (quoted && address[at] == '\\') {
          ++at;
        } else if (address[at] == '"') {
          quoted = !quoted;
        }
      }
      address.remove_prefix(std::min(at + 1, address.size()));
    }
    if (address.starts_with('.')) address.remove_prefix(1);
  }
  return path;
}

Configuration::Configuration(const std::set<std::string>& attributes) {
  Shapes& s = shapes_;
  s.all.all = true;
  for (const std::string& attribute : attributes)
    s.attributes.members[attribute] = &s.all;

  s.provider.members = {{"name", &s.text},
                        {"full_name", &s.text},
                        {"alias", &s.text},
                        {"module_address", &s.text},
                        {"expressions", &s.all}};
  s.provider.done = [this](Node& value, const std::vector<std::string>& keys) {
    ProviderConfig config;
    config.key = keys.back();
    config.name = value.text_of("name");
    config.full_name = value.text_of("full_name");
    config.alias = value.text_of("alias");
    config.module = module_path(value.text_of("module_address"));
    if (const Node* expressions = value.find("expressions")) config.expressions = *expressions;
    providers_.push_back(std::move(config));
  };
  s.providers.any_member = &s.provider;

  s.resource.members = {{"mode", &s.text},
                        {"type", &s.text},
                        {"name", &s.text},
                        {"provider_config_key", &s.text},
                        {"expressions", &s.attributes}};
  s.resource.done = [this](Node& value, const std::vector<std::string>& keys) {
    Resource resource;
    resource.provider_key = value.text_of("provider_config_key");
    if (const Node* expressions = value.find("expressions")) resource.expressions = *expressions;
    const std::string name = fmt::format("{}{}.{}", value.text_of("mode") == "data" ? "data." : "",
                                         value.text_of("type"), value.text_of("name"));
    resources_[place_of(path_from(keys), name)] = std::move(resource);
  };
  s.resources.items = &s.resource;

  s.variable.members = {{"default", &s.all}, {"sensitive", &s.text}};
  s.variable.done = [this](Node& value, const std::vector<std::string>& keys) {
    Variable& variable = modules_[joined(path_from(keys))].variables[keys.back()];
    variable.sensitive = is_true(value, "sensitive");
    if (const Node* fallback = value.find("default")) {
      variable.has_default = true;
      variable.value = *fallback;
    }
  };
  s.module_variables.any_member = &s.variable;

  s.call_expressions.all = true;
  s.call_expressions.done = [this](Node& value, const std::vector<std::string>& keys) {
    ModulePath path = path_from(keys);
    const std::string name = path.back();
    path.pop_back();
    modules_[joined(path)].calls[name] = std::move(value);
  };
  s.call.members = {{"expressions", &s.call_expressions}, {"module", &s.module}};
  s.calls.any_member = &s.call;
  s.module.members = {{"resources", &s.resources}, {"variables", &s.module_variables}, {"module_calls", &s.calls}};
  s.configuration.members = {{"provider_config", &s.providers}, {"root_module", &s.module}};

  s.variable_value.members = {{"value", &s.all}};
  s.variable_value.done = [this](Node& value, const std::vector<std::string>& keys) {
    if (const Node* given = value.find("value")) given_[keys.back()] = *given;
  };
  s.variables.any_member = &s.variable_value;
}

const Configuration::Resource* Configuration::find(const ModulePath& module, const std::string& resource) const {
  const auto found = resources_.find(place_of(module, resource));
  return found == resources_.end() ? nullptr : &found->second;
}

bool Configuration::knows(const ModulePath& module, const std::string& resource) const {
  return find(module, resource) != nullptr;
}

bool Configuration::names(const ModulePath& module, const std::string& resource, const std::string& attribute) const {
  const Resource* found = find(module, resource);
  return found != nullptr && found->expressions.find(attribute) != nullptr;
}

Said Configuration::attribute(const ModulePath& module, const std::string& resource,
                              const std::string& attribute) const {
  const Resource* found = find(module, resource);
  const Node* expression = found != nullptr ? found->expressions.find(attribute) : nullptr;
  if (expression == nullptr) return {};
  const std::string at = place_of(module, fmt::format("{}: {}", resource, attribute));
  budget_ = most_steps;
  Setting setting = resolve(*expression, module, {}, {{at, {}}}, 0);
  if (setting.size() != 1) return {{}, "dynamic", {{at, {}}}};
  return setting.front();
}

std::vector<std::string> Configuration::references(const ModulePath& module, const std::string& resource,
                                                   const std::string& attribute) const {
  const Resource* found = find(module, resource);
  const Node* expression = found != nullptr ? found->expressions.find(attribute) : nullptr;
  const Node* list = expression != nullptr ? expression->find("references") : nullptr;
  std::vector<std::string> out;
  if (list != nullptr)
    for (const Node& item : list->items)
      out.push_back(item.text);
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return out;
}

std::vector<const ProviderConfig*> Configuration::in_module(const ModulePath& module, const std::string& full_name,
                                                            const std::string& name, const std::string& alias) const {
  std::vector<const ProviderConfig*> found;
  for (const ProviderConfig& config : providers_) {
    const bool same =
        config.full_name.empty() || full_name.empty() ? config.name == name : config.full_name == full_name;
    if (same && config.module == module && config.alias == alias) found.push_back(&config);
  }
  return found;
}

/// Terraform 1.1 and later give the key of the very configuration, followed through `providers = {…}` of module calls.
/// Older plans and other tools name the provider as the resource's own module does ("module.foo:cloud.west"): then the
/// nearest configuration of that name up the modules counts. Which alias a parent passed down as a module's default is
/// not in a plan: where the parents have several that differ, nobody knows, and all of them are given.
std::vector<const ProviderConfig*> Configuration::provider_of(const ModulePath& module, const Resource* resource,
                                                              const std::string& full_name) const {
  std::string local = full_name.substr(full_name.rfind('/') + 1);
  std::string alias;
  if (resource != nullptr && !resource->provider_key.empty()) {
    const std::string& key = resource->provider_key;
    const auto exact =
        std::find_if(providers_.begin(), providers_.end(), [&](const ProviderConfig& one) { return one.key == key; });
    if (exact != providers_.end() && !exact->expressions.members.empty()) return {&*exact};
    local = key.substr(key.rfind(':') + 1);  // npos + 1 is 0
    if (const auto dot = local.find('.'); dot != std::string::npos) {
      alias = local.substr(dot + 1);
      local = local.substr(0, dot);
    }
    if (exact != providers_.end() && exact->module.empty()) return {&*exact};
  }
  ModulePath at = module;
  for (;;) {
    for (const ProviderConfig* config : in_module(at, full_name, local, alias))
      if (!config->expressions.members.empty() || at.empty()) {
        if (at.size() == module.size() || !alias.empty()) return {config};
        // Inherited, or passed down under another name.
        std::vector<const ProviderConfig*> maybe{config};
        for (const ProviderConfig& other : providers_)
          if (&other != config && !other.alias.empty() && other.module.size() <= at.size() &&
              (other.full_name == full_name || other.name == local) && !other.expressions.members.empty())
            maybe.push_back(&other);
        return maybe;
      }
    if (at.empty()) break;
    at.pop_back();
  }
  // A name that only the module knows: any of those that the parents have may stand behind it.
  std::vector<const ProviderConfig*> maybe;
  if (!module.empty())
    for (const ProviderConfig& other : providers_)
      if ((other.full_name == full_name || other.name == local) && !other.expressions.members.empty())
        maybe.push_back(&other);
  return maybe;
}

Setting Configuration::provider_setting(const ModulePath& module, const std::string& resource,
                                        const std::string& full_name, const std::string& name) const {
  // Thousands of resources share one provider.
  const Resource* found = find(module, resource);
  std::string key = joined(module);
  for (const std::string* part : {&full_name, &name})
    key += *part + '\n';
  if (found != nullptr) key += found->provider_key;
  if (const auto before = settings_.find(key); before != settings_.end()) return before->second;
  return settings_.emplace(std::move(key), find_setting(module, found, full_name, name)).first->second;
}

Setting Configuration::find_setting(const ModulePath& module, const Resource* resource, const std::string& full_name,
                                    const std::string& name) const {
  const auto configs = provider_of(module, resource, full_name);
  std::vector<Setting> settings;
  for (const ProviderConfig* config : configs) {
    const std::string provider =
        fmt::format("provider.{}{}{}", config->name, config->alias.empty() ? "" : ".", config->alias);
    const Node* expression = config->expressions.find(name);
    const std::string at = place_of(config->module, fmt::format("{}: {}", provider, name));
    budget_ = most_steps;
    settings.push_back(expression == nullptr ? Setting{} : resolve(*expression, config->module, {}, {{at, {}}}, 0));
  }
  if (settings.empty()) return {};
  const auto same = [](const Setting& a, const Setting& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Said& one, const Said& other) {
      return one.text == other.text && one.why_unknown == other.why_unknown;
    });
  };
  for (const Setting& setting : settings)
    if (!same(setting, settings.front())) {
      std::vector<Step> chain;
      chain.reserve(configs.size());
      for (const ProviderConfig* config : configs)
        chain.push_back({place_of(config->module, fmt::format("provider.{}{}{}", config->name,
                                                              config->alias.empty() ? "" : ".", config->alias)),
                         {}});
      return unknown("which-provider", std::move(chain));
    }
  return settings.front();
}

Setting Configuration::resolve(const Node& expression, const ModulePath& module, const std::string& rest,
                               std::vector<Step> chain, int depth) const {
  if (depth > deepest || budget_-- <= 0) return unknown("dynamic", std::move(chain));
  if (expression.kind == Node::Kind::list) {  // nested blocks
    Setting all;
    for (const Node& block : expression.items)
      for (const Member& member : block.members) {
        Setting one = resolve(member.value, module, {}, chain, depth + 1);
        all.insert(all.end(), std::make_move_iterator(one.begin()), std::make_move_iterator(one.end()));
      }
    return all;
  }
  const Node* constant = expression.find("constant_value");
  const Node* references = expression.find("references");
  if (constant != nullptr) {
    const Node* value = below(*constant, rest);
    if (value == nullptr) return {};
    if (!chain.empty() && chain.back().says.empty()) {
      const std::string at = chain.back().at;
      chain.pop_back();
      return known(*value, at, chain);
    }
    return known(*value, "constant", chain);
  }
  if (references == nullptr || references->items.empty()) {
    if (expression.members.empty()) return unknown("dynamic", std::move(chain));
    Setting all;  // a single nested block
    for (const Member& member : expression.members) {
      if (member.value.kind != Node::Kind::map && member.value.kind != Node::Kind::list) continue;
      Setting one = resolve(member.value, module, {}, chain, depth + 1);
      all.insert(all.end(), std::make_move_iterator(one.begin()), std::make_move_iterator(one.end()));
    }
    return all;
  }
  std::vector<std::string> names;
  for (const Node& item : references->items)
    names.push_back(item.text);
  return reference(names, rest, module, std::move(chain), depth);
}

/// A reference is listed with its beginnings ("var.x.y", "var.x"): the longest is the one. Two that are not beginnings
/// of one another are a function or a template, and what it gives is not in the plan.
Setting Configuration::reference(const std::vector<std::string>& references, const std::string& below_it,
                                 const ModulePath& module, std::vector<Step> chain, int depth) const {
  const std::string longest =
      *std::max_element(references.begin(), references.end(),
                        [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  if (!chain.empty() && chain.back().says.empty()) chain.back().says = longest;
  for (const std::string& other : references)
    if (!longest.starts_with(other)) return unknown("dynamic", std::move(chain));
  if (longest.starts_with("var.")) {
    const auto end = longest.find_first_of(".[", 4);
    const std::string rest = (end == std::string::npos ? std::string() : longest.substr(end)) + below_it;
    return variable(longest.substr(4, end == std::string::npos ? end : end - 4), rest, module, std::move(chain),
                    depth + 1);
  }
  if (lookup_) {
    const std::size_t first = longest.starts_with("data.") ? 5 : 0;
    const auto type_end = longest.find('.', first);
    const auto name_end = type_end == std::string::npos ? type_end : longest.find_first_of(".[", type_end + 1);
    if (name_end != std::string::npos) {
      const std::string resource = longest.substr(0, name_end);
      const auto dot = longest.find('.', name_end);
      const std::string attribute = dot == std::string::npos ? std::string() : longest.substr(dot + 1);
      Said said = lookup_(module, resource, attribute);
      if (!said.nothing()) {
        said.chain.insert(said.chain.begin(), chain.begin(), chain.end());
        return {said};
      }
    }
  }
  return unknown("dynamic", std::move(chain));
}

Setting Configuration::variable(const std::string& name, const std::string& rest, const ModulePath& module,
                                std::vector<Step> chain, int depth) const {
  const std::string at = place_of(module, "var." + name);
  const auto scope = modules_.find(joined(module));
  const Variable* declared = nullptr;
  if (scope != modules_.end())
    if (const auto found = scope->second.variables.find(name); found != scope->second.variables.end())
      declared = &found->second;
  if (declared != nullptr && declared->sensitive) return unknown("sensitive", std::move(chain));
  if (module.empty()) {
    const auto given = given_.find(name);
    const Node* value = given != given_.end()                          ? &given->second
                        : declared != nullptr && declared->has_default ? &declared->value
                                                                       : nullptr;
    if (value == nullptr) return unknown("environment", std::move(chain));
    const Node* wanted = below(*value, rest);
    if (wanted == nullptr) return unknown("dynamic", std::move(chain));
    if (wanted->kind == Node::Kind::null) return {};
    return known(*wanted, at + rest, chain);
  }
  ModulePath parent = module;
  parent.pop_back();
  const auto outer = modules_.find(joined(parent));
  if (outer != modules_.end())
    if (const auto call = outer->second.calls.find(module.back()); call != outer->second.calls.end())
      if (const Node* expression = call->second.find(name)) {
        chain.push_back({at + rest, {}});
        return resolve(*expression, parent, rest, std::move(chain), depth + 1);
      }
  if (declared != nullptr && declared->has_default) {
    const Node* wanted = below(declared->value, rest);
    if (wanted != nullptr && wanted->kind != Node::Kind::null) return known(*wanted, at + rest, chain);
    return {};
  }
  return unknown("dynamic", std::move(chain));
}

}  // namespace sovrisk::infra
