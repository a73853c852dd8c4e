#include "assess/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "assess/gate_checks.h"
#include "load/reader.h"

namespace sovrisk {

std::string_view name_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed: return "passed";
    case Outcome::excepted: return "excepted";
    case Outcome::warned: return "warned";
    case Outcome::open: return "open";
    case Outcome::failed: return "failed";
  }
  return "open";
}

Outcome GateResult::outcome() const {
  if (counts.failed > 0) return Outcome::failed;
  // Nothing measured is nothing passed.
  return counts.open > 0 || counts.all() + known_before == 0 ? Outcome::open : Outcome::passed;
}

std::vector<Finding> findings(const GateResult& result) {
  std::vector<Finding> all;
  for (const GateSubject& subject : result.subjects)
    for (const GateCheck& check : subject.checks)
      if (check.outcome != Outcome::passed) all.push_back({&subject, &check});
  std::stable_sort(all.begin(), all.end(),
                   [](const Finding& a, const Finding& b) { return a.check->outcome > b.check->outcome; });
  return all;
}

int verdict_rank(std::string_view verdict) {
  if (verdict == "acceptable") return 2;
  return verdict == "conditional" ? 1 : 0;
}

Truth at_least(const VerdictResult& verdict, std::string_view least) {
  std::size_t good = 0;
  for (const std::string& value : verdict.possible)
    if (verdict_rank(value) >= verdict_rank(least)) ++good;
  if (verdict.possible.empty()) return Truth::unknown;
  if (good == 0) return Truth::no;
  return good == verdict.possible.size() ? Truth::yes : Truth::unknown;
}

std::vector<std::string> laws_reaching_content(const Assessment& assessment, bool surely) {
  std::vector<std::string> laws;
  for (const Exposure& exposure : assessment.exposures) {
    const bool counting = !exposure.background && counts(exposure);
    const auto& after = exposure.after_measures;
    const bool content = std::find(after.begin(), after.end(), "content") != after.end();
    const bool certain = exposure.least == Certainty::certain && after.size() == 1;
    if (!counting || !content || exposure.most == Certainty::not_reached || (surely && !certain)) continue;
    if (std::find(laws.begin(), laws.end(), exposure.law->id) == laws.end()) laws.push_back(exposure.law->id);
  }
  return laws;
}

std::string level_name(const RuleSet& ruleset, double level, std::string_view language) {
  const Node* aggregate = ruleset.document->root.find("aggregate");
  const Node* names = aggregate != nullptr ? aggregate->find("level_names") : nullptr;
  const auto at = static_cast<std::size_t>(level);
  if (names != nullptr && at < names->items.size()) return localized(&names->items[at], language);
  return fmt::format("{:g}", level);
}

struct Gate::State {
  /// What resources are assessed alike: offering, workload, sites, services, and the asking that counts for them.
  struct Together {
    std::string offering;
    std::string workload;
    std::set<std::string> sites;
    bool more_sites = false;
    std::string service;
    const Node* asking = nullptr;
    [[nodiscard]] auto key() const { return std::tie(offering, workload, sites, more_sites, service, asking); }
    bool operator<(const Together& other) const { return key() < other.key(); }
  };
  struct Answered {
    const Assessment* assessment = nullptr;
    std::vector<GateCheck> checks;
  };

  State(Policy given, const Engine& with) : policy(std::move(given)), engine(with) {}

  Policy policy;
  const Engine& engine;
  GateResult result;
  std::optional<Baseline> baseline;
  std::map<Together, Answered> answered;
  std::map<std::string, Input> inputs;  ///< by path

  void close(GateSubject& subject, GateCheck check);
  void note_inputs(const Assessment& assessment);
  const Answered& answer(const Together& key, const Asked& asked, const Sources& sources);
  void resource(const PlannedResource& resource, bool in_source, const Node& infrastructure, const Sources& sources);
};

namespace {

/// Whether this is no worse than what the earlier run had of the same check.
bool known(const GateCheck& check, const KnownDeviation& before) {
  if (check.outcome > before.outcome) return false;
  if (check.found == before.found) return true;
  return check.value && before.value && *check.value >= *before.value;
}

const Node* override_for(const Node& infrastructure, const PlannedResource& resource) {
  const Node* overrides = infrastructure.find("overrides");
  if (overrides == nullptr) return nullptr;
  for (const Node& one : overrides->items) {
    const Node& match = *one.find("match");
    const auto agrees = [&](std::string_view key, const std::string& value) {
      const Node* patterns = match.find(key);
      return patterns == nullptr || fits(*patterns, value);
    };
    bool all = agrees("address", resource.address) && agrees("module", resource.module) &&
               agrees("type", resource.type) && agrees("offering", resource.offering);
    if (const Node* tags = match.find("tags"))
      for (const Member& tag : tags->members) {
        const auto found = resource.tags.find(tag.key);
        all = all && found != resource.tags.end() && fits(tag.value, found->second);
      }
    if (all) return &one;
  }
  return nullptr;
}

/// An assumption of its own: which sites and service the resources use.
Document use_of(const std::set<std::string>& sites, bool more_sites, const std::string& service) {
  Node regions = list_node();
  for (const std::string& site : sites)
    regions.items.push_back(text_node(site));
  if (more_sites) regions.items.push_back(text_node("unknown"));
  Node services = list_node();
  services.items.push_back(text_node(service.empty() ? "unknown" : service));
  Node set_node = map_node();
  set(set_node, "workload.uses.regions", std::move(regions));
  set(set_node, "workload.uses.services", std::move(services));
  Document overlay;
  overlay.kind = "overlay";
  overlay.id = "plan";
  overlay.root = map_node();
  set(overlay.root, "set", std::move(set_node));
  return overlay;
}

}  // namespace

/// Settles how a check came out and counts it. Of a resource, what passed is only counted.
void Gate::State::close(GateSubject& subject, GateCheck check) {
  GateCounts& counts = result.counts;
  if (check.result == Truth::yes) {
    check.outcome = Outcome::passed;
    ++counts.passed;
    if (subject.kind != GateSubject::Kind::resource) {
      subject.checks.push_back(std::move(check));
    } else {
      ++subject.passed;
    }
    return;
  }
  check.outcome = Outcome::failed;
  if (check.result == Truth::unknown) check.outcome = policy.on_unknown == "fail" ? Outcome::open : Outcome::warned;
  for (PolicyException& exception : result.exceptions) {
    if (exception.state == PolicyException::State::not_yet) continue;
    if (!fits(exception.rule, check.rule) || !fits(exception.subject, subject.id)) continue;
    ++exception.used;
    // One in force goes before one that has expired.
    if (check.exception == nullptr || check.exception->state == PolicyException::State::expired)
      check.exception = &exception;
    if (exception.state == PolicyException::State::in_force) check.outcome = Outcome::excepted;
  }
  check.fingerprint =
      sha256_hex(fmt::format("{}\n{}\n{}\n{}", check.rule, subject.id, check.wanted, check.found)).substr(0, 32);
  if (baseline) {
    const auto before = baseline->find({subject.id, check.rule});
    if (before != baseline->end() && known(check, before->second)) {
      ++result.known_before;
      return;
    }
  }
  switch (check.outcome) {
    case Outcome::passed: break;
    case Outcome::excepted: ++counts.excepted; break;
    case Outcome::warned: ++counts.warned; break;
    case Outcome::open: ++counts.open; break;
    case Outcome::failed: ++counts.failed; break;
  }
  subject.checks.push_back(std::move(check));
}

void Gate::State::note_inputs(const Assessment& assessment) {
  for (const Input& input : assessment.inputs)
    inputs.emplace(input.path, input);
}

const Gate::State::Answered& Gate::State::answer(const Together& key, const Asked& asked, const Sources& sources) {
  const auto [found, fresh] = answered.try_emplace(key);
  if (!fresh) return found->second;
  const Document use = use_of(key.sites, key.more_sites, key.service);
  Request request = sources.request(key.offering);
  request.workload = sources.workload(key.workload);
  request.overlays.push_back(&use);
  auto assessment = std::make_unique<Assessment>(engine.assess(request));
  // The assumption lives no longer than this call; what it set stands in the facts.
  std::erase(assessment->overlays, &use);
  note_inputs(*assessment);
  found->second.checks = checks_of(asked, policy, *assessment, engine.groups(), {"support", "backup"});
  found->second.assessment = assessment.get();
  result.assessments.push_back(std::move(assessment));
  return found->second;
}

void Gate::State::resource(const PlannedResource& resource, bool in_source, const Node& infrastructure,
                           const Sources& sources) {
  if (const Node* ignored = infrastructure.find("ignore_providers"))
    if (fits(*ignored, resource.provider)) return;
  const Node* own = override_for(infrastructure, resource);
  const Asked asked{{own, &infrastructure, &policy.document->root}};
  GateSubject subject;
  subject.kind = GateSubject::Kind::resource;
  subject.id = resource.address;
  subject.offering = resource.offering;
  subject.resource = &resource;
  // A plan is made in the run; only a template is a file that people wrote.
  if (in_source) subject.span = resource.span;
  if (sources.line)
    if (const auto line = sources.line(resource.address)) subject.span = *line;
  std::vector<GateCheck> checks = checks_of(asked, resource, engine.groups(), policy.as_of);
  Together key;
  key.workload = own != nullptr && own->find("workload") != nullptr ? own->text_of("workload")
                                                                    : infrastructure.text_of("workload");
  subject.workload = sources.workload(key.workload)->id;
  if (!resource.offering.empty() && !resource.holds_nothing) {
    key.offering = resource.offering;
    key.service = resource.service;
    key.asking = own;
    for (const Place& place : resource.places)
      if (place.site.empty()) {
        key.more_sites = true;
      } else {
        key.sites.insert(place.site);
      }
    const Answered& all = answer(key, asked, sources);
    subject.assessment = all.assessment;
    checks.insert(checks.end(), all.checks.begin(), all.checks.end());
  }
  for (GateCheck& check : checks) {
    if (check.span.line == 0) check.span = infrastructure.span;
    close(subject, std::move(check));
  }
  result.subjects.push_back(std::move(subject));
}

Gate::Gate(Policy policy, const Engine& engine) : state_(std::make_unique<State>(std::move(policy), engine)) {
  GateResult& result = state_->result;
  result.as_of = state_->policy.as_of;
  result.on_unknown = state_->policy.on_unknown;
  result.policy = state_->policy.document;
  result.exceptions = std::move(state_->policy.exceptions);
}

Gate::~Gate() = default;

void Gate::compare_with(Baseline baseline) { state_->baseline = std::move(baseline); }

bool Gate::add_pair(const Node& pair, Assessment assessment) {
  GateResult& result = state_->result;
  result.assessments.push_back(std::make_unique<Assessment>(std::move(assessment)));
  const Assessment& kept = *result.assessments.back();
  state_->note_inputs(kept);
  const Asked asked{{&pair, &state_->policy.document->root}};
  GateSubject subject;
  subject.id = fmt::format("{} for {}", kept.offering->id, kept.workload->id);
  subject.offering = kept.offering->id;
  subject.workload = kept.workload->id;
  subject.assessment = &kept;
  subject.span = pair.find("offering")->span;
  auto checks =
      checks_of(asked, state_->policy, kept, state_->engine.groups(), {"at_rest", "processing", "support", "backup"});
  if (checks.empty()) return false;
  for (GateCheck& check : checks)
    state_->close(subject, std::move(check));
  result.subjects.push_back(std::move(subject));
  return true;
}

void Gate::add_plan(const Infrastructure& plan, const Sources& sources) {
  const Node& infrastructure = *state_->policy.document->root.find("infrastructure");
  GateSubject whole;
  whole.kind = GateSubject::Kind::plan;
  whole.id = plan.path;
  GateCheck complete;
  complete.kind = GateCheck::Kind::complete;
  complete.rule = "complete";
  complete.wanted = "complete";
  complete.found = plan.complete ? "complete" : "incomplete";
  complete.result = plan.complete ? Truth::yes : Truth::unknown;
  complete.span = infrastructure.span;
  for (const std::string& why : plan.incomplete_because)
    complete.why_unknown += (complete.why_unknown.empty() ? "" : ", ") + why;
  state_->close(whole, std::move(complete));
  state_->result.subjects.push_back(std::move(whole));
  state_->inputs.emplace(plan.path, Input{plan.path, plan.sha256, false});
  const bool in_source = !plan.kind.starts_with("terraform");
  for (const PlannedResource& resource : plan.resources)
    state_->resource(resource, in_source, infrastructure, sources);
}

GateResult Gate::finish() {
  for (auto& [path, input] : state_->inputs)
    state_->result.inputs.push_back(std::move(input));
  return std::move(state_->result);
}

}  // namespace sovrisk
