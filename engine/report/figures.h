// The drawings of a dossier. Bytes depend on the assessment alone; every text in them is escaped.
#pragma once

#include <string>

#include "assess/assessment.h"
#include "report/messages.h"

namespace sovrisk {

/// The risk map: severity upward, likelihood to the right, four levels each, as the CNIL's tool draws it. Each risk
/// stands where it is without the workload's safeguards (red) and with them (blue), joined by an arrow; a range is
/// drawn at its worst, with a line to its best.
[[nodiscard]] std::string risk_map_svg(const Assessment& assessment, const Messages& messages);

/// A bar for every framework with a score: what is sure in full colour, what is open hatched. Empty without any.
[[nodiscard]] std::string score_bars_svg(const Assessment& assessment, const Messages& messages);

/// A picture of its own as an image of a page: its styles and ids stay within it.
[[nodiscard]] std::string picture(const std::string& svg, const std::string& text);

}  // namespace sovrisk
