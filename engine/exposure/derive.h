// The facts that follow from the facts read: entities with their relation to the operator, the sites and
// certificates that matter to the workload, needs met or not, measures in place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conditions/condition.h"
#include "facts/fact_tree.h"
#include "facts/ownership.h"
#include "load/catalogue.h"

namespace sovrisk {

/// What is derived beside the fact tree.
struct Derived {
  Ownership ownership;
  std::map<std::string, std::string> entity_names;  ///< by id, for proofs
  /// Those who stand for somebody that no profile names, by id.
  struct Unnamed {
    std::string role;  ///< holders, sub-processors or facility-owners
    std::string of{};  ///< of holders: whose
  };
  std::map<std::string, Unnamed> unnamed;
  std::map<std::string, Truth> measures;  ///< by id: in place?
  /// Places in the list `entities` by relation, of those that surely or perhaps have it; null: not worked out. Rules
  /// of reach ask for relations first, and most entities have none of those asked for.
  std::optional<std::map<std::string, std::vector<std::size_t>, std::less<>>> related;
};

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

/// A measure of the catalogue, compiled.
struct Measure {
  const Document* document = nullptr;
  std::string id;
  ConditionPtr active_when;  ///< null: only where the workload lists it among its safeguards
};

/// Compiles a measure; reports condition errors at the words meant.
[[nodiscard]] Measure compile_measure(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                                      Diagnostics& diagnostics);

/// Adds to `root` (which holds as_of, offering and workload) the derived facts of facts.schema.json:
/// entities, technology, sites, staff, subprocessors, certificates, needs. Only entities that the offering names, those
/// who hold them and those whom these hold are read; their sources go to `sources`.
///
/// Relations are: operator, control along a chain, de facto control, minority holding, sub-processors, facilities,
/// vendors, trustees (docs/laws.md). Holders that a profile does not name stand as
/// `undisclosed` entities unless the rest is a dispersed float.
[[nodiscard]] Derived derive_facts(Value& root, EntityFacts& entities, const CountryGroups& groups,
                                   SourceTable& sources);

/// Adds `measures` to the root: those whose condition holds on the facts, and those without a condition that the
/// workload lists among its safeguards. Undecided ones leave the list open.
void derive_measures(Value& root, const std::vector<Measure>& measures, const Facts& facts, Derived& derived);

/// The name of an entity, or its id.
[[nodiscard]] std::string entity_name(const Derived& derived, std::string_view id);

}  // namespace sovrisk
