#include <nlohmann/json.hpp>

#include "report/diff.h"

namespace sovrisk {

namespace {

using Json = nlohmann::ordered_json;

Json compared_json(const Compared& side) {
  Json json;
  const auto text = [](const std::string& value) { return value.empty() ? Json() : Json(value); };
  json["as_of"] = text(side.as_of);
  json["tool_version"] = text(side.tool_version);
  if (side.format == "sovrisk-assessment/1") {
    json["offering"] = text(side.offering);
    json["workload"] = text(side.workload);
  }
  return json;
}

/// null; or `value`, or `possible` of which one holds, or `min` and `max` with the name of the level or rung.
Json standing_json(const Standing& side) {
  if (side.absent()) return {};
  Json json = Json::object();
  if (side.range) {
    json["min"] = side.range->low;
    json["max"] = side.range->high;
    if (!side.words.empty()) json["name"] = side.words.front();
  } else if (side.words.size() == 1) {
    json["value"] = side.words.front();
  } else {
    json["possible"] = side.words;
  }
  if (!side.found.empty()) json["found"] = side.found;
  return json;
}

}  // namespace

std::string diff_json(const Differences& differences, const Tool& tool) {
  Json json;
  json["format"] = "sovrisk-diff/1";
  json["tool"] = {{"name", tool.name}, {"version", tool.version}};
  json["of"] = differences.after.format;
  json["before"] = compared_json(differences.before);
  json["after"] = compared_json(differences.after);
  json["counts"] = Json::object();
  for (std::size_t i = 0; i < change_kinds; ++i) {
    const auto change = static_cast<Change>(i);
    json["counts"][std::string(name_of(change))] = differences.count(change);
  }
  json["changes"] = Json::array();
  for (const Difference& one : differences.all) {
    Json entry;
    entry["change"] = name_of(one.change);
    entry["part"] = name_of(one.part);
    entry["subject"] = one.subject.empty() ? Json() : Json(one.subject);
    if (!one.scope.empty()) {
      entry["scope"] = one.scope;
      entry["limited"] = one.limited;
    }
    if (one.part == Part::check) entry["rule"] = one.rule;
    entry["aspect"] = one.aspect;
    entry["before"] = standing_json(one.before);
    entry["after"] = standing_json(one.after);
    json["changes"].push_back(std::move(entry));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sovrisk
