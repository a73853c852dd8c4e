// The facts that follow from the facts read: entities with their relation to the operator, the sites and
// certificates that matter to the workload, needs met or not, measures in place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conditions/condition.h"
#include "exposure/entity_facts.h"
#include "facts/fact_tree.h"
#include "facts/ownership.h"

namespace sovrisk {

/// What is derived beside the fact tree.
struct Derived {
  Ownership ownership;
  std::map<std::string, std::string> entity_names;  ///< by id, for proofs
  /// Those who stand for somebody that no profile names, by id.
  struct Unnamed {
    std::string role;  ///< holders, sub-processors or facility-owners
    std::string of{};  ///< of holders: whose
  };
  std::map<std::string, Unnamed> unnamed;
  std::map<std::string, Truth> measures;  ///< by id: in place?
  /// Places in the list `entities` by relation, of those that surely or perhaps have it; null: not worked out. Rules
  /// of reach ask for relations first, and most entities have none of those asked for.
  std::optional<std::map<std::string, std::vector<std::size_t>, std::less<>>> related;
};

/// Adds to `root` (which holds as_of, offering and workload) the derived facts of facts.schema.json:
/// entities, technology, sites, staff, subprocessors, certificates, needs. Only entities that the offering names, those
/// who hold them and those whom these hold are read; their sources go to `sources`.
///
/// Relations are: operator, control along a chain, de facto control, minority holding, sub-processors, facilities,
/// vendors, trustees (docs/laws.md). Holders that a profile does not name stand as
/// `undisclosed` entities unless the rest is a dispersed float.
[[nodiscard]] Derived derive_facts(Value& root, EntityFacts& entities, const CountryGroups& groups,
                                   SourceTable& sources);

/// The name of an entity, or its id.
[[nodiscard]] std::string entity_name(const Derived& derived, std::string_view id);

}  // namespace sovrisk
