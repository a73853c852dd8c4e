// `held_by`: what holders who fit a condition have together of an entity, link by link or over all paths.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "conditions/condition.h"
#include "engine/conditions/drawn.h"
#include "support.h"

using sovrisk::Condition;
using sovrisk::Date;
using sovrisk::Facts;
using sovrisk::Truth;
using sovrisk::UsedFact;
using sovrisk::Value;
using sovrisk::testing::World;
namespace drawn = sovrisk::testing;

namespace {

constexpr Truth yes = Truth::yes;
constexpr Truth no = Truth::no;
constexpr Truth unknown = Truth::unknown;
constexpr Date today{2026, 1, 1};

struct Row {
  std::string bound;  ///< `share: ..., links: ..., at_least: ...`
  std::string entities;
  Truth expected;
};

/// Asks what the entity `t`, the operator, is held by; rows share one world, since it takes long to make one.
void check(const std::string& fits, const std::vector<Row>& rows) {
  World world;
  for (const Row& row : rows) {
    CAPTURE(fits);
    CAPTURE(row.bound);
    CAPTURE(row.entities);
    CHECK(world.ask(fmt::format("{{offering.operator: {{held_by: {}, {}}}}}", fits, row.bound),
                    fmt::format("{{offering: {{operator: t}}, entities: [{}]}}", row.entities)) == row.expected);
  }
  CHECK_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
}

const std::string american = "{seats: US}";
const std::string outside = "{not: {seats: {all_in: EU}}}";

/// A company and its complete list of holders: "a 50, b 20..30" or "a 50/10", where the votes differ.
std::string company(const std::string& id, const std::string& seat, const std::string& holders = {},
                    const std::string& more = {}) {
  std::vector<std::string> list;
  for (std::size_t begin = 0; begin < holders.size();) {
    const std::size_t end = std::min(holders.find(", ", begin), holders.size());
    const std::string one = holders.substr(begin, end - begin);
    begin = end + 2;
    const std::size_t space = one.find(' ');
    const auto share = [](const std::string& text) {
      const std::size_t dots = text.find("..");
      if (text == "?") return std::string("unknown");
      return dots == std::string::npos ? text + "%"
                                       : fmt::format("[{}%, {}%]", text.substr(0, dots), text.substr(dots + 2));
    };
    if (space == std::string::npos) {
      list.push_back(one);  // `unknown`: there may be more
      continue;
    }
    const std::string shares = one.substr(space + 1);
    const std::size_t slash = shares.find('/');
    list.push_back(fmt::format("{{holder: {}, capital: {}{}}}", one.substr(0, space), share(shares.substr(0, slash)),
                               slash == std::string::npos ? "" : ", votes: " + share(shares.substr(slash + 1))));
  }
  return fmt::format("{{id: {}, kind: company, seats: [{}], holders: [{}]{}}}", id, seat, fmt::join(list, ", "), more);
}

std::string of(std::initializer_list<std::string> entities) { return fmt::format("{}", fmt::join(entities, ", ")); }

}  // namespace

TEST_CASE("held_by: the shares of all holders who fit are added up") {
  const std::string t =
      of({company("t", "FR", "a 30, b 25, c 45"), company("a", "US"), company("b", "US"), company("c", "FR")});
  check(american, {
                      {"share: capital, at_least: 55%", t, yes},
                      {"share: capital, more_than: 55%", t, no},
                      {"share: capital, links: each, at_least: 50%", t, yes},
                      {"share: capital, links: each, at_least: 56%", t, no},
                  });
  // Nobody fits, and nobody holds: both are known to be nothing.
  check("{seats: GB}", {{"share: capital, more_than: 0%", t, no}});
  check(american, {{"share: capital, more_than: 0%", company("t", "FR"), no}});
}

TEST_CASE("held_by: what an entity is itself does not make it held") {
  const std::string t = of({company("t", "US", "a 100"), company("a", "FR")});
  check(american, {
                      {"share: capital, more_than: 0%", t, no},
                      {"share: capital, links: each, more_than: 0%", t, no},
                  });
}

TEST_CASE("held_by: each bound is compared as it says, at the bound and beside it") {
  const std::string half = of({company("t", "FR", "a 50, c 50"), company("a", "US"), company("c", "FR")});
  const std::string less = of({company("t", "FR", "a 49.99, c 50.01"), company("a", "US"), company("c", "FR")});
  for (const std::string links : {"", "links: multiplied, "}) {
    const std::string share = "share: capital, " + links;
    check(american, {
                        {share + "at_least: 50%", half, yes},
                        {share + "more_than: 50%", half, no},
                        {share + "at_most: 50%", half, yes},
                        {share + "less_than: 50%", half, no},
                        {share + "at_least: 50%", less, no},
                        {share + "more_than: 49%", less, yes},
                        {share + "at_most: 49%", less, no},
                        {share + "less_than: 50%", less, yes},
                    });
  }
  check(american, {
                      {"share: capital, links: each, at_least: 50%", half, yes},
                      {"share: capital, links: each, more_than: 50%", half, no},
                      {"share: capital, links: each, at_least: 50%", less, no},
                      {"share: capital, links: each, more_than: 49%", less, yes},
                  });
}

TEST_CASE("held_by: parts that make up the bound meet it, though binary fractions lose a hair") {
  const std::string half = of({company("t", "FR", "a 40.3, b 2.4, c 7.3, d 50"), company("a", "US"), company("b", "US"),
                               company("c", "US"), company("d", "FR")});
  for (const std::string links : {"", "links: multiplied, ", "links: each, "}) {
    check(american, {{"share: capital, " + links + "at_least: 50%", half, yes},
                     {"share: capital, " + links + "more_than: 50%", half, no}});
  }
}

TEST_CASE("held_by, link by link: an entity held to the bound counts as one of those who hold it") {
  const auto chain = [](const char* first, const char* second) {
    return of({company("t", "FR", fmt::format("b {}", second)), company("b", "FR", fmt::format("a {}", first)),
               company("a", "US")});
  };
  check(american, {
                      {"share: capital, links: each, at_least: 50%", chain("50", "50"), yes},
                      {"share: capital, links: each, at_least: 50%", chain("49", "50"), no},
                      {"share: capital, links: each, at_least: 50%", chain("50", "49"), no},
                      {"share: capital, links: each, at_least: 50%", chain("100", "49"), no},
                      {"share: capital, links: each, more_than: 50%", chain("50", "50"), no},
                      {"share: capital, links: each, more_than: 49%", chain("50", "50"), yes},
                      // The same chain multiplied is a quarter.
                      {"share: capital, at_least: 50%", chain("50", "50"), no},
                      {"share: capital, at_least: 25%", chain("50", "50"), yes},
                      {"share: capital, more_than: 25%", chain("50", "50"), no},
                      {"share: capital, links: multiplied, more_than: 25%", chain("50", "50"), no},
                  });
}

TEST_CASE("held_by, link by link: what several hold is added up in every link (OFAC, FAQ 401)") {
  // A has half of B and of C, and these a quarter of T each.
  const std::string two = of(
      {company("t", "FR", "b 25, c 25"), company("b", "FR", "a 50"), company("c", "FR", "a 50"), company("a", "US")});
  // A has half of B, B a quarter of T, and A another quarter itself.
  const std::string direct = of({company("t", "FR", "b 25, a 25"), company("b", "FR", "a 50"), company("a", "US")});
  // The quarters have different owners who fit.
  const std::string others =
      of({company("t", "FR", "b 25, x 25"), company("b", "FR", "a 30, x 20"), company("a", "US"), company("x", "US")});
  const std::string short_of_it = of(
      {company("t", "FR", "b 25, c 25"), company("b", "FR", "a 50"), company("c", "FR", "a 49"), company("a", "US")});
  check(american, {
                      {"share: capital, links: each, at_least: 50%", two, yes},
                      {"share: capital, links: each, at_least: 50%", direct, yes},
                      {"share: capital, links: each, at_least: 50%", others, yes},
                      {"share: capital, links: each, at_least: 50%", short_of_it, no},
                  });
}

TEST_CASE("held_by, link by link: a chain of five links counts in whatever order the entities stand") {
  const std::vector<std::string> links{company("t", "FR", "b 50"), company("b", "FR", "c 50"),
                                       company("c", "FR", "d 50"), company("d", "FR", "e 50"), company("e", "US")};
  const std::string down = fmt::format("{}", fmt::join(links, ", "));
  const std::string up = fmt::format("{}", fmt::join(std::vector<std::string>(links.rbegin(), links.rend()), ", "));
  check(american, {
                      {"share: capital, links: each, at_least: 50%", down, yes},
                      {"share: capital, links: each, at_least: 50%", up, yes},
                  });
}

TEST_CASE("held_by, multiplied: a path ends with the first holder who fits, so that nothing counts twice") {
  const std::string above =
      of({company("t", "FR", "a 30, f 70"), company("a", "US", "b 100"), company("b", "CN"), company("f", "FR")});
  // Through a European company: 60 % of it has 50 % of T.
  const std::string through =
      of({company("t", "FR", "f 50"), company("f", "FR", "a 60"), company("a", "US", "b 100"), company("b", "CN")});
  // 60 % of T's owner counts, half of it held by A (which B owns) and a fifth by B itself.
  const std::string both = of(
      {company("t", "FR", "f 60"), company("f", "FR", "a 50, b 20"), company("a", "US", "b 100"), company("b", "CN")});
  check(outside, {
                     {"share: capital, at_least: 30%", above, yes},
                     {"share: capital, more_than: 30%", above, no},
                     {"share: either, more_than: 30%", above, no},
                     {"share: capital, at_least: 30%", through, yes},
                     {"share: capital, more_than: 30%", through, no},
                     {"share: capital, at_least: 42%", both, yes},
                     {"share: capital, more_than: 42%", both, no},
                 });
}

TEST_CASE("held_by, multiplied: the paths to one holder are added up") {
  const std::string t = of({company("t", "FR", "f 40, g 40, a 5"), company("f", "FR", "a 50"),
                            company("g", "FR", "a 25, f 50"), company("a", "US")});
  // 0.4 * 0.5 + 0.4 * 0.25 + 0.4 * 0.5 * 0.5 + 0.05
  check(american, {
                      {"share: capital, at_least: 45%", t, yes},
                      {"share: capital, more_than: 45%", t, no},
                  });
}

TEST_CASE("held_by: cross-holdings end, and are counted once each time round") {
  // e_T = 1/2 e_B and e_B = 1/2 + 1/2 e_T, as in the tests of effective shares: A has two thirds and C one third.
  const auto cross = [](const char* a, const char* c) {
    return of({company("t", "FR", "a 50, b 50"), company("b", "FR", "t 50, c 50"), company("a", a), company("c", c)});
  };
  const std::string ring = of({company("t", "FR", "b 100"), company("b", "FR", "t 100")});
  check(american, {
                      {"share: capital, at_least: 66%", cross("US", "FR"), yes},
                      {"share: capital, more_than: 67%", cross("US", "FR"), no},
                      {"share: capital, at_least: 33%", cross("FR", "US"), yes},
                      {"share: capital, more_than: 34%", cross("FR", "US"), no},
                      {"share: capital, at_least: 99.99%", cross("US", "US"), yes},
                      {"share: capital, more_than: 0%", cross("FR", "FR"), no},
                      // B is held by T, and T by A, to the half.
                      {"share: capital, links: each, at_least: 50%", cross("US", "FR"), yes},
                      {"share: capital, links: each, at_least: 50%", cross("FR", "FR"), no},
                      // A's half of T makes T count, T's half of B makes B count, B's half of T counts too.
                      {"share: capital, links: each, more_than: 49%", cross("US", "FR"), yes},
                      {"share: capital, more_than: 0%", ring, no},
                      {"share: capital, links: each, at_least: 50%", ring, no},
                      // A ring does not lift itself over the bound.
                      {"share: capital, links: each, at_least: 50%",
                       of({company("t", "FR", "a 40, b 60"), company("b", "FR", "t 100"), company("a", "US")}), no},
                  });
}

TEST_CASE("held_by: a share that is known within a range leaves open what lies inside it") {
  const std::string range = of({company("t", "FR", "a 20..60"), company("a", "US")});
  const std::string ranges = of({company("t", "FR", "f 50..100"), company("f", "FR", "a 40..60"), company("a", "US")});
  const std::string open_share = of({company("t", "FR", "f 60, a ?"), company("a", "US"), company("f", "FR")});
  check(american, {
                      {"share: capital, at_least: 50%", range, unknown},
                      {"share: capital, at_least: 20%", range, yes},
                      {"share: capital, more_than: 60%", range, no},
                      {"share: capital, at_most: 60%", range, yes},
                      {"share: capital, less_than: 20%", range, no},
                      {"share: capital, at_most: 30%", range, unknown},
                      {"share: capital, links: each, at_least: 50%", range, unknown},
                      {"share: capital, links: each, at_least: 20%", range, yes},
                      {"share: capital, links: each, at_least: 61%", range, no},
                      // 0.5 * 0.4 to 1 * 0.6
                      {"share: capital, at_least: 20%", ranges, yes},
                      {"share: capital, at_least: 21%", ranges, unknown},
                      {"share: capital, more_than: 60%", ranges, no},
                      {"share: capital, links: each, at_least: 40%", ranges, yes},
                      {"share: capital, links: each, at_least: 50%", ranges, unknown},
                      {"share: capital, links: each, at_least: 61%", ranges, no},
                      // An unknown share is at most what is left.
                      {"share: capital, at_most: 40%", open_share, yes},
                      {"share: capital, at_least: 1%", open_share, unknown},
                      {"share: capital, links: each, more_than: 40%", open_share, no},
                      {"share: capital, links: each, at_least: 40%", open_share, unknown},
                      {"share: capital, at_least: 1%", of({company("t", "FR", "a ?"), company("a", "US")}), unknown},
                  });
}

TEST_CASE("held_by: where the list of holders is open or absent, somebody unnamed may fit") {
  const std::string a = company("a", "US");
  const std::string f = company("f", "FR");
  const std::string open = of({company("t", "FR", "a 30, unknown"), a});
  const std::string mostly = of({company("t", "FR", "f 60, unknown"), f});
  const std::string nobody = company("t", "FR", "unknown");
  const std::string absent = "{id: t, kind: company, seats: [FR]}";
  const std::string told_unknown = "{id: t, kind: company, seats: [FR], holders: unknown}";
  const std::string above = of({company("t", "FR", "f 100"), "{id: f, kind: company, seats: [FR]}"});
  for (const std::string links : {"", "links: each, "}) {
    const std::string share = "share: capital, " + links;
    check(american, {
                        {share + "at_least: 50%", open, unknown},
                        {share + "at_least: 30%", open, yes},
                        // 40 % are left for those who are not named.
                        {share + "at_least: 50%", mostly, no},
                        {share + "more_than: 40%", mostly, no},
                        {share + "at_least: 40%", mostly, unknown},
                        {share + "at_least: 1%", nobody, unknown},
                        {share + "at_least: 1%", absent, unknown},
                        {share + "at_least: 100%", absent, unknown},
                        {share + "at_least: 1%", told_unknown, unknown},
                        {share + "at_least: 1%", above, unknown},
                    });
  }
  check(american, {
                      {"share: capital, at_most: 30%", open, unknown},
                      {"share: capital, less_than: 30%", open, no},
                      {"share: capital, at_most: 40%", mostly, yes},
                      {"share: votes, at_most: 40%", mostly, yes},
                      {"share: either, at_most: 40%", mostly, yes},
                  });
}

TEST_CASE("held_by: the same list, complete, decides") {
  check(american, {
                      {"share: capital, at_least: 50%", of({company("t", "FR", "a 30"), company("a", "US")}), no},
                      {"share: capital, at_most: 30%", of({company("t", "FR", "a 30"), company("a", "US")}), yes},
                      {"share: capital, at_least: 1%", company("t", "FR"), no},
                  });
}

TEST_CASE("held_by: persons, states and the like are held by nobody; companies and funds may be") {
  const auto held = [](const char* kind) {
    return of({company("t", "FR", "p 100"), fmt::format("{{id: p{}, seats: [FR]}}", kind)});
  };
  const std::string half = "share: capital, at_least: 50%";
  const std::string each = "share: capital, links: each, at_least: 50%";
  std::vector<Row> rows;
  for (const char* kind :
       {", kind: person", ", kind: state", ", kind: association", ", kind: foundation", ", kind: public-body"}) {
    rows.push_back({half, held(kind), no});
    rows.push_back({each, held(kind), no});
  }
  for (const char* kind : {", kind: company", ", kind: fund", ", kind: unknown", ""}) {
    rows.push_back({half, held(kind), unknown});
    rows.push_back({each, held(kind), unknown});
  }
  check(american, rows);
}

TEST_CASE("held_by: a holder of whom it is not known whether he fits widens the range") {
  const std::string perhaps = of({company("t", "FR", "x 60"), company("x", "unknown")});
  const std::string above = of({company("t", "FR", "x 60"), company("x", "unknown", "a 50"), company("a", "US")});
  const std::string either_way = of({company("t", "FR", "x 60"), company("x", "unknown", "a 100"), company("a", "US")});
  const std::string unnamed = company("t", "FR", "ghost 30");
  check(american, {
                      {"share: capital, at_least: 60%", perhaps, unknown},
                      {"share: capital, more_than: 60%", perhaps, no},
                      // 30 % through X in any case, 60 % if X fits itself.
                      {"share: capital, at_least: 30%", above, yes},
                      {"share: capital, at_least: 31%", above, unknown},
                      {"share: capital, more_than: 60%", above, no},
                      // Whether X fits or its owner behind it, it is 60 %, and never 120.
                      {"share: capital, at_least: 60%", either_way, yes},
                      {"share: capital, more_than: 60%", either_way, no},
                      {"share: capital, links: each, at_least: 50%", perhaps, unknown},
                      {"share: capital, links: each, at_least: 50%", either_way, yes},
                      // A holder of whom there are no facts.
                      {"share: capital, at_least: 30%", unnamed, unknown},
                      {"share: capital, more_than: 30%", unnamed, no},
                      {"share: capital, links: each, at_least: 30%", unnamed, unknown},
                      {"share: capital, links: each, more_than: 30%", unnamed, no},
                  });
}

TEST_CASE("held_by: capital, votes or the greater of both") {
  const std::string t = of({company("t", "FR", "a 20/60, f 80/40"), company("a", "US"), company("f", "FR")});
  // Together 40 % of either; nobody's capital is added to somebody else's votes.
  const std::string two = of({company("t", "FR", "a 30/10, b 10/30"), company("a", "US"), company("b", "US")});
  const std::string same = of({company("t", "FR", "a 60"), company("a", "US")});
  // A half of the votes in the first link, of the capital in the second.
  const std::string mixed = of({company("t", "FR", "b 50/0"), company("b", "FR", "a 0/50"), company("a", "US")});
  check(american, {
                      {"share: capital, at_least: 50%", t, no},
                      {"share: votes, at_least: 50%", t, yes},
                      {"share: either, at_least: 50%", t, yes},
                      {"share: either, at_least: 61%", t, no},
                      {"share: capital, at_most: 20%", t, yes},
                      {"share: votes, at_most: 20%", t, no},
                      {"share: either, at_most: 20%", t, no},
                      {"share: either, at_most: 60%", t, yes},
                      {"share: either, at_least: 40%", two, yes},
                      {"share: either, more_than: 40%", two, no},
                      {"share: votes, at_least: 60%", same, yes},
                      {"share: capital, links: each, at_least: 50%", mixed, no},
                      {"share: votes, links: each, at_least: 50%", mixed, no},
                      {"share: either, links: each, at_least: 50%", mixed, yes},
                      // Over paths, votes multiply with votes and capital with capital.
                      {"share: either, more_than: 0%", mixed, no},
                  });
}

TEST_CASE("held_by: an entity that is not known, or of whom there are no facts, leaves all open") {
  World world;
  const std::string asked = "{offering.operator: {held_by: {seats: US}, share: capital, at_least: 1%}}";
  for (const char* facts : {"{}", "{offering: {operator: t}}", "{offering: {operator: t}, entities: []}",
                            "{offering: {operator: unknown}, entities: [{id: t, holders: []}]}",
                            "{offering: {operator: t}, entities: [{id: a, seats: [US], holders: []}]}",
                            // Named as a holder only.
                            "{offering: {operator: t}, entities: [{id: a, holders: [{holder: t, capital: 10%}]}]}"}) {
    CAPTURE(std::string(facts));
    CHECK(world.ask(asked, facts) == unknown);
  }
  CHECK(world.ask(asked, "{offering: {operator: t}, entities: [{id: t, kind: company, holders: []}]}") == no);
  CHECK(world.ask("{not: " + asked + "}",
                  "{offering: {operator: t}, entities: [{id: t, kind: company, holders: []}]}") == yes);
}

TEST_CASE("held_by: the condition speaks of the holder first, then of the item around it, then of the root") {
  const std::string facts =
      "{law: {jurisdiction: US}, offering: {operator: t}, entities: "
      "[{id: t, kind: company, relation: [operator], seats: [FR], holders: [{holder: a, capital: 60%}]}, "
      "{id: a, kind: company, relation: [controls-operator], seats: [US], provider: true, holders: []}]}";
  World world;
  const auto asked = [&](const std::string& fits) {
    return world.ask(fmt::format("{{entities: {{some: {{relation: operator, id: {{held_by: {}, share: capital, "
                                 "at_least: 50%}}}}}}}}",
                                 fits),
                     facts);
  };
  CHECK(asked("{seats: US}") == yes);
  CHECK(asked("{seats: FR}") == no);
  CHECK(asked("{provider: true}") == yes);
  CHECK(asked("{relation: operator}") == no);
  CHECK(asked("{seats: {some_in: law.jurisdiction}}") == yes);
  CHECK(asked("{seats: US, offering.operator.seats: FR}") == yes);
  CHECK(asked("{seats: US, offering.operator.seats: US}") == no);
  CHECK(asked("{always: true}") == yes);
  CHECK_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
}

TEST_CASE("held_by: the reasons are the holdings that count, link by link where links count") {
  World world;
  const auto reasons = [&](const std::string& bound, const std::string& entities) {
    const Condition condition =
        world.condition(fmt::format("{{offering.operator: {{held_by: {{seats: US}}, {}}}}}", bound));
    const Value root = world.facts(fmt::format("{{offering: {{operator: t}}, entities: [{}]}}", entities));
    std::vector<std::string> texts;
    for (const UsedFact& fact : deciding_facts(condition, Facts{&root, &world.groups, today}))
      texts.push_back(fmt::format("{} {} {}", fact.path, fact.value, fact.truth == yes ? "yes" : "open"));
    return texts;
  };
  using Texts = std::vector<std::string>;
  const std::string chain =
      of({company("t", "FR", "b 50, f 50"), company("b", "FR", "a 50..70"), company("a", "US"), company("f", "FR")});
  CHECK(reasons("share: capital, links: each, at_least: 50%", chain) ==
        Texts{"entities[t].holders[b].capital 50% yes", "entities[b].holders[a].capital 50..70% yes"});
  CHECK(reasons("share: capital, at_least: 20%", chain) == Texts{"entities[b].holders[a].capital 50..70% yes"});
  // Over paths the way up ends with the first who fits.
  const std::string above = of({company("t", "FR", "a 60"), company("a", "US", "b 100"), company("b", "US")});
  CHECK(reasons("share: capital, at_least: 20%", above) == Texts{"entities[t].holders[a].capital 60% yes"});
  CHECK(reasons("share: votes, at_least: 20%", chain) == Texts{"entities[b].holders[a].votes 50..70% yes"});
  CHECK(reasons("share: capital, at_least: 20%", of({company("t", "FR", "x 60"), company("x", "unknown")})) ==
        Texts{"entities[t].holders[x].capital 60% open"});
  // Nobody counts: then it is the entity asked about.
  CHECK(reasons("share: capital, at_least: 20%", company("t", "FR")) == Texts{"offering.operator t open"});
}

TEST_CASE("held_by: the text of a condition tells who counts, of what, and the bound") {
  World world;
  const std::string text =
      text_of(world.condition("{offering.operator: {held_by: {seats: US}, share: votes, more_than: 24%}}"));
  CHECK(text == "offering.operator held by (seats is US), votes > 24%");
}

TEST_CASE("held_by: the facts asked of holders are among the paths of the condition") {
  World world;
  std::vector<std::string> paths;
  collect_paths(world.condition("{offering.operator: {held_by: {seats: US}, share: votes, more_than: 24%}}"), "",
                paths);
  CHECK(paths == std::vector<std::string>{"offering.operator", "offering.operator.seats"});
}

// --- properties ------------------------------------------------------------------------------------------------

namespace {

constexpr int entities = 5;
constexpr const char* seats[] = {"FR", "US", "DE"};

struct Stake {
  int owner = 0;
  double low = 0;
  double high = 0;
  double votes_low = 0;
  double votes_high = 0;
};

/// Entities 0 to n - 1, of which 0 is the one asked about. A seat below 0 is not known.
struct Holders {
  struct Entity {
    int seat = 0;
    std::vector<Stake> stakes;
    bool open = false;
  };
  std::vector<Entity> entities;
};

/// Everything is known, and nobody gives away more than 95 %: rings that hold each other wholly have no solution.
Holders draw(bool acyclic = false) {
  Holders all;
  for (int owned = 0; owned < entities; ++owned) {
    Holders::Entity entity;
    entity.seat = drawn::below(3);
    int capital = 95;
    int votes = 95;
    for (int owner = acyclic ? owned + 1 : 0; owner < entities; ++owner) {
      const int share = *rc::gen::inRange(-50, 60);  // about half of the pairs hold nothing
      const int vote = drawn::coin() ? share : *rc::gen::inRange(0, 60);
      if (share <= 0 || share > capital || vote > votes) continue;
      capital -= share;
      votes -= vote;
      const auto exact = [](int number) { return static_cast<double>(number); };
      entity.stakes.push_back({owner, exact(share), exact(share), exact(vote), exact(vote)});
    }
    all.entities.push_back(std::move(entity));
  }
  return all;
}

/// The same, less well known: shares within ranges, holders left out of lists that say so, seats not told.
Holders blurred(const Holders& known) {
  Holders vague = known;
  for (Holders::Entity& entity : vague.entities) {
    if (drawn::coin(5)) entity.seat = -1;
    std::erase_if(entity.stakes, [&](const Stake&) { return drawn::coin(6) && (entity.open = true); });
    for (Stake& stake : entity.stakes) {
      stake.low = std::max(0.0, stake.low - drawn::below(20));
      stake.high = std::min(100.0, stake.high + drawn::below(20));
      stake.votes_low = std::max(0.0, stake.votes_low - drawn::below(20));
      stake.votes_high = std::min(100.0, stake.votes_high + drawn::below(20));
    }
    if (drawn::coin(8)) entity.open = true;
  }
  return vague;
}

Value facts_of(const Holders& all, const std::string& prefix = "e", bool backwards = false) {
  const auto name = [&](int number) { return Value::of(fmt::format("{}{}", prefix, number)); };
  Value list = Value::list();
  for (std::size_t i = 0; i < all.entities.size(); ++i) {
    const Holders::Entity& from = all.entities[i];
    Value entity = Value::map();
    entity.set("id", name(static_cast<int>(i)));
    entity.set("kind", Value::of("company"));
    entity.set("seats", from.seat < 0 ? Value::list({}, true) : Value::list({Value::of(seats[from.seat])}));
    Value holders = Value::list({}, from.open);
    for (const Stake& stake : from.stakes) {
      Value holder = Value::map();
      holder.set("holder", name(stake.owner));
      holder.set("capital", Value::of(stake.low, stake.high));
      holder.set("votes", Value::of(stake.votes_low, stake.votes_high));
      holders.items.push_back(std::move(holder));
    }
    if (backwards) std::reverse(holders.items.begin(), holders.items.end());
    entity.set("holders", std::move(holders));
    list.items.push_back(std::move(entity));
  }
  if (backwards) std::reverse(list.items.begin(), list.items.end());
  Value offering = Value::map();
  offering.set("operator", name(0));
  Value root = Value::map();
  root.set("as_of", Value::of(today));
  root.set("offering", std::move(offering));
  root.set("entities", std::move(list));
  return root;
}

/// One condition for each share, each way to count links, and each of many bounds.
class Asked {
 public:
  Asked() {
    for (const char* share : {"capital", "votes", "either"})
      for (const char* links : {"multiplied", "each"})
        for (const char* order : {"at_least", "more_than", "at_most", "less_than"})
          for (int bound = 5; bound <= 95; bound += 15) {
            const bool rises = std::string_view(order) == "at_least" || std::string_view(order) == "more_than";
            if (!rises && std::string_view(links) == "each") continue;
            const std::string text = fmt::format(
                "{{offering.operator: {{held_by: {{seats: US}}, share: {}, links: {}, "
                "{}: {}%}}}}",
                share, links, order, bound);
            conditions_.push_back({text, world_.condition(text), rises});
          }
    REQUIRE_FALSE(world_.diagnostics.has_errors());
  }

  /// What is answered to all of them.
  [[nodiscard]] std::vector<Truth> answers(const Value& root) const {
    std::vector<Truth> answers;
    for (const One& one : conditions_)
      answers.push_back(evaluate(one.condition, Facts{&root, &world_.groups, today}));
    return answers;
  }
  [[nodiscard]] const std::string& text(std::size_t i) const { return conditions_[i].text; }
  /// Whether a greater share can make it true, and never false.
  [[nodiscard]] bool rises(std::size_t i) const { return conditions_[i].rises; }

 private:
  struct One {
    std::string text;
    Condition condition;
    bool rises;
  };
  World world_;
  std::vector<One> conditions_;
};

std::string shown(const Value& root) { return text_of(root.get("entities")); }

}  // namespace

TEST_CASE("held_by: what entities are called, and the order in which they and their holders stand, changes nothing") {
  const Asked asked;
  CHECK(rc::check([&] {
    const Holders holders = drawn::coin() ? draw() : blurred(draw());
    const std::vector<Truth> answers = asked.answers(facts_of(holders));
    RC_ASSERT(asked.answers(facts_of(holders, "other-name-")) == answers);
    RC_ASSERT(asked.answers(facts_of(holders, "e", true)) == answers);
    RC_ASSERT(asked.answers(drawn::shuffled(facts_of(holders))) == answers);
  }));
}

TEST_CASE("held_by: one more holder who fits never lowers what is surely held") {
  const Asked asked;
  CHECK(rc::check([&] {
    const Holders before = drawn::coin() ? draw() : blurred(draw());
    Holders after = before;
    const int owned = drawn::below(entities);
    Holders::Entity fits;
    fits.seat = 1;
    after.entities.push_back(fits);
    after.entities[static_cast<std::size_t>(owned)].stakes.push_back({entities, 4, 4, 4, 4});
    const std::vector<Truth> with_less = asked.answers(facts_of(before));
    const std::vector<Truth> with_more = asked.answers(facts_of(after));
    for (std::size_t i = 0; i < with_less.size(); ++i) {
      RC_LOG() << asked.text(i) << "\n" << shown(facts_of(before)) << "\n";
      if (asked.rises(i) && with_less[i] == yes) RC_ASSERT(with_more[i] == yes);
      if (!asked.rises(i) && with_less[i] == no) RC_ASSERT(with_more[i] == no);
    }
  }));
}

TEST_CASE("held_by: where all shares are known and lists are complete, everything is decided") {
  const Asked asked;
  CHECK(rc::check([&] {
    const Value facts = facts_of(draw());
    const std::vector<Truth> answers = asked.answers(facts);
    for (std::size_t i = 0; i < answers.size(); ++i) {
      RC_LOG() << asked.text(i) << "\n" << shown(facts) << "\n";
      RC_ASSERT(answers[i] != unknown);
    }
  }));
}

TEST_CASE("held_by: more knowledge never overturns a decision") {
  const Asked asked;
  CHECK(rc::check([&] {
    const Holders known = draw();
    const Holders vague = blurred(known);
    const std::vector<Truth> before = asked.answers(facts_of(vague));
    const std::vector<Truth> after = asked.answers(facts_of(known));
    for (std::size_t i = 0; i < before.size(); ++i) {
      RC_LOG() << asked.text(i) << "\n" << shown(facts_of(vague)) << "\n" << shown(facts_of(known)) << "\n";
      if (before[i] != unknown) RC_ASSERT(after[i] == before[i]);
    }
  }));
}

TEST_CASE("held_by: over paths it is the sum over all paths up to the first who fits, worked out another way") {
  World world;
  const auto walk = [](const Holders& all, bool votes) {
    // Without cycles, going up every path by itself ends.
    double sum = 0;
    const auto up = [&](const auto& self, int at, double share) -> void {
      for (const Stake& stake : all.entities[static_cast<std::size_t>(at)].stakes) {
        const double one = share * (votes ? stake.votes_low : stake.low) / 100;
        if (all.entities[static_cast<std::size_t>(stake.owner)].seat == 1) {
          sum += one;
        } else {
          self(self, stake.owner, one);
        }
      }
    };
    up(up, 0, 100);
    return sum;
  };
  CHECK(rc::check([&] {
    const Holders holders = draw(true);
    const Value facts = facts_of(holders);
    for (const bool votes : {false, true}) {
      const double wanted = walk(holders, votes);
      const auto asked = [&](const char* order, double bound) {
        return evaluate(world.condition(fmt::format("{{offering.operator: {{held_by: {{seats: US}}, share: {}, {}: "
                                                    "{:.6f}%}}}}",
                                                    votes ? "votes" : "capital", order, bound)),
                        Facts{&facts, &world.groups, today});
      };
      RC_LOG() << wanted << "\n" << shown(facts) << "\n";
      RC_ASSERT(asked("at_least", std::max(0.0, wanted - 1e-4)) == yes);
      RC_ASSERT(asked("at_most", wanted + 1e-4) == yes);
    }
  }));
}
