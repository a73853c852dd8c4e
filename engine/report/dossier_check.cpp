#include "report/dossier_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/dossier_people.h"
#include "report/words.h"

namespace sovrisk {

namespace {

/// Whether a duty arises that is settled in some way: the worst of those that the method has.
Truth arises(const Assessment& a, std::string_view settled_by) {
  bool any = false;
  Truth worst = Truth::no;
  for (const DutyResult& one : a.duties) {
    if (one.duty->question.node->text_of("settled_by") != settled_by) continue;
    any = true;
    const std::string& value = one.answer.value;
    if (value == "required" || value == "to-examine") return Truth::yes;
    if (value == "undetermined") worst = Truth::unknown;
  }
  // A method that knows no such duty has a form all the same: it is there to be filled in.
  return any || settled_by != "dossier" ? worst : Truth::yes;
}

class Check {
 public:
  Check(const Dossier& dossier, const Assessment& assessment, const Messages& messages)
      : dossier_(dossier), a_(assessment), m_(messages) {
    const Node* form = assessment.method->document->root.find("form");
    const Node* level = form != nullptr ? form->find("accept_above") : nullptr;
    if (level != nullptr) accept_above_ = level->number;
  }

  std::vector<OpenPoint> run() {
    if (a_.verdict.value == "undetermined") add("verdict", "", m_("open.verdict"));
    const Truth due = arises(a_, "dossier");
    perhaps_ = due == Truth::unknown;
    if (perhaps_) duty("dossier");
    if (due != Truth::no) of_dossier();
    perhaps_ = false;
    consultation();
    conditions();
    grounds();
    return std::move(points_);
  }

 private:
  void add(std::string kind, std::string id, std::string text) {
    points_.push_back({std::move(kind), std::move(id), std::move(text), perhaps_});
  }

  [[nodiscard]] const AnnexEntry* entry(const std::string& place) const {
    return dossier_.annex != nullptr ? dossier_.annex->at(place) : nullptr;
  }

  [[nodiscard]] static bool has(const AnnexEntry* entry, std::initializer_list<std::string_view> keys) {
    return entry != nullptr && std::all_of(keys.begin(), keys.end(),
                                           [&](std::string_view key) { return entry->node->find(key) != nullptr; });
  }

  /// The duties that are settled so and that missing facts leave open.
  void duty(std::string_view settled_by) {
    for (const DutyResult& one : a_.duties)
      if (one.duty->question.node->text_of("settled_by") == settled_by && one.answer.value == "undetermined")
        points_.push_back(
            {"duty", one.duty->question.id, m_("open.duty", m_.text(one.duty->question.node->find("title"))), true});
  }

  void of_dossier() {
    for (const DossierPart& part : dossier_.parts)
      for (const DossierSection& section : part.sections) {
        sent_back(section.id, section.title);
        for (const DossierField& field : section.fields) {
          if (!field.optional && field.blocks.empty() && field.answer.empty())
            add("field", field.id, m_("open.field", field.title, field.ask));
          sent_back(field.id, field.title);
        }
      }
    risks();
    if (shows("dpo-opinion") && !has(entry("dpo"), {"name", "opinion", "on"}))
      add("dpo-opinion", "dpo", m_("open.dpo"));
    if (shows("data-subjects")) {
      const AnnexEntry* views = entry("data_subjects");
      const bool sought = views != nullptr && views->node->find("sought")->boolean;
      if (views == nullptr || (sought ? !has(views, {"text"}) : !has(views, {"why_not"})))
        add("data-subjects", "data_subjects", m_("open.data-subjects"));
    }
    if (shows("decision")) {
      const AnnexEntry* decision = entry("decision");
      if (!has(decision, {"name", "decision", "on"})) {
        add("decision", "decision", m_("open.decision"));
      } else if (decision->node->text_of("decision") == "to-improve") {
        add("decision", "decision", m_("open.to-improve"));
      }
    }
  }

  [[nodiscard]] bool shows(std::string_view word) const {
    return std::any_of(dossier_.places.begin(), dossier_.places.end(), [&](const FormPlace& place) {
      const Node* list = place.node->find("shows");
      return list != nullptr &&
             std::any_of(list->items.begin(), list->items.end(), [&](const Node& shown) { return shown.text == word; });
    });
  }

  void sent_back(const std::string& id, const std::string& title) {
    const AnnexEntry* evaluation = entry("evaluations." + id);
    if (evaluation != nullptr && evaluation->node->text_of("state") == "to-correct")
      add("evaluation", id, m_("open.evaluation", title));
  }

  /// An action treats a risk where somebody has taken it on with a date, and the verdict still asks for it or it is
  /// done.
  [[nodiscard]] bool treated(const std::string& risk) const {
    const Node* plan = dossier_.annex != nullptr ? dossier_.annex->document->root.find("action_plan") : nullptr;
    if (plan == nullptr) return false;
    return std::any_of(plan->items.begin(), plan->items.end(), [&](const Node& action) {
      const Node* treats = action.find("treats");
      const bool names = treats != nullptr && std::any_of(treats->items.begin(), treats->items.end(),
                                                          [&](const Node& one) { return one.text == risk; });
      return names && action.find("owner") != nullptr && (action.find("due") != nullptr || asked_by_a_day(action));
    });
  }

  [[nodiscard]] bool asked_by_a_day(const Node& action) const {
    return std::any_of(a_.verdict.conditions.begin(), a_.verdict.conditions.end(), [&](const ConditionRule* rule) {
      return rule->id == action.text_of("condition") && due_date(*rule, a_).has_value();
    });
  }

  void risks() {
    for (const RiskResult& risk : a_.risks) {
      const std::string& id = risk.rule->id;
      // What missing facts leave open counts at its worst.
      const bool above = risk.severity.level.high > accept_above_ || risk.likelihood.level.high > accept_above_;
      if (!above || entry("accepted_risks." + id) != nullptr || treated(id)) continue;
      add("risk", id,
          m_("open.risk", m_.text(risk.rule->node->find("title")),
             rating_words(risk.severity, *a_.method, "severity_names", m_).text,
             rating_words(risk.likelihood, *a_.method, "likelihood_names", m_).text));
    }
  }

  void consultation() {
    const Truth due = arises(a_, "consultation");
    if (due == Truth::no) return;
    const AnnexEntry* recorded = entry("consultation");
    const std::string_view state = recorded != nullptr ? recorded->node->text_of("state") : std::string_view();
    if (state == "answered") return;
    for (const DutyResult& one : a_.duties) {
      if (one.duty->question.node->text_of("settled_by") != "consultation") continue;
      const std::string title = m_.text(one.duty->question.node->find("title"));
      const std::string& value = one.answer.value;
      if (value == "undetermined") {
        points_.push_back({"duty", one.duty->question.id, m_("open.duty", title), true});
      } else if (value == "required" ||
                 (value == "to-examine" && !(state == "not-needed" && has(recorded, {"text"})))) {
        add("consultation", one.duty->question.id,
            m_(state == "sent" ? "open.consultation-sent" : "open.consultation", title,
               m_(fmt::format("duty.{}", value))));
      }
    }
  }

  void conditions() {
    for (const ConditionRule* rule : a_.verdict.conditions) {
      const AnnexEntry* plan = entry("action_plan." + rule->id);
      const std::string text = m_.text(rule->node->find("text"));
      if (!has(plan, {"owner"})) add("condition-owner", rule->id, m_("open.owner", text));
      if (!has(plan, {"due"}) && !due_date(*rule, a_)) add("condition-due", rule->id, m_("open.due", text));
    }
  }

  void grounds() {
    if (dossier_.annex == nullptr) return;
    for (const AnnexEntry& one : dossier_.annex->entries)
      if (one.bond == Bond::moved)
        add("ground", one.place, fmt::format("{}{} {}", one.place, m_("colon"), entry_mark(one, m_)));
  }

  const Dossier& dossier_;
  const Assessment& a_;
  const Messages& m_;
  double accept_above_ = 2;
  bool perhaps_ = false;
  std::vector<OpenPoint> points_;
};

}  // namespace

std::string_view name_of(Readiness readiness) {
  switch (readiness) {
    case Readiness::ready: return "ready";
    case Readiness::open: return "open";
    case Readiness::undetermined: break;
  }
  return "undetermined";
}

std::vector<OpenPoint> open_points(const Dossier& dossier, const Assessment& assessment, const Messages& messages) {
  return Check(dossier, assessment, messages).run();
}

Readiness readiness(const std::vector<OpenPoint>& points) {
  if (points.empty()) return Readiness::ready;
  const bool surely = std::any_of(points.begin(), points.end(), [](const OpenPoint& point) { return !point.perhaps; });
  return surely ? Readiness::open : Readiness::undetermined;
}

Page check_page(const std::vector<OpenPoint>& points, const Dossier& dossier, const Assessment& assessment,
                const Messages& m) {
  Page page{Heading{1, {{dossier.subject}}},
            Paragraph{{{m("assessed", m.date(assessment.as_of), assessment.method->id,
                          std::string(assessment.method->document->root.text_of("version"))),
                        Tone::faint}},
                      0}};
  const Readiness result = readiness(points);
  page.emplace_back(Heading{2,
                            {{m(fmt::format("open.{}", name_of(result)), points.size()),
                              result == Readiness::ready ? Tone::good : Tone::warn}}});
  std::vector<std::string> kinds;
  for (const OpenPoint& point : points)
    if (std::find(kinds.begin(), kinds.end(), point.kind) == kinds.end()) kinds.push_back(point.kind);
  for (const std::string& kind : kinds) {
    Bullets bullets;
    for (const OpenPoint& point : points) {
      if (point.kind != kind) continue;
      Line line;
      if (!point.id.empty()) line.push_back({fmt::format("[{}] ", point.id), Tone::faint});
      line.push_back({point.text});
      if (point.perhaps && point.kind != "duty") line.push_back({fmt::format(" {}", m("open.perhaps")), Tone::warn});
      bullets.items.push_back(std::move(line));
    }
    page.emplace_back(Heading{3, {{m(fmt::format("open-kind.{}", kind))}}});
    page.emplace_back(std::move(bullets));
  }
  return page;
}

std::string check_json(const std::vector<OpenPoint>& points, const Dossier& dossier, const Assessment& assessment,
                       const Tool& tool) {
  using Json = nlohmann::ordered_json;
  Json json{{"format", "sovrisk-dossier-check/1"},
            {"tool", {{"name", tool.name}, {"version", tool.version}}},
            {"offering", assessment.offering->id},
            {"workload", assessment.workload != nullptr ? Json(assessment.workload->id) : Json(nullptr)},
            {"as_of", assessment.as_of.text()},
            {"result", name_of(readiness(points))},
            {"open", Json::array()},
            {"entries", Json::array()}};
  for (const OpenPoint& point : points)
    json["open"].push_back(
        {{"kind", point.kind}, {"id", point.id}, {"text", printable(point.text)}, {"perhaps", point.perhaps}});
  if (dossier.annex != nullptr)
    for (const AnnexEntry& entry : dossier.annex->entries) {
      const std::string_view on = entry.node->text_of("on");
      json["entries"].push_back({{"place", entry.place},
                                 {"bond", name_of(entry.bond)},
                                 {"ground", entry.ground},
                                 {"on", on.empty() ? Json(nullptr) : Json(on)}});
    }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sovrisk
