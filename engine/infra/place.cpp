#include "infra/place.h"

#include <algorithm>

#include "load/ascii.h"

namespace sovrisk::infra {

namespace {

/// The host of a URL, or of what stands for one.
std::string host_of(std::string_view text) {
  if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text = text.substr(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  if (const auto user = text.rfind('@'); user != std::string_view::npos) text = text.substr(user + 1);
  return lower_ascii(text.substr(0, text.find(':')));
}

bool accepts(const DecidingSetting& setting, std::string_view value) {
  const std::string written = lower_ascii(value);
  if (std::any_of(setting.is.begin(), setting.is.end(),
                  [&](const std::string& word) { return lower_ascii(word) == written; }))
    return true;
  const std::string host = host_of(value);
  return std::any_of(setting.within.begin(), setting.within.end(), [&](const std::string& domain) {
    const std::string wanted = lower_ascii(domain);
    return host == wanted || host.ends_with("." + wanted);
  });
}

using Candidates = std::vector<const OfferingTable*>;

/// Whether a code can only be of this offering: one of its sites in its partition, or a beginning that is its own.
bool owns_code(const OfferingTable& table, const std::string& code) {
  const FoundCode found = find_code(table, code);
  if (found.listed) return !found.other_partition;
  return std::any_of(table.code_begins.begin(), table.code_begins.end(),
                     [&](const std::string& begin) { return lower_ascii(code).starts_with(lower_ascii(begin)); });
}

/// Keeps the candidates that the settings allow; false when a setting is not known or fits none.
bool by_settings(Candidates& left, const std::function<Setting(const std::string&)>& setting, OfferingChoice& choice,
                 bool& decided) {
  std::vector<std::string> names;
  for (const OfferingTable* table : left)
    for (const DecidingSetting& deciding : table->settings)
      if (std::find(names.begin(), names.end(), deciding.name) == names.end()) names.push_back(deciding.name);
  for (const std::string& name : names)
    for (const Said& value : setting(name)) {
      choice.chain.insert(choice.chain.end(), value.chain.begin(), value.chain.end());
      if (!value.why_unknown.empty()) {
        choice.why_unknown = value.why_unknown;
        return false;
      }
      if (value.text.empty()) continue;
      decided = true;
      Candidates fitting;
      for (const OfferingTable* table : left)
        if (std::any_of(table->settings.begin(), table->settings.end(),
                        [&](const DecidingSetting& one) { return one.name == name && accepts(one, value.text); }))
          fitting.push_back(table);
      if (fitting.empty()) {
        choice.why_unknown = "other-endpoint";
        return false;
      }
      left = std::move(fitting);
    }
  return true;
}

}  // namespace

OfferingChoice choose_offering(const std::vector<const OfferingTable*>& candidates, std::string_view address,
                               std::string_view type, const std::function<Setting(const std::string&)>& setting,
                               const Said& region, const PlacementTables& tables,
                               const InfrastructureOptions& options) {
  OfferingChoice choice;
  if (candidates.empty()) {
    choice.why_unknown = "unknown-provider";
    return choice;
  }
  const auto general =
      std::find_if(candidates.begin(), candidates.end(), [](const OfferingTable* table) { return table->general; });
  choice.table = general != candidates.end() ? *general : candidates.front();
  Candidates left = candidates;
  const auto take = [&](const OfferingTable& table) {
    choice.table = &table;
    choice.offering = table.offering;
    const auto meant = options.meant.find(table.offering);
    if (meant == options.meant.end()) return;
    // Who says which line they bought says it of the general one only: a realm of its own stays what it is.
    choice.chain.push_back({table.offering, meant->second});
    choice.offering = meant->second;
    if (const OfferingTable* other = tables.find(meant->second)) choice.table = other;
  };
  bool decided = false;
  if (!by_settings(left, setting, choice, decided)) return choice;
  for (const OfferingTable* table : Candidates(left)) {
    const Through* through = table->through_for(address);
    if (through == nullptr) continue;
    const bool of_type = std::any_of(through->types.begin(), through->types.end(),
                                     [&](const std::string& pattern) { return fits(pattern, type); });
    if (decided && !of_type) choice.why_unknown = "other-endpoint";
    if (!decided || !of_type) left.erase(std::find(left.begin(), left.end(), table));
  }
  if (left.empty()) {
    // Used by several through a provider that is nobody's, and the plan does not say which.
    if (choice.why_unknown.empty()) choice.why_unknown = "environment";
    for (const OfferingTable* table : candidates)
      choice.may_be.push_back(table->offering);
    return choice;
  }
  choice.why_unknown.clear();
  if (left.size() == 1) {
    take(*left.front());
    return choice;
  }
  if (region.known()) {
    Candidates owning;
    for (const OfferingTable* table : left)
      if (owns_code(*table, region.text)) owning.push_back(table);
    const auto usual = std::find_if(owning.begin(), owning.end(), [](const OfferingTable* t) { return t->general; });
    if (owning.size() == 1 || usual != owning.end()) {
      const OfferingTable& taken = usual != owning.end() ? **usual : *owning.front();
      for (const OfferingTable* table : owning)
        if (table != &taken) choice.may_be.push_back(table->offering);
      choice.chain.push_back({"site " + region.text, taken.offering});
      take(taken);
      return choice;
    }
    if (owning.size() > 1) {
      for (const OfferingTable* table : owning)
        choice.may_be.push_back(table->offering);
      choice.why_unknown = "several";
      return choice;
    }
    // Listed, but in a realm that no candidate is: a cloud of the same technology, run by somebody else.
    if (std::any_of(left.begin(), left.end(),
                    [&](const OfferingTable* table) { return find_code(*table, region.text).other_partition; })) {
      choice.why_unknown = "other-partition";
      return choice;
    }
  }
  const bool open = !region.known() && choice.table->environment_decides;
  if (!choice.table->general || open) {
    for (const OfferingTable* table : left)
      choice.may_be.push_back(table->offering);
    choice.why_unknown = region.why_unknown.empty() ? "several" : region.why_unknown;
    return choice;
  }
  for (const OfferingTable* table : left)
    if (table != choice.table) choice.may_be.push_back(table->offering);
  take(*choice.table);
  return choice;
}

Place place_at(const std::string& role, const Said& region, const OfferingChoice& offering) {
  Place place;
  place.role = role;
  place.chain = region.chain;
  if (!region.why_unknown.empty()) {
    place.why_unknown = region.why_unknown;
    return place;
  }
  place.region = region.text;
  if (offering.table == nullptr) {
    place.why_unknown = "unknown-provider";
    return place;
  }
  const FoundCode found = find_code(*offering.table, region.text);
  if (!found.listed) {
    place.why_unknown = "region-not-listed";
    return place;
  }
  place.site = found.site;
  place.countries = found.countries;
  std::string countries;
  for (const std::string& country : place.countries)
    countries += (countries.empty() ? "" : " ") + country;
  place.chain.push_back({"site " + found.site, countries.empty() ? "unknown" : countries});
  if (found.other_partition) {
    place.why_unknown = "other-partition";
  } else if (found.countries.empty()) {
    place.why_unknown = "country-unknown";
  }
  // The same code at an endpoint that nobody knows is another place.
  if (place.why_unknown.empty() && offering.offering.empty()) place.why_unknown = offering.why_unknown;
  place.known = place.why_unknown.empty();
  return place;
}

TypeFacts facts_of_type(const LanguageTable& table, std::string_view type) {
  TypeFacts facts;
  for (const TypeRule* rule : rules_for(table, type)) {
    if (!rule->service.empty()) facts.service = rule->service;
    if (!rule->role.empty()) facts.role = rule->role;
    if (!rule->region.empty()) facts.region = rule->region;
    if (!rule->key.empty()) facts.key = rule;
    facts.global = facts.global || rule->global;
    facts.holds_nothing = facts.holds_nothing || rule->holds_nothing;
    facts.opaque = facts.opaque || rule->opaque;
    facts.also.insert(facts.also.end(), rule->also.begin(), rule->also.end());
  }
  if (facts.region.empty()) facts.region = table.region;
  return facts;
}

std::optional<FurtherSaid> further_of(const FurtherPlace& place, const Said& said) {
  if (said.nothing()) return std::nullopt;
  if (!said.known()) return FurtherSaid{place.role, said};
  if (!place.when.empty()) {
    const bool there = std::any_of(place.when.begin(), place.when.end(), [&](const std::string& word) {
      return lower_ascii(word) == lower_ascii(said.text);
    });
    if (!there) return std::nullopt;
    return FurtherSaid{place.role, {{}, "not-named", said.chain}};
  }
  if (place.part == 0) return FurtherSaid{place.role, said};
  std::string region = part_of_text(said.text, place.separator, place.part);
  if (region.empty()) return FurtherSaid{place.role, {{}, "not-named", said.chain}};
  return FurtherSaid{place.role, {std::move(region), {}, said.chain}};
}

ResourceKey key_of(const TypeRule& rule, const Said& said) {
  ResourceKey key;
  if (!said.why_unknown.empty()) {
    key.why_unknown = said.why_unknown;
    return key;
  }
  const bool set =
      !said.text.empty() && std::none_of(rule.key_except.begin(), rule.key_except.end(), [&](const std::string& word) {
        return lower_ascii(said.text).find(lower_ascii(word)) != std::string::npos;
      });
  key.custody = set ? rule.key_custody : rule.key_otherwise;
  key.chain = {{rule.key, set ? "set" : "-"}};
  if (key.custody.empty()) key.why_unknown = "no-table";
  return key;
}

void settle(PlannedResource& resource, const TypeFacts& facts, const Said& region,
            const std::vector<FurtherSaid>& further, const OfferingChoice& choice) {
  resource.service = facts.service;
  resource.holds_nothing = facts.holds_nothing;
  resource.offering = choice.offering;
  resource.offering_why_unknown = choice.why_unknown;
  resource.offering_may_be = choice.may_be;
  resource.offering_chain = choice.chain;
  if (facts.holds_nothing) return;
  if (facts.global) {
    Place global;
    global.role = facts.role == "at-rest" ? "global" : facts.role;
    global.why_unknown = "global-service";
    global.chain = {{"type " + resource.type, "global"}};
    resource.places.push_back(std::move(global));
  } else {
    resource.places.push_back(place_at(facts.role, region, choice));
  }
  for (const FurtherSaid& one : further) {
    Place place = place_at(one.role, one.said, choice);
    const bool said_before =
        place.known && std::any_of(resource.places.begin(), resource.places.end(), [&](const Place& other) {
          return other.role == place.role && other.site == place.site;
        });
    if (!said_before) resource.places.push_back(std::move(place));
  }
  if (!resource.deferred) return;
  for (Place& place : resource.places) {
    if (place.known) place.why_unknown = "deferred";
    place.known = false;
  }
}

Speaking speaking(const PlacementTables& tables, std::string_view language, std::string_view type) {
  Speaking speaking;
  for (const OfferingTable& offering : tables.offerings) {
    const auto table = offering.languages.find(language);
    if (table == offering.languages.end()) continue;
    const auto& types = table->second.types;
    if (std::none_of(types.begin(), types.end(), [&](const std::string& pattern) { return fits(pattern, type); }))
      continue;
    speaking.candidates.push_back(&offering);
    if (speaking.table == nullptr || offering.general) speaking.table = &table->second;
  }
  return speaking;
}

std::string part_of_text(std::string_view text, std::string_view separator, std::size_t part) {
  for (; part > 1; --part) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos || separator.empty()) return {};
    text = text.substr(at + separator.size());
  }
  return std::string(text.substr(0, text.find(separator)));
}

}  // namespace sovrisk::infra
