#include "infra/terraform.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "infra/attributes.h"
#include "infra/configuration.h"

namespace sovrisk::infra {

namespace {

/// What a resource says under one attribute.
struct Found {
  enum class Of : std::uint8_t { region, text, further, key };
  Of of = Of::region;
  std::string attribute;
  std::string role;  ///< of a further place
  Said said;
};

/// A resource as the stream gave it: what its places may need, and no more.
struct Raw {
  PlannedResource resource;
  std::vector<Found> found;
  std::vector<std::string> names;  ///< attributes that name a region and that its type has
  const std::vector<const OfferingTable*>* candidates = nullptr;
  const LanguageTable* language = nullptr;
};

bool is_true(const Node* node) { return node != nullptr && node->kind == Node::Kind::boolean && node->boolean; }

std::string first_of(std::string_view path) { return std::string(path.substr(0, path.find('.'))); }

/// Every attribute that some table asks for, by its first step: what is kept of a resource's values.
std::set<std::string> wanted_attributes(const PlacementTables& tables) {
  std::set<std::string> wanted;
  const auto add = [&](const std::vector<std::string>& names) {
    for (const std::string& name : names)
      wanted.insert(first_of(name));
  };
  for (const OfferingTable& table : tables.offerings) {
    const auto language = table.languages.find("terraform");
    if (language == table.languages.end()) continue;
    const LanguageTable& terraform = language->second;
    add(terraform.region);
    add(terraform.part_of);
    add(terraform.tags);
    for (const TextPart& part : terraform.in_text)
      wanted.insert(first_of(part.attribute));
    for (const TypeRule& rule : terraform.rules) {
      add(rule.region);
      for (const FurtherPlace& place : rule.also)
        wanted.insert(first_of(place.attribute));
      if (!rule.key.empty()) wanted.insert(first_of(rule.key));
    }
  }
  return wanted;
}

/// The address of a resource in the configuration: without modules and instance.
std::string local_name(const PlannedResource& resource) {
  return fmt::format("{}{}.{}", resource.mode == "data" ? "data." : "", resource.type, resource.name);
}

class Reader {
 public:
  Reader(CountedInput& input, FileId file, const PlacementTables& tables, const InfrastructureOptions& options,
         Diagnostics& diagnostics)
      : input_(input),
        file_(file),
        tables_(tables),
        options_(options),
        diagnostics_(diagnostics),
        wanted_(wanted_attributes(tables)),
        configuration_(wanted_) {
    shapes();
  }

  std::optional<Infrastructure> run() {
    Node root;
    if (!read_stream(input_, file_, root_, root, diagnostics_)) return std::nullopt;
    if (!check_version(root)) return std::nullopt;
    result_.kind = saw_values_ ? "terraform-state" : "terraform-plan";
    whole_or_not(root);
    existing_data();
    index();
    result_.resources.reserve(raws_.size());
    // Places first: resources are looked up by others that are a part of them.
    for (Raw& raw : raws_)
      place(raw);
    for (Raw& raw : raws_) {
      result_.resources.push_back(std::move(raw.resource));
      raw = {};
    }
    return std::move(result_);
  }

 private:
  // What is kept.

  void shapes() {
    for (const std::string& attribute : wanted_)
      values_.members[attribute] = &all_;
    all_.all = true;
    change_.members = {{"actions", &all_},          {"before", &values_},          {"after", &values_},
                       {"after_unknown", &values_}, {"after_sensitive", &values_}, {"before_sensitive", &values_}};
    resource_change_.members = {{"address", &text_}, {"module_address", &text_}, {"mode", &text_},
                                {"type", &text_},    {"name", &text_},           {"provider_name", &text_},
                                {"deposed", &text_}, {"change", &change_}};
    changed_ = resource_change_;
    changed_.done = [this](Node& value, const std::vector<std::string>&) { changed(value, false); };
    changes_.items = &changed_;
    deferred_.members = {{"resource_change", &resource_change_}};
    deferred_.done = [this](Node& value, const std::vector<std::string>&) {
      any_deferred_ = true;
      if (Node* change = value.members.empty() ? nullptr : &value.members.front().value) changed(*change, true);
    };
    deferreds_.items = &deferred_;
    state_resource_.members = {{"address", &text_},
                               {"mode", &text_},
                               {"type", &text_},
                               {"name", &text_},
                               {"values", &values_},
                               {"provider_name", &text_},
                               {"sensitive_values", &values_}};
    state_resource_.done = [this](Node& value, const std::vector<std::string>& keys) { stated(value, keys); };
    state_resources_.items = &state_resource_;
    state_module_.members = {{"resources", &state_resources_}, {"child_modules", &state_modules_}};
    state_modules_.items = &state_module_;
    state_values_.members = {{"root_module", &state_module_}};
    prior_.members = {{"values", &state_values_}};
    root_.members = {{"format_version", &text_},
                     {"complete", &text_},
                     {"errored", &text_},
                     {"variables", configuration_.variables_shape()},
                     {"configuration", configuration_.shape()},
                     {"resource_changes", &changes_},
                     {"deferred_changes", &deferreds_},
                     {"planned_values", &state_values_},
                     {"prior_state", &prior_},
                     {"values", &state_values_}};
  }

  /// The part of a resource's identity that every form shares.
  static PlannedResource identity(const Node& value) {
    PlannedResource resource;
    resource.address = value.text_of("address");
    resource.type = value.text_of("type");
    resource.name = value.text_of("name");
    resource.mode = value.text_of("mode") == "data" ? "data" : "managed";
    resource.provider = value.text_of("provider_name");
    resource.span = value.span;
    return resource;
  }

  void changed(const Node& value, bool deferred) {
    saw_changes_ = true;
    Raw raw;
    raw.resource = identity(value);
    raw.resource.module = value.text_of("module_address");
    raw.resource.deferred = deferred;
    const Node* change = value.find("change");
    if (const Node* actions = change != nullptr ? change->find("actions") : nullptr)
      for (const Node& action : actions->items)
        raw.resource.actions.push_back(action.text);
    const auto& actions = raw.resource.actions;
    const auto only = [&](std::string_view word) { return actions.size() == 1 && actions.front() == word; };
    const bool gone = only("delete") || value.find("deposed") != nullptr;
    const bool stays = only("no-op") || only("forget");
    if ((gone || stays) && !options_.include_existing) {
      ++result_.passed_over;
      if (raw.resource.mode == "data") seen_data_.insert(raw.resource.address);
      return;
    }
    if (raw.resource.mode == "data") seen_data_.insert(raw.resource.address);
    Values values;
    if (change != nullptr) {
      values.planned = change->find(gone || only("forget") ? "before" : "after");
      values.sensitive = change->find(gone || only("forget") ? "before_sensitive" : "after_sensitive");
      if (!gone && !only("forget")) values.unknown = change->find("after_unknown");
    }
    take(std::move(raw), values);
  }

  /// Resources of a state, of the state before a plan, and of the values planned: of the latter two only what was read,
  /// which `resource_changes` leaves out once it is known.
  void stated(const Node& value, const std::vector<std::string>& keys) {
    const std::string& where = keys.front();
    Raw raw;
    raw.resource = identity(value);
    raw.resource.module = module_of(raw.resource.address);
    const bool state = where == "values";
    if (state) {
      saw_values_ = true;
      raw.resource.actions = {raw.resource.mode == "data" ? "read" : "existing"};
    } else {
      if (raw.resource.mode != "data") {
        if (where == "planned_values") ++planned_managed_;
        return;
      }
      raw.resource.actions = {"read"};
    }
    take(std::move(raw), {value.find("values"), nullptr, value.find("sensitive_values")}, !state);
  }

  /// "module.a[0].module.b" of an address.
  static std::string module_of(const std::string& address) {
    std::string_view rest = address;
    std::size_t end = 0;
    while (rest.starts_with("module.")) {
      bool quoted = false;
      std::size_t at = 7;
      int open = 0;
      for (; at < rest.size() && (quoted || open > 0 || rest[at] != '.'); ++at) {
        if (quoted && rest[at] == '\\') {
          ++at;
        } else if (rest[at] == '"') {
          quoted = !quoted;
        } else if (!quoted && rest[at] == '[') {
          ++open;
        } else if (!quoted && rest[at] == ']') {
          --open;
        }
      }
      at = std::min(at, rest.size());
      end += at + 1;
      rest.remove_prefix(std::min(at + 1, rest.size()));
    }
    return end == 0 ? std::string() : address.substr(0, std::min(end - 1, address.size()));
  }

  /// Keeps what the places of a resource may need.
  void take(Raw raw, const Values& values, bool data_before = false) {
    const auto [known, added] = candidates_.try_emplace(raw.resource.provider);
    if (added) known->second = tables_.behind(raw.resource.provider);
    raw.candidates = &known->second;
    for (const OfferingTable* table : known->second) {
      const auto language = table->languages.find("terraform");
      const bool own = table->through_for(raw.resource.provider) == nullptr;
      if (language == table->languages.end()) continue;
      if (raw.language == nullptr || (own && table->general)) raw.language = &language->second;
    }
    if (raw.language != nullptr) {
      const LanguageTable& table = *raw.language;
      const TypeFacts facts = facts_of_type(table, raw.resource.type);
      const auto look = [&](const std::string& attribute, Found::Of of) {
        for (Said& said : values.at(attribute))
          raw.found.push_back({of, attribute, {}, std::move(said)});
      };
      for (const std::string& attribute : facts.region) {
        if (values.has(attribute)) raw.names.push_back(attribute);
        look(attribute, Found::Of::region);
      }
      for (const TextPart& part : table.in_text)
        look(part.attribute, Found::Of::text);
      for (const FurtherPlace& place : facts.also)
        for (const Said& said : values.at(place.attribute))
          if (auto one = further_of(place, said))
            raw.found.push_back({Found::Of::further, place.attribute, place.role, std::move(one->said)});
      if (facts.key != nullptr) look(facts.key->key, Found::Of::key);
      for (const std::string& attribute : table.tags)
        if (raw.resource.tags.empty()) tags(values, attribute, raw.resource.tags);
    }
    (data_before ? before_ : raws_).push_back(std::move(raw));
  }

  static void tags(const Values& values, const std::string& attribute, std::map<std::string, std::string>& tags) {
    const Node* planned = values.planned != nullptr ? values.planned->find(attribute) : nullptr;
    const Node* sensitive = values.sensitive != nullptr ? values.sensitive->find(attribute) : nullptr;
    if (planned == nullptr || is_true(values.sensitive) || is_true(sensitive)) return;
    for (const Member& member : planned->members)
      if (member.value.kind == Node::Kind::text && !(sensitive != nullptr && is_true(sensitive->find(member.key))))
        tags[member.key] = member.value.text;
    for (const Node& item : planned->items)  // a list of words, as some clouds have
      if (item.kind == Node::Kind::text && sensitive == nullptr) tags[item.text] = {};
  }

  // What the whole says.

  bool check_version(const Node& root) {
    const Node* version = root.find("format_version");
    const Span at = version != nullptr ? Span{file_, 0, 0, 0} : Span{file_, 1, 1, 1};
    if (version == nullptr || version->kind != Node::Kind::text) {
      diagnostics_.error("infrastructure-format", at, "no plan or state of Terraform: it has no `format_version`",
                         "`terraform show -json PLANFILE` prints one");
      return false;
    }
    result_.format = version->text;
    const std::string_view major = std::string_view(version->text).substr(0, version->text.find('.'));
    if (major == "0" || major == "1") return true;
    diagnostics_.error("plan-version", at,
                       fmt::format("plans of this format (`{}`) cannot be read", major.size() < 20 ? major : "?"),
                       "0.1 to 1.x can; a newer sovrisk may read it");
    return false;
  }

  void whole_or_not(const Node& root) {
    const auto because = [&](std::string_view why) {
      result_.complete = false;
      result_.incomplete_because.emplace_back(why);
    };
    if (const Node* complete = root.find("complete"); complete != nullptr && !is_true(complete))
      because("targeted-or-deferred");
    if (is_true(root.find("errored"))) because("errored");
    if (any_deferred_) because("deferred");
    if (!saw_changes_ && !saw_values_ && planned_managed_ > 0) because("no-resource-changes");
  }

  /// What was read before the plan, once, and not where the plan reads it again.
  void existing_data() {
    for (Raw& raw : before_)
      if (seen_data_.insert(raw.resource.address).second) raws_.push_back(std::move(raw));
    before_.clear();
  }

  // Places.

  void index() {
    for (std::size_t i = 0; i < raws_.size(); ++i)
      by_name_.emplace(module_key(raws_[i].resource), i);
    configuration_.look_up_with([this](const ModulePath& module, const std::string& resource,
                                       const std::string& attribute) { return look_up(module, resource, attribute); });
  }

  static std::string key_of(const ModulePath& module, const std::string& resource) {
    std::string key;
    for (const std::string& name : module)
      key += name + "/";
    return key + resource;
  }
  static std::string module_key(const PlannedResource& resource) {
    return key_of(module_path(resource.module), local_name(resource));
  }

  /// An attribute of another resource of the plan, as far as it was kept: its region, mostly.
  Said look_up(const ModulePath& module, const std::string& resource, const std::string& attribute) const {
    const auto found = by_name_.find(key_of(module, resource));
    if (found == by_name_.end()) return {};
    for (const Found& one : raws_[found->second].found)
      if (one.attribute == attribute) {
        Said said = one.said;
        said.chain = {{raws_[found->second].resource.address + "." + attribute, said.text}};
        return said;
      }
    return {};
  }

  void place(Raw& raw) {
    PlannedResource& resource = raw.resource;
    const ModulePath module = module_path(resource.module);
    const std::string name = local_name(resource);
    if (tables_.is_utility(resource.provider)) {
      resource.holds_nothing = true;
      resource.offering_why_unknown = "utility";
      return;
    }
    const TypeFacts facts = raw.language != nullptr ? facts_of_type(*raw.language, resource.type) : TypeFacts();
    const Said region = facts.global ? Said{} : region_of(raw, module, name);
    Said deciding = region;
    if (facts.global && raw.language != nullptr) deciding = provider_region(*raw.language, resource, {}, module, name);
    OfferingChoice choice = choose_offering(
        *raw.candidates, resource.provider, resource.type,
        [&](const std::string& setting) {
          return configuration_.provider_setting(module, name, resource.provider, setting);
        },
        deciding, tables_, options_);
    if (raw.candidates->empty()) {
      choice.chain.push_back({"provider", resource.provider});
      choice.may_be = tables_.namesakes(resource.provider);
    }
    if (!choice.offering.empty() && choice.chain.empty()) choice.chain.push_back({resource.provider, choice.offering});
    std::vector<FurtherSaid> further;
    for (Found& one : raw.found)
      if (one.of == Found::Of::further) further.push_back({one.role, one.said});
    settle(resource, facts, region, further, choice);
    key(raw, facts, module, name);
  }

  /// The region of a resource: what it says itself, then a text with the region in it, then what it is a part of, then
  /// its provider's configuration. What is left then is for the environment to say.
  Said region_of(const Raw& raw, const ModulePath& module, const std::string& name, int depth = 0) const {
    if (raw.candidates->empty()) return {{}, "unknown-provider", {}};
    if (raw.language == nullptr) return {{}, "no-table", {}};
    const LanguageTable& table = *raw.language;
    for (const Found& one : raw.found) {
      if (one.of != Found::Of::region) continue;
      if (one.said.known() || one.said.why_unknown == "sensitive") return one.said;
      // Computed by the provider where the configuration does not name it: from its own region, which comes below.
      const std::string attribute = first_of(one.attribute);
      if (configuration_.knows(module, name) && !configuration_.names(module, name, attribute)) continue;
      if (Said said = configuration_.attribute(module, name, attribute); said.known()) return said;
      return one.said;
    }
    for (const TextPart& part : table.in_text)
      for (const Found& one : raw.found)
        if (one.of == Found::Of::text && one.attribute == part.attribute && one.said.known()) {
          const std::string region = part_of_text(one.said.text, part.separator, part.part);
          if (!region.empty()) return {region, {}, {{part.attribute, region}}};
        }
    for (const std::string& attribute : table.part_of)
      if (Said said = whole_of(attribute, module, name, depth); !said.nothing()) return said;
    if (table.provider_region.empty() || (table.only_where_named && raw.names.empty())) return {{}, "no-region", {}};
    return provider_region(table, raw.resource, raw.names, module, name);
  }

  /// The region of what a resource is a part of, by the references of an attribute.
  Said whole_of(const std::string& attribute, const ModulePath& module, const std::string& name, int depth) const {
    constexpr int deepest = 16;  // a circle of parts ends here
    if (depth > deepest) return {};
    for (const std::string& reference : configuration_.references(module, name, attribute)) {
      const std::size_t first = reference.starts_with("data.") ? 5 : 0;
      const auto type_end = reference.find('.', first);
      if (type_end == std::string::npos) continue;
      const std::string whole = reference.substr(0, reference.find_first_of(".[", type_end + 1));
      const auto found = by_name_.find(key_of(module, whole));
      if (found == by_name_.end()) continue;
      const Raw& raw = raws_[found->second];
      if (raw.language == nullptr || facts_of_type(*raw.language, raw.resource.type).global) continue;
      Said said = region_of(raw, module, whole, depth + 1);
      said.chain.insert(said.chain.begin(), {attribute, whole});
      if (!said.nothing()) return said;
    }
    return {};
  }

  /// What the provider's configuration says: first under the name that the type uses itself (region, or zone).
  Said provider_region(const LanguageTable& table, const PlannedResource& resource,
                       const std::vector<std::string>& names, const ModulePath& module, const std::string& name) const {
    std::vector<std::string> arguments = table.provider_region;
    std::stable_partition(arguments.begin(), arguments.end(), [&](const std::string& argument) {
      return std::find(names.begin(), names.end(), argument) != names.end();
    });
    for (const std::string& argument : arguments) {
      const Setting setting = configuration_.provider_setting(module, name, resource.provider, argument);
      if (setting.empty()) continue;
      if (setting.size() > 1) return {{}, "dynamic", setting.front().chain};
      return setting.front();
    }
    if (table.provider_region.empty()) return {};
    return {{}, "environment", {{"provider." + resource.provider.substr(resource.provider.rfind('/') + 1), {}}}};
  }

  void key(Raw& raw, const TypeFacts& facts, const ModulePath& module, const std::string& name) const {
    if (facts.key == nullptr) return;
    const TypeRule& rule = *facts.key;
    const std::string attribute = first_of(rule.key);
    const auto found =
        std::find_if(raw.found.begin(), raw.found.end(), [](const Found& one) { return one.of == Found::Of::key; });
    Said said = found != raw.found.end() ? found->said : Said{};
    if (said.why_unknown == "after-apply" && configuration_.knows(module, name)) {
      // Computed where nobody names a key; a key of the same plan where somebody does.
      said = configuration_.names(module, name, attribute) ? Said{"set", {}, {}} : Said{};
    }
    raw.resource.key = infra::key_of(rule, said);
    const auto references = configuration_.references(module, name, attribute);
    if (!references.empty() && !raw.resource.key->chain.empty() && raw.resource.key->chain.front().says == "set")
      raw.resource.key->chain.front().says = references.front();
  }

  CountedInput& input_;
  FileId file_;
  const PlacementTables& tables_;
  const InfrastructureOptions& options_;
  Diagnostics& diagnostics_;
  std::set<std::string> wanted_;
  Configuration configuration_;

  Shape all_, text_, values_, change_, resource_change_, changed_, changes_, deferred_, deferreds_, state_resource_,
      state_resources_, state_module_, state_modules_, state_values_, prior_, root_;

  Infrastructure result_;
  std::vector<Raw> raws_;
  std::vector<Raw> before_;  ///< data that was read before
  std::unordered_set<std::string> seen_data_;
  std::unordered_map<std::string, std::vector<const OfferingTable*>> candidates_;
  std::unordered_map<std::string, std::size_t> by_name_;
  bool saw_changes_ = false;
  bool saw_values_ = false;
  bool any_deferred_ = false;
  std::size_t planned_managed_ = 0;
};

}  // namespace

std::optional<Infrastructure> read_terraform(CountedInput& input, FileId file, const PlacementTables& tables,
                                             const InfrastructureOptions& options, Diagnostics& diagnostics) {
  return Reader(input, file, tables, options, diagnostics).run();
}

}  // namespace sovrisk::infra
