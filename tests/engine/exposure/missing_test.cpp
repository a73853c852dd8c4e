// What missing facts do to reach: it becomes unknown, and never "not reached".
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/exposure/example.h"

using sovrisk::Certainty;
using sovrisk::Date;
using sovrisk::testing::Assessed;
using sovrisk::testing::Example;
using sovrisk::testing::held;
using sovrisk::testing::spread;

namespace {

Example parent_from(const std::string& country) {
  Example example;
  example.op.country = "IE";
  example.op.stakes = "[{owner: x-corp, capital: 100%}]";
  example.others = {spread("x-corp", country, "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  return example;
}

}  // namespace

TEST_CASE("missing facts: a parent whose country is unknown leaves every foreign law open") {
  const Assessed assessed(parent_from("unknown"));
  for (const char* law : {"us-cloud-act", "us-fisa-702", "us-ofac-ieepa", "us-ear", "uk-ipa", "ch-buepf",
                          "cn-national-intelligence-law"}) {
    CAPTURE(std::string(law));
    CHECK(assessed.of(law) == "unknown");
  }
}

TEST_CASE("missing facts: without ownership and technology nothing is excluded but the background stays") {
  Example example;
  example.op.stakes = "";
  example.offering = "format: sovrisk-offering/1\nid: x-offering\nname: X\nkind: [iaas]\noperator: x-op\n";
  const Assessed assessed(example);
  for (const char* law : {"us-cloud-act", "us-fisa-702", "us-ofac-ieepa", "us-ear", "uk-ipa", "ch-buepf",
                          "cn-national-intelligence-law"}) {
    CAPTURE(std::string(law));
    CHECK(assessed.of(law) == "unknown");
  }
  CHECK(assessed.certainty("us-eo-12333", "all-data") == "arguable");
}

TEST_CASE("missing facts: holders who are not named may be anybody") {
  Example example;
  example.op.stakes = "[{owner: x-people, capital: 40%}]";
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
  // Sixty in sure hands leave at most a minority, from which nothing follows.
  example.op.stakes = "[{owner: x-people, capital: 60%}]";
  CHECK(Assessed(example).of("us-cloud-act") == "not-reached");
}

TEST_CASE("missing facts: a share that nobody knows is looked for at the company that is held") {
  Example example;
  example.others = {spread("x-corp", "US", "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  example.op.stakes = "[{owner: x-corp}, {owner: x-people, capital: 40%}]";
  std::vector<std::string> asked;
  const Assessed assessed(example, [&](const auto&, const auto& assessment) {
    for (const auto& missing : assessment.missing)
      asked.push_back(missing.fact);
  });
  CHECK(assessed.of("us-cloud-act") == "unknown");
  CHECK(std::count(asked.begin(), asked.end(), "entities[x-op].stakes") == 1);
  CHECK(std::count(asked.begin(), asked.end(), "entities[x-corp].stakes") == 0);
}

TEST_CASE("missing facts: a dispersed float explains only its own size") {
  Example example;
  // 20 % named, 30 % spread over the market: who holds the other half is not said.
  example.op.stakes = "[{owner: x-people, capital: 20%}]\nfloat: {capital: 30%, dispersed: true}";
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
  example.op.stakes = "[{owner: x-people, capital: 20%}]\nfloat: {capital: 80%, dispersed: true}";
  CHECK(Assessed(example).of("us-cloud-act") == "not-reached");
}

TEST_CASE("missing facts: votes that are said to be unknown are not those of the capital") {
  Example example;
  example.others = {spread("x-corp", "US", "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  example.op.stakes =
      "[{owner: x-corp, capital: 30%, votes: unknown}, {owner: x-people, capital: 70%, votes: unknown}]";
  CHECK(Assessed(example).row("us-cloud-act", "all-data") != nullptr);
  example.op.stakes = "[{owner: x-corp, capital: 30%}, {owner: x-people, capital: 70%}]";
  CHECK(Assessed(example).of("us-cloud-act") == "not-reached");
}

TEST_CASE("missing facts: a share that may dominate in fact leaves reach open") {
  Example example;
  example.others = {spread("x-corp", "US", "provider: true\n")};
  example.op.stakes = "[{owner: x-corp, capital: ['35%', '45%']}]\nfloat: {dispersed: true}";
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
  example.op.stakes = "[{owner: x-corp, capital: 45%}]\nfloat: {dispersed: true}";
  CHECK(Assessed(example).of("us-cloud-act") == "arguable");
}

TEST_CASE("missing facts: unknown sub-processors leave reach through them open") {
  Example example;
  example.subprocessors = "[unknown]";
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
  example.subprocessors = "[]";
  CHECK(Assessed(example).of("us-cloud-act") == "not-reached");
}

TEST_CASE("missing facts: a sub-processor without a country, and one whose owners are unknown, leave reach open") {
  Example example;
  example.others = {spread("x-cdn", "unknown", "provider: true\n")};
  example.subprocessors = "[{entity: x-cdn, to: clear}]";
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
  example.others = {held("x-cdn", "FR", "[unknown]", "provider: true\n")};
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
}

TEST_CASE("missing facts: a technology vendor without a country is not taken for a European one") {
  Example example;
  example.others = {spread("x-vendor", "unknown", "provider: true\n")};
  example.technology = "[{vendor: x-vendor, channel: remote-administration}]";
  CHECK(Assessed(example).of("us-cloud-act") == "unknown");
}

TEST_CASE("dates: FISA 702 is in force, winds down, and has lapsed; its reach stays visible") {
  const std::pair<Date, const char*> days[] = {
      {{2008, 7, 9}, "not-yet-applicable"}, {{2026, 6, 11}, "in-force"}, {{2026, 6, 12}, "winding-down"},
      {{2027, 3, 16}, "winding-down"},      {{2027, 3, 17}, "lapsed"},   {{2030, 1, 1}, "lapsed"}};
  for (const auto& [day, status] : days) {
    Example example = parent_from("US");
    example.as_of = day;
    const Assessed assessed(example);
    CAPTURE(day.text());
    REQUIRE(assessed.row("us-fisa-702", "all-data") != nullptr);
    CHECK(assessed.row("us-fisa-702", "all-data")->status == status);
    CHECK(assessed.certainty("us-fisa-702", "all-data") == "certain");
  }
}

TEST_CASE("dates: e-Evidence does not yet apply in 2023 and applies from 18 August 2026") {
  const std::pair<Date, const char*> days[] = {
      {{2023, 12, 21}, "not-yet-applicable"}, {{2026, 8, 17}, "not-yet-applicable"}, {{2026, 8, 18}, "in-force"}};
  for (const auto& [day, status] : days) {
    Example example;
    example.as_of = day;
    const Assessed assessed(example);
    CAPTURE(day.text());
    CHECK(assessed.row("eu-e-evidence", "all-data")->status == status);
  }
}

TEST_CASE("dates: a stake counts from its first day to the day before it ends") {
  Example example;
  example.others = {spread("x-corp", "US", "provider: true\n")};
  example.op.stakes =
      "[{owner: x-people, capital: 100%, until: 2025-01-01}, {owner: x-corp, capital: 100%, from: 2025-01-01}]";
  example.as_of = {2024, 12, 31};
  CHECK(Assessed(example).of("us-cloud-act") == "not-reached");
  example.as_of = {2025, 1, 1};
  CHECK(Assessed(example).certainty("us-cloud-act", "all-data") == "arguable");
}
