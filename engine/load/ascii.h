// Texts as bytes: the case of the letters A to Z, for names that ignore it, and keys of maps. No locale: other
// characters stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace sovrisk {

/// The text with A to Z in lower case.
[[nodiscard]] inline std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// Whether two keys are the same. Most keys of a map differ from the one looked for in length or at their first letter,
/// which is told here without a call.
[[nodiscard]] inline bool same_key(std::string_view a, std::string_view b) {
  return a.size() == b.size() && (a.empty() || (a.front() == b.front() && a == b));
}

}  // namespace sovrisk
