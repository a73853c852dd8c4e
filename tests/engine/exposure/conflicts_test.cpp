// Orders under one law that another law, which binds the same offering, forbids or makes conditional.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "engine/exposure/example.h"

using sovrisk::Certainty;
using sovrisk::Date;
using sovrisk::Exposure;
using sovrisk::Facts;
using sovrisk::Law;
using sovrisk::LawConflict;
using sovrisk::Value;
using sovrisk::testing::Assessed;
using sovrisk::testing::Example;
using sovrisk::testing::spread;
using sovrisk::testing::World;

namespace {

constexpr const char* cloud_act = "us-cloud-act";
constexpr const char* fisa = "us-fisa-702";
constexpr const char* ofac = "us-ofac-ieepa";
constexpr const char* gdpr = "eu-gdpr-48";
constexpr const char* blocking = "eu-blocking-statute";
constexpr const char* french_blocking = "fr-blocking-statute";
constexpr const char* data_act = "eu-data-act-32";
constexpr const char* swiss = "ch-scc-271";

/// An Irish operator with a parent elsewhere that can obtain the data.
Example parent_in(const std::string& country) {
  Example example;
  example.op.country = "IE";
  example.op.stakes = "[{owner: x-corp, capital: 100%}]";
  example.others = {spread("x-corp", country, "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  example.administered_from = "[IE]";
  return example;
}

/// How sure the conflict is; empty where there is none.
std::string between(const Assessed& assessed, const std::string& order, const std::string& against) {
  for (const Assessed::Against& conflict : assessed.conflicts())
    if (conflict.order == order && conflict.against == against) return conflict.certainty;
  return {};
}

/// The laws under which the orders are given that a law stands against.
std::set<std::string> orders_against(const Assessed& assessed, const std::string& against) {
  std::set<std::string> orders;
  for (const Assessed::Against& conflict : assessed.conflicts())
    if (conflict.against == against) orders.insert(conflict.order);
  return orders;
}

}  // namespace

TEST_CASE("conflicts of laws: article 48 of the GDPR stands against US orders to a European operator's parent") {
  const Assessed assessed(parent_in("US"));
  REQUIRE(assessed.certainty(cloud_act, "all-data") == "certain");
  REQUIRE(assessed.certainty(gdpr, "none") == "certain");
  CHECK(between(assessed, cloud_act, gdpr) == "certain");
  CHECK(between(assessed, fisa, gdpr) == "certain");
  // An order and what stands against it are two things.
  CHECK(between(assessed, gdpr, cloud_act).empty());
}

TEST_CASE("conflicts of laws: one that cannot be given, or forbids nothing of the kind, gives none") {
  const Assessed assessed(parent_in("US"));
  // Cutting off a service discloses nothing; European orders are no orders of a third country.
  CHECK(between(assessed, ofac, gdpr).empty());
  CHECK(between(assessed, "eu-e-evidence", gdpr).empty());
  // Personal data only.
  CHECK(orders_against(assessed, data_act).empty());
  // Not a French company.
  CHECK(orders_against(assessed, french_blocking).empty());
  // What stands against others is no order itself.
  for (const Assessed::Against& conflict : assessed.conflicts())
    CHECK(conflict.scope != "none");
}

TEST_CASE("conflicts of laws: the kind of data decides between the GDPR and the Data Act") {
  Example example = parent_in("US");
  example.categories = "[technical, none-personal]";
  example.workload_more = "uses: {regions: [s]}\n";
  const Assessed technical(example);
  CHECK(between(technical, cloud_act, data_act) == "certain");
  CHECK(orders_against(technical, gdpr).empty());
  example.categories = "[technical, identity]";
  const Assessed both(example);
  CHECK(between(both, cloud_act, data_act) == "certain");
  CHECK(between(both, cloud_act, gdpr) == "certain");
}

TEST_CASE("conflicts of laws: a reach that is only unknown gives none") {
  const Assessed assessed(parent_in("unknown"));
  REQUIRE(assessed.certainty(cloud_act, "all-data") == "unknown");
  REQUIRE(assessed.certainty(gdpr, "none") == "certain");
  CHECK(orders_against(assessed, gdpr).empty());
  CHECK(orders_against(assessed, blocking).empty());
}

TEST_CASE("conflicts of laws: a law that may but need not stand against an order gives none") {
  Example example = parent_in("US");
  example.op.country = "unknown";
  example.op.established_in = "[unknown]";
  const Assessed assessed(example);
  REQUIRE(assessed.certainty(cloud_act, "all-data") == "certain");
  REQUIRE(assessed.certainty(gdpr, "none") == "unknown");
  CHECK(orders_against(assessed, gdpr).empty());
}

TEST_CASE("conflicts of laws: a conflict is as sure as the less sure of both reaches") {
  Example example;
  example.op.stakes = "[{owner: x-fund, capital: 30%}, {owner: x-people, capital: 70%}]";
  example.op.control_rights = "[{holder: x-fund, right: de-facto-control}]";
  example.others = {spread("x-fund", "US", "provider: false\n")};
  const Assessed assessed(example);
  REQUIRE(assessed.certainty(cloud_act, "all-data") == "arguable");
  REQUIRE(assessed.certainty(gdpr, "none") == "certain");
  CHECK(between(assessed, cloud_act, gdpr) == "arguable");
  CHECK(between(assessed, cloud_act, french_blocking) == "arguable");
}

TEST_CASE("conflicts of laws: the blocking statute of the Union stands against US sanctions, and nothing else") {
  const Assessed assessed(parent_in("US"));
  CHECK(orders_against(assessed, blocking) == std::set<std::string>{ofac});
  CHECK(between(assessed, cloud_act, blocking).empty());
  CHECK(between(assessed, fisa, blocking).empty());
  // Without US persons behind it there is nothing to forbid.
  CHECK(orders_against(Assessed(parent_in("CA")), blocking).empty());
}

TEST_CASE("conflicts of laws: a provider of the Union alone has none") {
  Example example;
  example.op.country = "NL";
  example.op.serves = "[NL, DE]";
  example.site = "NL";
  example.administered_from = "[NL]";
  const Assessed assessed(example);
  REQUIRE(assessed.certainty("eu-e-evidence", "all-data") == "certain");
  // Foreign services may intercept everywhere alike: no order to this provider.
  REQUIRE(assessed.row("us-eo-12333", "all-data")->background);
  CHECK(assessed.conflicts().empty());
}

TEST_CASE("conflicts of laws: a Swiss parent's law and the ban on acts for foreign states stand apart") {
  const Assessed assessed(parent_in("CH"));
  REQUIRE(assessed.certainty(swiss, "none") == "certain");
  CHECK(between(assessed, "eu-e-evidence", swiss) == "certain");
  // Swiss orders are none of a foreign state to the Swiss, but of a third country to the Union.
  CHECK(between(assessed, "ch-buepf", swiss).empty());
  CHECK(between(assessed, "ch-buepf", gdpr) != "");
}

TEST_CASE("conflicts of laws: a law that has lapsed on the day orders nothing") {
  Example example = parent_in("US");
  example.as_of = Date{2027, 3, 16};
  CHECK(between(Assessed(example), fisa, gdpr) == "certain");
  example.as_of = Date{2027, 3, 17};
  const Assessed later(example);
  REQUIRE(later.row(fisa, "all-data")->status == "lapsed");
  CHECK(between(later, fisa, gdpr).empty());
  CHECK(between(later, cloud_act, gdpr) == "certain");
}

TEST_CASE("conflicts of laws: a law that does not apply yet stands against nothing") {
  Example example = parent_in("US");
  example.as_of = Date{2018, 5, 24};
  CHECK(between(Assessed(example), cloud_act, gdpr).empty());
  example.as_of = Date{2018, 5, 25};
  CHECK(between(Assessed(example), cloud_act, gdpr) == "certain");
}

TEST_CASE("conflicts of laws: each pair of laws is told once") {
  Example example = parent_in("US");
  // Two ways for the same law: through the parent, and through an American sub-processor.
  example.others.push_back(spread("x-cdn", "US", "provider: true\n"));
  example.subprocessors = "[{entity: x-cdn, country: US, to: clear, critical: true}]";
  const Assessed assessed(example);
  REQUIRE(assessed.certainty(cloud_act, "data-of-that-entity") == "certain");
  std::set<std::pair<std::string, std::string>> pairs;
  for (const Assessed::Against& conflict : assessed.conflicts())
    CHECK(pairs.emplace(conflict.order, conflict.against).second);
  CHECK(pairs.contains({cloud_act, gdpr}));
}

namespace {

/// A law whose orders or prohibitions do not hang on facts: what it reaches is given.
Law own_law(World& world, const std::string& id, const std::string& jurisdiction, const std::string& against) {
  const auto document = world.document(
      "law", fmt::format("format: sovrisk-law/1\nid: {}\ntitle: Own\ncitation: C\njurisdiction: {}\n"
                         "timeline: [{{from: 2020-01-01, status: in-force}}]\nas_of: 2026-01-01\n"
                         "effect: [compelled-disclosure]\nwho: {{en: w, fr: w}}\nabroad: {{en: a, fr: a}}\n"
                         "check: verified\nreach:\n- {{certainty: certain, scope: all-data, where: {{always: true}}, "
                         "because: {{en: b, fr: b}}}}\nconflicts_with: {}\nsources: {{}}\n",
                         id, jurisdiction, against));
  world.catalogue.put(document);
  Law law = compile_law(*world.catalogue.find("law", id), world.catalogue, world.groups, world.diagnostics);
  REQUIRE_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
  return law;
}

Exposure reached_by(const Law& law, const std::string& scope, Certainty least = Certainty::certain) {
  Exposure exposure;
  exposure.law = &law;
  exposure.scope = scope;
  exposure.least = least;
  exposure.most = Certainty::certain;
  exposure.status = "in-force";
  exposure.after_measures = {"content"};
  return exposure;
}

/// "order > against: certainty", in the order in which they are told.
std::vector<std::string> told(const World& world, const std::vector<Exposure>& exposures) {
  Value root = Value::map();
  root.set("exposures", exposure_facts(exposures));
  std::vector<std::string> pairs;
  for (const LawConflict& conflict : conflicts_of_laws(exposures, Facts{&root, &world.groups, {2026, 11, 23}}))
    pairs.push_back(fmt::format("{} {} > {}: {}", conflict.order->law->id, conflict.order->scope,
                                conflict.against->law->id, name_of(conflict.certainty)));
  return pairs;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("conflicts of laws: what is asked of an order must be known to hold") {
  World world;
  const Law order = own_law(world, "xx-order", "US", "[]");
  const Law ban =
      own_law(world, "xx-ban", "FR", "[{where: {jurisdiction: US, after_measures: content}, because: {en: b, fr: b}}]");
  Exposure given = reached_by(order, "all-data");
  CHECK(told(world, {given, reached_by(ban, "none")}) == Texts{"xx-order all-data > xx-ban: certain"});
  given.after_measures = {"ciphertext"};
  CHECK(told(world, {given, reached_by(ban, "none")}).empty());
  given.after_measures = {"ciphertext", "content"};
  CHECK(told(world, {given, reached_by(ban, "none")}).empty());
}

TEST_CASE("conflicts of laws: a law that reaches nobody's data gives no order") {
  World world;
  const Law order = own_law(world, "xx-order", "US", "[]");
  const Law ban = own_law(world, "xx-ban", "FR", "[{where: {jurisdiction: US}, because: {en: b, fr: b}}]");
  CHECK(told(world, {reached_by(order, "none"), reached_by(ban, "none")}).empty());
  // Its own orders are no matter of the law that forbids others.
  const Law own = own_law(world, "xx-own", "US", "[{where: {jurisdiction: US}, because: {en: b, fr: b}}]");
  CHECK(told(world, {reached_by(own, "all-data")}).empty());
}

TEST_CASE("conflicts of laws: laws that reach in several scopes count by the surest of them, once") {
  World world;
  const Law order = own_law(world, "xx-order", "US", "[]");
  const Law ban = own_law(world, "xx-ban", "FR", "[{where: {jurisdiction: US}, because: {en: b, fr: b}}]");
  const std::vector<Exposure> exposures{reached_by(order, "all-data"),
                                        reached_by(order, "metadata", Certainty::arguable), reached_by(ban, "none"),
                                        reached_by(ban, "physical", Certainty::arguable)};
  CHECK(told(world, exposures) == Texts{"xx-order all-data > xx-ban: certain"});
  // Two laws that forbid each other's orders are two conflicts.
  const Law other = own_law(world, "xx-other", "US", "[{where: {jurisdiction: FR}, because: {en: b, fr: b}}]");
  CHECK(told(world, {reached_by(other, "all-data"), reached_by(ban, "all-data", Certainty::arguable)}) ==
        Texts{"xx-ban all-data > xx-other: arguable", "xx-other all-data > xx-ban: arguable"});
}
