#include <nlohmann/json.hpp>

#include "report/report.h"

namespace sovrisk {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(GateCheck::Kind kind) {
  switch (kind) {
    case GateCheck::Kind::verdict: return "verdict";
    case GateCheck::Kind::level: return "level";
    case GateCheck::Kind::score: return "score";
    case GateCheck::Kind::gate: return "gate";
    case GateCheck::Kind::law: return "law";
    case GateCheck::Kind::rule: return "rule";
    case GateCheck::Kind::place: return "place";
    case GateCheck::Kind::offering: return "offering";
    case GateCheck::Kind::complete: return "complete";
  }
  return "verdict";
}

std::string_view name_of(PolicyException::State state) {
  switch (state) {
    case PolicyException::State::not_yet: return "not-yet";
    case PolicyException::State::in_force: return "in-force";
    case PolicyException::State::expired: return "expired";
  }
  return "in-force";
}

class Writer {
 public:
  Writer(const GateResult& result, const Messages& m, const SourceMap& sources)
      : result_(result), m_(m), sources_(sources) {}

  Json run(const Tool& tool) {
    Json json;
    json["format"] = "sovrisk-gate/1";
    json["tool"] = {{"name", tool.name}, {"version", tool.version}};
    json["language"] = m_.language();
    json["as_of"] = result_.as_of.text();
    json["policy"] = {{"path", sources_[result_.policy->file].path},
                      {"title", m_.text(result_.policy->root.find("title"))}};
    json["on_unknown"] = result_.on_unknown;
    json["outcome"] = sovrisk::name_of(result_.outcome());
    const GateCounts& n = result_.counts;
    json["counts"] = {{"passed", n.passed}, {"excepted", n.excepted}, {"warned", n.warned},
                      {"open", n.open},     {"failed", n.failed},     {"known_before", result_.known_before}};
    json["subjects"] = Json::array();
    for (const GateSubject& one : result_.subjects)
      json["subjects"].push_back(subject(one));
    json["exceptions"] = Json::array();
    for (const PolicyException& one : result_.exceptions) {
      Json entry = exception(one);
      entry["used"] = one.used;
      json["exceptions"].push_back(std::move(entry));
    }
    json["inputs"] = Json::array();
    for (const Input& input : result_.inputs)
      json["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}, {"shipped", input.shipped}});
    return json;
  }

 private:
  Json subject(const GateSubject& one) const {
    constexpr std::string_view kinds[] = {"pair", "resource", "plan"};
    Json json;
    json["kind"] = kinds[static_cast<std::size_t>(one.kind)];
    json["id"] = one.id;
    if (!one.offering.empty()) json["offering"] = one.offering;
    if (!one.workload.empty()) json["workload"] = one.workload;
    if (one.assessment != nullptr) json["verdict"] = one.assessment->verdict.value;
    if (one.span.line > 0) json["at"] = place(one.span);
    if (one.resource != nullptr) {
      json["type"] = one.resource->type;
      json["places"] = Json::array();
      for (const Place& place : one.resource->places)
        json["places"].push_back({{"role", place.role},
                                  {"region", place.region},
                                  {"countries", place.countries},
                                  {"known", place.known},
                                  {"why_unknown", place.why_unknown},
                                  {"chain", steps(place.chain)}});
    }
    json["passed"] = one.passed;
    json["checks"] = Json::array();
    for (const GateCheck& check : one.checks)
      json["checks"].push_back(this->check(check));
    return json;
  }

  Json check(const GateCheck& check) const {
    const std::string_view result =
        check.result == Truth::yes ? "pass" : (check.result == Truth::no ? "fail" : "unknown");
    Json json{{"kind", name_of(check.kind)},
              {"rule", check.rule},
              {"subject", check.subject},
              {"wanted", check.wanted},
              {"found", check.found},
              {"result", result},
              {"outcome", sovrisk::name_of(check.outcome)}};
    if (check.title != nullptr) json["title"] = m_.text(check.title);
    if (check.remedy != nullptr) json["remedy"] = m_.text(check.remedy);
    if (check.value) json["value"] = *check.value;
    json["at"] = place(check.span);
    if (!check.why_unknown.empty()) json["why_unknown"] = check.why_unknown;
    if (!check.chain.empty()) json["chain"] = steps(check.chain);
    if (!check.facts.empty()) {
      json["facts"] = Json::array();
      for (const UsedFact& fact : check.facts)
        json["facts"].push_back({{"fact", fact.path}, {"value", fact.value}});
    }
    if (check.exception != nullptr) json["exception"] = exception(*check.exception);
    if (!check.fingerprint.empty()) json["fingerprint"] = check.fingerprint;
    return json;
  }

  Json place(const Span& span) const {
    return {{"path", sources_[span.file].path}, {"line", span.line}, {"column", span.column}};
  }

  static Json steps(const std::vector<Step>& chain) {
    Json json = Json::array();
    for (const Step& step : chain)
      json.push_back({{"at", step.at}, {"says", step.says}});
    return json;
  }

  static Json exception(const PolicyException& one) {
    Json json{{"rule", one.rule}, {"subject", one.subject}, {"reason", one.reason}, {"owner", one.owner}};
    if (!one.approver.empty()) json["approver"] = one.approver;
    if (!one.ticket.empty()) json["ticket"] = one.ticket;
    if (one.start) json["start"] = one.start->text();
    json["expires"] = one.expires.text();
    json["state"] = name_of(one.state);
    json["expiring"] = one.expiring;
    return json;
  }

  const GateResult& result_;
  const Messages& m_;
  const SourceMap& sources_;
};

}  // namespace

std::string gate_json(const GateResult& result, const Messages& messages, const Tool& tool, const SourceMap& sources) {
  return Writer(result, messages, sources).run(tool).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sovrisk
