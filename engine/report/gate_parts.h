// What the formats of a gate share: where a deviation is, and what is said of it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "report/gate_formats.h"

namespace sovrisk::gate {

using Json = nlohmann::ordered_json;

/// A line of a file of the user.
struct Where {
  std::string path;  ///< of the repository, with forward slashes
  Span span;         ///< line 1 at least
};

/// A path as the repository has it: without `.` and, as far as that can be told, `..`.
[[nodiscard]] std::string repository_path(std::string_view path, const GateFormatOptions& options);

/// The place of a span in a file of the user; nothing where it has none.
[[nodiscard]] std::optional<Where> place_of(const Span& span, const SourceMap& sources,
                                            const GateFormatOptions& options);
/// Where a reader should look: the source of a resource, else the line of the policy that asks, else the policy.
[[nodiscard]] Where where(const GateSubject& subject, const GateCheck& check, const GateResult& result,
                          const SourceMap& sources, const GateFormatOptions& options);

/// One line, harmless, at most so many characters: what is cut ends with an ellipsis.
[[nodiscard]] std::string line(std::string_view text, std::size_t most = 1000);

/// Sentences one after the other; empty ones are left out.
[[nodiscard]] std::string sentences(const std::vector<std::string>& parts);

/// What is checked: "level of eu-csf", or the title of a rule of the policy's own.
[[nodiscard]] std::string title_of(const GateCheck& check, const Messages& m);
/// What such a check means, and what to do about it.
[[nodiscard]] std::string help_of(const GateCheck& check, const Messages& m);
[[nodiscard]] std::string wanted_of(const GateCheck& check, const Messages& m);
[[nodiscard]] std::string found_of(const GateCheck& check, const Messages& m);
/// Why something is not known: the words for its code, as of Place and PlannedResource; of a plan there may be several
/// codes, and each has a sentence. Empty where the check gives none.
[[nodiscard]] std::string why_of(const GateCheck& check, const Messages& m);
/// The steps by which a place or an offering was found.
[[nodiscard]] std::string joined_steps(const std::vector<Step>& chain);
/// "found: …; wanted: …" with what is missing, how it was found, and an exception that ran out.
[[nodiscard]] std::string account_of(const GateCheck& check, const Messages& m);
/// Subject, title and account.
[[nodiscard]] std::string message_of(const GateSubject& subject, const GateCheck& check, const Messages& m);
/// Until when, why and by whom it is accepted.
[[nodiscard]] std::string acceptance_of(const PolicyException& exception, const Messages& m);
/// "Checks: 12. Passed: 10, …".
[[nodiscard]] std::string counts_of(const GateResult& result, const Messages& m);

}  // namespace sovrisk::gate
