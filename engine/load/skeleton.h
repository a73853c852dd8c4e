// An empty file of a format to start from: the required keys, and every other key commented out, as its schema has
// them.
#pragma once

#include <string>
#include <string_view>

#include "load/schema.h"

namespace sovrisk {

/// A YAML file of `format: sovrisk-KIND/1` that its schema accepts. Required keys stand with the least that they take
/// (`unknown` where it is allowed); the others follow as comments with their type and description, written so that a
/// line counts once its `# ` is taken away and a value is filled in. An empty title is the id. `variant` is the word
/// under `kind`, for formats that have several (overlays). Empty when no schema is of that kind.
[[nodiscard]] std::string skeleton(const SchemaSet& schemas, std::string_view kind, const std::string& id,
                                   std::string_view title, std::string_view variant = {});

}  // namespace sovrisk
