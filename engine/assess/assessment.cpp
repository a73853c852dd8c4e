#include "assess/assessment.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "rules/validate.h"

namespace sovrisk {

namespace {

/// The entity whose stakes tell how somebody is related to the offering: one that he holds, best one of which nobody
/// knows how much; himself where he holds none.
std::string_view related_through(std::string_view holder, const Value& root) {
  std::string_view held;
  for (const Value& entity : root.get("entities").items)
    for (const Value& stake : entity.get("holders").items) {
      if (stake.get("holder").word() != holder) continue;
      const bool known = stake.get("capital").is_known() && stake.get("votes").is_known();
      if (!known) return entity.get("id").word();
      if (held.empty()) held = entity.get("id").word();
    }
  return held.empty() ? holder : held;
}

/// The fact to go and get behind the fact that a condition asked for: its path as an overlay sets it.
std::string fact_to_get(const std::string& path, const Value& root) {
  constexpr std::string_view undisclosed = "undisclosed-holders-of-";
  const auto open = path.find('[');
  const auto close = path.find(']');
  const std::string_view head = std::string_view(path).substr(0, path.find_first_of(".["));
  const bool laid =
      head == "sites" || head == "staff" || head == "technology" || head == "subprocessors" || head == "certificates";
  if (head == "entities" && open == std::string::npos) return "offering.operator";
  if (open == std::string::npos || close == std::string::npos) return laid ? fmt::format("offering.{}", path) : path;
  const std::string_view list = std::string_view(path).substr(0, open);
  const std::string item = path.substr(open + 1, close - open - 1);
  const std::string rest = close + 2 <= path.size() ? path.substr(close + 2) : std::string();
  if (list == "entities" && item == "undisclosed-sub-processors") return "offering.subprocessors";
  if (list == "entities" && item == "undisclosed-facility-owners") return "offering.sites[...].facility_owner";
  if (list == "entities" && item.starts_with(undisclosed))
    return fmt::format("entities[{}].stakes", item.substr(undisclosed.size()));
  if (list == "entities") {
    if (rest == "seats") {
      const auto& entities = root.get("entities").items;
      const auto entity = std::find_if(entities.begin(), entities.end(),
                                       [&](const Value& other) { return other.get("id").word() == item; });
      const bool registered = entity != entities.end() && entity->get("incorporated_in").is_known();
      return fmt::format("entities[{}].{}", item, registered ? "head_office_in" : "incorporated_in");
    }
    if (rest == "relation") return fmt::format("entities[{}].stakes", related_through(item, root));
    if (rest.starts_with("holders[")) return fmt::format("entities[{}].stakes", item);
    if (rest == "rights") return fmt::format("entities[{}].control_rights", item);
    if (rest == "access") return fmt::format("offering.access[{}].to", item);
    return path;
  }
  if (list == "sites" && rest == "used") return "workload.uses";
  if (list == "needs") return fmt::format("offering.capabilities.{}.available", item);
  return laid ? fmt::format("offering.{}", path) : path;
}

bool is_derived_result(const std::string& path) {
  for (const std::string_view head : {"exposures", "measures", "law.", "risks", "frameworks", "questions", "signs"})
    if (path.starts_with(head)) return true;
  return false;
}

/// Gathers what is undecided and shares each undecided thing out among the facts that it waits for.
class MissingFacts {
 public:
  MissingFacts(const std::vector<Exposure>& exposures, const Value& root) : root_(root) {
    for (const Exposure& exposure : exposures)
      if (exposure.certainty() == "unknown" || exposure.least != exposure.most)
        for (const Match& match : exposure.matches)
          if (match.truth == Truth::unknown)
            for (const UsedFact& fact : match.facts)
              if (!is_derived_result(fact.path)) behind_exposures_.insert(to_get(fact.path));
  }

  /// `weight` is how much is undecided.
  void add(const std::string& what, const std::vector<UsedFact>& facts, double weight = 1) {
    std::vector<std::string_view> paths;
    bool exposures = false;
    for (const UsedFact& fact : facts) {
      if (!is_derived_result(fact.path)) paths.emplace_back(to_get(fact.path));
      exposures = exposures || fact.path.starts_with("exposures");
    }
    if (exposures) paths.insert(paths.end(), behind_exposures_.begin(), behind_exposures_.end());
    if (paths.empty()) return;
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    open_ += weight;
    for (const std::string_view path : paths) {
      auto found = facts_.find(path);
      if (found == facts_.end()) found = facts_.emplace(path, Missing{std::string(path), {}, 0}).first;
      Missing& missing = found->second;
      if (std::find(missing.decides.begin(), missing.decides.end(), what) == missing.decides.end())
        missing.decides.push_back(what);
      missing.closes += weight / static_cast<double>(paths.size());
    }
  }

  /// Those that move the verdict first, then those that close most, each in the order of their paths.
  [[nodiscard]] std::vector<Missing> ranked() const {
    std::vector<Missing> list;
    for (const auto& [path, missing] : facts_) {
      list.push_back(missing);
      if (open_ > 0) list.back().closes /= open_;
    }
    std::stable_sort(list.begin(), list.end(), [](const Missing& a, const Missing& b) { return a.closes > b.closes; });
    std::stable_partition(list.begin(), list.end(), [](const Missing& missing) {
      return std::find(missing.decides.begin(), missing.decides.end(), "verdict") != missing.decides.end();
    });
    return list;
  }

 private:
  /// Many conditions ask for the same facts.
  const std::string& to_get(const std::string& path) {
    const auto [found, fresh] = to_get_.try_emplace(path);
    if (fresh) found->second = fact_to_get(path, root_);
    return found->second;
  }

  const Value& root_;
  std::unordered_map<std::string, std::string> to_get_;  ///< by the fact that a condition asked for
  std::set<std::string> behind_exposures_;               ///< facts that exposures wait for
  std::map<std::string, Missing, std::less<>> facts_;
  double open_ = 0;
};

bool is_held_back(const CriterionResult& result) {
  return result.status == Status::not_met || result.status == Status::partly_met;
}

/// Failed criteria by the facts that decide them; several facts may decide one.
std::vector<Lever> levers_of(const std::vector<FrameworkResult>& frameworks, const std::vector<Action>& actions,
                             const Value& root) {
  std::map<std::string, Lever> levers;
  for (const FrameworkResult& framework : frameworks)
    for (const CriterionResult& result : framework.criteria) {
      if (!is_held_back(result)) continue;
      const std::string criterion = fmt::format("{} {}", framework.ruleset->id, result.criterion->id);
      std::set<std::string> facts;
      for (const UsedFact& fact : result.reasons)
        facts.insert(fact_to_get(fact.path, root));
      if (facts.empty()) facts.insert(fmt::format("answers.{}.{}", framework.ruleset->id, result.criterion->id));
      for (const std::string& fact : facts) {
        Lever& lever = levers[fact];
        lever.fact = fact;
        lever.criteria.push_back(criterion);
      }
    }
  std::vector<Lever> list;
  for (auto& entry : levers) {
    Lever& lever = entry.second;
    for (const Action& action : actions)
      if (std::any_of(action.closes.begin(), action.closes.end(), [&](const std::string& closed) {
            return std::find(lever.criteria.begin(), lever.criteria.end(), closed) != lever.criteria.end();
          }))
        lever.actions.push_back(action.id);
    list.push_back(std::move(lever));
  }
  std::stable_sort(list.begin(), list.end(),
                   [](const Lever& a, const Lever& b) { return a.criteria.size() > b.criteria.size(); });
  return list;
}

std::vector<Action> actions_of(const std::vector<FrameworkResult>& frameworks, const Catalogue& catalogue) {
  std::vector<Action> actions;
  const auto add = [&](const std::string& id, const Node* text, std::string_view actor, const std::string& closes) {
    auto found = std::find_if(actions.begin(), actions.end(), [&](const Action& action) { return action.id == id; });
    if (found == actions.end()) found = actions.insert(actions.end(), Action{id, text, std::string(actor), {}});
    found->closes.push_back(closes);
  };
  for (const FrameworkResult& framework : frameworks) {
    for (const CriterionResult& result : framework.criteria) {
      if (!is_held_back(result)) continue;
      const std::string criterion = fmt::format("{} {}", framework.ruleset->id, result.criterion->id);
      if (const Node* remedies = result.criterion->node->find("remedies"))
        for (const Node& id : remedies->items)
          if (const Document* measure = catalogue.find("overlay", id.text))
            add(id.text, measure->root.find("title"), measure->root.text_of("actor"), criterion);
      if (const Node* remedy = result.criterion->node->find("remedy"))
        add(fmt::format("{}.{}", framework.ruleset->id, result.criterion->id), remedy, "provider", criterion);
    }
  }
  std::stable_sort(actions.begin(), actions.end(),
                   [](const Action& a, const Action& b) { return a.closes.size() > b.closes.size(); });
  return actions;
}

/// Words of two capitals are countries: no other fact has that form.
void name_countries(const Value& value, std::set<std::string>& countries) {
  for (const std::string& word : value.words)
    if (word.size() == 2 && word[0] >= 'A' && word[0] <= 'Z' && word[1] >= 'A' && word[1] <= 'Z')
      countries.insert(word);
  for (const Value& item : value.items)
    name_countries(item, countries);
  // Regions that the workload does not use point nowhere.
  const Value& used = value.get("used");
  if (used.kind == Value::Kind::boolean && !used.boolean) return;
  for (const auto& [key, member] : value.members)
    name_countries(member, countries);
}

std::vector<Conflict> conflicts_of(const Assessment& assessment) {
  std::vector<Conflict> conflicts;
  for (const FrameworkResult& framework : assessment.frameworks) {
    for (const CriterionResult& result : framework.criteria) {
      if (result.contradicted_answer.empty()) continue;
      Conflict conflict;
      conflict.what = fmt::format("{} {}", framework.ruleset->id, result.criterion->id);
      const bool sourced = result.answer_origin != nullptr && !result.answer_origin->sources.empty();
      conflict.says.emplace_back(Statement{fmt::format("answer {}", result.contradicted_answer)},
                                 sourced ? result.answer_origin->sources.front() : "");
      for (const UsedFact& fact : result.reasons)
        conflict.says.emplace_back(
            Statement{fmt::format("{} = {}", fact.path, fact.value)},
            fact.origin != nullptr && !fact.origin->sources.empty() ? fact.origin->sources.front() : "");
      conflicts.push_back(std::move(conflict));
    }
  }
  if (const Node* list = assessment.offering->root.find("conflicts")) {
    for (const Node& node : list->items) {
      Conflict conflict;
      conflict.what = node.text_of("fact");
      for (const Node& side : node.find("says")->items) {
        const Node* source = side.find("source");
        const std::string id = source->kind == Node::Kind::text ? source->text : source->items.front().text;
        conflict.says.emplace_back(Statement{{}, side.find("value")},
                                   fmt::format("{}:{}", assessment.offering->id, id));
      }
      conflicts.push_back(std::move(conflict));
    }
  }
  return conflicts;
}

}  // namespace

/// Facts and exposures, before anything is decided on them.
struct Engine::Ground {
  std::unique_ptr<Value> root;
  Derived derived;
  SourceTable sources;
  std::vector<Exposure> exposures;
};

Engine::Engine(const Catalogue& catalogue, const std::string& method, Diagnostics& diagnostics,
               const std::vector<std::string>& rulesets)
    : catalogue_(catalogue), groups_(country_groups(catalogue)) {
  for (const Document* document : catalogue.all("law"))
    laws_.push_back(compile_law(*document, catalogue, groups_, diagnostics));
  if (const Document* document = catalogue.find("method", method)) {
    method_ = compile_method(*document, catalogue, groups_, diagnostics);
    std::vector<std::string> ids;
    for (const Node& id : document->root.find("rulesets")->items)
      ids.push_back(id.text);
    for (const std::string& id : rulesets)
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    for (const std::string& id : ids)
      if (const Document* ruleset = catalogue.find("ruleset", id))
        rulesets_.push_back(compile_ruleset(*ruleset, catalogue, groups_, diagnostics));
  }
  for (const Document* document : catalogue.all("overlay"))
    if (document->root.text_of("kind") == "measure")
      measures_.push_back(compile_measure(*document, catalogue, groups_, diagnostics));
}

/// The files of a request as facts, before anything is derived.
Value Engine::facts_of(const Request& request, SourceTable& sources) const {
  const SchemaSet& schemas = catalogue_.schemas();
  const Document& offering = *catalogue_.find("offering", request.offering);
  Value root = Value::map();
  root.set("as_of", Value::of(request.as_of));
  root.set("offering",
           facts_from(offering.root, *schemas.find("offering.schema.json"), schemas, offering.id, request.as_of));
  apply_earlier(root, offering.root, schemas, *schemas.find("facts.schema.json"), offering.id, request.as_of);
  collect_sources(offering.root.find("sources"), offering.id, sources);
  root.set("workload", Value::map());
  if (request.workload != nullptr) {
    const Document& workload = *request.workload;
    root.set("workload",
             facts_from(workload.root, *schemas.find("workload.schema.json"), schemas, workload.id, request.as_of));
    collect_sources(workload.root.find("sources"), workload.id, sources);
  }
  return root;
}

/// Whether an overlay is for this offering: it names it, or none.
bool Engine::concerns(const Document& overlay, const Document& offering) const {
  const Node* only = overlay.root.find("offering");
  return only == nullptr || catalogue_.find("offering", only->text) == &offering;
}

/// Without the workload's safeguards, that is beside the ground laid with them, where `guarded` is given.
Engine::Ground Engine::lay_ground(const Request& request, Value facts_read, EntityFacts& entities,
                                  const Ground* guarded) const {
  const bool with_safeguards = guarded == nullptr;
  const SchemaSet& schemas = catalogue_.schemas();
  const Node& facts_schema = *schemas.find("facts.schema.json");
  const Document& offering = *catalogue_.find("offering", request.offering);
  Ground ground;
  ground.root = std::make_unique<Value>(std::move(facts_read));
  Value& root = *ground.root;
  if (request.workload != nullptr) {
    const Document& workload = *request.workload;
    if (const Node* set = workload.root.find("set"); set != nullptr && with_safeguards)
      apply_set(root, *set, schemas, facts_schema, workload.id, request.as_of, &workload.root);
    if (!with_safeguards) root.find("workload")->set("safeguards", Value::list());
  }
  // A safeguard is a measure that is in place: what it changes is so.
  const std::vector<Value> safeguards = root.get("workload").get("safeguards").items;
  for (const Value& id : safeguards)
    if (const Document* measure = catalogue_.find("overlay", id.word()))
      if (const Node* set = measure->root.find("set"))
        apply_set(root, *set, schemas, facts_schema, measure->id, request.as_of);
  for (const Document* overlay : request.overlays) {
    if (!concerns(*overlay, offering)) continue;
    collect_sources(overlay->root.find("sources"), overlay->id, ground.sources);
    if (const Node* set = overlay->root.find("set"))
      apply_set(root, *set, schemas, facts_schema, overlay->id, request.as_of, &overlay->root);
  }
  root.set("answers", answers_of(root));
  ground.derived = derive_facts(root, entities, groups_, ground.sources);
  const Facts facts{&root, &groups_, request.as_of};
  derive_measures(root, measures_, facts, ground.derived);
  // Safeguards change little of what laws ask for.
  std::optional<TwoFacts> both;
  if (guarded != nullptr) both.emplace(*guarded->root, root);
  for (const Law& law : laws_) {
    const bool known = both && alike(law, *both);
    for (Exposure& exposure : known ? exposures_elsewhere(guarded->exposures, law, root, ground.derived)
                                    : derive_exposures(law, root, facts, ground.derived, with_safeguards))
      ground.exposures.push_back(std::move(exposure));
  }
  root.set("exposures", exposure_facts(ground.exposures));
  return ground;
}

Assessment Engine::assess(const Request& asked) const {
  Assessment result;
  // Corrections in a user's own folders hold before anything that the request assumes.
  Request request = asked;
  const Document& corrected = *catalogue_.find("offering", request.offering);
  std::vector<const Document*> corrections;
  for (const Document* overlay : catalogue_.all("overlay")) {
    const bool own = overlay->root.text_of("kind") == "correction" && catalogue_.is_own("overlay", overlay->id);
    const bool named = std::find(asked.overlays.begin(), asked.overlays.end(), overlay) != asked.overlays.end();
    if (own && !named && concerns(*overlay, corrected)) corrections.push_back(overlay);
  }
  request.overlays.insert(request.overlays.begin(), corrections.begin(), corrections.end());
  result.as_of = request.as_of;
  result.offering = catalogue_.find("offering", request.offering);
  result.workload = request.workload;
  result.overlays = request.overlays;
  result.method = &method_;

  EntityFacts entities(catalogue_, request.as_of);
  for (const Document* overlay : request.overlays)
    if (concerns(*overlay, *result.offering)) entities.correct(*overlay);
  SourceTable sources;
  Value facts_read = facts_of(request, sources);
  Ground ground = lay_ground(request, facts_read, entities, nullptr);
  ground.sources.merge(sources);
  // The inherent risks are those without the workload's safeguards; where there are none, they are the residual ones.
  const auto lists = [&](std::string_view key) {
    const Node* found = request.workload != nullptr ? request.workload->root.find(key) : nullptr;
    return found != nullptr && (!found->items.empty() || !found->members.empty());
  };
  const bool guarded = lists("safeguards") || lists("set");
  const Ground inherent = guarded ? lay_ground(request, std::move(facts_read), entities, &ground) : Ground{};
  Value& root = *ground.root;
  const Facts facts{&root, &groups_, request.as_of};
  const Facts unguarded{guarded ? inherent.root.get() : &root, &groups_, request.as_of};

  Value levels = Value::map();
  for (const RuleSet& ruleset : rulesets_) {
    const auto how = request.deciding.find(ruleset.id);
    FrameworkResult framework = decide(ruleset, facts, how == request.deciding.end() ? Deciding{} : how->second);
    Value summary = Value::map();
    if (framework.applies != Truth::unknown) summary.set("due", Value::of(framework.applies == Truth::yes));
    if (framework.level) summary.set("level", Value::of(framework.level->low, framework.level->high));
    if (framework.score) summary.set("score", Value::of(framework.score->low, framework.score->high));
    if (framework.gate && *framework.gate != Truth::unknown)
      summary.set("gate", Value::of(*framework.gate == Truth::yes ? "met" : "not-met"));
    levels.set(ruleset.id, std::move(summary));
    result.frameworks.push_back(std::move(framework));
  }
  root.set("frameworks", std::move(levels));

  std::vector<std::pair<Rating, Rating>> ratings;
  Truths truths;
  Truths truths_before;
  const Facts after = facts.keeping(truths);
  const Facts before = unguarded.keeping(truths_before);
  for (const RiskRule& rule : method_.risks) {
    RiskResult risk;
    risk.rule = &rule;
    risk.severity = rate(rule.severity, after);
    risk.likelihood = rate(rule.likelihood, after);
    risk.inherent_likelihood = rate(rule.likelihood, before);
    risk.inherent_severity = rate(rule.severity, before);
    ratings.emplace_back(risk.severity, risk.likelihood);
    result.risks.push_back(std::move(risk));
  }
  root.set("risks", risk_facts(method_, ratings));
  Judgement judgement = judge(method_, root, groups_, request.as_of);
  result.verdict = std::move(judgement.verdict);
  result.questions = std::move(judgement.questions);
  result.duties = std::move(judgement.duties);

  MissingFacts missing(ground.exposures, root);
  if (result.verdict.value == "undetermined") missing.add("verdict", result.verdict.missing);
  for (const Exposure& exposure : ground.exposures) {
    std::vector<UsedFact> waiting;
    if (exposure.least != exposure.most)
      for (const Match& match : exposure.matches)
        if (match.truth == Truth::unknown) waiting.insert(waiting.end(), match.facts.begin(), match.facts.end());
    missing.add(exposure.law->id, waiting);
  }
  for (const DutyResult& duty : result.duties)
    if (duty.answer.value == "undetermined") missing.add(duty.duty->question.id, duty.answer.missing);
  for (const RiskResult& risk : result.risks) {
    missing.add(risk.rule->id, risk.likelihood.missing);
    missing.add(risk.rule->id, risk.severity.missing);
  }
  for (const FrameworkResult& framework : result.frameworks)
    for (const CriterionResult& criterion : framework.criteria)
      missing.add(fmt::format("{} {}", framework.ruleset->id, criterion.criterion->id), criterion.missing);
  result.missing = missing.ranked();
  result.actions = actions_of(result.frameworks, catalogue_);
  result.levers = levers_of(result.frameworks, result.actions, root);
  result.exposures = std::move(ground.exposures);
  // The sources of laws that are shown to reach, and of the rules that they share: proofs name them.
  std::set<std::string> told;
  for (const Exposure& exposure : result.exposures) {
    if (exposure.least == Certainty::not_reached) continue;
    const Document& law = *exposure.law->document;
    if (told.insert(law.id).second) collect_sources(law.root.find("sources"), law.id, ground.sources);
    for (const Match& match : exposure.matches)
      if (!match.rule->shared.empty() && told.insert(match.rule->shared).second)
        if (const Document* shared = catalogue_.find("reach-rule", match.rule->shared))
          collect_sources(shared->root.find("sources"), shared->id, ground.sources);
  }
  result.law_conflicts = conflicts_of_laws(result.exposures, facts);
  result.outlook_end = sovrisk::outlook_end(root, request.as_of);
  result.outlook = outlook(result.exposures, root, catalogue_, request.as_of, result.outlook_end);
  std::set<std::string> countries;
  for (const auto& [key, value] : root.members)
    if (key != "workload" && key != "exposures" && key != "offering") name_countries(value, countries);
  for (const auto& [key, value] : root.get("offering").members)
    if (key != "sites" && key != "earlier") name_countries(value, countries);
  const Law* law = nullptr;
  bool pointed_at = false;
  for (Exposure& exposure : result.exposures) {
    if (exposure.law != law) {  // those of a law stand together
      law = exposure.law;
      pointed_at = std::any_of(countries.begin(), countries.end(), [&](const std::string& country) {
        return groups_.contains(law->jurisdiction, country, request.as_of);
      });
    }
    exposure.pointed_at = pointed_at;
  }
  result.conflicts = conflicts_of(result);
  result.sources = std::move(ground.sources);
  result.derived = std::move(ground.derived);

  std::set<std::string> related;
  for (const Value& entity : root.get("entities").items)
    related.emplace(entity.get("id").word());
  const SourceMap& files = catalogue_.sources();
  const auto add_input = [&](const Document& document) {
    const SourceFile& file = files[document.file];
    result.inputs.push_back({file.path, file.sha256, file.shipped});
  };
  for (const Document* document : catalogue_.used()) {
    if (document->kind == "entity" && !related.contains(document->id)) continue;
    if (document->kind == "offering" && document != result.offering) continue;
    if (document->kind == "overlay" && document->root.text_of("kind") != "measure") continue;
    add_input(*document);
  }
  if (request.workload != nullptr) add_input(*request.workload);
  for (const Document* overlay : request.overlays)
    if (overlay->file != no_file) add_input(*overlay);
  std::stable_sort(result.inputs.begin(), result.inputs.end(), [](const Input& a, const Input& b) {
    return std::make_pair(a.shipped, a.path) < std::make_pair(b.shipped, b.path);
  });
  result.facts = std::move(ground.root);
  return result;
}

std::vector<Missing> missing_for(const Assessment& assessment, std::string_view ruleset) {
  MissingFacts missing(assessment.exposures, *assessment.facts);
  const FrameworkResult* result = framework(assessment, ruleset);
  if (result == nullptr) return {};
  std::map<std::string, double> most;  // points of an objective
  for (const CriterionResult& criterion : result->criteria)
    for (const Rung& rung : criterion.criterion->ladder)
      if (&rung == &criterion.criterion->ladder.back()) most[criterion.criterion->objective] += rung.points.value_or(0);
  for (const CriterionResult& criterion : result->criteria) {
    if (criterion.missing.empty()) continue;
    double weight = 1;
    if (result->score && criterion.points) {
      const std::string& id = criterion.criterion->objective;
      const auto objective = std::find_if(result->objectives.begin(), result->objectives.end(),
                                          [&](const ObjectiveResult& other) { return other.id == id; });
      if (objective != result->objectives.end() && most[id] > 0)
        weight = objective->weight * (criterion.points->high - criterion.points->low) / most[id];
    }
    missing.add(fmt::format("{} {}", ruleset, criterion.criterion->id), criterion.missing, weight);
  }
  return missing.ranked();
}

const FrameworkResult* framework(const Assessment& assessment, std::string_view ruleset) {
  for (const FrameworkResult& result : assessment.frameworks)
    if (result.ruleset->id == ruleset) return &result;
  return nullptr;
}

}  // namespace sovrisk
