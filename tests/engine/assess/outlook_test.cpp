// What is known today to change while the processing lasts.
#include "assess/outlook.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "engine/exposure/example.h"
#include "support.h"

using sovrisk::Ahead;
using sovrisk::Certainty;
using sovrisk::Date;
using sovrisk::Exposure;
using sovrisk::Law;
using sovrisk::Value;
using sovrisk::testing::Assessed;
using sovrisk::testing::Example;
using sovrisk::testing::spread;
using sovrisk::testing::World;

namespace {

using Texts = std::vector<std::string>;

constexpr Date today{2026, 11, 23};
const std::string adequacy_ends = "2031-12-27 leaves adequate: GB";

std::string shown(const Ahead& ahead) {
  return fmt::format("{} {} {}{}", ahead.on ? ahead.on->text() : std::string("some-day"), name_of(ahead.kind),
                     ahead.subject, ahead.status.empty() ? std::string() : " " + ahead.status);
}

/// What lies ahead of facts and laws, from `today` to the end.
Texts ahead_of(const World& world, const std::vector<Exposure>& exposures, const Value& root, Date end,
               Date as_of = today) {
  Texts texts;
  for (const Ahead& ahead : outlook(exposures, root, world.catalogue, as_of, end))
    texts.push_back(shown(ahead));
  return texts;
}

bool has(const Texts& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

Texts changes_of(const Assessed& assessed) {
  Texts texts;
  for (const Assessed::Change& change : assessed.changes())
    texts.push_back(fmt::format("{} {} {}{}", change.on.empty() ? "some-day" : change.on, change.kind, change.subject,
                                change.status.empty() ? std::string() : " " + change.status));
  return texts;
}

Example us_parent() {
  Example example;
  example.op.country = "IE";
  example.op.stakes = "[{owner: x-corp, capital: 100%}]";
  example.others = {spread("x-corp", "US", "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  return example;
}

/// A law with this timeline, and what to watch about it.
Law own_law(World& world, const std::string& timeline, const std::string& watch = "[]") {
  const auto document = world.document(
      "law",
      fmt::format("format: sovrisk-law/1\nid: xx-own\ntitle: Own\ncitation: C\njurisdiction: FR\n"
                  "timeline: {}\nwatch: {}\nas_of: 2026-01-01\neffect: [compelled-disclosure]\n"
                  "who: {{en: w, fr: w}}\nabroad: {{en: a, fr: a}}\ncheck: verified\nreach:\n"
                  "- {{certainty: certain, scope: all-data, where: {{always: true}}, because: {{en: b, fr: b}}}}\n"
                  "sources: {{s: {{title: T, url: \"https://example.org\", publisher: P, seen: 2026-01-01, kind: "
                  "primary}}}}\n",
                  timeline, watch));
  world.catalogue.put(document);
  Law law = compile_law(*world.catalogue.find("law", "xx-own"), world.catalogue, world.groups, world.diagnostics);
  REQUIRE_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
  return law;
}

Exposure reached_by(const Law& law, Certainty least = Certainty::certain) {
  Exposure exposure;
  exposure.law = &law;
  exposure.scope = "all-data";
  exposure.least = least;
  exposure.most = Certainty::certain;
  return exposure;
}

}  // namespace

TEST_CASE("outlook: it ends with the processing, or after a year where nothing is said of its length") {
  World world;
  const auto end = [&](const char* workload, Date as_of = today) {
    return outlook_end(world.facts(fmt::format("{{workload: {}}}", workload), as_of), as_of);
  };
  CHECK(end("{}") == Date{2027, 11, 23});
  CHECK(outlook_end(world.facts("{}"), today) == Date{2027, 11, 23});
  CHECK(end("{duration: 3 years}") == Date{2029, 11, 23});
  CHECK(end("{duration: 18 months}") == Date{2028, 5, 23});
  CHECK(end("{duration: 30 days}") == Date{2026, 12, 23});
  CHECK(end("{start: 2027-02-01, duration: 1 year}") == Date{2028, 2, 1});
  // A processing that has begun is looked at from the assessment on.
  CHECK(end("{start: 2020-01-01, duration: 1 year}") == Date{2027, 11, 23});
  CHECK(end("{start: unknown, duration: unknown}") == Date{2027, 11, 23});
  CHECK(end("{duration: 1 month}", Date{2027, 1, 31}) == Date{2027, 2, 28});
}

TEST_CASE("outlook: a country with an adequacy decision leaves only inside the window, and only where it matters") {
  const World world;
  World facts;
  const Value site = facts.facts("{sites: [{code: a, country: GB, used: true}]}", today);
  CHECK(has(ahead_of(world, {}, site, Date{2032, 1, 1}), adequacy_ends));
  CHECK(has(ahead_of(world, {}, site, Date{2031, 12, 27}), adequacy_ends));
  CHECK_FALSE(has(ahead_of(world, {}, site, Date{2031, 12, 26}), adequacy_ends));
  CHECK(has(ahead_of(world, {}, site, Date{2032, 1, 1}, Date{2031, 12, 26}), adequacy_ends));
  CHECK_FALSE(has(ahead_of(world, {}, site, Date{2032, 1, 1}, Date{2031, 12, 27}), adequacy_ends));
  for (const char* where : {"{sites: [{code: a, country: GB}]}", "{staff: [{country: GB, privileged: true}]}",
                            "{subprocessors: [{entity: x, country: GB}]}"}) {
    CAPTURE(std::string(where));
    CHECK(ahead_of(world, {}, facts.facts(where, today), Date{2032, 1, 1}) == Texts{adequacy_ends});
  }
  for (const char* where :
       {"{sites: [{code: a, country: FR, used: true}]}", "{}", "{sites: [{code: a, country: GB, used: false}]}",
        "{sites: [{code: a, country: unknown, used: true}]}"}) {
    CAPTURE(std::string(where));
    CHECK(ahead_of(world, {}, facts.facts(where, today), Date{2032, 1, 1}).empty());
  }
}

TEST_CASE("outlook: the countries of laws that reach matter too, those of laws that may reach do not") {
  Example example;
  example.op.serves = "[FR, GB]";
  example.workload_more = "duration: 6 years\n";
  const Assessed reached(example);
  REQUIRE(reached.certainty("uk-ipa", "all-data") == "certain");
  CHECK(has(changes_of(reached), adequacy_ends));
  example.workload_more = "duration: 5 years\n";
  CHECK_FALSE(has(changes_of(Assessed(example)), adequacy_ends));
  example.workload_more = "duration: 6 years\n";
  example.op.serves = "[FR, DE]";
  CHECK_FALSE(has(changes_of(Assessed(example)), adequacy_ends));
  example.op.serves = "[FR, unknown]";
  const Assessed open(example);
  REQUIRE(open.of("uk-ipa") == "unknown");
  CHECK_FALSE(has(changes_of(open), adequacy_ends));
}

TEST_CASE("outlook: a country that comes into a group of one's own is told") {
  World world;
  world.catalogue.put(world.document(
      "country-group",
      "format: sovrisk-country-group/1\nid: xx-club\nname: xx-club\ntitle: {en: Club, fr: Club}\n"
      "members:\n- {country: FR, from: 2027-01-01, until: 2027-07-01}\n- {country: DE, from: 2027-01-01}\n"
      "- {country: FR, from: 2020-01-01, until: 2021-01-01}\n"
      "sources: {s: {title: T, url: \"https://example.org\", publisher: P, seen: 2026-01-01, kind: primary}}\n"));
  CHECK_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
  const Value root = world.facts("{sites: [{code: a, country: FR, used: true}]}", today);
  CHECK(ahead_of(world, {}, root, Date{2027, 11, 23}) ==
        Texts{"2027-01-01 joins xx-club: FR", "2027-07-01 leaves xx-club: FR"});
  CHECK(ahead_of(world, {}, root, Date{2027, 6, 30}) == Texts{"2027-01-01 joins xx-club: FR"});
}

TEST_CASE("outlook: a certificate that is known to end is told, by its scheme") {
  World world;
  const auto ahead = [&](const char* certificates) {
    return ahead_of(world, {}, world.facts(fmt::format("{{offering: {{certificates: {}}}}}", certificates), today),
                    Date{2027, 11, 23});
  };
  CHECK(ahead("[{scheme: hds, status: held, until: 2027-05-01}]") ==
        Texts{"2027-05-01 expires offering.certificates[hds]"});
  CHECK(ahead("[{scheme: hds, status: held, until: 2027-11-23}]") ==
        Texts{"2027-11-23 expires offering.certificates[hds]"});
  CHECK(ahead("[{scheme: hds, status: held, until: 2027-11-24}]").empty());
  // What has ended by then is no fact of that day.
  CHECK(ahead("[{scheme: hds, status: held, until: 2026-11-23}]").empty());
  CHECK(ahead("[{scheme: hds, status: held}]").empty());
  CHECK(ahead("[{scheme: c5, status: held, until: 2027-06-01}, {scheme: hds, status: held, until: 2027-05-01}]") ==
        Texts{"2027-05-01 expires offering.certificates[hds]", "2027-06-01 expires offering.certificates[c5]"});
}

TEST_CASE("outlook: the certificate of an assessed offering is told") {
  Example example;
  example.offering_more = "certificates: [{scheme: hds, status: held, until: 2027-05-01}]\n";
  CHECK(has(changes_of(Assessed(example)), "2027-05-01 expires offering.certificates[hds]"));
  example.workload_more = "duration: 3 months\n";
  CHECK_FALSE(has(changes_of(Assessed(example)), "2027-05-01 expires offering.certificates[hds]"));
}

TEST_CASE("outlook: section 702 winds down, once it reaches, and only within the window") {
  const std::string lapses = "2027-03-17 status us-fisa-702 lapsed";
  const std::string watched = "2027-03-17 event us-fisa-702";
  Example example = us_parent();
  const Assessed assessed(example);
  CHECK(assessed.outlook_end() == Date{2027, 11, 23});
  const Texts changes = changes_of(assessed);
  CHECK(has(changes, lapses));
  CHECK(has(changes, watched));
  // What has happened is behind, and what has no day is told without one.
  CHECK_FALSE(has(changes, "2026-06-12 status us-fisa-702 winding-down"));
  CHECK(has(changes, "some-day event us-fisa-702"));
  example.workload_more = "duration: 3 months\n";
  CHECK_FALSE(has(changes_of(Assessed(example)), lapses));
  example.workload_more = {};
  example.as_of = Date{2027, 3, 17};
  CHECK_FALSE(has(changes_of(Assessed(example)), lapses));
  example.as_of = Date{2026, 6, 1};
  CHECK(has(changes_of(Assessed(example)), "2026-06-12 status us-fisa-702 winding-down"));
  // A provider whom the law does not reach need not wait for it.
  for (const std::string& change : changes_of(Assessed(Example{})))
    CHECK(change.find("us-fisa-702") == std::string::npos);
}

TEST_CASE("outlook: nothing outside the window, sorted by day, what has no day last") {
  for (const char* duration : {"1 month", "1 year", "10 years", "30 years"})
    for (const Date as_of : {Date{2015, 1, 1}, Date{2023, 12, 21}, today}) {
      Example example = us_parent();
      example.as_of = as_of;
      example.op.serves = "[FR, GB, CH]";
      example.offering_more = "certificates: [{scheme: hds, status: held, until: 2027-05-01}]\n";
      example.workload_more = fmt::format("duration: {}\n", duration);
      const Assessed assessed(example);
      CAPTURE(std::string(duration));
      CAPTURE(as_of.text());
      std::string before;
      bool undated = false;
      for (const Assessed::Change& change : assessed.changes()) {
        CAPTURE(change.subject);
        if (change.on.empty()) {
          undated = true;
          continue;
        }
        CHECK_FALSE(undated);
        CHECK(change.on > as_of.text());
        CHECK(change.on <= assessed.outlook_end().text());
        CHECK(change.on >= before);
        before = change.on;
      }
      CHECK(changes_of(assessed) == changes_of(Assessed(example)));
    }
}

TEST_CASE("outlook: a law's end that nothing follows lets it lapse, one that is followed is told as what follows") {
  World world;
  const Value root = world.facts("{}", today);
  const auto ahead = [&](const char* timeline) {
    World own;
    const Law law = own_law(own, timeline);
    return ahead_of(own, {reached_by(law)}, root, Date{2027, 11, 23});
  };
  CHECK(ahead("[{from: 2020-01-01, status: in-force}]").empty());
  CHECK(ahead("[{from: 2020-01-01, until: 2027-02-01, status: in-force}]") == Texts{"2027-02-01 status xx-own lapsed"});
  CHECK(ahead("[{from: 2020-01-01, until: 2027-02-01, status: in-force}, {from: 2027-02-01, status: suspended}]") ==
        Texts{"2027-02-01 status xx-own suspended"});
  CHECK(ahead("[{from: 2020-01-01, until: 2027-02-01, status: in-force}, {from: 2027-04-01, status: in-force}]") ==
        Texts{"2027-02-01 status xx-own lapsed", "2027-04-01 status xx-own in-force"});
}

TEST_CASE("outlook: of a law that reaches twice all is told once, of one that only may reach nothing") {
  World world;
  const Law law = own_law(world, "[{from: 2020-01-01, until: 2027-02-01, status: in-force}]",
                          "[{on: 2027-01-01, what: {en: e, fr: e}}, {what: {en: p, fr: p}}, "
                          "{on: 2028-01-01, what: {en: l, fr: l}}, {on: 2026-01-01, what: {en: o, fr: o}}]");
  const Value root = world.facts("{}", today);
  const Texts all{"2027-01-01 event xx-own", "2027-02-01 status xx-own lapsed", "some-day event xx-own"};
  CHECK(ahead_of(world, {reached_by(law)}, root, Date{2027, 11, 23}) == all);
  CHECK(ahead_of(world, {reached_by(law), reached_by(law, Certainty::arguable)}, root, Date{2027, 11, 23}) == all);
  CHECK(ahead_of(world, {reached_by(law, Certainty::arguable)}, root, Date{2027, 11, 23}) == all);
  CHECK(ahead_of(world, {reached_by(law, Certainty::not_reached)}, root, Date{2027, 11, 23}).empty());
  // Each change carries the words of the entry.
  const std::vector<Ahead> ahead = outlook({reached_by(law)}, root, world.catalogue, today, Date{2027, 11, 23});
  REQUIRE(ahead.size() == 3);
  REQUIRE(ahead[0].text != nullptr);
  CHECK(ahead[0].text->text_of("fr") == "e");
  CHECK(ahead[1].text == nullptr);
}
