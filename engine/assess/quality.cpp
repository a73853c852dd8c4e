#include "assess/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sovrisk {

namespace {

/// Every fact path that a rule set asks for.
std::vector<std::string> asked_by(const RuleSet& ruleset) {
  std::vector<std::string> paths;
  for_each_condition(ruleset, [&](const Condition& condition) { collect_paths(condition, {}, paths); });
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Whether a profile can answer it: facts of the offering, and what is derived from these alone.
bool is_of_profile(std::string_view path) {
  for (const std::string_view root :
       {"offering", "entities", "technology", "sites", "staff", "subprocessors", "certificates"})
    if (path == root || path.starts_with(fmt::format("{}.", root))) return !path.ends_with(".used");
  return false;
}

/// Whether everything under a path is known: each item of a closed list, each step that leads on to an entity.
bool is_known(const Value& value, std::string_view path, const Value& root) {
  if (value.kind == Value::Kind::list) {
    if (path.empty()) return !value.open;
    return !value.open && std::all_of(value.items.begin(), value.items.end(),
                                      [&](const Value& item) { return is_known(item, path, root); });
  }
  if (path.empty()) return value.kind == Value::Kind::map || value.is_known();
  if (value.kind == Value::Kind::text)
    for (const Value& entity : root.get("entities").items)
      if (!value.word().empty() && entity.get("id").word() == value.word()) return is_known(entity, path, root);
  if (value.kind != Value::Kind::map) return false;
  const auto dot = path.find('.');
  const Value* next = value.find(path.substr(0, dot));
  return next != nullptr &&
         is_known(*next, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), root);
}

}  // namespace

double Quality::completeness() const {
  return asked == 0 ? 1 : static_cast<double>(known) / static_cast<double>(asked);
}

double Quality::primary() const {
  const auto found = by_confidence.find("primary");
  return facts == 0 || found == by_confidence.end() ? 0
                                                    : static_cast<double>(found->second) / static_cast<double>(facts);
}

Quality quality_of(const Assessment& assessment, const Engine& engine) {
  Quality quality;
  std::set<std::string> all;
  std::set<std::string> all_known;
  for (const RuleSet& ruleset : engine.rulesets()) {
    Completeness completeness{ruleset.id, {}, {}};
    for (const std::string& path : asked_by(ruleset)) {
      if (!is_of_profile(path)) continue;
      const bool known = is_known(*assessment.facts, path, *assessment.facts);
      (known ? completeness.known : completeness.lacking).push_back(path);
      all.insert(path);
      if (known) all_known.insert(path);
    }
    quality.rulesets.push_back(std::move(completeness));
  }
  quality.asked = all.size();
  quality.known = all_known.size();
  for (Claim& claim : claims_of(*assessment.offering, engine.catalogue().schemas())) {
    ++quality.facts;
    if (claim.sources.empty()) ++quality.unsourced;
    ++quality.by_confidence[claim.confidence];
    if (claim.day && (!quality.oldest || *claim.day < *quality.oldest->day)) quality.oldest = std::move(claim);
  }
  if (const Node* conflicts = assessment.offering->root.find("conflicts")) quality.conflicts = conflicts->items.size();
  return quality;
}

}  // namespace sovrisk
