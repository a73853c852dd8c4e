#include "exposure/measures.h"

#include "conditions/compiled.h"

namespace sovrisk {

Measure compile_measure(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                        Diagnostics& diagnostics) {
  Measure measure;
  measure.document = &document;
  measure.id = document.id;
  if (const Node* when = document.root.find("active_when"))
    measure.active_when = ConditionSource(catalogue, document, groups).next(*when, diagnostics);
  return measure;
}

void derive_measures(Value& root, const std::vector<Measure>& measures, const Facts& facts, Derived& derived) {
  Value list = Value::list();
  list.origin = derived_from("facts under which a measure counts as in place");
  const Value& safeguards = root.get("workload").get("safeguards");
  for (const Measure& measure : measures) {
    Truth active = measure.active_when != nullptr ? evaluate(*measure.active_when, facts)
                                                  : truth_of(safeguards.holds_word(measure.id));
    derived.measures[measure.id] = active;
    if (active == Truth::yes) list.items.push_back(Value::of(measure.id));
    if (active == Truth::unknown) list.open = true;
  }
  root.set("measures", std::move(list));
}

}  // namespace sovrisk
