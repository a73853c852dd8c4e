// The documents a run works with: the compiled catalogue, folders that add to it or replace entries of it,
// and single files.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "load/blob.h"
#include "load/reader.h"
#include "load/schema.h"

namespace sovrisk {

/// A checked document.
struct Document {
  std::string kind;  ///< the KIND of `format: sovrisk-KIND/1`
  std::string id;
  std::string title;
  Node root;
  FileId file = no_file;
};

class Catalogue {
 public:
  /// Starts from a blob (empty for none). The blob must outlive the catalogue.
  Catalogue(SourceMap& sources, std::string_view blob);

  [[nodiscard]] const SchemaSet& schemas() const;
  [[nodiscard]] SourceMap& sources() { return *sources_; }
  [[nodiscard]] const SourceMap& sources() const { return *sources_; }

  /// Reads every .yaml and .yml file below a folder, in the order of their paths. Entries replace shipped ones
  /// and those of earlier folders by id; two entries of one folder with one id are an error (duplicate-id).
  void add_folder(const std::string& folder, Diagnostics& diagnostics);

  /// Reads one file of whatever format it names, checks its shape, and returns it without adding it.
  /// Null when it cannot be read or its shape is wrong.
  [[nodiscard]] std::shared_ptr<const Document> read(const std::string& path, Diagnostics& diagnostics);

  /// Adds or replaces a document.
  void put(std::shared_ptr<const Document> document);

  /// What the catalogue holds now, to come back to after `put`.
  struct Contents;
  [[nodiscard]] std::shared_ptr<const Contents> contents() const;
  void restore(const Contents& contents);

  /// A document by id or alias, or null. An offering may also be named by alias ("azure").
  [[nodiscard]] const Document* find(std::string_view kind, std::string_view id) const;
  /// Whether there is a document of this id (aliases do not count), without reading it.
  [[nodiscard]] bool has(std::string_view kind, std::string_view id) const;
  /// Ids of a kind in alphabetical order.
  [[nodiscard]] std::vector<std::string> ids(std::string_view kind) const;
  /// Ids and aliases, for did-you-mean.
  [[nodiscard]] std::vector<std::string> names(std::string_view kind) const;
  /// Every document of a kind, in the order of ids.
  [[nodiscard]] std::vector<const Document*> all(std::string_view kind) const;
  /// The compiled conditions of a shipped document, in the order in which its compiler asks for them; empty where there
  /// are none, and where a folder brought shared rules or groups of countries, on which they may depend.
  [[nodiscard]] std::string_view compiled_conditions(const Document& document) const;
  /// Ids that an entity names as its holders, without reading the entity.
  [[nodiscard]] const std::vector<std::string>& named_entities(std::string_view id) const;
  /// Documents of folders that have no id, such as policies.
  [[nodiscard]] const std::vector<std::shared_ptr<const Document>>& loose() const { return loose_; }
  /// Whether an entry comes from a user's folder or file, not from the compiled catalogue.
  [[nodiscard]] bool is_own(std::string_view kind, std::string_view id) const;
  /// Whether such an entry stands in the place of one of the compiled catalogue.
  [[nodiscard]] bool replaces(std::string_view kind, std::string_view id) const;
  /// The text that `title:` or `name:` of an entry holds, without reading the whole entry.
  [[nodiscard]] std::string title(std::string_view kind, std::string_view id) const;

  /// Every document that has been read so far in this run: the inputs that a report must name.
  [[nodiscard]] std::vector<const Document*> used() const;

 private:
  struct Slot {
    std::string title;
    const BlobEntry* shipped = nullptr;
    std::vector<std::string> names;  ///< entities that a user's entity names
    mutable std::shared_ptr<const Document> document;
    bool replaces = false;  ///< a user's entry in the place of a shipped one
  };
  template <class Of>
  using ById = std::map<std::string, Of, std::less<>>;
  template <class Of>
  using ByKind = std::map<std::string, ById<Of>, std::less<>>;

  [[nodiscard]] const Slot* slot(std::string_view kind, std::string_view id) const;
  const Document* load(std::string_view kind, const std::string& id, const Slot& slot) const;

  SourceMap* sources_;
  std::string_view blob_;
  std::vector<BlobEntry> index_;
  ByKind<Slot> slots_;
  bool own_groundwork_ = false;  ///< shared rules or groups that did not come with the program
  ByKind<std::string> aliases_;
  std::vector<std::shared_ptr<const Document>> loose_;
  SchemaSet schemas_;
};

struct Catalogue::Contents {
  ByKind<Slot> slots;
  ByKind<std::string> aliases;
};

/// Ids of entities that a checked document names, each once, in the order of the document.
[[nodiscard]] std::vector<std::string> entities_named(const Node& root, std::string_view kind,
                                                      const SchemaSet& schemas);

/// The id of a document's root, its title or name in English, and its aliases.
[[nodiscard]] std::string title_of(const Node& root, std::string_view language = "en");
[[nodiscard]] std::vector<std::string> aliases_of(const Node& root);

/// A text in a language: a plain text, or the entry of a map {en, fr}; the other language when one is missing.
[[nodiscard]] std::string localized(const Node* text, std::string_view language);

}  // namespace sovrisk
