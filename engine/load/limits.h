// Bounds on what a file may ask of us. Inputs are hostile; each bound has a diagnostic and a test.
#pragma once

#include <cstddef>

namespace sovrisk {

struct Limits {
  std::size_t file_bytes = std::size_t{4} * 1024 * 1024;  ///< YAML is for people; a larger file is no profile
  std::size_t depth = 64;                                 ///< nesting of maps and lists
  std::size_t list_items = 10'000;                        ///< items of one list, members of one map
  std::size_t nodes = 200'000;                            ///< values of one file after aliases are expanded
};

}  // namespace sovrisk
