// The small phrases that several reports share.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "assess/gate.h"
#include "report/report.h"

namespace sovrisk {

[[nodiscard]] Tone verdict_tone(std::string_view verdict);
/// Foreign before European, certain before arguable, background last.
[[nodiscard]] std::vector<const Exposure*> ordered_exposures(const Assessment& assessment);
[[nodiscard]] Words reach_words(const Exposure& exposure, const Messages& m);
[[nodiscard]] std::string after_words(const Exposure& exposure, const Messages& m);
/// The name of an entity; who stands for somebody that no profile names is described.
[[nodiscard]] std::string entity_words(const Assessment& assessment, const std::string& id, const Messages& m);
/// "Operator ← 100 % Parent (US)".
[[nodiscard]] std::string via_words(const Exposure& exposure, const Assessment& assessment, const Messages& m);
/// Adds " [a:b, c:d]", each leading to its source.
void cite(Line& line, const std::vector<std::string>& sources);
/// A message of which one part is a line: {0}, or {1} where words for {0} are given.
[[nodiscard]] Line line_with(std::string_view key, const Line& part, Tone tone, const Messages& m,
                             const std::string& before = {});
/// The sources of an assessment by their keys, one an item; keys that it does not know are left out.
[[nodiscard]] Bullets source_list(const std::set<std::string>& keys, const Assessment& assessment, const Messages& m);
/// "a, b, c (+4)", each leading to what `kind` and it name: "criterion", "fact", ...
void list_into(Line& line, const std::vector<std::string>& items, std::size_t most, std::string_view kind, Tone tone,
               const Messages& m);
[[nodiscard]] std::string level_words(const FrameworkResult& framework, const Messages& m);
[[nodiscard]] Words gate_words(const FrameworkResult& framework, const Messages& m);
[[nodiscard]] std::string counts_words(const FrameworkResult& framework, const Messages& m);
[[nodiscard]] Words rating_words(const Rating& rating, const Method& method, std::string_view names, const Messages& m);
/// One side of a conflict: in the language of the report where the profile has it so.
[[nodiscard]] std::string said(const Statement& statement, const Messages& m);
/// "a, b, c (+4)".
[[nodiscard]] std::string listed(const std::vector<std::string>& items, std::size_t most, const Messages& m);
/// When a condition of the verdict is due, if it has a date.
[[nodiscard]] std::optional<Date> due_date(const ConditionRule& rule, const Assessment& assessment);
/// Why an exposure is as it is: each match with its facts; adds the keys of their sources to `used`.
/// Without `all`, only the matches that establish the grade and those that may raise it.
void proof_blocks(const Exposure& exposure, const Assessment& assessment, const Messages& m, bool all, Page& page,
                  std::set<std::string>& used);

}  // namespace sovrisk
