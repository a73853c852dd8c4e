#include "rules/annex.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "load/suggest.h"

namespace sovrisk {

std::vector<FormPlace> places_of(const Node& form) {
  std::vector<FormPlace> places;
  for (const Node& part : form.find("parts")->items)
    for (const Node& section : part.find("sections")->items) {
      const std::string id(section.text_of("id"));
      places.push_back({id, &section, {}});
      if (const Node* fields = section.find("fields"))
        for (const Node& field : fields->items)
          places.push_back({std::string(field.text_of("id")), &field, id});
    }
  return places;
}

std::vector<std::string> shown_at(const std::vector<FormPlace>& places, std::string_view id) {
  std::vector<std::string> shown;
  for (const FormPlace& place : places) {
    if (place.id != id && place.section != id) continue;
    if (const Node* list = place.node->find("shows"))
      for (const Node& word : list->items)
        shown.push_back(word.text);
  }
  return shown;
}

namespace {

class AnnexChecker {
 public:
  AnnexChecker(const Document& annex, const Catalogue& catalogue, Diagnostics& diagnostics)
      : root_(annex.root), catalogue_(catalogue), diagnostics_(diagnostics) {}

  void run() {
    named_in_catalogue("offering", "offering", "offering");
    if (!named_in_catalogue("method", "method", "method")) return;
    const Document& method = *catalogue_.find("method", root_.text_of("method"));
    const Node* form = method.root.find("form");
    if (form == nullptr) {
      diagnostics_.error("dangling-id", root_.find("method")->span,
                         fmt::format("the method `{}` has no form to fill in", method.id));
      return;
    }
    places(*form);
    const std::vector<std::string> risks = ids_of(method, "risks");
    listed("accepted_risks", "risk", "risk", risks);
    listed("action_plan", "condition", "condition", ids_of(method, "conditions"));
    if (const Node* plan = root_.find("action_plan"))
      for (const Node& entry : plan->items)
        if (const Node* treats = entry.find("treats"))
          for (const Node& risk : treats->items)
            known(risk.text, risk.span, "risk", risks);
  }

 private:
  bool named_in_catalogue(std::string_view key, std::string_view what, std::string_view kind) {
    const Node& id = *root_.find(key);
    if (catalogue_.find(kind, id.text) != nullptr) return true;
    diagnostics_.error("dangling-id", id.span, fmt::format("no {} has the id `{}`", what, id.text),
                       did_you_mean(id.text, catalogue_.names(kind)));
    return false;
  }

  [[nodiscard]] std::vector<std::string> ids_of(const Document& method, std::string_view key) const {
    std::vector<std::string> ids;
    if (const Node* list = method.root.find(key))
      for (const Node& item : list->items)
        ids.emplace_back(item.text_of("id"));
    return ids;
  }

  void known(const std::string& id, const Span& span, std::string_view what, const std::vector<std::string>& ids) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) return;
    diagnostics_.error("dangling-id", span, fmt::format("the method has no {} with the id `{}`", what, id),
                       did_you_mean(id, ids));
  }

  void places(const Node& form) {
    std::vector<std::string> questions;
    std::vector<std::string> all;
    for (const FormPlace& place : places_of(form)) {
      all.push_back(place.id);
      if (!place.section.empty()) questions.push_back(place.id);
    }
    const auto members = [&](std::string_view key, std::string_view what, const std::vector<std::string>& ids) {
      const Node* entries = root_.find(key);
      if (entries == nullptr) return;
      for (const Member& member : entries->members)
        if (std::find(ids.begin(), ids.end(), member.key) == ids.end())
          diagnostics_.error("dangling-id", member.key_span,
                             fmt::format("the form has no {} with the id `{}`", what, member.key),
                             did_you_mean(member.key, ids));
    };
    members("answers", "question", questions);
    members("evaluations", "section or question", all);
    if (const Node* evaluations = root_.find("evaluations"))
      for (const Member& member : evaluations->members)
        if (member.value.text_of("state") == "improvable" && member.value.find("action") == nullptr)
          diagnostics_.error("missing-key", member.key_span, "what is improvable needs an `action`",
                             "say what has to be done, or call it `acceptable` or `to-correct`");
  }

  void listed(std::string_view list, std::string_view key, std::string_view what, const std::vector<std::string>& ids) {
    const Node* entries = root_.find(list);
    if (entries == nullptr) return;
    std::map<std::string, Span> first;
    for (const Node& entry : entries->items) {
      const Node& id = *entry.find(key);
      known(id.text, id.span, what, ids);
      const auto [before, fresh] = first.emplace(id.text, id.span);
      if (fresh) continue;
      auto& found = diagnostics_.error("duplicate-entry", id.span, fmt::format("`{}` has an entry already", id.text));
      found.related.push_back({before->second, "the other one"});
    }
  }

  const Node& root_;
  const Catalogue& catalogue_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_annex(const Document& annex, const Catalogue& catalogue, Diagnostics& diagnostics) {
  AnnexChecker(annex, catalogue, diagnostics).run();
}

}  // namespace sovrisk
