// Single checks of a gate: what is asked, held against one assessment or one planned resource.
#pragma once

#include <string_view>
#include <vector>

#include "assess/policy.h"

namespace sovrisk {

/// Maps of a policy that may ask something of a subject, the nearest first: what a nearer one asks under a key
/// replaces what a farther one asks.
struct Asked {
  std::vector<const Node*> layers;
  [[nodiscard]] const Node* find(std::string_view key) const;
};

/// The checks that an assessment answers. Of `places`, those that `by_facts` names are answered by the facts of the
/// offering: sites that the workload uses and places of customer data, staff with access, backups.
[[nodiscard]] std::vector<GateCheck> checks_of(const Asked& asked, const Policy& policy, const Assessment& assessment,
                                               const CountryGroups& groups,
                                               const std::vector<std::string_view>& by_facts);

/// The checks that a planned resource answers by itself: its offering, and the places that it names. A replica is at
/// rest where it is; a backup counts as at rest where nothing is asked of backups; what runs near users is both
/// processed and kept there.
[[nodiscard]] std::vector<GateCheck> checks_of(const Asked& asked, const PlannedResource& resource,
                                               const CountryGroups& groups, Date day);

}  // namespace sovrisk
