// How criteria come out: facts first, recorded answers within what facts leave open, then evidence.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "rules/ruleset.h"
#include "support.h"

using sovrisk::CriterionResult;
using sovrisk::Facts;
using sovrisk::FrameworkResult;
using sovrisk::RuleSet;
using sovrisk::Status;
using sovrisk::Truth;
using sovrisk::Value;
using sovrisk::testing::World;

namespace {

constexpr sovrisk::Date today{2026, 1, 1};

/// Decides a small rule set on facts; keeps what the result points into.
class Decided {
 public:
  Decided(const std::string& criteria, const std::string& facts, const std::string& more = {}, int max_points = 100)
      : document_(
            world_.document("ruleset",
                            "format: sovrisk-ruleset/1\nid: own\nversion: '1'\ntitle: Own\n"
                            "aggregate: {score: weighted-sum, level: minimum, gate: all-blocking}\n"
                            "default_profile: p\nprofiles: {p: {one: 100}}\n" +
                                fmt::format("objectives: [{{id: one, title: One, max_points: {}}}]\n", max_points) +
                                more + "criteria:\n" + criteria)),
        ruleset_(compile_ruleset(*document_, world_.catalogue, world_.groups, world_.diagnostics)),
        facts_(world_.facts(facts, today)) {
    REQUIRE_MESSAGE(!world_.diagnostics.has_errors(), render_text(world_.diagnostics, world_.sources));
    result = decide(ruleset_, Facts{&facts_, &world_.groups, today});
  }
  [[nodiscard]] const CriterionResult& first() const { return result.criteria.front(); }

  FrameworkResult result;

 private:
  World world_;
  std::shared_ptr<const sovrisk::Document> document_;
  RuleSet ruleset_;
  Value facts_;
};

/// Three rungs: the second on the flag, the third on custody.
const std::string ladder =
    "- id: c\n  asks: Who holds the keys\n  objective: one\n  ladder:\n"
    "  - {label: worst, points: 0, level: 0}\n"
    "  - {label: middle, points: 40, level: 2, when: {offering.keys.provider_override: false}}\n"
    "  - {label: best, points: 100, level: 4, when: {offering.keys.custody: customer-external}}\n";

const std::string evidence =
    "evidence: {when: {certificates: {some: {scheme: seal, in_force: true}}}, because: A seal in force.}\n";

std::string with_answer(int choice, const std::string& keys) {
  return fmt::format("{{offering: {{keys: {}, answers: {{own: {{c: {{choice: {}, by: assessor}}}}}}}}}}", keys, choice);
}

std::vector<std::string> paths(const std::vector<sovrisk::UsedFact>& facts) {
  std::vector<std::string> result;
  for (const sovrisk::UsedFact& fact : facts)
    result.push_back(fact.path);
  return result;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("ladder: the last rung that holds counts, and unknown rungs above it leave a range") {
  const Decided best(ladder, "{offering: {keys: {provider_override: true, custody: customer-external}}}");
  CHECK(best.first().status == Status::met);
  CHECK(best.first().points->low == 100);
  const Decided middle(ladder, "{offering: {keys: {provider_override: false, custody: provider}}}");
  CHECK(middle.first().status == Status::partly_met);
  CHECK(middle.first().level->low == 2);
  CHECK(middle.first().level->decided());
  const Decided worst(ladder, "{offering: {keys: {provider_override: true, custody: provider}}}");
  CHECK(worst.first().status == Status::not_met);
  const Decided open(ladder, "{offering: {keys: {provider_override: false}}}");
  CHECK(open.first().status == Status::unknown);
  CHECK(open.first().points->low == 40);
  CHECK(open.first().points->high == 100);
  CHECK(paths(open.first().missing) == Paths{"offering.keys.custody"});
  CHECK(open.result.score->low == 40);
  CHECK(open.result.score->high == 100);
}

TEST_CASE("ladder: a recorded answer decides what facts leave open") {
  const Decided decided(ladder, with_answer(2, "{}"));
  CHECK(decided.first().decided_by == "answer");
  CHECK(decided.first().points->low == 40);
  CHECK(decided.first().points->decided());
  CHECK(decided.first().contradicted_answer.empty());
}

TEST_CASE("ladder: an answer that the facts refute is kept as a contradiction and decides nothing") {
  const Decided above(ladder, with_answer(3, "{provider_override: false, custody: provider}"));
  CHECK(above.first().contradicted_answer == "3");
  CHECK(above.first().points->low == 40);
  CHECK(above.first().decided_by == "facts");
  const Decided below(ladder, with_answer(1, "{provider_override: false}"));
  CHECK(below.first().contradicted_answer == "1");
  CHECK(below.first().status == Status::unknown);
  // The second rung is refuted though it lies within the range that the unknown third one leaves.
  const Decided between(ladder, with_answer(2, "{provider_override: true}"));
  CHECK(between.first().contradicted_answer == "2");
  const Decided outside(ladder, with_answer(9, "{}"));
  CHECK(outside.first().contradicted_answer == "9");
}

TEST_CASE("ladder: an answer that says what the facts say is no contradiction and leaves the credit to the facts") {
  const Decided decided(ladder, with_answer(2, "{provider_override: false, custody: provider}"));
  CHECK(decided.first().contradicted_answer.empty());
  CHECK(decided.first().decided_by == "facts");
}

TEST_CASE("answered: a criterion that only an answer can decide stays open without one") {
  const std::string asked =
      "- {id: c, asks: Score, objective: one, answered: true, ladder: [{label: a, points: 0, level: 0}, {label: b, "
      "points: 50, level: 3}]}\n";
  CHECK(Decided(asked, "{}").first().status == Status::unknown);
  CHECK(Decided(asked, with_answer(2, "{}")).first().status == Status::met);
}

TEST_CASE("require: met, partly met, not met and unknown") {
  const std::string both =
      "- {id: c, asks: x, blocking: true, require: {offering.keys.custody: customer-external}, partly: "
      "{offering.keys.provider_override: false}}\n";
  CHECK(Decided(both, "{offering: {keys: {custody: customer-external}}}").first().status == Status::met);
  CHECK(Decided(both, "{offering: {keys: {custody: provider, provider_override: false}}}").first().status ==
        Status::partly_met);
  CHECK(Decided(both, "{offering: {keys: {custody: provider, provider_override: true}}}").first().status ==
        Status::not_met);
  CHECK(Decided(both, "{offering: {keys: {custody: provider}}}").first().status == Status::unknown);
  const Decided open(both, "{offering: {keys: {provider_override: false}}}");
  CHECK(open.first().status == Status::unknown);
  CHECK(*open.result.gate == Truth::unknown);
  CHECK(*Decided(both, "{offering: {keys: {custody: customer-external}}}").result.gate == Truth::yes);
  CHECK(*Decided(both, "{offering: {keys: {custody: provider, provider_override: false}}}").result.gate == Truth::no);
}

TEST_CASE("evidence: settles what facts leave open, and says so") {
  const std::string seal = "certificates: [{scheme: seal, in_force: true}]";
  const Decided settled(ladder, fmt::format("{{{}}}", seal), evidence);
  CHECK(settled.first().status == Status::met);
  CHECK(settled.first().decided_by == "evidence");
  CHECK(settled.first().points->low == 100);
  CHECK(settled.first().missing.empty());
  const Decided lapsed(ladder, "{certificates: [{scheme: seal, in_force: false}]}", evidence);
  CHECK(lapsed.first().status == Status::unknown);
  const Decided open(ladder, "{certificates: [{scheme: seal, in_force: unknown}]}", evidence);
  CHECK(open.first().status == Status::unknown);
}

TEST_CASE("evidence: does not overrule facts") {
  const std::string seal = "certificates: [{scheme: seal, in_force: true}]";
  const Decided decided(ladder,
                        fmt::format("{{offering: {{keys: {{provider_override: true, custody: provider}}}}, {}}}", seal),
                        evidence);
  CHECK(decided.first().status == Status::not_met);
  CHECK(decided.first().decided_by == "facts");
}

TEST_CASE("evidence: does not lift a criterion to a rung that the facts refute") {
  // The third rung is refuted; only the second is open.
  const Decided decided(
      ladder, "{offering: {keys: {custody: provider}}, certificates: [{scheme: seal, in_force: true}]}", evidence);
  CHECK(decided.first().points->high <= 40);
  CHECK(decided.first().status != Status::met);
}

TEST_CASE("evidence: does not turn a requirement that the facts refute into one that is met") {
  const std::string both =
      "- {id: c, asks: x, require: {offering.keys.custody: customer-external}, partly: "
      "{offering.keys.provider_override: false}}\n";
  const Decided decided(both, "{offering: {keys: {custody: provider}}, certificates: [{scheme: seal, in_force: true}]}",
                        evidence);
  CHECK(decided.first().status != Status::met);
}

TEST_CASE("evidence: settles only the criteria that it is said to settle") {
  const std::string some = "evidence: {when: {always: true}, because: Always., criteria: [other]}\n";
  const Decided decided(ladder + "- {id: other, asks: x, answered: true}\n", "{}", some);
  CHECK(decided.first().status == Status::unknown);
  CHECK(decided.result.criteria[1].status == Status::met);
}

TEST_CASE("not applicable: the criterion leaves points, level and gate") {
  const std::string blocking =
      "- {{id: {}, asks: x, objective: one, blocking: true, {}require: {{offering.keys.custody: {}}}}}\n";
  const std::string conditional = "applies: {offering.contract.source_escrow: true}, ";
  const std::string all =
      ladder + fmt::format(fmt::runtime(blocking), "d", conditional, "provider") +
      fmt::format(fmt::runtime(blocking), "f", "", "customer-external") +
      "- {id: e, asks: x, objective: one, applies: {offering.contract.source_escrow: true}, "
      "ladder: [{label: a, points: 0, level: 1}, {label: b, points: 100, level: 2, when: {always: true}}]}\n";
  const Decided out(all, "{offering: {contract: {source_escrow: false}, keys: {custody: customer-external}}}", "", 200);
  CHECK(out.result.criteria[1].status == Status::not_applicable);
  CHECK(out.result.criteria[3].status == Status::not_applicable);
  CHECK(out.result.score->low == doctest::Approx(100));  // of what is left to be reached
  CHECK(out.result.level->low == 4);
  CHECK(*out.result.gate == Truth::yes);
  const Decided in(all, "{offering: {contract: {source_escrow: true}, keys: {custody: customer-external}}}", "", 200);
  CHECK(in.result.score->low == doctest::Approx(100));
  CHECK(in.result.level->low == 2);
  CHECK(*in.result.gate == Truth::no);
}

TEST_CASE("not applicable: while it is open whether a criterion applies, both outcomes stay possible") {
  const std::string two = ladder +
                          "- {id: e, asks: x, objective: one, applies: {offering.contract.source_escrow: true}, "
                          "ladder: [{label: a, points: 0, level: 1}, {label: b, points: 100, level: 2, when: "
                          "{offering.transparency.notifies_of_orders: true}}]}\n";
  const Decided open(two, "{offering: {keys: {custody: customer-external}, transparency: {notifies_of_orders: false}}}",
                     "", 200);
  CHECK(open.result.criteria[1].status == Status::unknown);
  CHECK(open.result.score->low == doctest::Approx(50));    // it applies, and gives nothing
  CHECK(open.result.score->high == doctest::Approx(100));  // it does not apply
  CHECK(open.result.level->low == 1);
  CHECK(open.result.level->high == 4);
  // What is missing is whether it applies, not what was found of it.
  CHECK(paths(open.result.criteria[1].missing) == Paths{"offering.contract.source_escrow"});
}
