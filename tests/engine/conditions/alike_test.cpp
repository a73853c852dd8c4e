// Conditions on two trees of facts that differ in part.
#include "conditions/alike.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "engine/conditions/drawn.h"
#include "support.h"

using sovrisk::Condition;
using sovrisk::Facts;
using sovrisk::TwoFacts;
using sovrisk::Value;
using sovrisk::testing::World;
namespace drawn = sovrisk::testing;

namespace {

constexpr sovrisk::Date today{2026, 1, 1};

}  // namespace

TEST_CASE("alike: a condition that is said to come out alike does") {
  World world;
  int alike = 0;
  int differ = 0;
  CHECK(rc::check([&] {
    const Value one = drawn::blurred(drawn::drawn_facts());
    Value other = one;
    // One member of the root, or one of the offering's, is drawn anew.
    const Value fresh = drawn::drawn_facts();
    Value& changed = drawn::coin() ? *other.find("offering") : other;
    const Value& from = &changed == &other ? fresh : fresh.get("offering");
    const std::size_t at = static_cast<std::size_t>(drawn::below(static_cast<int>(changed.members.size())));
    if (const Value* value = from.find(changed.members[at].first)) changed.members[at].second = *value;
    const std::string text = drawn::drawn_condition(4);
    const Condition condition = world.condition(text);
    TwoFacts both(one, other);
    const bool came_out_alike = evaluate(condition, Facts{&one, &world.groups, today}) ==
                                evaluate(condition, Facts{&other, &world.groups, today});
    RC_LOG() << text;
    if (both.alike(condition)) RC_ASSERT(came_out_alike);
    ++(both.alike(condition) ? alike : differ);
  }));
  // The property says something only where both happen.
  CHECK(alike > 0);
  CHECK(differ > 0);
}

TEST_CASE("alike: what is asked within items, along ids and of holders depends on the whole list") {
  World world;
  const Value one = world.facts("entities: [{id: x, seats: [FR]}]\noffering: {operator: x}\nsites: [{country: FR}]\n");
  const Value other =
      world.facts("entities: [{id: x, seats: [US]}]\noffering: {operator: x}\nsites: [{country: FR}]\n");
  TwoFacts both(one, other);
  CHECK(both.alike(world.condition("{sites: {some: {country: FR}}}")));
  CHECK(both.alike(world.condition("{offering.operator: x}")));
  CHECK_FALSE(both.alike(world.condition("{entities: {some: {id: x}}}")));
  CHECK_FALSE(both.alike(world.condition("{offering.operator.seats: {some_in: EU}}")));
  CHECK_FALSE(
      both.alike(world.condition("{offering.operator: {held_by: {seats: US}, share: capital, more_than: 50%}}")));
  CHECK_FALSE(both.alike(world.condition("{any: [{offering.operator: x}, {not: {entities: {every: {seats: FR}}}}]}")));
  CHECK_FALSE(world.diagnostics.has_errors());
}
