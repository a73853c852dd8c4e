#include "load/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "load/suggest.h"

namespace sovrisk {

namespace fs = std::filesystem;

namespace {

/// `format: sovrisk-KIND/1` to KIND, when there is such a schema; reports unknown-format at the words meant.
std::string kind_of(const Node& root, const SchemaSet& schemas, Diagnostics& diagnostics) {
  const Node* format = root.find("format");
  if (root.kind != Node::Kind::map || format == nullptr) {
    diagnostics.error("unknown-format", root.span, "the file does not say its format",
                      "start it with `format: sovrisk-workload/1` or the like");
    return {};
  }
  const std::string schema = schema_for_format(format->text);
  if (!schema.empty() && schemas.find(schema) != nullptr) return schema.substr(0, schema.find('.'));
  std::vector<std::string> formats;
  for (const std::string& name : schemas.names())
    if (const Node* properties = schemas.find(name)->find("properties"))
      if (const Node* wanted = properties->find("format")) formats.emplace_back(wanted->text_of("const"));
  diagnostics.error("unknown-format", format->span, fmt::format("unknown format `{}`", format->text),
                    did_you_mean(format->text, formats));
  return {};
}

}  // namespace

std::string localized(const Node* text, std::string_view language) {
  if (text == nullptr) return {};
  if (text->kind == Node::Kind::text) return text->text;
  if (const Node* own = text->find(language)) return own->text;
  return text->members.empty() ? std::string() : text->members.front().value.text;
}

std::string title_of(const Node& root, std::string_view language) {
  if (const Node* title = root.find("title")) return localized(title, language);
  return localized(root.find("name"), language);
}

std::vector<std::string> aliases_of(const Node& root) {
  std::vector<std::string> aliases;
  if (const Node* list = root.find("aliases"))
    for (const Node& alias : list->items)
      aliases.push_back(alias.text);
  return aliases;
}

std::vector<std::string> entities_named(const Node& root, std::string_view kind, const SchemaSet& schemas) {
  std::vector<std::string> names;
  schemas.walk(
      root, *schemas.find(fmt::format("{}.schema.json", kind)), [&](const Node& value, const Node&, const Type& type) {
        const bool names_one = type.refers_to == "entity" && value.kind == Node::Kind::text && value.text != "unknown";
        if (names_one && std::find(names.begin(), names.end(), value.text) == names.end()) names.push_back(value.text);
      });
  return names;
}

Catalogue::Catalogue(SourceMap& sources, std::string_view blob) : sources_(&sources), blob_(blob) {
  if (auto index = read_blob_index(blob)) index_ = std::move(*index);
  for (const BlobEntry& entry : index_) {
    if (entry.kind == "schema") {
      schemas_.add(entry.id, read_blob_node(blob, entry.offset, no_file));
      continue;
    }
    slots_[entry.kind][entry.id] = Slot{entry.title, &entry, {}, nullptr, false};
    for (const std::string& alias : entry.aliases)
      aliases_[entry.kind][alias] = entry.id;
  }
}

const SchemaSet& Catalogue::schemas() const { return schemas_; }

void Catalogue::put(std::shared_ptr<const Document> document) {
  for (const std::string& alias : aliases_of(document->root))
    aliases_[document->kind][alias] = document->id;
  std::vector<std::string> names;
  if (document->kind == "reach-rule" || document->kind == "country-group") own_groundwork_ = true;
  if (document->kind == "entity") names = entities_named(document->root, document->kind, schemas_);
  Slot& slot = slots_[document->kind][document->id];
  const bool replaces = slot.shipped != nullptr || slot.replaces;
  slot = Slot{document->title, nullptr, std::move(names), std::move(document), replaces};
}

const Catalogue::Slot* Catalogue::slot(std::string_view kind, std::string_view id) const {
  const auto of_kind = slots_.find(kind);
  if (of_kind == slots_.end()) return nullptr;
  const auto found = of_kind->second.find(id);
  return found == of_kind->second.end() ? nullptr : &found->second;
}

std::shared_ptr<const Catalogue::Contents> Catalogue::contents() const {
  return std::make_shared<const Contents>(Contents{slots_, aliases_});
}

void Catalogue::restore(const Contents& contents) {
  slots_ = contents.slots;
  aliases_ = contents.aliases;
}

std::shared_ptr<const Document> Catalogue::read(const std::string& path, Diagnostics& diagnostics) {
  const FileId file = read_file(*sources_, path, diagnostics);
  if (file == no_file) return nullptr;
  auto root = read_yaml(*sources_, file, diagnostics);
  if (!root) return nullptr;
  Document document;
  document.kind = kind_of(*root, schemas(), diagnostics);
  if (document.kind.empty()) return nullptr;
  const std::size_t before = diagnostics.error_count();
  schemas().check(*root, *schemas().find(document.kind + ".schema.json"), diagnostics);
  document.id = root->text_of("id");
  document.title = title_of(*root);
  document.root = std::move(*root);
  document.file = file;
  if (diagnostics.error_count() != before) return nullptr;
  return std::make_shared<const Document>(std::move(document));
}

void Catalogue::add_folder(const std::string& folder, Diagnostics& diagnostics) {
  std::error_code problem;
  std::vector<std::string> paths;
  for (auto entry = fs::recursive_directory_iterator(folder, problem);
       !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
    const std::string extension = entry->path().extension().string();
    if (entry->is_regular_file() && (extension == ".yaml" || extension == ".yml"))
      paths.push_back(entry->path().string());
  }
  if (problem) {
    const FileId file = sources_->add({folder, {}, {}, false});
    diagnostics.error("file-not-readable", {file, 0, 0, 0},
                      fmt::format("folder cannot be read: {}", problem.message()));
    return;
  }
  std::sort(paths.begin(), paths.end());
  std::map<std::pair<std::string, std::string>, const Document*> seen;
  for (const std::string& path : paths) {
    auto document = read(path, diagnostics);
    if (document == nullptr) continue;
    if (document->id.empty()) {  // a policy: checked, but nothing refers to it
      loose_.push_back(std::move(document));
      continue;
    }
    const std::pair key{document->kind, document->id};
    if (const auto first = seen.find(key); first != seen.end()) {
      const Node* id = document->root.find("id");
      auto& found = diagnostics.error("duplicate-id", id != nullptr ? id->span : document->root.span,
                                      fmt::format("two files of the folder have the id `{}`", document->id));
      found.related.push_back({first->second->root.find("id")->span, "the other one"});
      continue;
    }
    seen[key] = document.get();
    put(std::move(document));
  }
}

const Document* Catalogue::load(std::string_view kind, const std::string& id, const Slot& slot) const {
  if (slot.document != nullptr) return slot.document.get();
  Document document;
  document.kind = kind;
  document.id = id;
  document.title = slot.title;
  document.file = sources_->add({slot.shipped->path, {}, slot.shipped->sha256, true});
  document.root = read_blob_node(blob_, slot.shipped->offset, document.file);
  slot.document = std::make_shared<const Document>(std::move(document));
  return slot.document.get();
}

std::string_view Catalogue::compiled_conditions(const Document& document) const {
  const Slot* found = slot(document.kind, document.id);
  const bool ready = found != nullptr && found->document.get() == &document && found->shipped != nullptr &&
                     found->shipped->conditions != 0 && !own_groundwork_;
  return ready ? read_blob_conditions(blob_, found->shipped->conditions) : std::string_view();
}

const std::vector<std::string>& Catalogue::named_entities(std::string_view id) const {
  static const std::vector<std::string> none;
  const Slot* found = slot("entity", id);
  if (found == nullptr) return none;
  return found->shipped != nullptr ? found->shipped->names : found->names;
}

const Document* Catalogue::find(std::string_view kind, std::string_view id) const {
  const auto of_kind = slots_.find(kind);
  if (of_kind == slots_.end()) return nullptr;
  auto found = of_kind->second.find(id);
  if (found == of_kind->second.end()) {
    const auto aliases = aliases_.find(kind);
    if (aliases == aliases_.end()) return nullptr;
    const auto alias = aliases->second.find(id);
    if (alias == aliases->second.end()) return nullptr;
    found = of_kind->second.find(alias->second);
  }
  return found == of_kind->second.end() ? nullptr : load(of_kind->first, found->first, found->second);
}

bool Catalogue::has(std::string_view kind, std::string_view id) const { return slot(kind, id) != nullptr; }

std::vector<std::string> Catalogue::ids(std::string_view kind) const {
  std::vector<std::string> ids;
  if (const auto of_kind = slots_.find(kind); of_kind != slots_.end())
    for (const auto& [id, slot] : of_kind->second)
      ids.push_back(id);
  return ids;
}

std::vector<std::string> Catalogue::names(std::string_view kind) const {
  std::vector<std::string> names = ids(kind);
  if (const auto aliases = aliases_.find(kind); aliases != aliases_.end())
    for (const auto& [alias, id] : aliases->second)
      names.push_back(alias);
  return names;
}

std::vector<const Document*> Catalogue::all(std::string_view kind) const {
  std::vector<const Document*> documents;
  if (const auto of_kind = slots_.find(kind); of_kind != slots_.end())
    for (const auto& [id, slot] : of_kind->second)
      documents.push_back(load(of_kind->first, id, slot));
  return documents;
}

bool Catalogue::is_own(std::string_view kind, std::string_view id) const {
  const Slot* found = slot(kind, id);
  return found != nullptr && found->shipped == nullptr;
}

bool Catalogue::replaces(std::string_view kind, std::string_view id) const {
  const Slot* found = slot(kind, id);
  return found != nullptr && found->replaces;
}

std::string Catalogue::title(std::string_view kind, std::string_view id) const {
  const Slot* found = slot(kind, id);
  return found == nullptr ? std::string() : found->title;
}

std::vector<const Document*> Catalogue::used() const {
  std::vector<const Document*> used;
  for (const auto& [kind, of_kind] : slots_)
    for (const auto& [id, slot] : of_kind)
      if (slot.document != nullptr) used.push_back(slot.document.get());
  return used;
}

}  // namespace sovrisk
