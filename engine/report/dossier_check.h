// What still stands between a dossier and its signatures.
#pragma once

#include <string>
#include <vector>

#include "report/dossier.h"

namespace sovrisk {

/// One thing that is open. `perhaps`: only if a duty arises that missing facts leave undetermined.
struct OpenPoint {
  std::string kind;  ///< verdict, field, dpo-opinion, data-subjects, decision, consultation, duty, risk,
                     ///< condition-owner, condition-due, evaluation or ground
  std::string id;    ///< of the field, risk, condition, duty or place of the annex; may be empty
  std::string text;  ///< in the language of the messages
  bool perhaps = false;
};

/// Whether nothing is open, something is, or missing facts decide it.
enum class Readiness : std::uint8_t { ready, open, undetermined };
[[nodiscard]] std::string_view name_of(Readiness readiness);

/// What is open, in the order of the form's parts. What a method's duty is settled by (`settled_by: dossier`) is asked
/// only where that duty is not known to be absent; the consultation of the authority likewise. A risk whose severity or
/// likelihood may be above `accept_above` of the form has to be treated by the action plan or accepted by name.
[[nodiscard]] std::vector<OpenPoint> open_points(const Dossier& dossier, const Assessment& assessment,
                                                 const Messages& messages);
[[nodiscard]] Readiness readiness(const std::vector<OpenPoint>& points);

[[nodiscard]] Page check_page(const std::vector<OpenPoint>& points, const Dossier& dossier,
                              const Assessment& assessment, const Messages& messages);
/// {format: sovrisk-dossier-check/1, tool, offering, workload, as_of, result, open: [{kind, id, text, perhaps}],
/// entries:
/// [{place, bond, ground, on}]}.
[[nodiscard]] std::string check_json(const std::vector<OpenPoint>& points, const Dossier& dossier,
                                     const Assessment& assessment, const Tool& tool);

}  // namespace sovrisk
