// How good a profile is: what counts as asked, as known, as a fact.
#include <doctest/doctest.h>

#include "assess/quality.h"
#include "support.h"

using namespace sovrisk;
using namespace sovrisk::testing;

namespace {

std::vector<Claim> claims(World& world, const std::string& text) {
  return claims_of(*world.document("offering", "format: sovrisk-offering/1\nid: x\nname: X\n" + text),
                   world.catalogue.schemas());
}

}  // namespace

TEST_CASE("claims: a fact takes the source nearest to it, and the day of its source") {
  World world;
  const auto found = claims(world,
                            "operator: x\nsource: far\n"
                            "keys: {custody: shared, encryption_at_rest: default, source: near, confidence: inferred,\n"
                            "       about: {encryption_at_rest: {source: [near, far], as_of: 2024-05-05}}}\n"
                            "sources:\n"
                            "  far: {title: F, date: 2023-01-01, seen: 2026-01-01, kind: primary}\n"
                            "  near: {title: N, seen: 2026-02-02, kind: claim}\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0].path == "operator");
  CHECK(found[0].confidence == "primary");
  CHECK(found[0].day == Date{2023, 1, 1});
  CHECK(found[1].path == "keys.custody");
  CHECK(found[1].confidence == "inferred");
  CHECK(found[1].day == Date{2026, 2, 2});
  CHECK(found[2].path == "keys.encryption_at_rest");
  CHECK(found[2].confidence == "claim");  // of two sources the weaker
  CHECK(found[2].day == Date{2024, 5, 5});
}

TEST_CASE("claims: names, what is unknown, disputes and the past are no facts") {
  World world;
  const auto found =
      claims(world,
             "operator: unknown\nsubprocessors: [unknown]\nstaff: []\n"
             "certificates: [{scheme: hds, status: unknown}, {scheme: iso-27001, status: held}, unknown]\n"
             "sites: [{code: a}]\n"
             "conflicts: [{fact: f, says: [{value: v, source: s}, {value: w, source: s}]}]\n"
             "earlier: [{until: 2025-01-01, set: {offering.operator: x}}]\n"
             "sources: {s: {title: S, seen: 2026-01-01, kind: claim}}\n");
  std::vector<std::string> paths;
  for (const Claim& claim : found)
    paths.push_back(claim.path);
  CHECK(paths == std::vector<std::string>{"staff", "certificates[iso-27001].status", "sites[a].code"});
}

TEST_CASE("quality: a fact is known when all of it is, every item of a closed list") {
  World world;
  const auto known = [&](const std::string& extra) {
    world.catalogue.put(
        world.document("offering", "format: sovrisk-offering/1\nid: q-cloud\nname: Q\noperator: unknown\n" + extra));
    Diagnostics diagnostics;
    const Engine engine(world.catalogue, "cnil", diagnostics);
    return quality_of(engine.assess({"q-cloud", nullptr, {}, {2026, 11, 23}, {}}), engine);
  };
  const Quality nothing = known("");
  CHECK(nothing.asked > 50);
  CHECK(nothing.facts == 0);
  CHECK(nothing.primary() == 0);
  CHECK(nothing.completeness() < 0.1);
  const auto knows = [](const Quality& quality, std::string_view path) {
    for (const Completeness& set : quality.rulesets)
      for (const std::string& known_path : set.known)
        if (known_path == path) return true;
    return false;
  };
  CHECK_FALSE(knows(nothing, "offering.contract.governing_law"));
  CHECK(knows(known("contract: {governing_law: FR}\n"), "offering.contract.governing_law"));
  CHECK_FALSE(knows(known("certificates: [unknown]\n"), "certificates.scheme"));
  CHECK_FALSE(knows(known("certificates: [{scheme: hds, status: held}, unknown]\n"), "certificates.scheme"));
  CHECK(knows(known("certificates: [{scheme: hds, status: held}]\n"), "certificates.scheme"));
  CHECK(knows(known("certificates: []\n"), "certificates.scheme"));
  // What is asked does not depend on what is known.
  CHECK(known("certificates: []\n").asked == nothing.asked);
}
