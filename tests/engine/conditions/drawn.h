// Random conditions as text and random facts, over a handful of real fact paths, for properties.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>
#include <vector>

#include "facts/value.h"

namespace sovrisk::testing {

inline bool coin(int one_in = 2) { return *rc::gen::inRange(0, one_in) == 0; }
inline int below(int bound) { return *rc::gen::inRange(0, bound); }
inline std::string any_of(const std::vector<std::string>& words) {
  return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
}

inline const std::vector<std::string>& countries() {
  static const std::vector<std::string> list{"FR", "DE", "US", "GB"};
  return list;
}
inline const std::vector<std::string>& custodies() {
  static const std::vector<std::string> list{"provider", "shared", "customer-external"};
  return list;
}
inline const std::vector<std::string>& ids() {
  static const std::vector<std::string> list{"a", "b", "c"};
  return list;
}

// --- facts ------------------------------------------------------------------------------------------------------

inline Value country_list() {
  Value list = Value::list();
  for (const std::string& country : countries())
    if (coin()) list.items.push_back(Value::of(country));
  return list;
}

inline Value number(int most) {
  const double value = below(most + 1);
  return Value::of(value, value);
}

template <class Make>
Value list_of(Make make) {
  Value list = Value::list();
  for (int i = below(4); i > 0; --i)
    list.items.push_back(make());
  return list;
}

/// A fact tree in which everything that drawn conditions ask for is known.
inline Value drawn_facts() {
  Value keys = Value::map();
  keys.set("provider_override", Value::of(coin()));
  keys.set("custody", Value::of(any_of(custodies())));
  Value contract = Value::map();
  contract.set("governing_law", Value::of(any_of(countries())));
  Value residency = Value::map();
  residency.set("backups", country_list());
  Value environment = Value::map();
  environment.set("pue", number(4));
  Value operations = Value::map();
  operations.set("disconnection_tested_on", Value::of(Date{2025, static_cast<unsigned>(1 + below(12)), 1}));
  Value offering = Value::map();
  offering.set("operator", Value::of(any_of(ids())));
  offering.set("contracting_party", Value::of(any_of(ids())));
  offering.set("keys", keys);
  offering.set("contract", contract);
  offering.set("residency", residency);
  offering.set("environment", environment);
  offering.set("operations", operations);
  Value entities = Value::list();
  for (const std::string& id : ids()) {
    if (coin(4)) continue;
    Value entity = Value::map();
    entity.set("id", Value::of(id));
    entity.set("seats", country_list());
    entity.set("effective_capital", number(60));
    entities.items.push_back(std::move(entity));
  }
  Value root = Value::map();
  root.set("as_of", Value::of(Date{2026, 1, 1}));
  root.set("offering", offering);
  root.set("entities", entities);
  root.set("sites", list_of([] {
             Value site = Value::map();
             site.set("country", Value::of(any_of(countries())));
             site.set("used", Value::of(coin()));
             return site;
           }));
  root.set("technology", list_of([] {
             Value technology = Value::map();
             technology.set("vendor", Value::of(any_of(ids())));
             technology.set("critical", Value::of(coin()));
             technology.set("substitutes", number(4));
             return technology;
           }));
  return root;
}

/// The same facts, less well known: nothing that it still says is contradicted by the original.
inline Value blurred(const Value& value, std::string_view key = {}) {
  if (key == "id" || key == "as_of") return value;
  const bool outermost = key.empty();
  if (!outermost && coin(8)) return Value::unknown();
  Value less = value;
  switch (value.kind) {
    case Value::Kind::unknown:
    case Value::Kind::boolean:
    case Value::Kind::date: break;
    case Value::Kind::number:
      if (coin()) less.low = std::max(0.0, less.low - below(3));
      if (coin()) less.high += below(3);
      break;
    case Value::Kind::text: {
      const auto pool = key == "custody"                                                     ? custodies()
                        : key == "operator" || key == "contracting_party" || key == "vendor" ? ids()
                                                                                             : countries();
      if (coin())
        if (const std::string more = any_of(pool);
            std::find(less.words.begin(), less.words.end(), more) == less.words.end())
          less.words.push_back(more);
      break;
    }
    case Value::Kind::list: {
      less.items.clear();
      for (const Value& item : value.items) {
        if (coin(5)) {
          less.open = true;
        } else {
          // Items of plain lists stay as they are: which of them is unknown is the list's own openness.
          less.items.push_back(item.kind == Value::Kind::map ? blurred(item, "item") : item);
        }
      }
      if (coin(5)) less.open = true;
      break;
    }
    case Value::Kind::map:
      less.members.clear();
      for (const auto& [name, member] : value.members)
        less.members.emplace_back(name, blurred(member, name));
      break;
  }
  return less;
}

/// The same facts with the items of every list, and the members of every map, in another order.
inline Value shuffled(const Value& value) {
  Value other = value;
  const auto mix = [](auto& list) {
    for (std::size_t i = list.size(); i > 1; --i)
      std::swap(list[i - 1], list[static_cast<std::size_t>(below(static_cast<int>(i)))]);
  };
  for (Value& item : other.items)
    item = shuffled(item);
  for (auto& [name, member] : other.members)
    member = shuffled(member);
  mix(other.items);
  mix(other.members);
  return other;
}

// --- conditions -------------------------------------------------------------------------------------------------

enum class Scope { root, site, entity, technology };

inline std::string country() { return any_of(countries()); }
inline std::string order() { return any_of({"less_than", "at_most", "at_least", "more_than"}); }

inline std::string country_test(const std::string& path) {
  switch (below(4)) {
    case 0: return fmt::format("{{{}: {}}}", path, country());
    case 1: return fmt::format("{{{}: {{in: {}}}}}", path, any_of({"EU", "EEA", "adequate"}));
    case 2: return fmt::format("{{{}: {{not_in: [{}, {}]}}}}", path, country(), country());
    default: return fmt::format("{{{}: {{is_not: [{}, {}]}}}}", path, country(), country());
  }
}

inline std::string countries_test(const std::string& path) {
  switch (below(6)) {
    case 0: return fmt::format("{{{}: {{all_in: EU}}}}", path);
    case 1: return fmt::format("{{{}: {{some_in: adequate}}}}", path);
    case 2: return fmt::format("{{{}: {{none_of: [{}, {}]}}}}", path, country(), country());
    case 3: return fmt::format("{{{}: {{includes_all: [{}, {}]}}}}", path, country(), country());
    case 4: return fmt::format("{{{}: {{empty: {}}}}}", path, coin());
    default: return fmt::format("{{{}: {}}}", path, country());
  }
}

std::string drawn_condition(int depth, Scope scope = Scope::root);

inline std::string quantified(int depth) {
  const std::vector<std::pair<std::string, Scope>> lists{
      {"sites", Scope::site}, {"entities", Scope::entity}, {"technology", Scope::technology}};
  const auto& [list, scope] = lists[static_cast<std::size_t>(below(3))];
  const std::string inner = drawn_condition(depth - 1, scope);
  if (scope == Scope::entity && coin(3))
    return fmt::format("{{entities: {{sum: effective_capital, where: {}, {}: {}%}}}}", inner, order(), below(100));
  if (coin(4)) return fmt::format("{{{}: {{count: {}, {}: {}}}}}", list, inner, order(), below(4));
  return fmt::format("{{{}: {{{}: {}}}}}", list, any_of({"some", "every", "none"}), inner);
}

inline std::string leaf(Scope scope) {
  if (scope == Scope::site && !coin(4)) return coin() ? country_test("country") : fmt::format("{{used: {}}}", coin());
  if (scope == Scope::entity && !coin(4))
    return coin() ? countries_test("seats") : fmt::format("{{effective_capital: {{{}: {}%}}}}", order(), below(70));
  if (scope == Scope::technology && !coin(4)) {
    switch (below(4)) {
      case 0: return countries_test("vendor.seats");
      case 1: return fmt::format("{{critical: {}}}", coin());
      case 2: return "{vendor: {same_as: offering.operator}}";
      default: return fmt::format("{{substitutes: {{{}: {}}}}}", order(), below(4));
    }
  }
  switch (below(9)) {
    case 0: return fmt::format("{{offering.keys.provider_override: {}}}", coin());
    case 1: return fmt::format("{{offering.keys.custody: [{}, {}]}}", any_of(custodies()), any_of(custodies()));
    case 2: return country_test("offering.contract.governing_law");
    case 3: return countries_test("offering.residency.backups");
    case 4: return fmt::format("{{offering.environment.pue: {{{}: {}}}}}", order(), below(5));
    case 5: return "{offering.operator: {same_as: offering.contracting_party}}";
    case 6: return countries_test("offering.operator.seats");
    case 7:
      return fmt::format("{{offering.operations.disconnection_tested_on: {{{}}}}}",
                         any_of({"before: 2025-06-01", "after: 2025-06-01", "within: 6 months"}));
    default: return "{offering.residency.backups: {same_as: offering.contract.governing_law}}";
  }
}

/// A condition without `known`, which alone may turn when something becomes known.
inline std::string drawn_condition(int depth, Scope scope) {
  if (depth <= 0) return leaf(scope);
  switch (below(5)) {
    case 0: return leaf(scope);
    case 1: return quantified(depth);
    case 2: return fmt::format("{{not: {}}}", drawn_condition(depth - 1, scope));
    default: {
      std::vector<std::string> parts;
      for (int i = 1 + below(3); i > 0; --i)
        parts.push_back(drawn_condition(depth - 1, scope));
      return fmt::format("{{{}: [{}]}}", any_of({"all", "any", "none"}), fmt::join(parts, ", "));
    }
  }
}

}  // namespace sovrisk::testing
