#include "rules/method.h"

#include <fmt/format.h>

#include <algorithm>

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
    method_.document = &document;
    method_.id = document.id;
    scope_ = condition_scope(catalogue.schemas(), groups);
    scope_.define = document.root.find("define");
  }

  Method run() {
    const Node& root = method_.document->root;
    for (const Node& id : root.find("rulesets")->items)
      if (catalogue_.find("ruleset", id.text) == nullptr)
        diagnostics_.error("dangling-id", id.span, fmt::format("no rule set has the id `{}`", id.text),
                           did_you_mean(id.text, catalogue_.ids("ruleset")));
    for (const Node& node : root.find("risks")->items) {
      RiskRule risk;
      risk.id = node.text_of("id");
      risk.node = &node;
      risk.severity = levels(*node.find("severity"));
      risk.likelihood = levels(*node.find("likelihood"));
      method_.risks.push_back(std::move(risk));
    }
    const auto& verdicts = root.find("verdict")->items;
    for (const Node& node : verdicts)
      method_.verdicts.push_back(verdict(node, &node == &verdicts.back()));
    if (const Node* conditions = root.find("conditions"))
      for (const Node& node : conditions->items) {
        ConditionRule rule;
        rule.id = node.text_of("id");
        rule.node = &node;
        rule.when = when(node);
        if (const Node* list = node.find("verdicts"))
          for (const Node& value : list->items)
            rule.verdicts.push_back(value.text);
        method_.conditions.push_back(std::move(rule));
      }
    return std::move(method_);
  }

 private:
  std::optional<Condition> when(const Node& node) {
    const Node* condition = node.find("when");
    if (condition == nullptr) return std::nullopt;
    return conditions_.next(*condition, scope_, diagnostics_);
  }

  std::vector<LevelRule> levels(const Node& list) {
    std::vector<LevelRule> rules;
    for (const Node& node : list.items) {
      LevelRule rule;
      rule.level = static_cast<int>(node.find("level")->number);
      rule.because = node.find("because");
      rule.when = when(node);
      if (!rules.empty() && rule.level <= rules.back().level)
        diagnostics_.error("unreachable-level", node.find("level")->span, "levels stand lowest first, each once");
      if (!rules.empty() && !rule.when)
        diagnostics_.error("unreachable-level", node.find("level")->span,
                           "only the first level may go without `when`: it is what is left");
      rules.push_back(std::move(rule));
    }
    return rules;
  }

  VerdictRule verdict(const Node& node, bool last) {
    VerdictRule rule;
    rule.value = node.text_of("value");
    rule.when = when(node);
    rule.because = node.find("because");
    rule.until = node.find("until");
    if (!rule.when && !last)
      diagnostics_.error("unreachable-verdict", node.span,
                         "a verdict without `when` always holds: later ones are never reached");
    if (const Node* reasons = node.find("reasons"))
      for (const Node& entry : reasons->items) {
        Reason reason;
        reason.id = entry.text_of("id");
        reason.when = when(entry);
        reason.text = entry.find("text");
        reason.references = entry.find("references");
        rule.reasons.push_back(std::move(reason));
      }
    return rule;
  }

  const Catalogue& catalogue_;
  Diagnostics& diagnostics_;
  ConditionSource conditions_;
  ConditionScope scope_;
  Method method_;
};

std::optional<Date> until_of(const VerdictRule& rule, const Facts& facts) {
  if (rule.until == nullptr) return std::nullopt;
  std::optional<Date> until;
  if (const auto after = Duration::parse(rule.until->text_of("after"))) until = add(facts.as_of, *after);
  const Node* own = rule.until->find("workload_duration");
  if (own != nullptr && own->boolean)
    if (const auto duration = Duration::parse(facts.root->get("workload").get("duration").word())) {
      const Date end = add(facts.as_of, *duration);
      if (!until || end < *until) until = end;
    }
  return until;
}

}  // namespace

Method compile_method(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                      Diagnostics& diagnostics) {
  return Compiler(document, catalogue, groups, diagnostics).run();
}

Rating rate(const std::vector<LevelRule>& ladder, const Facts& facts) {
  Rating rating;
  if (ladder.empty()) return rating;
  rating.level = {static_cast<double>(ladder.front().level), static_cast<double>(ladder.front().level)};
  rating.because = ladder.front().because;
  for (const LevelRule& rule : ladder) {
    if (!rule.when) continue;
    const Truth truth = evaluate(*rule.when, facts);
    if (truth == Truth::no) continue;
    rating.level.high = rule.level;
    if (truth == Truth::unknown) {
      append(rating.missing, deciding_facts(*rule.when, facts));
      continue;
    }
    rating.level.low = rule.level;
    rating.because = rule.because;
    rating.reasons = deciding_facts(*rule.when, facts);
    rating.missing.clear();
  }
  return rating;
}

VerdictResult judge(const Method& method, const Facts& facts) {
  VerdictResult result;
  std::vector<UsedFact> used;
  for (const VerdictRule& rule : method.verdicts) {
    const Truth truth = rule.when ? evaluate(*rule.when, facts) : Truth::yes;
    if (truth == Truth::no) continue;
    if (std::find(result.possible.begin(), result.possible.end(), rule.value) == result.possible.end())
      result.possible.push_back(rule.value);
    if (rule.when) append(truth == Truth::unknown ? result.missing : used, deciding_facts(*rule.when, facts));
    if (truth == Truth::yes) {
      result.rule = &rule;
      break;
    }
  }
  if (result.possible.size() != 1) {
    result.value = "undetermined";
    result.rule = nullptr;
    return result;
  }
  result.value = result.possible.front();
  result.facts = std::move(used);
  if (result.rule != nullptr) {
    for (const Reason& reason : result.rule->reasons)
      if (!reason.when || evaluate(*reason.when, facts) == Truth::yes) result.reasons.push_back(&reason);
    result.until = until_of(*result.rule, facts);
  }
  for (const ConditionRule& rule : method.conditions) {
    const bool meant = rule.verdicts.empty() ||
                       std::find(rule.verdicts.begin(), rule.verdicts.end(), result.value) != rule.verdicts.end();
    if (meant && (!rule.when || evaluate(*rule.when, facts) != Truth::no)) result.conditions.push_back(&rule);
  }
  return result;
}

Value risk_facts(const Method& method, const std::vector<std::pair<Rating, Rating>>& ratings) {
  Value list = Value::list();
  for (std::size_t i = 0; i < method.risks.size() && i < ratings.size(); ++i) {
    Value risk = Value::map();
    risk.set("id", Value::of(method.risks[i].id));
    risk.set("feared_event", Value::of(method.risks[i].node->text_of("feared_event")));
    risk.set("severity", Value::of(ratings[i].first.level.low, ratings[i].first.level.high));
    risk.set("likelihood", Value::of(ratings[i].second.level.low, ratings[i].second.level.high));
    list.items.push_back(std::move(risk));
  }
  return list;
}

std::vector<CaseResult> run_cases(const Method& method, const Catalogue& catalogue, const CountryGroups& groups,
                                  Date today) {
  return run_each_case(
      *method.document, catalogue, today, [&](const Node& node, Value& root, Date as_of, CaseResult& result) {
        const Facts facts{&root, &groups, as_of};
        std::vector<std::pair<Rating, Rating>> ratings;
        for (const RiskRule& risk : method.risks)
          ratings.emplace_back(rate(risk.severity, facts), rate(risk.likelihood, facts));
        root.set("risks", risk_facts(method, ratings));
        const Node* expect = node.find("expect");
        if (const Node* verdict = expect->find("verdict"))
          if (const std::string value = judge(method, facts).value; value != verdict->text)
            result.failures.push_back(fmt::format("verdict is {}, expected {}", value, verdict->text));
        if (const Node* risks = expect->find("risks"))
          for (const Member& expected : risks->members) {
            const auto found = std::find_if(method.risks.begin(), method.risks.end(),
                                            [&](const RiskRule& risk) { return risk.id == expected.key; });
            if (found == method.risks.end()) {
              result.failures.push_back(fmt::format("no risk has the id `{}`", expected.key));
              continue;
            }
            const auto& [severity, likelihood] = ratings[static_cast<std::size_t>(found - method.risks.begin())];
            const auto compare = [&](std::string_view what, const Rating& rating) {
              const Node* wanted = expected.value.find(what);
              if (wanted != nullptr && (rating.level.low != wanted->number || rating.level.high != wanted->number))
                result.failures.push_back(fmt::format("{}: {} is {:g}..{:g}, expected {:g}", expected.key, what,
                                                      rating.level.low, rating.level.high, wanted->number));
            };
            compare("severity", severity);
            compare("likelihood", likelihood);
          }
      });
}

}  // namespace sovrisk
