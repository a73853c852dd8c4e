#include "assess/gate_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace sovrisk {

namespace {

constexpr std::size_t most_facts = 5;  ///< of one check: a report of thousands of checks has no room for more

Truth against(const Range& found, double least) {
  if (found.low >= least) return Truth::yes;
  return found.high < least ? Truth::no : Truth::unknown;
}

std::vector<UsedFact> a_few(std::vector<UsedFact> facts) {
  if (facts.size() > most_facts) facts.resize(most_facts);
  return facts;
}

std::vector<UsedFact> missing_of(const Assessment& assessment, std::string_view ruleset) {
  std::vector<UsedFact> facts;
  for (const Missing& missing : missing_for(assessment, ruleset))
    if (facts.size() < most_facts) facts.push_back({missing.fact, "unknown", Truth::unknown, nullptr});
  return facts;
}

std::string_view met_word(Truth truth) {
  if (truth == Truth::unknown) return "unknown";
  return truth == Truth::yes ? "met" : "not-met";
}

GateCheck verdict_check(const Node& least, const Assessment& assessment) {
  GateCheck check;
  check.rule = "least-verdict";
  check.wanted = least.text;
  check.found = assessment.verdict.value;
  check.span = least.span;
  check.result = at_least(assessment.verdict, least.text);
  if (!assessment.verdict.possible.empty()) check.value = verdict_rank(assessment.verdict.possible.back());
  check.facts = a_few(check.result == Truth::unknown ? assessment.verdict.missing : assessment.verdict.facts);
  return check;
}

/// The level of one objective.
std::optional<Range> level_of(const FrameworkResult* result, std::string_view id) {
  if (result != nullptr)
    for (const ObjectiveResult& objective : result->objectives)
      if (objective.id == id) return objective.level;
  return std::nullopt;
}

GateCheck level_check(std::string subject, const Node& wanted, const FrameworkResult* result,
                      const std::optional<Range>& level) {
  GateCheck check;
  check.kind = GateCheck::Kind::level;
  check.rule = fmt::format("least-level:{}", subject);
  std::replace(subject.begin(), subject.end(), ':', ' ');
  check.subject = std::move(subject);
  check.span = wanted.span;
  check.wanted = result != nullptr ? level_name(*result->ruleset, wanted.number) : fmt::format("{:g}", wanted.number);
  check.found = "unknown";
  if (result == nullptr || !level) return check;
  const std::string low = level_name(*result->ruleset, level->low);
  const std::string high = level_name(*result->ruleset, level->high);
  check.found = low == high ? low : fmt::format("{}..{}", low, high);
  check.result = against(*level, wanted.number);
  check.value = level->low;
  return check;
}

void level_checks(const Member& wanted, const Assessment& assessment, std::vector<GateCheck>& checks) {
  const FrameworkResult* result = framework(assessment, wanted.key);
  const std::size_t first = checks.size();
  if (wanted.value.kind != Node::Kind::map) {
    checks.push_back(level_check(wanted.key, wanted.value, result, result != nullptr ? result->level : std::nullopt));
  } else {
    for (const Member& objective : wanted.value.members)
      checks.push_back(level_check(fmt::format("{}:{}", wanted.key, objective.key), objective.value, result,
                                   level_of(result, objective.key)));
  }
  for (std::size_t i = first; i < checks.size(); ++i)
    if (checks[i].result == Truth::unknown) checks[i].facts = missing_of(assessment, wanted.key);
}

GateCheck score_check(const Member& wanted, const Assessment& assessment) {
  GateCheck check;
  check.kind = GateCheck::Kind::score;
  check.subject = wanted.key;
  check.rule = fmt::format("least-score:{}", wanted.key);
  check.span = wanted.value.span;
  check.wanted = fmt::format("{:g} %", wanted.value.number);
  check.found = "unknown";
  const FrameworkResult* result = framework(assessment, wanted.key);
  if (result == nullptr || !result->score) return check;
  const Range& score = *result->score;
  check.found =
      score.decided() ? fmt::format("{:.1f} %", score.low) : fmt::format("{:.1f}..{:.1f} %", score.low, score.high);
  check.result = against(score, wanted.value.number);
  check.value = score.low;
  if (check.result == Truth::unknown) check.facts = missing_of(assessment, wanted.key);
  return check;
}

GateCheck gate_check(const Node& wanted, const Assessment& assessment) {
  GateCheck check;
  check.kind = GateCheck::Kind::gate;
  check.subject = wanted.text;
  check.rule = fmt::format("gate:{}", wanted.text);
  check.wanted = "met";
  check.span = wanted.span;
  const FrameworkResult* result = framework(assessment, wanted.text);
  if (result != nullptr && result->gate) check.result = *result->gate;
  check.found = met_word(check.result);
  if (check.result == Truth::unknown) check.facts = missing_of(assessment, wanted.text);
  if (check.result == Truth::no && result != nullptr)
    for (const CriterionResult& criterion : result->criteria)
      if (criterion.criterion->blocking && criterion.status == Status::not_met && check.facts.size() < most_facts)
        check.facts.push_back({criterion.criterion->id, std::string(name_of(criterion.status)), Truth::no, nullptr});
  return check;
}

GateCheck law_check(const Node& law, const Assessment& assessment) {
  GateCheck check;
  check.kind = GateCheck::Kind::law;
  check.subject = law.text;
  check.rule = fmt::format("denied-law:{}", law.text);
  check.wanted = "none";
  check.span = law.span;
  const auto named = [&](const Exposure& exposure) {  // the policy may name a law by an alias
    const auto aliases = aliases_of(exposure.law->document->root);
    return exposure.law->id == law.text || std::find(aliases.begin(), aliases.end(), law.text) != aliases.end();
  };
  const auto has = [&](bool surely) {
    const auto laws = laws_reaching_content(assessment, surely);
    return std::any_of(assessment.exposures.begin(), assessment.exposures.end(), [&](const Exposure& exposure) {
      return named(exposure) && std::find(laws.begin(), laws.end(), exposure.law->id) != laws.end();
    });
  };
  check.result = has(true) ? Truth::no : (has(false) ? Truth::unknown : Truth::yes);
  check.found = check.result == Truth::yes ? "none" : (check.result == Truth::no ? "content" : "unknown");
  if (check.result == Truth::yes) return check;
  for (const Exposure& exposure : assessment.exposures)
    if (named(exposure) && !exposure.matches.empty() && check.facts.empty())
      check.facts = a_few(exposure.matches.front().facts);
  return check;
}

GateCheck rule_check(const PolicyRule& rule, const Facts& facts) {
  GateCheck check;
  check.kind = GateCheck::Kind::rule;
  check.subject = rule.id;
  check.rule = fmt::format("rule:{}", rule.id);
  check.wanted = "met";
  check.span = rule.node->find("require")->span;
  check.title = rule.node->find("title");
  check.remedy = rule.node->find("remedy");
  const Truth asked = rule.when != nullptr ? evaluate(*rule.when, facts) : Truth::yes;
  const Truth met = evaluate(*rule.require, facts);
  check.result = !asked || met;
  check.found = met_word(check.result);
  if (check.result == Truth::yes) return check;
  if (met != Truth::yes) check.facts = deciding_facts(*rule.require, facts);
  if (asked == Truth::unknown)
    for (UsedFact& fact : deciding_facts(*rule.when, facts))
      check.facts.push_back(std::move(fact));
  check.facts = a_few(std::move(check.facts));
  return check;
}

/// Countries held against those that are allowed.
class Allowed {
 public:
  Allowed(const Node& names, const CountryGroups& groups, Date day) : names_(names), groups_(groups), day_(day) {}

  [[nodiscard]] bool in(const std::string& country) const {
    return std::any_of(names_.items.begin(), names_.items.end(), [&](const Node& name) {
      return name.text == country || groups_.contains(name.text, country, day_);
    });
  }

  /// A place that surely or perhaps counts, and the countries that it may be in; none: nobody knows.
  void add(Truth counts, const std::vector<std::string>& countries) {
    if (counts == Truth::no) return;
    any_ = true;
    std::size_t good = 0;
    for (const std::string& country : countries) {
      if (in(country)) {
        ++good;
        good_.insert(country);
      } else {
        bad_.insert(country);
      }
    }
    Truth one = Truth::unknown;
    if (!countries.empty() && good == countries.size()) one = Truth::yes;
    if (!countries.empty() && good == 0) one = Truth::no;
    if (countries.empty()) unknown_ = true;
    truth_ = truth_ && (one == Truth::no && counts == Truth::unknown ? Truth::unknown : one);
  }
  void add_open() {
    unknown_ = true;
    truth_ = truth_ && Truth::unknown;
  }
  /// The places of a list of facts, each by the country under a key, or itself a country.
  void add_list(const Value& list, std::string_view key) {
    if (list.kind != Value::Kind::list) return add_open();
    for (const Value& item : list.items) {
      const Value& country = key.empty() ? item : item.get(key);
      Truth counts = Truth::yes;
      if (const Value* used = item.find("used"))
        counts = used->kind == Value::Kind::boolean ? truth_of(used->boolean) : Truth::unknown;
      add(counts, country.words);
    }
    if (list.open) add_open();
  }

  [[nodiscard]] GateCheck check(std::string_view kind) const {
    GateCheck check;
    check.kind = GateCheck::Kind::place;
    check.subject = kind;
    check.rule = fmt::format("place:{}", kind);
    check.span = names_.span;
    std::vector<std::string> wanted;
    for (const Node& name : names_.items)
      wanted.push_back(name.text);
    check.wanted = fmt::format("{}", fmt::join(wanted, ", "));
    check.result = any_ || unknown_ ? truth_ : Truth::unknown;
    // What is wrong comes first; what is right is told only where nothing else is.
    std::vector<std::string> found(bad_.begin(), bad_.end());
    if (unknown_ || (!any_ && found.empty())) found.emplace_back("unknown");
    if (found.empty()) found.assign(good_.begin(), good_.end());
    constexpr std::size_t most = 10;
    if (found.size() > most) {
      found.resize(most);
      found.emplace_back("...");
    }
    check.found = fmt::format("{}", fmt::join(found, ", "));
    return check;
  }

 private:
  const Node& names_;
  const CountryGroups& groups_;
  Date day_;
  Truth truth_ = Truth::yes;
  bool any_ = false;
  bool unknown_ = false;
  std::set<std::string> good_;
  std::set<std::string> bad_;
};

GateCheck place_by_facts(std::string_view kind, const Node& names, const Assessment& assessment,
                         const CountryGroups& groups) {
  Allowed allowed(names, groups, assessment.as_of);
  const Value& root = *assessment.facts;
  const Value& residency = root.get("offering").get("residency");
  if (kind == "support") {
    allowed.add_list(root.get("staff"), "country");
  } else if (kind == "backup") {
    allowed.add_list(residency.get("backups"), "");
  } else {
    allowed.add_list(root.get("sites"), "country");
    // Where the provider says that data goes beyond the site that was chosen.
    if (kind == "at_rest" && residency.find("customer_data") != nullptr)
      allowed.add_list(residency.get("customer_data"), "");
  }
  GateCheck check = allowed.check(kind);
  if (check.result == Truth::unknown) {
    const std::string_view path = kind == "support"  ? "offering.staff"
                                  : kind == "backup" ? "offering.residency.backups"
                                                     : "workload.uses.regions";
    check.facts.push_back({std::string(path), "unknown", Truth::unknown, nullptr});
  }
  return check;
}

GateCheck offering_check(const Node* wanted, const PlannedResource& resource) {
  GateCheck check;
  check.kind = GateCheck::Kind::offering;
  check.rule = "offering";
  check.chain = resource.offering_chain;
  check.why_unknown = resource.offering_why_unknown;
  check.found = resource.offering.empty() ? "unknown" : resource.offering;
  check.wanted = "known";
  check.result = resource.offering.empty() ? Truth::unknown : Truth::yes;
  if (wanted == nullptr) return check;
  check.span = wanted->span;
  std::vector<std::string> names;
  for (const Node& id : wanted->items)
    names.push_back(id.text);
  check.wanted = fmt::format("{}", fmt::join(names, ", "));
  const auto allowed = [&](const std::string& id) { return std::find(names.begin(), names.end(), id) != names.end(); };
  if (resource.offering.empty()) return check;
  check.result = truth_of(allowed(resource.offering));
  // Another offering behind the same address may be meant.
  for (const std::string& other : resource.offering_may_be)
    if (allowed(other) != allowed(resource.offering)) check.result = Truth::unknown;
  return check;
}

/// The kinds of place that a place of a resource counts as.
std::vector<std::string_view> kinds_of(const Place& place, const Node& places) {
  if (place.role == "processing") return {"processing"};
  if (place.role == "backup") return {places.find("backup") != nullptr ? "backup" : "at_rest"};
  if (place.role == "replica") return {"at_rest"};
  return {"at_rest", "processing"};
}

}  // namespace

const Node* Asked::find(std::string_view key) const {
  for (const Node* layer : layers)
    if (layer != nullptr)
      if (const Node* found = layer->find(key)) return found;
  return nullptr;
}

std::vector<GateCheck> checks_of(const Asked& asked, const Policy& policy, const Assessment& assessment,
                                 const CountryGroups& groups, const std::vector<std::string_view>& by_facts) {
  std::vector<GateCheck> checks;
  if (const Node* least = asked.find("least_verdict")) checks.push_back(verdict_check(*least, assessment));
  if (const Node* levels = asked.find("least_levels"))
    for (const Member& wanted : levels->members)
      level_checks(wanted, assessment, checks);
  if (const Node* scores = asked.find("least_scores"))
    for (const Member& wanted : scores->members)
      checks.push_back(score_check(wanted, assessment));
  if (const Node* gates = asked.find("gates"))
    for (const Node& wanted : gates->items)
      checks.push_back(gate_check(wanted, assessment));
  if (const Node* laws = asked.find("denied_laws"))
    for (const Node& law : laws->items)
      checks.push_back(law_check(law, assessment));
  const Facts facts{assessment.facts.get(), &groups, assessment.as_of};
  for (const PolicyRule& rule : policy.rules)
    checks.push_back(rule_check(rule, facts));
  if (const Node* places = asked.find("places"))
    for (const Member& place : places->members)
      if (std::find(by_facts.begin(), by_facts.end(), place.key) != by_facts.end())
        checks.push_back(place_by_facts(place.key, place.value, assessment, groups));
  return checks;
}

std::vector<GateCheck> checks_of(const Asked& asked, const PlannedResource& resource, const CountryGroups& groups,
                                 Date day) {
  std::vector<GateCheck> checks;
  // What is created nowhere, such as a random value, has no offering to ask for.
  if (resource.offering_why_unknown != "utility") checks.push_back(offering_check(asked.find("offerings"), resource));
  const Node* places = asked.find("places");
  if (places == nullptr || resource.holds_nothing) return checks;
  for (const Member& kind : places->members) {
    Allowed allowed(kind.value, groups, day);
    std::vector<Step> chain;
    std::string why;
    bool any = false;
    for (const Place& place : resource.places) {
      const auto kinds = kinds_of(place, *places);
      if (std::find(kinds.begin(), kinds.end(), kind.key) == kinds.end()) continue;
      any = true;
      allowed.add(Truth::yes, place.known ? place.countries : std::vector<std::string>{});
      const bool wrong = !place.known || !std::all_of(place.countries.begin(), place.countries.end(),
                                                      [&](const std::string& country) { return allowed.in(country); });
      if (wrong && chain.empty()) chain = place.chain;
      if (wrong && why.empty()) why = place.why_unknown;
    }
    if (!any) continue;
    checks.push_back(allowed.check(kind.key));
    checks.back().chain = std::move(chain);
    checks.back().why_unknown = std::move(why);
  }
  return checks;
}

}  // namespace sovrisk
