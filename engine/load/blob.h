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

/// Appends numbers and texts in the form that BlobReader reads: numbers seven bits a byte, texts with their length.
class BlobWriter {
 public:
  void number(std::uint64_t value);
  void text(std::string_view value);
  void bytes(std::string_view value) { out_ += value; }
  void real(double value);
  void span(const Span& span);
  void node(const Node& node);
  void member(const Member& member);
  [[nodiscard]] std::string take() { return std::move(out_); }
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  std::string out_;
};

/// Reads what BlobWriter wrote; spans get the given file. Of lists and maps only the place is read: what they hold is
/// read when somebody looks, so the blob must outlive the nodes. The blob is our own, linked in; reading past its end
/// still stops cleanly, with zeros and empty texts.
class BlobReader {
 public:
  BlobReader(std::string_view in, FileId file) : in_(in), file_(file) {}
  [[nodiscard]] std::uint64_t number();
  [[nodiscard]] std::string text();
  [[nodiscard]] double real();
  [[nodiscard]] Span span();
  [[nodiscard]] Node node();
  [[nodiscard]] Member member();

 private:
  Unread unread();

  std::string_view in_;
  std::size_t at_ = 0;
  FileId file_;
};

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
  std::string compiled;            ///< only while writing: its conditions, compiled
  std::uint64_t conditions = 0;    ///< of those; 0 where there are none
  std::uint64_t offset = 0;        ///< of the tree
};

/// Serialises entries; the order is kept, so that the same inputs give the same bytes.
[[nodiscard]] std::string write_blob(const std::vector<BlobEntry>& entries);

/// Reads the index of a blob; nothing when the bytes are no blob of this version.
[[nodiscard]] std::optional<std::vector<BlobEntry>> read_blob_index(std::string_view blob);

/// The compiled conditions of an entry.
[[nodiscard]] std::string_view read_blob_conditions(std::string_view blob, std::uint64_t offset);

/// Reads the tree of one entry; spans get the given file id.
[[nodiscard]] Node read_blob_node(std::string_view blob, std::uint64_t offset, FileId file);

}  // namespace sovrisk
