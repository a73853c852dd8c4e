#include "rules/ruleset.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conditions/compiled.h"
#include "load/suggest.h"
#include "rules/used_facts.h"

namespace sovrisk {

namespace {

class Compiler {
 public:
  Compiler(const Document& document, const Catalogue& catalogue, const CountryGroups& groups, Diagnostics& diagnostics)
      : catalogue_(catalogue),
        diagnostics_(diagnostics),
        document_(document),
        conditions_(catalogue, document, groups) {}

  /// The rule set without its criteria.
  RuleSet head() {
    const Node& root = document_.root;
    RuleSet set;
    set.document = &document_;
    set.id = document_.id;
    if (const Node* applies = root.find("applies")) set.applies = condition(*applies);
    evidence(root, set);
    return set;
  }

  /// Comes after the head.
  std::vector<Criterion> criteria() {
    const Node& root = document_.root;
    std::set<std::string> objectives;
    if (const Node* list = root.find("objectives"))
      for (const Node& objective : list->items)
        objectives.emplace(objective.text_of("id"));
    std::vector<Criterion> criteria;
    std::set<std::string> seen;
    for (const Node& node : root.find("criteria")->items) {
      const Node* id = node.find("id");
      if (!seen.insert(id->text).second)
        diagnostics_.error("duplicate-id", id->span, fmt::format("two criteria have the id `{}`", id->text));
      criteria.push_back(criterion(node, objectives));
    }
    weights(root, objectives);
    return criteria;
  }

  /// Whether it was compiled, and so checked, when the catalogue was built.
  [[nodiscard]] bool stored() const { return conditions_.stored(); }

 private:
  ConditionPtr condition(const Node& node) { return conditions_.next(node, diagnostics_); }

  /// One piece of evidence, or a list of them.
  void evidence(const Node& root, RuleSet& set) {
    const Node* found = root.find("evidence");
    if (found == nullptr) return;
    const bool list = found->kind == Node::Kind::list;
    for (std::size_t i = 0; i < (list ? found->items.size() : 1); ++i) {
      const Node& node = list ? found->items[i] : *found;
      Evidence evidence;
      evidence.when = condition(*node.find("when"));
      if (const Node* level = node.find("level")) evidence.level = static_cast<int>(level->number);
      if (const Node* ids = node.find("criteria"))
        for (const Node& id : ids->items)
          evidence.criteria.push_back(stored() ? id.text : known_criterion(id, root));
      set.evidence.push_back(std::move(evidence));
    }
  }

  std::string known_criterion(const Node& id, const Node& root) {
    std::vector<std::string> known;
    for (const Node& criterion : root.find("criteria")->items)
      known.emplace_back(criterion.text_of("id"));
    if (std::find(known.begin(), known.end(), id.text) == known.end())
      diagnostics_.error("dangling-id", id.span, fmt::format("no criterion has the id `{}`", id.text),
                         did_you_mean(id.text, known));
    return id.text;
  }

  Criterion criterion(const Node& node, const std::set<std::string>& objectives) {
    Criterion result;
    result.node = &node;
    result.id = node.text_of("id");
    result.objective = node.text_of("objective");
    if (const Node* objective = node.find("objective"); objective != nullptr && !objectives.contains(objective->text))
      diagnostics_.error("dangling-id", objective->span, fmt::format("no objective has the id `{}`", objective->text),
                         did_you_mean(objective->text, {objectives.begin(), objectives.end()}));
    if (const Node* applies = node.find("applies")) result.applies = condition(*applies);
    if (const Node* require = node.find("require")) result.require = condition(*require);
    if (const Node* partly = node.find("partly")) result.partly = condition(*partly);
    if (const Node* blocking = node.find("blocking")) result.blocking = blocking->boolean;
    if (const Node* answered = node.find("answered")) result.answered = answered->boolean;
    if (const Node* ladder = node.find("ladder")) rungs(*ladder, result);
    if (!result.require && result.ladder.empty() && !result.answered)
      diagnostics_.error("missing-key", node.span,
                         fmt::format("criterion `{}` has neither `require` nor `ladder`", result.id),
                         "or say `answered: true` when only a recorded answer can decide it");
    if (!stored()) references(node);
    return result;
  }

  void rungs(const Node& ladder, Criterion& criterion) {
    for (const Node& node : ladder.items) {
      Rung rung;
      if (const Node* points = node.find("points")) rung.points = points->number;
      if (const Node* level = node.find("level")) rung.level = static_cast<int>(level->number);
      rung.label = node.find("label");
      if (const Node* when = node.find("when")) {
        rung.when = condition(*when);
        if (criterion.answered || criterion.ladder.empty())
          diagnostics_.error("unreachable-rung", when->span,
                             criterion.answered ? "a criterion decided by answers has no `when`"
                                                : "the first rung needs no `when`: it is what is left");
      }
      criterion.ladder.push_back(std::move(rung));
    }
  }

  void references(const Node& node) {
    const Node* known = document_.root.find("references");
    if (const Node* list = node.find("references"))
      for (const Node& reference : list->items) {
        const Node* id = reference.find("id");
        if (known != nullptr && known->find(id->text) != nullptr) continue;
        std::vector<std::string> ids;
        if (known != nullptr)
          for (const Member& member : known->members)
            ids.push_back(member.key);
        diagnostics_.error("dangling-id", id->span, fmt::format("no reference has the id `{}`", id->text),
                           did_you_mean(id->text, ids));
      }
    if (const Node* remedies = node.find("remedies"))
      for (const Node& id : remedies->items)
        if (catalogue_.find("overlay", id.text) == nullptr)
          diagnostics_.error("dangling-id", id.span, fmt::format("no measure has the id `{}`", id.text),
                             did_you_mean(id.text, catalogue_.ids("overlay")));
  }

  void weights(const Node& root, const std::set<std::string>& objectives) {
    if (const Node* profiles = root.find("profiles"))
      for (const Member& profile : profiles->members)
        for (const Member& weight : profile.value.members)
          if (!objectives.contains(weight.key))
            diagnostics_.error("dangling-id", weight.key_span, fmt::format("no objective has the id `{}`", weight.key),
                               did_you_mean(weight.key, {objectives.begin(), objectives.end()}));
    if (const Node* chosen = root.find("default_profile")) {
      const Node* profiles = root.find("profiles");
      if (profiles == nullptr || profiles->find(chosen->text) == nullptr) {
        std::vector<std::string> names;
        if (profiles != nullptr)
          for (const Member& profile : profiles->members)
            names.push_back(profile.key);
        diagnostics_.error("dangling-id", chosen->span, fmt::format("no profile has the id `{}`", chosen->text),
                           did_you_mean(chosen->text, names));
      }
    }
  }

  const Catalogue& catalogue_;
  Diagnostics& diagnostics_;
  const Document& document_;
  ConditionSource conditions_;
};

class Decider {
 public:
  Decider(const RuleSet& set, const Facts& facts) : facts_(facts) {
    for (const Evidence& evidence : set.evidence)
      if (evaluate(*evidence.when, facts) == Truth::yes) evidence_.push_back(&evidence);
    answers_ = &facts.root->get("answers").get(set.id);
  }

  CriterionResult criterion(const Criterion& criterion) const {
    CriterionResult result;
    result.criterion = &criterion;
    if (criterion.applies) result.applies = evaluate(*criterion.applies, facts_);
    if (result.applies == Truth::no) {
      result.reasons = deciding_facts(*criterion.applies, facts_);
      result.status = Status::not_applicable;
      result.decided_by = "facts";
      return result;
    }
    if (criterion.ladder.empty()) {
      yes_no(criterion, result);
    } else {
      ladder(criterion, result);
    }
    settle(result);
    if (result.applies == Truth::unknown) {  // whether it applies at all is open
      result.status = Status::unknown;
      result.decided_by.clear();
      append(result.missing, deciding_facts(*criterion.applies, facts_, nullptr, Truth::unknown));
    }
    if (result.status != Status::unknown) result.missing.clear();
    return result;
  }

 private:
  void yes_no(const Criterion& criterion, CriterionResult& result) const {
    if (!criterion.require) return;
    const Truth met = evaluate(*criterion.require, facts_);
    if (met == Truth::yes) return conclude(result, Status::met, *criterion.require);
    const Truth partly = criterion.partly ? evaluate(*criterion.partly, facts_) : Truth::no;
    if (met == Truth::no && partly == Truth::yes) return conclude(result, Status::partly_met, *criterion.partly);
    if (met == Truth::no && partly == Truth::no) return conclude(result, Status::not_met, *criterion.require);
    result.refuted = met == Truth::no;
    if (met == Truth::unknown) result.missing = deciding_facts(*criterion.require, facts_, nullptr, met);
    if (partly == Truth::unknown) append(result.missing, deciding_facts(*criterion.partly, facts_, nullptr, partly));
  }

  void conclude(CriterionResult& result, Status status, const Condition& why) const {
    result.status = status;
    result.decided_by = "facts";
    result.reasons = deciding_facts(why, facts_);
  }

  void ladder(const Criterion& criterion, CriterionResult& result) const {
    const int rungs = static_cast<int>(criterion.ladder.size());
    int low = 0;
    int high = criterion.answered ? rungs - 1 : 0;
    std::vector<Truth> truths(criterion.ladder.size(), criterion.answered ? Truth::unknown : Truth::yes);
    for (int i = 1; i < rungs && !criterion.answered; ++i) {
      const Rung& rung = criterion.ladder[static_cast<std::size_t>(i)];
      const Truth truth = rung.when ? evaluate(*rung.when, facts_) : Truth::unknown;
      truths[static_cast<std::size_t>(i)] = truth;
      if (truth == Truth::yes) low = i;
      if (truth != Truth::no) high = i;
    }
    if (high < low) high = low;
    // Reasons: what holds at the rung reached, and what is lacking for the next one; missing: what leaves it open.
    for (int i = 1; i < rungs && !criterion.answered; ++i) {
      const Rung& rung = criterion.ladder[static_cast<std::size_t>(i)];
      const Truth truth = truths[static_cast<std::size_t>(i)];
      if (!rung.when) continue;
      if ((truth == Truth::yes && i == low) || (truth == Truth::no && i == low + 1))
        append(result.reasons, deciding_facts(*rung.when, facts_));
      if (truth == Truth::unknown && low != high)
        append(result.missing, deciding_facts(*rung.when, facts_, nullptr, truth));
    }
    result.decided_by = low == high ? "facts" : "";
    answer(truths, low, high, result);
    set_rungs(criterion, low, high, result);
  }

  void answer(const std::vector<Truth>& truths, int& low, int& high, CriterionResult& result) const {
    const Value& recorded = answers_->get(result.criterion->id);
    const Value& choice = recorded.get("choice");
    if (choice.kind != Value::Kind::number) return;
    const int picked = static_cast<int>(choice.low) - 1;
    result.answer_origin = recorded.origin;
    const bool possible = picked >= low && picked <= high && picked < static_cast<int>(truths.size()) &&
                          truths[static_cast<std::size_t>(picked)] != Truth::no;
    if (possible) {
      if (low != high) result.decided_by = "answer";
      low = high = picked;
    } else {
      result.contradicted_answer = fmt::format("{}", picked + 1);
    }
  }

  static void set_rungs(const Criterion& criterion, int low, int high, CriterionResult& result) {
    result.rung_low = low;
    result.rung_high = high;
    result.points.reset();
    result.level.reset();
    const int last = static_cast<int>(criterion.ladder.size()) - 1;
    for (int i = low; i <= high; ++i) {
      const Rung& rung = criterion.ladder[static_cast<std::size_t>(i)];
      const auto widen = [](std::optional<Range>& range, double value) {
        if (!range) range = Range{value, value};
        range->low = std::min(range->low, value);
        range->high = std::max(range->high, value);
      };
      if (rung.points) widen(result.points, *rung.points);
      if (rung.level) widen(result.level, *rung.level);
    }
    if (low != high) {
      result.status = Status::unknown;
    } else if (low == last) {
      result.status = Status::met;
    } else {
      result.status = low == 0 ? Status::not_met : Status::partly_met;
    }
  }

  /// A settling piece of evidence decides what facts leave open; it does not overrule facts.
  void settle(CriterionResult& result) const {
    for (const Evidence* evidence : evidence_) {
      if (result.status != Status::unknown || result.refuted) return;
      const auto& ids = evidence->criteria;
      if (!ids.empty() && std::find(ids.begin(), ids.end(), result.criterion->id) == ids.end()) continue;
      if (!settle(*evidence, result)) continue;
      result.reasons = deciding_facts(*evidence->when, facts_);
      if (result.status == Status::unknown) continue;
      result.decided_by = "evidence";
      result.missing.clear();
    }
  }

  /// Whether the evidence narrowed what facts leave open.
  static bool settle(const Evidence& evidence, CriterionResult& result) {
    const auto& ladder = result.criterion->ladder;
    if (ladder.empty()) {
      result.status = Status::met;
      return true;
    }
    int low = result.rung_high;
    if (evidence.level) {
      // Shown at least: the lowest rung still possible that carries this level.
      low = result.rung_low;
      while (low < result.rung_high && ladder[static_cast<std::size_t>(low)].level.value_or(0) < *evidence.level)
        ++low;
    }
    if (low == result.rung_low && low != result.rung_high) return false;
    set_rungs(*result.criterion, low, result.rung_high, result);
    return true;
  }

  const Facts& facts_;
  std::vector<const Evidence*> evidence_;  ///< that is at hand
  const Value* answers_ = nullptr;
};

double best_points(const Criterion& criterion) {
  double best = 0;
  for (const Rung& rung : criterion.ladder)
    best = std::max(best, rung.points.value_or(0));
  return best;
}

double highest_level(const RuleSet& ruleset) {
  double highest = 0;
  for (const Criterion& criterion : *ruleset.criteria)
    for (const Rung& rung : criterion.ladder)
      highest = std::max(highest, static_cast<double>(rung.level.value_or(0)));
  return highest;
}

/// The points of an objective. A criterion of which it is open whether it applies may be in both sums, of points and
/// of what could be had, or in neither; each bound takes what makes it widest.
class Points {
 public:
  void add(const CriterionResult& criterion) {
    if (criterion.applies == Truth::unknown) {
      perhaps_.push_back({*criterion.points, best_points(*criterion.criterion)});
    } else {
      sure_.low += criterion.points->low;
      sure_.high += criterion.points->high;
    }
  }

  /// `reachable`: what could be had if every open criterion applied.
  [[nodiscard]] std::optional<Range> percent(double reachable) const {
    double base = reachable;
    for (const Open& open : perhaps_)
      base -= open.best;
    const double low = bound(base, true);
    const double high = bound(base, false);
    if (low < 0 || high < 0) return std::nullopt;
    return Range{low * 100, high * 100};
  }

 private:
  struct Open {
    Range points;
    double best = 0;
  };

  /// The least or the greatest ratio: open criteria come in, best first for the bound, while they widen it.
  [[nodiscard]] double bound(double base, bool least) const {
    std::vector<std::pair<double, double>> open;  // points, best
    for (const Open& one : perhaps_)
      if (one.best > 0) open.emplace_back(least ? one.points.low : one.points.high, one.best);
    std::sort(open.begin(), open.end(), [&](const auto& a, const auto& b) {
      const double x = a.first / a.second;
      const double y = b.first / b.second;
      return least ? x < y : x > y;
    });
    double points = least ? sure_.low : sure_.high;
    double of = base;
    for (const auto& [more, best] : open) {
      const bool widens = of <= 0 || (least ? more / best < points / of : more / best > points / of);
      if (!widens) break;
      points += more;
      of += best;
    }
    return of > 0 ? points / of : -1;
  }

  Range sure_;
  std::vector<Open> perhaps_;
};

void add_level(std::optional<Range>& to, const Range& level) {
  if (!to) {
    to = level;
    return;
  }
  to->low = std::min(to->low, level.low);
  to->high = std::min(to->high, level.high);
}

}  // namespace

std::string_view name_of(Status status) {
  switch (status) {
    case Status::not_met: return "not-met";
    case Status::partly_met: return "partly-met";
    case Status::met: return "met";
    case Status::unknown: return "unknown";
    case Status::not_applicable: return "not-applicable";
  }
  return "unknown";
}

RuleSet compile_ruleset(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                        Diagnostics& diagnostics) {
  if (catalogue.compiled_conditions(document).empty()) {
    Compiler compiler(document, catalogue, groups, diagnostics);
    RuleSet set = compiler.head();
    set.criteria = compiler.criteria();
    return set;
  }
  // Checked when the catalogue was built: there is nothing left to report, now or later.
  const auto unheard = std::make_shared<Diagnostics>();
  const auto compiler = std::make_shared<Compiler>(document, catalogue, groups, *unheard);
  RuleSet set = compiler->head();
  set.criteria = Deferred<std::vector<Criterion>>([compiler, unheard] { return compiler->criteria(); });
  return set;
}

FrameworkResult decide(const RuleSet& ruleset, const Facts& facts_now, const Deciding& how) {
  Truths truths;
  const Facts facts = facts_now.keeping(truths);
  FrameworkResult result;
  result.ruleset = &ruleset;
  if (ruleset.applies) result.applies = evaluate(*ruleset.applies, facts);
  if (result.applies == Truth::no && !how.even_if_not_due) return result;
  const Decider decider(ruleset, facts);
  for (const Criterion& criterion : *ruleset.criteria)
    result.criteria.push_back(decider.criterion(criterion));

  const Node& root = ruleset.document->root;
  const Node* aggregate = root.find("aggregate");
  const auto way = [&](std::string_view key) {
    return aggregate != nullptr ? aggregate->text_of(key) : std::string_view();
  };
  result.profile = how.profile.empty() ? std::string(root.text_of("default_profile")) : how.profile;
  result.own_weights = !how.weights.empty();
  const Node* profiles = root.find("profiles");
  const Node* weights = profiles != nullptr ? profiles->find(result.profile) : nullptr;

  if (const Node* objectives = root.find("objectives")) {
    for (const Node& node : objectives->items) {
      ObjectiveResult objective;
      objective.id = node.text_of("id");
      if (weights != nullptr)
        if (const Node* weight = weights->find(objective.id)) objective.weight = weight->number;
      if (const auto own = how.weights.find(objective.id); own != how.weights.end()) objective.weight = own->second;
      Points points;
      double left_out = 0;
      for (const CriterionResult& criterion : result.criteria) {
        if (criterion.criterion->objective != objective.id) continue;
        if (criterion.status == Status::not_applicable) {
          left_out += best_points(*criterion.criterion);
          continue;
        }
        if (criterion.points) points.add(criterion);
        if (criterion.level && way("level") == "minimum") {
          // Where it is open whether a criterion applies, it can only lower the least level.
          const bool perhaps = criterion.applies == Truth::unknown;
          add_level(objective.level, perhaps ? Range{criterion.level->low, highest_level(ruleset)} : *criterion.level);
        }
      }
      if (const Node* most = node.find("max_points"); most != nullptr && most->number > 0) {
        const double reachable = most->number - left_out;
        if (reachable > 0) objective.score = points.percent(reachable);
      }
      if (objective.level) add_level(result.level, *objective.level);
      result.objectives.push_back(std::move(objective));
    }
  }
  if (way("score") == "weighted-sum") {
    Range score;
    for (const ObjectiveResult& objective : result.objectives) {
      if (!objective.score) continue;
      score.low += objective.score->low * objective.weight / 100;
      score.high += objective.score->high * objective.weight / 100;
    }
    result.score = score;
  }
  if (way("gate") == "all-blocking") {
    Truth gate = Truth::yes;
    bool asked = false;
    for (const CriterionResult& criterion : result.criteria) {
      if (!criterion.criterion->blocking || criterion.status == Status::not_applicable) continue;
      asked = true;
      Truth met = criterion.status == Status::unknown ? Truth::unknown : truth_of(criterion.status == Status::met);
      gate = gate && met;
    }
    // Nothing asked is nothing passed.
    result.gate = asked ? gate : Truth::unknown;
  }
  return result;
}

namespace {

std::string text_of(const std::optional<Range>& range) {
  if (!range) return "none";
  return range->decided() ? fmt::format("{:g}", range->low) : fmt::format("{:g}..{:g}", range->low, range->high);
}

/// A range as a case gives it: a number, or a pair.
std::string wanted_range(const Node& node) {
  if (node.kind != Node::Kind::list || node.items.size() != 2) return fmt::format("{:g}", node.number);
  return text_of(Range{node.items[0].number, node.items[1].number});
}

/// Compares a result with what a case expects, part by part.
class Comparison {
 public:
  Comparison(std::string what, CaseResult& result) : what_(std::move(what)), result_(result) {}

  void word(const Node* wanted, std::string_view part, std::string_view got) {
    if (wanted != nullptr && wanted->text != got) differs(part, wanted->text, got);
  }
  void range(const Node* wanted, std::string_view part, const std::optional<Range>& got) {
    if (wanted != nullptr && wanted_range(*wanted) != text_of(got)) differs(part, wanted_range(*wanted), text_of(got));
  }

 private:
  void differs(std::string_view part, std::string_view wanted, std::string_view got) {
    result_.failures.push_back(fmt::format("{}: {} is {}, expected {}", what_, part, got, wanted));
  }

  std::string what_;
  CaseResult& result_;
};

void compare_criteria(const Node& expect, const FrameworkResult& outcome, CaseResult& result) {
  for (const Member& expected : expect.members) {
    const auto found = std::find_if(outcome.criteria.begin(), outcome.criteria.end(),
                                    [&](const CriterionResult& c) { return c.criterion->id == expected.key; });
    if (found == outcome.criteria.end()) {
      result.failures.push_back(fmt::format("no criterion has the id `{}`", expected.key));
      continue;
    }
    Comparison compare(expected.key, result);
    const Node* status = expected.value.kind == Node::Kind::text ? &expected.value : expected.value.find("status");
    compare.word(status, "status", name_of(found->status));
    compare.range(expected.value.find("points"), "points", found->points);
    compare.range(expected.value.find("level"), "level", found->level);
    compare.word(expected.value.find("decided_by"), "decided_by", found->decided_by);
  }
}

std::string_view gate_word(const std::optional<Truth>& gate) {
  if (!gate) return "none";
  if (*gate == Truth::unknown) return "unknown";
  return *gate == Truth::yes ? "met" : "not-met";
}

void compare_overall(const Node& overall, const FrameworkResult& outcome, CaseResult& result) {
  Comparison whole("overall", result);
  whole.word(overall.find("applies"), "applies",
             outcome.applies == Truth::unknown ? "unknown" : (outcome.applies == Truth::yes ? "due" : "not-due"));
  whole.word(overall.find("gate"), "gate", gate_word(outcome.gate));
  whole.range(overall.find("level"), "level", outcome.level);
  whole.range(overall.find("score"), "score", outcome.score);
  if (const Node* objectives = overall.find("objectives"))
    for (const Member& expected : objectives->members) {
      const auto found = std::find_if(outcome.objectives.begin(), outcome.objectives.end(),
                                      [&](const ObjectiveResult& o) { return o.id == expected.key; });
      if (found == outcome.objectives.end()) {
        result.failures.push_back(fmt::format("no objective has the id `{}`", expected.key));
        continue;
      }
      Comparison one(expected.key, result);
      one.range(expected.value.find("level"), "level", found->level);
      one.range(expected.value.find("score"), "score", found->score);
    }
}

}  // namespace

std::vector<CaseResult> run_cases(const RuleSet& ruleset, const Catalogue& catalogue, const CountryGroups& groups,
                                  Date today, Coverage* coverage) {
  if (coverage != nullptr) for_each_condition(ruleset, [&](const Condition& condition) { coverage->watch(condition); });
  return run_each_case(
      *ruleset.document, catalogue, today, [&](const Node& node, Value& root, Date as_of, CaseResult& result) {
        const Facts facts{&root, &groups, as_of};
        if (coverage != nullptr)
          for_each_condition(ruleset, [&](const Condition& condition) { coverage->observe(condition, facts); });
        Deciding how;
        how.profile = node.text_of("profile");
        const FrameworkResult outcome = decide(ruleset, facts, how);
        how.even_if_not_due = true;  // a case of a criterion need not say why the whole set is due
        if (const Node* expect = node.find("expect"))
          compare_criteria(*expect, outcome.criteria.empty() ? decide(ruleset, facts, how) : outcome, result);
        if (const Node* overall = node.find("overall")) compare_overall(*overall, outcome, result);
      });
}

}  // namespace sovrisk
