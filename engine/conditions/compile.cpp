#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "conditions/condition.h"
#include "facts/fact_tree.h"
#include "load/suggest.h"

namespace sovrisk {

namespace {

using Kind = Type::Kind;

constexpr int deepest_define = 16;
constexpr int most_defined = 1000;  ///< uses of named conditions in one condition: chains of them multiply

struct TestName {
  std::string_view name;
  Test::Op op;
  bool negated = false;
  Test::Order order = Test::Order::at_least;
};

constexpr std::array tests{
    TestName{"is", Test::Op::is_one_of},
    TestName{"is_not", Test::Op::is_one_of, true},
    TestName{"in", Test::Op::in_group},
    TestName{"not_in", Test::Op::in_group, true},
    TestName{"all_in", Test::Op::all_in},
    TestName{"some_in", Test::Op::some_in},
    TestName{"none_of", Test::Op::none_of},
    TestName{"includes_all", Test::Op::includes_all},
    TestName{"empty", Test::Op::empty},
    TestName{"less_than", Test::Op::compare, false, Test::Order::less},
    TestName{"at_most", Test::Op::compare, false, Test::Order::at_most},
    TestName{"at_least", Test::Op::compare, false, Test::Order::at_least},
    TestName{"more_than", Test::Op::compare, false, Test::Order::more},
    TestName{"before", Test::Op::before},
    TestName{"after", Test::Op::after},
    TestName{"within", Test::Op::within},
    TestName{"same_as", Test::Op::same_as},
    TestName{"some", Test::Op::some},
    TestName{"every", Test::Op::every},
    TestName{"none", Test::Op::none},
    TestName{"count", Test::Op::count},
    TestName{"sum", Test::Op::sum},
    TestName{"held_by", Test::Op::held_by},
};

std::vector<std::string> test_names() {
  std::vector<std::string> names;
  names.reserve(tests.size());
  for (const TestName& test : tests)
    names.emplace_back(test.name);
  return names;
}

const TestName* find_test(std::string_view name) {
  const auto* found = std::find_if(tests.begin(), tests.end(), [&](const TestName& test) { return test.name == name; });
  return found == tests.end() ? nullptr : found;
}

const std::vector<std::string> combinators{"all", "any", "none", "not", "shown", "holds", "known", "always"};

Condition undecided(Span span) {
  Condition condition;
  condition.op = Condition::Op::any;
  condition.span = span;
  Condition unknown;
  unknown.op = Condition::Op::test;
  unknown.test.op = Test::Op::is_one_of;
  condition.parts.push_back(std::make_shared<const Condition>(std::move(unknown)));
  return condition;
}

constexpr int most_told_apart = 31;  ///< enclosing lists; deeper ones count as several

std::uint32_t bit_of(int scope) {
  if (scope > most_told_apart) return ~std::uint32_t{0};
  return scope > 0 ? std::uint32_t{1} << static_cast<unsigned>(scope - 1) : 0;
}

class Compiler {
 public:
  Compiler(ConditionScope scope, Diagnostics& diagnostics) : scope_(std::move(scope)), diagnostics_(diagnostics) {}

  Condition condition(const Node& node) {
    if (node.kind == Node::Kind::map && node.members.empty()) {
      diagnostics_.error("bad-condition", node.span, "the condition is empty", "`always: true` holds in every case");
      return undecided(node.span);
    }
    if (node.kind != Node::Kind::map) {
      diagnostics_.error("bad-condition", node.span,
                         fmt::format("a condition is a map of facts and tests, not {}", name_of(node.kind)));
      return undecided(node.span);
    }
    if (node.members.size() == 1) return member(node.members.front());
    Condition all;
    all.op = Condition::Op::all;
    all.span = node.span;
    for (const Member& part : node.members)
      all.parts.push_back(shared(member(part)));
    return all;
  }

  /// A finished condition at this depth, told of whose items it speaks.
  [[nodiscard]] ConditionPtr shared(Condition condition) const {
    for (const ConditionPtr& part : condition.parts)
      condition.speaks_of |= part->speaks_of;
    if (condition.path != nullptr) condition.speaks_of |= bit_of(condition.path->scope);
    if (condition.test.other != nullptr) condition.speaks_of |= bit_of(condition.test.other->scope);
    if (condition.test.each != nullptr) {
      const int own = static_cast<int>(scope_.items.size()) + 1;
      const std::uint32_t inside = condition.test.each->speaks_of;
      condition.speaks_of |= own > most_told_apart ? inside : inside & ~bit_of(own);
    }
    return std::make_shared<const Condition>(std::move(condition));
  }

 private:
  Condition member(const Member& member) {
    const std::string& key = member.key;
    if (key == "all" || key == "any" || key == "none") return group(member);
    if (key == "not" || key == "shown") {
      Condition wrapper;
      wrapper.op = key == "not" ? Condition::Op::negation : Condition::Op::shown;
      wrapper.span = member.key_span;
      wrapper.parts.push_back(shared(condition(member.value)));
      return wrapper;
    }
    if (key == "holds") return defined(member);
    if (key == "known") return known(member);
    if (key == "always") {
      Condition constant;
      constant.op = Condition::Op::constant;
      constant.span = member.key_span;
      if (member.value.kind != Node::Kind::boolean)
        diagnostics_.error("bad-condition", member.value.span, "`always` is true or false");
      constant.constant = member.value.boolean;
      return constant;
    }
    return tests_of(member);
  }

  Condition group(const Member& member) {
    Condition group;
    group.op = member.key == "all"   ? Condition::Op::all
               : member.key == "any" ? Condition::Op::any
                                     : Condition::Op::none;
    group.span = member.key_span;
    if (member.value.kind != Node::Kind::list || member.value.items.empty()) {
      diagnostics_.error("bad-condition", member.value.span,
                         fmt::format("`{}` is followed by a list of conditions", member.key));
      return undecided(member.key_span);
    }
    for (const Node& part : member.value.items)
      group.parts.push_back(shared(condition(part)));
    return group;
  }

  /// A named condition is read where it is used, so that it may speak of the item at hand.
  Condition defined(const Member& member) {
    const Node* definition = scope_.define != nullptr ? scope_.define->find(member.value.text) : nullptr;
    if (definition == nullptr) {
      std::vector<std::string> names;
      if (scope_.define != nullptr)
        for (const Member& define : scope_.define->members)
          names.push_back(define.key);
      diagnostics_.error("unknown-name", member.value.span,
                         fmt::format("no condition is named `{}`", member.value.text),
                         names.empty() ? "name it under `define:`" : did_you_mean(member.value.text, names));
      return undecided(member.key_span);
    }
    const std::string& name = member.value.text;
    if (std::find(expanding_.begin(), expanding_.end(), name) != expanding_.end()) {
      if (std::find(circular_.begin(), circular_.end(), name) == circular_.end())
        diagnostics_.error("bad-condition", member.value.span, fmt::format("`{}` is defined by itself", name));
      circular_.push_back(name);
      return undecided(member.key_span);
    }
    if (++defined_ > most_defined || expanding_.size() >= deepest_define) {
      if (defined_ <= most_defined + 1)
        diagnostics_.error("bad-condition", member.value.span, "named conditions use each other too often");
      defined_ = most_defined + 1;
      return undecided(member.key_span);
    }
    expanding_.push_back(name);
    Condition result = condition(*definition);
    result.label = name;
    expanding_.pop_back();
    return result;
  }

  Condition known(const Member& member) {
    Condition known;
    known.op = Condition::Op::known;
    known.span = member.key_span;
    Path path;
    if (this->path(member.value.text, member.value.span, path) == nullptr) return undecided(member.key_span);
    known.path = std::make_shared<const Path>(std::move(path));
    return known;
  }

  /// `path: tests`. Several tests of one path must all hold.
  Condition tests_of(const Member& member) {
    Path path;
    const Type* const found = this->path(member.key, member.key_span, path);
    if (found == nullptr) return undecided(member.key_span);
    const Type& type = *found;
    const PathPtr shared_path = std::make_shared<const Path>(std::move(path));
    std::vector<Condition> results;
    if (member.value.kind == Node::Kind::map) {
      if (member.value.members.empty()) diagnostics_.error("bad-condition", member.value.span, "a test is missing");
      // Some tests take other keys of their map with them, wherever those stand.
      std::vector<std::string> taken;
      for (const bool leaders : {true, false})
        for (const Member& test : member.value.members) {
          const bool leads = test.key == "count" || test.key == "sum" || test.key == "within" || test.key == "held_by";
          if (leads != leaders || std::find(taken.begin(), taken.end(), test.key) != taken.end()) continue;
          results.push_back(one(member, shared_path, named_test(member, test, type, taken)));
        }
    } else {
      Test test;
      equality(member.value, type, test);
      results.push_back(one(member, shared_path, std::move(test)));
    }
    if (results.empty()) return undecided(member.key_span);
    if (results.size() == 1) return std::move(results.front());
    Condition all;
    all.op = Condition::Op::all;
    all.span = member.key_span;
    for (Condition& result : results)
      all.parts.push_back(shared(std::move(result)));
    return all;
  }

  static Condition one(const Member& member, const PathPtr& path, Test test) {
    Condition condition;
    condition.op = Condition::Op::test;
    condition.span = member.key_span;
    condition.path = path;
    condition.test = std::move(test);
    return condition;
  }

  /// Resolves a path, innermost scope first, and gives its type; null, and a diagnostic, when no fact has it.
  const Type* path(const std::string& text, Span span, Path& path) {
    path.text = text;
    for (std::size_t begin = 0; begin <= text.size();) {
      const auto end = std::min(text.find('.', begin), text.size());
      path.steps.push_back(text.substr(begin, end - begin));
      begin = end + 1;
    }
    for (int level = static_cast<int>(scope_.items.size()); level >= 0; --level) {
      path.scope = level;
      path.follows.assign(path.steps.size(), false);
      if (const Type* type = steps(schema_at(level), path, nullptr)) return type;
    }
    std::vector<std::string> nearby;
    for (int level = static_cast<int>(scope_.items.size()); level >= 0; --level)
      (void)steps(schema_at(level), path, &nearby);
    std::string hint = did_you_mean(text, nearby);
    if (find_test(text) != nullptr) hint = fmt::format("`{}` is a test and stands under a fact", text);
    if (hint.empty()) {
      const std::vector<std::string>& words = combinators;
      hint = nearest(text, words).empty() ? "`sovrisk schema facts` lists the facts" : did_you_mean(text, words);
    }
    diagnostics_.error("unknown-path", span, fmt::format("no fact has the path `{}`", text), std::move(hint));
    return nullptr;
  }

  [[nodiscard]] const Node& schema_at(int level) const {
    return level == 0 ? *scope_.root : *scope_.items[static_cast<std::size_t>(level) - 1];
  }

  /// Walks a path through the schemas; on failure adds to `keys`, where given, the paths that were possible at the
  /// failing step.
  const Type* steps(const Node& start, Path& path, std::vector<std::string>* keys) {
    const Type* type = &scope_.schemas->type_of(start);
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
      if (i > 0 && type->kind == Kind::text && type->refers_to == "entity") {
        path.follows[i] = true;
        type = &scope_.schemas->type_of(*entity_schema());
      }
      const Node* next = type->kind == Kind::map && type->map != nullptr
                             ? scope_.schemas->property(*type->map, path.steps[i])
                             : nullptr;
      if (next == nullptr) {
        if (keys != nullptr && type->map != nullptr) {
          std::string prefix;
          for (std::size_t k = 0; k < i; ++k)
            prefix += path.steps[k] + ".";
          for (const std::string& key : scope_.schemas->keys(*type->map))
            keys->push_back(prefix + key);
        }
        return nullptr;
      }
      type = &scope_.schemas->type_of(*next);
    }
    return type;
  }

  [[nodiscard]] const Node* entity_schema() const {
    const Node* entities = scope_.schemas->property(*scope_.root, "entities");
    return scope_.schemas->type_of(*entities).items;
  }

  [[nodiscard]] const Type& item_type(const Type& list) const {
    static const Type any;
    return list.items != nullptr ? scope_.schemas->type_of(*list.items) : any;
  }

  void misfit(const Node& value, const Type& type, std::string_view test) {
    diagnostics_.error("test-does-not-fit", value.span, fmt::format("`{}` does not fit {}", test, name_of(type.kind)));
  }

  void equality(const Node& value, const Type& type, Test& test) {
    const Type& element = type.kind == Kind::list ? item_type(type) : type;
    if (value.kind == Node::Kind::list) {
      for (const Node& item : value.items)
        scalar(item, element, test);
      if (value.items.empty()) diagnostics_.error("bad-condition", value.span, "the list of allowed values is empty");
    } else {
      scalar(value, element, test);
    }
  }

  void scalar(const Node& value, const Type& type, Test& test) {
    const auto wrong = [&] {
      diagnostics_.error("test-does-not-fit", value.span,
                         fmt::format("{} is compared with {}", name_of(type.kind),
                                     value.kind == Node::Kind::text ? fmt::format("`{}`", value.text)
                                                                    : std::string(name_of(value.kind))));
    };
    switch (type.kind) {
      case Kind::boolean:
        if (value.kind != Node::Kind::boolean) return wrong();
        if (test.boolean && *test.boolean != value.boolean)
          diagnostics_.error("bad-condition", value.span, "true or false: that holds of every known fact",
                             "write `known: PATH`");
        test.boolean = value.boolean;
        return;
      case Kind::number:
        if (value.kind != Node::Kind::number) return wrong();
        test.numbers.push_back(value.number);
        return;
      case Kind::share: {
        double number = 0;
        if (!share(value, number)) return wrong();
        test.numbers.push_back(number);
        return;
      }
      case Kind::country:
        if (value.kind != Node::Kind::text) return wrong();
        country(value, type);
        test.words.push_back(value.text);
        return;
      case Kind::text:
        if (value.kind != Node::Kind::text) return wrong();
        word(value, type);
        test.words.push_back(value.text);
        return;
      case Kind::date:
        if (const auto day = Date::parse(value.text)) {
          test.date = *day;
          test.words.push_back(value.text);
          return;
        }
        return wrong();
      default: return wrong();
    }
  }

  void word(const Node& value, const Type& type) {
    if (value.text == "unknown") {
      diagnostics_.error("unknown-word", value.span,
                         "`unknown` cannot be tested for: a test of a missing fact is unknown by itself",
                         "use `known: PATH`");
      return;
    }
    if (type.words.empty() || is_word(type, value.text)) return;
    diagnostics_.error("unknown-word", value.span, fmt::format("the fact is never `{}`", value.text),
                       did_you_mean(value.text, type.words));
  }

  static bool is_word(const Type& type, const std::string& word) {
    return type.sorted ? std::binary_search(type.words.begin(), type.words.end(), word)
                       : std::find(type.words.begin(), type.words.end(), word) != type.words.end();
  }

  void country(const Node& value, const Type& type) {
    if (scope_.groups != nullptr && scope_.groups->has(value.text) && value.text != "EU") {
      diagnostics_.error("unknown-word", value.span, fmt::format("`{}` is a group of countries", value.text),
                         fmt::format("write `in: {}`", value.text));
      return;
    }
    if (value.text == "EU" || is_word(type, value.text)) return;
    const std::string hint = did_you_mean_country(value.text, {});
    diagnostics_.error("unknown-word", value.span, fmt::format("`{}` is no country code", value.text),
                       hint.empty() ? "ISO 3166-1 alpha-2, such as FR" : hint);
  }

  static bool share(const Node& value, double& number) {
    if (value.kind != Node::Kind::text || !value.text.ends_with('%')) return false;
    number = parse_share(value.text);
    return true;
  }

  Test named_test(const Member& fact, const Member& named, const Type& type, std::vector<std::string>& taken) {
    const TestName* name = find_test(named.key);
    Test test;
    if (name == nullptr) {
      diagnostics_.error("unknown-test", named.key_span, fmt::format("unknown test `{}`", named.key),
                         did_you_mean(named.key, test_names()));
      return test;
    }
    test.op = name->op;
    test.negated = name->negated;
    test.order = name->order;
    switch (name->op) {
      case Test::Op::is_one_of: equality(named.value, type, test); break;
      case Test::Op::in_group:
      case Test::Op::all_in:
      case Test::Op::some_in: group_test(named, type, test); break;
      case Test::Op::none_of:
      case Test::Op::includes_all:
        if (type.kind != Kind::list)
          misfit(named.value, type, named.key);
        else
          equality(named.value, type, test);
        break;
      case Test::Op::empty:
        if (type.kind != Kind::list || named.value.kind != Node::Kind::boolean) misfit(named.value, type, named.key);
        test.boolean = named.value.boolean;
        break;
      case Test::Op::compare: compare(named, type, test); break;
      case Test::Op::before:
      case Test::Op::after: date_test(named, type, test); break;
      case Test::Op::within: within(fact, named, type, test, taken); break;
      case Test::Op::same_as:
        other_path(named.value, type.kind == Kind::list ? item_type(type).kind : type.kind, test);
        break;
      case Test::Op::some:
      case Test::Op::every:
      case Test::Op::none:
      case Test::Op::count:
      case Test::Op::sum: quantifier(fact, named, type, test, taken); break;
      case Test::Op::held_by: held_by(fact, named, type, test, taken); break;
    }
    return test;
  }

  void other_path(const Node& value, Kind wanted, Test& test) {
    Path other;
    const Type* type = path(value.text, value.span, other);
    if (type == nullptr) return;
    if (type->kind != wanted)
      diagnostics_.error("test-does-not-fit", value.span,
                         fmt::format("`{}` is {}, not {}", value.text, name_of(type->kind), name_of(wanted)));
    test.other = std::make_shared<const Path>(std::move(other));
  }

  void group_test(const Member& named, const Type& type, Test& test) {
    const Type& element = type.kind == Kind::list ? item_type(type) : type;
    const bool wants_list = test.op == Test::Op::all_in || test.op == Test::Op::some_in;
    if (element.kind != Kind::country || wants_list != (type.kind == Kind::list)) {
      if (!(element.kind == Kind::text && !wants_list && named.value.kind == Node::Kind::list &&
            type.kind != Kind::list)) {
        misfit(named.value, type, named.key);
        return;
      }
    }
    if (named.value.kind == Node::Kind::list) {
      for (const Node& item : named.value.items) {
        const bool group = element.kind == Kind::country && item.kind == Node::Kind::text && scope_.groups != nullptr &&
                           scope_.groups->has(item.text);
        if (group) {
          test.words.push_back(item.text);
        } else {
          scalar(item, element, test);
        }
      }
      return;
    }
    const std::string& text = named.value.text;
    if (scope_.groups != nullptr && scope_.groups->has(text)) {
      test.group = text;
    } else if (text.find('.') != std::string::npos) {
      other_path(named.value, Kind::country, test);
    } else if (is_word(element, text)) {
      test.words.push_back(text);
    } else {
      diagnostics_.error(
          "unknown-group", named.value.span, fmt::format("no group of countries is named `{}`", text),
          did_you_mean_country(text, scope_.groups != nullptr ? scope_.groups->names() : std::vector<std::string>()));
    }
  }

  void compare(const Member& named, const Type& type, Test& test) {
    if (type.kind == Kind::share) {
      if (!share(named.value, test.number))
        diagnostics_.error("test-does-not-fit", named.value.span, "a share is compared with a share such as `24%`");
    } else if (type.kind == Kind::number) {
      if (named.value.kind != Node::Kind::number)
        diagnostics_.error("test-does-not-fit", named.value.span, "a number is compared with a number");
      test.number = named.value.number;
    } else {
      misfit(named.value, type, named.key);
    }
  }

  void date_test(const Member& named, const Type& type, Test& test) {
    if (type.kind != Kind::date) return misfit(named.value, type, named.key);
    test.date = Date::parse(named.value.text);
    if (!test.date) other_path(named.value, Kind::date, test);
  }

  void within(const Member& fact, const Member& named, const Type& type, Test& test, std::vector<std::string>& taken) {
    if (type.kind != Kind::date) return misfit(named.value, type, named.key);
    const auto duration = Duration::parse(named.value.text);
    if (!duration) {
      diagnostics_.error("bad-condition", named.value.span, fmt::format("`{}` is no duration", named.value.text),
                         "write one such as `1 year`");
      return;
    }
    test.duration = *duration;
    if (const Node* of = fact.value.find("of")) {
      taken.emplace_back("of");
      if (of->text != "as_of") other_path(*of, Kind::date, test);
    }
  }

  void quantifier(const Member& fact, const Member& named, const Type& type, Test& test,
                  std::vector<std::string>& taken) {
    if (type.kind != Kind::list || item_type(type).kind != Kind::map) return misfit(named.value, type, named.key);
    const Node* each = &named.value;
    Type bound_type;
    bound_type.kind = Kind::number;
    scope_.items.push_back(type.items);
    if (test.op == Test::Op::sum) {
      test.key = named.value.text;
      Path key;
      if (const Type* found = path(named.value.text, named.value.span, key)) {
        bound_type.kind = found->kind;
        if (found->kind != Kind::number && found->kind != Kind::share) misfit(named.value, *found, "sum");
      }
      test.shares = bound_type.kind == Kind::share;
      each = fact.value.find("where");
      taken.emplace_back("where");
    }
    if (each != nullptr) test.each = shared(condition(*each));
    scope_.items.pop_back();
    if (test.op == Test::Op::count || test.op == Test::Op::sum) bounds(fact, named, bound_type, test, taken);
  }

  /// `held_by: CONDITION, share: capital, links: each, at_least: 50%` on an entity.
  void held_by(const Member& fact, const Member& named, const Type& type, Test& test, std::vector<std::string>& taken) {
    if (type.kind != Kind::text || type.refers_to != "entity") return misfit(named.value, type, named.key);
    scope_.items.push_back(entity_schema());
    test.each = shared(condition(named.value));
    scope_.items.pop_back();
    const auto word = [&](std::string_view key, const std::vector<std::string>& words) {
      const Member* member = fact.value.find_member(key);
      if (member == nullptr) return std::string();
      taken.emplace_back(key);
      if (std::find(words.begin(), words.end(), member->value.text) == words.end())
        diagnostics_.error("unknown-word", member->value.span,
                           fmt::format("`{}` is one of {}", key, fmt::join(words, ", ")),
                           did_you_mean(member->value.text, words));
      return member->value.text;
    };
    test.key = word("share", {"capital", "votes", "either"});
    if (test.key.empty())
      diagnostics_.error("bad-condition", named.key_span, "`held_by` needs to know which share counts",
                         "add `share: capital`, `votes` or `either`");
    test.each_link = word("links", {"multiplied", "each"}) == "each";
    Type shares;
    shares.kind = Kind::share;
    bounds(fact, named, shares, test, taken);
    if (test.each_link && test.bound && test.order != Test::Order::at_least && test.order != Test::Order::more)
      diagnostics_.error("bad-condition", named.key_span, "`links: each` needs `at_least` or `more_than`");
  }

  void bounds(const Member& fact, const Member& named, const Type& type, Test& test, std::vector<std::string>& taken) {
    test.bound = false;
    for (const Member& member : fact.value.members) {
      const TestName* name = find_test(member.key);
      if (name == nullptr || name->op != Test::Op::compare) continue;
      if (test.bound) {
        diagnostics_.error("bad-condition", member.key_span, fmt::format("`{}` has one bound", named.key));
        taken.push_back(member.key);
        continue;
      }
      test.bound = true;
      test.order = name->order;
      compare(member, type, test);
      taken.push_back(member.key);
    }
    if (!test.bound)
      diagnostics_.error("bad-condition", named.key_span, fmt::format("`{}` needs a bound", named.key),
                         "add `at_most: ...` or `at_least: ...`");
  }

  ConditionScope scope_;
  Diagnostics& diagnostics_;
  std::vector<std::string> expanding_;
  std::vector<std::string> circular_;
  int defined_ = 0;
};

}  // namespace

ConditionPtr compile_condition(const Node& node, const ConditionScope& scope, Diagnostics& diagnostics) {
  Compiler compiler(scope, diagnostics);
  return compiler.shared(compiler.condition(node));
}

}  // namespace sovrisk
