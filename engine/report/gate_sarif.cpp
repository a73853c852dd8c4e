#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/gate_parts.h"
#include "report/oscal_parts.h"

namespace sovrisk {

namespace {

using gate::Json;

/// Text of a message: braces would start a placeholder (section 3.11.5), brackets with parentheses a link (3.11.6).
Json message(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '(' && out.ends_with(']')) out += ' ';
    if (c == '{' || c == '}') out += c;
    out += c;
  }
  return {{"text", std::move(out)}};
}

Json artifact(const std::string& path) {
  if (path.starts_with('/')) return {{"uri", "file://" + oscal::path_reference(path)}};
  return {{"uri", oscal::path_reference(path)}, {"uriBaseId", "%SRCROOT%"}};
}

Json physical(const gate::Where& where) {
  Json region{{"startLine", where.span.line}};
  if (where.span.column > 0) {
    region["startColumn"] = where.span.column;
    if (where.span.length > 0) region["endColumn"] = where.span.column + where.span.length;
  }
  return {{"artifactLocation", artifact(where.path)}, {"region", std::move(region)}};
}

std::string_view level_of(Outcome outcome) {
  if (outcome == Outcome::failed || outcome == Outcome::open) return "error";
  return outcome == Outcome::warned ? "warning" : "note";
}

class Writer {
 public:
  Writer(const GateResult& result, const Messages& messages, const Tool& tool, const SourceMap& sources,
         const GateFormatOptions& options)
      : r_(result), m_(messages), tool_(tool), sources_(sources), options_(options) {
    for (const Finding& finding : findings(r_))
      if (options_.excepted || finding.check->outcome != Outcome::excepted) findings_.push_back(finding);
    suppressing_ = std::any_of(findings_.begin(), findings_.end(),
                               [](const Finding& finding) { return finding.check->outcome == Outcome::excepted; });
  }

  std::string run() {
    Json rules = this->rules();  // before the results, which name rules by place
    Json results = Json::array();
    for (const Finding& finding : findings_)
      results.push_back(result(finding));
    Json run;
    run["tool"] = {{"driver", {{"name", tool_.name}, {"semanticVersion", tool_.version}, {"rules", std::move(rules)}}}};
    run["language"] = m_.language();
    run["columnKind"] = "unicodeCodePoints";
    run["artifacts"] = artifacts();
    run["results"] = std::move(results);
    const GateCounts& counts = r_.counts;
    run["properties"] = {{"asOf", r_.as_of.text()},
                         {"onUnknown", r_.on_unknown},
                         {"outcome", name_of(r_.outcome())},
                         {"counts",
                          {{"passed", counts.passed},
                           {"excepted", counts.excepted},
                           {"warned", counts.warned},
                           {"open", counts.open},
                           {"failed", counts.failed}}},
                         {"knownBefore", r_.known_before}};
    Json log;
    log["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
    log["version"] = "2.1.0";
    log["runs"] = Json::array({std::move(run)});
    return oscal::dump(log);
  }

 private:
  /// Every check made is a rule, so that readers can tell one that found nothing from one that does not exist.
  Json rules() {
    std::map<std::string, const GateCheck*> checks;
    for (const GateSubject& subject : r_.subjects)
      for (const GateCheck& check : subject.checks)
        checks.emplace(check.rule, &check);
    std::map<std::string, Outcome> worst;
    for (const Finding& finding : findings_) {
      const auto at = worst.emplace(finding.check->rule, finding.check->outcome).first;
      at->second = std::max(at->second, finding.check->outcome);
    }
    Json rules = Json::array();
    for (const auto& [id, check] : checks) {
      rule_index_.emplace(id, rules.size());
      const std::string help = gate::help_of(*check, m_);
      const auto found = worst.find(id);
      rules.push_back(
          {{"id", gate::line(id)},
           {"shortDescription", message(gate::title_of(*check, m_))},
           {"fullDescription", message(help)},
           {"help", message(help)},
           {"defaultConfiguration", {{"level", level_of(found != worst.end() ? found->second : Outcome::failed)}}},
           {"properties", {{"tags", Json::array({"sovereignty"})}}}});
    }
    return rules;
  }

  Json artifacts() {
    Json list = Json::array();
    for (const Input& input : r_.inputs)
      if (!input.shipped && input.path != "-")
        list.push_back({{"location", artifact(gate::repository_path(input.path, options_))},
                        {"hashes", {{"sha-256", input.sha256}}}});
    return list;
  }

  Json result(const Finding& finding) {
    const GateSubject& subject = *finding.subject;
    const GateCheck& check = *finding.check;
    Json json;
    json["ruleId"] = gate::line(check.rule);
    json["ruleIndex"] = rule_index_.at(check.rule);
    if (check.result == Truth::unknown) {
      json["kind"] = "open";  // and no level: see gate_formats.h
    } else {
      json["kind"] = "fail";
      json["level"] = level_of(check.outcome);
    }
    json["message"] = message(gate::message_of(subject, check, m_));
    const std::string name = gate::line(subject.id, 2000);
    Json location{{"physicalLocation", physical(gate::where(subject, check, r_, sources_, options_))},
                  {"logicalLocations",
                   Json::array({{{"fullyQualifiedName", name},
                                 {"kind", subject.kind == GateSubject::Kind::resource ? "resource" : "object"}}})}};
    json["locations"] = Json::array({std::move(location)});
    if (const auto asked = gate::place_of(check.span, sources_, options_); asked && check.span.line > 0)
      json["relatedLocations"] = Json::array(
          {{{"id", 1}, {"physicalLocation", physical(*asked)}, {"message", message(m_("gate.out.asked-here"))}}});
    json["partialFingerprints"] = {{"sovrisk/v1", check.fingerprint}, {"primaryLocationLineHash", check.fingerprint}};
    if (suppressing_) json["suppressions"] = suppressions(check);
    json["properties"] = {{"outcome", name_of(check.outcome)}};
    return json;
  }

  Json suppressions(const GateCheck& check) {
    Json list = Json::array();
    if (check.outcome != Outcome::excepted) return list;
    Json one{{"kind", "external"}, {"status", "accepted"}};
    if (check.exception != nullptr) {
      one["justification"] = gate::acceptance_of(*check.exception, m_);
      if (const auto place = gate::place_of(check.exception->span, sources_, options_))
        one["location"] = {{"physicalLocation", physical(*place)}};
    }
    list.push_back(std::move(one));
    return list;
  }

  const GateResult& r_;
  const Messages& m_;
  const Tool& tool_;
  const SourceMap& sources_;
  const GateFormatOptions& options_;
  std::vector<Finding> findings_;
  bool suppressing_ = false;
  std::map<std::string, std::size_t> rule_index_;
};

}  // namespace

std::string gate_sarif(const GateResult& result, const Messages& messages, const Tool& tool, const SourceMap& sources,
                       const GateFormatOptions& options) {
  return Writer(result, messages, tool, sources, options).run();
}

}  // namespace sovrisk
