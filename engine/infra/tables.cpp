#include "infra/tables.h"

#include <algorithm>

#include "load/ascii.h"

namespace sovrisk {

namespace {

/// Letters and digits alone, in lower case: "France Central" and "francecentral" are one.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : lower_ascii(text))
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  return out;
}

std::vector<std::string> words(const Node* list) {
  std::vector<std::string> out;
  if (list != nullptr)
    for (const Node& item : list->items)
      out.push_back(item.text);
  return out;
}

bool is_true(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->kind == Node::Kind::boolean && value->boolean;
}

std::size_t number(const Node& map, std::string_view key) {
  const Node* value = map.find(key);
  return value != nullptr && value->kind == Node::Kind::number ? static_cast<std::size_t>(value->number) : 0;
}

TypeRule rule_of(const Node& node) {
  TypeRule rule;
  rule.types = words(node.find("types"));
  rule.service = node.text_of("service");
  rule.global = is_true(node, "global");
  rule.holds_nothing = is_true(node, "holds_nothing");
  rule.opaque = is_true(node, "opaque");
  rule.role = node.text_of("role");
  rule.region = words(node.find("region"));
  if (const Node* also = node.find("also"))
    for (const Node& item : also->items)
      rule.also.push_back({std::string(item.text_of("role")), std::string(item.text_of("attribute")),
                           std::string(item.text_of("separator")), number(item, "part"), words(item.find("when"))});
  if (const Node* key = node.find("key")) {
    rule.key = key->text_of("attribute");
    rule.key_custody = key->text_of("set");
    rule.key_otherwise = key->text_of("otherwise");
    rule.key_except = words(key->find("except"));
  }
  return rule;
}

LanguageTable language_of(const Node& node) {
  LanguageTable table;
  table.types = words(node.find("types"));
  table.region = words(node.find("region"));
  if (const Node* parts = node.find("in_text"))
    for (const Node& item : parts->items)
      table.in_text.push_back(
          {std::string(item.text_of("attribute")), std::string(item.text_of("separator")), number(item, "part")});
  table.provider_region = words(node.find("provider_region"));
  table.only_where_named = is_true(node, "only_where_named");
  table.part_of = words(node.find("part_of"));
  table.tags = words(node.find("tags"));
  if (const Node* rules = node.find("rules"))
    for (const Node& item : rules->items)
      table.rules.push_back(rule_of(item));
  return table;
}

/// The table of an offering with those of `like` below it; a circle of `like` ends where it closes.
Node laid_over_like(const Document& document, const Catalogue& catalogue, std::vector<std::string> seen) {
  const Node* own = document.root.find("infrastructure");
  if (own == nullptr) return map_node();
  const std::string like(own->text_of("like"));
  seen.push_back(document.id);
  const Document* other = like.empty() ? nullptr : catalogue.find("offering", like);
  if (other == nullptr || std::find(seen.begin(), seen.end(), other->id) != seen.end()) return *own;
  const Node theirs = laid_over_like(*other, catalogue, seen);
  // How a language speaks is shared; what tells the offerings apart is each one's own.
  Node shared = map_node();
  for (const std::string_view key : {"terraform", "cloudformation", "arm", "codes", "environment_decides"})
    if (const Node* value = theirs.find(key)) set(shared, std::string(key), *value);
  return laid_over(shared, *own);
}

void read_sites(const Node& root, OfferingTable& table) {
  const Node* sites = root.find("sites");
  table.sites_open = sites == nullptr;
  if (sites == nullptr) return;
  for (const Node& site : sites->items) {
    if (site.kind != Node::Kind::map) {
      table.sites_open = true;
      continue;
    }
    std::string country(site.text_of("country"));
    if (country == "unknown") country.clear();
    table.sites.push_back({std::string(site.text_of("code")), country, std::string(site.text_of("partition"))});
  }
}

OfferingTable table_of(const Document& document, const Catalogue& catalogue) {
  OfferingTable table;
  table.offering = document.id;
  for (const std::string& address : words(document.root.find("terraform")))
    table.addresses.push_back(lower_ascii(address));
  const Node node = laid_over_like(document, catalogue, {});
  table.general = is_true(node, "general");
  table.partition = node.text_of("partition");
  table.code_begins = words(node.find("code_begins"));
  if (const Node* settings = node.find("settings"))
    for (const Node& item : settings->items)
      table.settings.push_back({std::string(item.text_of("name")), words(item.find("is")), words(item.find("within"))});
  if (const Node* through = node.find("through"))
    for (const Node& item : through->items)
      table.through.push_back({lower_ascii(item.text_of("address")), words(item.find("types"))});
  table.squeezed = node.text_of("codes") == "squeezed";
  table.environment_decides = is_true(node, "environment_decides");
  if (const Node* wide = node.find("wide"))
    for (const Member& member : wide->members) {
      std::vector<std::string> countries = words(&member.value);
      if (std::find(countries.begin(), countries.end(), "unknown") != countries.end()) countries.clear();
      table.wide[member.key] = std::move(countries);
    }
  for (const std::string_view language : {"terraform", "cloudformation", "arm"})
    if (const Node* of_language = node.find(language))
      table.languages.emplace(std::string(language), language_of(*of_language));
  read_sites(document.root, table);
  return table;
}

/// What follows the last `count` slashes of an address: its namespace and type, or its type.
std::string_view tail(std::string_view address, int count) {
  std::size_t at = std::string_view::npos;
  for (int i = 0; i < count; ++i) {
    at = address.rfind('/', at == std::string_view::npos ? at : at - 1);
    if (at == std::string_view::npos || at == 0) return address;
  }
  return address.substr(at + 1);
}

/// Whether what follows a region's code makes a zone of it: "a", "-b", "-1"; more would be another place.
bool is_zone(std::string_view rest) {
  if (rest.size() > 1 && rest[0] == '-') rest.remove_prefix(1);
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (rest.size() == 1) return letter(rest[0]) || digit(rest[0]);
  return rest.size() == 2 && digit(rest[0]) && digit(rest[1]);
}

}  // namespace

const Through* OfferingTable::through_for(std::string_view address) const {
  const std::string wanted = lower_ascii(address);
  const auto found = std::find_if(through.begin(), through.end(), [&](const Through& one) {
    return one.address == wanted || tail(one.address, 2) == tail(wanted, 2);
  });
  return found == through.end() ? nullptr : &*found;
}

std::vector<const OfferingTable*> PlacementTables::behind(std::string_view address) const {
  const std::string wanted = lower_ascii(address);
  // Terraform 0.12 knew types alone; its state writes them as of the namespace `-`.
  const bool bare = wanted.find('/') == std::string::npos || wanted.find("/-/") != std::string::npos;
  std::vector<const OfferingTable*> exact;
  std::vector<const OfferingTable*> mirrored;
  for (const OfferingTable& table : offerings) {
    const auto any = [&](auto&& same) { return std::any_of(table.addresses.begin(), table.addresses.end(), same); };
    if (any([&](const std::string& known) { return known == wanted; })) exact.push_back(&table);
    if (any([&](const std::string& known) { return tail(known, bare ? 1 : 2) == tail(wanted, bare ? 1 : 2); }))
      mirrored.push_back(&table);
  }
  std::vector<const OfferingTable*> found = exact.empty() ? std::move(mirrored) : std::move(exact);
  for (const OfferingTable& table : offerings)
    if (table.through_for(address) != nullptr) found.push_back(&table);
  return found;
}

std::vector<std::string> PlacementTables::namesakes(std::string_view address) const {
  const std::string wanted = lower_ascii(address);
  std::vector<std::string> ids;
  for (const OfferingTable& table : offerings)
    if (std::any_of(table.addresses.begin(), table.addresses.end(),
                    [&](const std::string& known) { return tail(known, 1) == tail(wanted, 1); }))
      ids.push_back(table.offering);
  return ids;
}

bool PlacementTables::is_utility(std::string_view address) const {
  const std::string wanted = lower_ascii(address);
  return std::any_of(utilities.begin(), utilities.end(),
                     [&](const std::string& known) { return known == wanted || tail(known, 2) == tail(wanted, 2); });
}

const OfferingTable* PlacementTables::find(std::string_view offering) const {
  const auto found = std::find_if(offerings.begin(), offerings.end(),
                                  [&](const OfferingTable& table) { return table.offering == offering; });
  return found == offerings.end() ? nullptr : &*found;
}

PlacementTables placement_tables(const Catalogue& catalogue) {
  PlacementTables tables;
  for (const Document* document : catalogue.all("offering"))
    if (document->root.find("terraform") != nullptr || document->root.find("infrastructure") != nullptr)
      tables.offerings.push_back(table_of(*document, catalogue));
  for (const Document* document : catalogue.all("utilities"))
    for (const std::string& address : words(document->root.find("terraform")))
      tables.utilities.insert(lower_ascii(address));
  return tables;
}

FoundCode find_code(const OfferingTable& table, std::string_view code) {
  const auto written = [&](std::string_view text) { return table.squeezed ? squeezed(text) : std::string(text); };
  FoundCode found;
  const std::string wanted = written(code);
  for (const auto& [wide, countries] : table.wide)
    if (written(wide) == wanted || lower_ascii(wide) == lower_ascii(code)) {
      found.listed = true;
      found.site = wide;
      found.countries = countries;
      return found;
    }
  // Exactly as written; then whatever the case, which clouds do not look at; then the region of a zone.
  const SiteCode* best = nullptr;
  for (const SiteCode& site : table.sites)
    if (best == nullptr && written(site.code) == wanted) best = &site;
  for (const SiteCode& site : table.sites)
    if (best == nullptr && lower_ascii(site.code) == lower_ascii(code)) best = &site;
  if (best == nullptr)
    for (const SiteCode& site : table.sites) {
      const bool continues = wanted.size() > site.code.size() && wanted.starts_with(site.code) &&
                             is_zone(std::string_view(wanted).substr(site.code.size()));
      if (continues && (best == nullptr || site.code.size() > best->code.size())) best = &site;
    }
  if (best == nullptr) {
    found.other_partition = false;
    return found;
  }
  found.listed = true;
  found.site = best->code;
  found.other_partition = !best->partition.empty() && best->partition != table.partition;
  if (!best->country.empty()) found.countries = {best->country};
  return found;
}

bool fits(std::string_view pattern, std::string_view name) {
  // The classic two-finger match: on a mismatch, let the last star take one more character.
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t taken = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<const TypeRule*> rules_for(const LanguageTable& table, std::string_view type) {
  std::vector<const TypeRule*> rules;
  for (const TypeRule& rule : table.rules)
    if (std::any_of(rule.types.begin(), rule.types.end(),
                    [&](const std::string& pattern) { return fits(pattern, type); }))
      rules.push_back(&rule);
  return rules;
}

}  // namespace sovrisk
