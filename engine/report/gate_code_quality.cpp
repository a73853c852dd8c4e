#include <fmt/format.h>

#include <set>

#include "report/gate_parts.h"
#include "report/oscal_parts.h"

namespace sovrisk {

namespace {

std::string_view severity(Outcome outcome) {
  switch (outcome) {
    case Outcome::failed: return "critical";
    case Outcome::open: return "major";
    case Outcome::warned: return "minor";
    case Outcome::excepted:
    case Outcome::passed: break;
  }
  return "info";
}

}  // namespace

std::string gate_code_quality(const GateResult& result, const Messages& messages, const SourceMap& sources,
                              const GateFormatOptions& options) {
  gate::Json list = gate::Json::array();
  std::set<std::string> fingerprints;
  for (const Finding& finding : findings(result)) {
    const GateCheck& check = *finding.check;
    const gate::Where where = gate::where(*finding.subject, check, result, sources, options);
    std::string text = gate::message_of(*finding.subject, check, messages);
    if (check.outcome == Outcome::excepted && check.exception != nullptr)
      text = gate::sentences({text, gate::acceptance_of(*check.exception, messages)});
    // Of two with one fingerprint GitLab shows the first alone.
    std::string fingerprint = check.fingerprint;
    for (std::size_t n = 2; !fingerprints.insert(fingerprint).second; ++n)
      fingerprint = fmt::format("{}-{}", check.fingerprint, n);
    list.push_back({{"description", gate::line(text, 4000)},
                    {"check_name", gate::line(check.rule)},
                    {"fingerprint", fingerprint},
                    {"severity", severity(check.outcome)},
                    {"location", {{"path", gate::line(where.path, 4000)}, {"lines", {{"begin", where.span.line}}}}}});
  }
  return oscal::dump(list);
}

}  // namespace sovrisk
