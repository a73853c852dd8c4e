// The places of a dossier that are for people: empty and marked, or with what the annex records. Nothing is signed
// here.
#pragma once

#include <string>

#include "assess/annex.h"
#include "report/page.h"
#include "report/report.h"

namespace sovrisk {

/// Who made an entry and when, and whether its ground still holds: "Entered by X on D. The ground of this entry has
/// moved since D." An entry whose ground has moved, or that keeps none, says so in every format.
[[nodiscard]] Line entry_line(const AnnexEntry& entry, const Messages& messages);
/// Only the mark of an entry that has moved or is not bound; empty otherwise.
[[nodiscard]] std::string entry_mark(const AnnexEntry& entry, const Messages& messages);

/// The answer to a question; of a list, one item a line of the text, each with the entry's mark.
[[nodiscard]] Page answer_blocks(const AnnexEntry& entry, std::string_view kind, const Messages& messages);
/// How somebody else than the author evaluates a section or a question (CNIL's PIA tool: to correct, improvable,
/// acceptable).
[[nodiscard]] Page evaluation_blocks(const AnnexEntry& entry, const Messages& messages);

/// Opinion of the data protection officer (GDPR article 35(2)), views of the people concerned (article 35(9)),
/// consultation of the authority (article 36) and the decision of the controller. `annex` may be null.
[[nodiscard]] Page dpo_opinion_blocks(const Annex* annex, const Messages& messages);
[[nodiscard]] Page data_subjects_blocks(const Annex* annex, const Messages& messages);
[[nodiscard]] Page consultation_blocks(const Assessment& assessment, const Annex* annex, const Messages& messages);
[[nodiscard]] Page decision_blocks(const Assessment& assessment, const Annex* annex, const Messages& messages);
/// Who signs, with room to do so.
[[nodiscard]] Page signatories_blocks(const Annex* annex, const Messages& messages);

/// Conditions of the verdict with who meets them and by when; entries for conditions that the verdict no longer has
/// stay, and say so.
[[nodiscard]] Page action_plan_blocks(const Assessment& assessment, const Annex* annex, const Messages& messages);
/// Conditions with a date as milestones of the exit, in the order of their dates.
[[nodiscard]] Page milestone_blocks(const Assessment& assessment, const Annex* annex, const Messages& messages);

}  // namespace sovrisk
