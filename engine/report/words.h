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
[[nodiscard]] std::vector<Exposure> ordered_exposures(const Assessment& assessment);
[[nodiscard]] Words reach_words(const Exposure& exposure, const Messages& m);
[[nodiscard]] std::string after_words(const Exposure& exposure, const Messages& m);
/// "Operator ← 100 % Parent (US)".
[[nodiscard]] std::string via_words(const Exposure& exposure, const Assessment& assessment);
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
