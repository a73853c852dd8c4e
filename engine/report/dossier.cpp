#include "report/dossier.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/dossier_people.h"
#include "report/figures.h"
#include "report/graph.h"
#include "report/words.h"
#include "rules/annex.h"

namespace sovrisk {

namespace {

/// What the form asks for by a word, such as `transfers` or `severity illegitimate-access`.
class Contents {
 public:
  Contents(const Assessment& assessment, const Catalogue& catalogue, const Messages& messages, const Annex* annex)
      : a_(assessment), catalogue_(catalogue), m_(messages), annex_(annex) {}

  Page of(const std::string& wanted) const {
    const auto space = wanted.find(' ');
    const std::string name = wanted.substr(0, space);
    const std::string argument = space == std::string::npos ? std::string() : wanted.substr(space + 1);
    const std::map<std::string_view, Page (Contents::*)(const std::string&) const> own{
        {"processing", &Contents::processing},
        {"responsibilities", &Contents::responsibilities},
        {"standards", &Contents::standards},
        {"data", &Contents::data},
        {"recipients", &Contents::recipients},
        {"assets", &Contents::assets},
        {"purpose", &Contents::purpose},
        {"legal-basis", &Contents::legal_basis},
        {"retention", &Contents::retention},
        {"processors", &Contents::processors},
        {"transfers", &Contents::transfers},
        {"transfer-tools", &Contents::transfer_tools},
        {"measures", &Contents::measures},
        {"measures-against", &Contents::measures_against},
        {"impacts", &Contents::impacts},
        {"threats", &Contents::threats},
        {"risk-sources", &Contents::risk_sources},
        {"severity", &Contents::severity},
        {"likelihood", &Contents::likelihood},
        {"risk-map", &Contents::risk_map},
        {"action-plan", &Contents::action_plan},
        {"dpo-opinion", &Contents::dpo_opinion},
        {"data-subjects", &Contents::data_subjects},
        {"consultation", &Contents::consultation},
        {"decision", &Contents::decision},
        {"signatories", &Contents::signatories},
        {"sources", &Contents::sources},
        {"duties", &Contents::duties},
        {"graph", &Contents::graph},
        {"criteria", &Contents::criteria},
        {"alternatives", &Contents::alternatives},
        {"exit-plan", &Contents::exit_plan},
        {"bars", &Contents::bars}};
    const auto found = own.find(name);
    return found != own.end() ? (this->*found->second)(argument) : assessment_part(a_, m_, name);
  }

  /// The worst residual rating of a feared event.
  [[nodiscard]] std::optional<Range> gauge(const std::string& event, bool severity) const {
    std::optional<Range> worst;
    for (const RiskResult* risk : risks_of(event)) {
      const Range& level = (severity ? risk->severity : risk->likelihood).level;
      if (!worst) worst = level;
      worst = Range{std::max(worst->low, level.low), std::max(worst->high, level.high)};
    }
    return worst;
  }

  /// Measures in place by the facts, and the safeguards that the workload tells of beside them.
  [[nodiscard]] std::vector<DossierMeasure> measure_list() const {
    std::vector<DossierMeasure> list;
    for (const auto& [id, truth] : a_.derived.measures) {
      if (truth != Truth::yes) continue;
      const Document* measure = catalogue_.find("overlay", id);
      if (measure == nullptr) continue;
      const Node* limits = measure->root.find("limits");
      list.push_back({m_.text(measure->root.find("title")), limits != nullptr ? m_.text(limits) : std::string()});
    }
    if (const Node* others = node("other_safeguards"))
      for (const Node& other : others->items)
        list.push_back({m_.text(other.find("title")), m_("dossier.from-workload")});
    return list;
  }

 private:
  [[nodiscard]] const Node* node(std::string_view key) const {
    return a_.workload != nullptr ? a_.workload->root.find(key) : nullptr;
  }

  /// Adds the sources of an item of the workload.
  void cite_of(Line& line, const Node& item) const {
    const Node* source = item.find("source");
    if (source == nullptr) return;
    std::vector<std::string> keys;
    if (source->items.empty()) keys.push_back(fmt::format("{}:{}", a_.workload->id, source->text));
    for (const Node& one : source->items)
      keys.push_back(fmt::format("{}:{}", a_.workload->id, one.text));
    cite(line, keys);
    const std::string_view confidence = item.text_of("confidence");
    if (!confidence.empty())
      line.push_back({fmt::format(" ({})", m_(fmt::format("confidence.{}", confidence))), Tone::faint});
  }

  /// Every source that the rest of the dossier names, and those of the verdict.
  Page sources(const std::string&) const {
    std::set<std::string> keys;
    for (const UsedFact& fact : a_.verdict.facts)
      if (fact.origin != nullptr) keys.insert(fact.origin->sources.begin(), fact.origin->sources.end());
    const Node* form = a_.method->document->root.find("form");
    std::set<std::string> told;
    if (form != nullptr)
      for (const FormPlace& place : places_of(*form))
        for (const std::string& wanted : shown_at({place}, place.id))
          if (wanted != "sources" && told.insert(wanted).second) sources_in(of(wanted), keys);
    Bullets list = source_list(keys, a_, m_);
    if (list.items.empty()) return {};
    return {std::move(list)};
  }

  static void sources_in(const Page& page, std::set<std::string>& keys) {
    constexpr std::string_view kind = "source ";
    for_each_line(page, [&](const Line& line) {
      for (const Words& one : line)
        if (one.to.starts_with(kind)) keys.insert(one.to.substr(kind.size()));
    });
  }

  [[nodiscard]] Paragraph told(std::string_view key, const std::string& value) const {
    return {{{m_(key) + m_("colon") + " ", Tone::strong}, {value}}, 0};
  }

  /// A fact by its path under the offering, as it stands, with its sources.
  [[nodiscard]] Line fact(std::string_view group, std::string_view key) const {
    const Value& value = a_.facts->get("offering").get(group).get(key);
    Line line{{m_("proof.step", fmt::format("offering.{}.{}", group, key),
                  value.is_known() ? text_of(value) : m_("dossier.open"))}};
    if (value.origin != nullptr) cite(line, value.origin->sources);
    return line;
  }

  Page text_field(std::string_view key) const {
    const Node* found = node(key);
    if (found == nullptr) return {};
    return {Paragraph{{{m_.text(found)}}, 0}};
  }

  Page purpose(const std::string&) const { return text_field("purpose"); }
  Page legal_basis(const std::string&) const { return text_field("legal_basis"); }

  Page retention(const std::string&) const {
    const Node* data = node("data");
    const Node* found = data != nullptr ? data->find("retention") : nullptr;
    if (found == nullptr) return {};
    return {Paragraph{{{m_.text(found)}}, 0}};
  }

  Page processing(const std::string&) const {
    Page page;
    if (const Node* title = node("title")) page.emplace_back(Paragraph{{{m_.text(title), Tone::strong}}, 0});
    for (Block& block : purpose({}))
      page.push_back(std::move(block));
    const Value& workload = a_.facts->get("workload");
    const Value& start = workload.get("start");
    const auto duration = Duration::parse(workload.get("duration").word());
    if (start.kind == Value::Kind::date && duration)
      page.emplace_back(
          told("dossier.period", m_("dossier.from-to", m_.date(start.date), m_.date(add(start.date, *duration)))));
    page.emplace_back(told("dossier.offering", a_.offering->title));
    return page;
  }

  Page responsibilities(const std::string&) const {
    Page page;
    if (const Node* controller = node("controller")) {
      Paragraph paragraph = told("dossier.controller",
                                 fmt::format("{} ({})", controller->text_of("name"), controller->text_of("country")));
      cite_of(paragraph.line, *controller);
      page.emplace_back(std::move(paragraph));
    }
    const Value& entities = a_.facts->get("entities");
    for (const std::string_view relation : {"operator", "contracting-party", "controls-operator", "sub-processor"}) {
      std::vector<std::string> names;
      for (const Value& entity : entities.items)
        if (entity.get("relation").holds_word(relation))
          names.push_back(fmt::format("{} ({})", entity_words(a_, std::string(entity.get("id").word()), m_),
                                      text_of(entity.get("incorporated_in"))));
      if (!names.empty())
        page.emplace_back(told(fmt::format("relation.{}", relation), fmt::format("{}", fmt::join(names, ", "))));
    }
    return page;
  }

  Page standards(const std::string&) const {
    Bullets bullets;
    for (const FrameworkResult& framework : a_.frameworks) {
      if (framework.applies == Truth::no) continue;
      const Node& root = framework.ruleset->document->root;
      Line line{{m_.text(root.find("title"))}, {fmt::format(" ({})", root.text_of("version")), Tone::faint}};
      if (framework.gate) line.push_back({fmt::format("{} {}", m_("colon"), gate_words(framework, m_).text)});
      bullets.items.push_back(std::move(line));
    }
    if (bullets.items.empty()) return {};
    return {std::move(bullets)};
  }

  Page data(const std::string&) const {
    const Node* data = node("data");
    if (data == nullptr) return {};
    Page page;
    std::vector<std::string> categories;
    if (const Node* list = data->find("categories"))
      for (const Node& category : list->items)
        categories.push_back(m_(fmt::format("category.{}", category.text)));
    Paragraph paragraph = told("dossier.categories", fmt::format("{}", fmt::join(categories, ", ")));
    cite_of(paragraph.line, *data);
    page.emplace_back(std::move(paragraph));
    Bullets flags;
    for (const std::string_view key :
         {"large_scale", "vulnerable_subjects", "matched", "pseudonymised", "needs_plaintext"}) {
      const Value& value = a_.facts->get("workload").get("data").get(key);
      const bool known = value.kind == Value::Kind::boolean;
      flags.items.push_back(
          {{m_(fmt::format("data.{}", key)) + m_("colon") + " "},
           {known ? m_(value.boolean ? "yes" : "no") : m_("dossier.open"), known ? Tone::plain : Tone::warn}});
    }
    page.emplace_back(std::move(flags));
    if (const Node* note = data->find("note")) page.emplace_back(Paragraph{{{m_.text(note), Tone::faint}}, 0});
    return page;
  }

  Page recipients(const std::string&) const {
    const Node* list = node("recipients");
    if (list == nullptr || list->items.empty()) return {};
    Bullets bullets;
    for (const Node& item : list->items) {
      bullets.items.push_back({{m_("dossier.recipient") + m_("colon") + " ", Tone::strong},
                               {fmt::format("{} ({})", item.text_of("name"), item.text_of("country"))}});
      cite_of(bullets.items.back(), item);
    }
    return {std::move(bullets)};
  }

  Page assets(const std::string&) const {
    Bullets bullets;
    for (const Value& site : a_.facts->get("sites").items)
      if (const Value& used = site.get("used"); used.kind == Value::Kind::boolean && used.boolean)
        bullets.items.push_back({{fmt::format("{} ({})", text_of(site.get("code")), text_of(site.get("country")))}});
    bullets.items.push_back(fact("keys", "custody"));
    bullets.items.push_back(fact("keys", "encryption_at_rest"));
    bullets.items.push_back(fact("operations", "administered_from"));
    return {told("dossier.offering", a_.offering->title), std::move(bullets)};
  }

  Page processors(const std::string&) const {
    Bullets bullets;
    for (const std::string_view key : {"instructions", "own_purposes", "foreign_orders", "governing_law"})
      bullets.items.push_back(fact("contract", key));
    Page page = responsibilities({});
    page.emplace_back(std::move(bullets));
    return page;
  }

  Page transfers(const std::string&) const {
    const Node* list = node("transfers");
    if (list == nullptr || list->items.empty()) return {Paragraph{{{m_("dossier.no-transfer"), Tone::warn}}, 0}};
    Table table;
    for (const std::string_view key : {"transfer.to", "transfer.data", "transfer.tool", "transfer.note"})
      table.head.push_back(m_(key));
    for (const Node& item : list->items) {
      const Node* note = item.find("note");
      table.rows.push_back({{{std::string(item.text_of("to"))}},
                            {{worded("transfer-data", item.text_of("data"))}},
                            {{worded("transfer-tool", item.text_of("tool"))}},
                            {{note != nullptr ? m_.text(note) : std::string()}}});
      cite_of(table.rows.back().back(), item);
    }
    return {std::move(table)};
  }

  [[nodiscard]] std::string worded(std::string_view group, std::string_view word) const {
    return word.empty() ? m_("dossier.open") : m_(fmt::format("{}.{}", group, word));
  }

  Page transfer_tools(const std::string&) const {
    std::set<std::string> tools;
    if (const Node* list = node("transfers"))
      for (const Node& item : list->items)
        tools.insert(worded("transfer-tool", item.text_of("tool")));
    if (tools.empty()) return {};
    Bullets bullets;
    for (const std::string& tool : tools)
      bullets.items.push_back({{tool}});
    return {std::move(bullets)};
  }

  Page measures(const std::string&) const {
    Bullets bullets;
    for (const DossierMeasure& measure : measure_list())
      bullets.items.push_back({{measure.title, Tone::strong}, {measure.text.empty() ? "" : ". "}, {measure.text}});
    if (bullets.items.empty()) return {Paragraph{{{m_("dossier.no-measure"), Tone::warn}}, 0}};
    return {std::move(bullets)};
  }

  /// Measures in place that help against one of the effects named.
  Page measures_against(const std::string& effects) const {
    Bullets bullets;
    for (const auto& [id, truth] : a_.derived.measures) {
      const Document* measure = truth == Truth::yes ? catalogue_.find("overlay", id) : nullptr;
      const Node* against = measure != nullptr ? measure->root.find("against") : nullptr;
      if (against == nullptr) continue;
      const bool helps = std::any_of(against->members.begin(), against->members.end(), [&](const Member& member) {
        return member.value.text != "no-help" &&
               fmt::format(" {} ", effects).find(fmt::format(" {} ", member.key)) != std::string::npos;
      });
      if (helps) bullets.items.push_back({{m_.text(measure->root.find("title"))}});
    }
    if (bullets.items.empty()) return {};
    return {std::move(bullets)};
  }

  [[nodiscard]] std::vector<const RiskResult*> risks_of(const std::string& event) const {
    std::vector<const RiskResult*> risks;
    for (const RiskResult& risk : a_.risks)
      if (risk.rule->node->text_of("feared_event") == event) risks.push_back(&risk);
    return risks;
  }

  Page texts_of(const std::string& event, std::string_view key) const {
    Bullets bullets;
    for (const RiskResult* risk : risks_of(event))
      if (const Node* list = risk->rule->node->find(key))
        for (const Node& text : list->items)
          bullets.items.push_back({{m_.text(&text)}});
    if (bullets.items.empty()) return {};
    return {std::move(bullets)};
  }

  Page impacts(const std::string& event) const { return texts_of(event, "impacts"); }
  Page threats(const std::string& event) const { return texts_of(event, "threats"); }

  Page risk_sources(const std::string& event) const {
    const Node* names = a_.method->document->root.find("risk_sources");
    std::vector<std::string> told;
    Bullets bullets;
    for (const RiskResult* risk : risks_of(event)) {
      const std::string_view id = risk->rule->node->text_of("source");
      const Node* name = names != nullptr ? names->find(id) : nullptr;
      const std::string text = name != nullptr ? m_.text(name) : std::string(id);
      if (std::find(told.begin(), told.end(), text) != told.end()) continue;
      told.push_back(text);
      bullets.items.push_back({{text}});
    }
    if (bullets.items.empty()) return {};
    return {std::move(bullets)};
  }

  Page ratings(const std::string& event, bool severity) const {
    Page page;
    for (const RiskResult* risk : risks_of(event)) {
      const Rating& rating = severity ? risk->severity : risk->likelihood;
      const std::string_view names = severity ? "severity_names" : "likelihood_names";
      Line line{{m_.text(risk->rule->node->find("title")) + m_("colon") + " ",
                 Tone::strong,
                 {},
                 fmt::format("risk {}", risk->rule->id)},
                rating_words(rating, *a_.method, names, m_),
                {fmt::format(". {}.", m_.text(rating.because))}};
      if (!severity)
        line.push_back({fmt::format(" {}{} {}.", m_("risks.inherent"), m_("colon"),
                                    rating_words(risk->inherent_likelihood, *a_.method, names, m_).text),
                        Tone::faint});
      std::vector<std::string> missing;
      for (const UsedFact& one : rating.missing)
        missing.push_back(one.path);
      if (!missing.empty()) {
        Line facts;
        list_into(facts, missing, 6, "fact", Tone::warn, m_);
        line.push_back({" "});
        for (Words& words : line_with("proof.missing", facts, Tone::warn, m_))
          line.push_back(std::move(words));
      }
      page.emplace_back(Paragraph{std::move(line), 0});
    }
    return page;
  }

  Page severity(const std::string& event) const { return ratings(event, true); }
  Page likelihood(const std::string& event) const { return ratings(event, false); }

  Page risk_map(const std::string&) const { return {Figure{risk_map_svg(a_, m_), m_("dossier.map-legend")}}; }

  Page action_plan(const std::string&) const { return action_plan_blocks(a_, annex_, m_); }
  Page dpo_opinion(const std::string&) const { return dpo_opinion_blocks(annex_, m_); }
  Page data_subjects(const std::string&) const { return data_subjects_blocks(annex_, m_); }
  Page consultation(const std::string&) const { return consultation_blocks(a_, annex_, m_); }
  Page decision(const std::string&) const { return decision_blocks(a_, annex_, m_); }
  Page signatories(const std::string&) const { return signatories_blocks(annex_, m_); }

  Page duties(const std::string&) const {
    Page page;
    for (const DutyResult& one : a_.duties) {
      const Question& question = one.duty->question;
      if (one.answer.value == "not-asked") continue;
      Line line{
          {m_.text(question.node->find("title")) + m_("colon") + " ", Tone::strong},
          {m_(fmt::format("duty.{}", one.answer.value)), one.answer.value == "not-required" ? Tone::good : Tone::warn}};
      for (const VerdictRule* rule : one.answer.rules)
        line.push_back({fmt::format(". {}", m_.text(rule->because))});
      page.emplace_back(Paragraph{std::move(line), 0});
      Bullets signs;
      std::size_t open = 0;
      for (std::size_t i = 0; i < one.signs.size(); ++i) {
        if (one.signs[i] == Truth::unknown) ++open;
        if (one.signs[i] == Truth::yes)
          signs.items.push_back(
              {{m_.text(one.duty->signs[i].node->find("title"))}, references(*one.duty->signs[i].node)});
      }
      if (open > 0) signs.items.push_back({{m_("duty.open", open), Tone::warn}});
      if (!signs.items.empty()) page.emplace_back(std::move(signs));
    }
    return page;
  }

  [[nodiscard]] Words references(const Node& item) const {
    const Node* list = item.find("references");
    const Node* all = a_.method->document->root.find("references");
    std::vector<std::string> names;
    if (list != nullptr && all != nullptr)
      for (const Node& reference : list->items) {
        const Node* entry = all->find(reference.text_of("id"));
        if (entry != nullptr) names.push_back(fmt::format("{}, {}", entry->text_of("title"), reference.text_of("at")));
      }
    if (names.empty()) return {};
    return {fmt::format(" ({})", fmt::join(names, "; ")), Tone::faint};
  }

  /// The picture of the law that reaches most surely and through others.
  Page graph(const std::string&) const {
    const Exposure* chosen = nullptr;
    for (const Exposure& exposure : a_.exposures) {
      if (!counts(exposure) || exposure.background || exposure.path.empty() || exposure.scope == "none") continue;
      if (exposure.law->effects == std::vector<std::string>{"criterion"}) continue;  // decided among the frameworks
      if (chosen == nullptr || exposure.least > chosen->least ||
          (exposure.least == chosen->least && exposure.path.size() > chosen->path.size()))
        chosen = &exposure;
    }
    if (chosen == nullptr || chosen->least == Certainty::not_reached) return {};
    const EntityGraph graph = entity_graph(a_, *chosen->law, m_);
    return {Figure{picture(graph_svg(graph), graph.title), fmt::format("{} ({})", graph.title, chosen->law->id)}};
  }

  /// The criteria of one rule set, or of all under headings.
  Page criteria(const std::string& ruleset) const {
    Page page;
    for (const FrameworkResult& one : a_.frameworks) {
      if ((!ruleset.empty() && one.ruleset->id != ruleset) || one.criteria.empty()) continue;
      if (ruleset.empty())
        page.emplace_back(Heading{3,
                                  {{fmt::format("{} ({} {})", m_.text(one.ruleset->document->root.find("title")),
                                                one.ruleset->id, one.ruleset->document->root.text_of("version"))}}});
      Table table;
      table.head = {m_("list.criterion"), m_("list.asks"), m_("list.status")};
      for (const CriterionResult& result : one.criteria) {
        const std::string finding = fmt::format("c {} {}", one.ruleset->id, result.criterion->id);
        table.rows.push_back({{{result.criterion->id, Tone::plain, finding}},
                              {{m_.text(result.criterion->node->find("asks"))}},
                              {{m_(fmt::format("criterion.{}", name_of(result.status)))}}});
      }
      page.emplace_back(std::move(table));
    }
    return page;
  }

  Page alternatives(const std::string&) const {
    const Node* list = node("alternatives");
    Table table;
    for (const std::string_view key :
         {"alternative.offering", "alternative.meets", "alternative.in-time", "alternative.because", "alternative.on"})
      table.head.push_back(m_(key));
    const Value& facts = a_.facts->get("workload").get("alternatives");
    if (list != nullptr)
      for (const Node& item : list->items) {
        // Only what was on record on the day counts; the facts have left the rest out.
        const bool on_record = std::any_of(facts.items.begin(), facts.items.end(), [&](const Value& fact) {
          return fact.get("offering").word() == item.text_of("offering");
        });
        if (!on_record) continue;
        const Node* because = item.find("because");
        table.rows.push_back({{{std::string(item.text_of("offering"))}},
                              {{flag(item.find("meets"))}},
                              {{flag(item.find("in_time"))}},
                              {{because != nullptr ? m_.text(because) : std::string()}},
                              {{m_.date(item.text_of("studied_on"))}}});
        cite_of(table.rows.back()[3], item);
      }
    if (table.rows.empty()) return {Paragraph{{{m_("dossier.no-alternative"), Tone::warn}}, 0}};
    return {std::move(table)};
  }

  [[nodiscard]] std::string flag(const Node* value) const {
    if (value == nullptr || value->kind != Node::Kind::boolean) return m_("unknown");
    return m_(value->boolean ? "yes" : "no");
  }

  Page exit_plan(const std::string&) const {
    const Node* plan = node("exit_plan");
    Page page;
    if (plan == nullptr) {
      page.emplace_back(Paragraph{{{m_("dossier.no-exit"), Tone::warn}}, 0});
    } else {
      if (const Node* target = plan->find("target")) {
        Paragraph paragraph = told("exit.target", m_.text(target));
        cite_of(paragraph.line, *plan);
        page.emplace_back(std::move(paragraph));
      }
      if (const Node* note = plan->find("note")) page.emplace_back(Paragraph{{{m_.text(note)}}, 0});
    }
    for (Block& block : milestone_blocks(a_, annex_, m_))
      page.push_back(std::move(block));
    return page;
  }

  Page bars(const std::string&) const {
    const std::string svg = score_bars_svg(a_, m_);
    if (svg.empty()) return {};
    return {Figure{svg, m_("dossier.bars-legend")}};
  }

  const Assessment& a_;
  const Catalogue& catalogue_;
  const Messages& m_;
  const Annex* annex_;
};

}  // namespace

Dossier make_dossier(const Assessment& assessment, const Catalogue& catalogue, const Messages& messages,
                     const Annex* annex) {
  Dossier dossier;
  dossier.annex = annex;
  dossier.title = messages("dossier");
  dossier.subject = fmt::format("{}, {}", assessment.offering->title,
                                assessment.workload != nullptr
                                    ? messages("for-workload", messages.text(assessment.workload->root.find("title")))
                                    : messages("no-workload"));
  const Contents contents(assessment, catalogue, messages, annex);
  dossier.measures = contents.measure_list();
  const auto shown = [&](const Node& node) {
    Page page;
    if (const Node* list = node.find("shows"))
      for (const Node& wanted : list->items)
        for (Block& block : contents.of(wanted.text))
          page.push_back(std::move(block));
    return page;
  };
  const Node* form = assessment.method->document->root.find("form");
  if (form == nullptr) return dossier;
  dossier.places = places_of(*form);
  for (const Node& part_node : form->find("parts")->items) {
    DossierPart part{std::string(part_node.text_of("id")), messages.text(part_node.find("title")), {}};
    const auto evaluation = [&](const std::string& id) {
      const AnnexEntry* entry = annex != nullptr ? annex->at("evaluations." + id) : nullptr;
      return entry != nullptr ? evaluation_blocks(*entry, messages) : Page{};
    };
    for (const Node& section_node : part_node.find("sections")->items) {
      DossierSection section{std::string(section_node.text_of("id")),
                             messages.text(section_node.find("title")),
                             shown(section_node),
                             {},
                             {}};
      section.evaluation = evaluation(section.id);
      if (const Node* fields = section_node.find("fields"))
        for (const Node& node : fields->items) {
          DossierField field{std::string(node.text_of("id")),
                             std::string(node.text_of("kind")),
                             messages.text(node.find("title")),
                             messages.text(node.find("ask")),
                             shown(node),
                             {},
                             {},
                             {},
                             node.find("optional") != nullptr && node.find("optional")->boolean};
          if (const AnnexEntry* entry = annex != nullptr ? annex->at("answers." + field.id) : nullptr)
            field.answer = answer_blocks(*entry, field.kind, messages);
          field.evaluation = evaluation(field.id);
          if (field.kind == "gauge" && node.find("shows") != nullptr) {
            const std::string& wanted = node.find("shows")->items.front().text;
            field.gauge = contents.gauge(wanted.substr(wanted.find(' ') + 1), wanted.starts_with("severity"));
          }
          section.fields.push_back(std::move(field));
        }
      part.sections.push_back(std::move(section));
    }
    dossier.parts.push_back(std::move(part));
  }
  return dossier;
}

}  // namespace sovrisk
