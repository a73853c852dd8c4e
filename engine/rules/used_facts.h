// Facts that took part in decisions, gathered.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "conditions/condition.h"

namespace sovrisk {

/// Adds the facts whose paths are not there yet, in their order.
inline void append(std::vector<UsedFact>& to, std::vector<UsedFact> from) {
  for (UsedFact& fact : from)
    if (std::none_of(to.begin(), to.end(), [&](const UsedFact& other) { return other.path == fact.path; }))
      to.push_back(std::move(fact));
}

}  // namespace sovrisk
