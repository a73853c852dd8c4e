// What a condition is told that makes no sense, at the words meant.
#include <doctest/doctest.h>

#include "engine/load/diagnostic_cases.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Through = DiagnosticCase::Through;

DiagnosticCase when(std::string_view id, const std::string& condition, std::string message, std::string hint = {}) {
  return {Through::condition, id, "when: " + condition + "\n", std::move(message), std::move(hint)};
}

/// The findings about a condition, as text.
std::string findings(const std::string& condition) {
  World world;
  (void)world.condition(condition);
  return render_text(world.diagnostics, world.sources);
}

}  // namespace

const std::vector<DiagnosticCase>& condition_cases() {
  static const std::vector<DiagnosticCase> cases{
      when("bad-condition", "«[»a]", "a condition is a map of facts and tests, not a list"),
      when("bad-condition", "«due»", "a condition is a map of facts and tests, not text"),
      when("bad-condition", "{always: «maybe»}", "`always` is true or false"),
      when("bad-condition", "{all: «{»as_of: {after: 2020-01-01}}}", "`all` is followed by a list of conditions"),
      when("bad-condition", "{none: «[»]}", "`none` is followed by a list of conditions"),
      when("bad-condition", "{as_of: «{»}}", "a test is missing"),
      when("bad-condition", "{workload.data.categories: «[»]}", "the list of allowed values is empty"),
      when("bad-condition", "{workload.exit_plan.tested_on: {within: «soon»}}", "`soon` is no duration",
           "write one such as `1 year`"),
      when("bad-condition", "{entities: {«count»: {provider: true}}}", "`count` needs a bound",
           "add `at_most: ...` or `at_least: ...`"),
      when("bad-condition", "{offering.operator: {«held_by»: {seats: US}, at_least: 50%}}",
           "`held_by` needs to know which share counts", "add `share: capital`, `votes` or `either`"),
      when("bad-condition", "{offering.operator: {«held_by»: {seats: US}, share: capital}}", "`held_by` needs a bound",
           "add `at_most: ...` or `at_least: ...`"),
      when("bad-condition", "{offering.operator: {held_by: {seats: US}, share: votes, at_least: 1%, «at_most»: 2%}}",
           "`held_by` has one bound"),
      when("bad-condition", "{offering.operator: {«held_by»: {seats: US}, share: votes, links: each, at_most: 50%}}",
           "`links: each` needs `at_least` or `more_than`"),
      when("bad-condition", "{offering.operator: {«held_by»: {seats: US}, share: votes, links: each, less_than: 50%}}",
           "`links: each` needs `at_least` or `more_than`"),
      when("bad-condition", "{offering.operator: {held_by: «US», share: votes, at_least: 50%}}",
           "a condition is a map of facts and tests, not text"),
      {Through::condition, "bad-condition", "define: {a: {not: {holds: «a»}}}\nwhen: {holds: a}\n",
       "`a` is defined by itself"},
      when("unknown-name", "{holds: «due»}", "no condition is named `due`", "name it under `define:`"),
      {Through::condition, "unknown-name", "define: {due-now: {always: true}}\nwhen: {holds: «due-nov»}\n",
       "no condition is named `due-nov`", "did you mean `due-now`?"},
      when("unknown-path", "{«offering.keys.custdy»: shared}", "no fact has the path `offering.keys.custdy`",
           "did you mean `offering.keys.custody`?"),
      when("unknown-path", "{known: «offering.keys.custdy»}", "no fact has the path `offering.keys.custdy`",
           "did you mean `offering.keys.custody`?"),
      when("unknown-path", "{entities: {some: {«provder»: true}}}", "no fact has the path `provder`",
           "did you mean `provider`?"),
      when("unknown-path", "{offering.operator: {held_by: {«seat»: US}, share: votes, at_least: 50%}}",
           "no fact has the path `seat`", "did you mean `seats`?"),
      when("unknown-path", "{offering.keys.custody: {same_as: «offering.keys.custdy»}}",
           "no fact has the path `offering.keys.custdy`", "did you mean `offering.keys.custody`?"),
      when("unknown-path", "{«is»: FR}", "no fact has the path `is`", "`is` is a test and stands under a fact"),
      when("unknown-path", "{«knwn»: as_of}", "no fact has the path `knwn`", "did you mean `known`?"),
      when("unknown-path", "{«qqqqqq»: 1}", "no fact has the path `qqqqqq`", "`sovrisk schema facts` lists the facts"),
      when("unknown-test", "{as_of: {«befor»: 2020-01-01}}", "unknown test `befor`", "did you mean `before`?"),
      when("test-does-not-fit", "{as_of: {in: «EU»}}", "`in` does not fit a date"),
      when("test-does-not-fit", "{workload.data.matched: «health»}", "true or false is compared with `health`"),
      when("test-does-not-fit", "{workload.data.matched: {at_least: «1»}}", "`at_least` does not fit true or false"),
      when("test-does-not-fit", "{as_of: «2023-02-30»}", "a date is compared with `2023-02-30`"),
      when("test-does-not-fit", "{entities: {some: {effective_capital: {at_least: «25»}}}}",
           "a share is compared with a share such as `24%`"),
      // Only an entity has holders.
      when("test-does-not-fit", "{as_of: {held_by: «{»seats: US}}}", "`held_by` does not fit a date"),
      when("test-does-not-fit", "{offering.keys.custody: {held_by: «{»seats: US}}}", "`held_by` does not fit text"),
      when("test-does-not-fit", "{entities: {held_by: «{»seats: US}}}", "`held_by` does not fit a list"),
      when("test-does-not-fit", "{offering.operator: {held_by: {seats: US}, share: votes, at_least: «50»}}",
           "a share is compared with a share such as `24%`"),
      when("test-does-not-fit", "{workload.data.subject_count: {at_least: «many»}}",
           "a number is compared with a number"),
      when("test-does-not-fit", "{workload.controller.country: {some_in: «EU»}}", "`some_in` does not fit a country"),
      when("unknown-word", "{workload.controller.kind: «unknown»}",
           "`unknown` cannot be tested for: a test of a missing fact is unknown by itself", "use `known: PATH`"),
      when("unknown-word", "{workload.controller.kind: [company, «compny»]}", "the fact is never `compny`",
           "did you mean `company`?"),
      when("unknown-word", "{workload.controller.country: «EEA»}", "`EEA` is a group of countries", "write `in: EEA`"),
      when("unknown-word", "{workload.controller.country: «FRA»}", "`FRA` is no country code",
           "ISO 3166-1 alpha-2, such as FR"),
      when("unknown-word", "{offering.operator: {held_by: {seats: US}, share: «capitl», at_least: 50%}}",
           "`share` is one of capital, votes, either", "did you mean `capital`?"),
      when("unknown-word", "{offering.operator: {held_by: {seats: US}, share: votes, links: «eahc», at_least: 50%}}",
           "`links` is one of multiplied, each", "did you mean `each`?"),
      when("unknown-group", "{workload.controller.country: {in: «EEEA»}}", "no group of countries is named `EEEA`",
           "did you mean `EEA`?"),
  };
  return cases;
}

TEST_CASE("compile: each fault is named at its words") {
  for (const DiagnosticCase& row : condition_cases())
    check_case(row);
}

TEST_CASE("compile: a country that is no country is refused where it is compared, UK with GB as the hint") {
  CHECK(findings("{workload.controller.country: UK}").find("GB") != std::string::npos);
  CHECK(findings("{workload.controller.country: {in: [FR, UK]}}").find("GB") != std::string::npos);
  CHECK(findings("{workload.controller.country: XX}") != "");
  CHECK(findings("{workload.controller.country: GB}") == "");
}

TEST_CASE("compile: a two-letter word after in that is neither group nor country is refused") {
  // It would silently never hold.
  CHECK(findings("{workload.controller.country: {in: UK}}") != "");
  CHECK(findings("{workload.controller.country: {not_in: EF}}") != "");
  CHECK(findings("{workload.controller.country: {in: FR}}") == "");
}

TEST_CASE("compile: an empty condition is not said to be no map") {
  const std::string text = findings("{}");
  CHECK(text.find("error:") != std::string::npos);
  CHECK(text.find("not a map") == std::string::npos);
}

TEST_CASE("compile: a second bound of one count is told once") {
  check_case(when("bad-condition", "{entities: {count: {provider: true}, at_least: 1, «at_most»: 3}}",
                  "`count` has one bound"));
}

TEST_CASE("compile: the order of keys in a test does not matter") {
  CHECK(findings("{entities: {count: {provider: true}, at_least: 1}}") == "");
  CHECK(findings("{entities: {at_least: 1, count: {provider: true}}}") == "");
  CHECK(findings("{entities: {sum: effective_capital, where: {provider: true}, at_most: 10%}}") == "");
  CHECK(findings("{entities: {where: {provider: true}, at_most: 10%, sum: effective_capital}}") == "");
  CHECK(findings("{workload.exit_plan.tested_on: {within: 1 year, of: as_of}}") == "");
  CHECK(findings("{workload.exit_plan.tested_on: {of: as_of, within: 1 year}}") == "");
  CHECK(findings("{offering.operator: {held_by: {seats: US}, share: votes, links: each, at_least: 50%}}") == "");
  CHECK(findings("{offering.operator: {at_least: 50%, links: each, share: votes, held_by: {seats: US}}}") == "");
}

TEST_CASE("compile: a definition that names itself several times is told once, not for every way round") {
  World world;
  // 2 to the 16th ways; with ten names instead of two it would never end.
  const Node define = world.yaml("{a: {any: [{holds: a}, {holds: a}]}}");
  (void)world.condition("{holds: a}", &define);
  CHECK(world.diagnostics.error_count() >= 1);
  CHECK(world.diagnostics.error_count() <= 2);
}

TEST_CASE("compile: several mistakes of one condition are told in one go") {
  World world;
  (void)world.condition(
      "all:\n  - offering.keys.custdy: shared\n  - as_of: {befor: 2020-01-01}\n  - workload.controller.kind: compny\n  "
      "- holds: due\n");
  CHECK(world.diagnostics.error_count() == 4);
}

TEST_CASE("compile: an item of a quantifier speaks of itself first, then of the root") {
  CHECK(findings("{entities: {some: {provider: true, workload.controller.kind: company}}}") == "");
  CHECK(findings("{entities: {some: {id: {same_as: offering.operator}}}}") == "");
  // The path through an entity id goes on in the entity.
  CHECK(findings("{offering.operator.incorporated_in: FR}") == "");
}

}  // namespace sovrisk::testing
