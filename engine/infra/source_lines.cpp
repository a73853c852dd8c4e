#include "infra/source_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>

#include "infra/hcl_blocks.h"
#include "load/reader.h"

namespace sovrisk {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 10'000;
constexpr std::size_t most_bytes = std::size_t{256} << 20;
constexpr std::size_t most_modules = 64;  ///< one within the other

struct Address {
  std::vector<std::string> modules;
  std::string key;  ///< of the block: "resource aws_db_instance.main"
};

/// The names of an address, its dots and brackets taken apart; a key in brackets may hold either, and quotes.
std::vector<std::string> names_of(std::string_view address) {
  std::vector<std::string> names(1);
  for (std::size_t at = 0; at < address.size(); ++at) {
    const char c = address[at];
    if (c == '.') {
      names.emplace_back();
    } else if (c == '[') {
      for (bool quoted = false; ++at < address.size() && (quoted || address[at] != ']');) {
        if (address[at] == '"') quoted = !quoted;
        if (address[at] == '\\') ++at;
      }
    } else {
      names.back() += c;
    }
  }
  return names;
}

std::optional<Address> parsed(std::string_view text) {
  const std::vector<std::string> names = names_of(text);
  Address address;
  std::size_t at = 0;
  for (; at + 1 < names.size() && names[at] == "module"; at += 2)
    address.modules.push_back(names[at + 1]);
  std::string block = "resource";
  if (at + 2 < names.size() && (names[at] == "data" || names[at] == "ephemeral")) block = names[at++];
  if (at + 2 != names.size() || address.modules.size() > most_modules) return std::nullopt;
  address.key = fmt::format("{} {}.{}", block, names[at], names[at + 1]);
  return address;
}

/// The name without one of the endings of configuration, or empty.
std::string_view stem_of(std::string_view name) {
  for (const std::string_view ending : {".tofu.json", ".tf.json", ".tofu", ".tf"})
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  return {};
}

bool overrides(std::string_view name) {
  const std::string_view stem = stem_of(name);
  return stem == "override" || stem.ends_with("_override");
}

/// Files of a folder as Terraform takes them: an override changes a block and is no place of its own; what is written
/// for OpenTofu stands in for the file of the same name.
std::vector<std::string> configuration_in(const std::string& path) {
  std::set<std::string, std::less<>> found;
  std::error_code problem;
  for (auto entry = fs::directory_iterator(path, problem); !problem && entry != fs::directory_iterator();
       entry.increment(problem)) {
    std::string name = entry->path().filename().string();
    if (stem_of(name).empty() || name.starts_with('.')) continue;
    if (found.size() >= most_files) break;
    found.insert(std::move(name));
  }
  std::vector<std::string> names;
  for (const bool last : {false, true})
    for (const std::string& name : found) {
      const bool json = name.ends_with(".json");
      const bool replaced = !name.ends_with(json ? ".tofu.json" : ".tofu") &&
                            found.contains(fmt::format("{}.tofu{}", stem_of(name), json ? ".json" : ""));
      if (overrides(name) == last && !replaced) names.push_back(name);
    }
  return names;
}

/// The folder that a local source leads to, seen from the root; none where it is not local or leads out.
std::optional<std::string> led_to(const std::string& from, std::string_view source) {
  if (!source.starts_with("./") && !source.starts_with("../")) return std::nullopt;
  if (source.find('\0') != std::string_view::npos) return std::nullopt;
  std::string to = (fs::path(from) / source).lexically_normal().generic_string();
  while (to.ends_with('/'))
    to.pop_back();
  if (to == ".") to.clear();
  if (to == ".." || to.starts_with("../") || to.starts_with('/')) return std::nullopt;
  return to;
}

/// The maps that a value stands for: itself, or those of a list, as the JSON syntax allows it at each level.
std::vector<const Node*> maps_of(const Node& node) {
  std::vector<const Node*> maps;
  if (node.kind == Node::Kind::map) maps.push_back(&node);
  for (const Node& item : node.items)
    if (item.kind == Node::Kind::map) maps.push_back(&item);
  return maps;
}

}  // namespace

SourceLines::SourceLines(SourceMap& sources, std::string folder) : sources_(sources), root_(std::move(folder)) {
  std::error_code problem;
  const fs::path real = fs::canonical(root_.empty() ? "." : root_, problem);
  if (!problem) real_root_ = real.string();
}

std::string SourceLines::path_of(const std::string& relative) const {
  std::string path = fs::path(root_).generic_string();
  while (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  if (path == "." || path.empty()) return relative.empty() ? "." : relative;
  if (relative.empty()) return path;
  return path.ends_with('/') ? path + relative : fmt::format("{}/{}", path, relative);
}

bool SourceLines::within(const std::string& path) const {
  std::error_code problem;
  const std::string real = fs::canonical(path, problem).string();
  if (problem || real_root_.empty()) return false;
  if (real == real_root_) return true;
  return real.starts_with(real_root_.ends_with('/') ? real_root_ : real_root_ + '/');
}

const SourceLines::Blocks& SourceLines::folder(const std::string& relative) {
  const auto [at, added] = folders_.try_emplace(relative);
  if (!added) return at->second;
  const std::string path = path_of(relative);
  if (!within(path)) return at->second;
  for (const std::string& name : configuration_in(path))
    read_file(relative.empty() ? name : fmt::format("{}/{}", relative, name), name, at->second);
  return at->second;
}

void SourceLines::read_file(const std::string& relative, const std::string& name, Blocks& blocks) {
  const std::string path = path_of(relative);
  std::error_code problem;
  // A pipe would be waited for, and a link may lead anywhere.
  if (read_files_ >= most_files || !fs::is_regular_file(path, problem) || !within(path)) return;
  ++read_files_;
  constexpr std::size_t most = Limits{}.file_bytes;
  const std::uintmax_t size = fs::file_size(path, problem);
  if (problem || size > most || read_bytes_ + size > most_bytes) return;
  std::ifstream disk(path, std::ios::binary);
  std::string text(static_cast<std::size_t>(size), '\0');
  disk.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(disk.gcount(), 0)));
  read_bytes_ += text.size();
  files_.push_back({path, sha256_hex(text), no_file});
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // a byte order mark is no character of the first line
  if (name.ends_with(".json")) {
    read_json(std::move(text), files_.size() - 1, blocks);
  } else {
    read_hcl(text, files_.size() - 1, blocks);
  }
}

void SourceLines::read_hcl(std::string_view text, std::size_t file, Blocks& blocks) const {
  for (HclBlock& block : hcl_blocks(text)) {
    const bool module = block.type == "module";
    const bool named = block.type == "resource" || block.type == "data" || block.type == "ephemeral";
    if (block.labels.size() != (module ? 1 : 2) || (!module && !named)) continue;
    std::string key = module ? fmt::format("module {}", block.labels[0])
                             : fmt::format("{} {}.{}", block.type, block.labels[0], block.labels[1]);
    const Span span{no_file, block.line, block.column, block.length};
    blocks.try_emplace(std::move(key), Block{file, span, std::move(block.source)});
  }
}

void SourceLines::read_json(std::string text, std::size_t file, Blocks& blocks) {
  SourceMap apart;
  Diagnostics ignored;
  SourceFile source;
  source.text = std::move(text);
  const auto root = read_yaml(apart, apart.add(std::move(source)), ignored);
  if (!root) return;
  const auto put = [&](std::string key, const Member& member) {
    Span span = member.key_span;
    span.file = no_file;
    std::string from;
    for (const Node* map : maps_of(member.value))
      if (from.empty()) from = map->text_of("source");
    blocks.try_emplace(std::move(key), Block{file, span, std::move(from)});
  };
  for (const std::string_view kind : {"resource", "data", "ephemeral", "module"})
    for (const Node* top : maps_of(*root))
      if (const Node* under = top->find(kind))
        for (const Node* map : maps_of(*under))
          for (const Member& member : map->members) {
            if (kind == "module") {
              put(fmt::format("module {}", member.key), member);
              continue;
            }
            for (const Node* names : maps_of(member.value))
              for (const Member& name : names->members)
                put(fmt::format("{} {}.{}", kind, member.key, name.key), name);
          }
}

Span SourceLines::registered(const Block& block) {
  File& file = files_[block.file];
  if (file.id == no_file) {
    SourceFile source;
    source.path = file.path;
    source.sha256 = file.sha256;
    file.id = sources_.add(std::move(source));
  }
  Span span = block.span;
  span.file = file.id;
  return span;
}

std::optional<Span> SourceLines::find(std::string_view address) {
  const auto wanted = parsed(address);
  if (!wanted) return std::nullopt;
  const Block* call = nullptr;  // of the innermost module so far
  std::string at;
  const auto nearest = [&]() -> std::optional<Span> {
    return call != nullptr ? std::optional(registered(*call)) : std::nullopt;
  };
  for (const std::string& name : wanted->modules) {
    const Blocks& blocks = folder(at);
    const auto found = blocks.find(fmt::format("module {}", name));
    if (found == blocks.end()) return nearest();
    call = &found->second;
    const auto to = led_to(at, call->source);
    if (!to) return nearest();
    at = *to;
  }
  const Blocks& blocks = folder(at);
  const auto found = blocks.find(wanted->key);
  return found != blocks.end() ? std::optional(registered(found->second)) : nearest();
}

}  // namespace sovrisk
