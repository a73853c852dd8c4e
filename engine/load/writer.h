// A Node tree to YAML text that reads as the same tree again.
#pragma once

#include <string>

#include "load/node.h"

namespace sovrisk {

/// Writes one YAML 1.2 document in block style, with a line feed at the end. Short lists and maps of scalars go on one
/// line. Numbers are written as in `text`. `read_yaml` gives the same tree back (places aside).
[[nodiscard]] std::string write_yaml(const Node& root);

}  // namespace sovrisk
