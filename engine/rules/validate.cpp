#include "rules/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conditions/scope.h"
#include "exposure/law.h"
#include "facts/fact_tree.h"
#include "load/suggest.h"
#include "rules/annex.h"
#include "rules/asking.h"
#include "rules/method.h"
#include "rules/ruleset.h"

namespace sovrisk {

namespace {

class Checker {
 public:
  Checker(const Document& document, const Catalogue& catalogue, const CountryGroups& groups, Diagnostics& diagnostics)
      : document_(document), root_(document.root), catalogue_(catalogue), groups_(groups), diagnostics_(diagnostics) {}

  void run() {
    references();
    dates(root_);
    const std::string& kind = document_.kind;
    if (kind == "entity") shares();
    if (kind == "law") (void)compile_law(document_, catalogue_, groups_, diagnostics_);
    if (kind == "ruleset") (void)compile_ruleset(document_, catalogue_, groups_, diagnostics_);
    if (kind == "method") (void)compile_method(document_, catalogue_, groups_, diagnostics_);
    given();
    if (kind == "reach-rule") shared_rule();
    if (kind == "overlay") overlay();
    if (kind == "case") worked_example();
    if (kind == "workload") workload();
    if (kind == "offering") offering();
    if (kind == "policy") policy();
    if (kind == "dossier") check_annex(document_, catalogue_, diagnostics_);
    if (kind == "country-group") group();
  }

 private:
  [[nodiscard]] const Node& facts_schema() const { return *catalogue_.schemas().find("facts.schema.json"); }

  /// The facts of example cases, by the schema of facts. They need not be whole: an offering in them is a few facts,
  /// and an empty value drops one of the case before.
  void given() {
    const Node* tests = document_.root.find("tests");
    if (tests == nullptr) return;
    Diagnostics found;
    for (const Node& test : tests->items)
      if (const Node* facts = test.find("given"))
        catalogue_.schemas().check(laid_over(*facts, *facts), facts_schema(), found);
    for (const Diagnostic& diagnostic : found.all())
      if (diagnostic.id != "missing-key") diagnostics_.add(diagnostic);
  }

  void dangling(const Node& at, std::string_view what, std::string_view kind) {
    diagnostics_.error("dangling-id", at.span, fmt::format("no {} has the id `{}`", what, at.text),
                       did_you_mean(at.text, catalogue_.names(kind)));
  }

  void ids(std::string_view key, std::string_view what, std::string_view kind) {
    if (const Node* list = root_.find(key))
      for (const Node& id : list->items)
        if (catalogue_.find(kind, id.text) == nullptr) dangling(id, what, kind);
  }

  void references() { references(root_, *catalogue_.schemas().find(document_.kind + ".schema.json")); }

  /// Every id of an entity or a source that a value of this schema names.
  void references(const Node& from, const Node& schema) {
    const Node* sources = root_.find("sources");
    std::set<const Node*> reported;
    const auto visit = [&](const Node& value, const Node&, const Type& type) {
      if (value.kind != Node::Kind::text || type.refers_to.empty() || !reported.insert(&value).second) return;
      if (type.refers_to == "source" && (sources == nullptr || sources->find(value.text) == nullptr)) {
        std::vector<std::string> known;
        if (sources != nullptr)
          for (const Member& member : sources->members)
            known.push_back(member.key);
        diagnostics_.error("dangling-source", value.span, fmt::format("no source has the id `{}`", value.text),
                           did_you_mean(value.text, known));
      }
      if (type.refers_to == "entity" && value.text != "unknown" && catalogue_.find("entity", value.text) == nullptr)
        diagnostics_.error("dangling-entity", value.span, fmt::format("no entity has the id `{}`", value.text),
                           did_you_mean(value.text, catalogue_.names("entity")));
    };
    catalogue_.schemas().walk(from, schema, visit);
  }

  void dates(const Node& node) {
    const Node* from = node.find("from");
    const Node* until = node.find("until");
    if (from != nullptr && until != nullptr) {
      const auto begin = Date::parse(from->text);
      const auto end = Date::parse(until->text);
      if (begin && end && *end <= *begin) {
        auto& found = diagnostics_.error("dates-in-wrong-order", until->span,
                                         fmt::format("`until` {} is not after `from` {}", until->text, from->text));
        found.related.push_back({from->span, "from"});
      }
    }
    for (const Node& item : node.items)
      dates(item);
    for (const Member& member : node.members)
      dates(member.value);
  }

  /// On no day may the shares that are surely held add up to more than the whole.
  void shares() {
    const Node* stakes = root_.find("stakes");
    if (stakes == nullptr) return;
    std::set<Date> days{Date{1, 1, 1}};
    for (const Node& stake : stakes->items)
      if (const auto from = Date::parse(stake.text_of("from"))) days.insert(*from);
    const Node* rest = root_.find("float");
    for (const std::string_view key : {"capital", "votes"}) {
      const Node* floating = rest != nullptr ? rest->find(key) : nullptr;
      if (floating != nullptr && floating->kind == Node::Kind::list && !floating->items.empty())
        floating = &floating->items.front();
      for (const Date& day : days) {
        double sum = floating != nullptr && floating->text != "unknown" ? parse_share(floating->text) : 0;
        const Node* last = nullptr;
        for (const Node& stake : stakes->items) {
          const auto from = Date::parse(stake.text_of("from"));
          const auto until = Date::parse(stake.text_of("until"));
          const Node* share = stake.find(key);
          if (share == nullptr || (from && *from > day) || (until && *until <= day)) continue;
          const Node& least = share->kind == Node::Kind::list && !share->items.empty() ? share->items.front() : *share;
          sum += parse_share(least.text);
          last = share;
        }
        constexpr double rounding = 0.5;
        if (sum > 100 + rounding && last != nullptr) {
          diagnostics_.error("shares-over-100", last->span, fmt::format("the stakes in {} add up to {:g} %", key, sum),
                             "100 % at most on any one day");
          break;
        }
      }
    }
  }

  void shared_rule() {
    if (const Node* rules = root_.find("reach"))
      for (const Node& rule : rules->items)
        condition(*rule.find("where"), rule.text_of("some"));
    if (const Node* reread = root_.find("reread"))
      if (const Node* extra = reread->find("and")) condition(*extra, "entities");
  }

  void condition(const Node& node, std::string_view list) {
    (void)compile_condition(node, condition_scope(catalogue_.schemas(), groups_, list), diagnostics_);
  }

  void set(const Node& set, bool entities = false) {
    for (const Member& member : set.members) {
      const EntityPath of_entity = entity_path(member.key);
      if (!of_entity.entity.empty() && !entities) {
        diagnostics_.error("unknown-path", member.key_span, "facts of an entity are not set here",
                           "an overlay sets them, or a copy of the entity in a folder of --catalogue");
        continue;
      }
      if (!of_entity.entity.empty() && !catalogue_.has("entity", of_entity.entity)) {
        diagnostics_.error("dangling-entity", member.key_span,
                           fmt::format("no entity has the id `{}`", of_entity.entity),
                           did_you_mean(std::string(of_entity.entity), catalogue_.names("entity")));
        continue;
      }
      const Node* schema = settable(catalogue_.schemas(), member.key);
      if (schema == nullptr) {
        const bool readable =
            !of_entity.entity.empty() || member.key.starts_with("offering.") || member.key.starts_with("workload.");
        diagnostics_.error("unknown-path", member.key_span, fmt::format("no fact has the path `{}`", member.key),
                           readable ? near_path(member.key)
                                    : "overlays set facts under `offering.`, `workload.` and `entities[ID].`; the rest "
                                      "is derived");
        continue;
      }
      const std::size_t before = diagnostics_.error_count();
      catalogue_.schemas().check(member.value, *schema, diagnostics_);
      if (diagnostics_.error_count() == before) references(member.value, *schema);
    }
  }

  [[nodiscard]] std::string near_path(const std::string& path) const {
    const auto dot = path.rfind('.');
    const bool of_entity = entity_path(path).path.find('.') == std::string_view::npos && path.starts_with("entities[");
    const Node* parent = of_entity ? catalogue_.schemas().find("entity.schema.json")
                                   : settable(catalogue_.schemas(), path.substr(0, dot));
    if (parent == nullptr) parent = schema_at(catalogue_.schemas(), facts_schema(), path.substr(0, dot));
    if (parent == nullptr) return "`sovrisk schema facts` lists the facts";
    if (of_entity && entity_path(path).path == "id") return "the id of an entity is not set";
    const Type& type = catalogue_.schemas().type_of(*parent);
    if (type.map == nullptr) return {};
    return did_you_mean(path.substr(dot + 1), catalogue_.schemas().keys(*type.map));
  }

  void overlay() {
    if (const Node* node = root_.find("set")) set(*node, true);
    if (const Node* when = root_.find("active_when")) condition(*when, "");
    offering_at("offering");
  }

  void worked_example() {
    offering_at("like");
    laws_expected(root_);
    if (const Node* variants = root_.find("variants"))
      for (const Node& variant : variants->items)
        laws_expected(variant);
  }

  void laws_expected(const Node& of) {
    if (const Node* expect = of.find("expect"))
      for (const Member& law : expect->members)
        if (!catalogue_.has("law", law.key))
          diagnostics_.error("dangling-id", law.key_span, fmt::format("no law has the id `{}`", law.key),
                             did_you_mean(law.key, catalogue_.names("law")));
  }

  void offering_at(std::string_view key) {
    if (const Node* id = root_.find(key); id != nullptr && catalogue_.find("offering", id->text) == nullptr)
      dangling(*id, "offering", "offering");
  }

  void workload() {
    ids("safeguards", "measure", "overlay");
    answers();
    if (const Node* node = root_.find("set")) set(*node);
  }

  void offering() {
    if (const Node* earlier = root_.find("earlier"))
      for (const Node& entry : earlier->items)
        if (const Node* node = entry.find("set")) set(*node);
    if (const Node* infrastructure = root_.find("infrastructure"))
      if (const Node* like = infrastructure->find("like");
          like != nullptr && catalogue_.find("offering", like->text) == nullptr)
        dangling(*like, "offering", "offering");
    answers();
  }

  /// Recorded answers are to criteria that there are, and choose among their rungs.
  void answers() {
    const Node* recorded = root_.find("answers");
    if (recorded == nullptr) return;
    for (const Member& member : recorded->members) {
      const Document* ruleset = catalogue_.find("ruleset", member.key);
      if (ruleset == nullptr) {
        diagnostics_.error("dangling-id", member.key_span, fmt::format("no rule set has the id `{}`", member.key),
                           did_you_mean(member.key, catalogue_.ids("ruleset")));
        continue;
      }
      for (const Member& answer : member.value.members)
        answered(*ruleset, answer);
    }
  }

  void answered(const Document& ruleset, const Member& answer) {
    std::vector<std::string> known;
    for (const Node& criterion : ruleset.root.find("criteria")->items) {
      known.emplace_back(criterion.text_of("id"));
      if (known.back() != answer.key) continue;
      const Node* ladder = criterion.find("ladder");
      const Node& choice = *answer.value.find("choice");
      if (ladder != nullptr && choice.number > static_cast<double>(ladder->items.size()))
        diagnostics_.error("no-such-rung", choice.span,
                           fmt::format("only {} answers to {} can be chosen", ladder->items.size(), answer.key),
                           "they are counted from the worst, 1");
      return;
    }
    diagnostics_.error("dangling-id", answer.key_span,
                       fmt::format("{} has no criterion with the id `{}`", ruleset.id, answer.key),
                       did_you_mean(answer.key, known));
  }

  /// Ids wherever a policy asks something: at its root, of pairs, of infrastructure and in overrides.
  void policy() {
    if (root_.find("pairs") == nullptr && root_.find("infrastructure") == nullptr)
      diagnostics_.error("missing-key", root_.span, "the policy asks for nothing",
                         "give it `pairs` or `infrastructure`");
    for_each_asking(root_, [&](const Node& asked) { asking(asked); });
    if (const Node* pairs = root_.find("pairs"))
      for (const Node& pair : pairs->items)
        if (const Node* id = pair.find("offering"); catalogue_.find("offering", id->text) == nullptr)
          dangling(*id, "offering", "offering");
  }

  void asking(const Node& asked) {
    const auto listed = [&](std::string_view key, std::string_view what, std::string_view kind) {
      if (const Node* list = asked.find(key))
        for (const Node& id : list->items)
          if (catalogue_.find(kind, id.text) == nullptr) dangling(id, what, kind);
    };
    listed("offerings", "offering", "offering");
    listed("denied_laws", "law", "law");
    listed("gates", "rule set", "ruleset");
    for (const std::string_view key : {"least_levels", "least_scores"})
      if (const Node* levels = asked.find(key))
        for (const Member& level : levels->members)
          if (catalogue_.find("ruleset", level.key) == nullptr)
            diagnostics_.error("dangling-id", level.key_span, fmt::format("no rule set has the id `{}`", level.key),
                               did_you_mean(level.key, catalogue_.ids("ruleset")));
  }

  void group() {
    if (const Node* includes = root_.find("includes"))
      for (const Node& name : includes->items) {
        if (!groups_.has(name.text))
          diagnostics_.error("unknown-group", name.span, fmt::format("no group of countries is named `{}`", name.text),
                             did_you_mean(name.text, groups_.names()));
        if (reaches(name.text, std::string(root_.text_of("name")), 0))
          diagnostics_.error("bad-condition", name.span, fmt::format("`{}` includes itself", root_.text_of("name")));
      }
  }

  [[nodiscard]] bool reaches(const std::string& from, const std::string& to, int depth) const {
    if (from == to || depth > 16) return true;
    for (const Document* document : catalogue_.all("country-group")) {
      if (document->root.text_of("name") != from) continue;
      if (const Node* includes = document->root.find("includes"))
        for (const Node& name : includes->items)
          if (reaches(name.text, to, depth + 1)) return true;
    }
    return false;
  }

  const Document& document_;
  const Node& root_;
  const Catalogue& catalogue_;
  const CountryGroups& groups_;
  Diagnostics& diagnostics_;
};

}  // namespace

CountryGroups country_groups(const Catalogue& catalogue) {
  CountryGroups groups;
  for (const Document* document : catalogue.all("country-group"))
    groups.add(document->root);
  return groups;
}

void check_meaning(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                   Diagnostics& diagnostics) {
  Checker(document, catalogue, groups, diagnostics).run();
}

void check_catalogue(const Catalogue& catalogue, Diagnostics& diagnostics) {
  const CountryGroups groups = country_groups(catalogue);
  for (const std::string_view kind :
       {"country-group", "entity", "offering", "reach-rule", "overlay", "law", "ruleset", "method"})
    for (const Document* document : catalogue.all(kind))
      check_meaning(*document, catalogue, groups, diagnostics);
}

}  // namespace sovrisk
