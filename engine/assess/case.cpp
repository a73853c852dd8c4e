#include "assess/case.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "load/suggest.h"
#include "rules/validate.h"

namespace sovrisk {

namespace {

void set_where_missing(Node& map, const std::string& key, Node value) {
  if (map.find(key) == nullptr) set(map, key, std::move(value));
}

class CaseRunner {
 public:
  CaseRunner(const Document& document, Catalogue& catalogue, const Engine& engine, Diagnostics& diagnostics,
             std::vector<DecisionOutcome>* decisions)
      : document_(document), catalogue_(catalogue), engine_(engine), diagnostics_(diagnostics), decisions_(decisions) {}

  std::vector<CaseResult> run() {
    const Node& root = document_.root;
    one(localized(root.find("title"), "en"), root, nullptr);
    if (const Node* variants = root.find("variants"))
      for (const Node& variant : variants->items)
        one(std::string(variant.text_of("name")), variant, &variant);
    return std::move(results_);
  }

 private:
  void one(const std::string& name, const Node& at, const Node* variant) {
    const std::size_t before = diagnostics_.error_count();
    const Node& root = document_.root;
    const Node none = map_node(root.span);
    const auto part = [&](std::string_view key) {
      const Node* base = root.find(key);
      const Node* over = variant != nullptr ? variant->find(key) : nullptr;
      return laid_over(base != nullptr ? *base : none, over != nullptr ? *over : none);
    };
    Node entities = root.find("entities") != nullptr ? *root.find("entities") : none;
    if (const Node* changed = variant != nullptr ? variant->find("entities") : nullptr)
      for (const Member& entity : changed->members) {
        const Node* base = entities.find(entity.key);
        set(entities, entity.key, laid_over(base != nullptr ? *base : none, entity.value));
      }
    std::vector<std::shared_ptr<const Document>> documents;
    for (Member& entity : entities.members) {
      set_where_missing(entity.value, "kind", text_node("company", entity.key_span));
      set_where_missing(entity.value, "name", text_node(entity.key, entity.key_span));
      documents.push_back(document("entity", entity.key, std::move(entity.value)));
    }
    Node offering = like_of_catalogue(part("offering"));
    set_where_missing(offering, "name", text_node(document_.id, offering.span));
    Node kind = list_node(offering.span);
    kind.items.push_back(text_node("iaas", offering.span));
    set_where_missing(offering, "kind", std::move(kind));
    documents.push_back(document("offering", document_.id, std::move(offering)));
    const bool processing =
        root.find("workload") != nullptr || (variant != nullptr && variant->find("workload") != nullptr);
    if (processing) {
      Node workload = part("workload");
      set_where_missing(workload, "title", text_node(document_.id, workload.span));
      Node controller = map_node(workload.span);
      set(controller, "name", text_node("the controller", workload.span));
      set_where_missing(workload, "controller", std::move(controller));
      Node categories = list_node(workload.span);
      categories.items.push_back(text_node("unknown", workload.span));
      Node data = workload.find("data") != nullptr ? *workload.find("data") : map_node(workload.span);
      set_where_missing(data, "categories", std::move(categories));
      set(workload, "data", std::move(data));
      documents.push_back(document("workload", document_.id, std::move(workload)));
    }
    if (diagnostics_.error_count() != before) return;
    const auto contents = catalogue_.contents();
    for (const auto& made : documents)
      catalogue_.put(made);
    for (const auto& made : documents)
      check_meaning(*made, catalogue_, engine_.groups(), diagnostics_);
    if (diagnostics_.error_count() == before) assess(name, at, variant, processing, documents);
    catalogue_.restore(*contents);
  }

  /// The offering of the case over the one of the catalogue that it is said to be like, if any.
  Node like_of_catalogue(Node offering) const {
    const std::string_view like = document_.root.text_of("like");
    const Document* base = like.empty() ? nullptr : catalogue_.find("offering", like);
    if (base == nullptr) return offering;
    Node whole = base->root;
    erase_if(whole.members, [](const Member& member) { return member.key == "aliases"; });
    if (const Node* sources = document_.root.find("sources")) set_where_missing(offering, "sources", *sources);
    return laid_over(whole, offering);
  }

  void assess(const std::string& name, const Node& at, const Node* variant, bool processing,
              const std::vector<std::shared_ptr<const Document>>& documents) {
    const Node& root = document_.root;
    Request request;
    request.offering = document_.id;
    if (processing) request.workload = documents.back().get();
    const std::string_view own = variant != nullptr ? variant->text_of("as_of") : std::string_view();
    request.as_of = *Date::parse(own.empty() ? root.text_of("as_of") : own);
    CaseResult result;
    result.name = name;
    result.span = at.span;
    const Assessment assessment = engine_.assess(request);
    const Node none = map_node(at.span);
    const Node* expect = at.find("expect");
    const std::size_t met = compare(assessment, expect != nullptr ? *expect : none, result);
    if (const Node* decided = root.find("decided"); decided != nullptr && variant == nullptr && decisions_ != nullptr) {
      const VerdictResult& asked = answer(assessment, *decided);
      decisions_->push_back({document_.id, decided, assessment.verdict.value, asked.value, asked.possible,
                             expect != nullptr ? expect->members.size() : 0, met});
    }
    results_.push_back(std::move(result));
  }

  /// A question that the method keeps apart from the whole is compared apart: dependency is not unlawfulness.
  static const VerdictResult& answer(const Assessment& assessment, const Node& decided) {
    for (const QuestionResult& one : assessment.questions) {
      const Node* decides = one.question->node->find("decides");
      if (one.question->counts || decides == nullptr) continue;
      for (const Node& question : decides->items)
        if (question.text == decided.text_of("question")) return one.verdict;
    }
    return assessment.verdict;
  }

  std::shared_ptr<const Document> document(const std::string& kind, const std::string& id, Node root) {
    set(root, "format", text_node(fmt::format("sovrisk-{}/1", kind), root.span));
    set(root, "id", text_node(id, root.span));
    // Sources stand once, in the case.
    if (const Node* sources = document_.root.find("sources")) set_where_missing(root, "sources", *sources);
    catalogue_.schemas().check(root, *catalogue_.schemas().find(kind + ".schema.json"), diagnostics_);
    Document made;
    made.kind = kind;
    made.id = id;
    made.title = title_of(root);
    made.root = std::move(root);
    made.file = document_.file;
    return std::make_shared<const Document>(std::move(made));
  }

  /// Adds what differs; gives how many laws came out as expected.
  std::size_t compare(const Assessment& assessment, const Node& expect, CaseResult& result) const {
    std::size_t met = 0;
    for (const Member& expected : expect.members) {
      const std::size_t failures = result.failures.size();
      const Document* law = catalogue_.find("law", expected.key);
      if (law == nullptr) {
        result.failures.push_back(fmt::format("no law has the id `{}`", expected.key));
        continue;
      }
      const auto differs = [&](std::string_view what, std::string_view wanted, std::string_view got) {
        if (wanted != got)
          result.failures.push_back(fmt::format("{}: {} is {}, expected {}", law->id, what, got, wanted));
      };
      if (expected.value.kind == Node::Kind::text)
        differs("reach", expected.value.text, grade(assessment, law->id, "", false));
      if (expected.value.kind == Node::Kind::list) {
        const std::string_view got = grade(assessment, law->id, "", false);
        std::vector<std::string> wanted;
        for (const Node& word : expected.value.items)
          wanted.push_back(word.text);
        const auto fits = [&](std::string_view grade) {
          return std::find(wanted.begin(), wanted.end(), grade) != wanted.end();
        };
        if (!fits(got) && !all_possible(assessment, law->id, fits))
          differs("reach", fmt::format("{}", fmt::join(wanted, " or ")), got);
      }
      for (const Member& part : expected.value.members) {
        if (part.key == "after_measures") {
          std::vector<std::string> wanted;
          for (const Node& word : part.value.items)
            wanted.push_back(word.text);
          differs("after_measures", fmt::format("{}", fmt::join(wanted, ", ")), left(assessment, law->id));
        } else if (part.key == "limited") {
          differs("limited", part.value.text, grade(assessment, law->id, "", true));
        } else {
          differs(part.key, part.value.text, grade(assessment, law->id, part.key, false));
        }
      }
      if (result.failures.size() == failures) ++met;
    }
    return met;
  }

  /// Exposures of a law are sorted by what is established: the first that fits is the best; what is open beats only
  /// what is excluded.
  static std::string_view grade(const Assessment& assessment, const std::string& law, std::string_view scope,
                                bool limited) {
    std::string_view grade = "not-reached";
    for (const Exposure& exposure : assessment.exposures)
      if (exposure.law->id == law && exposure.limited == limited && (scope.empty() || exposure.scope == scope) &&
          grade == "not-reached")
        grade = exposure.certainty();
    return grade;
  }

  /// Whether every grade that is still possible fits, where the grade is open.
  template <class Fits>
  static bool all_possible(const Assessment& assessment, const std::string& law, Fits fits) {
    bool open = false;
    Certainty least = Certainty::not_reached;
    Certainty most = Certainty::not_reached;
    for (const Exposure& exposure : assessment.exposures) {
      if (exposure.law->id != law || exposure.limited) continue;
      open = open || exposure.certainty() == "unknown";
      least = std::max(least, exposure.least);
      most = std::max(most, exposure.most);
    }
    if (!open) return false;
    for (const Certainty one : {Certainty::not_reached, Certainty::arguable, Certainty::certain})
      if (one >= least && one <= most && !fits(name_of(one))) return false;
    return true;
  }

  static std::string left(const Assessment& assessment, const std::string& law) {
    for (const Exposure& exposure : assessment.exposures)
      if (exposure.law->id == law && !exposure.limited)
        return fmt::format("{}", fmt::join(exposure.after_measures, ", "));
    return {};
  }

  const Document& document_;
  Catalogue& catalogue_;
  const Engine& engine_;
  Diagnostics& diagnostics_;
  std::vector<DecisionOutcome>* decisions_;
  std::vector<CaseResult> results_;
};

}  // namespace

std::optional<bool> DecisionOutcome::agrees() const {
  const Node* fits = decided->find("fits");
  if (fits == nullptr || fits->items.empty()) return std::nullopt;
  const auto fit = [&](const std::string& value) {
    return std::any_of(fits->items.begin(), fits->items.end(), [&](const Node& one) { return one.text == value; });
  };
  return std::all_of(possible.begin(), possible.end(), fit);
}

std::vector<CaseResult> run_case(const Document& document, Catalogue& catalogue, const Engine& engine,
                                 Diagnostics& diagnostics, std::vector<DecisionOutcome>* decisions) {
  return CaseRunner(document, catalogue, engine, diagnostics, decisions).run();
}

}  // namespace sovrisk
