// Case of the letters A to Z, for names that ignore it. No locale: other characters stay as they are.
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

}  // namespace sovrisk
