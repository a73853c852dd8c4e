// From what an input says of a resource to its offering and places; the same for every language.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "infra/infrastructure.h"

namespace sovrisk::infra {

/// A text of the input, or why it is not known.
struct Said {
  std::string text;
  std::string why_unknown;  ///< empty: known, or nothing was said
  std::vector<Step> chain;
  [[nodiscard]] bool known() const { return !text.empty() && why_unknown.empty(); }
  [[nodiscard]] bool nothing() const { return text.empty() && why_unknown.empty(); }
};

/// A value of the provider's configuration; a list for blocks with several.
using Setting = std::vector<Said>;

/// What decides between the offerings behind one address.
struct OfferingChoice {
  const OfferingTable* table = nullptr;  ///< of the offering, or of one that speaks the same way
  std::string offering;                  ///< empty: not known
  std::string why_unknown;
  std::vector<Step> chain;
  std::vector<std::string> may_be;
};

/// Chooses among candidates by the settings of the provider's configuration (`setting` gives the values of one, empty
/// where it is not set), then by the region's code, then the general one. `address` is the provider's, for offerings
/// that are used through the provider of somebody else.
[[nodiscard]] OfferingChoice choose_offering(const std::vector<const OfferingTable*>& candidates,
                                             std::string_view address, std::string_view type,
                                             const std::function<Setting(const std::string&)>& setting,
                                             const Said& region, const PlacementTables& tables,
                                             const InfrastructureOptions& options);

/// The place that a code names at an offering.
[[nodiscard]] Place place_at(const std::string& role, const Said& region, const OfferingChoice& offering);

/// What the rules of a type add up to; of two rules that say the same, the later counts.
struct TypeFacts {
  std::string service;
  bool global = false;
  bool holds_nothing = false;
  bool opaque = false;
  std::string role = "at-rest";
  std::vector<std::string> region;
  std::vector<FurtherPlace> also;
  const TypeRule* key = nullptr;
};
[[nodiscard]] TypeFacts facts_of_type(const LanguageTable& table, std::string_view type);

/// A further place, as the resource says it.
struct FurtherSaid {
  std::string role;
  Said said;
};

/// What the value of such an attribute says; nothing where it names no place.
[[nodiscard]] std::optional<FurtherSaid> further_of(const FurtherPlace& place, const Said& said);

/// Who holds the key by the value of the rule's attribute, not known or set or not.
[[nodiscard]] ResourceKey key_of(const TypeRule& rule, const Said& said);

/// Gives a resource its offering and its places: its own, and the further ones.
void settle(PlannedResource& resource, const TypeFacts& facts, const Said& region,
            const std::vector<FurtherSaid>& further, const OfferingChoice& choice);

/// The offerings whose tables speak a language, for types of templates that they name; the type's own table among them.
struct Speaking {
  std::vector<const OfferingTable*> candidates;
  const LanguageTable* table = nullptr;
};
[[nodiscard]] Speaking speaking(const PlacementTables& tables, std::string_view language, std::string_view type);

/// Part `part` of a text, counted from 1; empty where it has fewer.
[[nodiscard]] std::string part_of_text(std::string_view text, std::string_view separator, std::size_t part);

}  // namespace sovrisk::infra
