#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

#include "engine/conditions/drawn.h"
#include "rules/method.h"
#include "support.h"

using sovrisk::Date;
using sovrisk::Facts;
using sovrisk::FrameworkResult;
using sovrisk::Method;
using sovrisk::Range;
using sovrisk::RuleSet;
using sovrisk::Truth;
using sovrisk::Value;
using sovrisk::testing::World;
namespace drawn = sovrisk::testing;

namespace {

constexpr Date today{2026, 1, 1};
constexpr int depth = 2;

std::string condition() { return drawn::drawn_condition(depth); }

/// Two objectives, ladders with points and levels, a blocking requirement.
std::string drawn_ruleset(bool with_applies) {
  std::string text =
      "format: sovrisk-ruleset/1\nid: drawn\nversion: '1'\ntitle: Drawn\n"
      "aggregate: {score: weighted-sum, level: minimum, gate: all-blocking}\n"
      "default_profile: even\nprofiles: {even: {one: 60, two: 40}}\n"
      "objectives: [{id: one, title: One, max_points: 100}, {id: two, title: Two, max_points: 100}]\n"
      "criteria:\n";
  for (int i = 0; i < 4; ++i) {
    text += fmt::format("- id: c{}\n  asks: Something\n  objective: {}\n", i, i % 2 == 0 ? "one" : "two");
    if (with_applies && drawn::coin()) text += fmt::format("  applies: {}\n", condition());
    text += "  ladder:\n  - {label: worst, points: 0, level: 0}\n";
    for (int rung = 1; rung < 4; ++rung)
      text += fmt::format("  - {{label: better, points: {}, level: {}, when: {}}}\n", rung * 15, rung, condition());
  }
  text += fmt::format("- {{id: must, asks: Something, blocking: true, require: {}, partly: {}}}\n", condition(),
                      condition());
  return text;
}

bool inside(const std::optional<Range>& narrow, const std::optional<Range>& wide) {
  if (!narrow || !wide) return true;
  return narrow->low >= wide->low - 1e-9 && narrow->high <= wide->high + 1e-9 && wide->low <= wide->high &&
         narrow->low <= narrow->high;
}

void check_narrowing(World& world, bool with_applies) {
  const std::string text = drawn_ruleset(with_applies);
  const auto document = world.document("ruleset", text);
  const RuleSet ruleset = compile_ruleset(*document, world.catalogue, world.groups, world.diagnostics);
  if (world.diagnostics.has_errors()) RC_FAIL(text + render_text(world.diagnostics, world.sources));
  const Value facts = drawn::drawn_facts();
  const Value less = drawn::blurred(facts);
  const FrameworkResult before = decide(ruleset, Facts{&less, &world.groups, today});
  const FrameworkResult after = decide(ruleset, Facts{&facts, &world.groups, today});
  RC_LOG() << text;
  RC_ASSERT(inside(after.score, before.score));
  RC_ASSERT(inside(after.level, before.level));
  for (std::size_t i = 0; i < before.objectives.size(); ++i) {
    RC_ASSERT(inside(after.objectives[i].score, before.objectives[i].score));
    RC_ASSERT(inside(after.objectives[i].level, before.objectives[i].level));
  }
  for (std::size_t i = 0; i < before.criteria.size(); ++i)
    if (before.criteria[i].status != sovrisk::Status::unknown)
      RC_ASSERT(after.criteria[i].status == before.criteria[i].status);
  if (*before.gate != Truth::unknown) RC_ASSERT(*after.gate == *before.gate);
}

void check_narrower(const sovrisk::VerdictResult& before, const sovrisk::VerdictResult& after) {
  for (const std::string& value : after.possible)
    RC_ASSERT(std::find(before.possible.begin(), before.possible.end(), value) != before.possible.end());
  // A question that turns out not to be asked has no verdict; while that is open, it may have any.
  if (before.value != "undetermined" && after.value != "not-asked") RC_ASSERT(after.value == before.value);
}

std::string drawn_method() {
  std::string text =
      "format: sovrisk-method/1\nid: drawn\nversion: '1'\ntitle: Drawn\nrulesets: [eu-csf]\n"
      "risks:\n- id: access\n  feared_event: illegitimate-access\n  source: state\n  title: Access\n";
  for (const char* key : {"severity", "likelihood"}) {
    text += fmt::format("  {}:\n  - {{level: 1, because: x}}\n", key);
    for (int level = 2; level <= 4; ++level)
      text += fmt::format("  - {{level: {}, because: x, when: {}}}\n", level, condition());
  }
  text += "questions:\n";
  for (const char* id : {"first", "second", "aside"}) {
    text += fmt::format("- id: {}\n  title: Asked\n  counts: {}\n", id, std::string_view(id) != "aside");
    if (drawn::coin()) text += fmt::format("  applies: {}\n", condition());
    text += "  verdict:\n";
    for (const char* value : {"unacceptable", "acceptable", "conditional", "acceptable"})
      text += fmt::format("  - {{value: {}, because: x, when: {}}}\n", value, condition());
    text += "  - {value: unacceptable, because: x}\n";
  }
  return text;
}

}  // namespace

TEST_CASE("decide: more knowledge only narrows scores, levels and the gate") {
  World world;
  CHECK(rc::check([&] { check_narrowing(world, false); }));
}

TEST_CASE("decide: more knowledge only narrows scores and levels, also where it is open whether a criterion applies") {
  World world;
  CHECK(rc::check([&] { check_narrowing(world, true); }));
}

TEST_CASE("judge: more knowledge only takes verdicts away and narrows ratings") {
  World world;
  CHECK(rc::check([&] {
    const std::string text = drawn_method();
    const auto document = world.document("method", text);
    const Method method = compile_method(*document, world.catalogue, world.groups, world.diagnostics);
    if (world.diagnostics.has_errors()) RC_FAIL(text + render_text(world.diagnostics, world.sources));
    const Value facts = drawn::drawn_facts();
    const Value less = drawn::blurred(facts);
    const Facts known{&facts, &world.groups, today};
    const Facts vague{&less, &world.groups, today};
    Value judged_less = less;
    Value judged = facts;
    const auto before = judge(method, judged_less, world.groups, today);
    const auto after = judge(method, judged, world.groups, today);
    RC_LOG() << text;
    check_narrower(before.verdict, after.verdict);
    for (std::size_t i = 0; i < before.questions.size(); ++i)
      check_narrower(before.questions[i].verdict, after.questions[i].verdict);
    RC_ASSERT(inside(rate(method.risks[0].severity, known).level, rate(method.risks[0].severity, vague).level));
    RC_ASSERT(inside(rate(method.risks[0].likelihood, known).level, rate(method.risks[0].likelihood, vague).level));
  }));
}
