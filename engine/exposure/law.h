// Laws as compiled rules of reach, and what they do to an offering.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "conditions/alike.h"
#include "conditions/cases.h"
#include "conditions/condition.h"
#include "exposure/derive.h"

namespace sovrisk {

/// Grades of reach, weakest first.
enum class Certainty : std::uint8_t { not_reached, arguable, certain };
[[nodiscard]] std::string_view name_of(Certainty certainty);

/// One rule of reach of a law: its own, or a shared one as read for this law.
struct ReachRule {
  Certainty certainty = Certainty::not_reached;
  std::string scope;  ///< all-data, data-of-that-entity, metadata, physical, continuity, none
  std::string list;   ///< the derived list it ranges over, or empty for all facts at once
  ConditionPtr where;
  std::vector<std::string> relations;  ///< of entities: it holds of none that has none of these; empty: of any
  const Node* because = nullptr;
  const Node* limit = nullptr;       ///< what bounds the rule; null: nothing told
  std::vector<std::string> sources;  ///< keys of a SourceTable: "law:source"
  bool counted_apart = false;        ///< holds only within the limit, beside the general reach
  bool background = false;
  std::string shared;  ///< id of the shared rule it comes from, or empty
};

/// What a law says of orders under others.
struct Forbidding {
  ConditionPtr where;  ///< over an exposure, as rule sets see it
  const Node* because = nullptr;
  const Node* limit = nullptr;
};

/// A law, compiled.
struct Law {
  const Document* document = nullptr;
  std::string id;
  std::string jurisdiction;
  std::vector<std::string> effects;
  bool takes_content = true;  ///< false: it reaches metadata or subscriber data alone
  std::vector<ReachRule> rules;
  std::vector<Forbidding> forbids;
};

/// Compiles a law and the shared rules that it uses. Reports condition errors at the words meant and dangling-id
/// for a shared rule or measure that the catalogue does not have.
[[nodiscard]] Law compile_law(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                              Diagnostics& diagnostics);

/// Status of a law on a day by its timeline: in-force, winding-down, ...; `not-yet-applicable` before its first
/// entry, `lapsed` after its last.
[[nodiscard]] std::string status_at(const Node& law, Date day, const Node** entry = nullptr);

/// One matching of a rule with an entity, site, ...: who, and why.
struct Match {
  const ReachRule* rule = nullptr;
  std::string via;          ///< id or name of the item; empty for rules over all facts
  bool via_entity = false;  ///< the item is an entity
  Truth truth = Truth::no;
  std::vector<UsedFact> facts;  ///< those that decide it
};

/// What one law does within one scope.
struct Exposure {
  const Law* law = nullptr;
  std::string scope;
  Certainty least = Certainty::not_reached;  ///< the grade that is established
  Certainty most = Certainty::not_reached;   ///< the grade it may have once missing facts are known
  std::string status;
  bool background = false;
  /// Some fact of the offering names the law's country (for the Union, a member). An unknown reach without that is
  /// unknown only because lists are not known to be complete.
  bool pointed_at = false;
  bool limited = false;                     ///< only within the limit that its rules tell
  std::vector<std::string> after_measures;  ///< content, metadata, ciphertext, continuity, none; several: not decided
  Truth weakened = Truth::no;
  Truth mitigated = Truth::no;
  std::vector<std::string> mitigations;  ///< measures in place that count against it
  std::vector<Match> matches;            ///< best first: what establishes the grade, then what might raise it
  std::vector<std::string> path;         ///< entity ids from the operator to the one reached
  std::vector<UsedFact> links;           ///< the holdings along that path, with their sources

  /// "certain", "arguable", "not-reached", or "unknown" when facts are missing to tell reach from none.
  [[nodiscard]] std::string_view certainty() const;
};

/// Derives what a law does: per scope the best grade, each with its proof; one entry "not-reached" where no rule
/// can match. Several matching rules give the highest grade per scope, a missing fact gives
/// unknown and never not-reached, measures change effect and never reach. Without `reasons` the matches carry no
/// facts and the exposures no path: enough to rate a risk by.
[[nodiscard]] std::vector<Exposure> derive_exposures(const Law& law, Value& root, const Facts& facts,
                                                     const Derived& derived, bool reasons = true);

/// The exposures of a law on other facts on which its rules come out alike (`alike`): what is left is to tell what the
/// measures there leave in reach. Without reasons.
[[nodiscard]] std::vector<Exposure> exposures_elsewhere(const std::vector<Exposure>& exposures, const Law& law,
                                                        const Value& root, const Derived& derived);

/// Whether every rule of reach of the law comes out alike on two trees of facts.
[[nodiscard]] bool alike(const Law& law, TwoFacts& facts);

/// Whether exposures to a law count on the day: it is in force, or winding down.
[[nodiscard]] bool counts(const Exposure& exposure);

/// An order under one law that another one, which binds the same offering, forbids or makes conditional.
struct LawConflict {
  const Exposure* order = nullptr;    ///< under which it may be given
  const Exposure* against = nullptr;  ///< the law that stands against it
  const Forbidding* forbids = nullptr;
  Certainty certainty = Certainty::not_reached;  ///< the lesser of both reaches
};

/// Conflicts between laws that are shown to reach (GDPR article 48, Data Act article 32, blocking statutes against
/// orders from elsewhere). Laws whose reach is not established give none. `facts` holds the root with `exposures`,
/// in the order of `exposures`.
[[nodiscard]] std::vector<LawConflict> conflicts_of_laws(const std::vector<Exposure>& exposures, const Facts& facts);

/// Runs the `tests:` of a law: the best grade over all scopes, or the grade in each scope that a case names. What
/// reaches everybody alike (background) is left out.
[[nodiscard]] std::vector<CaseResult> run_cases(const Law& law, const Catalogue& catalogue, const CountryGroups& groups,
                                                Date today);

/// Exposures as the `exposures` facts that rule sets ask about.
[[nodiscard]] Value exposure_facts(const std::vector<Exposure>& exposures);

}  // namespace sovrisk
