#include "conditions/holders.h"

#include <fmt/format.h>

#include <algorithm>

#include "conditions/compare.h"

namespace sovrisk {

namespace {

constexpr double whole = 100;

Share direct_share(const Holders& all, std::size_t owned, bool votes) {
  Share sum;
  for (const Holding& holding : all.graph.holdings()) {
    if (holding.owned != owned) continue;
    const Share& share = votes ? holding.votes : holding.capital;
    if (all.fits[holding.owner] == Truth::yes) sum.low += share.low;
    if (all.fits[holding.owner] != Truth::no) sum.high += share.high;
  }
  return {std::min(settled(sum.low), whole), std::min(settled(sum.high), whole)};
}

/// Link by link: those held to the bound by those who count come to count. Truths only rise, so that the order of
/// entities does not matter.
void spread(const Test& test, Holders& all) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < all.graph.size(); ++i) {
      Truth truth = all.fits[i];
      for (const bool votes : {false, true}) {
        if (test.key == (votes ? "capital" : "votes")) continue;
        const Share share = direct_share(all, i, votes);
        truth = truth || compare_interval(share.low, share.high, test.order, test.number);
      }
      if (truth == all.fits[i]) continue;
      all.fits[i] = truth;
      changed = true;
    }
  }
}

/// Each bound is a graph of its own: those who count have no owners in it, so that a path ends with the first.
Share share_over_paths(const Holders& all, std::size_t target, bool votes) {
  Share sum;
  for (const bool upper : {false, true}) {
    const auto counts = [&](std::size_t i) {
      return i != target && (upper ? all.fits[i] != Truth::no : all.fits[i] == Truth::yes);
    };
    Ownership graph;
    for (std::size_t i = 0; i < all.graph.size(); ++i)
      graph.add(all.graph.id(i));
    for (const Holding& holding : all.graph.holdings())
      if (!counts(holding.owned)) graph.hold(holding);
    const std::vector<Share> shares = graph.effective(target, votes);
    for (std::size_t i = 0; i < shares.size(); ++i)
      if (counts(i)) (upper ? sum.high : sum.low) += upper ? shares[i].high : shares[i].low;
  }
  return {std::min(settled(sum.low), whole), std::min(settled(std::max(sum.low, sum.high)), whole)};
}

}  // namespace

Holders holders_of(const Value* entities, const std::function<Truth(const Value&)>& fits) {
  Holders holders;
  static const Value nothing;
  for (const Value& entity : entities != nullptr ? entities->items : nothing.items) {
    holders.graph.add(std::string(entity.get("id").word()));
    holders.entities.push_back(&entity);
    holders.fits.push_back(fits(entity));
  }
  const auto percent = [](const Value& share, double most) {
    return share.kind == Value::Kind::number ? Share{share.low, share.high} : Share{0, std::min(most, whole)};
  };
  for (std::size_t owned = 0, known = holders.entities.size(); owned < known; ++owned) {
    const Value& stakes = holders.entities[owned]->get("holders");
    double rest_capital = 100;
    double rest_votes = 100;
    for (const Value& stake : stakes.items) {
      Holding holding;
      holding.owner = holders.graph.add(std::string(stake.get("holder").word()));
      holding.owned = owned;
      holding.capital = percent(stake.get("capital"), rest_capital);
      holding.votes = stake.find("votes") != nullptr ? percent(stake.get("votes"), rest_votes) : holding.capital;
      holding.origin = stake.origin;
      rest_capital -= holding.capital.low;
      rest_votes -= holding.votes.low;
      holders.graph.hold(std::move(holding));
    }
    // Persons and states are held by nobody; elsewhere holders that are not named may be anybody.
    const std::string_view kind = holders.entities[owned]->get("kind").word();
    const bool may_be_held = kind.empty() || kind == "company" || kind == "fund";
    if (!may_be_held || (stakes.kind == Value::Kind::list && !stakes.open)) continue;
    Holding others;
    others.owner = holders.graph.add(fmt::format("others of {}", holders.graph.id(owned)));
    others.owned = owned;
    others.capital.high = std::max(0.0, rest_capital);
    others.votes.high = std::max(0.0, rest_votes);
    holders.graph.hold(std::move(others));
  }
  holders.fits.resize(holders.graph.size(), Truth::unknown);
  holders.entities.resize(holders.graph.size(), nullptr);
  return holders;
}

Truth held_by(const Test& test, std::string_view entity, Holders holders) {
  const std::size_t* target = holders.graph.find(entity);
  if (target == nullptr || holders.entities[*target] == nullptr) return Truth::unknown;
  if (test.each_link) spread(test, holders);
  Share share;
  for (const bool votes : {false, true}) {
    if (test.key == (votes ? "capital" : "votes")) continue;
    const Share one =
        test.each_link ? direct_share(holders, *target, votes) : share_over_paths(holders, *target, votes);
    share.low = std::max(share.low, one.low);
    share.high = std::max(share.high, one.high);
  }
  return compare_interval(share.low, share.high, test.order, test.number);
}

std::vector<UsedFact> counted_holdings(const Test& test, std::string_view entity, Holders holders) {
  std::vector<UsedFact> facts;
  const std::size_t* target = holders.graph.find(entity);
  if (target == nullptr) return facts;
  if (test.each_link) spread(test, holders);
  const bool votes = test.key == "votes";
  std::vector<std::size_t> up{*target};
  for (std::size_t i = 0; i < up.size(); ++i) {
    for (const Holding& holding : holders.graph.holdings()) {
      if (holding.owned != up[i]) continue;
      const Truth counts = holders.fits[holding.owner];
      // Link by link the chain goes on through those who count; over paths it ends with the first of them.
      const bool further = (counts != Truth::no) == test.each_link;
      if (further && std::find(up.begin(), up.end(), holding.owner) == up.end()) up.push_back(holding.owner);
      if (counts == Truth::no) continue;
      const Share& share = votes ? holding.votes : holding.capital;
      facts.push_back({fmt::format("entities[{}].holders[{}].{}", holders.graph.id(holding.owned),
                                   holders.graph.id(holding.owner), votes ? "votes" : "capital"),
                       text_of(Value::of(share.low, share.high)) + "%", counts, holding.origin});
    }
  }
  return facts;
}

}  // namespace sovrisk
