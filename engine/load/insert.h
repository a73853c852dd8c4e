// Adding keys to a YAML text that a person wrote, with everything else left as it is: comments, order, quoting.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/node.h"

namespace sovrisk {

/// A key with a plain scalar to put into a map of a text.
struct KeyToAdd {
  const Node* map = nullptr;  ///< with its place in the text; it has a key, and not this one
  std::string key;
  std::string value;
};

/// The text with the keys put before the first of each map. `root` is the whole text as read. Nothing when the text
/// cannot take them, such as where two maps share one place by an alias: the result is read again and has to be the
/// tree wanted.
[[nodiscard]] std::optional<std::string> with_keys(const std::string& text, const Node& root,
                                                   const std::vector<KeyToAdd>& keys);

}  // namespace sovrisk
