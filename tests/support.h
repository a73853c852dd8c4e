// What tests share: a catalogue, documents from text, facts from text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "conditions/condition.h"
#include "load/catalogue.h"
#include "load/reader.h"
#include "rules/ruleset.h"
#include "rules/validate.h"

extern "C" {
extern const char sovrisk_catalogue_begin[];  // NOLINT: laid down by engine/embed/catalogue.S
extern const char sovrisk_catalogue_end[];    // NOLINT
}

namespace sovrisk::testing {

inline std::string_view shipped_blob() {
  return {sovrisk_catalogue_begin, static_cast<std::size_t>(sovrisk_catalogue_end - sovrisk_catalogue_begin)};
}

/// The shipped catalogue and what a test adds to it.
struct World {
  SourceMap sources;
  Catalogue catalogue{sources, shipped_blob()};
  CountryGroups groups = country_groups(catalogue);
  Diagnostics diagnostics;

  FileId file(std::string text, std::string name = "test.yaml") {
    SourceFile source;
    source.path = std::move(name);
    source.text = std::move(text);
    return sources.add(std::move(source));
  }
  /// YAML text as a tree; what is wrong with it goes to `diagnostics`.
  Node yaml(const std::string& text) { return read_yaml(sources, file(text), diagnostics).value_or(Node{}); }
  /// A document of the kind, checked for shape only.
  std::shared_ptr<const Document> document(std::string kind, const std::string& text) {
    const FileId id = file(text);
    Document document;
    document.kind = std::move(kind);
    document.file = id;
    document.root = read_yaml(sources, id, diagnostics).value_or(Node{});
    document.id = document.root.text_of("id");
    document.title = title_of(document.root);
    catalogue.schemas().check(document.root, *catalogue.schemas().find(document.kind + ".schema.json"), diagnostics);
    return std::make_shared<const Document>(std::move(document));
  }
  /// A fact tree, as `given:` of a rule's test cases writes it.
  Value facts(const std::string& text, Date as_of = {2026, 1, 1}) { return facts_given(yaml(text), catalogue, as_of); }
  /// A condition asked at the root.
  Condition condition(const std::string& text, const Node* define = nullptr) {
    ConditionScope scope;
    scope.schemas = &catalogue.schemas();
    scope.root = catalogue.schemas().find("facts.schema.json");
    scope.groups = &groups;
    scope.define = define;
    return *compile_condition(yaml(text), scope, diagnostics);
  }
  Truth ask(const std::string& condition_text, const std::string& facts_text, Date as_of = {2026, 1, 1}) {
    const Condition compiled = condition(condition_text);
    const Value root = facts(facts_text, as_of);
    return evaluate(compiled, Facts{&root, &groups, as_of});
  }
};

}  // namespace sovrisk::testing
