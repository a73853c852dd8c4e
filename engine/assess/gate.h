// A policy held against assessments, and against what infrastructure would create: what a pipeline asks.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "assess/assessment.h"
#include "infra/infrastructure.h"

namespace sovrisk {

/// How a check came out, best first. `excepted` is no pass: a person has accepted it for a time.
enum class Outcome : std::uint8_t { passed, excepted, warned, open, failed };
[[nodiscard]] std::string_view name_of(Outcome outcome);

/// A deviation that a person has accepted, as a policy or its file of exceptions lists it.
struct PolicyException {
  enum class State : std::uint8_t { not_yet, in_force, expired };

  std::string rule;     ///< id of a check; `*` stands for any run of characters
  std::string subject;  ///< id of a subject, likewise
  std::string reason;
  std::string owner;
  std::string approver;
  std::string ticket;
  std::optional<Date> start;
  Date expires;  ///< the last day on which it holds, to the end of that day in UTC
  Span span;
  State state = State::in_force;  ///< on the day of the assessment
  bool expiring = false;          ///< in force, and ends within the time that the policy names
  std::size_t used = 0;           ///< checks that would not have passed without it, or, once expired, no longer do
};

/// One thing that a policy wants of one subject.
struct GateCheck {
  enum class Kind : std::uint8_t {
    verdict,   ///< the least verdict
    level,     ///< a level of a rule set or of one of its objectives
    score,     ///< a score of a rule set
    gate,      ///< the gate of a rule set
    law,       ///< a law that must not reach content
    rule,      ///< a rule of the policy's own
    place,     ///< a country that is not allowed
    offering,  ///< an offering that is not allowed, or not known
    complete   ///< a plan that does not show everything
  };
  Kind kind = Kind::verdict;
  /// Stable across runs and languages: least-verdict, least-level:eu-csf, least-level:eu-csf:SOV-3, least-score:eu-csf,
  /// gate:hds, denied-law:us-cloud-act, rule:ID, place:at_rest, place:processing, place:support, place:backup,
  /// offering, complete.
  std::string rule;
  std::string subject;            ///< rule set, law, rule of the policy, kind of place; empty for the verdict
  std::string wanted;             ///< a verdict, a level's name, "60 %", "met", "none", countries and groups, offerings
  std::string found;              ///< the like; a range while facts are missing
  std::optional<double> value;    ///< rank of a verdict, level or score, at its least: to tell worse from better
  Truth result = Truth::unknown;  ///< yes: as wanted
  Outcome outcome = Outcome::open;
  Span span;                     ///< where the policy asks for it
  const Node* title = nullptr;   ///< of a rule of the policy's own
  const Node* remedy = nullptr;  ///< likewise
  std::vector<Step> chain;       ///< of a place or an offering: how it was found, or how far the search came
  std::string why_unknown;       ///< as of Place and PlannedResource; empty otherwise
  std::vector<UsedFact> facts;   ///< those that decide it, or are missing; a few at most
  const PolicyException* exception = nullptr;  ///< that covers it, in force or expired
  /// The same for the same deviation in the next run, whatever moves around it: from rule, subject, wanted and found.
  /// 32 lower-case hex digits.
  std::string fingerprint;
};

/// What checks are made of: an offering chosen for a workload, a resource of a plan, or the plan as a whole.
struct GateSubject {
  enum class Kind : std::uint8_t { pair, resource, plan };
  Kind kind = Kind::pair;
  std::string id;                             ///< "azure for emc2"; the address of a resource; the path of a plan
  std::string offering;                       ///< id; empty where it is not known
  std::string workload;                       ///< id
  const Assessment* assessment = nullptr;     ///< null where nothing was assessed
  const PlannedResource* resource = nullptr;  ///< of a resource
  Span span;                                  ///< the policy's line for a pair; the source line of a resource, if found
  std::vector<GateCheck> checks;              ///< every check of a pair; of a resource those that did not pass
  std::size_t passed = 0;                     ///< checks that passed and are left out of `checks`
};

/// How many checks came out which way.
struct GateCounts {
  std::size_t passed = 0;
  std::size_t excepted = 0;
  std::size_t warned = 0;
  std::size_t open = 0;
  std::size_t failed = 0;
  [[nodiscard]] std::size_t all() const { return passed + excepted + warned + open + failed; }
};

/// Everything that a gate says.
struct GateResult {
  Date as_of;
  std::string on_unknown;  ///< fail, warn or pass
  const Document* policy = nullptr;
  std::vector<GateSubject> subjects;  ///< in the order of the policy, then of the plan
  std::vector<PolicyException> exceptions;
  GateCounts counts;
  std::vector<Input> inputs;                             ///< every file read, in the order of their paths
  std::vector<std::unique_ptr<Assessment>> assessments;  ///< that subjects point to
  std::size_t known_before = 0;                          ///< deviations left out, since the baseline has them

  /// failed, open (exit 3) or passed.
  [[nodiscard]] Outcome outcome() const;
};

/// Every check that did not pass, the worst first, then in the order of the subjects.
struct Finding {
  const GateSubject* subject = nullptr;
  const GateCheck* check = nullptr;
};
[[nodiscard]] std::vector<Finding> findings(const GateResult& result);

struct Policy;

/// A deviation that an earlier run had, by subject and check.
struct KnownDeviation {
  Outcome outcome = Outcome::failed;
  std::string found;
  std::optional<double> value;
};
using Baseline = std::map<std::pair<std::string, std::string>, KnownDeviation>;

/// Holds a policy against pairs and plans, in the order in which they are added. The policy, the engine and every
/// document handed over must outlive the result.
class Gate {
 public:
  Gate(Policy policy, const Engine& engine);
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Deviations that are there already: only what got worse than they were counts.
  void compare_with(Baseline baseline);

  /// An entry of `pairs`. What it does not ask itself it asks by the policy's own keys. An undetermined verdict or a
  /// range across the bound is unknown, never a pass. Gives false where nothing is asked of it.
  bool add_pair(const Node& pair, Assessment assessment);

  /// How a plan's resources are assessed: the request for an offering, and the workload of a path that the policy
  /// names.
  struct Sources {
    std::function<Request(const std::string& offering)> request;
    std::function<const Document*(const std::string& path)> workload;
    std::function<std::optional<Span>(const std::string& address)> line;  ///< of the source; empty: not looked for
  };
  /// What a plan would create, under `infrastructure` of the policy. Resources at one offering that use the same sites
  /// and service for one workload are assessed once.
  void add_plan(const Infrastructure& plan, const Sources& sources);

  /// Ends the gate: nothing may be added afterwards.
  [[nodiscard]] GateResult finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "acceptable" above "conditional" above "unacceptable".
[[nodiscard]] int verdict_rank(std::string_view verdict);

/// Holds a verdict with its possible values against a least one.
[[nodiscard]] Truth at_least(const VerdictResult& verdict, std::string_view least);

/// The laws (in force, not background) that surely, or perhaps, reach content.
[[nodiscard]] std::vector<std::string> laws_reaching_content(const Assessment& assessment, bool surely);

/// Name of a level of a rule set ("SEAL-2"), or its number.
[[nodiscard]] std::string level_name(const RuleSet& ruleset, double level, std::string_view language = "en");

}  // namespace sovrisk
