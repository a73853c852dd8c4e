// Build tool: checks the shipped catalogue and compiles it into one blob.
// Usage: sovrisk_embed OUT FILE... (paths relative to the source tree). Exit 1 and print every finding otherwise.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "conditions/compiled.h"
#include "exposure/law.h"
#include "exposure/measures.h"
#include "load/blob.h"
#include "load/catalogue.h"
#include "report/messages.h"
#include "rules/method.h"
#include "rules/ruleset.h"
#include "rules/validate.h"

namespace {

using namespace sovrisk;

/// Schemas and message catalogues are stored as they are; everything else is a document of its format.
bool is_plain(const std::string& path) { return path.starts_with("schemas/") || path.starts_with("engine/report/"); }

BlobEntry plain_entry(const std::string& path, SourceMap& sources, Diagnostics& diagnostics) {
  const std::string name = std::filesystem::path(path).filename().string();
  BlobEntry entry;
  entry.kind = path.starts_with("schemas/") ? "schema" : "messages";
  entry.id = entry.kind == "schema" ? name : std::filesystem::path(path).stem().string();
  entry.path = path;
  if (const FileId file = read_file(sources, path, diagnostics); file != no_file) {
    entry.sha256 = sources[file].sha256;
    if (auto root = read_yaml(sources, file, diagnostics))
      entry.root = entry.kind == "messages" ? words_by_part(*root) : std::move(*root);
  }
  return entry;
}

/// A schema's own text beside its tree, for `sovrisk schema`.
BlobEntry schema_text(const BlobEntry& schema, const SourceMap& sources) {
  BlobEntry entry;
  entry.kind = "schema-text";
  entry.id = schema.id.substr(0, schema.id.find('.'));
  entry.path = schema.path;
  entry.sha256 = schema.sha256;
  entry.root.kind = Node::Kind::text;
  entry.root.text = sources[static_cast<FileId>(sources.size() - 1)].text;
  return entry;
}

/// The conditions of what has compilers of its own, recorded as those ask for them.
void compile_conditions(std::vector<BlobEntry>& entries, const Catalogue& catalogue, Diagnostics& diagnostics) {
  const CountryGroups groups = country_groups(catalogue);
  for (BlobEntry& entry : entries) {
    const bool measure = entry.kind == "overlay" && entry.root.text_of("kind") == "measure";
    if (!measure && entry.kind != "law" && entry.kind != "ruleset" && entry.kind != "method") continue;
    const Document& document = *catalogue.find(entry.kind, entry.id);
    ConditionWriter conditions;
    ConditionSource::record(&conditions);
    if (measure) (void)compile_measure(document, catalogue, groups, diagnostics);
    if (entry.kind == "law") (void)compile_law(document, catalogue, groups, diagnostics);
    if (entry.kind == "ruleset") (void)compile_ruleset(document, catalogue, groups, diagnostics);
    if (entry.kind == "method") (void)compile_method(document, catalogue, groups, diagnostics);
    ConditionSource::record(nullptr);
    entry.compiled = conditions.take();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: sovrisk_embed OUT FILE...\n");
    return 2;
  }
  const std::string out = argv[1];
  SourceMap sources;
  Diagnostics diagnostics;
  std::vector<BlobEntry> entries;
  std::vector<std::string> documents;
  for (int i = 2; i < argc; ++i) {
    if (is_plain(argv[i])) {
      entries.push_back(plain_entry(argv[i], sources, diagnostics));
      if (entries.back().kind == "schema") entries.push_back(schema_text(entries.back(), sources));
    } else {
      documents.emplace_back(argv[i]);
    }
  }
  // The catalogue that checks is made from the schemas alone; documents are put in as they are read.
  const std::string schemas = write_blob(entries);
  Catalogue catalogue(sources, schemas);
  for (const std::string& path : documents) {
    const auto document = catalogue.read(path, diagnostics);
    if (document == nullptr) continue;
    if (document->id.empty() || catalogue.find(document->kind, document->id) != nullptr) {
      diagnostics.error("duplicate-id", document->root.span, fmt::format("the id `{}` is taken", document->id));
      continue;
    }
    BlobEntry entry;
    entry.kind = document->kind;
    entry.id = document->id;
    entry.aliases = aliases_of(document->root);
    entry.title = document->title;
    entry.path = path;
    entry.sha256 = sources[document->file].sha256;
    entry.root = document->root;
    if (document->kind == "entity") entry.names = entities_named(document->root, document->kind, catalogue.schemas());
    entries.push_back(std::move(entry));
    catalogue.put(document);
  }
  if (!diagnostics.has_errors()) check_catalogue(catalogue, diagnostics);
  if (!diagnostics.has_errors()) compile_conditions(entries, catalogue, diagnostics);
  fmt::print(stderr, "{}", render_text(diagnostics, sources));
  if (diagnostics.has_errors()) return 1;
  std::ofstream file(out, std::ios::binary | std::ios::trunc);
  file << write_blob(entries);
  file.close();
  return file ? 0 : 1;
}
