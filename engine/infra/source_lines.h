// Where a resource of a plan stands in the configuration that the plan was made of.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/diagnostic.h"

namespace sovrisk {

/// Finds the lines of resources in a folder of Terraform or OpenTofu configuration, which a plan does not tell
/// (https://developer.hashicorp.com/terraform/internals/json-format has no positions). Reads `*.tf`, `*.tf.json`,
/// `*.tofu` and `*.tofu.json` of the folders that addresses lead to, and follows calls of modules whose source is local
/// (`./x`, `../x`) within that folder: nothing outside it is read, by `..`, by a link or by an absolute path. Files
/// that cannot be read, are no regular files or are larger than 4 MiB are passed over; so is what comes after 10 000
/// files or 256 MiB. Nothing is ever reported: a line that is not found is not found.
class SourceLines {
 public:
  /// `folder` is that of the root module. The sources must outlive this.
  SourceLines(SourceMap& sources, std::string folder);

  /// The head of the block that an address such as `module.db["x"].data.aws_ami.main[0]` is an instance of: its first
  /// word to its last label, or in JSON its key. Where the block is out of reach, as in a module of a registry, the
  /// call of the innermost module that is within reach; none where not even that is found. The file of the span is
  /// added to the sources by its path, the folder as it was given before it, with its digest and without its text.
  [[nodiscard]] std::optional<Span> find(std::string_view address);

 private:
  struct File {
    std::string path;
    std::string sha256;
    FileId id = no_file;
  };
  struct Block {
    std::size_t file = 0;
    Span span;
    std::string source;  ///< of a module
  };
  using Blocks = std::map<std::string, Block, std::less<>>;

  const Blocks& folder(const std::string& relative);
  void read_file(const std::string& relative, const std::string& name, Blocks& blocks);
  void read_hcl(std::string_view text, std::size_t file, Blocks& blocks) const;
  static void read_json(std::string text, std::size_t file, Blocks& blocks);
  [[nodiscard]] bool within(const std::string& path) const;
  [[nodiscard]] std::string path_of(const std::string& relative) const;
  Span registered(const Block& block);

  SourceMap& sources_;
  std::string root_;
  std::string real_root_;  ///< without links; empty where the folder is not there
  std::map<std::string, Blocks, std::less<>> folders_;
  std::vector<File> files_;
  std::size_t read_files_ = 0;
  std::size_t read_bytes_ = 0;
};

}  // namespace sovrisk
