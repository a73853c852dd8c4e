#include <fmt/format.h>
#include <fmt/ranges.h>

#include "load/diagnostic.h"
#include "report/csv.h"
#include "report/report.h"
#include "report/words.h"

namespace sovrisk {

namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string joined(const std::vector<std::string>& items) { return fmt::format("{}", fmt::join(items, "; ")); }

void exposure_rows(const Assessment& a, const Messages& m, Rows& rows) {
  for (const Exposure* one : ordered_exposures(a)) {
    const Exposure& exposure = *one;
    if (!counts(exposure) || exposure.most == Certainty::not_reached) continue;
    if (exposure.least == Certainty::not_reached && !exposure.pointed_at) continue;
    if (exposure.law->effects == std::vector<std::string>{"criterion"}) continue;
    rows.push_back({"exposure", fmt::format("{} {}", exposure.law->id, exposure.scope),
                    m.text(exposure.law->document->root.find("title")), std::string(exposure.certainty()), "", "", "",
                    "", "", fmt::format("{} {}", after_words(exposure, m), via_words(exposure, a, m))});
  }
}

void criterion_rows(const Assessment& a, const Messages& m, Rows& rows) {
  for (const FrameworkResult& framework : a.frameworks)
    for (const CriterionResult& one : framework.criteria) {
      std::vector<std::string> reasons;
      for (const UsedFact& fact : one.reasons)
        reasons.push_back(fmt::format("{} = {}", fact.path, fact.value));
      std::vector<std::string> missing;
      for (const UsedFact& fact : one.missing)
        missing.push_back(fact.path);
      rows.push_back({"criterion", fmt::format("{} {}", framework.ruleset->id, one.criterion->id),
                      m.text(one.criterion->node->find("asks")), std::string(name_of(one.status)), "", "", "", "",
                      joined(missing), joined(reasons)});
    }
}

void risk_rows(const Assessment& a, const Messages& m, Rows& rows) {
  for (const RiskResult& risk : a.risks)
    rows.push_back({"risk", risk.rule->id, m.text(risk.rule->node->find("title")), "",
                    rating_words(risk.severity, *a.method, "severity_names", m).text,
                    rating_words(risk.likelihood, *a.method, "likelihood_names", m).text, "", "", "",
                    fmt::format("{}; {}", m.text(risk.severity.because), m.text(risk.likelihood.because))});
}

void action_rows(const Assessment& a, const Messages& m, Rows& rows) {
  for (const ConditionRule* rule : a.verdict.conditions) {
    const auto due = due_date(*rule, a);
    rows.push_back({"condition", rule->id, m.text(rule->node->find("text")), "", "", "", due ? due->text() : "",
                    std::string(rule->node->text_of("actor")), "", ""});
  }
  for (const Action& action : a.actions)
    rows.push_back({"action", action.id, m.text(action.text), "", "", "", "", action.actor, "", joined(action.closes)});
  for (const Missing& missing : a.missing)
    rows.push_back({"missing-fact", missing.fact, "", "unknown", "", "", "", "", "", joined(missing.decides)});
}

}  // namespace

std::string findings_csv(const Assessment& assessment, const Messages& messages) {
  Rows rows{
      {"kind", "id", "title", "status", "severity", "likelihood", "due", "who", "missing", "reasons"},
      {"verdict", assessment.method->id, messages(fmt::format("verdict.{}", assessment.verdict.value)),
       assessment.verdict.value, "", "", assessment.verdict.until ? assessment.verdict.until->text() : "", "", "", ""}};
  exposure_rows(assessment, messages, rows);
  criterion_rows(assessment, messages, rows);
  risk_rows(assessment, messages, rows);
  action_rows(assessment, messages, rows);
  for (auto& row : rows)
    for (std::string& field : row)
      field = printable(field);
  return render_csv(rows);
}

}  // namespace sovrisk
