#include "facts/ownership.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

using sovrisk::Holding;
using sovrisk::Ownership;
using sovrisk::Share;
using sovrisk::Truth;

namespace {

struct Link {
  const char* owner;
  const char* owned;
  Share share;
  std::vector<std::string> rights;
};

Ownership graph(const std::vector<Link>& links) {
  Ownership result;
  for (const Link& link : links) {
    Holding holding;
    holding.owner = result.add(link.owner);
    holding.owned = result.add(link.owned);
    holding.capital = holding.votes = link.share;
    holding.rights = link.rights;
    result.hold(std::move(holding));
  }
  return result;
}

Share effective(const Ownership& ownership, const char* owner, const char* target) {
  return ownership.effective(*ownership.find(target), false)[*ownership.find(owner)];
}

Ownership::Reached reached(const Ownership& ownership, const char* holder, const char* target) {
  return ownership.controlled_by(*ownership.find(holder))[*ownership.find(target)];
}

void check_share(Share share, double low, double high) {
  CHECK(share.low == doctest::Approx(low));
  CHECK(share.high == doctest::Approx(high));
}

std::vector<std::string> chain(const Ownership& ownership, const char* holder, const char* target) {
  std::vector<std::string> names;
  for (const std::size_t step : ownership.chain(*ownership.find(holder), *ownership.find(target)))
    names.push_back(ownership.id(step));
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("effective shares: a chain multiplies and two paths add up") {
  const Ownership ownership = graph({{"a", "b", {60, 60}, {}}, {"b", "t", {50, 50}, {}}, {"a", "t", {10, 10}, {}}});
  check_share(effective(ownership, "a", "t"), 40, 40);
  check_share(effective(ownership, "b", "t"), 50, 50);
  check_share(effective(ownership, "t", "a"), 0, 0);
}

TEST_CASE("effective shares: a cross-holding is counted once each time round") {
  // e_T = 1/2 e_B, e_B = 1/2 + 1/2 e_T, so that e_B = 2/3 and e_T = 1/3; A = 1/2 + 1/2 e_T, C = 1/2 e_B.
  const Ownership ownership =
      graph({{"a", "t", {50, 50}, {}}, {"t", "b", {50, 50}, {}}, {"b", "t", {50, 50}, {}}, {"c", "b", {50, 50}, {}}});
  check_share(effective(ownership, "a", "t"), 200.0 / 3, 200.0 / 3);
  check_share(effective(ownership, "c", "t"), 100.0 / 3, 100.0 / 3);
  check_share(effective(ownership, "b", "t"), 200.0 / 3, 200.0 / 3);
}

TEST_CASE("effective shares: treasury shares go to the other holders") {
  const Ownership ownership = graph({{"t", "t", {20, 20}, {}}, {"a", "t", {80, 80}, {}}});
  check_share(effective(ownership, "a", "t"), 100, 100);
}

TEST_CASE("effective shares: a ring that nobody outside holds has no finite solution, and gives no share away") {
  const Ownership ownership = graph({{"a", "b", {100, 100}, {}}, {"b", "a", {100, 100}, {}}});
  const Share share = effective(ownership, "a", "b");
  CHECK(share.low == 0);
  CHECK(share.high == 100);
}

TEST_CASE("effective shares: bounds come from the least and the most of each holding") {
  const Ownership ownership = graph({{"a", "b", {40, 60}, {}}, {"b", "t", {50, 100}, {}}});
  check_share(effective(ownership, "a", "t"), 20, 60);
  check_share(effective(ownership, "b", "t"), 50, 100);
}

TEST_CASE("effective shares: an upper bound is never below the direct share, however many shares are unknown") {
  // M and T each stand in five cross-holdings of unknown size; the upper system then has a solution that means nothing.
  Ownership ownership = graph({{"m", "t", {0, 40}, {}}});
  for (const char* company : {"m", "t"})
    for (int partner = 0; partner < 5; ++partner) {
      const std::size_t other = ownership.add(fmt::format("{}-{}", company, partner));
      const std::size_t self = *ownership.find(company);
      ownership.hold({self, other, {0, 100}, {0, 100}, {}, nullptr});
      ownership.hold({other, self, {0, 100}, {0, 100}, {}, nullptr});
    }
  CHECK(effective(ownership, "m", "t").high >= 40);
}

TEST_CASE("control: a majority along an unbroken chain is sole control, and the chain can be told") {
  const Ownership ownership = graph({{"a", "b", {51, 51}, {}}, {"b", "t", {51, 51}, {}}});
  CHECK(reached(ownership, "a", "t").sole == Truth::yes);
  CHECK(chain(ownership, "a", "t") == Names{"a", "b", "t"});
  CHECK(effective(ownership, "a", "t").high < 50);  // control is not a matter of effective shares
}

TEST_CASE("control: the chain breaks at a link without control") {
  const Ownership ownership = graph({{"a", "b", {40, 40}, {}}, {"x", "b", {60, 60}, {}}, {"b", "t", {100, 100}, {}}});
  CHECK(reached(ownership, "a", "t").sole == Truth::no);
  CHECK(reached(ownership, "a", "t").de_facto == Truth::no);
  CHECK(reached(ownership, "x", "t").sole == Truth::yes);
  CHECK(chain(ownership, "a", "t").empty());
}

TEST_CASE("control: shares held through controlled companies are added up") {
  const Ownership ownership =
      graph({{"a", "b", {100, 100}, {}}, {"a", "t", {26, 26}, {}}, {"b", "t", {26, 26}, {}}, {"x", "t", {48, 48}, {}}});
  CHECK(reached(ownership, "a", "t").sole == Truth::yes);
  CHECK(reached(ownership, "b", "t").sole == Truth::no);
}

TEST_CASE("control: parts that make up half are half, though binary fractions add a hair") {
  const double a = 0.2;
  const double b = 32.2;
  const double c = 17.6;
  CHECK(a + b + c > 50);
  CHECK(sovrisk::settled(a + b + c) == 50);
  const Ownership ownership = graph({{"a", "b", {100, 100}, {}},
                                     {"a", "c", {100, 100}, {}},
                                     {"a", "t", {a, a}, {}},
                                     {"b", "t", {b, b}, {}},
                                     {"c", "t", {c, c}, {}},
                                     {"x", "t", {50, 50}, {}}});
  CHECK(reached(ownership, "a", "t").sole == Truth::no);
}

TEST_CASE("control: half and half is nobody's sole control and both dominate in fact") {
  const Ownership ownership = graph({{"a", "t", {50, 50}, {}}, {"b", "t", {50, 50}, {}}});
  for (const char* holder : {"a", "b"}) {
    CHECK(reached(ownership, holder, "t").sole == Truth::no);
    CHECK(reached(ownership, holder, "t").de_facto == Truth::yes);
  }
}

TEST_CASE("control: more than 40 % and nobody with more is presumed control (Code de commerce, art. L.233-3 II)") {
  const Ownership spread = graph({{"a", "t", {41, 41}, {}}, {"b", "t", {30, 30}, {}}});
  CHECK(reached(spread, "a", "t").de_facto == Truth::yes);
  CHECK(reached(spread, "a", "t").sole == Truth::no);
  CHECK(reached(spread, "b", "t").de_facto == Truth::no);
  const Ownership at_the_bound = graph({{"a", "t", {40, 40}, {}}, {"b", "t", {30, 30}, {}}});
  CHECK(reached(at_the_bound, "a", "t").de_facto == Truth::no);
  const Ownership smaller = graph({{"a", "t", {41, 41}, {}}, {"b", "t", {59, 59}, {}}});
  CHECK(reached(smaller, "a", "t").de_facto == Truth::no);
}

TEST_CASE("control: a share that may pass 40 % leaves presumed control open") {
  const Ownership ownership = graph({{"a", "t", {35, 45}, {}}, {"b", "t", {10, 10}, {}}});
  CHECK(reached(ownership, "a", "t").sole == Truth::no);
  CHECK(reached(ownership, "a", "t").de_facto == Truth::unknown);
}

TEST_CASE("control: rights dominate in fact; appointing the board is control and leaves none to others") {
  for (const char* right : {"veto", "golden-share", "management-contract", "de-facto-control"}) {
    CAPTURE(std::string(right));
    const Ownership ownership = graph({{"a", "t", {5, 5}, {right}}, {"b", "t", {95, 95}, {}}});
    CHECK(reached(ownership, "a", "t").sole == Truth::no);
    CHECK(reached(ownership, "a", "t").de_facto == Truth::yes);
    CHECK(reached(ownership, "b", "t").sole == Truth::yes);
  }
  const Ownership board = graph({{"a", "t", {5, 5}, {"board-majority"}}, {"b", "t", {0, 80}, {}}});
  CHECK(reached(board, "a", "t").sole == Truth::yes);
  CHECK(reached(board, "b", "t").sole == Truth::no);
}

TEST_CASE("control: a share across the middle leaves control open unless somebody else surely has it") {
  const Ownership open = graph({{"a", "t", {30, 60}, {}}, {"b", "t", {20, 70}, {}}});
  CHECK(reached(open, "a", "t").sole == Truth::unknown);
  CHECK(reached(open, "b", "t").sole == Truth::unknown);
  const Ownership taken = graph({{"a", "t", {30, 60}, {}}, {"b", "t", {51, 70}, {}}});
  CHECK(reached(taken, "a", "t").sole == Truth::no);
  CHECK(reached(taken, "b", "t").sole == Truth::yes);
}

TEST_CASE("control: a de facto link makes the whole chain de facto") {
  const Ownership ownership = graph({{"a", "b", {10, 10}, {"de-facto-control"}}, {"b", "t", {100, 100}, {}}});
  CHECK(reached(ownership, "a", "t").sole == Truth::no);
  CHECK(reached(ownership, "a", "t").de_facto == Truth::yes);
  CHECK(chain(ownership, "a", "t") == Names{"a", "b", "t"});
}

// --- properties ------------------------------------------------------------------------------------------------

namespace {

struct Edge {
  int owner;
  int owned;
  double share;
};

constexpr int entities = 5;

Ownership graph_of(const std::vector<Edge>& edges, const std::vector<int>& names) {
  Ownership result;
  std::vector<std::size_t> index(entities);
  // Entities are added in the order of `names`, so that a permutation gives other indices.
  for (const int entity : names)
    index[static_cast<std::size_t>(entity)] = result.add(fmt::format("e{}", entity));
  for (const Edge& edge : edges) {
    Holding holding;
    holding.owner = index[static_cast<std::size_t>(edge.owner)];
    holding.owned = index[static_cast<std::size_t>(edge.owned)];
    holding.capital = holding.votes = {edge.share, edge.share};
    result.hold(std::move(holding));
  }
  return result;
}

/// Holdings of which no entity gives away more than 95 %, cycles and own shares included.
std::vector<Edge> draw_edges() {
  std::vector<Edge> edges;
  for (int owned = 0; owned < entities; ++owned) {
    int left = 95;
    for (int owner = 0; owner < entities; ++owner) {
      const int share = *rc::gen::inRange(-60, 60);  // about half of the pairs hold nothing
      if (share <= 0 || share > left) continue;
      left -= share;
      edges.push_back({owner, owned, static_cast<double>(share)});
    }
  }
  return edges;
}

std::vector<int> in_order() {
  std::vector<int> names(entities);
  std::iota(names.begin(), names.end(), 0);
  return names;
}

/// The same holdings, each known only within a range around what it is.
Ownership blurred(const Ownership& known) {
  Ownership vague;
  for (int number = 0; number < entities; ++number)
    (void)vague.add(fmt::format("e{}", number));
  for (const Holding& holding : known.holdings()) {
    Holding wider = holding;
    const int by = *rc::gen::inRange(0, 40);
    wider.capital = wider.votes = {std::max(0.0, holding.votes.low - by), std::min(100.0, holding.votes.high + by)};
    vague.hold(wider);
  }
  return vague;
}

std::size_t entity(const Ownership& ownership, int number) { return *ownership.find(fmt::format("e{}", number)); }

}  // namespace

TEST_CASE("effective shares: those of the ultimate holders add up to 100 % at most") {
  CHECK(rc::check([] {
    std::vector<Edge> edges = draw_edges();
    // Entities 0 and 1 are ultimate: nobody holds them.
    std::erase_if(edges, [](const Edge& edge) { return edge.owned <= 1; });
    const Ownership ownership = graph_of(edges, in_order());
    const auto shares = ownership.effective(entity(ownership, entities - 1), false);
    double sum = 0;
    for (const int ultimate : {0, 1})
      sum += shares[entity(ownership, ultimate)].high;
    RC_ASSERT(sum <= 100 + 1e-6);
  }));
}

TEST_CASE("effective shares: one more holding never lowers the owner's share") {
  CHECK(rc::check([] {
    const std::vector<Edge> edges = draw_edges();
    std::vector<Edge> more = edges;
    const int owner = *rc::gen::inRange(0, entities);
    const int owned = *rc::gen::inRange(0, entities);
    more.push_back({owner, owned, 4});
    const Ownership before = graph_of(edges, in_order());
    const Ownership after = graph_of(more, in_order());
    for (int target = 0; target < entities; ++target)
      RC_ASSERT(after.effective(entity(after, target), false)[entity(after, owner)].low >=
                before.effective(entity(before, target), false)[entity(before, owner)].low - 1e-6);
  }));
}

TEST_CASE("ownership: the order in which entities and holdings are told changes nothing") {
  CHECK(rc::check([] {
    std::vector<Edge> edges = draw_edges();
    const Ownership one = graph_of(edges, in_order());
    std::vector<int> names = in_order();
    std::reverse(edges.begin(), edges.end());
    std::rotate(names.begin(), names.begin() + *rc::gen::inRange(0, entities), names.end());
    const Ownership other = graph_of(edges, names);
    for (int holder = 0; holder < entities; ++holder) {
      const auto here = one.controlled_by(entity(one, holder));
      const auto there = other.controlled_by(entity(other, holder));
      for (int target = 0; target < entities; ++target) {
        RC_ASSERT(here[entity(one, target)].sole == there[entity(other, target)].sole);
        RC_ASSERT(here[entity(one, target)].de_facto == there[entity(other, target)].de_facto);
        const Share a = one.effective(entity(one, target), false)[entity(one, holder)];
        const Share b = other.effective(entity(other, target), false)[entity(other, holder)];
        RC_ASSERT(std::abs(a.low - b.low) < 1e-6);
        RC_ASSERT(std::abs(a.high - b.high) < 1e-6);
      }
    }
  }));
}

TEST_CASE("control: knowing a share better never overturns what was decided") {
  CHECK(rc::check([] {
    const Ownership known = graph_of(draw_edges(), in_order());
    const Ownership vague = blurred(known);
    for (std::size_t holder = 0; holder < known.size(); ++holder) {
      const auto before = vague.controlled_by(holder);
      const auto after = known.controlled_by(holder);
      for (std::size_t target = 0; target < known.size(); ++target) {
        if (before[target].sole != Truth::unknown) RC_ASSERT(after[target].sole == before[target].sole);
      }
    }
  }));
}

TEST_CASE("effective shares: a range holds whatever the share turns out to be") {
  CHECK(rc::check([] {
    const Ownership known = graph_of(draw_edges(), in_order());
    const Ownership vague = blurred(known);
    for (std::size_t holder = 0; holder < known.size(); ++holder) {
      for (std::size_t target = 0; target < known.size(); ++target) {
        const Share wide = vague.effective(target, true)[holder];
        const Share narrow = known.effective(target, true)[holder];
        RC_ASSERT(wide.low <= narrow.low + 1e-6);
        RC_ASSERT(wide.high >= narrow.high - 1e-6);
      }
    }
  }));
}
