// What reports say, as pages; and the JSON that other tools read.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.h"
#include "assess/case.h"
#include "assess/gate.h"
#include "assess/quality.h"
#include "report/messages.h"
#include "report/page.h"

namespace sovrisk {

/// Name and version of the program that reports carry.
struct Tool {
  std::string name = "sovrisk";
  std::string version;
};

/// The assessment: verdict first, then why, then what to do. `full` adds proofs, every criterion that is not met
/// and the sources: what a document needs and a terminal does not.
[[nodiscard]] Page assessment_page(const Assessment& assessment, const Messages& messages, bool full);

/// One part of the full page without its heading: verdict, why, questions, laws, law-conflicts, outlook, frameworks,
/// risks, conditions, actions, missing, proofs, conflicts, sources or inputs; empty for any other name.
[[nodiscard]] Page assessment_part(const Assessment& assessment, const Messages& messages, std::string_view part);

/// Findings and actions as a table for spreadsheets, one a row: the verdict, exposures, criteria, risks, conditions,
/// actions and missing facts. Kinds, ids and statuses are the same in every language, and dates are ISO 8601.
[[nodiscard]] std::string findings_csv(const Assessment& assessment, const Messages& messages);

/// Why one law reaches the offering or does not: every match with its facts and sources, and what limits it.
/// `text` is the whole document of the law (Catalogue::whole).
[[nodiscard]] Page explain_page(const Assessment& assessment, const Law& law, const Node& text,
                                const Messages& messages);

/// Offerings side by side for one workload.
[[nodiscard]] Page compare_page(const std::vector<Assessment>& assessments, const Messages& messages);

/// Appends how complete and how well sourced a profile is.
void quality_blocks(const Quality& quality, const Messages& messages, Page& page);

/// Verdicts beside what authorities, courts and buyers decided: every case, verdicts against outcomes, agreement in
/// total, by kind of decider and by question, and how far a method would come that knows one answer only.
[[nodiscard]] Page decisions_page(const std::vector<DecisionOutcome>& decisions, const Messages& messages);

/// A gate: pairs with every check, of a plan what did not pass, exceptions, and the count.
[[nodiscard]] Page gate_page(const GateResult& result, const Messages& messages);

/// The contract of schemas/assessment.schema.json.
[[nodiscard]] std::string assessment_json(const Assessment& assessment, const Messages& messages, const Tool& tool);
[[nodiscard]] std::string explain_json(const Assessment& assessment, const Law& law, const Messages& messages,
                                       const Tool& tool);
[[nodiscard]] std::string compare_json(const std::vector<Assessment>& assessments, const Messages& messages,
                                       const Tool& tool);
/// The contract of schemas/gate.schema.json. `sources` names the files of places.
[[nodiscard]] std::string gate_json(const GateResult& result, const Messages& messages, const Tool& tool,
                                    const SourceMap& sources);

}  // namespace sovrisk
