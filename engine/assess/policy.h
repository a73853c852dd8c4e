// A policy as a gate reads it: its rules compiled, its exceptions on a day.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/gate.h"
#include "rules/asking.h"

namespace sovrisk {

/// A rule of the policy's own: where `when` holds, `require` has to.
struct PolicyRule {
  std::string id;
  const Node* node = nullptr;
  ConditionPtr when;  ///< null: always
  ConditionPtr require;
};

struct Policy {
  const Document* document = nullptr;
  Date as_of;
  std::string on_unknown;  ///< fail, warn or pass
  std::vector<PolicyRule> rules;
  std::vector<PolicyException> exceptions;
};

/// Compiles a checked policy. `exceptions` is the file that it names, or null; exceptions that it lists itself are read
/// from it. With `on_unknown` empty the policy's own word counts, or `fail`. Reports condition errors, duplicate-id of
/// rules, unknown-group of places and no-such-time for an exception that ends before it starts; warns of
/// unknown-check for one whose rule fits no check that the policy makes.
[[nodiscard]] Policy compile_policy(const Document& policy, const Document* exceptions, const Catalogue& catalogue,
                                    const CountryGroups& groups, Date as_of, std::string on_unknown,
                                    Diagnostics& diagnostics);

/// Every rule set that a policy names anywhere, each once: those have to be decided whether or not they are due.
[[nodiscard]] std::vector<std::string> rulesets_asked(const Node& policy);

/// Whether a name fits a pattern, or one of a list of them.
[[nodiscard]] bool fits(const Node& patterns, std::string_view name);

}  // namespace sovrisk
