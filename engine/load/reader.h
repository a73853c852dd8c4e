// YAML (and so JSON) text to a Node tree with positions.
#pragma once

#include <optional>
#include <string>

#include "load/limits.h"
#include "load/node.h"

namespace sovrisk {

/// What becomes of tags such as `!Ref x`: an error, or a map with the tag as its only key (`{"!Ref": x}`).
enum class LocalTags : std::uint8_t { refused, as_keys };

/// Reads one document. Reports yaml-syntax, not-utf8, nesting-too-deep, list-too-long, alias-expansion,
/// duplicate-key, key-not-text, tag-not-supported, more-than-one-document and empty-file.
/// Gives nothing when the text is no YAML at all or passes a bound; duplicate keys are reported and the
/// first value kept, so that further checks can go on.
[[nodiscard]] std::optional<Node> read_yaml(const SourceMap& sources, FileId file, Diagnostics& diagnostics,
                                            const Limits& limits = {}, LocalTags tags = LocalTags::refused);

/// Reads a file's bytes into the source map; path "-" means standard input. Reports file-not-readable,
/// file-too-large. Gives no_file on failure.
[[nodiscard]] FileId read_file(SourceMap& sources, const std::string& path, Diagnostics& diagnostics,
                               const Limits& limits = {});

/// SHA-256 of bytes as lower-case hex.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

/// Bytes in base64 (RFC 4648, section 4), in one line.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace sovrisk
