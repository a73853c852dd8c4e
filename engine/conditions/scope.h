// The scope in which the files of a catalogue write their conditions.
#pragma once

#include <string_view>

#include "conditions/condition.h"

namespace sovrisk {

/// The facts of facts.schema.json, and inside them the items of a derived list ("entities") when one is named.
/// Schemas and groups must outlive the scope.
[[nodiscard]] inline ConditionScope condition_scope(const SchemaSet& schemas, const CountryGroups& groups,
                                                    std::string_view list = {}) {
  ConditionScope scope;
  scope.schemas = &schemas;
  scope.root = schemas.find("facts.schema.json");
  scope.groups = &groups;
  if (list.empty()) return scope;
  if (const Node* schema = schemas.property(*scope.root, list)) scope.items.push_back(schemas.type_of(*schema).items);
  return scope;
}

}  // namespace sovrisk
