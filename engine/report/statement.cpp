#include "report/statement.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace sovrisk {

namespace {

using Json = nlohmann::ordered_json;

Json descriptor(const std::string& name, const std::string& sha256) {
  return {{"name", name}, {"digest", {{"sha256", sha256}}}};
}

std::string_view media_type(std::string_view format) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> types{{{"text", "text/plain"},
                                                                                {"md", "text/markdown"},
                                                                                {"html", "text/html"},
                                                                                {"pdf", "application/pdf"},
                                                                                {"csv", "text/csv"},
                                                                                {"ciso-csv", "text/csv"},
                                                                                {"json", "application/json"},
                                                                                {"pia", "application/json"},
                                                                                {"oscal", "application/json"}}};
  for (const auto& [name, type] : types)
    if (name == format) return type;
  return "application/octet-stream";
}

Json verdict(const VerdictResult& verdict) {
  return {{"value", verdict.value},
          {"possible", verdict.possible},
          {"until", verdict.until ? Json(verdict.until->text()) : Json()}};
}

/// How the assessment was asked for, beyond the files.
Json parameters(const Assessment& a, const Messages& m) {
  Json frameworks = Json::array();
  for (const FrameworkResult& framework : a.frameworks) {
    Json weights = Json::object();
    if (framework.own_weights)
      for (const ObjectiveResult& objective : framework.objectives)
        weights[objective.id] = objective.weight;
    frameworks.push_back({{"id", framework.ruleset->id},
                          {"version", framework.ruleset->document->root.text_of("version")},
                          {"applies", name_of(framework.applies)},
                          {"profile", framework.profile.empty() ? Json() : Json(framework.profile)},
                          {"ownWeights", std::move(weights)}});
  }
  Json overlays = Json::array();
  for (const Document* overlay : a.overlays)
    overlays.push_back(overlay->id);
  return {{"asOf", a.as_of.text()},
          {"language", m.language()},
          {"method", {{"id", a.method->id}, {"version", a.method->document->root.text_of("version")}}},
          {"frameworks", std::move(frameworks)},
          {"whatIf", std::move(overlays)}};
}

}  // namespace

std::string statement_json(const Assessment& a, const std::vector<ReportFile>& reports,
                           const std::optional<VerdictCheck>& check, const std::string& catalogue_sha256,
                           const Messages& messages, const Tool& tool) {
  Json subjects = Json::array();
  for (const ReportFile& report : reports) {
    Json subject = descriptor(report.path, report.sha256);
    subject["mediaType"] = media_type(report.format);
    subject["annotations"] = {{"format", report.format}};
    subjects.push_back(std::move(subject));
  }
  Json inputs = Json::array();
  for (const Input& input : a.inputs)
    if (!input.shipped) inputs.push_back(descriptor(input.path, input.sha256));

  Json predicate;
  predicate["tool"] = {{"name", tool.name}, {"version", tool.version}};
  predicate["parameters"] = parameters(a, messages);
  predicate["offering"] = {
      {"id", a.offering->id}, {"name", a.offering->title}, {"provider", a.offering->root.text_of("provider")}};
  predicate["workload"] = a.workload == nullptr
                              ? Json()
                              : Json{{"id", a.workload->id}, {"title", messages.text(a.workload->root.find("title"))}};
  predicate["verdict"] = verdict(a.verdict);
  predicate["check"] = Json();
  if (check)
    predicate["check"] = {{"failOn", check->fail_on},
                          {"result", check->good == Truth::yes  ? "passed"
                                     : check->good == Truth::no ? "failed"
                                                                : "not-established"}};
  predicate["inputs"] = std::move(inputs);
  predicate["catalogue"] = descriptor(fmt::format("{} {} catalogue", tool.name, tool.version), catalogue_sha256);

  Json statement;
  statement["_type"] = "https://in-toto.io/Statement/v1";
  statement["subject"] = std::move(subjects);
  statement["predicateType"] = statement_predicate;
  statement["predicate"] = std::move(predicate);
  return statement.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sovrisk
