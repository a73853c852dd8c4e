#include "rules/ruleset.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conditions/compiled.h"
#include "conditions/scope.h"
#include "load/suggest.h"
#include "rules/used_facts.h"

namespace sovrisk {

namespace {

class Compiler {
 public:
  Compiler(const Document& document, const Catalogue& catalogue, const CountryGroups& groups, Diagnostics& diagnostics)
      : catalogue_(catalogue), diagnostics_(diagnostics), conditions_(catalogue, document) {
    set_.document = &document;
    set_.id = document.id;
    scope_ = condition_scope(catalogue.schemas(), groups);
    scope_.define = document.root.find("define");
  }

  RuleSet run() {
    const Node& root = set_.document->root;
    if (const Node* applies = root.find("applies")) set_.applies = condition(*applies);
    if (const Node* evidence = root.find("evidence")) {
      set_.evidence = condition(*evidence->find("when"));
      if (const Node* ids = evidence->find("criteria"))
        for (const Node& id : ids->items)
          set_.evidence_for.push_back(id.text);
    }
    std::set<std::string> objectives;
    if (const Node* list = root.find("objectives"))
      for (const Node& objective : list->items)
        objectives.emplace(objective.text_of("id"));
    std::set<std::string> seen;
    for (const Node& node : root.find("criteria")->items) {
      const Node* id = node.find("id");
      if (!seen.insert(id->text).second)
        diagnostics_.error("duplicate-id", id->span, fmt::format("two criteria have the id `{}`", id->text));
      set_.criteria.push_back(criterion(node, objectives));
    }
    weights(root, objectives);
    return std::move(set_);
  }

 private:
  Condition condition(const Node& node) { return conditions_.next(node, scope_, diagnostics_); }

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
    references(node);
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
    const Node* known = set_.document->root.find("references");
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
  ConditionSource conditions_;
  ConditionScope scope_;
  RuleSet set_;
};

class Decider {
 public:
  Decider(const RuleSet& set, const Facts& facts) : set_(set), facts_(facts) {
    if (set.evidence) settled_ = evaluate(*set.evidence, facts);
    answers_ = &facts.root->get("offering").get("answers").get(set.id);
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
      append(result.missing, deciding_facts(*criterion.applies, facts_));
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
    if (met == Truth::unknown) result.missing = deciding_facts(*criterion.require, facts_);
    if (partly == Truth::unknown) append(result.missing, deciding_facts(*criterion.partly, facts_));
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
      if (truth == Truth::unknown && low != high) append(result.missing, deciding_facts(*rung.when, facts_));
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
    if (result.status != Status::unknown || settled_ != Truth::yes || result.refuted) return;
    const auto& ids = set_.evidence_for;
    if (!ids.empty() && std::find(ids.begin(), ids.end(), result.criterion->id) == ids.end()) return;
    result.status = Status::met;
    if (!result.criterion->ladder.empty()) set_rungs(*result.criterion, result.rung_high, result.rung_high, result);
    result.decided_by = "evidence";
    result.reasons = deciding_facts(*set_.evidence, facts_);
    result.missing.clear();
  }

  const RuleSet& set_;
  const Facts& facts_;
  Truth settled_ = Truth::no;
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
  for (const Criterion& criterion : ruleset.criteria)
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
  return Compiler(document, catalogue, groups, diagnostics).run();
}

FrameworkResult decide(const RuleSet& ruleset, const Facts& facts, const std::string& profile) {
  FrameworkResult result;
  result.ruleset = &ruleset;
  if (ruleset.applies) result.applies = evaluate(*ruleset.applies, facts);
  const Decider decider(ruleset, facts);
  for (const Criterion& criterion : ruleset.criteria)
    result.criteria.push_back(decider.criterion(criterion));

  const Node& root = ruleset.document->root;
  const Node* aggregate = root.find("aggregate");
  const auto way = [&](std::string_view key) {
    return aggregate != nullptr ? aggregate->text_of(key) : std::string_view();
  };
  result.profile = profile.empty() ? std::string(root.text_of("default_profile")) : profile;
  const Node* profiles = root.find("profiles");
  const Node* weights = profiles != nullptr ? profiles->find(result.profile) : nullptr;

  if (const Node* objectives = root.find("objectives")) {
    for (const Node& node : objectives->items) {
      ObjectiveResult objective;
      objective.id = node.text_of("id");
      if (weights != nullptr)
        if (const Node* weight = weights->find(objective.id)) objective.weight = weight->number;
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

std::vector<CaseResult> run_cases(const RuleSet& ruleset, const Catalogue& catalogue, const CountryGroups& groups,
                                  Date today) {
  return run_each_case(
      *ruleset.document, catalogue, today, [&](const Node& node, Value& root, Date as_of, CaseResult& result) {
        const FrameworkResult outcome = decide(ruleset, Facts{&root, &groups, as_of});
        for (const Member& expected : node.find("expect")->members) {
          const auto found = std::find_if(outcome.criteria.begin(), outcome.criteria.end(),
                                          [&](const CriterionResult& c) { return c.criterion->id == expected.key; });
          if (found == outcome.criteria.end()) {
            result.failures.push_back(fmt::format("no criterion has the id `{}`", expected.key));
            continue;
          }
          const auto differs = [&](std::string_view what, const std::string& wanted, const std::string& got) {
            if (wanted != got)
              result.failures.push_back(fmt::format("{}: {} is {}, expected {}", expected.key, what, got, wanted));
          };
          const auto range = [](const std::optional<Range>& value) {
            if (!value) return std::string("none");
            return value->decided() ? fmt::format("{:g}", value->low)
                                    : fmt::format("{:g}..{:g}", value->low, value->high);
          };
          if (expected.value.kind == Node::Kind::text)
            differs("status", expected.value.text, std::string(name_of(found->status)));
          if (const Node* status = expected.value.find("status"))
            differs("status", status->text, std::string(name_of(found->status)));
          if (const Node* points = expected.value.find("points"))
            differs("points", fmt::format("{:g}", points->number), range(found->points));
          if (const Node* level = expected.value.find("level"))
            differs("level", fmt::format("{:g}", level->number), range(found->level));
        }
      });
}

}  // namespace sovrisk
