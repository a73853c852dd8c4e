// The fact tree of one assessment: documents as typed facts, patched by overlays, valid at one day.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "facts/value.h"
#include "load/schema.h"

namespace sovrisk {

/// A source as a file gives it.
struct Source {
  std::string key;  ///< "document:id"
  std::string title;
  std::string url;
  std::string publisher;
  std::string seen;
  std::string date;
  std::string kind;  ///< primary, secondary, claim
};
using SourceTable = std::map<std::string, Source>;

/// Adds the `sources:` of a document, which may be null, to the table.
void collect_sources(const Node* sources, std::string_view document_id, SourceTable& table);

/// Turns a checked document into facts.
///  - `unknown` becomes an unknown fact, a bare `unknown` in a list opens the list;
///  - list entries whose from/until exclude `as_of` are left out (until is the first day without);
///  - a fact's origin is that of the nearest enclosing map with a `source`, or its entry under `about`.
[[nodiscard]] Value facts_from(const Node& document, const Node& schema, const SchemaSet& schemas,
                               std::string_view document_id, Date as_of);

/// Looks up the schema of a dotted fact path from a root such as facts.schema.json; null when there is none. A path may
/// lead into a map with free keys (offering.capabilities.kubernetes.available) and into the item of a list by its name
/// (offering.access[iliad].to).
[[nodiscard]] const Node* schema_at(const SchemaSet& schemas, const Node& root_schema, std::string_view path);

/// The schema of a path that an overlay may set: facts of the offering or the workload, or of an entity,
/// `entities[ID].stakes`; null for what is derived, and for what does not exist.
[[nodiscard]] const Node* settable(const SchemaSet& schemas, std::string_view path);

/// The entity that a path of an overlay speaks of and the path within its facts; empty for other paths.
struct EntityPath {
  std::string_view entity;
  std::string_view path;
};
[[nodiscard]] EntityPath entity_path(std::string_view path);

/// Sets the `path: value` pairs of a checked overlay that speak of the root's facts, or, where an entity is named, of
/// that entity's. Maps and items on the way are made as needed. A fact's origin is its entry under `about` of
/// `provenance`, else that map's own `source`.
void apply_set(Value& facts, const Node& set, const SchemaSet& schemas, const Node& root_schema,
               std::string_view document_id, Date as_of, const Node* provenance = nullptr,
               std::string_view entity = {});

/// Applies an offering's `earlier` entries: facts as they stood before a day after `as_of`.
void apply_earlier(Value& facts, const Node& offering, const SchemaSet& schemas, const Node& root_schema,
                   std::string_view document_id, Date as_of);

/// The recorded answers by rule set and criterion: those of the workload before those of the offering.
[[nodiscard]] Value answers_of(const Value& root);

/// The origin of a fact that follows from others: from what, in a few words.
[[nodiscard]] OriginPtr derived_from(std::string what);

/// "24%" or "24 %" to 24.0. The text must have passed the schema.
[[nodiscard]] double parse_share(std::string_view text);

}  // namespace sovrisk
