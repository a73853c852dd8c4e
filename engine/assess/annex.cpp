#include "assess/annex.h"

#include <fmt/format.h>

#include <algorithm>

#include "assess/grounds.h"
#include "rules/annex.h"

namespace sovrisk {

std::string_view name_of(Bond bond) {
  switch (bond) {
    case Bond::holds: return "holds";
    case Bond::moved: return "moved";
    case Bond::unbound: break;
  }
  return "unbound";
}

const AnnexEntry* Annex::at(std::string_view place) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const AnnexEntry& entry) { return entry.place == place; });
  return found == entries.end() ? nullptr : &*found;
}

namespace {

class Binding {
 public:
  Binding(const Document& document, const Assessment& assessment, const Node* form)
      : root_(document.root), a_(assessment), places_(form != nullptr ? places_of(*form) : std::vector<FormPlace>{}) {
    annex_.document = &document;
  }

  Annex run() {
    by_place("answers");
    by_place("evaluations");
    for (const char* key : {"dpo", "data_subjects", "consultation"})
      whole(key);
    listed("accepted_risks", "risk", [&](Ground& ground, const std::string& id) {
      for (const RiskResult& risk : a_.risks)
        if (risk.rule->id == id) ground.add_risk(risk);
    });
    listed("action_plan", "condition", [](Ground& ground, const std::string& id) { ground.add_condition(id); });
    whole("decision");
    return std::move(annex_);
  }

 private:
  void by_place(std::string_view key) {
    const Node* entries = root_.find(key);
    if (entries == nullptr) return;
    for (const Member& member : entries->members) {
      Ground ground(a_);
      bool any = false;
      for (const std::string& word : shown_at(places_, member.key))
        any = ground.add(word) || any;
      if (!any) ground.add_processing();
      add(fmt::format("{}.{}", key, member.key), member.value, ground);
    }
  }

  void whole(const std::string& key) {
    const Node* entry = root_.find(key);
    if (entry == nullptr) return;
    Ground ground(a_);
    ground.add_whole();
    add(key, *entry, ground);
  }

  template <class Gather>
  void listed(std::string_view list, std::string_view key, Gather gather) {
    const Node* entries = root_.find(list);
    if (entries == nullptr) return;
    for (const Node& entry : entries->items) {
      const std::string id(entry.text_of(key));
      Ground ground(a_);
      gather(ground, id);
      add(fmt::format("{}.{}", list, id), entry, ground);
    }
  }

  void add(std::string place, const Node& node, const Ground& ground) {
    AnnexEntry entry{std::move(place), &node, ground.digest(), Bond::unbound};
    const std::string_view kept = node.text_of("ground");
    if (!kept.empty()) entry.bond = kept == entry.ground ? Bond::holds : Bond::moved;
    annex_.entries.push_back(std::move(entry));
  }

  const Node& root_;
  const Assessment& a_;
  std::vector<FormPlace> places_;
  Annex annex_;
};

}  // namespace

Annex bind_annex(const Document& document, const Assessment& assessment, const Catalogue& catalogue,
                 Diagnostics& diagnostics) {
  const auto same = [&](std::string_view key, const std::string& is, bool good) {
    if (good) return;
    const Node& named = *document.root.find(key);
    diagnostics.error("other-subject", named.span,
                      fmt::format("the annex is of the {} `{}`, the assessment of `{}`", key, named.text, is),
                      "an annex is of one workload on one offering by one method");
  };
  const Document* offering = catalogue.find("offering", document.root.text_of("offering"));
  same("offering", assessment.offering->id, offering == assessment.offering);
  same("workload", assessment.workload != nullptr ? assessment.workload->id : std::string(),
       assessment.workload != nullptr && assessment.workload->id == document.root.text_of("workload"));
  same("method", assessment.method->id, assessment.method->id == document.root.text_of("method"));
  return Binding(document, assessment, assessment.method->document->root.find("form")).run();
}

}  // namespace sovrisk
