#include <fmt/format.h>

#include <array>

#include "report/gate_parts.h"

namespace sovrisk {

namespace {

/// What GitHub takes of each kind in one step.
constexpr std::size_t most = 10;

/// actions/toolkit, docs/commands.md: data of a command, and values of its properties.
std::string escaped(std::string_view text, bool property) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '%': out += "%25"; break;
      case '\r': out += "%0D"; break;
      case '\n': out += "%0A"; break;
      case ':': out += property ? "%3A" : ":"; break;
      case ',': out += property ? "%2C" : ","; break;
      default: out += c;
    }
  }
  return out;
}

std::string command(std::string_view kind, const Finding& finding, const GateResult& result, const Messages& m,
                    const SourceMap& sources, const GateFormatOptions& options) {
  const GateCheck& check = *finding.check;
  const gate::Where where = gate::where(*finding.subject, check, result, sources, options);
  std::string properties = fmt::format("file={},line={}", escaped(gate::line(where.path, 4000), true), where.span.line);
  if (where.span.column > 0) {
    properties += fmt::format(",col={}", where.span.column);
    if (where.span.length > 1) properties += fmt::format(",endColumn={}", where.span.column + where.span.length - 1);
  }
  std::string text = gate::message_of(*finding.subject, check, m);
  if (check.outcome == Outcome::excepted && check.exception != nullptr)
    text = gate::sentences({text, gate::acceptance_of(*check.exception, m)});
  return fmt::format("::{} {},title={}::{}\n", kind, properties,
                     escaped(fmt::format("sovrisk {}", gate::line(check.rule, 200)), true),
                     escaped(gate::line(text, 3000), false));
}

}  // namespace

std::string gate_github(const GateResult& result, const Messages& messages, const SourceMap& sources,
                        const GateFormatOptions& options) {
  constexpr std::array<std::string_view, 3> kinds{"error", "warning", "notice"};
  std::array<std::vector<Finding>, 3> by_kind;
  for (const Finding& finding : findings(result)) {
    const Outcome outcome = finding.check->outcome;
    const bool error = outcome == Outcome::failed || outcome == Outcome::open;
    by_kind.at(error ? 0 : outcome == Outcome::warned ? 1 : 2).push_back(finding);
  }
  std::string text;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const std::vector<Finding>& all = by_kind.at(kind);
    const std::size_t shown = all.size() > most ? most - 1 : all.size();
    for (std::size_t i = 0; i < shown; ++i)
      text += command(kinds.at(kind), all[i], result, messages, sources, options);
    if (shown < all.size())
      text += fmt::format("::{} title=sovrisk gate::{}\n", kinds.at(kind),
                          escaped(messages("gate.out.more", all.size() - shown), false));
  }
  return text;
}

}  // namespace sovrisk
