// What a gate says, in the formats that pipelines, forges and registers of evidence read. Each is a pure function: no
// clock, no disk, and ids that depend on what they name. Everything taken from inputs comes out on one line and with
// control characters made visible.
//
// What is written once per deviation points at a line of a file of the user: at the source of a resource where that is
// known, else at the line of the policy that asks. Files of the catalogue inside the program are never such a place.
#pragma once

#include <string>

#include "report/report.h"

namespace sovrisk {

/// How paths become those of the repository, and what is left out.
struct GateFormatOptions {
  std::string folder;    ///< absolute: the one that relative paths are of; empty: they are of the repository's root
  std::string root;      ///< absolute: the repository's; paths below it are written from there on
  bool excepted = true;  ///< of SARIF: with what a person has accepted, as suppressed results
};

/// SARIF 2.1.0 (OASIS, errata 01): one run whose rules are the checks made (section 3.49; ids as in GateCheck::rule)
/// and whose results are those that did not pass. Section numbers of what is not plain:
/// - 3.27.9, 3.27.10: what is not established has the kind `open` and no level, which means `none`. Readers that do not
///   know kinds take the level of the rule's configuration, which is that of the worst outcome under the rule.
/// - 3.27.12: every result has a physical location; its logical location (3.33) is the resource or pair.
/// - 3.27.17: `sovrisk/v1` is the check's fingerprint. `primaryLocationLineHash` is the same, since GitHub reads no
///   other and would take two deviations on one line of the policy for one.
/// - 3.27.23, 3.35: what is excepted has a suppression, and then every other result an empty list of them.
/// - 3.11.5, 3.11.6: braces are doubled, and what would read as a link is parted.
[[nodiscard]] std::string gate_sarif(const GateResult& result, const Messages& messages, const Tool& tool,
                                     const SourceMap& sources, const GateFormatOptions& options = {});

enum class JunitFlavour : std::uint8_t {
  plain,  ///< what Jenkins' junit-10.xsd takes
  gitlab  ///< with `file` on each case, which GitLab shows and junit-10.xsd refuses
};

/// JUnit XML: a suite for each subject, a case for each check, named by its rule so that histories hold across
/// languages and runs; classname and name together are unique. Failed: `failure`. Not established, and so failing:
/// `error`, since the check came to no result. Excepted, or let pass with a warning: `skipped` with the reason. Passed
/// checks that the result only counts are one case `other-checks`.
[[nodiscard]] std::string gate_junit(const GateResult& result, const Messages& messages, const SourceMap& sources,
                                     JunitFlavour flavour, const GateFormatOptions& options = {});

/// Workflow commands of GitHub Actions (actions/toolkit, docs/commands.md and docs/problem-matchers.md): failed and not
/// established as errors, let pass as warnings, excepted as notices. GitHub takes ten of each in a step; with more, the
/// tenth counts the rest.
[[nodiscard]] std::string gate_github(const GateResult& result, const Messages& messages, const SourceMap& sources,
                                      const GateFormatOptions& options = {});

/// GitLab Code Quality (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format"): failed `critical`, not
/// established `major`, let pass `minor`, excepted `info`, for there is no word for an exception. Fingerprints are
/// unique.
[[nodiscard]] std::string gate_code_quality(const GateResult& result, const Messages& messages,
                                            const SourceMap& sources, const GateFormatOptions& options = {});

/// Markdown for a job's summary: the outcome, counts, what failed or is not established, exceptions. Below 512 KiB
/// (GitHub takes 1 MiB in a step); what does not fit is counted.
[[nodiscard]] std::string gate_summary(const GateResult& result, const Messages& messages, const SourceMap& sources,
                                       const GateFormatOptions& options = {});

/// CycloneDX 1.6 (ECMA-424) with `definitions.standards`: the policy, and each rule set of which it wants a level, a
/// score or a gate; and `declarations`: what was found as claims (those against what is wanted as counter-claims),
/// facts and exceptions as evidence, and for each subject an attestation that maps requirements to them. Conformance is
/// 1 or 0; what is not established, or met in part, has a rationale and no score. The timestamp is the day of the
/// assessment, the serial number the UUID of the content. It is not signed, and affirms nothing in anybody's name.
[[nodiscard]] std::string gate_cyclonedx(const GateResult& result, const Messages& messages, const Tool& tool,
                                         const GateFormatOptions& options = {});

}  // namespace sovrisk
