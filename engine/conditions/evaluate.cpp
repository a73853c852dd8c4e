#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "conditions/compare.h"
#include "conditions/condition.h"
#include "conditions/holders.h"
#include "facts/ownership.h"

namespace sovrisk {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

/// Truth of a predicate over the words that a text may be.
template <class Predicate>
Truth over_words(const std::vector<std::string>& words, Predicate predicate) {
  std::size_t hits = 0;
  for (const std::string& word : words)
    if (predicate(word)) ++hits;
  if (hits == 0) return Truth::no;
  return hits == words.size() ? Truth::yes : Truth::unknown;
}

std::string item_name(const Value& item, std::size_t index) {
  for (const std::string_view key : naming_keys)
    if (const Value* name = item.find(key); name != nullptr && name->kind == Value::Kind::text) {
      std::string text = text_of(*name);
      // One vendor may supply several things, one law may reach to several scopes.
      if (const Value* more = item.find(key == "vendor" ? "product" : "scope");
          more != nullptr && more->kind == Value::Kind::text && (key == "vendor" || key == "law"))
        text += fmt::format(" {}", text_of(*more));
      return text;
    }
  return fmt::format("{}", index + 1);
}

/// The item of a list that conditions speak of, and those of the lists around it.
struct Items {
  const Value* item = nullptr;
  const Items* outer = nullptr;
  int depth = 0;  ///< 1 for the item of the outermost list

  [[nodiscard]] const Value* at(int scope) const {
    const Items* here = this;
    while (here != nullptr && here->depth > scope)
      here = here->outer;
    return here != nullptr && here->depth == scope ? here->item : nullptr;
  }
};

const Value* value_at(const Path& path, const Facts& facts, const Items* items) {
  const Value* value = path.scope == 0 ? facts.root : nullptr;
  if (path.scope > 0 && items != nullptr) value = items->at(path.scope);
  for (std::size_t i = 0; i < path.steps.size() && value != nullptr; ++i) {
    if (i < path.follows.size() && path.follows[i]) {
      const std::string_view id = value->word();
      const Value* entities = facts.root->find("entities");
      value = nullptr;
      if (entities == nullptr || id.empty()) return nullptr;
      for (const Value& entity : entities->items)
        if (entity.get("id").word() == id) value = &entity;
      if (value == nullptr) return nullptr;
    }
    value = value->find(path.steps[i]);
  }
  return value;
}

class Evaluator {
 public:
  Evaluator(const Facts& facts, const Value* item) : facts_(facts), truths_(facts.truths) {
    if (item == nullptr) return;
    given_ = {item, nullptr, 1};
    items_ = &given_;
  }
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  Truth evaluate(const Condition& condition) {
    if (!worth_keeping(condition)) return decide(condition);
    // One that speaks of no item, or of one, comes out alike wherever else it stands.
    const int scope = static_cast<int>(std::bit_width(condition.speaks_of));
    const Value* item = scope > 0 && items_ != nullptr ? items_->at(scope) : nullptr;
    const bool of_one = (condition.speaks_of & (condition.speaks_of - 1)) == 0;
    if (!of_one || (scope > 0 && item == nullptr)) return decide(condition);
    const auto [known, fresh] = truths_->at(&condition, item);
    if (fresh) known = decide(condition);
    return known;
  }

  /// How the condition comes out and the facts that made it so.
  std::vector<UsedFact> explain(const Condition& condition, std::optional<Truth> truth) {
    std::vector<UsedFact> facts;
    // Giving reasons asks the same parts again at each level.
    Truths own;
    if (truths_ == nullptr) truths_ = &own;
    explaining_ = true;
    reasons(condition, truth ? *truth : evaluate(condition), facts);
    explaining_ = false;
    truths_ = facts_.truths;
    return facts;
  }
  /// Tells the truth of the condition and of every one inside it, item by item; nothing is cut short.
  void visit(const Condition& condition, const TruthVisitor& tell) {
    tell(condition, evaluate(condition));
    for (const ConditionPtr& part : condition.parts)
      visit(*part, tell);
    if (condition.op != Condition::Op::test || condition.test.each == nullptr || condition.path == nullptr) return;
    const Value* list = condition.test.op == Test::Op::held_by ? facts_.root->find("entities")
                                                               : value_at(*condition.path, facts_, items_);
    if (list == nullptr) return;
    for (const Value& item : list->items) {
      const Within within(*this, item);
      visit(*condition.test.each, tell);
    }
  }

 private:
  /// Makes conditions speak of an item while it stands.
  class Within {
   public:
    Within(Evaluator& evaluator, const Value& item)
        : evaluator_(evaluator),
          items_{&item, evaluator.items_, evaluator.items_ != nullptr ? evaluator.items_->depth + 1 : 1} {
      evaluator_.items_ = &items_;
    }
    ~Within() { evaluator_.items_ = items_.outer; }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    Evaluator& evaluator_;
    Items items_;
  };

  [[nodiscard]] std::size_t depth() const { return items_ != nullptr ? static_cast<std::size_t>(items_->depth) : 0; }

  /// Keeping an answer costs more than most answers.
  [[nodiscard]] bool worth_keeping(const Condition& condition) const {
    if (truths_ == nullptr || (condition.parts.empty() && condition.test.each == nullptr)) return false;
    return condition.recurs || explaining_ || condition.test.op == Test::Op::held_by;
  }

  Truth decide(const Condition& condition) {
    Truth truth = Truth::unknown;
    switch (condition.op) {
      case Condition::Op::all: truth = fold(condition, Truth::yes, [](Truth a, Truth b) { return a && b; }); break;
      case Condition::Op::any: truth = fold(condition, Truth::no, [](Truth a, Truth b) { return a || b; }); break;
      case Condition::Op::none: truth = !fold(condition, Truth::no, [](Truth a, Truth b) { return a || b; }); break;
      case Condition::Op::negation:
        truth = !fold(condition, Truth::yes, [](Truth a, Truth b) { return a && b; });
        break;
      case Condition::Op::shown:
        truth = truth_of(fold(condition, Truth::yes, [](Truth a, Truth b) { return a && b; }) == Truth::yes);
        break;
      case Condition::Op::constant: truth = truth_of(condition.constant); break;
      case Condition::Op::known: {
        if (condition.path == nullptr) break;
        const Value* value = value_at(*condition.path, facts_, items_);
        truth = truth_of(value != nullptr && value->is_known());
        break;
      }
      case Condition::Op::test: {
        if (condition.path == nullptr) break;  // an ill-formed part, reported at load
        static const Value nothing;
        const Value* found = value_at(*condition.path, facts_, items_);
        const Truth plain = positive(condition.test, found != nullptr ? *found : nothing);
        truth = condition.test.negated ? !plain : plain;
        break;
      }
    }
    return truth;
  }

  /// Whether parts of a combination that came out so all came out alike.
  static bool all_alike(Condition::Op op, Truth of_parts) {
    if (op == Condition::Op::any || op == Condition::Op::none) return of_parts == Truth::no;
    return (op == Condition::Op::all || op == Condition::Op::negation) && of_parts == Truth::yes;
  }

  /// Gathers the facts that made the condition come out as it did.
  void reasons(const Condition& condition, Truth truth, std::vector<UsedFact>& facts) {
    bool inner = false;
    const bool turned = condition.op == Condition::Op::none || condition.op == Condition::Op::negation;
    const Truth wanted = turned ? !truth : truth;
    for (const ConditionPtr& part : condition.parts) {
      // Where every part has to be so, none needs asking.
      if (!all_alike(condition.op, wanted) && evaluate(*part) != wanted) continue;
      reasons(*part, wanted, facts);
      inner = true;
    }
    const bool asks = condition.op == Condition::Op::known || condition.op == Condition::Op::test;
    if (!asks || inner || condition.path == nullptr) return;
    const Value* value = value_at(*condition.path, facts_, items_);
    if (value != nullptr && condition.op == Condition::Op::test) {
      const bool listed = value->kind == Value::Kind::list && quantifies(condition.test.op);
      if (listed && reasons_of_items(condition, truth, *value, facts)) return;
      if (condition.test.op == Test::Op::held_by && reasons_of_holders(condition.test, *value, facts)) return;
    }
    std::string path = name(*condition.path);
    if (!is_kept(path, facts))
      facts.push_back({std::move(path), value != nullptr ? text_of(*value) : "unknown", truth,
                       value != nullptr ? value->origin : nullptr});
  }

  /// INVARIANT: `start` is neutral, its opposite absorbs: once reached, the other parts change nothing.
  template <class Combine>
  Truth fold(const Condition& condition, Truth start, Combine combine) {
    Truth truth = start;
    for (const ConditionPtr& part : condition.parts) {
      truth = combine(truth, evaluate(*part));
      if (truth == !start) break;
    }
    return truth;
  }

  static bool quantifies(Test::Op op) {
    return op == Test::Op::some || op == Test::Op::every || op == Test::Op::none || op == Test::Op::count ||
           op == Test::Op::sum;
  }

  /// An item matters when it pulls the way the whole went; in a count or sum, when it may be counted.
  bool reasons_of_items(const Condition& condition, Truth truth, const Value& list, std::vector<UsedFact>& facts) {
    const Test& test = condition.test;
    bool any = false;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const Within within(*this, list.items[i]);
      const Truth of_item = test.each != nullptr ? evaluate(*test.each) : Truth::yes;
      const bool counted = test.op == Test::Op::count || test.op == Test::Op::sum;
      const bool matters = counted ? of_item != Truth::no : of_item == (test.op == Test::Op::none ? !truth : truth);
      if (matters) {
        any = true;
        names_.resize(depth());
        names_.back() = condition.path->text + '[' + item_name(list.items[i], i) + ']';
        if (test.each != nullptr) reasons(*test.each, of_item, facts);
      }
      names_.resize(std::min(names_.size(), depth() - 1));
    }
    return any;
  }

  [[nodiscard]] std::string name(const Path& path) const {
    if (path.scope == 0) return path.text;
    const auto at = static_cast<std::size_t>(path.scope) - 1;
    std::string full = at < names_.size() ? names_[at] : std::string();
    full += '.';
    return full += path.text;
  }

  /// Whether a fact is among those gathered; keeps in mind that it will be.
  bool is_kept(std::string_view path, const std::vector<UsedFact>& facts) {
    const std::size_t hash = std::hash<std::string_view>()(path);
    for (std::size_t i = 0; i < facts.size(); ++i)
      if (hashes_[i] == hash && facts[i].path == path) return true;
    hashes_.push_back(hash);
    return false;
  }

  Truth positive(const Test& test, const Value& value) {
    switch (test.op) {
      case Test::Op::is_one_of: return equals(test, value);
      case Test::Op::in_group: return is_in(test, value);
      case Test::Op::all_in: return over_items(value, true, [&](const Value& item) { return is_in(test, item); });
      case Test::Op::some_in: return over_items(value, false, [&](const Value& item) { return is_in(test, item); });
      case Test::Op::none_of: return !over_items(value, false, [&](const Value& item) { return equals(test, item); });
      case Test::Op::includes_all: return includes_all(test, value);
      case Test::Op::empty: return is_empty(test, value);
      case Test::Op::compare:
        return value.kind == Value::Kind::number ? compare_interval(value.low, value.high, test.order, test.number)
                                                 : Truth::unknown;
      case Test::Op::before:
      case Test::Op::after:
      case Test::Op::within: return date(test, value);
      case Test::Op::same_as: return same_as(test, value);
      case Test::Op::some:
      case Test::Op::every:
      case Test::Op::none:
      case Test::Op::count:
      case Test::Op::sum: return quantify(test, value);
      case Test::Op::held_by:
        if (value.word().empty() || test.each == nullptr) return Truth::unknown;
        return held_by(test, value.word(), holders(test));
    }
    return Truth::unknown;
  }

  static Truth equals(const Test& test, const Value& value) {
    switch (value.kind) {
      case Value::Kind::boolean: return test.boolean ? truth_of(*test.boolean == value.boolean) : Truth::no;
      case Value::Kind::number: {
        Truth truth = Truth::no;
        for (const double number : test.numbers) {
          const Truth one = value.low == value.high
                                ? truth_of(value.low == number)
                                : (number < value.low || number > value.high ? Truth::no : Truth::unknown);
          truth = truth || one;
        }
        return truth;
      }
      case Value::Kind::text:
        return over_words(value.words, [&](const std::string& word) {
          return std::find(test.words.begin(), test.words.end(), word) != test.words.end();
        });
      case Value::Kind::date:
        return truth_of(std::find(test.words.begin(), test.words.end(), value.date.text()) != test.words.end());
      case Value::Kind::list: return over_items(value, false, [&](const Value& item) { return equals(test, item); });
      case Value::Kind::map:
      case Value::Kind::unknown: return Truth::unknown;
    }
    return Truth::unknown;
  }

  Truth is_in(const Test& test, const Value& value) const {
    if (value.kind != Value::Kind::text) return Truth::unknown;
    const auto in = [&](const std::string& group, const std::string& country) {
      return facts_.groups != nullptr ? facts_.groups->contains(group, country, facts_.as_of) : group == country;
    };
    if (test.other != nullptr) {
      const Value* group = value_at(*test.other, facts_, items_);
      if (group == nullptr || group->kind != Value::Kind::text || group->words.size() != 1) return Truth::unknown;
      return over_words(value.words, [&](const std::string& word) { return in(group->words[0], word); });
    }
    if (!test.group.empty())
      return over_words(value.words, [&](const std::string& word) { return in(test.group, word); });
    // Countries and groups side by side.
    return over_words(value.words, [&](const std::string& word) {
      return std::any_of(test.words.begin(), test.words.end(),
                         [&](const std::string& wanted) { return in(wanted, word); });
    });
  }

  /// every (all = true) or some of the items of a plain list; an open list may hold more.
  template <class Predicate>
  static Truth over_items(const Value& value, bool all, Predicate predicate) {
    if (value.kind != Value::Kind::list) return Truth::unknown;
    Truth truth = truth_of(all);
    for (const Value& item : value.items)
      truth = all ? truth && predicate(item) : truth || predicate(item);
    if (!value.open) return truth;
    return all ? truth && Truth::unknown : truth || Truth::unknown;
  }

  static Truth includes_all(const Test& test, const Value& value) {
    Truth truth = Truth::yes;
    for (const std::string& word : test.words) {
      Test one;
      one.words.push_back(word);
      truth = truth && equals(one, value);
    }
    return truth;
  }

  static Truth is_empty(const Test& test, const Value& value) {
    if (value.kind != Value::Kind::list) return Truth::unknown;
    Truth empty = truth_of(value.items.empty());
    if (value.open && value.items.empty()) empty = Truth::unknown;
    return test.boolean.value_or(true) ? empty : !empty;
  }

  Truth date(const Test& test, const Value& value) const {
    if (value.kind != Value::Kind::date) return Truth::unknown;
    Date other = facts_.as_of;
    if (test.date) {
      other = *test.date;
    } else if (test.other != nullptr) {
      const Value* found = value_at(*test.other, facts_, items_);
      if (found == nullptr || found->kind != Value::Kind::date) return Truth::unknown;
      other = found->date;
    }
    if (test.op == Test::Op::before) return truth_of(value.date < other);
    if (test.op == Test::Op::after) return truth_of(value.date > other);
    return truth_of(value.date <= other && value.date >= subtract(other, test.duration));
  }

  Truth same_as(const Test& test, const Value& value) const {
    if (test.other == nullptr) return Truth::unknown;
    const Value* other = value_at(*test.other, facts_, items_);
    if (other == nullptr) return Truth::unknown;
    if (value.kind == Value::Kind::list)
      return over_items(value, false, [&](const Value& item) { return equal(item, *other); });
    return equal(value, *other);
  }

  static Truth equal(const Value& a, const Value& b) {
    if (a.kind == Value::Kind::unknown || b.kind == Value::Kind::unknown || a.kind != b.kind) return Truth::unknown;
    if (a.kind == Value::Kind::text) {
      const bool meet = std::any_of(a.words.begin(), a.words.end(), [&](const std::string& word) {
        return std::find(b.words.begin(), b.words.end(), word) != b.words.end();
      });
      if (!meet) return Truth::no;
      return a.words.size() == 1 && b.words.size() == 1 ? Truth::yes : Truth::unknown;
    }
    if (a.kind == Value::Kind::number && (a.low != a.high || b.low != b.high))
      return a.high < b.low || b.high < a.low ? Truth::no : Truth::unknown;
    return truth_of(same(a, b));
  }

  Truth within(const Value& item, const Condition& condition) {
    const Within within(*this, item);
    return evaluate(condition);
  }

  Truth quantify(const Test& test, const Value& value) {
    if (value.kind != Value::Kind::list) return Truth::unknown;
    std::size_t surely = 0;
    std::size_t perhaps = 0;
    double low = 0;
    double high = 0;
    Truth some = Truth::no;
    Truth every = Truth::yes;
    for (const Value& item : value.items) {
      const Truth truth = test.each != nullptr ? within(item, *test.each) : Truth::yes;
      some = some || truth;
      every = every && truth;
      // One item may settle it, whatever the others are.
      if (some == Truth::yes && test.op == Test::Op::some) return Truth::yes;
      if (some == Truth::yes && test.op == Test::Op::none) return Truth::no;
      if (every == Truth::no && test.op == Test::Op::every) return Truth::no;
      if (truth == Truth::no) continue;
      if (truth == Truth::yes) ++surely;
      ++perhaps;
      if (test.op == Test::Op::sum) add(item.get(test.key), truth, test.shares, low, high);
    }
    if (value.open) {
      some = some || Truth::unknown;
      every = every && Truth::unknown;
      high = infinite;
    }
    switch (test.op) {
      case Test::Op::some: return some;
      case Test::Op::every: return every;
      case Test::Op::none: return !some;
      case Test::Op::count:
        return compare_interval(static_cast<double>(surely), value.open ? infinite : static_cast<double>(perhaps),
                                test.order, test.number);
      case Test::Op::sum:
        if (!test.shares) return compare_interval(low, high, test.order, test.number);
        return compare_interval(settled(low), settled(high), test.order, test.number);
      default: return Truth::unknown;
    }
  }

  /// The holders that count and what they hold, along the links up from the entity asked about.
  bool reasons_of_holders(const Test& test, const Value& value, std::vector<UsedFact>& facts) {
    if (value.word().empty() || test.each == nullptr) return false;
    std::vector<UsedFact> found = counted_holdings(test, value.word(), holders(test));
    for (UsedFact& fact : found)
      if (!is_kept(fact.path, facts)) facts.push_back(std::move(fact));
    return !found.empty();
  }

  [[nodiscard]] Holders holders(const Test& test) {
    return holders_of(facts_.root->find("entities"), [&](const Value& entity) { return within(entity, *test.each); });
  }

  /// Adds one item to the interval of a sum. An item that may not count adds nothing at least; one whose
  /// amount is unknown adds at most 100 when amounts are shares, and without bound otherwise.
  static void add(const Value& amount, Truth counts, bool shares, double& low, double& high) {
    const bool known = amount.kind == Value::Kind::number;
    constexpr double all_shares = 100;
    if (counts == Truth::yes && known) low += amount.low;
    high += known ? amount.high : (shares ? all_shares : infinite);
  }

  const Facts& facts_;
  Items given_;                      ///< the item that the caller gave, if any
  const Items* items_ = nullptr;     ///< the innermost
  Truths* truths_;                   ///< null while nothing is kept in mind
  std::vector<std::size_t> hashes_;  ///< of the paths of facts gathered, in their order
  bool explaining_ = false;          ///< the same parts are asked again at each level
  std::vector<std::string> names_;   ///< of items, while reasons are gathered; empty for those the caller gave
};

}  // namespace

Truth evaluate(const Condition& condition, const Facts& facts, const Value* item) {
  return Evaluator(facts, item).evaluate(condition);
}

std::vector<UsedFact> deciding_facts(const Condition& condition, const Facts& facts, const Value* item,
                                     std::optional<Truth> truth) {
  return Evaluator(facts, item).explain(condition, truth);
}

void visit_truths(const Condition& condition, const Facts& facts, const TruthVisitor& tell) {
  Evaluator(facts, nullptr).visit(condition, tell);
}

}  // namespace sovrisk
