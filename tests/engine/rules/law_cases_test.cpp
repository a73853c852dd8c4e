// The cases that shipped laws carry: each law has some that it reaches, does not reach, and leaves open.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "exposure/law.h"
#include "support.h"

using sovrisk::CaseResult;
using sovrisk::Date;
using sovrisk::Document;
using sovrisk::Law;
using sovrisk::Member;
using sovrisk::Node;
using sovrisk::testing::World;

namespace {

constexpr Date today{2026, 11, 23};

/// Laws that reach nothing whatever the facts: all their cases expect that.
const std::map<std::string, const char*> never_reach{
    {"us-fisa-business-records", "the power lapsed in 2020 and has no rule of reach but one of not reaching"},
    {"eu-cada-proposal", "a proposal binds nobody, its rules are not reaching until it is adopted"},
};

/// What the cases of a law expect: of some scope that it is reached, of every scope that it is not, of some that the
/// facts do not tell.
struct Expected {
  bool reached = false;
  bool not_reached = false;
  bool unknown = false;
};

Expected expected_in(const Node& cases) {
  Expected all;
  for (const Node& one : cases.items) {
    const Node& expect = *one.find("expect");
    std::vector<std::string> grades;
    if (expect.kind == Node::Kind::text) grades.push_back(expect.text);
    for (const Member& scope : expect.members)
      grades.push_back(scope.value.text);
    const auto is = [](const char* word) { return [word](const std::string& grade) { return grade == word; }; };
    if (std::any_of(grades.begin(), grades.end(), is("certain")) ||
        std::any_of(grades.begin(), grades.end(), is("arguable")))
      all.reached = true;
    if (std::any_of(grades.begin(), grades.end(), is("unknown"))) all.unknown = true;
    if (!grades.empty() && std::all_of(grades.begin(), grades.end(), is("not-reached"))) all.not_reached = true;
  }
  return all;
}

}  // namespace

TEST_CASE("laws: every shipped one compiles and passes its own cases") {
  World world;
  const std::vector<std::string> ids = world.catalogue.ids("law");
  REQUIRE(ids.size() >= 48);
  for (const std::string& id : ids) {
    CAPTURE(id);
    const Law law = compile_law(*world.catalogue.find("law", id), world.catalogue, world.groups, world.diagnostics);
    REQUIRE_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
    const std::vector<CaseResult> results = run_cases(law, world.catalogue, world.groups, today);
    CHECK_FALSE(results.empty());
    for (const CaseResult& result : results)
      for (const std::string& failure : result.failures)
        FAIL_CHECK(result.name, ": ", failure);
  }
}

TEST_CASE("laws: the cases of each show it reaching, not reaching, and left open by a missing fact") {
  World world;
  for (const std::string& id : world.catalogue.ids("law")) {
    CAPTURE(id);
    const Node* cases = world.catalogue.find("law", id)->root.find("tests");
    REQUIRE(cases != nullptr);
    const Expected expected = expected_in(*cases);
    CHECK(expected.not_reached);
    if (never_reach.contains(id)) {
      // An exception that is none any more would let a law slip through later.
      CHECK_FALSE(expected.reached);
      CHECK_FALSE(expected.unknown);
      continue;
    }
    CHECK_MESSAGE(expected.reached, id, " has no case in which it reaches");
    CHECK_MESSAGE(expected.unknown, id, " has no case in which a fact is missing");
  }
}

TEST_CASE("laws: those that are said never to reach have no rule that could") {
  World world;
  for (const auto& [id, why] : never_reach) {
    CAPTURE(id);
    CAPTURE(std::string(why));
    const Document* document = world.catalogue.find("law", id);
    REQUIRE(document != nullptr);
    const Law law = compile_law(*document, world.catalogue, world.groups, world.diagnostics);
    for (const sovrisk::ReachRule& rule : law.rules)
      CHECK(rule.certainty == sovrisk::Certainty::not_reached);
  }
}

namespace {

/// A law over the operator, with one case.
std::string law_with(const std::string& given, const std::string& expect) {
  return fmt::format(
      "format: sovrisk-law/1\nid: xx-own\ntitle: Own\ncitation: C\nsources: {{s: {{title: T, url: "
      "\"https://example.org\", publisher: P, seen: 2026-01-01, kind: primary}}}}\njurisdiction: US\ntimeline: "
      "[{{from: "
      "2020-01-01, status: "
      "in-force}}]\nas_of: 2026-01-01\neffect: [compelled-disclosure]\n"
      "who: {{en: w, fr: w}}\nabroad: {{en: a, fr: a}}\ncheck: verified\n"
      "reach:\n"
      "- {{certainty: certain, scope: all-data, some: entities, where: {{relation: operator, seats: US}}, because: "
      "{{en: "
      "b, fr: b}}}}\n"
      "- {{certainty: arguable, scope: metadata, some: entities, where: {{relation: operator, serves: US}}, because: "
      "{{en: b, fr: b}}}}\n"
      "- {{certainty: arguable, scope: physical, background: true, where: {{always: true}}, because: {{en: b, fr: "
      "b}}}}\n"
      "tests:\n- {{name: own, given: {}, expect: {}}}\n",
      given, expect);
}

std::vector<std::string> failures(const std::string& given, const std::string& expect) {
  World world;
  const auto document = world.document("law", law_with(given, expect));
  const Law law = compile_law(*document, world.catalogue, world.groups, world.diagnostics);
  REQUIRE_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
  const std::vector<CaseResult> results = run_cases(law, world.catalogue, world.groups, today);
  REQUIRE(results.size() == 1);
  CHECK(results[0].name == "own");
  CHECK(results[0].span.line > 1);
  return results[0].failures;
}

using Failures = std::vector<std::string>;

}  // namespace

TEST_CASE("laws: a case that expects something else fails, and says what it found") {
  const std::string american = "{entities: [{id: op, relation: [operator], seats: [US], serves: [FR]}]}";
  CHECK(failures(american, "certain").empty());
  CHECK(failures(american, "{all-data: certain, metadata: not-reached}").empty());
  CHECK(failures(american, "not-reached") == Failures{"reach is certain, expected not-reached"});
  CHECK(failures(american, "{all-data: arguable, metadata: certain}") ==
        Failures{"all-data is certain, expected arguable", "metadata is not-reached, expected certain"});
}

TEST_CASE("laws: the best scope decides, what is open beats what is excluded, and the background does not count") {
  const std::string both = "{entities: [{id: op, relation: [operator], seats: [US], serves: [US]}]}";
  CHECK(failures(both, "certain").empty());
  CHECK(failures(both, "{metadata: arguable}").empty());
  const std::string lesser = "{entities: [{id: op, relation: [operator], seats: [FR], serves: [US]}]}";
  CHECK(failures(lesser, "arguable").empty());
  const std::string open = "{entities: [{id: op, relation: [operator], serves: [FR]}]}";
  CHECK(failures(open, "{all-data: unknown, metadata: not-reached}").empty());
  CHECK(failures(open, "unknown").empty());
  const std::string french = "{entities: [{id: op, relation: [operator], seats: [FR], serves: [FR]}]}";
  CHECK(failures(french, "not-reached").empty());
  CHECK(failures(french, "{physical: not-reached}").empty());
}
