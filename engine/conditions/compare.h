// Numbers known within a range against a bound.
#pragma once

#include "conditions/condition.h"

namespace sovrisk {

/// Whether what lies in [low, high] stands to the bound as the order says; unknown where that depends on where it lies.
[[nodiscard]] inline Truth compare_interval(double low, double high, Test::Order order, double bound) {
  const auto holds = [&](double x) {
    switch (order) {
      case Test::Order::less: return x < bound;
      case Test::Order::at_most: return x <= bound;
      case Test::Order::at_least: return x >= bound;
      case Test::Order::more: return x > bound;
    }
    return false;
  };
  const bool at_low = holds(low);
  const bool at_high = holds(high);
  if (at_low != at_high) return Truth::unknown;
  return truth_of(at_low);
}

}  // namespace sovrisk
