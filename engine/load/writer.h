// A Node tree to YAML text that reads as the same tree again.
#pragma once

#include <cstdint>
#include <string>

#include "load/node.h"

namespace sovrisk {

/// How values that are texts are written. Readers of YAML 1.1 take more plain words for something else, such as `no`
/// and `2024-01-01`; in quotes, a text is a text for every reader.
enum class YamlTexts : std::uint8_t { plain_where_possible, quoted };

/// Writes one YAML 1.2 document in block style, with a line feed at the end. Short lists and maps of scalars go on one
/// line. Numbers are written as in `text`. `read_yaml` gives the same tree back (places aside).
[[nodiscard]] std::string write_yaml(const Node& root, YamlTexts texts = YamlTexts::plain_where_possible);

}  // namespace sovrisk
