// Example cases that laws, rule sets and methods carry: given facts, expected outcome.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "facts/fact_tree.h"
#include "load/catalogue.h"

namespace sovrisk {

/// Outcome of one example case.
struct CaseResult {
  std::string name;
  Span span;
  std::vector<std::string> failures;  ///< one line each; empty: passed
};

/// The fact tree that a case gives under `given:`, as of a day. Its shape must have been checked.
[[nodiscard]] inline Value facts_given(const Node& given, const Catalogue& catalogue, Date as_of) {
  Value root = facts_from(given, *catalogue.schemas().find("facts.schema.json"), catalogue.schemas(), "given", as_of);
  root.set("as_of", Value::of(as_of));
  if (root.find("answers") == nullptr) root.set("answers", answers_of(root));
  return root;
}

/// Runs the `tests:` of a document: `judge(case, facts, as_of, result)` adds what fails to the result. Cases without a
/// day of their own are judged as of `today`. What a case says to be `like` another starts from that one's day and
/// facts.
template <class Judge>
[[nodiscard]] std::vector<CaseResult> run_each_case(const Document& document, const Catalogue& catalogue, Date today,
                                                    Judge judge) {
  std::vector<CaseResult> results;
  const Node* cases = document.root.find("tests");
  if (cases == nullptr) return results;
  std::map<std::string_view, std::pair<Node, Date>> earlier;
  for (const Node& node : cases->items) {
    CaseResult result{std::string(node.text_of("name")), node.span, {}};
    const std::string_view like = node.text_of("like");
    const auto base = earlier.find(like);
    if (!like.empty() && base == earlier.end())
      result.failures.push_back("no case before it is named `" + std::string(like) + "`");
    const Node* own = node.find("given");
    Node given = own != nullptr ? *own : map_node(node.span);
    Date as_of = today;
    if (base != earlier.end()) {
      given = laid_over(base->second.first, given);
      as_of = base->second.second;
    }
    as_of = Date::parse(node.text_of("as_of")).value_or(as_of);
    Value facts = facts_given(given, catalogue, as_of);
    judge(node, facts, as_of, result);
    earlier.insert_or_assign(node.text_of("name"), std::make_pair(std::move(given), as_of));
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace sovrisk
