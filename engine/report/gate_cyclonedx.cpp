#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>

#include "load/uuid.h"
#include "report/gate_parts.h"
#include "report/oscal_parts.h"

namespace sovrisk {

namespace {

using gate::Json;

Json property(std::string_view name, std::string_view value) {
  return {{"name", fmt::format("sovrisk:{}", name)}, {"value", gate::line(value, 4000)}};
}

/// The rule set of "least-level:eu-csf:SOV-3"; empty for checks of another kind.
std::string ruleset_of(const GateCheck& check) {
  using Kind = GateCheck::Kind;
  if (check.kind != Kind::level && check.kind != Kind::score && check.kind != Kind::gate) return {};
  const auto colon = check.rule.find(':');
  if (colon == std::string::npos) return {};
  const std::string rest = check.rule.substr(colon + 1);
  return rest.substr(0, rest.find(':'));
}

class Writer {
 public:
  Writer(const GateResult& result, const Messages& messages, const Tool& tool, const GateFormatOptions& options)
      : r_(result), m_(messages), tool_(tool), options_(options) {}

  std::string run() {
    for (const GateSubject& subject : r_.subjects)
      held_against_policy(subject);
    held_against_rulesets();

    Json json;
    json["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json";
    json["bomFormat"] = "CycloneDX";
    json["specVersion"] = "1.6";
    json["serialNumber"] = "";
    json["version"] = 1;
    json["metadata"] = metadata();
    json["declarations"] = {// Who runs the program says it of its own work; who that is, the program does not know.
                            {"assessors", Json::array({{{"bom-ref", "assessor"}, {"thirdParty", false}}})},
                            {"attestations", std::move(attestations_)},
                            {"claims", std::move(claims_)},
                            {"evidence", std::move(evidence_)},
                            {"targets", {{"services", std::move(services_)}}}};
    json["definitions"] = {{"standards", standards()}};
    json["serialNumber"] = fmt::format("urn:uuid:{}", uuid_v5(fmt::format("cyclonedx/{}", oscal::dump(json))));
    return oscal::dump(json);
  }

 private:
  Json metadata() {
    Json properties = Json::array({property("outcome", name_of(r_.outcome())), property("on-unknown", r_.on_unknown),
                                   property("counts", gate::counts_of(r_, m_))});
    for (const Input& input : r_.inputs)
      if (!input.shipped)
        properties.push_back(
            property("input", fmt::format("sha256:{} {}", input.sha256, gate::repository_path(input.path, options_))));
    return {
        {"timestamp", oscal::midnight(r_.as_of)},
        {"tools",
         {{"components", Json::array({{{"type", "application"}, {"name", tool_.name}, {"version", tool_.version}}})}}},
        {"properties", std::move(properties)}};
  }

  /// What is attested of: a resource, a plan, or an offering for a workload.
  std::string target_of(const GateSubject& subject) {
    std::string reference = fmt::format("target:{}:{}", static_cast<int>(subject.kind), gate::line(subject.id, 4000));
    if (!targets_.insert(reference).second) return reference;
    Json service{{"bom-ref", reference}};
    const Document* offering = subject.assessment != nullptr ? subject.assessment->offering : nullptr;
    if (offering != nullptr)
      if (const auto provider = offering->root.text_of("provider"); !provider.empty())
        service["provider"] = {{"name", gate::line(provider)}};
    service["name"] = gate::line(subject.id, 2000);
    Json properties = Json::array();
    if (!subject.offering.empty()) properties.push_back(property("offering", subject.offering));
    if (!subject.workload.empty()) properties.push_back(property("workload", subject.workload));
    if (subject.resource != nullptr) properties.push_back(property("resource-type", subject.resource->type));
    if (subject.passed > 0) properties.push_back(property("passed-checks-not-listed", fmt::to_string(subject.passed)));
    if (!properties.empty()) service["properties"] = std::move(properties);
    services_.push_back(std::move(service));
    return reference;
  }

  std::string evidence_of(const UsedFact& fact) {
    const std::string path = gate::line(fact.path);
    const std::string value = gate::line(fact.value, 4000);
    const auto [at, added] = facts_.emplace(std::make_pair(path, value), fmt::format("evidence:{}", evidence_.size()));
    if (added) {
      Json contents{{"attachment", {{"contentType", "text/plain"}, {"content", value}}}};
      evidence_.push_back({{"bom-ref", at->second},
                           {"propertyName", path},
                           {"data", Json::array({{{"name", path}, {"contents", std::move(contents)}}})}});
    }
    return at->second;
  }

  std::string evidence_of(const PolicyException& exception) {
    const auto [at, added] = exceptions_.emplace(&exception, fmt::format("evidence:{}", evidence_.size()));
    if (!added) return at->second;
    Json contents{{"attachment", {{"contentType", "text/plain"}, {"content", gate::acceptance_of(exception, m_)}}}};
    Json one{{"bom-ref", at->second},
             {"propertyName", "exception"},
             {"data", Json::array({{{"name", gate::line(exception.rule)}, {"contents", std::move(contents)}}})}};
    if (exception.start) one["created"] = oscal::midnight(*exception.start);
    // The last day counts to its end.
    one["expires"] = fmt::format("{}T23:59:59Z", exception.expires.text());
    if (!exception.owner.empty()) one["author"] = {{"name", gate::line(exception.owner)}};
    if (!exception.approver.empty()) one["reviewer"] = {{"name", gate::line(exception.approver)}};
    evidence_.push_back(std::move(one));
    return at->second;
  }

  Json evidence_of(const std::vector<UsedFact>& facts) {
    Json list = Json::array();
    std::set<std::string> seen;
    for (const UsedFact& fact : facts)
      if (fact.truth != Truth::unknown)
        if (std::string reference = evidence_of(fact); seen.insert(reference).second) list.push_back(reference);
    return list;
  }

  std::string claim(const std::string& target, const std::string& predicate, const std::string& reasoning,
                    const std::vector<UsedFact>& facts) {
    std::string reference = fmt::format("claim:{}", claims_.size());
    Json one{{"bom-ref", reference}, {"target", target}, {"predicate", predicate}, {"reasoning", reasoning}};
    if (Json evidence = evidence_of(facts); !evidence.empty()) one["evidence"] = std::move(evidence);
    claims_.push_back(std::move(one));
    return reference;
  }

  std::string requirement_of(const GateCheck& check) {
    const std::string text = fmt::format("{}{} {}", gate::title_of(check, m_), m_("colon"), gate::wanted_of(check, m_));
    std::string reference = fmt::format("policy:{}:{}", gate::line(check.rule), gate::line(check.wanted));
    if (asked_.insert(reference).second)
      policy_.push_back({{"bom-ref", reference},
                         {"identifier", gate::line(check.rule)},
                         {"text", text},
                         {"descriptions", Json::array({gate::help_of(check, m_)})}});
    return reference;
  }

  void held_against_policy(const GateSubject& subject) {
    if (subject.checks.empty() && subject.passed == 0) return;
    const std::string target = target_of(subject);
    Json map = Json::array();
    for (const GateCheck& check : subject.checks) {
      Json one{{"requirement", requirement_of(check)}};
      const std::string account = gate::account_of(check, m_);
      Json conformance = Json::object();
      if (check.result != Truth::unknown) {
        const std::string predicate = m_("gate.out.claim", gate::title_of(check, m_), gate::found_of(check, m_));
        const bool holds = check.result == Truth::yes;
        one[holds ? "claims" : "counterClaims"] = Json::array({claim(target, predicate, account, check.facts)});
        conformance["score"] = holds ? 1 : 0;
      }
      conformance["rationale"] = gate::sentences({fmt::format("{}.", outcome_of(check)), account});
      if (check.outcome == Outcome::excepted && check.exception != nullptr)
        conformance["mitigationStrategies"] = Json::array({evidence_of(*check.exception)});
      one["conformance"] = std::move(conformance);
      map.push_back(std::move(one));
    }
    attest(gate::line(subject.id), policy_title(), std::move(map));
  }

  std::string outcome_of(const GateCheck& check) {
    return m_(fmt::format("gate.out.outcome.{}", name_of(check.outcome)));
  }

  void attest(const std::string& subject, const std::string& standard, Json map) {
    attestations_.push_back(
        {{"summary", m_("gate.out.attested", subject, standard)}, {"assessor", "assessor"}, {"map", std::move(map)}});
  }

  std::string policy_title() {
    const std::string title = r_.policy != nullptr ? m_.text(r_.policy->root.find("title")) : std::string();
    return title.empty() ? m_("gate.out.policy") : gate::line(title);
  }

  /// Each pair of offering and workload once, though many resources share it, against the rule sets that are asked of
  /// it.
  void held_against_rulesets() {
    std::map<const Assessment*, std::set<std::string>> asked;
    for (const GateSubject& subject : r_.subjects)
      if (subject.assessment != nullptr)
        for (const GateCheck& check : subject.checks)
          if (std::string ruleset = ruleset_of(check); !ruleset.empty()) asked[subject.assessment].insert(ruleset);
    for (const GateSubject& subject : r_.subjects) {
      const auto of = asked.find(subject.assessment);
      if (of == asked.end()) continue;
      for (const FrameworkResult& framework : subject.assessment->frameworks)
        if (of->second.contains(framework.ruleset->id)) held_against(subject, framework);
      asked.erase(of);
    }
  }

  void held_against(const GateSubject& subject, const FrameworkResult& framework) {
    const Document& ruleset = *framework.ruleset->document;
    rulesets_.emplace(ruleset.id, &framework);
    const std::string target = target_of(subject);
    Json map = Json::array();
    for (const CriterionResult& result : framework.criteria) {
      if (result.status == Status::not_applicable) continue;
      Json one{{"requirement", reference_of(ruleset, "criterion", result.criterion->id)}};
      std::vector<std::string> missing;
      for (const UsedFact& fact : result.missing)
        missing.push_back(gate::line(fact.path, 200));
      const std::string words =
          gate::sentences({m_(fmt::format("gate.out.criterion.{}", name_of(result.status))),
                           missing.empty() ? std::string() : m_("gate.out.to-get", fmt::join(missing, ", "))});
      Json conformance = Json::object();
      if (result.status != Status::unknown) {
        const std::string predicate = m_("gate.out.claim", result.criterion->id, words);
        const bool against = result.status == Status::not_met;
        one[against ? "counterClaims" : "claims"] = Json::array({claim(target, predicate, words, result.reasons)});
        if (result.status != Status::partly_met) conformance["score"] = against ? 0 : 1;
      }
      conformance["rationale"] = words;
      one["conformance"] = std::move(conformance);
      map.push_back(std::move(one));
    }
    attest(gate::line(subject.id), gate::line(m_.text(ruleset.root.find("title"))), std::move(map));
  }

  static std::string reference_of(const Document& ruleset, std::string_view kind, std::string_view id) {
    return fmt::format("ruleset:{}:{}:{}", ruleset.id, kind, id);
  }

  Json standards() {
    Json list = Json::array();
    Json policy{{"bom-ref", "policy"}, {"name", policy_title()}, {"requirements", std::move(policy_)}};
    list.push_back(std::move(policy));
    for (const auto& [id, framework] : rulesets_)
      list.push_back(standard(*framework));
    return list;
  }

  Json standard(const FrameworkResult& framework) {
    const Document& ruleset = *framework.ruleset->document;
    Json json{{"bom-ref", fmt::format("ruleset:{}", ruleset.id)},
              {"name", gate::line(m_.text(ruleset.root.find("title")))},
              {"version", gate::line(ruleset.root.text_of("version"))}};
    if (const auto issuer = ruleset.root.text_of("issuer"); !issuer.empty()) json["owner"] = gate::line(issuer);
    Json requirements = Json::array();
    std::set<std::string> objectives;
    if (const Node* all = ruleset.root.find("objectives"))
      for (const Node& objective : all->items) {
        const std::string id(objective.text_of("id"));
        objectives.insert(id);
        requirements.push_back({{"bom-ref", reference_of(ruleset, "objective", id)},
                                {"identifier", id},
                                {"text", gate::line(m_.text(objective.find("title")), 4000)}});
      }
    for (const CriterionResult& result : framework.criteria) {
      const Criterion& criterion = *result.criterion;
      Json one{{"bom-ref", reference_of(ruleset, "criterion", criterion.id)},
               {"identifier", criterion.id},
               {"text", gate::line(m_.text(criterion.node->find("asks")), 20'000)}};
      if (objectives.contains(criterion.objective))
        one["parent"] = reference_of(ruleset, "objective", criterion.objective);
      requirements.push_back(std::move(one));
    }
    json["requirements"] = std::move(requirements);
    if (const std::string url = oscal::web_reference(ruleset.root.text_of("url")); !url.empty())
      json["externalReferences"] = Json::array({{{"type", "documentation"}, {"url", url}}});
    return json;
  }

  const GateResult& r_;
  const Messages& m_;
  const Tool& tool_;
  const GateFormatOptions& options_;
  Json attestations_ = Json::array();
  Json claims_ = Json::array();
  Json evidence_ = Json::array();
  Json services_ = Json::array();
  Json policy_ = Json::array();  ///< requirements of the policy
  std::set<std::string> targets_;
  std::set<std::string> asked_;
  std::map<std::pair<std::string, std::string>, std::string> facts_;
  std::map<const PolicyException*, std::string> exceptions_;
  std::map<std::string, const FrameworkResult*> rulesets_;
};

}  // namespace

std::string gate_cyclonedx(const GateResult& result, const Messages& messages, const Tool& tool,
                           const GateFormatOptions& options) {
  return Writer(result, messages, tool, options).run();
}

}  // namespace sovrisk
