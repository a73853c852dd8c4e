// The outermost blocks of a Terraform or OpenTofu file, as far as lines of source need them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sovrisk {

/// A block such as `resource "aws_db_instance" "main" {`. Lines and columns count from 1, columns and the length, which
/// ends with the last label, in characters.
struct HclBlock {
  std::string type;
  std::vector<std::string> labels;
  std::string source;  ///< of a module: what its `source` says, where that is plain text
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::uint32_t length = 0;
};

/// Finds the outermost blocks of a file in the native syntax of HCL 2 (hashicorp/hcl, hclsyntax/spec.md): comments,
/// quoted templates with their interpolations, and heredocs are passed over. Never fails: what it cannot read it passes
/// over as well, so that a file with a mistake loses blocks and nothing else. Linear in the text.
[[nodiscard]] std::vector<HclBlock> hcl_blocks(std::string_view text);

}  // namespace sovrisk
