// Conditions in words, and the facts they ask for.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "conditions/condition.h"

namespace sovrisk {

namespace {

std::string text_of(const Test& test) {
  constexpr std::string_view orders[] = {"<", "<=", ">=", ">"};
  const std::string_view order = orders[static_cast<std::size_t>(test.order)];
  std::string words = fmt::format("{}", fmt::join(test.words, " or "));
  if (test.boolean) words = *test.boolean ? "true" : "false";
  if (!test.numbers.empty()) words = fmt::format("{}", fmt::join(test.numbers, " or "));
  if (!test.group.empty()) words = test.group;
  if (test.other != nullptr) words = test.other->text;
  if (test.date && words.empty()) words = test.date->text();
  const std::string each = test.each != nullptr ? text_of(*test.each) : std::string("any");
  switch (test.op) {
    case Test::Op::is_one_of: return fmt::format("{} {}", test.negated ? "is not" : "is", words);
    case Test::Op::in_group: return fmt::format("{} {}", test.negated ? "not in" : "in", words);
    case Test::Op::all_in: return fmt::format("all in {}", words);
    case Test::Op::some_in: return fmt::format("some in {}", words);
    case Test::Op::none_of: return fmt::format("none of {}", words);
    case Test::Op::includes_all: return fmt::format("includes {}", words);
    case Test::Op::empty: return words == "false" ? "is not empty" : "is empty";
    case Test::Op::compare: return fmt::format("{} {:g}", order, test.number);
    case Test::Op::before: return fmt::format("before {}", words);
    case Test::Op::after: return fmt::format("after {}", words);
    case Test::Op::within: return "is recent enough";
    case Test::Op::same_as: return fmt::format("same as {}", words);
    case Test::Op::some: return fmt::format("some ({})", each);
    case Test::Op::every: return fmt::format("every ({})", each);
    case Test::Op::none: return fmt::format("none ({})", each);
    case Test::Op::count: return fmt::format("count ({}) {} {:g}", each, order, test.number);
    case Test::Op::sum: return fmt::format("sum of {} ({}) {} {:g}", test.key, each, order, test.number);
    case Test::Op::held_by: return fmt::format("held by ({}), {} {} {:g}%", each, test.key, order, test.number);
  }
  return {};
}

}  // namespace

void collect_paths(const Condition& condition, const std::string& prefix, std::vector<std::string>& paths) {
  for (const ConditionPtr& part : condition.parts)
    collect_paths(*part, prefix, paths);
  if (condition.path == nullptr) return;
  const std::string full = condition.path->scope > 0 && !prefix.empty()
                               ? fmt::format("{}.{}", prefix, condition.path->text)
                               : condition.path->text;
  if (std::find(paths.begin(), paths.end(), full) == paths.end()) paths.push_back(full);
  if (condition.test.each != nullptr) collect_paths(*condition.test.each, full, paths);
}

std::string text_of(const Condition& condition) {
  if (!condition.label.empty()) return condition.label;
  const std::string path = condition.path != nullptr ? condition.path->text : std::string();
  std::vector<std::string> parts;
  for (const ConditionPtr& part : condition.parts)
    parts.push_back(text_of(*part));
  switch (condition.op) {
    case Condition::Op::all: return fmt::format("({})", fmt::join(parts, " and "));
    case Condition::Op::any: return fmt::format("({})", fmt::join(parts, " or "));
    case Condition::Op::none: return fmt::format("none of ({})", fmt::join(parts, ", "));
    case Condition::Op::negation: return fmt::format("not {}", fmt::join(parts, " and "));
    case Condition::Op::shown: return fmt::format("shown that {}", fmt::join(parts, " and "));
    case Condition::Op::known: return fmt::format("{} is known", path);
    case Condition::Op::constant: return condition.constant ? "always" : "never";
    case Condition::Op::test: return fmt::format("{} {}", path, text_of(condition.test));
  }
  return {};
}

}  // namespace sovrisk
