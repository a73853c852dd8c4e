// Conditions compiled when the catalogue is built, so that a run does not compile what ships with it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conditions/condition.h"
#include "load/blob.h"
#include "load/catalogue.h"

namespace sovrisk {

/// Writes the conditions of one document: each distinct one once, those that it is made of before it.
class ConditionWriter {
 public:
  /// Adds a condition as the next one that the document's compiler asks for.
  void add(const Condition& condition);
  [[nodiscard]] std::string take() { return out_.take(); }

 private:
  std::uint64_t place_of(const Condition& condition);

  BlobWriter out_;
  std::map<std::string, std::uint64_t> places_;  ///< by content
};

/// Where the compilers of laws, rule sets and methods get their conditions from: compiled from the document, or read
/// back in the same order when the document is a shipped one.
class ConditionSource {
 public:
  /// Catalogue, document and groups must outlive it.
  ConditionSource(const Catalogue& catalogue, const Document& document, const CountryGroups& groups)
      : schemas_(catalogue.schemas()),
        groups_(groups),
        document_(document),
        stored_(catalogue.compiled_conditions(document)),
        reader_(stored_, document.file) {}

  /// The condition at a node, about the items of a derived list where one is named; a document's compiler asks for the
  /// same ones in the same order each time. The document's `define:` holds in it.
  [[nodiscard]] ConditionPtr next(const Node& node, Diagnostics& diagnostics, std::string_view list = {});

  /// Whether the document was compiled, and so checked, when the catalogue was built.
  [[nodiscard]] bool stored() const { return !stored_.empty(); }

  /// While set, everything that any source compiles is also written there: the build tool's way to get at it.
  static void record(ConditionWriter* into);

 private:
  const SchemaSet& schemas_;
  const CountryGroups& groups_;
  const Document& document_;
  std::string_view stored_;
  BlobReader reader_;
  std::vector<std::shared_ptr<Condition>> read_;  ///< so far, in the order in which they stand
};

}  // namespace sovrisk
