// Three-valued logic, strong Kleene (S. C. Kleene, Introduction to Metamathematics, 1952, section 64):
// a missing fact is unknown, and unknown is neither a yes nor a no.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sovrisk {

enum class Truth : std::uint8_t { no, unknown, yes };

[[nodiscard]] constexpr Truth operator&&(Truth a, Truth b) { return std::min(a, b); }
[[nodiscard]] constexpr Truth operator||(Truth a, Truth b) { return std::max(a, b); }
[[nodiscard]] constexpr Truth operator!(Truth a) {
  if (a == Truth::unknown) return a;
  return a == Truth::yes ? Truth::no : Truth::yes;
}
[[nodiscard]] constexpr Truth truth_of(bool value) { return value ? Truth::yes : Truth::no; }
[[nodiscard]] constexpr std::string_view name_of(Truth truth) {
  if (truth == Truth::unknown) return "unknown";
  return truth == Truth::yes ? "true" : "false";
}

}  // namespace sovrisk
