// JSON of other tools to a Node tree, within the bounds that hold for our own files.
#pragma once

#include <optional>

#include "load/limits.h"
#include "load/node.h"

namespace sovrisk {

/// Reads one JSON text. Reports json-syntax, nesting-too-deep, list-too-long, too-many-values and duplicate-key, and
/// gives nothing then. Other than `read_yaml` it takes pairs of surrogates (`"\ud83d\ude00"`). A map or list stands at
/// its opening bracket.
[[nodiscard]] std::optional<Node> read_json(const SourceMap& sources, FileId file, Diagnostics& diagnostics,
                                            const Limits& limits = {});

}  // namespace sovrisk
