#include "assess/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conditions/scope.h"
#include "load/suggest.h"

namespace sovrisk {

namespace {

constexpr Duration usual_warning{30, Duration::Unit::day};

class Compiler {
 public:
  Compiler(const Document& document, const Catalogue& catalogue, const CountryGroups& groups, Date as_of,
           Diagnostics& diagnostics)
      : root_(document.root), catalogue_(catalogue), groups_(groups), diagnostics_(diagnostics) {
    policy_.document = &document;
    policy_.as_of = as_of;
  }

  Policy run(const Document* exceptions, std::string on_unknown) {
    policy_.on_unknown = on_unknown.empty() ? std::string(root_.text_of("on_unknown")) : std::move(on_unknown);
    if (policy_.on_unknown.empty()) policy_.on_unknown = "fail";
    rules();
    for_each_asking(root_, [&](const Node& asking) { places(asking); });
    if (exceptions != nullptr) {
      for (const Node& node : exceptions->root.find("exceptions")->items)
        exception(node);
    } else if (const Node* own = root_.find("exceptions")) {
      for (const Node& node : own->items)
        exception(node);
    }
    return std::move(policy_);
  }

 private:
  void rules() {
    const Node* list = root_.find("rules");
    if (list == nullptr) return;
    const ConditionScope scope = condition_scope(catalogue_.schemas(), groups_);
    std::set<std::string> seen;
    for (const Node& node : list->items) {
      PolicyRule rule;
      const Node* id = node.find("id");
      rule.id = id->text;
      rule.node = &node;
      if (!seen.insert(rule.id).second)
        diagnostics_.error("duplicate-id", id->span, fmt::format("two rules have the id `{}`", rule.id));
      if (const Node* when = node.find("when")) rule.when = compile_condition(*when, scope, diagnostics_);
      rule.require = compile_condition(*node.find("require"), scope, diagnostics_);
      policy_.rules.push_back(std::move(rule));
    }
  }

  void places(const Node& asking) {
    const Node* places = asking.find("places");
    if (places == nullptr) return;
    const SchemaSet& schemas = catalogue_.schemas();
    const Node& country = *schemas.find("common.schema.json")->find("definitions")->find("country");
    const std::vector<std::string>& countries = schemas.type_of(country).words;
    for (const Member& place : places->members)
      for (const Node& name : place.value.items) {
        if (std::find(countries.begin(), countries.end(), name.text) != countries.end()) continue;
        if (groups_.has(name.text)) continue;
        diagnostics_.error("unknown-group", name.span,
                           fmt::format("`{}` is neither a country nor a group of countries", name.text),
                           did_you_mean(name.text, groups_.names()));
      }
  }

  void exception(const Node& node) {
    PolicyException exception;
    exception.rule = node.text_of("rule");
    exception.subject = node.text_of("subject");
    exception.reason = node.text_of("reason");
    exception.owner = node.text_of("owner");
    exception.approver = node.text_of("approver");
    exception.ticket = node.text_of("ticket");
    exception.start = Date::parse(node.text_of("start"));
    exception.span = node.find("rule")->span;
    const Node& expires = *node.find("expires");
    exception.expires = Date::parse(expires.text).value_or(Date{});
    if (exception.start && exception.expires < *exception.start)
      diagnostics_.error("no-such-time", expires.span, "the exception ends before it starts");
    // A day counts to its end in UTC: on the day itself the exception still holds.
    if (exception.expires < policy_.as_of) {
      exception.state = PolicyException::State::expired;
    } else if (exception.start && policy_.as_of < *exception.start) {
      exception.state = PolicyException::State::not_yet;
    } else {
      const Duration within = Duration::parse(root_.text_of("warn_before_expiry")).value_or(usual_warning);
      exception.expiring = exception.expires <= add(policy_.as_of, within);
    }
    const std::vector<std::string>& known = checks_made();
    if (std::none_of(known.begin(), known.end(), [&](const std::string& id) { return fits(exception.rule, id); }))
      diagnostics_.warning("unknown-check", exception.span,
                           fmt::format("the policy makes no check `{}`", exception.rule),
                           did_you_mean(exception.rule, known));
    policy_.exceptions.push_back(std::move(exception));
  }

  /// The ids of all checks that the policy may make.
  const std::vector<std::string>& checks_made() {
    if (!made_.empty()) return made_;
    std::set<std::string> ids{"offering", "complete"};
    for (const PolicyRule& rule : policy_.rules)
      ids.insert(fmt::format("rule:{}", rule.id));
    for_each_asking(root_, [&](const Node& asking) {
      const auto each = [&](std::string_view key, std::string_view check, const auto& more) {
        const Node* asked = asking.find(key);
        if (asked == nullptr) return;
        for (const Node& item : asked->items)
          ids.insert(fmt::format("{}:{}", check, item.text));
        for (const Member& member : asked->members) {
          ids.insert(fmt::format("{}:{}", check, member.key));
          more(member);
        }
      };
      const auto nothing = [](const Member&) {};
      if (asking.find("least_verdict") != nullptr) ids.insert("least-verdict");
      each("least_levels", "least-level", [&](const Member& level) {
        for (const Member& objective : level.value.members)
          ids.insert(fmt::format("least-level:{}:{}", level.key, objective.key));
      });
      each("least_scores", "least-score", nothing);
      each("gates", "gate", nothing);
      each("denied_laws", "denied-law", nothing);
      each("places", "place", nothing);
    });
    made_.assign(ids.begin(), ids.end());
    return made_;
  }

  const Node& root_;
  const Catalogue& catalogue_;
  const CountryGroups& groups_;
  Diagnostics& diagnostics_;
  Policy policy_;
  std::vector<std::string> made_;
};

}  // namespace

Policy compile_policy(const Document& policy, const Document* exceptions, const Catalogue& catalogue,
                      const CountryGroups& groups, Date as_of, std::string on_unknown, Diagnostics& diagnostics) {
  return Compiler(policy, catalogue, groups, as_of, diagnostics).run(exceptions, std::move(on_unknown));
}

std::vector<std::string> rulesets_asked(const Node& policy) {
  std::vector<std::string> ids;
  const auto add = [&](const std::string& id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  };
  for_each_asking(policy, [&](const Node& asking) {
    for (const std::string_view key : {"least_levels", "least_scores"})
      if (const Node* asked = asking.find(key))
        for (const Member& member : asked->members)
          add(member.key);
    if (const Node* gates = asking.find("gates"))
      for (const Node& gate : gates->items)
        add(gate.text);
  });
  return ids;
}

bool fits(const Node& patterns, std::string_view name) {
  if (patterns.kind == Node::Kind::text) return fits(patterns.text, name);
  return std::any_of(patterns.items.begin(), patterns.items.end(),
                     [&](const Node& pattern) { return fits(pattern.text, name); });
}

}  // namespace sovrisk
