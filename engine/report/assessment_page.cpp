#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "report/report.h"
#include "report/words.h"

namespace sovrisk {

namespace {

class Writer {
 public:
  Writer(const Assessment& assessment, const Messages& messages, bool full)
      : a_(assessment), m_(messages), full_(full) {}

  Page run() {
    head();
    why();
    questions();
    laws();
    law_conflicts();
    outlook();
    frameworks();
    risks();
    conditions();
    actions();
    missing();
    if (full_) proofs();
    conflicts();
    if (full_) sources();
    inputs();
    page_.emplace_back(Paragraph{{{m_("disclaimer"), Tone::faint}}, 0});
    return std::move(page_);
  }

  /// One part without its heading; nothing for a part that this page does not have.
  Page part(std::string_view name) {
    whole_ = true;
    if (name == "sources") {
      // The sources are those that the rest names.
      proofs();
      conflicts();
      page_.clear();
    }
    const std::map<std::string_view, void (Writer::*)()> parts{
        {"verdict", &Writer::verdict},     {"why", &Writer::why},
        {"questions", &Writer::questions}, {"laws", &Writer::laws},
        {"outlook", &Writer::outlook},     {"law-conflicts", &Writer::law_conflicts},
        {"risks", &Writer::risks},         {"frameworks", &Writer::frameworks},
        {"actions", &Writer::actions},     {"conditions", &Writer::conditions},
        {"missing", &Writer::missing},     {"proofs", &Writer::proofs},
        {"conflicts", &Writer::conflicts}, {"sources", &Writer::sources},
        {"inputs", &Writer::inputs}};
    const auto found = parts.find(name);
    if (found != parts.end()) (this->*found->second)();
    if (!page_.empty() && name != "verdict" && std::holds_alternative<Heading>(page_.front()))
      page_.erase(page_.begin());
    return std::move(page_);
  }

 private:
  void heading(std::string_view key) { page_.emplace_back(Heading{2, {{m_(key)}}}); }

  void head() {
    const std::string workload =
        a_.workload != nullptr ? m_("for-workload", m_.text(a_.workload->root.find("title"))) : m_("no-workload");
    page_.emplace_back(Heading{1, {{fmt::format("{}, {}", a_.offering->title, workload)}}});
    page_.emplace_back(Paragraph{
        {{m_("assessed", m_.date(a_.as_of), a_.method->id, std::string(a_.method->document->root.text_of("version"))),
          Tone::faint}},
        0});
    for (const Document* overlay : a_.overlays)
      page_.emplace_back(Paragraph{{{m_("what-if", m_.text(overlay->root.find("title"))), Tone::warn}}, 0});
    verdict();
  }

  void verdict() {
    Line verdict{{m_("verdict") + m_("colon") + " ", Tone::strong},
                 {m_(fmt::format("verdict.{}", a_.verdict.value)), verdict_tone(a_.verdict.value)}};
    if (a_.verdict.until) verdict.push_back({", " + m_("verdict.until", m_.date(*a_.verdict.until)), Tone::strong});
    page_.emplace_back(Heading{2, std::move(verdict)});
    if (a_.verdict.value == "undetermined") {
      std::vector<std::string> possible;
      for (const std::string& value : a_.verdict.possible)
        possible.push_back(m_(fmt::format("verdict.{}", value)));
      page_.emplace_back(Paragraph{{{m_("verdict.possible", fmt::format("{}", fmt::join(possible, ", ")))}}, 2});
    }
    for (const VerdictRule* rule : a_.verdict.rules)
      page_.emplace_back(Paragraph{{{m_.text(rule->because)}}, 2});
  }

  /// The verdicts question by question, where there is more than one.
  void questions() {
    const auto asked = std::count_if(a_.questions.begin(), a_.questions.end(),
                                     [](const QuestionResult& one) { return one.verdict.value != "not-asked"; });
    if (asked < 2) return;
    heading("questions");
    Table table;
    for (const std::string_view key : {"questions.question", "questions.verdict", "questions.because"})
      table.head.push_back(m_(key));
    for (const QuestionResult& one : a_.questions) {
      if (one.verdict.value == "not-asked") continue;
      Line name{{m_.text(one.question->node->find("title"))}};
      if (!one.question->counts) name.push_back({fmt::format(" ({})", m_("questions.beside")), Tone::faint});
      Line because;
      const auto& told = a_.verdict.rules;
      for (const VerdictRule* rule : one.verdict.rules) {
        const bool above = std::find(told.begin(), told.end(), rule) != told.end();
        because.push_back(above ? Words{m_("questions.above"), Tone::faint} : Words{m_.text(rule->because)});
      }
      if (one.verdict.rules.empty()) {
        std::vector<std::string> possible;
        for (const std::string& value : one.verdict.possible)
          possible.push_back(m_(fmt::format("verdict.{}", value)));
        because.push_back({m_("verdict.possible", fmt::format("{}", fmt::join(possible, ", "))), Tone::faint});
      }
      table.rows.push_back({std::move(name),
                            {{m_(fmt::format("verdict.{}", one.verdict.value)), verdict_tone(one.verdict.value)}},
                            std::move(because)});
    }
    page_.emplace_back(std::move(table));
  }

  void why() {
    if (a_.verdict.reasons.empty()) return;
    heading("why");
    Bullets bullets;
    for (const Reason* reason : a_.verdict.reasons) {
      Line line{{m_.text(reason->text)}};
      if (reason->references != nullptr) {
        std::vector<std::string> names;
        for (const Node& reference : reason->references->items)
          names.push_back(reference_name(reference));
        line.push_back({fmt::format(" ({})", m_("see", fmt::format("{}", fmt::join(names, "; ")))), Tone::faint});
      }
      bullets.items.push_back(std::move(line));
    }
    page_.emplace_back(std::move(bullets));
  }

  std::string reference_name(const Node& reference) const {
    const Node* list = a_.method->document->root.find("references");
    const Node* entry = list != nullptr ? list->find(reference.text_of("id")) : nullptr;
    std::string name(entry != nullptr ? entry->text_of("title") : reference.text_of("id"));
    if (const std::string_view at = reference.text_of("at"); !at.empty()) name += fmt::format(", {}", at);
    return name;
  }

  void laws() {
    heading("laws");
    Table table;
    for (const std::string_view key : {"laws.law", "laws.reach", "laws.scope", "laws.after", "laws.via"})
      table.head.push_back(m_(key));
    LawLists lists;
    std::set<std::string> told;
    for (const Exposure* one : ordered_exposures(a_)) {
      const Exposure& exposure = *one;
      const std::string name = fmt::format("{} ({})", exposure.law->id, exposure.law->jurisdiction);
      // A criterion of a label is decided among the frameworks.
      if (exposure.law->effects == std::vector<std::string>{"criterion"}) continue;
      if (!counts(exposure)) {
        put(lists.idle, exposure,
            fmt::format("{} ({})", exposure.law->id, m_(fmt::format("status.{}", exposure.status))));
      } else if (exposure.most == Certainty::not_reached) {
        put(lists.free, exposure, name);
      } else if (exposure.least == Certainty::not_reached) {
        put(exposure.pointed_at ? lists.open : lists.blank, exposure, name);
      } else {
        put(lists.reached, exposure, name);
        const std::string_view check = exposure.law->document->root.text_of("check");
        if (check == "partial") put(lists.partial, exposure, exposure.law->id);
        if (check == "unverified") put(lists.unverified, exposure, exposure.law->id);
        if (!full_ && wider_reach(exposure)) continue;
        if (exposure.scope == "none") {
          put(lists.binding, exposure, name);
        } else {
          table.rows.push_back(law_row(exposure, name, finding_of(exposure, told)));
        }
      }
    }
    if (!table.rows.empty()) page_.emplace_back(std::move(table));
    // A law that surely reaches one scope is not listed again for another that is open.
    for (LawList* list : {&lists.open, &lists.blank})
      std::erase_if(*list, [&](const Named& one) { return has(lists.reached, one.name); });
    std::erase_if(lists.blank, [&](const Named& one) { return has(lists.open, one.name); });
    law_list("laws.partial", lists.partial, Tone::faint, false);
    law_list("laws.unverified", lists.unverified, Tone::warn, false);
    law_list("laws.binding", lists.binding, Tone::plain);
    law_list("laws.open", lists.open, Tone::warn);
    law_list("laws.blank", lists.blank, Tone::faint);
    law_list("laws.not-reached", lists.free, Tone::faint);
    law_list("laws.not-in-force", lists.idle, Tone::faint);
  }

  /// A law is found by its id; further exposures to it by their scope, too.
  static std::string finding_of(const Exposure& exposure, std::set<std::string>& told) {
    std::string finding = fmt::format("law {}", exposure.law->id);
    if (told.insert(finding).second) return finding;
    finding += fmt::format(" {}", exposure.scope);
    std::string free = finding;
    for (int next = 2; !told.insert(free).second; ++next)
      free = fmt::format("{} {}", finding, next);
    return free;
  }

  /// Whether the same law reaches all data at least as surely: the rest is then for the full report.
  [[nodiscard]] bool wider_reach(const Exposure& exposure) const {
    return std::any_of(a_.exposures.begin(), a_.exposures.end(), [&](const Exposure& other) {
      return other.law == exposure.law && other.scope == "all-data" && exposure.scope != "all-data" &&
             exposure.scope != "continuity" && !other.background && other.least >= exposure.most;
    });
  }

  struct Named {
    std::string name;
    std::string finding;
  };
  using LawList = std::vector<Named>;
  struct LawLists {
    LawList reached;
    LawList binding;     ///< they bind, but give nobody access
    LawList partial;     ///< of those that reach: what was verified of them in part only
    LawList unverified;  ///< or not at all
    LawList open;        ///< facts are missing, others point to the country
    LawList blank;       ///< facts are missing, and none points there
    LawList free;
    LawList idle;
  };

  static bool has(const LawList& list, const std::string& name) {
    return std::any_of(list.begin(), list.end(), [&](const Named& one) { return one.name == name; });
  }

  static bool has(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  }

  static void put(LawList& list, const Exposure& exposure, const std::string& name) {
    if (!has(list, name)) list.push_back({name, fmt::format("law {}", exposure.law->id)});
  }

  /// `introduces`: the laws are told of here; otherwise they are referred to.
  void law_list(std::string_view key, const LawList& laws, Tone tone, bool introduces = true) {
    if (laws.empty()) return;
    Line names;
    for (const Named& one : laws) {
      if (!names.empty()) names.push_back({", ", tone});
      names.push_back({one.name, tone, introduces ? one.finding : std::string(), one.finding});
    }
    page_.emplace_back(Paragraph{line_with(key, names, tone, m_), 2});
  }

  [[nodiscard]] std::vector<Line> law_row(const Exposure& exposure, const std::string& name,
                                          const std::string& finding) const {
    Line law{{name, Tone::plain, finding}};
    if (exposure.status != "in-force")
      law.push_back({fmt::format(" {}", m_(fmt::format("status.{}", exposure.status))), Tone::faint});
    Line reach{reach_words(exposure, m_)};
    if (exposure.limited) reach.push_back({fmt::format(", {}", m_("laws.limited")), Tone::faint});
    return {std::move(law),
            std::move(reach),
            {{m_(fmt::format("scope.{}", exposure.scope))}},
            {{after_words(exposure, m_)}},
            {{via_words(exposure, a_, m_)}}};
  }

  /// Orders under one law that another forbids: a dilemma of whoever is bound by both, no point lost.
  void law_conflicts() {
    if (a_.law_conflicts.empty()) return;
    heading("law-conflicts");
    // One entry for each law that stands against others: its words are the same whatever it stands against.
    std::vector<const Forbidding*> told;
    for (const LawConflict& first : a_.law_conflicts) {
      if (std::find(told.begin(), told.end(), first.forbids) != told.end()) continue;
      told.push_back(first.forbids);
      std::vector<std::string> orders;
      for (const LawConflict& conflict : a_.law_conflicts)
        if (conflict.forbids == first.forbids)
          orders.push_back(fmt::format("{} ({}, {})", conflict.order->law->id, conflict.order->law->jurisdiction,
                                       m_(fmt::format("certainty.{}", name_of(conflict.order->least)))));
      const Law& against = *first.against->law;
      Line line{
          {fmt::format("{} ({}, {})", against.id, against.jurisdiction,
                       m_(fmt::format("certainty.{}", name_of(first.against->least)))),
           Tone::strong},
          {fmt::format(" {}{} ", m_("law-conflicts.against", fmt::format("{}", fmt::join(orders, ", "))), m_("colon"))},
          {m_.text(first.forbids->because)}};
      if (first.forbids->limit != nullptr)
        line.push_back(
            {fmt::format(" {}{} {}", m_("laws.limit"), m_("colon"), m_.text(first.forbids->limit)), Tone::faint});
      page_.emplace_back(Paragraph{std::move(line), 2});
    }
  }

  /// What is known to change while the processing lasts.
  void outlook() {
    if (a_.outlook.empty()) return;
    page_.emplace_back(Heading{2, {{m_("outlook", m_.date(a_.outlook_end))}}});
    Bullets dated;
    std::vector<std::string> pending;
    for (const Ahead& ahead : a_.outlook) {
      if (!ahead.on) {
        if (full_) {
          dated.items.push_back({{m_("outlook.pending"), Tone::faint},
                                 {fmt::format(" {}{} ", ahead.subject, m_("colon"))},
                                 {m_.text(ahead.text)}});
        } else if (!has(pending, ahead.subject)) {
          pending.push_back(ahead.subject);
        }
        continue;
      }
      Line line{{m_.date(*ahead.on), Tone::strong}, {fmt::format(" {}{} ", ahead.subject, m_("colon"))}};
      switch (ahead.kind) {
        case Ahead::Kind::status: line.push_back({m_(fmt::format("status.{}", ahead.status)), Tone::warn}); break;
        case Ahead::Kind::joins: line.push_back({m_("outlook.joins")}); break;
        case Ahead::Kind::leaves: line.push_back({m_("outlook.leaves"), Tone::warn}); break;
        case Ahead::Kind::expires: line.push_back({m_("outlook.expires"), Tone::warn}); break;
        case Ahead::Kind::event: break;
      }
      if (ahead.text != nullptr)
        line.push_back({fmt::format("{}{}", ahead.kind == Ahead::Kind::event ? "" : ". ", m_.text(ahead.text))});
      dated.items.push_back(std::move(line));
    }
    if (!dated.items.empty()) page_.emplace_back(std::move(dated));
    if (!pending.empty())
      page_.emplace_back(
          Paragraph{{{m_("outlook.open", fmt::format("{}", fmt::join(pending, ", "))), Tone::faint}}, 2});
  }

  void frameworks() {
    heading("frameworks");
    Table table;
    for (const std::string_view key :
         {"frameworks.framework", "frameworks.level", "frameworks.score", "frameworks.gate", "frameworks.criteria"})
      table.head.push_back(m_(key));
    std::vector<Line> notes;
    std::vector<std::string> not_due;
    for (const FrameworkResult& framework : a_.frameworks) {
      const std::string set =
          fmt::format("{} {}", framework.ruleset->id, framework.ruleset->document->root.text_of("version"));
      if (framework.applies == Truth::no) not_due.push_back(set);
      if (framework.criteria.empty()) continue;
      Line name{{set}};
      table.rows.push_back({std::move(name),
                            {{level_words(framework, m_)}},
                            {{framework.score ? m_.percent(*framework.score) : std::string()}},
                            {gate_words(framework, m_)},
                            {{counts_words(framework, m_)}}});
      note(framework, notes);
    }
    page_.emplace_back(std::move(table));
    for (Line& line : notes)
      page_.emplace_back(Paragraph{std::move(line), 2});
    if (!not_due.empty())
      page_.emplace_back(
          Paragraph{{{m_("frameworks.left-out", fmt::format("{}", fmt::join(not_due, ", "))), Tone::faint}}, 2});
  }

  /// Which weights were used; own ones are printed.
  std::string weights_words(const FrameworkResult& framework) const {
    if (framework.profile.empty() && !framework.own_weights) return {};
    const std::string profile = m_("frameworks.profile", framework.profile);
    if (!framework.own_weights) return profile;
    std::vector<std::string> weights;
    for (const ObjectiveResult& objective : framework.objectives)
      weights.push_back(fmt::format("{} {}", objective.id, m_.percent({objective.weight, objective.weight})));
    return fmt::format("{}, {}", profile, m_("frameworks.own-weights", fmt::format("{}", fmt::join(weights, ", "))));
  }

  void note(const FrameworkResult& framework, std::vector<Line>& notes) const {
    const std::string& id = framework.ruleset->id;
    if (framework.level) {
      std::vector<std::string> weak;
      for (const ObjectiveResult& objective : framework.objectives)
        if (objective.level && objective.level->high == framework.level->high) weak.push_back(objective.id);
      const std::string weights = weights_words(framework);
      notes.push_back({{fmt::format("{}{} {}{}{}", id, m_("colon"),
                                    m_("frameworks.weakest", fmt::format("{}", fmt::join(weak, ", "))),
                                    weights.empty() ? "" : ", ", weights),
                        Tone::faint}});
      // Rounded points of a published sheet may pass its own whole; that is said, not cut.
      if (framework.score && framework.score->high > 100)
        notes.push_back({{m_("frameworks.above-whole", id), Tone::faint}});
    }
    std::vector<std::string> failed;
    for (const CriterionResult& criterion : framework.criteria)
      if ((criterion.status == Status::not_met || criterion.status == Status::partly_met) &&
          (framework.gate ? criterion.criterion->blocking : full_))
        failed.push_back(criterion.criterion->id);
    if (failed.empty()) return;
    Line criteria;
    for (const std::string& one : failed) {
      if (!criteria.empty()) criteria.push_back({", ", Tone::faint});
      criteria.push_back({one, Tone::faint, {}, fmt::format("c {} {}", id, one)});
    }
    notes.push_back(line_with("frameworks.not-met", criteria, Tone::faint, m_, id));
  }

  void risks() {
    heading("risks");
    Table table;
    for (const std::string_view key : {"risks.risk", "risks.severity", "risks.inherent", "risks.residual"})
      table.head.push_back(m_(key));
    if (full_) table.head.push_back(m_("risks.because"));
    for (const RiskResult& risk : a_.risks) {
      Line name{
          {fmt::format("{}{} ", m_(fmt::format("event.{}", risk.rule->node->text_of("feared_event"))), m_("colon"))},
          {m_.text(risk.rule->node->find("title")), Tone::plain, fmt::format("risk {}", risk.rule->id)}};
      std::vector<Line> row{std::move(name),
                            {rating_words(risk.severity, *a_.method, "severity_names", m_)},
                            {rating_words(risk.inherent_likelihood, *a_.method, "likelihood_names", m_)},
                            {rating_words(risk.likelihood, *a_.method, "likelihood_names", m_)}};
      if (full_)
        row.push_back({{fmt::format("{}. {}", m_.text(risk.severity.because), m_.text(risk.likelihood.because))}});
      table.rows.push_back(std::move(row));
    }
    page_.emplace_back(std::move(table));
  }

  void conditions() {
    if (a_.verdict.conditions.empty()) return;
    heading("conditions");
    Bullets bullets;
    bullets.numbered = true;
    for (const ConditionRule* rule : a_.verdict.conditions) {
      Line line{{m_.text(rule->node->find("text")), Tone::plain, fmt::format("condition {}", rule->id)}};
      std::vector<std::string> tail;
      if (const auto due = due_date(*rule, a_)) tail.push_back(m_("conditions.by", m_.date(*due)));
      if (const std::string_view actor = rule->node->text_of("actor"); !actor.empty())
        tail.push_back(m_(fmt::format("actor.{}", actor)));
      if (!tail.empty()) line.push_back({fmt::format(" ({})", fmt::join(tail, ", ")), Tone::faint});
      bullets.items.push_back(std::move(line));
    }
    page_.emplace_back(std::move(bullets));
  }

  void actions() {
    if (a_.actions.empty()) return;
    heading("actions");
    const std::size_t most = full_ ? a_.actions.size() : 5;
    Bullets bullets;
    for (std::size_t i = 0; i < a_.actions.size() && i < most; ++i) {
      const Action& action = a_.actions[i];
      Line line{{m_.text(action.text), Tone::plain, fmt::format("action {}", action.id)}};
      std::string head = " (";
      if (!action.actor.empty()) head += m_(fmt::format("actor.{}", action.actor)) + ", ";
      line.push_back({std::move(head), Tone::faint});
      Line closes;
      list_into(closes, action.closes, full_ ? 99 : 3, "c", Tone::faint, m_);
      const Line tail = line_with("actions.closes", closes, Tone::faint, m_);
      line.insert(line.end(), tail.begin(), tail.end());
      line.push_back({")", Tone::faint});
      bullets.items.push_back(std::move(line));
    }
    if (a_.actions.size() > most)
      bullets.items.push_back({{m_("missing.more", a_.actions.size() - most), Tone::faint}});
    page_.emplace_back(std::move(bullets));
    levers();
  }

  /// The same by the fact that has to change: one fact decides many criteria.
  void levers() {
    const std::size_t shared = static_cast<std::size_t>(std::count_if(
        a_.levers.begin(), a_.levers.end(), [](const Lever& lever) { return lever.criteria.size() > 1; }));
    if (shared == 0) return;
    page_.emplace_back(Paragraph{{{m_("levers")}}, 2});
    const std::size_t most = std::min<std::size_t>(shared, full_ ? 15 : 5);
    Table table;
    for (const std::string_view key : {"levers.fact", "levers.criteria", "levers.actions"})
      table.head.push_back(m_(key));
    for (std::size_t i = 0; i < most; ++i) {
      const Lever& lever = a_.levers[i];
      Line criteria{{fmt::format("{}{} ", lever.criteria.size(), m_("colon"))}};
      list_into(criteria, lever.criteria, full_ ? 99 : 4, "c", Tone::plain, m_);
      Line actions;
      list_into(actions, lever.actions, full_ ? 99 : 2, "action", Tone::faint, m_);
      table.rows.push_back({{{lever.fact, Tone::plain, {}, fmt::format("fact {}", lever.fact)}},
                            std::move(criteria),
                            std::move(actions)});
    }
    page_.emplace_back(std::move(table));
  }

  void missing() {
    heading("missing");
    if (a_.missing.empty()) {
      page_.emplace_back(Paragraph{{{m_("missing.none")}}, 2});
      return;
    }
    page_.emplace_back(Paragraph{{{m_("missing.count", a_.missing.size()), Tone::faint}}, 2});
    Table table;
    for (const std::string_view key : {"missing.fact", "missing.decides", "missing.closes"})
      table.head.push_back(m_(key));
    const std::size_t most = whole_ ? a_.missing.size() : full_ ? 30 : 6;
    for (std::size_t i = 0; i < a_.missing.size() && i < most; ++i) {
      const Missing& missing = a_.missing[i];
      Line decides;
      const std::size_t shown = full_ ? 8 : 4;
      for (std::size_t k = 0; k < missing.decides.size() && k < shown; ++k) {
        if (k > 0) decides.push_back({", "});
        decides.push_back(decided_words(missing.decides[k]));
      }
      if (missing.decides.size() > shown) decides.push_back({m_("and-more", missing.decides.size() - shown)});
      table.rows.push_back({{{missing.fact, Tone::plain, fmt::format("fact {}", missing.fact)}},
                            std::move(decides),
                            {{m_.percent({missing.closes * 100, missing.closes * 100})}}});
    }
    page_.emplace_back(std::move(table));
    if (a_.missing.size() > most)
      page_.emplace_back(Paragraph{{{m_("missing.more", a_.missing.size() - most), Tone::faint}}, 2});
  }

  /// What a missing fact decides, by its id, leading to where it is told of.
  [[nodiscard]] Words decided_words(const std::string& id) const {
    if (id == "verdict") return {m_("compare.verdict")};
    const bool risk =
        std::any_of(a_.risks.begin(), a_.risks.end(), [&](const RiskResult& one) { return one.rule->id == id; });
    const std::string_view kind = id.find(' ') != std::string::npos ? "c" : risk ? "risk" : "law";
    return {id, Tone::plain, {}, fmt::format("{} {}", kind, id)};
  }

  void proofs() {
    heading("proof");
    for (const Exposure* one : ordered_exposures(a_)) {
      const Exposure& exposure = *one;
      if (!counts(exposure) || exposure.most == Certainty::not_reached) continue;
      // Proofs that only say which lists are not complete would bury the others; `explain` has them.
      if (exposure.least == Certainty::not_reached && !exposure.pointed_at) continue;
      page_.emplace_back(Heading{3,
                                 {{m_.text(exposure.law->document->root.find("title")),
                                   Tone::plain,
                                   {},
                                   fmt::format("law {}", exposure.law->id)},
                                  {fmt::format("{} {}", m_("colon"), m_(fmt::format("scope.{}", exposure.scope)))}}});
      proof_blocks(exposure, a_, m_, false, page_, used_);
    }
  }

  void conflicts() {
    if (a_.conflicts.empty()) return;
    heading("conflicts");
    Bullets bullets;
    for (const Conflict& conflict : a_.conflicts) {
      Line line{{conflict.what + m_("colon") + " ", Tone::strong}};
      for (std::size_t i = 0; i < conflict.says.size(); ++i) {
        const auto& [value, source] = conflict.says[i];
        line.push_back({fmt::format("{}{}", i > 0 ? " / " : "", said(value, m_))});
        if (!source.empty()) {
          used_.insert(source);
          cite(line, {source});
        }
      }
      bullets.items.push_back(std::move(line));
    }
    page_.emplace_back(std::move(bullets));
  }

  void sources() {
    for (const UsedFact& fact : a_.verdict.facts)
      if (fact.origin != nullptr) used_.insert(fact.origin->sources.begin(), fact.origin->sources.end());
    if (used_.empty()) return;
    heading("sources");
    page_.emplace_back(source_list(used_, a_, m_));
  }

  void inputs() {
    heading("inputs");
    Bullets bullets;
    std::size_t shipped = 0;
    for (const Input& input : a_.inputs) {
      if (input.shipped) {
        ++shipped;
      } else {
        bullets.items.push_back(
            {{input.path},
             {fmt::format(" sha256:{}", full_ ? input.sha256 : input.sha256.substr(0, 16)), Tone::faint}});
      }
    }
    bullets.items.push_back({{m_("inputs.shipped", shipped), Tone::faint}});
    page_.emplace_back(std::move(bullets));
  }

  const Assessment& a_;
  const Messages& m_;
  bool full_;
  bool whole_ = false;  ///< a part by itself: nothing of it is left out
  Page page_;
  std::set<std::string> used_;
};

}  // namespace

Page assessment_page(const Assessment& assessment, const Messages& messages, bool full) {
  return Writer(assessment, messages, full).run();
}

Page assessment_part(const Assessment& assessment, const Messages& messages, std::string_view part) {
  return Writer(assessment, messages, true).part(part);
}

}  // namespace sovrisk
