#include <doctest/doctest.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conditions/condition.h"
#include "support.h"

using sovrisk::Condition;
using sovrisk::Facts;
using sovrisk::Truth;
using sovrisk::UsedFact;
using sovrisk::Value;
using sovrisk::testing::World;

namespace {

constexpr Truth yes = Truth::yes;
constexpr Truth no = Truth::no;
constexpr Truth unknown = Truth::unknown;

// Three flags that the tables below call T, F and U.
const std::string facts = "{offering: {keys: {provider_override: true, plaintext_at_run_time: false}}}";
const std::string T = "{offering.keys.provider_override: true}";
const std::string F = "{offering.keys.plaintext_at_run_time: true}";
const std::string U = "{offering.residency.disclosed: true}";

std::string of(const char* combinator, std::initializer_list<std::string> parts) {
  return fmt::format("{{{}: [{}]}}", combinator, fmt::join(parts, ", "));
}

std::vector<std::string> decided_by(const char* condition_text, const char* facts_text) {
  World world;
  const Condition condition = world.condition(condition_text);
  const Value root = world.facts(facts_text);
  std::vector<std::string> paths;
  for (const UsedFact& fact : deciding_facts(condition, Facts{&root, &world.groups, {2026, 1, 1}}))
    paths.push_back(fact.path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("evaluate: all, any, none and not follow strong Kleene tables") {
  World world;
  const auto ask = [&](const std::string& text) { return world.ask(text, facts); };
  CHECK(ask(of("all", {T, T})) == yes);
  CHECK(ask(of("all", {T, U})) == unknown);
  CHECK(ask(of("all", {F, U})) == no);
  CHECK(ask(of("any", {F, F})) == no);
  CHECK(ask(of("any", {F, U})) == unknown);
  CHECK(ask(of("any", {T, U})) == yes);
  CHECK(ask(of("none", {F, F})) == yes);
  CHECK(ask(of("none", {F, U})) == unknown);
  CHECK(ask(of("none", {T, U})) == no);
  CHECK(ask("{not: " + T + "}") == no);
  CHECK(ask("{not: " + F + "}") == yes);
  CHECK(ask("{not: " + U + "}") == unknown);
  CHECK(ask("{always: true}") == yes);
  CHECK(ask("{always: false}") == no);
  CHECK_FALSE(world.diagnostics.has_errors());
}

TEST_CASE("evaluate: the tests of one map must all hold, and `not` turns their conjunction round") {
  World world;
  CHECK(world.ask("{offering.keys.provider_override: true, offering.keys.plaintext_at_run_time: false}", facts) == yes);
  CHECK(world.ask("{offering.keys.provider_override: true, offering.keys.plaintext_at_run_time: true}", facts) == no);
  CHECK(world.ask("{not: {offering.keys.provider_override: true, offering.keys.plaintext_at_run_time: true}}", facts) ==
        yes);
}

TEST_CASE("evaluate: `known` is never unknown, and something partly known is not known") {
  World world;
  const auto ask = [&](const char* path, const char* given) {
    return world.ask(fmt::format("{{known: {}}}", path), given);
  };
  CHECK(ask("offering.keys.custody", "{offering: {keys: {custody: provider}}}") == yes);
  CHECK(ask("offering.keys.custody", "{offering: {keys: {custody: unknown}}}") == no);
  CHECK(ask("offering.keys.custody", "{}") == no);
  CHECK(ask("offering.environment.pue", "{offering: {environment: {pue: [1, 2]}}}") == no);
  CHECK(ask("offering.environment.pue", "{offering: {environment: {pue: 1}}}") == yes);
  CHECK(ask("offering.residency.backups", "{offering: {residency: {backups: [FR, unknown]}}}") == no);
  CHECK(ask("offering.residency.backups", "{offering: {residency: {backups: []}}}") == yes);
}

TEST_CASE("evaluate: a named condition speaks of the item where it is used") {
  World world;
  const sovrisk::Node define =
      world.yaml("{in-france: {country: FR}, somewhere-in-france: {sites: {some: {holds: in-france}}}}");
  const Condition site = world.condition("{sites: {every: {holds: in-france}}}", &define);
  const Condition nested = world.condition("{holds: somewhere-in-france}", &define);
  REQUIRE_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
  const Value root = world.facts("{sites: [{code: a, country: FR}, {code: b, country: US}]}");
  CHECK(evaluate(site, Facts{&root, &world.groups, {2026, 1, 1}}) == no);
  CHECK(evaluate(nested, Facts{&root, &world.groups, {2026, 1, 1}}) == yes);
}

TEST_CASE("deciding_facts: a decision names the facts that pull its way, an open one those that are missing") {
  const char* const one_of =
      "{any: [{offering.keys.provider_override: true}, {offering.keys.plaintext_at_run_time: true}]}";
  CHECK(decided_by(one_of, "{offering: {keys: {provider_override: true, plaintext_at_run_time: false}}}") ==
        Paths{"offering.keys.provider_override"});
  CHECK(decided_by(one_of, "{offering: {keys: {provider_override: false}}}") ==
        Paths{"offering.keys.plaintext_at_run_time"});
  CHECK(decided_by(one_of, "{offering: {keys: {provider_override: false, plaintext_at_run_time: false}}}") ==
        Paths{"offering.keys.plaintext_at_run_time", "offering.keys.provider_override"});
  CHECK(decided_by("{not: {offering.keys.provider_override: true}}", "{offering: {keys: {provider_override: true}}}") ==
        Paths{"offering.keys.provider_override"});
}

TEST_CASE("deciding_facts: of a list, the items that matter are named by their ids") {
  const char* const here = "{sites: {some: {country: FR}}}";
  CHECK(decided_by(here, "{sites: [{code: a, country: US}, {code: b, country: FR}]}") == Paths{"sites[b].country"});
  CHECK(decided_by(here, "{sites: [{code: a, country: US}, {code: b, country: unknown}]}") ==
        Paths{"sites[b].country"});
  // An open list without an undecided item is itself what is missing.
  CHECK(decided_by(here, "{sites: [{code: a, country: US}, unknown]}") == Paths{"sites"});
  CHECK(decided_by("{sites: {none: {country: FR}}}", "{sites: [{code: a, country: US}, {code: b, country: FR}]}") ==
        Paths{"sites[b].country"});
}
