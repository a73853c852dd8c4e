#include "report/oscal.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "load/reader.h"
#include "load/uuid.h"
#include "report/oscal_parts.h"
#include "report/words.h"

namespace sovrisk {

namespace {

using oscal::Json;
using oscal::markup;
using oscal::prop;

/// "2" or "1..3".
std::string range_text(const Range& range) {
  return range.decided() ? fmt::format("{:g}", range.low) : fmt::format("{:g}..{:g}", range.low, range.high);
}

Json list_of(Json one) {
  Json list = Json::array();
  list.push_back(std::move(one));
  return list;
}

/// Whether an exposure is told: as in the table of findings, those that reach, and those to which facts point.
bool is_told(const Exposure& exposure) {
  if (!counts(exposure) || exposure.most == Certainty::not_reached) return false;
  if (exposure.least == Certainty::not_reached && !exposure.pointed_at) return false;
  return exposure.law->effects != std::vector<std::string>{"criterion"};
}

class Results {
 public:
  Results(const Assessment& assessment, const Messages& messages, const Tool& tool)
      : a_(assessment), m_(messages), tool_(tool) {
    // What is found is named after what it is found of, so that it keeps its UUID in the next assessment.
    subject_ = fmt::format("{}/{}", a_.offering->id, a_.workload != nullptr ? a_.workload->id : "");
    component_ = uuid_v5(fmt::format("offering/{}", a_.offering->id));
    tool_uuid_ = uuid_v5("tool/sovrisk");
    date_ = oscal::midnight(a_.as_of);
  }

  Json run() {
    const std::string document = identity();
    Json json;
    json["uuid"] = uuid_v5(fmt::format("assessment-results/{}", document));
    json["metadata"] = oscal::metadata(title(), a_.as_of.text(), a_.as_of, tool_);
    json["import-ap"] = {{"href", oscal::reference_to(plan_uuid())}, {"remarks", markup(m_("oscal.plan"))}};
    json["results"] = list_of(result(document));
    json["back-matter"] = {{"resources", resources()}};
    return Json{{"assessment-results", std::move(json)}};
  }

 private:
  /// Everything that makes this assessment another one, but for the language.
  [[nodiscard]] std::string identity() const {
    std::string text = fmt::format("{}\n{}\n{}\n{}\n", tool_.version, a_.as_of.text(), subject_, a_.method->id);
    for (const Input& input : a_.inputs)
      text += fmt::format("{} {}\n", input.sha256, input.path);
    for (const Document* overlay : a_.overlays)
      text += fmt::format("overlay {}\n", overlay->id);
    for (const FrameworkResult& framework : a_.frameworks) {
      text += fmt::format("{} {}\n", framework.ruleset->id, framework.profile);
      for (const ObjectiveResult& objective : framework.objectives)
        text += fmt::format("{} {}\n", objective.id, objective.weight);
    }
    return sha256_hex(text);
  }

  [[nodiscard]] std::string title() const {
    if (a_.workload == nullptr) return m_("oscal.title", a_.offering->title);
    return m_("oscal.title-for", a_.offering->title, m_.text(a_.workload->root.find("title")));
  }

  [[nodiscard]] static std::string plan_uuid() { return uuid_v5("resource/assessment-plan"); }

  [[nodiscard]] Json origins() const {
    return list_of({{"actors", list_of({{"type", "tool"}, {"actor-uuid", tool_uuid_}})}});
  }
  [[nodiscard]] Json subjects() const { return list_of({{"subject-uuid", component_}, {"type", "component"}}); }

  Json result(const std::string& document) {
    Json json;
    json["uuid"] = uuid_v5(fmt::format("result/{}", document));
    json["title"] = markup(title());
    json["description"] = summary();
    json["start"] = date_;
    json["end"] = date_;
    json["props"] = verdict_props();
    json["local-definitions"] = definitions();
    json["reviewed-controls"] = {{"control-selections", selections()}};
    Json observations = Json::array();
    Json risks = Json::array();
    Json findings = Json::array();
    for (const FrameworkResult& framework : a_.frameworks)
      for (const CriterionResult& criterion : framework.criteria)
        add(framework, criterion, observations, findings);
    for (const Exposure* exposure : ordered_exposures(a_))
      if (is_told(*exposure)) add(*exposure, observations, risks);
    for (const RiskResult& risk : a_.risks)
      risks.push_back(this->risk(risk));
    if (!observations.empty()) json["observations"] = std::move(observations);
    if (!risks.empty()) json["risks"] = std::move(risks);
    if (!findings.empty()) json["findings"] = std::move(findings);
    json["remarks"] = markup(m_("disclaimer"));
    return json;
  }

  [[nodiscard]] std::string summary() const {
    std::string text =
        markup(fmt::format("{}{} {}", m_("verdict"), m_("colon"), m_(fmt::format("verdict.{}", a_.verdict.value))));
    if (a_.verdict.until) text += fmt::format(" {}", markup(m_("verdict.until", m_.date(*a_.verdict.until))));
    for (const VerdictRule* rule : a_.verdict.rules)
      text += fmt::format("\n\n{}", markup(m_.text(rule->because)));
    return text;
  }

  [[nodiscard]] Json verdict_props() const {
    Json props = Json::array();
    props.push_back(prop("verdict", a_.verdict.value));
    for (const std::string& possible : a_.verdict.possible)
      if (a_.verdict.possible.size() > 1) props.push_back(prop("verdict-possible", possible));
    if (a_.verdict.until) props.push_back(prop("verdict-until", a_.verdict.until->text()));
    props.push_back(prop("method", a_.method->id));
    props.push_back(prop("method-version", a_.method->document->root.text_of("version")));
    props.push_back(prop("offering", a_.offering->id));
    if (a_.workload != nullptr) props.push_back(prop("workload", a_.workload->id));
    for (const Document* overlay : a_.overlays)
      props.push_back(prop("what-if", overlay->id));
    for (const ConditionRule* rule : a_.verdict.conditions) {
      Json condition = prop("condition", rule->id);
      const auto due = due_date(*rule, a_);
      const std::string text = m_.text(rule->node->find("text"));
      condition["remarks"] = markup(due ? fmt::format("{} ({})", text, due->text()) : text);
      props.push_back(std::move(condition));
    }
    return props;
  }

  [[nodiscard]] Json definitions() const {
    const Json tool{{"uuid", tool_uuid_},
                    {"type", "software"},
                    {"title", markup(tool_.name)},
                    {"description", markup(m_("oscal.tool"))},
                    {"props", list_of(prop("version", tool_.version))},
                    {"status", {{"state", "operational"}}}};
    const std::string provider(a_.offering->root.text_of("provider"));
    const Json offering{{"uuid", component_},
                        {"type", "service"},
                        {"title", markup(a_.offering->title)},
                        {"description", markup(provider.empty() ? a_.offering->title : provider)},
                        {"props", list_of(prop("offering", a_.offering->id))},
                        {"status", {{"state", "other"}, {"remarks", markup(m_("oscal.state"))}}}};
    const Json platform{{"uuid", uuid_v5("platform/sovrisk")},
                        {"title", markup(tool_.name)},
                        {"uses-components", list_of({{"component-uuid", tool_uuid_}})}};
    return {{"components", list_of(offering)},
            {"assessment-assets", {{"components", list_of(tool)}, {"assessment-platforms", list_of(platform)}}}};
  }

  /// What was looked at: the criteria of each framework that apply or may. Those that do not apply are named.
  [[nodiscard]] Json selections() const {
    Json list = Json::array();
    for (const FrameworkResult& framework : a_.frameworks) {
      const Document& document = *framework.ruleset->document;
      Json controls = Json::array();
      Json props = Json::array();
      props.push_back(prop("ruleset", framework.ruleset->id));
      props.push_back(prop("applies", name_of(framework.applies)));
      if (!framework.profile.empty()) props.push_back(prop("profile", framework.profile));
      if (framework.own_weights) props.push_back(prop("own-weights", "yes"));
      if (framework.level) props.push_back(prop("level", range_text(*framework.level)));
      if (framework.score) props.push_back(prop("score-percent", range_text(*framework.score)));
      if (framework.gate)
        props.push_back(prop("gate", *framework.gate == Truth::yes  ? "met"
                                     : *framework.gate == Truth::no ? "not-met"
                                                                    : "unknown"));
      for (const CriterionResult& one : framework.criteria) {
        const std::string id = oscal::control_id(framework.ruleset->id, one.criterion->id);
        if (one.status == Status::not_applicable) {
          props.push_back(prop("not-applicable", id));
        } else {
          controls.push_back({{"control-id", id}});
        }
      }
      if (controls.empty()) continue;
      list.push_back(
          {{"description", markup(m_.text(document.root.find("title")))},
           {"props", std::move(props)},
           {"links", list_of({{"href", oscal::reference_to(oscal::catalog_uuid(document))}, {"rel", "reference"}})},
           {"include-controls", std::move(controls)}});
    }
    // OSCAL asks for at least one selection; `include-all` would claim that everything was looked at.
    if (list.empty())
      list.push_back({{"description", markup(m_("oscal.nothing-reviewed"))},
                      {"include-controls", list_of({{"control-id", "none"}})}});
    return list;
  }

  Json facts_evidence(const std::vector<UsedFact>& facts) {
    Json evidence = Json::array();
    std::set<std::string> told;
    for (const UsedFact& fact : facts)
      if (fact.origin != nullptr)
        for (const std::string& key : fact.origin->sources)
          if (told.insert(key).second) add_evidence(key, evidence);
    return evidence;
  }

  void add_evidence(const std::string& key, Json& evidence) {
    const auto found = a_.sources.find(key);
    if (found == a_.sources.end()) return;
    used_.insert(key);
    evidence.push_back({{"href", oscal::reference_to(source_uuid(key))}, {"description", markup(found->second.title)}});
  }

  [[nodiscard]] static std::string source_uuid(const std::string& key) {
    return uuid_v5(fmt::format("source/{}", key));
  }

  [[nodiscard]] std::string fact_lines(const std::vector<UsedFact>& facts, const std::string& otherwise) const {
    std::string text;
    for (const UsedFact& fact : facts)
      text += fmt::format("{}- {}", text.empty() ? "" : "\n", markup(fmt::format("{} = {}", fact.path, fact.value)));
    return text.empty() ? markup(otherwise) : text;
  }

  void add(const FrameworkResult& framework, const CriterionResult& one, Json& observations, Json& findings) {
    if (one.status == Status::not_applicable) return;
    const std::string& set = framework.ruleset->id;
    const std::string& id = one.criterion->id;
    const std::string name = fmt::format("{}/{}/{}", subject_, set, id);
    const std::string observation = uuid_v5(fmt::format("observation/criterion/{}", name));
    const bool decided = one.status != Status::unknown;

    Json props = Json::array();
    props.push_back(prop("ruleset", set));
    props.push_back(prop("criterion", id));
    props.push_back(prop("status", name_of(one.status)));
    if (!one.decided_by.empty()) props.push_back(prop("decided-by", one.decided_by));
    if (one.points) props.push_back(prop("points", range_text(*one.points)));
    if (one.level) props.push_back(prop("level", range_text(*one.level)));
    if (one.criterion->blocking) props.push_back(prop("blocking", "yes"));
    if (one.refuted) props.push_back(prop("surely-not-met", "yes"));
    Json observed = props;
    for (const UsedFact& fact : one.missing)
      observed.push_back(prop("missing-fact", fact.path));

    Json json{{"uuid", observation},
              {"title", markup(fmt::format("{} {}", set, id))},
              {"description", fact_lines(decided ? one.reasons : std::vector<UsedFact>(),
                                         m_(decided ? "oscal.no-facts" : "oscal.not-decided"))},
              {"props", std::move(observed)},
              {"methods", list_of(decided ? "EXAMINE" : "UNKNOWN")},
              {"types", list_of("control-objective")},
              {"origins", origins()},
              {"subjects", subjects()}};
    Json evidence = facts_evidence(one.reasons);
    if (!evidence.empty()) json["relevant-evidence"] = std::move(evidence);
    json["collected"] = date_;
    observations.push_back(std::move(json));
    if (!decided) return;

    const bool met = one.status == Status::met;
    findings.push_back(
        {{"uuid", uuid_v5(fmt::format("finding/{}", name))},
         {"title", markup(fmt::format("{} {}", set, id))},
         {"description", markup(m_.text(one.criterion->node->find("asks")))},
         {"props", std::move(props)},
         {"origins", origins()},
         {"target",
          {{"type", "statement-id"},
           {"target-id", oscal::statement_id(set, id)},
           {"status", {{"state", met ? "satisfied" : "not-satisfied"}, {"reason", met ? "pass" : "fail"}}}}},
         {"related-observations", list_of({{"observation-uuid", observation}})}});
  }

  [[nodiscard]] std::string exposure_text(const Exposure& exposure) const {
    std::string text = markup(fmt::format("{}{} {}", m_("laws.reach"), m_("colon"), reach_words(exposure, m_).text));
    const auto line = [&](const std::string& key, const std::string& words) {
      if (!words.empty()) text += fmt::format("\n\n{}", markup(fmt::format("{}{} {}", m_(key), m_("colon"), words)));
    };
    line("laws.scope", m_(fmt::format("scope.{}", exposure.scope)));
    line("laws.after", after_words(exposure, m_));
    line("laws.via", via_words(exposure, a_, m_));
    if (!exposure.matches.empty())
      text += fmt::format("\n\n{}", markup(m_.text(exposure.matches.front().rule->because)));
    return text;
  }

  void add(const Exposure& exposure, Json& observations, Json& risks) {
    const Law& law = *exposure.law;
    // One law may reach within a scope in general, and beside it within a limit or as a background.
    const std::string name =
        fmt::format("{}/{}/{}/{}/{}", subject_, law.id, exposure.scope, exposure.limited, exposure.background);
    const std::string observation = uuid_v5(fmt::format("observation/exposure/{}", name));
    const std::string title = markup(m_.text(law.document->root.find("title")));

    Json props = Json::array();
    props.push_back(prop("law", law.id));
    props.push_back(prop("jurisdiction", law.jurisdiction));
    for (const std::string& effect : law.effects)
      props.push_back(prop("effect", effect));
    props.push_back(prop("scope", exposure.scope));
    props.push_back(prop("certainty", exposure.certainty()));
    props.push_back(prop("certainty-at-most", name_of(exposure.most)));
    for (const std::string& left : exposure.after_measures)
      props.push_back(prop("after-measures", left));
    if (exposure.limited) props.push_back(prop("limited", "yes"));
    if (exposure.background) props.push_back(prop("background", "yes"));
    props.push_back(prop("law-status", exposure.status));

    const bool open = exposure.least == Certainty::not_reached;
    Json json{{"uuid", observation},
              {"title", title},
              {"description", exposure_text(exposure)},
              {"props", props},
              {"methods", list_of(open ? "UNKNOWN" : "EXAMINE")},
              {"types", list_of("finding")},
              {"origins", origins()},
              {"subjects", subjects()}};
    Json evidence = facts_evidence(exposure.links);
    std::set<std::string> told;
    for (const Match& match : exposure.matches)
      for (const std::string& key : match.rule->sources)
        if (told.insert(key).second) add_evidence(key, evidence);
    if (!evidence.empty()) json["relevant-evidence"] = std::move(evidence);
    json["collected"] = date_;
    observations.push_back(std::move(json));
    // What binds the offering and gives nobody access is no risk.
    if (exposure.scope == "none") return;

    Json risk{{"uuid", uuid_v5(fmt::format("risk/exposure/{}", name))},
              {"title", title},
              {"description", exposure_text(exposure)},
              {"statement", markup(m_(open ? "oscal.risk-open" : "oscal.risk",
                                      m_.text(law.document->root.find("title")), a_.offering->title))},
              {"props", std::move(props)},
              {"status", open ? "investigating" : "open"},
              {"origins", origins()}};
    Json facets = Json::array();
    facets.push_back(facet("certainty", exposure.certainty()));
    risk["characterizations"] = characterizations(std::move(facets));
    if (!exposure.mitigations.empty()) {
      Json factors = Json::array();
      for (const std::string& measure : exposure.mitigations)
        factors.push_back({{"uuid", uuid_v5(fmt::format("mitigating-factor/{}/{}", name, measure))},
                           {"description", markup(measure)}});
      risk["mitigating-factors"] = std::move(factors);
    }
    risk["related-observations"] = list_of({{"observation-uuid", observation}});
    risks.push_back(std::move(risk));
  }

  [[nodiscard]] static Json facet(std::string_view name, std::string_view value) {
    return {{"name", name}, {"system", oscal::name_space}, {"value", oscal::value(value)}};
  }
  [[nodiscard]] Json characterizations(Json facets) const {
    return list_of({{"origin", origins().front()}, {"facets", std::move(facets)}});
  }

  /// A risk of the method: levels of 1 to 4, or ranges of them.
  [[nodiscard]] Json risk(const RiskResult& one) const {
    const Node& node = *one.rule->node;
    Json props = Json::array();
    props.push_back(prop("risk", one.rule->id));
    props.push_back(prop("feared-event", node.text_of("feared_event")));
    props.push_back(prop("risk-source", node.text_of("source")));
    Json facets = Json::array();
    facets.push_back(facet("severity", range_text(one.severity.level)));
    facets.push_back(facet("severity-inherent", range_text(one.inherent_severity.level)));
    facets.push_back(facet("likelihood", range_text(one.likelihood.level)));
    facets.push_back(facet("likelihood-inherent", range_text(one.inherent_likelihood.level)));
    const auto rated = [&](std::string_view key, const Rating& rating, std::string_view names) {
      return markup(fmt::format("{}{} {}. {}", m_(key), m_("colon"), rating_words(rating, *a_.method, names, m_).text,
                                m_.text(rating.because)));
    };
    return {{"uuid", uuid_v5(fmt::format("risk/method/{}/{}/{}", subject_, a_.method->id, one.rule->id))},
            {"title", markup(m_.text(node.find("title")))},
            {"description", fmt::format("{}\n\n{}", rated("risks.severity", one.severity, "severity_names"),
                                        rated("risks.residual", one.likelihood, "likelihood_names"))},
            {"statement", markup(m_.text(node.find("title")))},
            {"props", std::move(props)},
            {"status", "open"},
            {"origins", origins()},
            {"characterizations", characterizations(std::move(facets))}};
  }

  [[nodiscard]] Json resources() const {
    Json list = Json::array();
    list.push_back(
        {{"uuid", plan_uuid()}, {"title", markup(m_("oscal.plan"))}, {"description", markup(m_("oscal.plan-text"))}});
    for (const FrameworkResult& framework : a_.frameworks) {
      const Document& document = *framework.ruleset->document;
      if (framework.criteria.empty()) continue;
      list.push_back({{"uuid", oscal::catalog_uuid(document)},
                      {"title", markup(m_.text(document.root.find("title")))},
                      {"description", markup(m_("oscal.catalog", document.id))},
                      {"props", list_of(prop("version", document.root.text_of("version")))}});
    }
    std::set<std::string> told;
    for (const Input& input : a_.inputs) {
      const std::string uuid = uuid_v5(fmt::format("input/{}/{}", input.path, input.sha256));
      if (!told.insert(uuid).second) continue;
      const Json hash{{"algorithm", "SHA-256"}, {"value", input.sha256}};
      list.push_back({{"uuid", uuid},
                      {"title", markup(input.path)},
                      {"description", markup(m_(input.shipped ? "oscal.input-shipped" : "oscal.input"))},
                      {"rlinks", list_of({{"href", oscal::path_reference(input.path)}, {"hashes", list_of(hash)}})}});
    }
    for (const std::string& key : used_)
      list.push_back(source(key, a_.sources.at(key)));
    return list;
  }

  [[nodiscard]] static Json source(const std::string& key, const Source& source) {
    Json props = Json::array();
    props.push_back(prop("source", key));
    if (!source.publisher.empty()) props.push_back(prop("publisher", source.publisher));
    if (!source.date.empty()) props.push_back(prop("date", source.date));
    if (!source.seen.empty()) props.push_back(prop("seen", source.seen));
    if (!source.kind.empty()) props.push_back(prop("kind", source.kind));
    Json json{{"uuid", source_uuid(key)}, {"title", markup(source.title)}, {"props", std::move(props)}};
    const std::string address = oscal::web_reference(source.url);
    if (!address.empty()) json["rlinks"] = list_of({{"href", address}});
    return json;
  }

  const Assessment& a_;
  const Messages& m_;
  const Tool& tool_;
  std::string subject_;
  std::string component_;
  std::string tool_uuid_;
  std::string date_;
  std::set<std::string> used_;
};

}  // namespace

std::string oscal_assessment_results(const Assessment& assessment, const Messages& messages, const Tool& tool) {
  return oscal::dump(Results(assessment, messages, tool).run());
}

}  // namespace sovrisk
