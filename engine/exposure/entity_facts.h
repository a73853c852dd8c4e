// The facts of entities, and which of them matter to an offering.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "facts/fact_tree.h"
#include "load/catalogue.h"

namespace sovrisk {

/// Facts of entities on one day, each turned into facts once however often it is asked for.
class EntityFacts {
 public:
  EntityFacts(const Catalogue& catalogue, Date as_of) : catalogue_(catalogue), as_of_(as_of) {}
  [[nodiscard]] const Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] Date as_of() const { return as_of_; }
  /// Facts of entities that an overlay sets from now on; the document must outlive this object.
  void correct(const Document& overlay) { corrections_.push_back(&overlay); }
  /// The document of an entity, or null.
  [[nodiscard]] const Document* document(std::string_view id) const { return catalogue_.find("entity", id); }
  /// Its facts; they stay where they are as long as this object.
  [[nodiscard]] const Value& facts(const Document& entity);
  /// The entities that matter to those named: everyone who holds them, over any number of links, and everyone that
  /// one of all these holds. In alphabetical order.
  [[nodiscard]] std::vector<std::string> around(const std::vector<std::string>& named);

 private:
  const Catalogue& catalogue_;
  Date as_of_;
  /// Ids that an entity names as its holders, corrections included.
  [[nodiscard]] std::vector<std::string> named_by(const std::string& id) const;

  std::vector<const Document*> corrections_;
  std::map<std::string, Value, std::less<>> facts_;
  std::map<std::string, std::vector<std::string>, std::less<>> held_;  ///< by holder; filled when first asked
};

}  // namespace sovrisk
