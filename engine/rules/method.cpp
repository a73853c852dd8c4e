#include "rules/method.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "conditions/compiled.h"
#include "load/suggest.h"
#include "rules/used_facts.h"

namespace sovrisk {

namespace {

class Compiler {
 public:
  Compiler(const Document& document, const Catalogue& catalogue, const CountryGroups& groups, Diagnostics& diagnostics)
      : catalogue_(catalogue), diagnostics_(diagnostics), conditions_(catalogue, document, groups) {
    method_.document = &document;
    method_.id = document.id;
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
    for (const Node& node : root.find("questions")->items)
      method_.questions.push_back(question(node, "verdict"));
    if (const Node* duties = root.find("duties"))
      for (const Node& node : duties->items)
        method_.duties.push_back(duty(node));
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
  Duty duty(const Node& node) {
    Duty duty;
    if (const Node* signs = node.find("signs"))
      for (const Node& entry : signs->items) {
        Sign sign;
        sign.id = entry.text_of("id");
        sign.group = entry.text_of("group");
        sign.when = conditions_.next(*entry.find("when"), diagnostics_);
        sign.node = &entry;
        duty.signs.push_back(std::move(sign));
      }
    duty.question = question(node, "answers");
    return duty;
  }

  Question question(const Node& node, std::string_view answers) {
    Question question;
    question.id = node.text_of("id");
    question.node = &node;
    if (const Node* counts = node.find("counts")) question.counts = counts->boolean;
    if (const Node* applies = node.find("applies")) question.applies = conditions_.next(*applies, diagnostics_);
    const auto& verdicts = node.find(answers)->items;
    for (const Node& entry : verdicts)
      question.verdicts.push_back(verdict(entry, &entry == &verdicts.back()));
    return question;
  }

  ConditionPtr when(const Node& node) {
    const Node* condition = node.find("when");
    if (condition == nullptr) return nullptr;
    return conditions_.next(*condition, diagnostics_);
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

Rating rate(const std::vector<LevelRule>& ladder, const Facts& facts_now) {
  Truths truths;
  const Facts facts = facts_now.keeping(truths);
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

namespace {

/// Best first; then what is said of duties.
constexpr std::array<std::string_view, 6> verdict_values{"acceptable",   "conditional", "unacceptable",
                                                         "not-required", "to-examine",  "required"};

std::size_t rank_of(std::string_view value) {
  return static_cast<std::size_t>(std::find(verdict_values.begin(), verdict_values.end(), value) -
                                  verdict_values.begin());
}

/// The value if only one is possible.
void conclude(VerdictResult& result) {
  std::sort(result.possible.begin(), result.possible.end(),
            [](const std::string& a, const std::string& b) { return rank_of(a) < rank_of(b); });
  result.value = result.possible.size() == 1 ? result.possible.front() : "undetermined";
}

void add_possible(VerdictResult& result, const std::string& value) {
  if (std::find(result.possible.begin(), result.possible.end(), value) == result.possible.end())
    result.possible.push_back(value);
}

VerdictResult answer(const Question& question, const Facts& facts_now) {
  Truths truths;
  const Facts facts = facts_now.keeping(truths);
  VerdictResult result;
  const Truth asked = question.applies ? evaluate(*question.applies, facts) : Truth::yes;
  if (asked == Truth::no) {
    result.value = "not-asked";
    return result;
  }
  if (asked == Truth::unknown) {
    // A question not asked stands in nobody's way, and a duty that does not arise is not required.
    const bool of_duty = rank_of(question.verdicts.front().value) > 2;
    add_possible(result, std::string(verdict_values.at(of_duty ? 3 : 0)));
    append(result.missing, deciding_facts(*question.applies, facts));
  }
  std::vector<UsedFact> used;
  const VerdictRule* holds = nullptr;
  for (const VerdictRule& rule : question.verdicts) {
    const Truth truth = rule.when ? evaluate(*rule.when, facts) : Truth::yes;
    if (truth == Truth::no) continue;
    add_possible(result, rule.value);
    if (rule.when) append(truth == Truth::unknown ? result.missing : used, deciding_facts(*rule.when, facts));
    if (truth == Truth::yes) {
      holds = &rule;
      break;
    }
  }
  conclude(result);
  if (result.possible.size() != 1) return result;
  result.facts = std::move(used);
  if (holds == nullptr) return result;
  result.rules.push_back(holds);
  for (const Reason& reason : holds->reasons)
    if (!reason.when || evaluate(*reason.when, facts) == Truth::yes) result.reasons.push_back(&reason);
  result.until = until_of(*holds, facts);
  return result;
}

/// The worst of the questions that count. A value is possible if some question may have it and none must be worse.
VerdictResult worst(const std::vector<QuestionResult>& questions) {
  VerdictResult result;
  std::size_t least = 0;
  for (const QuestionResult& one : questions)
    if (one.question->counts && !one.verdict.possible.empty())
      least = std::max(least, rank_of(one.verdict.possible.front()));
  for (const QuestionResult& one : questions)
    if (one.question->counts)
      for (const std::string& value : one.verdict.possible)
        if (rank_of(value) >= least) add_possible(result, value);
  if (result.possible.empty()) add_possible(result, std::string(verdict_values.front()));  // nothing was asked
  conclude(result);
  for (const QuestionResult& one : questions) {
    if (!one.question->counts) continue;
    if (result.value == "undetermined" && one.verdict.value == "undetermined")
      append(result.missing, one.verdict.missing);
    if (one.verdict.value != result.value) continue;
    append(result.facts, one.verdict.facts);
    result.rules.insert(result.rules.end(), one.verdict.rules.begin(), one.verdict.rules.end());
    for (const Reason* reason : one.verdict.reasons) {
      const auto same = [&](const Reason* other) { return other->id == reason->id; };
      if (std::none_of(result.reasons.begin(), result.reasons.end(), same)) result.reasons.push_back(reason);
    }
    if (one.verdict.until && (!result.until || *one.verdict.until < *result.until)) result.until = one.verdict.until;
  }
  return result;
}

/// Each duty by its signs, which are set under `signs` of the facts so that its answers can count them.
std::vector<DutyResult> judge_duties(const Method& method, Value& root, const Facts& facts) {
  std::vector<DutyResult> results;
  root.set("signs", Value::map());
  for (const Duty& duty : method.duties) {
    DutyResult result;
    result.duty = &duty;
    for (const Sign& sign : duty.signs) {
      const Truth truth = evaluate(*sign.when, facts);
      result.signs.push_back(truth);
      Value item = Value::map();
      item.set("id", Value::of(sign.id));
      item.set("present", truth == Truth::unknown ? Value::unknown() : Value::of(truth == Truth::yes));
      Value& groups = *root.find("signs");
      if (groups.find(sign.group) == nullptr) groups.set(sign.group, Value::list());
      groups.find(sign.group)->items.push_back(std::move(item));
    }
    result.answer = answer(duty.question, facts);
    // What a count of signs waits for are the facts that the open signs wait for.
    if (result.answer.value == "undetermined") {
      std::erase_if(result.answer.missing, [](const UsedFact& fact) { return fact.path.starts_with("signs"); });
      for (std::size_t i = 0; i < duty.signs.size(); ++i)
        if (result.signs[i] == Truth::unknown)
          append(result.answer.missing, deciding_facts(*duty.signs[i].when, facts));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace

Judgement judge(const Method& method, Value& root, const CountryGroups& groups, Date as_of) {
  Judgement result;
  const Facts facts{&root, &groups, as_of};
  root.set("questions", Value::map());
  for (const Question& question : method.questions) {
    VerdictResult verdict = answer(question, facts);
    root.find("questions")
        ->set(question.id, verdict.value == "not-asked" ? Value::of(verdict.value) : Value::one_of(verdict.possible));
    result.questions.push_back({&question, std::move(verdict)});
  }
  result.verdict = worst(result.questions);
  result.duties = judge_duties(method, root, facts);
  if (result.verdict.value == "undetermined") return result;
  for (const ConditionRule& rule : method.conditions) {
    const bool meant = rule.verdicts.empty() || std::find(rule.verdicts.begin(), rule.verdicts.end(),
                                                          result.verdict.value) != rule.verdicts.end();
    if (meant && (!rule.when || evaluate(*rule.when, facts) != Truth::no)) result.verdict.conditions.push_back(&rule);
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

namespace {

/// Every condition of a method, in the order of the file.
template <class Visit>
void for_each_condition(const Method& method, Visit visit) {
  const auto all = [&](const auto& rules) {
    for (const auto& rule : rules)
      if (rule.when) visit(*rule.when);
  };
  for (const RiskRule& risk : method.risks) {
    all(risk.severity);
    all(risk.likelihood);
  }
  const auto asked = [&](const Question& question) {
    if (question.applies) visit(*question.applies);
    all(question.verdicts);
    for (const VerdictRule& verdict : question.verdicts)
      all(verdict.reasons);
  };
  for (const Question& question : method.questions)
    asked(question);
  for (const Duty& duty : method.duties) {
    for (const Sign& sign : duty.signs)
      visit(*sign.when);
    asked(duty.question);
  }
  all(method.conditions);
}

}  // namespace

std::vector<CaseResult> run_cases(const Method& method, const Catalogue& catalogue, const CountryGroups& groups,
                                  Date today, Coverage* coverage) {
  if (coverage != nullptr) for_each_condition(method, [&](const Condition& condition) { coverage->watch(condition); });
  return run_each_case(
      *method.document, catalogue, today, [&](const Node& node, Value& root, Date as_of, CaseResult& result) {
        const Facts facts{&root, &groups, as_of};
        std::vector<std::pair<Rating, Rating>> ratings;
        for (const RiskRule& risk : method.risks)
          ratings.emplace_back(rate(risk.severity, facts), rate(risk.likelihood, facts));
        root.set("risks", risk_facts(method, ratings));
        const Judgement judgement = judge(method, root, groups, as_of);
        if (coverage != nullptr)
          for_each_condition(method, [&](const Condition& condition) { coverage->observe(condition, facts); });
        const Node* expect = node.find("expect");
        const auto compare_verdict = [&](std::string_view what, const Node& wanted, const std::string& value) {
          if (value != wanted.text)
            result.failures.push_back(fmt::format("{} is {}, expected {}", what, value, wanted.text));
        };
        if (const Node* verdict = expect->find("verdict"))
          compare_verdict("verdict", *verdict, judgement.verdict.value);
        if (const Node* questions = expect->find("questions"))
          for (const Member& expected : questions->members) {
            const auto found =
                std::find_if(judgement.questions.begin(), judgement.questions.end(),
                             [&](const QuestionResult& one) { return one.question->id == expected.key; });
            if (found == judgement.questions.end()) {
              result.failures.push_back(fmt::format("no question has the id `{}`", expected.key));
            } else {
              compare_verdict(expected.key, expected.value, found->verdict.value);
            }
          }
        if (const Node* duties = expect->find("duties"))
          for (const Member& expected : duties->members) {
            const auto found =
                std::find_if(judgement.duties.begin(), judgement.duties.end(),
                             [&](const DutyResult& one) { return one.duty->question.id == expected.key; });
            if (found == judgement.duties.end()) {
              result.failures.push_back(fmt::format("no duty has the id `{}`", expected.key));
            } else {
              compare_verdict(expected.key, expected.value, found->answer.value);
            }
          }
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
