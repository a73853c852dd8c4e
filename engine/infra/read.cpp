#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "infra/infrastructure.h"
#include "infra/json_stream.h"
#include "infra/templates.h"
#include "infra/terraform.h"
#include "load/reader.h"

namespace sovrisk {

namespace {

using namespace infra;

enum class Kind { terraform, cloudformation, arm, other };

/// Keys at the top of a JSON text by which it shows what it is; the first that is found decides.
Kind kind_of_key(std::string_view key) {
  static constexpr std::array terraform{"format_version", "terraform_version", "planned_values", "resource_changes",
                                        "prior_state",    "configuration",     "resource_drift", "output_changes",
                                        "applyable",      "deferred_changes"};
  static constexpr std::array cloudformation{"AWSTemplateFormatVersion",
                                             "Resources",
                                             "Parameters",
                                             "Mappings",
                                             "Conditions",
                                             "Transform",
                                             "Outputs",
                                             "Metadata"};
  static constexpr std::array arm{"$schema", "contentVersion", "languageVersion"};
  const auto among = [&](const auto& keys) {
    for (const std::string_view one : keys)
      if (one == key) return true;
    return false;
  };
  if (among(terraform)) return Kind::terraform;
  if (among(cloudformation)) return Kind::cloudformation;
  return among(arm) ? Kind::arm : Kind::other;
}

/// What the beginning of a JSON text is of, by the keys at its top. Without a telling one it is taken for a plan.
Kind kind_of_json(std::string_view head) {
  int depth = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    const char c = head[i];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c != '"') continue;
    const std::size_t start = ++i;
    for (; i < head.size() && head[i] != '"'; ++i)
      if (head[i] == '\\') ++i;
    if (depth != 1 || i >= head.size()) continue;
    const auto next = head.find_first_not_of(" \t\r\n", i + 1);
    if (next == std::string_view::npos || head[next] != ':') continue;
    if (const Kind kind = kind_of_key(head.substr(start, i - start)); kind != Kind::other) return kind;
  }
  return Kind::terraform;
}

void not_this(FileId file, Diagnostics& diagnostics, const std::string& what, const std::string& hint) {
  diagnostics.error("infrastructure-format", {file, 1, 1, 1}, what, hint);
}

constexpr std::string_view show_json = "`terraform show -json PLANFILE > plan.json` prints what can be read";

/// Says what an input is that cannot be read; false when it may be readable.
bool known_mistake(std::string_view head, FileId file, Diagnostics& diagnostics) {
  const std::string hint(show_json);
  if (head.starts_with("PK")) {
    not_this(file, diagnostics, "this is a plan as Terraform stores it, not its JSON", hint);
  } else if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) {
    diagnostics.error("not-utf8", {file, 1, 1, 1}, "the file is UTF-16, not UTF-8",
                      "PowerShell's `>` writes it so; use `| Out-File -Encoding utf8`");
  } else if (head.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    diagnostics.error("empty-file", {file, 1, 1, 1}, "there is nothing in it", hint);
  } else if (head.starts_with("{\"@level\"")) {
    not_this(file, diagnostics, "this is the log of a run, not a plan", hint);
  } else {
    return false;
  }
  return true;
}

struct Reading {
  SourceMap& sources;
  CountedInput& input;
  const std::string& name;
  const PlacementTables& tables;
  const InfrastructureOptions& options;
  Diagnostics& diagnostics;
};

std::optional<Infrastructure> read_yaml_template(const Reading& reading, std::string text) {
  SourceFile file;
  file.path = reading.name;
  const bool large = text.size() > Limits().file_bytes;
  if (!large) file.sha256 = reading.input.digest();
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  const bool looks_right = text.find("Resources:") != std::string::npos;
  if (!large) file.text = std::move(text);
  const std::string sha256 = file.sha256;
  const FileId id = reading.sources.add(std::move(file));
  if (large) {
    reading.diagnostics.error("file-too-large", {id, 0, 0, 0},
                              fmt::format("is larger than {} bytes, as YAML", Limits().file_bytes), {});
    return std::nullopt;
  }
  if (!looks_right) {
    not_this(id, reading.diagnostics, "neither a plan nor a template: it is no JSON, and no YAML with `Resources`",
             std::string(show_json));
    return std::nullopt;
  }
  const auto root = read_yaml(reading.sources, id, reading.diagnostics, {}, LocalTags::as_keys);
  if (!root || reading.diagnostics.has_errors()) return std::nullopt;
  Infrastructure result = read_cloudformation(*root, reading.tables, reading.options);
  result.file = id;
  result.sha256 = sha256;
  return result;
}

std::optional<Infrastructure> read_json_input(const Reading& reading, FileId file, Kind kind) {
  std::optional<Infrastructure> result;
  if (kind == Kind::terraform) {
    result = read_terraform(reading.input, file, reading.tables, reading.options, reading.diagnostics);
  } else {
    Shape everything;
    everything.all = true;
    StreamLimits limits;
    limits.kept = 100'000;  // the services that run templates take far smaller ones
    limits.depth = 200;
    Node root;
    if (!read_stream(reading.input, file, everything, root, reading.diagnostics, limits)) return std::nullopt;
    const bool cloudformation = kind == Kind::cloudformation;
    if (root.find(cloudformation ? "Resources" : "resources") == nullptr) {
      not_this(file, reading.diagnostics, "neither a plan nor a template: it has no resources", std::string(show_json));
      return std::nullopt;
    }
    result = cloudformation ? read_cloudformation(root, reading.tables, reading.options)
                            : read_arm(root, reading.tables, reading.options);
  }
  if (!result) return result;
  result->file = file;
  result->sha256 = reading.input.digest();
  reading.sources.set_digest(file, result->sha256);
  return result;
}

}  // namespace

std::optional<Infrastructure> read_infrastructure(SourceMap& sources, std::istream& in, const std::string& name,
                                                  const PlacementTables& tables, const InfrastructureOptions& options,
                                                  Diagnostics& diagnostics) {
  CountedInput input(in, StreamLimits().bytes);
  std::string_view head = input.head();
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  const auto start = head.find_first_not_of(" \t\r\n");
  const bool json = start != std::string_view::npos && (head[start] == '{' || head[start] == '[');
  const Reading reading{sources, input, name, tables, options, diagnostics};
  std::optional<Infrastructure> result;
  const auto mistaken = [&] {
    Diagnostics trial;
    return known_mistake(head, no_file, trial);
  };
  if (json || mistaken()) {
    const FileId file = sources.add({name, {}, {}, false});
    if (known_mistake(head, file, diagnostics)) return std::nullopt;
    result = read_json_input(reading, file, kind_of_json(head));
  } else {
    result = read_yaml_template(reading, input.rest(Limits().file_bytes));
  }
  if (result) result->path = name;
  return result;
}

std::optional<Infrastructure> read_infrastructure(SourceMap& sources, const std::string& path,
                                                  const PlacementTables& tables, const InfrastructureOptions& options,
                                                  Diagnostics& diagnostics) {
  if (path == "-") return read_infrastructure(sources, std::cin, "<stdin>", tables, options, diagnostics);
  std::ifstream disk(path, std::ios::binary);
  std::error_code problem;
  const bool folder = std::filesystem::is_directory(path, problem);
  if (folder || !disk) {
    const FileId id = sources.add({path, {}, {}, false});
    diagnostics.error("file-not-readable", {id, 0, 0, 0},
                      folder ? "is a folder, not a file" : "cannot be read (does it exist?)");
    return std::nullopt;
  }
  return read_infrastructure(sources, disk, path, tables, options, diagnostics);
}

}  // namespace sovrisk
