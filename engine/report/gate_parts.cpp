#include "report/gate_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "load/utf8.h"
#include "report/oscal_parts.h"

namespace sovrisk::gate {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 9> kinds{"verdict", "level", "score",    "gate",    "law",
                                                "rule",    "place", "offering", "complete"};

std::string_view kind_of(const GateCheck& check) { return kinds.at(static_cast<std::size_t>(check.kind)); }

template <std::size_t N>
bool is_among(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::string why_of(const GateCheck& check, const Messages& m) {
  const bool whole = check.kind == GateCheck::Kind::complete;
  std::vector<std::string> parts;
  const std::string& codes = check.why_unknown;
  for (std::size_t begin = 0; begin < codes.size();) {
    const auto end = std::min(codes.find(", ", begin), codes.size());
    const std::string code = codes.substr(begin, end - begin);
    const std::string words = m(fmt::format("{}.{}", whole ? "incomplete" : "place-unknown", code));
    parts.push_back(words.starts_with("‹") ? line(code) : words);  // no code of ours: it has no words
    begin = end + 2;
  }
  return sentences(parts);
}

namespace {

/// What is wanted and found is words of policies, data and codes; a few of them are words of ours.
std::string word_of(const GateCheck& check, const std::string& value, const Messages& m) {
  constexpr std::array<std::string_view, 4> verdicts{"acceptable", "conditional", "unacceptable", "undetermined"};
  constexpr std::array<std::string_view, 3> gates{"met", "not-met", "unknown"};
  constexpr std::array<std::string_view, 2> whole{"complete", "incomplete"};
  if (check.kind == GateCheck::Kind::verdict && is_among(value, verdicts)) return m(fmt::format("verdict.{}", value));
  const bool of_gate = check.kind == GateCheck::Kind::gate || check.kind == GateCheck::Kind::rule;
  if (of_gate && is_among(value, gates)) return m(fmt::format("gate.{}", value));
  if (check.kind == GateCheck::Kind::law && value == "none") return m("after.none");
  if (check.kind == GateCheck::Kind::law && value == "content") return m("after.content");
  if (check.kind == GateCheck::Kind::complete && is_among(value, whole)) return m(fmt::format("gate.{}", value));
  if (check.kind == GateCheck::Kind::offering && value == "known") return m("gate.known");
  if (value == "unknown" || value.empty()) return m("unknown");
  return line(value);
}

}  // namespace

std::string joined_steps(const std::vector<Step>& chain) {
  std::vector<std::string> steps;
  steps.reserve(chain.size());
  for (const Step& step : chain)
    steps.push_back(fmt::format("{} = {}", line(step.at, 200), line(step.says, 200)));
  return fmt::format("{}", fmt::join(steps, "; "));
}

namespace {

std::string missing_facts(const GateCheck& check) {
  std::vector<std::string> missing;
  for (const UsedFact& fact : check.facts)
    if (fact.truth == Truth::unknown) missing.push_back(line(fact.path, 200));
  return fmt::format("{}", fmt::join(missing, ", "));
}

}  // namespace

std::string repository_path(std::string_view path, const GateFormatOptions& options) {
  if (path.empty() || path == "-") return std::string(path);
  fs::path full(path);
  if (full.is_relative() && !options.folder.empty()) full = fs::path(options.folder) / full;
  full = full.lexically_normal();
  if (!options.root.empty()) {
    std::string root = fs::path(options.root).lexically_normal().generic_string();
    if (!root.ends_with('/')) root += '/';
    const std::string whole = full.generic_string();
    if (whole.starts_with(root) && whole.size() > root.size()) return whole.substr(root.size());
  }
  return (fs::path(path).is_relative() ? fs::path(path).lexically_normal() : full).generic_string();
}

std::optional<Where> place_of(const Span& span, const SourceMap& sources, const GateFormatOptions& options) {
  if (span.file == no_file || span.file >= sources.size() || sources[span.file].shipped) return std::nullopt;
  Where place{repository_path(sources[span.file].path, options), span};
  if (place.path.empty()) return std::nullopt;
  if (place.span.line == 0) place.span = {span.file, 1, 0, 0};
  return place;
}

Where where(const GateSubject& subject, const GateCheck& check, const GateResult& result, const SourceMap& sources,
            const GateFormatOptions& options) {
  if (subject.kind == GateSubject::Kind::resource && subject.span.line > 0)
    if (auto place = place_of(subject.span, sources, options)) return *place;
  for (const Span& span : {check.span, subject.span})
    if (span.line > 0)
      if (auto place = place_of(span, sources, options)) return *place;
  if (result.policy != nullptr)
    if (auto place = place_of({result.policy->file, 0, 0, 0}, sources, options)) return *place;
  for (const Input& input : result.inputs)
    if (!input.shipped) return {repository_path(input.path, options), {no_file, 1, 0, 0}};
  return {"-", {no_file, 1, 0, 0}};
}

std::string line(std::string_view text, std::size_t most) {
  std::string one = oscal::value(text);
  if (one.size() <= most) return one;
  const std::vector<std::size_t> starts = utf8::character_starts(one);
  if (starts.size() <= most) return one;
  one.resize(starts[most - 1]);
  return one + "…";
}

std::string sentences(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += ' ';
    text += part;
  }
  return text;
}

std::string title_of(const GateCheck& check, const Messages& m) {
  if (check.title != nullptr)
    if (const std::string text = m.text(check.title); !text.empty()) return line(text, 300);
  std::string subject = line(check.subject, 300);
  if (check.kind == GateCheck::Kind::place) {
    constexpr std::array<std::string_view, 4> places{"at_rest", "processing", "support", "backup"};
    if (is_among(check.subject, places)) subject = m(fmt::format("gate.out.place.{}", check.subject));
  }
  return m(fmt::format("gate.out.asks.{}", kind_of(check)), subject);
}

std::string help_of(const GateCheck& check, const Messages& m) {
  return sentences({m(fmt::format("gate.out.help.{}", kind_of(check))),
                    check.remedy != nullptr ? line(m.text(check.remedy), 2000) : std::string()});
}

std::string wanted_of(const GateCheck& check, const Messages& m) { return word_of(check, check.wanted, m); }
std::string found_of(const GateCheck& check, const Messages& m) { return word_of(check, check.found, m); }

std::string account_of(const GateCheck& check, const Messages& m) {
  std::vector<std::string> parts{check.wanted.empty() ? m("gate.out.account-found", found_of(check, m))
                                                      : m("gate.out.account", found_of(check, m), wanted_of(check, m))};
  if (check.result == Truth::unknown) {
    parts.push_back(m("gate.out.not-established"));
    if (check.kind == GateCheck::Kind::complete)
      parts.push_back(why_of(check, m));
    else if (!check.why_unknown.empty())
      parts.push_back(m("gate.out.because", why_of(check, m)));
    if (const std::string missing = missing_facts(check); !missing.empty())
      parts.push_back(m("gate.out.to-get", missing));
  }
  if (!check.chain.empty()) parts.push_back(m("gate.out.found-by", joined_steps(check.chain)));
  if (check.exception != nullptr && check.exception->state == PolicyException::State::expired)
    parts.push_back(m("gate.out.ran-out", m.date(check.exception->expires), line(check.exception->reason, 300)));
  if (check.remedy != nullptr) parts.push_back(line(m.text(check.remedy), 500));
  return sentences(parts);
}

std::string message_of(const GateSubject& subject, const GateCheck& check, const Messages& m) {
  return m("gate.out.message", line(subject.id, 500), title_of(check, m), account_of(check, m));
}

std::string acceptance_of(const PolicyException& exception, const Messages& m) {
  std::string reason = line(exception.reason, 500);
  if (reason.ends_with('.')) reason.pop_back();  // the sentence around it has a full stop
  std::vector<std::string> parts{m("gate.out.accepted", m.date(exception.expires), reason)};
  const auto add = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) parts.push_back(m(key, line(value, 200)));
  };
  add("gate.out.owner", exception.owner);
  add("gate.out.approver", exception.approver);
  add("gate.out.ticket", exception.ticket);
  return sentences(parts);
}

std::string counts_of(const GateResult& result, const Messages& m) {
  const GateCounts& counts = result.counts;
  std::vector<std::string> parts{
      m("gate.out.counts", counts.all(), counts.failed, counts.open, counts.warned, counts.excepted, counts.passed)};
  if (result.known_before > 0) parts.push_back(m("gate.out.known-before", result.known_before));
  return sentences(parts);
}

}  // namespace sovrisk::gate
