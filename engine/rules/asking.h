// Where a policy asks something.
#pragma once

#include "load/node.h"

namespace sovrisk {

/// Calls `visit` with the policy's root, each pair, the infrastructure and each override: wherever something is asked.
template <class Visit>
void for_each_asking(const Node& policy, Visit visit) {
  visit(policy);
  if (const Node* pairs = policy.find("pairs"))
    for (const Node& pair : pairs->items)
      visit(pair);
  const Node* infrastructure = policy.find("infrastructure");
  if (infrastructure == nullptr) return;
  visit(*infrastructure);
  if (const Node* overrides = infrastructure->find("overrides"))
    for (const Node& one : overrides->items)
      visit(one);
}

}  // namespace sovrisk
