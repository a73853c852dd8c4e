#include <doctest/doctest.h>
#include <fmt/format.h>

#include "conditions/condition.h"
#include "support.h"

using sovrisk::Condition;
using sovrisk::Date;
using sovrisk::Facts;
using sovrisk::Truth;
using sovrisk::Value;
using sovrisk::testing::World;

namespace {

constexpr Truth yes = Truth::yes;
constexpr Truth no = Truth::no;
constexpr Truth unknown = Truth::unknown;

struct Row {
  const char* condition;
  const char* facts;
  Truth expected;
};

/// One world for all rows: compiling the schemas once keeps the tables fast.
template <std::size_t size>
void check(const Row (&rows)[size], Date as_of = {2026, 1, 1}) {
  World world;
  for (const Row& row : rows) {
    CAPTURE(std::string(row.condition));
    CAPTURE(std::string(row.facts));
    CHECK(world.ask(row.condition, row.facts, as_of) == row.expected);
  }
  CHECK_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
}

/// Partly known words cannot be written in a file; they arise when facts are derived.
Truth ask_of(const char* condition_text, const Value& root) {
  World world;
  const Condition condition = world.condition(condition_text);
  CHECK_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
  return evaluate(condition, Facts{&root, &world.groups, {2026, 1, 1}});
}

Value at(std::initializer_list<const char*> path, Value leaf) {
  for (auto step = std::rbegin(path); step != std::rend(path); ++step) {
    Value map = Value::map();
    map.set(*step, std::move(leaf));
    leaf = std::move(map);
  }
  return leaf;
}

}  // namespace

TEST_CASE("evaluate: a flag is tested as true, false or unknown, and an absent one is unknown") {
  check({
      {"{offering.keys.provider_override: true}", "{offering: {keys: {provider_override: true}}}", yes},
      {"{offering.keys.provider_override: true}", "{offering: {keys: {provider_override: false}}}", no},
      {"{offering.keys.provider_override: true}", "{offering: {keys: {provider_override: unknown}}}", unknown},
      {"{offering.keys.provider_override: true}", "{offering: {keys: {}}}", unknown},
      {"{offering.keys.provider_override: true}", "{offering: {keys: unknown}}", unknown},
      {"{offering.keys.provider_override: true}", "{}", unknown},
      {"{offering.keys.provider_override: false}", "{offering: {keys: {provider_override: false}}}", yes},
      {"{offering.keys.provider_override: {is_not: true}}", "{offering: {keys: {provider_override: false}}}", yes},
      {"{offering.keys.provider_override: {is_not: true}}", "{}", unknown},
  });
}

TEST_CASE("evaluate: a word is one of several, or not") {
  check({
      {"{offering.keys.custody: provider}", "{offering: {keys: {custody: provider}}}", yes},
      {"{offering.keys.custody: provider}", "{offering: {keys: {custody: shared}}}", no},
      {"{offering.keys.custody: [shared, provider]}", "{offering: {keys: {custody: provider}}}", yes},
      {"{offering.keys.custody: {is: [shared, provider]}}", "{offering: {keys: {custody: customer-external}}}", no},
      {"{offering.keys.custody: {is_not: [shared, provider]}}", "{offering: {keys: {custody: customer-external}}}",
       yes},
      {"{offering.keys.custody: {is_not: provider}}", "{offering: {keys: {custody: unknown}}}", unknown},
      {"{offering.contract.governing_law: [FR, DE]}", "{offering: {contract: {governing_law: FR}}}", yes},
      {"{offering.contract.governing_law: {in: [FR, DE]}}", "{offering: {contract: {governing_law: US}}}", no},
  });
}

TEST_CASE("evaluate: a word that may be several is decided only when all of them agree") {
  const Value either = at({"offering", "keys", "custody"}, Value::one_of({"provider", "shared"}));
  CHECK(ask_of("{offering.keys.custody: provider}", either) == unknown);
  CHECK(ask_of("{offering.keys.custody: [provider, shared]}", either) == yes);
  CHECK(ask_of("{offering.keys.custody: customer-external}", either) == no);
  CHECK(ask_of("{offering.keys.custody: {is_not: customer-external}}", either) == yes);
  CHECK(ask_of("{offering.keys.custody: {is_not: provider}}", either) == unknown);
  const Value country = at({"offering", "contract", "governing_law"}, Value::one_of({"FR", "DE"}));
  CHECK(ask_of("{offering.contract.governing_law: {in: EU}}", country) == yes);
  CHECK(ask_of("{offering.contract.governing_law: {not_in: EU}}", country) == no);
  const Value mixed = at({"offering", "contract", "governing_law"}, Value::one_of({"FR", "US"}));
  CHECK(ask_of("{offering.contract.governing_law: {in: EU}}", mixed) == unknown);
}

TEST_CASE("evaluate: an interval is compared at both of its ends") {
  check({
      {"{offering.environment.pue: {at_most: 1.3}}", "{offering: {environment: {pue: 1.3}}}", yes},
      {"{offering.environment.pue: {less_than: 1.3}}", "{offering: {environment: {pue: 1.3}}}", no},
      {"{offering.environment.pue: {at_least: 1.3}}", "{offering: {environment: {pue: 1.3}}}", yes},
      {"{offering.environment.pue: {more_than: 1.3}}", "{offering: {environment: {pue: 1.3}}}", no},
      {"{offering.environment.pue: {at_most: 1.3}}", "{offering: {environment: {pue: [1.1, 1.3]}}}", yes},
      {"{offering.environment.pue: {less_than: 1.3}}", "{offering: {environment: {pue: [1.1, 1.3]}}}", unknown},
      {"{offering.environment.pue: {more_than: 1.3}}", "{offering: {environment: {pue: [1.1, 1.3]}}}", no},
      {"{offering.environment.pue: {at_least: 1.2}}", "{offering: {environment: {pue: [1.1, 1.3]}}}", unknown},
      {"{offering.environment.pue: {at_least: 1.2}}", "{offering: {environment: {pue: unknown}}}", unknown},
      {"{offering.environment.pue: 1.2}", "{offering: {environment: {pue: 1.2}}}", yes},
      {"{offering.environment.pue: 1.2}", "{offering: {environment: {pue: [1.1, 1.3]}}}", unknown},
      {"{offering.environment.pue: 1.4}", "{offering: {environment: {pue: [1.1, 1.3]}}}", no},
      {"{offering.environment.pue: {at_least: 1, at_most: 2}}", "{offering: {environment: {pue: 1.5}}}", yes},
      {"{offering.environment.pue: {at_least: 1, at_most: 2}}", "{offering: {environment: {pue: 3}}}", no},
      {"{entities: {some: {effective_capital: {more_than: 24%}}}}",
       "{entities: [{id: a, effective_capital: [20%, 30%]}]}", unknown},
      {"{entities: {some: {effective_capital: {more_than: 24%}}}}", "{entities: [{id: a, effective_capital: 24 %}]}",
       no},
      {"{entities: {some: {effective_capital: {more_than: 24%}}}}", "{entities: [{id: a, effective_capital: 24.01%}]}",
       yes},
  });
}

TEST_CASE("evaluate: a list of words is decided by what it surely holds and whether it is complete") {
  const char* const eu = "{offering.residency.customer_data: {all_in: EU}}";
  const char* const some = "{offering.residency.customer_data: {some_in: EU}}";
  const char* const none = "{offering.residency.customer_data: {none_of: [US, CN]}}";
  const char* const both = "{offering.residency.customer_data: {includes_all: [FR, DE]}}";
  const char* const holds = "{offering.residency.customer_data: FR}";
  const char* const empty = "{offering.residency.customer_data: {empty: true}}";
  const char* const filled = "{offering.residency.customer_data: {empty: false}}";
  const char* const fr = "{offering: {residency: {customer_data: [FR]}}}";
  const char* const fr_us = "{offering: {residency: {customer_data: [FR, US]}}}";
  const char* const us = "{offering: {residency: {customer_data: [US]}}}";
  const char* const fr_more = "{offering: {residency: {customer_data: [FR, unknown]}}}";
  const char* const fr_de_more = "{offering: {residency: {customer_data: [FR, DE, unknown]}}}";
  const char* const us_more = "{offering: {residency: {customer_data: [US, unknown]}}}";
  const char* const nothing = "{offering: {residency: {customer_data: []}}}";
  const char* const open = "{offering: {residency: {customer_data: [unknown]}}}";
  const char* const absent = "{offering: {residency: {customer_data: unknown}}}";
  check({
      {eu, fr, yes},
      {eu, fr_us, no},
      {eu, fr_more, unknown},
      {eu, us_more, no},
      {eu, absent, unknown},
      {some, fr_us, yes},
      {some, us, no},
      {some, us_more, unknown},
      {some, fr_more, yes},
      {some, nothing, no},
      {none, fr, yes},
      {none, fr_us, no},
      {none, fr_more, unknown},
      {none, us_more, no},
      {none, nothing, yes},
      {both, fr, no},
      {both, fr_us, no},
      {both, fr_more, unknown},
      {both, fr_de_more, yes},
      {both, absent, unknown},
      {holds, fr_us, yes},
      {holds, us, no},
      {holds, us_more, unknown},
      {holds, fr_more, yes},
      {holds, nothing, no},
      {empty, nothing, yes},
      {empty, fr, no},
      {empty, open, unknown},
      {empty, fr_more, no},
      {empty, absent, unknown},
      {filled, nothing, no},
      {filled, fr, yes},
      {filled, open, unknown},
      {filled, fr_more, yes},
      {filled, absent, unknown},
  });
}

TEST_CASE("evaluate: days are compared with a day, with another fact and with the assessment date") {
  const char* const tested =
      "{offering: {operations: {disconnection_tested_on: 2025-06-01}}, workload: {needed_by: 2025-07-01}}";
  const char* const missing =
      "{offering: {operations: {disconnection_tested_on: unknown}}, workload: {needed_by: 2025-07-01}}";
  const char* const no_need = "{offering: {operations: {disconnection_tested_on: 2025-06-01}}}";
  check({
      {"{offering.operations.disconnection_tested_on: {before: 2025-06-02}}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {before: 2025-06-01}}", tested, no},
      {"{offering.operations.disconnection_tested_on: {after: 2025-05-31}}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {after: 2025-06-01}}", tested, no},
      {"{offering.operations.disconnection_tested_on: {after: 2025-05-31}}", missing, unknown},
      {"{offering.operations.disconnection_tested_on: 2025-06-01}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {is_not: 2025-06-01}}", tested, no},
      {"{offering.operations.disconnection_tested_on: {before: workload.needed_by}}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {before: workload.needed_by}}", no_need, unknown},
      {"{offering.operations.disconnection_tested_on: {before: as_of}}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {within: 1 year}}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {within: 6 months}}", tested, no},
      {"{offering.operations.disconnection_tested_on: {within: 30 days, of: workload.needed_by}}", tested, yes},
      {"{offering.operations.disconnection_tested_on: {within: 29 days, of: workload.needed_by}}", tested, no},
      {"{offering.operations.disconnection_tested_on: {within: 30 days, of: workload.needed_by}}", no_need, unknown},
      {"{offering.operations.disconnection_tested_on: {within: 1 year}}", missing, unknown},
      // A test in the future does not count as a recent one.
      {"{workload.needed_by: {within: 1 year}}", "{workload: {needed_by: 2026-01-02}}", no},
      {"{as_of: {after: 2025-12-31}}", "{}", yes},
  });
}

TEST_CASE("evaluate: a fact is held against another one") {
  const char* const same = "{offering.operator: {same_as: offering.contracting_party}}";
  const char* const stored = "{offering.residency.backups: {same_as: offering.contract.governing_law}}";
  check({
      {same, "{offering: {operator: a, contracting_party: a}}", yes},
      {same, "{offering: {operator: a, contracting_party: b}}", no},
      {same, "{offering: {operator: a, contracting_party: unknown}}", unknown},
      {same, "{offering: {operator: a}}", unknown},
      {stored, "{offering: {residency: {backups: [DE, FR]}, contract: {governing_law: FR}}}", yes},
      {stored, "{offering: {residency: {backups: [DE]}, contract: {governing_law: FR}}}", no},
      {stored, "{offering: {residency: {backups: [DE, unknown]}, contract: {governing_law: FR}}}", unknown},
      {stored, "{offering: {residency: {backups: [DE]}, contract: {governing_law: unknown}}}", unknown},
  });
}

TEST_CASE("evaluate: quantifiers keep open what an unknown item or an open list keeps open") {
  const char* const some = "{sites: {some: {country: FR}}}";
  const char* const every = "{sites: {every: {country: FR}}}";
  const char* const none = "{sites: {none: {country: FR}}}";
  const char* const fr_fr = "{sites: [{code: a, country: FR}, {code: b, country: FR}]}";
  const char* const fr_us = "{sites: [{code: a, country: FR}, {code: b, country: US}]}";
  const char* const us = "{sites: [{code: a, country: US}]}";
  const char* const us_or = "{sites: [{code: a, country: US}, {code: b, country: unknown}]}";
  const char* const fr_or = "{sites: [{code: a, country: FR}, {code: b, country: unknown}]}";
  const char* const us_open = "{sites: [{code: a, country: US}, unknown]}";
  const char* const fr_open = "{sites: [{code: a, country: FR}, unknown]}";
  const char* const nothing = "{sites: []}";
  const char* const absent = "{}";
  check({
      {some, fr_us, yes},        {some, us, no},       {some, us_or, unknown}, {some, fr_or, yes},
      {some, us_open, unknown},  {some, fr_open, yes}, {some, nothing, no},    {some, absent, unknown},
      {every, fr_fr, yes},       {every, fr_us, no},   {every, us_or, no},     {every, fr_or, unknown},
      {every, fr_open, unknown}, {every, us_open, no}, {every, nothing, yes},  {every, absent, unknown},
      {none, us, yes},           {none, fr_us, no},    {none, us_or, unknown}, {none, fr_or, no},
      {none, us_open, unknown},  {none, fr_open, no},  {none, nothing, yes},   {none, absent, unknown},
  });
}

TEST_CASE("evaluate: a count has the bounds that unknown items and an open list leave") {
  const char* const fr_fr = "{sites: [{code: a, country: FR}, {code: b, country: FR}]}";
  const char* const fr_or = "{sites: [{code: a, country: FR}, {code: b, country: unknown}]}";
  const char* const fr_fr_open = "{sites: [{code: a, country: FR}, {code: b, country: FR}, unknown]}";
  const char* const fr_open = "{sites: [{code: a, country: FR}, unknown]}";
  check({
      {"{sites: {count: {country: FR}, at_least: 2}}", fr_fr, yes},
      {"{sites: {count: {country: FR}, at_least: 2}}", fr_or, unknown},
      {"{sites: {count: {country: FR}, at_least: 3}}", fr_or, no},
      {"{sites: {count: {country: FR}, at_most: 2}}", fr_or, yes},
      {"{sites: {count: {country: FR}, at_most: 1}}", fr_or, unknown},
      {"{sites: {count: {country: FR}, at_least: 2}}", fr_fr_open, yes},
      {"{sites: {count: {country: FR}, at_most: 1}}", fr_fr_open, no},
      {"{sites: {count: {country: FR}, at_most: 5}}", fr_fr_open, unknown},
      {"{sites: {count: {country: FR}, more_than: 1}}", fr_open, unknown},
      {"{sites: {count: {country: FR}, less_than: 1}}", fr_open, no},
      {"{sites: {count: {country: FR}, at_least: 1}}", "{sites: []}", no},
      {"{sites: {count: {country: FR}, at_least: 1}}", "{}", unknown},
  });
}

TEST_CASE("evaluate: a sum of shares counts what surely counts at least and what may count at most") {
  const char* const half = "{entities: {sum: effective_capital, where: {seats: {some_in: EU}}, at_least: 50%}}";
  const char* const little = "{entities: {sum: effective_capital, where: {seats: {some_in: EU}}, at_most: 39%}}";
  check({
      {half, "{entities: [{id: a, seats: [FR], effective_capital: 30%}, {id: b, seats: [DE], effective_capital: 20%}]}",
       yes},
      {half, "{entities: [{id: a, seats: [FR], effective_capital: 30%}, {id: b, seats: [US], effective_capital: 20%}]}",
       no},
      {half,
       "{entities: [{id: a, seats: [FR], effective_capital: 30%}, {id: b, seats: [unknown], effective_capital: 20%}]}",
       unknown},
      {half, "{entities: [{id: a, seats: [FR], effective_capital: [30%, 60%]}]}", unknown},
      // In binary fractions these are a hair less than 50.
      {half,
       "{entities: [{id: a, seats: [FR], effective_capital: 40.3%}, {id: b, seats: [FR], effective_capital: 2.4%}, "
       "{id: c, seats: [FR], effective_capital: 7.3%}]}",
       yes},
      {half, "{entities: [{id: a, seats: [FR], effective_capital: 30%}, {id: b, seats: [DE]}]}", unknown},
      {half, "{entities: [{id: a, seats: [FR], effective_capital: 30%}, unknown]}", unknown},
      {half, "{entities: [{id: a, seats: [FR], effective_capital: 60%}, unknown]}", yes},
      {little, "{entities: [{id: a, seats: [FR], effective_capital: 30%}, unknown]}", unknown},
      {little, "{entities: [{id: a, seats: [FR], effective_capital: 40%}, unknown]}", no},
      {little, "{entities: [{id: a, seats: [FR], effective_capital: 30%}]}", yes},
      {half, "{}", unknown},
  });
}

TEST_CASE("evaluate: a sum of plain numbers has no upper bound while one of them is unknown") {
  // 100 % bounds a share; nothing bounds a number.
  check(
      {{"{technology: {sum: substitutes, at_most: 150}}", "{technology: [{vendor: a, substitutes: unknown}]}", unknown},
       {"{technology: {sum: substitutes, at_most: 150}}", "{technology: [{vendor: a, substitutes: 151}]}", no},
       {"{technology: {sum: substitutes, at_most: 150}}", "{technology: [{vendor: a, substitutes: [1, 150]}]}", yes}});
}

TEST_CASE("evaluate: an entity reference leads to the facts of that entity") {
  const char* const seat = "{offering.operator.seats: {some_in: EU}}";
  check({
      {seat, "{offering: {operator: a}, entities: [{id: b, seats: [US]}, {id: a, seats: [FR]}]}", yes},
      {seat, "{offering: {operator: b}, entities: [{id: b, seats: [US]}, {id: a, seats: [FR]}]}", no},
      {seat, "{offering: {operator: c}, entities: [{id: b, seats: [US]}]}", unknown},
      {seat, "{offering: {operator: unknown}, entities: [{id: b, seats: [US]}]}", unknown},
      {seat, "{offering: {operator: a}}", unknown},
      {"{technology: {some: {vendor.seats: US}}}", "{technology: [{vendor: b}], entities: [{id: b, seats: [US]}]}",
       yes},
      {"{technology: {some: {vendor.seats: US}}}", "{technology: [{vendor: a}], entities: [{id: b, seats: [US]}]}",
       unknown},
      {"{technology: {some: {vendor.seats: US}}}", "{technology: [], entities: [{id: b, seats: [US]}]}", no},
  });
  Value root = at({"offering", "operator"}, Value::one_of({"a", "b"}));
  CHECK(ask_of(seat, root) == unknown);
}

TEST_CASE("evaluate: a name inside a quantifier means the innermost item that has it, else the facts at the root") {
  const char* const sites_us_staff_fr =
      "{offering: {name: x, keys: {custody: provider}}, sites: [{code: a, country: US, used: true}], staff: [{country: "
      "FR, privileged: true}]}";
  check({
      // `country` of the staff, not of the site around it.
      {"{sites: {some: {staff: {some: {country: FR}}}}}", sites_us_staff_fr, yes},
      {"{sites: {some: {staff: {some: {country: US}}}}}", sites_us_staff_fr, no},
      // `used` is a fact of sites only, and is found one level out.
      {"{sites: {some: {staff: {some: {country: FR, used: true}}}}}", sites_us_staff_fr, yes},
      {"{sites: {some: {staff: {some: {country: FR, used: false}}}}}", sites_us_staff_fr, no},
      {"{sites: {some: {country: US, offering.keys.custody: provider}}}", sites_us_staff_fr, yes},
  });
}

TEST_CASE("evaluate: `in` takes the country or group that another fact names") {
  const char* const here = "{sites: {some: {country: {in: law.jurisdiction}}}}";
  check({
      {here, "{law: {jurisdiction: US}, sites: [{code: a, country: US}]}", yes},
      {here, "{law: {jurisdiction: US}, sites: [{code: a, country: FR}]}", no},
      {here, "{law: {jurisdiction: EU}, sites: [{code: a, country: FR}]}", yes},
      {here, "{law: {jurisdiction: EU}, sites: [{code: a, country: US}]}", no},
      {here, "{sites: [{code: a, country: US}]}", unknown},
      {here, "{law: {jurisdiction: US}, sites: [{code: a, country: unknown}]}", unknown},
      {"{offering.residency.backups: {all_in: law.jurisdiction}}",
       "{law: {jurisdiction: EU}, offering: {residency: {backups: [FR, DE]}}}", yes},
      {"{offering.residency.backups: {some_in: law.jurisdiction}}",
       "{law: {jurisdiction: FR}, offering: {residency: {backups: [US]}}}", no},
  });
}

TEST_CASE("evaluate: a group has the members of the assessment date") {
  World world;
  const auto in = [&](const char* group, const char* country, Date day) {
    return world.ask(fmt::format("{{offering.contract.governing_law: {{in: {}}}}}", group),
                     fmt::format("{{offering: {{contract: {{governing_law: {}}}}}}}", country), day);
  };
  CHECK(in("EU", "GB", {1972, 12, 31}) == no);
  CHECK(in("EU", "GB", {1973, 1, 1}) == yes);
  CHECK(in("EU", "GB", {2020, 1, 31}) == yes);
  CHECK(in("EU", "GB", {2020, 2, 1}) == no);
  CHECK(in("adequate", "US", {2016, 7, 11}) == no);
  CHECK(in("adequate", "US", {2016, 7, 12}) == yes);
  CHECK(in("adequate", "US", {2020, 7, 15}) == yes);
  CHECK(in("adequate", "US", {2020, 7, 16}) == no);
  CHECK(in("adequate", "US", {2023, 7, 9}) == no);
  CHECK(in("adequate", "US", {2023, 7, 10}) == yes);
  CHECK(in("adequate", "GB", {2031, 12, 26}) == yes);
  CHECK(in("adequate", "GB", {2031, 12, 27}) == no);
  CHECK(in("adequate", "CN", {2026, 1, 1}) == no);
  CHECK(in("EEA", "NO", {2026, 1, 1}) == yes);
  CHECK(in("EEA", "FR", {2026, 1, 1}) == yes);
  CHECK(in("EEA", "CH", {2026, 1, 1}) == no);
}
