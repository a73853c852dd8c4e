// Conditions compiled when the catalogue is built, so that a run does not compile what ships with it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conditions/condition.h"
#include "load/blob.h"
#include "load/catalogue.h"

namespace sovrisk {

/// Writes the conditions of one document: each distinct one, and each distinct path, once, before what is made of it.
class ConditionWriter {
 public:
  /// Adds a condition as the next one that the document's compiler asks for.
  void add(const Condition& condition);
  /// Adds an answer in the same order.
  void settle(bool answer) { out_.number(answer ? 1 : 0); }
  [[nodiscard]] std::string take() { return out_.take(); }

 private:
  std::uint64_t place_of(const Condition& condition);
  std::uint64_t place_of(const PathPtr& path);

  BlobWriter out_;
  std::map<std::string, std::uint64_t> places_;  ///< of conditions, by content
  std::map<std::string, std::uint64_t> paths_;   ///< of paths
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

  /// What decides whether a condition is asked for at all, where that takes a look at trees of conditions: `decide` is
  /// asked when a document is compiled, and the answer stored among its conditions.
  template <class Decide>
  [[nodiscard]] bool settled(Decide decide) {
    if (stored()) return reader_.number() != 0;
    const bool answer = decide();
    if (recording_ != nullptr) recording_->settle(answer);
    return answer;
  }

  /// Whether the document was compiled, and so checked, when the catalogue was built.
  [[nodiscard]] bool stored() const { return !stored_.empty(); }

  /// While set, everything that any source compiles is also written there: the build tool's way to get at it.
  static void record(ConditionWriter* into) { recording_ = into; }

 private:
  const SchemaSet& schemas_;
  const CountryGroups& groups_;
  const Document& document_;
  std::string_view stored_;
  BlobReader reader_;
  static inline ConditionWriter* recording_ = nullptr;
  std::vector<PathPtr> paths_;                    ///< read so far
  std::vector<std::shared_ptr<Condition>> read_;  ///< so far, in the order in which they stand
};

}  // namespace sovrisk
