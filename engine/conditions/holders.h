// What holders who fit a condition have together in an entity: the test `held_by` (docs/conditions.md).
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "conditions/condition.h"
#include "facts/ownership.h"

namespace sovrisk {

/// The entities as a graph of holders, and which of them a condition fits.
struct Holders {
  Ownership graph;
  std::vector<Truth> fits;             ///< by index in the graph
  std::vector<const Value*> entities;  ///< by index; null for one that is only named as a holder
};

/// The holders among the derived list `entities` (null: none); `fits` is asked once of each entity. Holders that an
/// entity does not name stand as `others of ID`, of whom nobody knows whether they fit.
[[nodiscard]] Holders holders_of(const Value* entities, const std::function<Truth(const Value&)>& fits);

/// Whether the share that those who fit have in the entity meets the test's bound. `links: each`: an entity in which
/// they reach the bound counts as one of them (the 50 percent rule of OFAC, FAQ 398 and 401). Otherwise over all paths,
/// each path as far as the first of them, so that nothing is counted twice. What is unknown widens the range; an entity
/// that is not among those known gives unknown.
[[nodiscard]] Truth held_by(const Test& test, std::string_view entity, Holders holders);

/// The shares that count, along the links up from the entity: the facts behind `held_by`.
[[nodiscard]] std::vector<UsedFact> counted_holdings(const Test& test, std::string_view entity, Holders holders);

}  // namespace sovrisk
