// The condition language of laws, rule sets, methods and measures: structured tests over dotted fact paths,
// checked against the schemas when a file is loaded, three-valued, and traceable. See docs/conditions.md.
#pragma once

#include <functional>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "facts/groups.h"
#include "facts/truth.h"
#include "facts/value.h"
#include "load/schema.h"

namespace sovrisk {

/// A fact path, resolved when the condition was compiled.
struct Path {
  std::string text;  ///< as written
  std::vector<std::string> steps;
  int scope = 0;              ///< 0: the root; n: the item of the n-th enclosing quantifier
  std::vector<bool> follows;  ///< per step: the value before it is an entity id to look up; empty: none is
};
using PathPtr = std::shared_ptr<const Path>;

struct Condition;
/// Conditions are shared: one that is written once and used often is there once. Null: none is given.
using ConditionPtr = std::shared_ptr<const Condition>;

/// One comparison of the fact at a path.
struct Test {
  enum class Op : std::uint8_t {
    is_one_of,  ///< equals one of `words`/`numbers`/`boolean`; a list holds one of them
    in_group,   ///< a country is in a group, a list of countries, or the country or group at `other`
    all_in,
    some_in,
    none_of,
    includes_all,
    empty,
    compare,  ///< numbers and shares against `number` by `order`
    before,
    after,    ///< dates; against `date` or `other`
    within,   ///< a date not longer than `duration` before `other` (or as_of), and not after it
    same_as,  ///< equals the fact at `other`
    some,
    every,
    none,
    count,
    sum,
    held_by  ///< the share of an entity that holders fitting `each` have together
  };
  enum class Order : std::uint8_t { less, at_most, at_least, more };

  Op op = Op::is_one_of;
  bool negated = false;  ///< is_not, not_in
  std::vector<std::string> words;
  std::vector<double> numbers;
  std::optional<bool> boolean;
  std::string group;  ///< of in_group, all_in, some_in
  PathPtr other;
  double number = 0;
  Order order = Order::at_least;
  bool bound = true;  ///< false: a count or sum bound that is not given
  std::optional<Date> date;
  Duration duration;
  std::string key;         ///< of sum; of held_by: capital, votes or either
  bool each_link = false;  ///< of held_by: every link of a chain must reach the bound by itself
  bool shares = false;     ///< of sum: the amounts are shares, at most 100 each
  ConditionPtr each;       ///< of the quantifiers; null: every item
};

struct Condition {
  enum class Op : std::uint8_t { all, any, none, negation, shown, known, constant, test };
  Op op = Op::all;
  Span span;
  std::string label;                ///< a name from `define:`, when the condition stands for one
  std::vector<ConditionPtr> parts;  ///< of all, any, none, negation, shown
  /// Enclosing lists of whose items it speaks, those of its own quantifiers aside: bit n-1 for the n-th.
  std::uint32_t speaks_of = 0;
  bool recurs = false;  ///< it stands in several places of its document, so that its answer is worth keeping
  PathPtr path;         ///< of known and test; null elsewhere, and where it is ill-formed
  Test test;
  bool constant = true;
};

/// What a condition may speak of where it stands.
struct ConditionScope {
  const SchemaSet* schemas = nullptr;
  const Node* root = nullptr;      ///< facts.schema.json
  std::vector<const Node*> items;  ///< schemas of the items of enclosing lists, outermost first
  const Node* define = nullptr;    ///< the file's `define:` map, or null
  const CountryGroups* groups = nullptr;
};

/// Compiles a condition and checks it: unknown-path, unknown-test, test-does-not-fit, unknown-word,
/// unknown-group, unknown-name and bad-condition, each at the words meant.
/// An ill-formed part compiles to a condition that is never decided.
[[nodiscard]] ConditionPtr compile_condition(const Node& node, const ConditionScope& scope, Diagnostics& diagnostics);

/// How conditions came out on facts that stay as they are meanwhile: by condition and the item that it speaks of.
class Truths {
 public:
  /// The place of an answer, and whether it is a new one, to be filled.
  std::pair<Truth&, bool> at(const Condition* condition, const Value* item) {
    const auto [known, fresh] = known_.try_emplace({condition, item}, Truth::unknown);
    return {known->second, fresh};
  }

 private:
  using Key = std::pair<const Condition*, const Value*>;
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<const void*>()(key.first) ^ (std::hash<const void*>()(key.second) << 1U);
    }
  };
  std::pmr::monotonic_buffer_resource memory_;  ///< all answers go together
  std::pmr::unordered_map<Key, Truth, Hash> known_{&memory_};
};

/// Facts that a condition is asked of.
struct Facts {
  const Value* root = nullptr;
  const CountryGroups* groups = nullptr;
  Date as_of;
  /// Shared by questions of the same unchanged facts, or null. INVARIANT: conditions asked outlive it.
  Truths* truths = nullptr;

  /// The same facts with answers kept in `truths`, where they are not kept already.
  [[nodiscard]] Facts keeping(Truths& answers) const {
    Facts facts = *this;
    if (truths == nullptr) facts.truths = &answers;
    return facts;
  }
};

/// A fact that took part in a decision.
struct UsedFact {
  std::string path;   ///< full path; items of lists by id: `entities[iliad].seats`
  std::string value;  ///< for people
  Truth truth = Truth::unknown;
  OriginPtr origin;
};

/// Three-valued value of a condition (strong Kleene). Never throws on well-formed facts; cost is linear in
/// the facts that the condition names. `item` is what the condition speaks of where it stands in a list.
[[nodiscard]] Truth evaluate(const Condition& condition, const Facts& facts, const Value* item = nullptr);

/// The facts that decide a condition: for a true one those that make it true, for a false one those that make it
/// false, for an undecided one those that are missing. Worked out when asked for: most answers need no reasons.
/// Facts of `item`, which the caller gave, are named `.key`. `truth` spares a question to one who has asked it.
[[nodiscard]] std::vector<UsedFact> deciding_facts(const Condition& condition, const Facts& facts,
                                                   const Value* item = nullptr,
                                                   std::optional<Truth> truth = std::nullopt);

/// Told of conditions and how they came out.
using TruthVisitor = std::function<void(const Condition&, Truth)>;

/// Tells of a condition and of every one inside it how it came out, those of quantifiers item by item. Unlike
/// `evaluate` it stops at nothing: it is for measuring what cases cover, not for deciding.
void visit_truths(const Condition& condition, const Facts& facts, const TruthVisitor& tell);

/// Every fact path that a condition asks for, as written, quantified ones as `list.key`.
void collect_paths(const Condition& condition, const std::string& prefix, std::vector<std::string>& paths);

/// The condition in one line, for messages and reports.
[[nodiscard]] std::string text_of(const Condition& condition);

}  // namespace sovrisk
