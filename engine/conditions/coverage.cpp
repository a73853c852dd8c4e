#include "conditions/coverage.h"

#include <algorithm>

namespace sovrisk {

namespace {

/// Whether some part asks for a fact that may be missing.
bool may_be_unknown(const Condition& condition) {
  if (condition.op == Condition::Op::test)
    return condition.path == nullptr || condition.path->scope > 0 || condition.path->text != "as_of";
  if (condition.op == Condition::Op::shown) return false;
  return std::any_of(condition.parts.begin(), condition.parts.end(),
                     [](const ConditionPtr& part) { return may_be_unknown(*part); });
}

/// Whether one condition is the other turned round: together they say no more than that a fact is known.
bool opposite(const Condition& one, const Condition& other) {
  if (other.op == Condition::Op::negation && other.parts.size() == 1) return text_of(*other.parts[0]) == text_of(one);
  if (one.op != Condition::Op::test || other.op != Condition::Op::test) return false;
  if (one.test.boolean && other.test.boolean)
    return one.path != nullptr && other.path != nullptr && one.path->text == other.path->text &&
           *one.test.boolean != *other.test.boolean;
  if (!other.test.negated) return false;
  Condition turned = other;
  turned.test.negated = false;
  return text_of(turned) == text_of(one);
}

/// `any: [x, not x]`, and what is made of nothing else, is true or unknown and never false.
bool may_be_false(const Condition& condition) {
  const auto& parts = condition.parts;
  const auto part_may_be = [](const ConditionPtr& part) { return may_be_false(*part); };
  switch (condition.op) {
    case Condition::Op::all: return std::any_of(parts.begin(), parts.end(), part_may_be);
    case Condition::Op::any:
      for (const ConditionPtr& one : parts)
        for (const ConditionPtr& other : parts)
          if (opposite(*one, *other)) return false;
      return std::all_of(parts.begin(), parts.end(), part_may_be);
    case Condition::Op::test:
      return condition.test.op != Test::Op::every || condition.test.each == nullptr ||
             may_be_false(*condition.test.each);
    default: return true;
  }
}

}  // namespace

Coverage::Key Coverage::key_of(const Condition& condition) {
  const Span& span = condition.span;
  const bool test = condition.op == Condition::Op::test;
  // Tests of one fact side by side stand at the same place.
  return {span.file,
          span.line,
          span.column,
          static_cast<int>(condition.op),
          test ? static_cast<int>(condition.test.op) * 8 + static_cast<int>(condition.test.order) : 0,
          condition.path != nullptr ? condition.path->text : std::string()};
}

void Coverage::watch(const Condition& condition) {
  Part& known = parts_[key_of(condition)];
  known.span = condition.span;
  known.text = text_of(condition);
  known.fixed = condition.op == Condition::Op::constant;
  known.may_be_unknown = may_be_unknown(condition);
  known.may_be_false = may_be_false(condition);
  for (const ConditionPtr& part : condition.parts)
    watch(*part);
  if (condition.test.each != nullptr) watch(*condition.test.each);
}

void Coverage::observe(const Condition& condition, const Facts& facts) {
  visit_truths(condition, facts, [&](const Condition& part, Truth truth) {
    parts_[key_of(part)].seen[static_cast<std::size_t>(truth)] = true;
  });
}

std::vector<CoverageGap> Coverage::gaps() const {
  std::vector<CoverageGap> gaps;
  for (const auto& [key, part] : parts_) {
    if (part.fixed) continue;
    CoverageGap gap{part.span, part.text, {}};
    for (const Truth way : {Truth::yes, Truth::no, Truth::unknown})
      if (!part.seen[static_cast<std::size_t>(way)] && (way != Truth::unknown || part.may_be_unknown) &&
          (way != Truth::no || part.may_be_false))
        gap.never.push_back(way);
    if (!gap.never.empty()) gaps.push_back(std::move(gap));
  }
  return gaps;
}

}  // namespace sovrisk
