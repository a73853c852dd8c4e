// An assessment: everything a report says of one offering for one workload on one day.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assess/outlook.h"
#include "exposure/law.h"
#include "exposure/measures.h"
#include "rules/method.h"

namespace sovrisk {

/// What to assess.
struct Request {
  std::string offering;                   ///< id or alias
  const Document* workload = nullptr;     ///< null: nothing is known of the processing
  std::vector<const Document*> overlays;  ///< what-if, scenarios, corrections, in order
  Date as_of;
  std::map<std::string, Deciding> deciding;  ///< how to decide a rule set, where not by its defaults
};

/// A risk with its ratings. Inherent: without the workload's safeguards.
struct RiskResult {
  const RiskRule* rule = nullptr;
  Rating severity;
  Rating likelihood;  ///< residual
  Rating inherent_likelihood;
  Rating inherent_severity;
};

/// Something one can do, and what it would settle.
struct Action {
  std::string id;
  const Node* text = nullptr;
  std::string actor;
  std::vector<std::string> closes;  ///< ids of criteria: "secnumcloud 19.6.c"
};

/// A fact that holds criteria back: whoever changes it sees here all that it mends.
struct Lever {
  std::string fact;                   ///< "offering.keys.custody"; a recorded answer as "answers.eu-csf.SOV-1.6"
  std::vector<std::string> criteria;  ///< that are not met, or not wholly: "secnumcloud 19.6.c"
  std::vector<std::string> actions;   ///< ids of the actions that these criteria name
};

/// A fact to go and get.
struct Missing {
  std::string fact;                  ///< "offering.keys.custody", "iliad: stakes"
  std::vector<std::string> decides;  ///< "verdict", "us-fisa-702", "eu-csf SOV-3.1", ...
  double closes = 0;                 ///< its part of all that is undecided, 0 to 1
};

/// One side of a conflict: a text of a profile, or words of ours.
struct Statement {
  std::string text;
  const Node* node = nullptr;
};

/// Two statements that do not go together.
struct Conflict {
  std::string what;
  std::vector<std::pair<Statement, std::string>> says;  ///< value, source key
};

struct Input {
  std::string path;
  std::string sha256;
  bool shipped = false;
};

struct Assessment {
  Date as_of;
  const Document* offering = nullptr;
  const Document* workload = nullptr;
  std::vector<const Document*> overlays;
  const Method* method = nullptr;
  std::vector<Exposure> exposures;
  std::vector<FrameworkResult> frameworks;
  std::vector<RiskResult> risks;
  VerdictResult verdict;
  std::vector<QuestionResult> questions;
  std::vector<DutyResult> duties;
  std::vector<Action> actions;
  std::vector<Lever> levers;  ///< what holds back most first
  std::vector<Missing> missing;
  std::vector<Conflict> conflicts;
  std::vector<LawConflict> law_conflicts;  ///< they point into `exposures`
  std::vector<Ahead> outlook;
  Date outlook_end;  ///< the last day that the outlook covers
  std::vector<Input> inputs;
  SourceTable sources;  ///< every source of the documents read
  Derived derived;
  std::unique_ptr<Value> facts;  ///< the fact tree
};

/// Compiled laws, rule sets and method of a catalogue: made once, used for many assessments.
/// The catalogue must outlive it.
class Engine {
 public:
  /// Compiles everything that an assessment by `method` needs, and `rulesets` beside those that the method names.
  /// Reports what is wrong with entries that a user's folders brought in; with errors the engine must not be used.
  Engine(const Catalogue& catalogue, const std::string& method, Diagnostics& diagnostics,
         const std::vector<std::string>& rulesets = {});

  /// Assesses. The request's offering must exist.
  [[nodiscard]] Assessment assess(const Request& request) const;

  [[nodiscard]] const Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] const CountryGroups& groups() const { return groups_; }
  [[nodiscard]] const std::vector<Law>& laws() const { return laws_; }
  [[nodiscard]] const std::vector<RuleSet>& rulesets() const { return rulesets_; }
  [[nodiscard]] const Method& method() const { return method_; }

 private:
  struct Ground;
  [[nodiscard]] bool concerns(const Document& overlay, const Document& offering) const;
  [[nodiscard]] Value facts_of(const Request& request, SourceTable& sources) const;
  [[nodiscard]] Ground lay_ground(const Request& request, Value facts_read, EntityFacts& entities,
                                  const Ground* guarded) const;

  const Catalogue& catalogue_;
  CountryGroups groups_;
  std::vector<Law> laws_;
  std::vector<RuleSet> rulesets_;
  Method method_;
  std::vector<Measure> measures_;
};

/// The facts that leave a rule set open on this assessment, the one first that would close most: of the score's range
/// where there is a score, else of the open criteria. `closes` is its part of all that is open.
[[nodiscard]] std::vector<Missing> missing_for(const Assessment& assessment, std::string_view ruleset);

/// The entry of a framework by rule set id, or null.
[[nodiscard]] const FrameworkResult* framework(const Assessment& assessment, std::string_view ruleset);

}  // namespace sovrisk
