#include "conditions/alike.h"

#include <algorithm>

namespace sovrisk {

namespace {

/// The fact at a dotted path from the root, or null.
const Value* fact_at(const Value& root, std::string_view path) {
  const Value* value = &root;
  while (value != nullptr && !path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    value = value->find(path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return value;
}

}  // namespace

bool TwoFacts::alike(std::string_view path) {
  if (const auto known = known_.find(path); known != known_.end()) return known->second;
  const Value* one = fact_at(one_, path);
  const Value* other = fact_at(other_, path);
  const bool alike = one == nullptr || other == nullptr ? one == other : same(*one, *other);
  known_.emplace(path, alike);
  return alike;
}

bool TwoFacts::alike(const PathPtr& path) {
  if (path == nullptr) return true;
  // An id on the way leads into the list of entities.
  const bool follows = std::find(path->follows.begin(), path->follows.end(), true) != path->follows.end();
  if (follows && !alike("entities")) return false;
  if (path->scope > 0) return true;  // within an item, whose whole list was compared
  return alike(follows ? std::string_view(path->steps[0]) : std::string_view(path->text));
}

bool TwoFacts::alike(const Condition& condition) {
  if (!alike(condition.path)) return false;
  const Test& test = condition.test;
  if (!alike(test.other)) return false;
  if (test.op == Test::Op::held_by && !alike("entities")) return false;
  if (test.each != nullptr && !alike(*test.each)) return false;
  return std::all_of(condition.parts.begin(), condition.parts.end(),
                     [&](const ConditionPtr& part) { return alike(*part); });
}

}  // namespace sovrisk
