// The compiled catalogue: checked documents in a compact form with their positions, made at build time and
// linked into the program, so that a run parses no shipped YAML.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/node.h"

namespace sovrisk {

/// One document of the catalogue as the blob's index lists it.
struct BlobEntry {
  std::string kind;  ///< "offering", "law", ..., "schema", "messages"
  std::string id;
  std::vector<std::string> aliases;
  std::string title;
  std::string path;                ///< path in the source tree, for messages and reports
  std::string sha256;              ///< of the file
  std::vector<std::string> names;  ///< ids of entities that an entity names: its holders
  Node root;                       ///< only while writing
  std::vector<std::string> apart;  ///< only while writing: keys of the root that most runs do not need
  std::uint64_t offset = 0;        ///< of the tree without those
  std::uint64_t whole = 0;         ///< of the whole tree; 0 where nothing is apart
};

/// Serialises entries; the order is kept, so that the same inputs give the same bytes.
[[nodiscard]] std::string write_blob(const std::vector<BlobEntry>& entries);

/// Reads the index of a blob; nothing when the bytes are no blob of this version.
[[nodiscard]] std::optional<std::vector<BlobEntry>> read_blob_index(std::string_view blob);

/// Reads the tree of one entry; spans get the given file id.
[[nodiscard]] Node read_blob_node(std::string_view blob, std::uint64_t offset, FileId file);

}  // namespace sovrisk
