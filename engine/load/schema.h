// The formats, as their JSON Schemas (draft 7) say: one source for editors, for the loader's checks and for
// the static types of fact paths. Only the keywords that schemas/ uses are understood; a test holds this
// reading to an independent validator.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "load/node.h"

namespace sovrisk {

/// What a schema says of a value, seen from the condition language.
struct Type {
  enum class Kind : std::uint8_t {
    boolean,
    number,
    share,
    text,
    country,
    date,
    duration,
    condition,
    set,
    list,
    map,
    any
  };
  Kind kind = Kind::any;
  std::vector<std::string> words;  ///< the allowed words of a closed vocabulary, without `unknown`
  bool sorted = false;             ///< whether the words are in alphabetical order
  std::string refers_to;           ///< "entity" or "source" when the text is an id of one
  const Node* items = nullptr;     ///< schema of a list's items
  const Node* map = nullptr;       ///< schema with the properties of a map
};

[[nodiscard]] std::string_view name_of(Type::Kind kind);

/// All schemas of the tool, by file name such as "offering.schema.json".
class SchemaSet {
 public:
  void add(std::string name, Node schema) { schemas_[std::move(name)] = std::move(schema); }

  /// The schema of a file name, or null.
  [[nodiscard]] const Node* find(std::string_view name) const;
  /// File names in alphabetical order.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Follows `$ref` (within the file of `schema`, or into another file of the set) to a schema without one.
  [[nodiscard]] const Node& resolve(const Node& schema) const;

  /// The type behind references, allOf and anyOf.
  [[nodiscard]] const Type& type_of(const Node& schema) const;

  /// The schema of a key of a map, additionalProperties included; null when the key is not allowed.
  [[nodiscard]] const Node* property(const Node& map_schema, std::string_view key) const;
  /// The keys that a map may have, as far as the schema names them.
  [[nodiscard]] std::vector<std::string> keys(const Node& map_schema) const;

  /// Checks a document and reports unknown-key, missing-key, wrong-type, not-allowed, bad-form,
  /// impossible-date and out-of-range, each at the words meant, all in one go.
  void check(const Node& document, const Node& schema, Diagnostics& diagnostics) const;

  /// Calls `visit` for every value of the document with the schema that it fits, outermost first.
  using Visit = std::function<void(const Node& value, const Node& schema, const Type& type)>;
  void walk(const Node& document, const Node& schema, const Visit& visit) const;

 private:
  /// The alternative of an anyOf that the value is meant to fit: the first that accepts it, else the first of its kind.
  [[nodiscard]] const Node* alternative(const Node& value, const Node& any_of) const;

  [[nodiscard]] const Node& follow(const Node& schema) const;
  [[nodiscard]] Type make_type(const Node& schema) const;

  std::map<std::string, Node, std::less<>> schemas_;
  mutable std::unordered_map<const Node*, const Node*> resolved_;  ///< by schema with a reference
  mutable std::unordered_map<const Node*, Type> types_;            ///< by resolved schema; schemas do not move
};

/// The name of the schema file for a `format: sovrisk-KIND/1` line, or empty when the text has another form.
[[nodiscard]] std::string schema_for_format(std::string_view format);

}  // namespace sovrisk
