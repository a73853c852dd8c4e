// A policy held against what a plan would create, by hand-made resources and the shipped catalogue.
#include "assess/gate.h"

#include <doctest/doctest.h>

#include <memory>

#include "assess/policy.h"
#include "engine/load/diagnostic_cases.h"
#include "support.h"

using namespace sovrisk;  // NOLINT(google-build-using-namespace): a test of many of its names
using sovrisk::testing::World;

namespace {

constexpr Date today{2026, 11, 23};

class Gated {
 public:
  explicit Gated(const std::string& policy) : text_(policy) {}

  /// A resource at an offering, in a place.
  PlannedResource& resource(const char* address, const char* offering, Place place) {
    PlannedResource resource;
    resource.address = address;
    resource.type = "a_type";
    resource.mode = "managed";
    resource.actions = {"create"};
    resource.offering = offering;
    if (resource.offering.empty()) resource.offering_why_unknown = "unknown-provider";
    resource.places.push_back(std::move(place));
    plan_.resources.push_back(std::move(resource));
    return plan_.resources.back();
  }
  Infrastructure& plan() { return plan_; }

  const GateResult& run(Date as_of = today, const std::optional<Baseline>& baseline = std::nullopt) {
    world_ = std::make_unique<World>();
    World& world = *world_;
    policy_ = world.document("policy", text_);
    workload_ = world.document("workload",
                               "{format: sovrisk-workload/1, id: w, title: W, controller: {name: C, country: FR}, "
                               "data: {categories: [unknown]}}");
    engine_ = std::make_unique<Engine>(world.catalogue, "cnil", world.diagnostics);
    Policy policy = compile_policy(*policy_, nullptr, world.catalogue, world.groups, as_of, "", world.diagnostics);
    REQUIRE_MESSAGE(!world.diagnostics.has_errors(), render_text(world.diagnostics, world.sources));
    Gate gate(std::move(policy), *engine_);
    if (baseline) gate.compare_with(*baseline);
    Gate::Sources from;
    from.workload = [&](const std::string&) { return workload_.get(); };
    from.request = [&](const std::string& offering) {
      Request request;
      request.offering = offering;
      request.as_of = as_of;
      return request;
    };
    plan_.path = "plan.json";
    gate.add_plan(plan_, from);
    result_ = std::make_unique<GateResult>(gate.finish());
    return *result_;
  }

  [[nodiscard]] const Diagnostics& diagnostics() const { return world_->diagnostics; }

 private:
  std::string text_;
  Infrastructure plan_;
  std::unique_ptr<World> world_;
  std::shared_ptr<const Document> policy_;
  std::shared_ptr<const Document> workload_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<GateResult> result_;
};

Place in(const char* region, std::vector<std::string> countries, const char* role = "at-rest") {
  Place place;
  place.role = role;
  place.region = place.site = region;
  place.known = !countries.empty();
  if (!place.known) place.why_unknown = "after-apply";
  place.countries = std::move(countries);
  return place;
}

const GateCheck* check_of(const GateResult& result, std::string_view subject, std::string_view rule) {
  for (const GateSubject& one : result.subjects)
    for (const GateCheck& check : one.checks)
      if (one.id == subject && check.rule == rule) return &check;
  return nullptr;
}

constexpr const char* in_the_eea = R"({format: sovrisk-policy/1,
  infrastructure: {workload: w.yaml, places: {at_rest: [EEA]}}})";

}  // namespace

namespace sovrisk::testing {

const std::vector<DiagnosticCase>& policy_cases() {
  using Through = DiagnosticCase::Through;
  const std::string policy = "format: sovrisk-policy/1\ninfrastructure: {workload: w.yaml, places: {at_rest: [EEA]}}\n";
  static const std::vector<DiagnosticCase> cases{
      {Through::policy, "no-such-time",
       policy + "exceptions: [{rule: offering, subject: x, reason: r, owner: o, start: 2026-02-01, "
                "expires: «2026-01-31»}]\n",
       "the exception ends before it starts"},
      {Through::policy, "unknown-check",
       policy + "exceptions: [{rule: «place:at_rets», subject: x, reason: r, owner: o, expires: 2027-01-31}]\n",
       "the policy makes no check `place:at_rets`", "did you mean `place:at_rest`?", Severity::warning},
      {Through::policy, "unknown-group",
       "format: sovrisk-policy/1\ninfrastructure: {workload: w.yaml, places: {at_rest: [«EAE»]}}\n",
       "`EAE` is neither a country nor a group of countries", "did you mean `EEA`?"},
      {Through::policy, "duplicate-id",
       "format: sovrisk-policy/1\ninfrastructure: {workload: w.yaml}\nrules:\n  - {id: a, title: T, require: {always: "
       "true}}\n"
       "  - {id: «a», title: T, require: {always: true}}\n",
       "two rules have the id `a`"},
      {Through::file, "missing-key", "«f»ormat: sovrisk-policy/1\n", "the policy asks for nothing",
       "give it `pairs` or `infrastructure`"},
  };
  return cases;
}

}  // namespace sovrisk::testing

TEST_CASE("gate: what is wrong with a policy is told at its place") {
  for (const sovrisk::testing::DiagnosticCase& wanted : sovrisk::testing::policy_cases())
    sovrisk::testing::check_case(wanted);
}

TEST_CASE("gate: a place is allowed, not allowed, or not known") {
  Gated gated(in_the_eea);
  gated.resource("good", "scaleway", in("fr-par", {"FR"}));
  gated.resource("bad", "scaleway", in("nowhere", {"US"}));
  gated.resource("either", "scaleway", in("nowhere", {"FR", "US"}));
  gated.resource("open", "scaleway", in("", {}));
  const GateResult& result = gated.run();
  CHECK(check_of(result, "good", "place:at_rest") == nullptr);
  REQUIRE(check_of(result, "bad", "place:at_rest") != nullptr);
  CHECK(check_of(result, "bad", "place:at_rest")->outcome == Outcome::failed);
  CHECK(check_of(result, "bad", "place:at_rest")->found == "US");
  CHECK(check_of(result, "either", "place:at_rest")->outcome == Outcome::open);
  CHECK(check_of(result, "open", "place:at_rest")->outcome == Outcome::open);
  CHECK(check_of(result, "open", "place:at_rest")->why_unknown == "after-apply");
  CHECK(result.outcome() == Outcome::failed);
}

TEST_CASE("gate: a replica is at rest, a backup is one where backups are asked for") {
  Gated gated(R"({format: sovrisk-policy/1,
    infrastructure: {workload: w.yaml, places: {at_rest: [FR], backup: [EEA], processing: [FR]}}})");
  gated.resource("db", "scaleway", in("fr-par", {"FR"})).places.push_back(in("nl-ams", {"NL"}, "backup"));
  gated.resource("copied", "scaleway", in("fr-par", {"FR"})).places.push_back(in("nl-ams", {"NL"}, "replica"));
  gated.resource("near", "scaleway", in("nl-ams", {"NL"}, "edge"));
  const GateResult& result = gated.run();
  CHECK(check_of(result, "db", "place:at_rest") == nullptr);
  CHECK(check_of(result, "copied", "place:at_rest")->outcome == Outcome::failed);
  CHECK(check_of(result, "near", "place:at_rest")->outcome == Outcome::failed);
  CHECK(check_of(result, "near", "place:processing")->outcome == Outcome::failed);
}

TEST_CASE("gate: an offering that is not known is open, one that is not allowed fails, a utility is nowhere") {
  Gated gated(R"({format: sovrisk-policy/1, infrastructure: {workload: w.yaml, offerings: [scaleway]}})");
  gated.resource("unknown", "", in("", {}));
  gated.resource("other", "ovhcloud", in("GRA", {"FR"}));
  gated.resource("right", "scaleway", in("fr-par", {"FR"})).offering_may_be = {"ovhcloud"};
  PlannedResource& utility = gated.resource("random", "", in("", {}));
  utility.offering_why_unknown = "utility";
  utility.holds_nothing = true;
  utility.places.clear();
  const GateResult& result = gated.run();
  CHECK(check_of(result, "unknown", "offering")->outcome == Outcome::open);
  CHECK(check_of(result, "other", "offering")->outcome == Outcome::failed);
  // Nothing tells it from an offering that is not allowed.
  CHECK(check_of(result, "right", "offering")->outcome == Outcome::open);
  CHECK(check_of(result, "random", "offering") == nullptr);
}

TEST_CASE("gate: a plan that does not show everything is open, whatever its resources say") {
  Gated gated(in_the_eea);
  gated.resource("good", "scaleway", in("fr-par", {"FR"}));
  gated.plan().complete = false;
  gated.plan().incomplete_because = {"targeted-or-deferred", "deferred"};
  const GateResult& result = gated.run();
  CHECK(check_of(result, "plan.json", "complete")->why_unknown == "targeted-or-deferred, deferred");
  CHECK(result.outcome() == Outcome::open);
}

TEST_CASE("gate: nothing measured is nothing passed") { CHECK(GateResult{}.outcome() == Outcome::open); }

TEST_CASE("gate: on_unknown lets pass what is open, and nothing that failed") {
  Gated gated(R"({format: sovrisk-policy/1, on_unknown: pass,
    infrastructure: {workload: w.yaml, places: {at_rest: [EEA]}}})");
  gated.resource("open", "scaleway", in("", {}));
  const GateResult& open = gated.run();
  CHECK(open.counts.warned == 1);
  CHECK(open.outcome() == Outcome::passed);
  gated.resource("bad", "scaleway", in("nowhere", {"US"}));
  CHECK(gated.run().outcome() == Outcome::failed);
}

TEST_CASE("gate: an override counts for what it matches, the first one, key by key") {
  Gated gated(R"({format: sovrisk-policy/1, infrastructure: {workload: w.yaml, places: {at_rest: [FR]}, overrides: [
      {match: {tags: {data: pub*}}, places: {at_rest: [US]}},
      {match: {address: "m*", type: [b_type, a_*]}, places: {at_rest: [EEA]}}]}})");
  gated.resource("plain", "scaleway", in("nl-ams", {"NL"}));
  gated.resource("module", "scaleway", in("nl-ams", {"NL"}));
  gated.resource("module.tagged", "scaleway", in("nl-ams", {"NL"})).tags = {{"data", "public"}};
  const GateResult& result = gated.run();
  CHECK(check_of(result, "plain", "place:at_rest")->wanted == "FR");
  CHECK(check_of(result, "module", "place:at_rest") == nullptr);
  CHECK(check_of(result, "module.tagged", "place:at_rest")->wanted == "US");
}

TEST_CASE("gate: a rule of one's own is asked of the service and region of the resource") {
  Gated gated(R"({format: sovrisk-policy/1, rules: [
      {id: in-paris, title: T, require: {sites: {some: {code: fr-par, used: true}}}},
      {id: others, title: T, when: {workload.data.categories: health}, require: {always: false}}],
    infrastructure: {workload: w.yaml}})");
  gated.resource("paris", "scaleway", in("fr-par", {"FR"}));
  gated.resource("amsterdam", "scaleway", in("nl-ams", {"NL"}));
  const GateResult& result = gated.run();
  CHECK(check_of(result, "paris", "rule:in-paris") == nullptr);
  CHECK(check_of(result, "amsterdam", "rule:in-paris")->outcome == Outcome::failed);
  // What data it is nobody said: whether the rule is for it stays open.
  CHECK(check_of(result, "paris", "rule:others")->outcome == Outcome::open);
}

TEST_CASE("gate: exceptions hold to the end of their last day and are never a pass") {
  const std::string policy = R"({format: sovrisk-policy/1, infrastructure: {workload: w.yaml, places: {at_rest: [EEA]}},
    warn_before_expiry: 10 days, exceptions: [{rule: "place:*", subject: "ba*", reason: R, owner: O,
      start: 2026-11-01, expires: 2026-11-30}]})";
  Gated gated(policy);
  gated.resource("bad", "scaleway", in("nowhere", {"US"}));
  const auto outcome = [&](Date day) { return check_of(gated.run(day), "bad", "place:at_rest")->outcome; };
  CHECK(outcome({2026, 10, 31}) == Outcome::failed);
  CHECK(outcome({2026, 11, 1}) == Outcome::excepted);
  CHECK(outcome({2026, 11, 30}) == Outcome::excepted);
  const GateResult& last = gated.run({2026, 11, 30});
  CHECK(last.exceptions[0].expiring);
  CHECK(last.exceptions[0].used == 1);
  CHECK(last.counts.passed == 2);  // the plan and the offering
  CHECK(last.counts.excepted == 1);
  const GateResult& after = gated.run({2026, 12, 1});
  CHECK(check_of(after, "bad", "place:at_rest")->outcome == Outcome::failed);
  CHECK(check_of(after, "bad", "place:at_rest")->exception->state == PolicyException::State::expired);
}

TEST_CASE("gate: with a baseline only what got worse counts") {
  Gated gated(in_the_eea);
  gated.resource("bad", "scaleway", in("nowhere", {"US"}));
  Baseline baseline;
  baseline[{"bad", "place:at_rest"}] = {Outcome::failed, "US", std::nullopt};
  CHECK(gated.run(today, baseline).outcome() == Outcome::passed);
  CHECK(gated.run(today, baseline).known_before == 1);
  baseline[{"bad", "place:at_rest"}] = {Outcome::failed, "CN", std::nullopt};
  CHECK(gated.run(today, baseline).outcome() == Outcome::failed);
  baseline[{"bad", "place:at_rest"}] = {Outcome::open, "US", std::nullopt};
  CHECK(gated.run(today, baseline).outcome() == Outcome::failed);
}

TEST_CASE("gate: a fingerprint stays the same from run to run, and differs by what was found") {
  Gated gated(in_the_eea);
  gated.resource("bad", "scaleway", in("nowhere", {"US"}));
  const std::string first = check_of(gated.run(), "bad", "place:at_rest")->fingerprint;
  CHECK(first.size() == 32);
  gated.resource("more", "scaleway", in("fr-par", {"FR"}));
  CHECK(check_of(gated.run({2026, 11, 24}), "bad", "place:at_rest")->fingerprint == first);
  gated.plan().resources[0].places[0].countries = {"CN"};
  CHECK(check_of(gated.run(), "bad", "place:at_rest")->fingerprint != first);
}
