// The lists of an offering as they matter to the workload: sites used, certificates in force, needs met.
#pragma once

#include "facts/fact_tree.h"
#include "facts/groups.h"

namespace sovrisk {

/// Adds staff, subprocessors, technology, sites, certificates and needs to `root`, which holds offering and workload.
/// A list that the offering does not give is not added: it is unknown.
void derive_offering_facts(Value& root, const CountryGroups& groups, Date as_of);

}  // namespace sovrisk
