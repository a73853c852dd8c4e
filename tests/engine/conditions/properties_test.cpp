#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>

#include "conditions/condition.h"
#include "engine/conditions/drawn.h"
#include "support.h"

using sovrisk::Condition;
using sovrisk::Date;
using sovrisk::Facts;
using sovrisk::Truth;
using sovrisk::Value;
using sovrisk::testing::World;
namespace drawn = sovrisk::testing;

namespace {

constexpr Date today{2026, 1, 1};
constexpr int depth = 3;

Truth ask(World& world, const std::string& text, const Value& root) {
  const Condition condition = world.condition(text);
  if (world.diagnostics.has_errors()) RC_FAIL(text + "\n" + render_text(world.diagnostics, world.sources));
  return evaluate(condition, Facts{&root, &world.groups, today});
}

/// The same condition as it is read from the compiled catalogue: parts that are alike are one, and marked so.
sovrisk::ConditionPtr shared(const Condition& condition, std::map<std::string, sovrisk::ConditionPtr>& known) {
  Condition copy = condition;
  copy.recurs = true;
  for (sovrisk::ConditionPtr& part : copy.parts)
    part = shared(*part, known);
  if (copy.test.each != nullptr) copy.test.each = shared(*copy.test.each, known);
  // Alike means made of the same parts, and speaking of the same lists.
  std::string made_of = fmt::format("{} {}", text_of(copy), copy.path ? copy.path->scope : 0);
  for (const sovrisk::ConditionPtr& part : copy.parts)
    made_of += fmt::format(" {}", fmt::ptr(part));
  sovrisk::ConditionPtr& kept = known[fmt::format("{} {}", made_of, fmt::ptr(copy.test.each))];
  if (kept == nullptr) kept = std::make_shared<const Condition>(std::move(copy));
  return kept;
}

std::string shown(const std::string& condition, const Value& facts) {
  std::string text = condition;
  for (const auto& [name, member] : facts.members)
    text += fmt::format("\n{}: {}", name, text_of(member));
  return text;
}

}  // namespace

TEST_CASE("conditions: De Morgan's laws hold whatever is unknown") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::blurred(drawn::drawn_facts());
    const std::string a = drawn::drawn_condition(depth);
    const std::string b = drawn::drawn_condition(depth);
    const auto value = [&](const std::string& text) { return ask(world, text, facts); };
    RC_ASSERT(value(fmt::format("{{not: {{all: [{}, {}]}}}}", a, b)) ==
              value(fmt::format("{{any: [{{not: {}}}, {{not: {}}}]}}", a, b)));
    RC_ASSERT(value(fmt::format("{{not: {{any: [{}, {}]}}}}", a, b)) ==
              value(fmt::format("{{all: [{{not: {}}}, {{not: {}}}]}}", a, b)));
    RC_ASSERT(value(fmt::format("{{none: [{}, {}]}}", a, b)) == value(fmt::format("{{not: {{any: [{}, {}]}}}}", a, b)));
  }));
}

TEST_CASE("conditions: what is denied twice stands") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::blurred(drawn::drawn_facts());
    const std::string a = drawn::drawn_condition(depth);
    RC_ASSERT(ask(world, fmt::format("{{not: {{not: {}}}}}", a), facts) == ask(world, a, facts));
  }));
}

TEST_CASE("conditions: none is not some, and every is none that is not") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::blurred(drawn::drawn_facts());
    const std::string inner = drawn::drawn_condition(depth - 1, drawn::Scope::site);
    const auto value = [&](const std::string& text) { return ask(world, text, facts); };
    RC_ASSERT(value(fmt::format("{{sites: {{none: {}}}}}", inner)) ==
              value(fmt::format("{{not: {{sites: {{some: {}}}}}}}", inner)));
    RC_ASSERT(value(fmt::format("{{sites: {{every: {}}}}}", inner)) ==
              value(fmt::format("{{sites: {{none: {{not: {}}}}}}}", inner)));
    RC_ASSERT(value(fmt::format("{{sites: {{some: {}}}}}", inner)) ==
              value(fmt::format("{{sites: {{count: {}, at_least: 1}}}}", inner)));
  }));
}

TEST_CASE("conditions: the order of parts and of list items does not matter") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::blurred(drawn::drawn_facts());
    const Value other = drawn::shuffled(facts);
    const std::string a = drawn::drawn_condition(depth);
    const std::string b = drawn::drawn_condition(depth);
    RC_ASSERT(ask(world, a, facts) == ask(world, a, other));
    for (const char* combinator : {"all", "any", "none"})
      RC_ASSERT(ask(world, fmt::format("{{{}: [{}, {}]}}", combinator, a, b), facts) ==
                ask(world, fmt::format("{{{}: [{}, {}]}}", combinator, b, a), facts));
  }));
}

TEST_CASE("conditions: more knowledge never overturns a decision") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::drawn_facts();
    const Value some = drawn::blurred(facts);
    const Value little = drawn::blurred(some);
    const std::string text = drawn::drawn_condition(depth);
    const Truth with_little = ask(world, text, little);
    const Truth with_some = ask(world, text, some);
    const Truth with_all = ask(world, text, facts);
    RC_LOG() << shown(text, little) << "\n---" << shown("", some) << "\n---" << shown("", facts) << "\n";
    if (with_little != Truth::unknown) RC_ASSERT(with_some == with_little);
    if (with_some != Truth::unknown) RC_ASSERT(with_all == with_some);
  }));
}

TEST_CASE("conditions: every answer on facts has a reason") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::blurred(drawn::drawn_facts());
    const std::string text = drawn::drawn_condition(depth);
    const Condition condition = world.condition(text);
    const Facts asked{&facts, &world.groups, today};
    RC_LOG() << shown(text, facts);
    RC_ASSERT(!deciding_facts(condition, asked).empty());
  }));
}

TEST_CASE("conditions: answers kept from one question change no other") {
  World world;
  CHECK(rc::check([&] {
    const Value facts = drawn::blurred(drawn::drawn_facts());
    const std::string a = drawn::drawn_condition(depth);
    const std::string b = drawn::drawn_condition(depth - 1, drawn::Scope::site);
    // The same part stands by itself and for each of the sites.
    std::map<std::string, sovrisk::ConditionPtr> known;
    const Condition both =
        *shared(world.condition(fmt::format("{{any: [{0}, {{sites: {{some: {{all: [{1}, {0}]}}}}}}]}}", a, b)), known);
    const Condition one = *shared(world.condition(fmt::format("{{sites: {{every: {}}}}}", b)), known);
    const Facts asked{&facts, &world.groups, today};
    sovrisk::Truths truths;
    const Facts keeping = asked.keeping(truths);
    RC_LOG() << shown(a + "\n" + b, facts);
    for (int again = 0; again < 2; ++again)
      for (const Condition* condition : {&both, &one}) {
        RC_ASSERT(evaluate(*condition, keeping) == evaluate(*condition, asked));
        const auto with = deciding_facts(*condition, keeping);
        const auto without = deciding_facts(*condition, asked);
        RC_ASSERT(with.size() == without.size());
        for (std::size_t i = 0; i < with.size(); ++i)
          RC_ASSERT(with[i].path == without[i].path && with[i].truth == without[i].truth);
      }
  }));
}
