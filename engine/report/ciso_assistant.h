// Rule sets and assessments for CISO Assistant, a web application for governance, risk and compliance: a library that
// holds the framework, and the table that its import of audits reads. docs/formats.md tells on what both are based.
#pragma once

#include <map>
#include <string>

#include "report/report.h"

namespace sovrisk {

/// The URN of each criterion of a rule set as a requirement node, by the criterion's id. CISO Assistant compares URNs
/// in lower case; of ids that differ in case alone the later ones get a number.
[[nodiscard]] std::map<std::string, std::string> requirement_urns(const Document& ruleset);

/// A rule set as a library with one framework, in YAML: objectives as sections, criteria as requirements, texts in
/// `language` with those of the other language as translations. `version` is the number by which CISO Assistant tells
/// an update: it takes a file only if its number is higher.
[[nodiscard]] std::string ciso_library(const Document& ruleset, const std::string& language, unsigned version,
                                       const Tool& tool);

/// How one framework of an assessment came out, as comma-separated values that the import of audits reads.
[[nodiscard]] std::string ciso_audit(const FrameworkResult& framework, const Messages& messages);

}  // namespace sovrisk
