// A framework as compiled criteria, and how an offering comes out under it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conditions/cases.h"
#include "conditions/condition.h"
#include "conditions/coverage.h"
#include "facts/fact_tree.h"
#include "load/catalogue.h"
#include "load/deferred.h"

namespace sovrisk {

/// A quantity that is known to lie in [low, high].
struct Range {
  double low = 0;
  double high = 0;
  [[nodiscard]] bool decided() const { return low == high; }
};

enum class Status : std::uint8_t { not_met, partly_met, met, unknown, not_applicable };
[[nodiscard]] std::string_view name_of(Status status);

/// One answer of a ladder, worst first.
struct Rung {
  std::optional<double> points;
  std::optional<int> level;
  const Node* label = nullptr;
  ConditionPtr when;  ///< absent on the first rung, or where only a recorded answer can decide
};

struct Criterion {
  std::string id;
  std::string objective;
  const Node* node = nullptr;
  ConditionPtr applies;
  ConditionPtr require;
  ConditionPtr partly;
  std::vector<Rung> ladder;
  bool blocking = false;
  bool answered = false;
};

/// Something that settles criteria which facts leave open, such as a certificate in force.
struct Evidence {
  ConditionPtr when;
  std::vector<std::string> criteria;  ///< empty: every criterion
  std::optional<int> level;           ///< shows this level at least; absent: the best that facts leave possible
};

/// A rule set, compiled.
struct RuleSet {
  const Document* document = nullptr;
  std::string id;
  ConditionPtr applies;
  std::vector<Evidence> evidence;
  Deferred<std::vector<Criterion>> criteria;  ///< of a shipped set: compiled late, as a set that is not due needs none
};

/// Every condition of a criterion, in the order of the file.
template <class Visit>
void for_each_condition(const Criterion& criterion, Visit visit) {
  const auto one = [&](const ConditionPtr& condition) {
    if (condition) visit(*condition);
  };
  one(criterion.applies);
  one(criterion.require);
  one(criterion.partly);
  for (const Rung& rung : criterion.ladder)
    one(rung.when);
}

/// Calls `visit` with every condition of a rule set, in the order of the file.
template <class Visit>
void for_each_condition(const RuleSet& ruleset, Visit visit) {
  const auto one = [&](const ConditionPtr& condition) {
    if (condition) visit(*condition);
  };
  one(ruleset.applies);
  for (const Evidence& evidence : ruleset.evidence)
    one(evidence.when);
  for (const Criterion& criterion : *ruleset.criteria)
    for_each_condition(criterion, visit);
}

/// Compiles a rule set; reports condition errors, dangling-id, unreachable-rung and weights that do not name an
/// objective (unknown-key).
[[nodiscard]] RuleSet compile_ruleset(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                                      Diagnostics& diagnostics);

/// How one criterion came out. Points and level are ranges while facts are missing.
struct CriterionResult {
  const Criterion* criterion = nullptr;
  Status status = Status::unknown;
  int rung_low = -1;  ///< ladder position, -1 without a ladder
  int rung_high = -1;
  std::optional<Range> points;
  std::optional<Range> level;
  Truth applies = Truth::yes;  ///< unknown: it is open whether the criterion applies
  bool refuted = false;        ///< surely not met, perhaps partly
  std::string decided_by;      ///< facts, answer, evidence, or empty while undecided
  std::vector<UsedFact> reasons;
  std::vector<UsedFact> missing;
  std::string contradicted_answer;  ///< a recorded answer that the facts refute: what it said
  OriginPtr answer_origin;
};

struct ObjectiveResult {
  std::string id;
  double weight = 0;  ///< percent
  std::optional<Range> level;
  std::optional<Range> score;  ///< percent of the objective's points
};

struct FrameworkResult {
  const RuleSet* ruleset = nullptr;
  std::string profile;
  bool own_weights = false;  ///< some weights are not those of the profile
  Truth applies = Truth::yes;
  std::vector<ObjectiveResult> objectives;
  std::vector<CriterionResult> criteria;
  std::optional<Range> level;
  std::optional<Range> score;  ///< percent
  std::optional<Truth> gate;
};

/// How to decide a rule set.
struct Deciding {
  std::string profile;                    ///< a weight profile; empty: the rule set's default
  std::map<std::string, double> weights;  ///< percent by objective, in place of those of the profile
  bool even_if_not_due = false;           ///< decide the criteria of a set that does not apply, too
};

/// Decides a rule set on facts. Recorded answers are read from `answers`. A set that does not apply has no results.
/// Score = sum over objectives of (points / max points) x weight, as EU CSF v1.2.1 section 5; level = minimum over
/// the criteria that carry one (never an average); gate = every blocking criterion met. Criteria that do not apply
/// leave the sums; unknown ones stay in as ranges.
[[nodiscard]] FrameworkResult decide(const RuleSet& ruleset, const Facts& facts, const Deciding& how = {});

/// Runs the `tests:` of a rule set; `coverage`, where given, learns what they exercise.
[[nodiscard]] std::vector<CaseResult> run_cases(const RuleSet& ruleset, const Catalogue& catalogue,
                                                const CountryGroups& groups, Date today, Coverage* coverage = nullptr);

}  // namespace sovrisk
