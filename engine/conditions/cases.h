// Example cases that laws, rule sets and methods carry: given facts, expected outcome.
#pragma once

#include <string>
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
  return root;
}

}  // namespace sovrisk
