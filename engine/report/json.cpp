#include <fmt/format.h>

#include <cmath>

#include <nlohmann/json.hpp>
#include <set>

#include "report/words.h"

namespace sovrisk {

namespace {

using Json = nlohmann::ordered_json;

/// Sums of published points carry binary dust; four decimals are more than they mean.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

Json range_json(const Range& range) { return Json{{"min", rounded(range.low)}, {"max", rounded(range.high)}}; }

/// A level of 1 to 4, or its range.
Json level_json(const Range& range) { return range.decided() ? Json(range.low) : range_json(range); }

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

class Writer {
 public:
  Writer(const Assessment& assessment, const Messages& messages, const Tool& tool)
      : a_(assessment), m_(messages), tool_(tool) {}

  Json run() {
    Json json;
    json["format"] = "sovrisk-assessment/1";
    json["tool"] = {{"name", tool_.name}, {"version", tool_.version}};
    json["as_of"] = a_.as_of.text();
    json["language"] = m_.language();
    json["method"] = {{"id", a_.method->id}, {"version", a_.method->document->root.text_of("version")}};
    json["inputs"] = Json::array();
    for (const Input& input : a_.inputs)
      json["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}, {"shipped", input.shipped}});
    json["offering"] = {
        {"id", a_.offering->id}, {"name", a_.offering->title}, {"provider", a_.offering->root.text_of("provider")}};
    json["workload"] = a_.workload == nullptr
                           ? Json()
                           : Json{{"id", a_.workload->id}, {"title", m_.text(a_.workload->root.find("title"))}};
    json["what_if"] = Json::array();
    for (const Document* overlay : a_.overlays)
      json["what_if"].push_back({{"id", overlay->id}, {"title", m_.text(overlay->root.find("title"))}});
    json["exposures"] = Json::array();
    for (const Exposure& exposure : a_.exposures)
      json["exposures"].push_back(this->exposure(exposure));
    json["frameworks"] = Json::array();
    for (const FrameworkResult& framework : a_.frameworks)
      json["frameworks"].push_back(this->framework(framework));
    json["risks"] = Json::array();
    for (const RiskResult& risk : a_.risks)
      json["risks"].push_back(this->risk(risk));
    json["verdict"] = verdict();
    json["questions"] = questions();
    json["duties"] = duties();
    json["actions"] = Json::array();
    for (const Action& action : a_.actions)
      json["actions"].push_back(
          {{"id", action.id}, {"text", m_.text(action.text)}, {"actor", action.actor}, {"closes", action.closes}});
    json["levers"] = Json::array();
    for (const Lever& lever : a_.levers)
      json["levers"].push_back({{"fact", lever.fact}, {"criteria", lever.criteria}, {"actions", lever.actions}});
    json["missing"] = Json::array();
    for (const Missing& missing : a_.missing)
      json["missing"].push_back(
          {{"fact", missing.fact}, {"decides", missing.decides}, {"closes", rounded(missing.closes)}});
    json["conflicts"] = Json::array();
    for (const Conflict& conflict : a_.conflicts) {
      Json entry{{"what", conflict.what}, {"says", Json::array()}};
      for (const auto& [value, source] : conflict.says) {
        entry["says"].push_back({{"value", said(value, m_)}, {"source", source.empty() ? Json() : Json(source)}});
        if (!source.empty()) used_.insert(source);
      }
      json["conflicts"].push_back(std::move(entry));
    }
    json["conflicts_of_laws"] = Json::array();
    for (const LawConflict& conflict : a_.law_conflicts)
      json["conflicts_of_laws"].push_back(
          {{"order", conflict.order->law->id},
           {"against", conflict.against->law->id},
           {"certainty", name_of(conflict.certainty)},
           {"order_because",
            conflict.order->matches.empty() ? Json() : Json(m_.text(conflict.order->matches.front().rule->because))},
           {"against_because", m_.text(conflict.forbids->because)},
           {"limit", conflict.forbids->limit != nullptr ? Json(m_.text(conflict.forbids->limit)) : Json()}});
    json["outlook"] = Json{{"until", a_.outlook_end.text()}, {"changes", Json::array()}};
    for (const Ahead& ahead : a_.outlook)
      json["outlook"]["changes"].push_back({{"on", ahead.on ? Json(ahead.on->text()) : Json()},
                                            {"kind", name_of(ahead.kind)},
                                            {"subject", ahead.subject},
                                            {"status", ahead.status.empty() ? Json() : Json(ahead.status)},
                                            {"text", ahead.text != nullptr ? Json(m_.text(ahead.text)) : Json()}});
    json["sources"] = sources();
    json["disclaimer"] = m_("disclaimer");
    return json;
  }

  Json exposure(const Exposure& exposure) {
    Json json;
    json["law"] = exposure.law->id;
    json["title"] = m_.text(exposure.law->document->root.find("title"));
    json["jurisdiction"] = exposure.law->jurisdiction;
    json["effect"] = exposure.law->effects;
    json["certainty"] = exposure.certainty();
    json["certainty_at_most"] = name_of(exposure.most);
    json["scope"] = exposure.scope;
    json["limited"] = exposure.limited;
    json["pointed_at"] = exposure.pointed_at;
    json["after_measures"] = exposure.after_measures;
    json["background"] = exposure.background;
    json["via"] = exposure.path;
    json["status"] = exposure.status;
    json["check"] = exposure.law->document->root.text_of("check");
    json["checked"] = exposure.law->document->root.text_of("as_of");
    json["links"] = facts(exposure.links);
    json["proof"] = Json::array();
    int step = 0;
    for (const Match& match : exposure.matches) {
      Json entry;
      entry["step"] = ++step;
      entry["rule"] = match.rule->shared.empty() ? exposure.law->id : match.rule->shared;
      entry["certainty"] = name_of(match.rule->certainty);
      entry["truth"] = name_of(match.truth);
      entry["who"] = match.via.empty() ? Json() : Json{{"id", match.via}, {"name", entity_name(a_.derived, match.via)}};
      entry["because"] = m_.text(match.rule->because);
      entry["source"] = match.rule->sources;
      used_.insert(match.rule->sources.begin(), match.rule->sources.end());
      entry["limit"] = match.rule->limit != nullptr ? Json(m_.text(match.rule->limit)) : Json();
      entry["facts"] = facts(match.facts);
      json["proof"].push_back(std::move(entry));
    }
    json["mitigations"] = exposure.mitigations;
    json["weakened"] = name_of(exposure.weakened);
    return json;
  }

  Json sources() const {
    Json list = Json::array();
    for (const std::string& key : used_) {
      const auto found = a_.sources.find(key);
      if (found == a_.sources.end()) continue;
      const Source& source = found->second;
      list.push_back({{"id", key},
                      {"title", source.title},
                      {"url", source.url},
                      {"publisher", source.publisher},
                      {"date", source.date},
                      {"seen", source.seen},
                      {"kind", source.kind}});
    }
    return list;
  }

 private:
  Json facts(const std::vector<UsedFact>& facts) {
    Json list = Json::array();
    for (const UsedFact& fact : facts) {
      Json entry{{"fact", fact.path}, {"value", fact.value}};
      if (fact.origin != nullptr) {
        if (!fact.origin->derived.empty()) entry["derived"] = fact.origin->derived;
        if (!fact.origin->sources.empty()) entry["source"] = fact.origin->sources;
        if (!fact.origin->confidence.empty()) entry["confidence"] = fact.origin->confidence;
        used_.insert(fact.origin->sources.begin(), fact.origin->sources.end());
      }
      list.push_back(std::move(entry));
    }
    return list;
  }

  Json framework(const FrameworkResult& framework) {
    const Node& root = framework.ruleset->document->root;
    Json json;
    json["id"] = framework.ruleset->id;
    json["version"] = root.text_of("version");
    json["title"] = m_.text(root.find("title"));
    json["profile"] = framework.profile.empty() ? Json() : Json(framework.profile);
    json["own_weights"] = framework.own_weights;
    json["applies"] = name_of(framework.applies);
    json["level"] = Json();
    if (framework.level) {
      json["level"] = range_json(*framework.level);
      const std::string low = level_name(*framework.ruleset, framework.level->low);
      const std::string high = level_name(*framework.ruleset, framework.level->high);
      json["level"]["name"] = low == high ? low : fmt::format("{}..{}", low, high);
    }
    json["score"] = Json();
    if (framework.score) {
      json["score"] = range_json(*framework.score);
      json["score"]["unit"] = "%";
    }
    json["gate"] = Json();
    if (framework.gate)
      json["gate"] = {
          {"status", *framework.gate == Truth::yes ? "met" : (*framework.gate == Truth::no ? "not-met" : "unknown")},
          {"required", "all blocking criteria"}};
    json["objectives"] = Json::array();
    for (const ObjectiveResult& objective : framework.objectives)
      json["objectives"].push_back({{"id", objective.id},
                                    {"weight", objective.weight},
                                    {"level", objective.level ? range_json(*objective.level) : Json()},
                                    {"score", objective.score ? range_json(*objective.score) : Json()}});
    json["criteria"] = Json::array();
    for (const CriterionResult& result : framework.criteria) {
      Json entry;
      entry["id"] = result.criterion->id;
      entry["asks"] = m_.text(result.criterion->node->find("asks"));
      entry["status"] = name_of(result.status);
      entry["answer"] = Json();
      if (result.rung_low >= 0 && result.rung_low == result.rung_high)
        entry["answer"] = {
            {"choice", result.rung_low + 1},
            {"label", m_.text(result.criterion->ladder[static_cast<std::size_t>(result.rung_low)].label)}};
      entry["points"] = result.points ? range_json(*result.points) : Json();
      entry["level"] = result.level ? range_json(*result.level) : Json();
      entry["decided_by"] = result.decided_by.empty() ? Json() : Json(result.decided_by);
      entry["reasons"] = facts(result.reasons);
      Json missing = Json::array();
      for (const UsedFact& fact : result.missing)
        missing.push_back(fact.path);
      entry["missing"] = std::move(missing);
      Json references = Json::array();
      if (const Node* list = result.criterion->node->find("references"))
        for (const Node& reference : list->items) {
          Json one{{"id", reference.text_of("id")}};
          if (!reference.text_of("at").empty()) one["at"] = reference.text_of("at");
          references.push_back(std::move(one));
        }
      entry["references"] = std::move(references);
      json["criteria"].push_back(std::move(entry));
    }
    return json;
  }

  Json risk(const RiskResult& risk) {
    Json json;
    json["id"] = risk.rule->id;
    json["feared_event"] = risk.rule->node->text_of("feared_event");
    json["source"] = risk.rule->node->text_of("source");
    json["title"] = m_.text(risk.rule->node->find("title"));
    json["severity"] = level_json(risk.severity.level);
    json["likelihood"] = {{"inherent", level_json(risk.inherent_likelihood.level)},
                          {"residual", level_json(risk.likelihood.level)}};
    json["measures"] = Json::array();
    for (const Value& measure : a_.facts->get("measures").items)
      json["measures"].push_back(measure.word());
    json["reasons"] = {m_.text(risk.severity.because), m_.text(risk.likelihood.because)};
    return json;
  }

  [[nodiscard]] Json because(const VerdictResult& verdict) const {
    std::vector<std::string> texts;
    for (const VerdictRule* rule : verdict.rules)
      texts.push_back(m_.text(rule->because));
    return texts.empty() ? Json() : Json(fmt::format("{}", fmt::join(texts, " ")));
  }

  [[nodiscard]] Json questions() const {
    Json list = Json::array();
    for (const QuestionResult& one : a_.questions)
      list.push_back({{"id", one.question->id},
                      {"title", m_.text(one.question->node->find("title"))},
                      {"counts", one.question->counts},
                      {"value", one.verdict.value},
                      {"possible", one.verdict.possible},
                      {"until", one.verdict.until ? Json(one.verdict.until->text()) : Json()},
                      {"because", because(one.verdict)}});
    return list;
  }

  [[nodiscard]] Json duties() const {
    Json list = Json::array();
    for (const DutyResult& one : a_.duties) {
      const Question& question = one.duty->question;
      Json signs = Json::array();
      for (std::size_t i = 0; i < one.signs.size(); ++i) {
        const Sign& sign = one.duty->signs[i];
        signs.push_back({{"id", sign.id},
                         {"group", sign.group},
                         {"title", m_.text(sign.node->find("title"))},
                         {"present", name_of(one.signs[i])}});
      }
      list.push_back({{"id", question.id},
                      {"title", m_.text(question.node->find("title"))},
                      {"value", one.answer.value},
                      {"possible", one.answer.possible},
                      {"because", because(one.answer)},
                      {"signs", std::move(signs)}});
    }
    return list;
  }

  Json verdict() {
    Json json;
    json["value"] = a_.verdict.value;
    json["possible"] = a_.verdict.possible;
    json["until"] = a_.verdict.until ? Json(a_.verdict.until->text()) : Json();
    json["because"] = because(a_.verdict);
    json["reasons"] = Json::array();
    for (const Reason* reason : a_.verdict.reasons) {
      Json references = Json::array();
      if (reason->references != nullptr)
        for (const Node& reference : reason->references->items)
          references.push_back(reference.text_of("id"));
      json["reasons"].push_back(
          {{"id", reason->id}, {"text", m_.text(reason->text)}, {"references", std::move(references)}});
    }
    json["facts"] = facts(a_.verdict.facts);
    json["conditions"] = Json::array();
    for (const ConditionRule* rule : a_.verdict.conditions) {
      const auto due = due_date(*rule, a_);
      json["conditions"].push_back({{"id", rule->id},
                                    {"text", m_.text(rule->node->find("text"))},
                                    {"due", due ? Json(due->text()) : Json()},
                                    {"actor", rule->node->text_of("actor")}});
    }
    return json;
  }

  const Assessment& a_;
  const Messages& m_;
  const Tool& tool_;
  std::set<std::string> used_;
};

}  // namespace

std::string assessment_json(const Assessment& assessment, const Messages& messages, const Tool& tool) {
  return dump(Writer(assessment, messages, tool).run());
}

std::string explain_json(const Assessment& assessment, const Law& law, const Messages& messages, const Tool& tool) {
  Writer writer(assessment, messages, tool);
  Json json;
  json["format"] = "sovrisk-explanation/1";
  json["tool"] = {{"name", tool.name}, {"version", tool.version}};
  json["as_of"] = assessment.as_of.text();
  json["offering"] = assessment.offering->id;
  json["law"] = law.id;
  json["exposures"] = Json::array();
  for (const Exposure& exposure : assessment.exposures)
    if (exposure.law == &law) json["exposures"].push_back(writer.exposure(exposure));
  json["sources"] = writer.sources();
  return dump(json);
}

std::string compare_json(const std::vector<Assessment>& assessments, const Messages& messages, const Tool& tool) {
  Json json;
  json["format"] = "sovrisk-comparison/1";
  json["assessments"] = Json::array();
  for (const Assessment& assessment : assessments)
    json["assessments"].push_back(Writer(assessment, messages, tool).run());
  return dump(json);
}

}  // namespace sovrisk
