// A decision method: feared events rated, and a verdict drawn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/ruleset.h"

namespace sovrisk {

/// Four levels each, lowest first; the highest that holds counts.
struct LevelRule {
  int level = 1;
  ConditionPtr when;
  const Node* because = nullptr;
};

struct RiskRule {
  std::string id;
  const Node* node = nullptr;
  std::vector<LevelRule> severity;
  std::vector<LevelRule> likelihood;
};

struct Reason {
  std::string id;
  ConditionPtr when;
  const Node* text = nullptr;
  const Node* references = nullptr;
};

struct VerdictRule {
  std::string value;
  ConditionPtr when;
  const Node* because = nullptr;
  std::vector<Reason> reasons;
  const Node* until = nullptr;
};

/// What is asked of an offering, such as whether the contract with the processor holds. Each question has a verdict of
/// its own, so that a report can keep lawfulness and dependency apart.
struct Question {
  std::string id;
  const Node* node = nullptr;
  bool counts = true;    ///< part of the verdict as a whole
  ConditionPtr applies;  ///< absent: always asked
  std::vector<VerdictRule> verdicts;
};

/// Something that points to a duty, or away from it: a criterion of WP248 rev.01, a kind of processing that an
/// authority lists.
struct Sign {
  std::string id;
  std::string group;
  ConditionPtr when;
  const Node* node = nullptr;
};

/// A duty of the controller that follows from the processing and its risks, such as the impact assessment of GDPR
/// article 35 or the consultation of article 36. Its answers are those of a question without a verdict.
struct Duty {
  Question question;
  std::vector<Sign> signs;
};

struct ConditionRule {
  std::string id;
  std::vector<std::string> verdicts;
  ConditionPtr when;
  const Node* node = nullptr;
};

struct Method {
  const Document* document = nullptr;
  std::string id;
  std::vector<RiskRule> risks;
  std::vector<Question> questions;  ///< at least one
  std::vector<Duty> duties;
  std::vector<ConditionRule> conditions;
};

[[nodiscard]] Method compile_method(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                                    Diagnostics& diagnostics);

/// A rating by a ladder of levels, with the facts that decide it or are missing.
struct Rating {
  Range level{1, 1};
  const Node* because = nullptr;  ///< of the least level
  std::vector<UsedFact> reasons;
  std::vector<UsedFact> missing;
};
[[nodiscard]] Rating rate(const std::vector<LevelRule>& ladder, const Facts& facts);

/// The verdict on a question: the value of the first rule that holds. While an earlier rule is undecided every value
/// that is still possible is kept; several different ones make it `undetermined`. `not-asked` where the question does
/// not apply.
struct VerdictResult {
  std::string value;
  std::vector<std::string> possible;      ///< best first
  std::vector<const VerdictRule*> rules;  ///< the rules that hold, when the verdict is decided
  std::vector<const Reason*> reasons;
  std::vector<const ConditionRule*> conditions;  ///< of the verdict as a whole
  std::optional<Date> until;
  std::vector<UsedFact> facts;
  std::vector<UsedFact> missing;
};

struct QuestionResult {
  const Question* question = nullptr;
  VerdictResult verdict;
};

struct DutyResult {
  const Duty* duty = nullptr;
  std::vector<Truth> signs;  ///< as the duty has them
  VerdictResult answer;      ///< required, to-examine, not-required, undetermined or not-asked
};

struct Judgement {
  VerdictResult verdict;  ///< the worst of the questions that count
  std::vector<QuestionResult> questions;
  std::vector<DutyResult> duties;
};

/// Judges every question in the order of the method, the whole, and the duties. What is found is set under
/// `questions` and `signs` of the facts, where later questions, the conditions and the duties may ask for it.
[[nodiscard]] Judgement judge(const Method& method, Value& facts, const CountryGroups& groups, Date as_of);

/// Runs the `tests:` of a method; `coverage`, where given, learns what they exercise.
[[nodiscard]] std::vector<CaseResult> run_cases(const Method& method, const Catalogue& catalogue,
                                                const CountryGroups& groups, Date today, Coverage* coverage = nullptr);

/// Residual ratings as the `risks` facts that verdict rules ask about.
[[nodiscard]] Value risk_facts(const Method& method,
                               const std::vector<std::pair<Rating, Rating>>& severity_and_likelihood);

}  // namespace sovrisk
