// What changed between two results, for people and for tools.
#pragma once

#include <string>

#include "assess/difference.h"
#include "report/messages.h"
#include "report/page.h"
#include "report/report.h"

namespace sovrisk {

/// Every change, what matters most first.
[[nodiscard]] Page diff_page(const Differences& differences, const Messages& messages);

/// The same as a comment on a merge request: the first of what is worse or newly unknown at sight, long lists folded
/// away in `<details>`, texts shortened. Never more than 60 000 bytes: GitHub takes 65 536 characters.
[[nodiscard]] std::string diff_markdown(const Differences& differences, const Messages& messages);

/// The contract of schemas/diff.schema.json.
[[nodiscard]] std::string diff_json(const Differences& differences, const Tool& tool);

}  // namespace sovrisk
