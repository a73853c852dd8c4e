#include "exposure/law.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "conditions/compiled.h"
#include "load/suggest.h"

namespace sovrisk {

namespace {

Certainty certainty_of(std::string_view word) {
  if (word == "certain") return Certainty::certain;
  return word == "arguable" ? Certainty::arguable : Certainty::not_reached;
}

/// Rewrites the relations a condition asks for, keeping only those the shared rule names; false when it names none.
bool reread_relations(Node& node, const Node& relations) {
  bool found = false;
  for (Member& member : node.members) {
    if (member.key != "relation") {
      found = reread_relations(member.value, relations) || found;
      continue;
    }
    Node kept = member.value;
    kept.kind = Node::Kind::list;
    kept.items.clear();
    std::vector<Node> asked = member.value.items;
    if (member.value.kind == Node::Kind::text) asked.push_back(member.value);
    for (Node& word : asked) {
      const std::string_view other = relations.text_of(word.text);
      const bool taken =
          std::any_of(kept.items.begin(), kept.items.end(), [&](const Node& item) { return item.text == other; });
      if (other.empty() || taken) continue;
      word.text = other;
      kept.items.push_back(std::move(word));
    }
    if (kept.items.empty()) return false;
    member.value = std::move(kept);
    found = true;
  }
  for (Node& item : node.items)
    found = reread_relations(item, relations) || found;
  return found;
}

/// The relations without one of which a condition over an entity cannot hold.
std::vector<std::string> relations_asked(const Condition& condition) {
  if (condition.op == Condition::Op::all)
    for (const ConditionPtr& part : condition.parts)
      if (std::vector<std::string> words = relations_asked(*part); !words.empty()) return words;
  const bool asks = condition.op == Condition::Op::test && condition.path != nullptr &&
                    condition.path->text == "relation" && condition.path->scope == 1 &&
                    condition.test.op == Test::Op::is_one_of && !condition.test.negated;
  return asks ? condition.test.words : std::vector<std::string>{};
}

class LawCompiler {
 public:
  LawCompiler(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
              Diagnostics& diagnostics)
      : catalogue_(catalogue), diagnostics_(diagnostics), conditions_(catalogue, document, groups) {
    law_.document = &document;
    law_.id = document.id;
    law_.jurisdiction = document.root.text_of("jurisdiction");
    for (const Node& effect : document.root.find("effect")->items)
      law_.effects.push_back(effect.text);
    if (const Node* data = document.root.find("data"))
      law_.takes_content = std::any_of(data->items.begin(), data->items.end(), [](const Node& kind) {
        return kind.text == "content" || kind.text == "personal" || kind.text == "non-personal";
      });
  }

  Law run() {
    const Node& root = law_.document->root;
    for (const Node& rule : root.find("reach")->items)
      law_.rules.push_back(own(rule, ""));
    if (const Node* uses = root.find("uses"))
      for (const Node& id : uses->items)
        shared(id);
    if (!conditions_.stored()) measures(root);
    if (const Node* conflicts = root.find("conflicts_with"))
      for (const Node& conflict : conflicts->items)
        law_.forbids.push_back({conditions_.next(*conflict.find("where"), diagnostics_, "exposures"),
                                conflict.find("because"), conflict.find("limit")});
    return std::move(law_);
  }

 private:
  void measures(const Node& root) {
    for (const std::string_view key : {"defeated_by", "weakened_by", "not_defeated_by", "mitigated_by"})
      if (const Node* measures = root.find(key))
        for (const Node& id : measures->items)
          if (catalogue_.find("overlay", id.text) == nullptr)
            diagnostics_.error("dangling-id", id.span, fmt::format("no measure has the id `{}`", id.text),
                               did_you_mean(id.text, catalogue_.ids("overlay")));
  }

  static std::vector<std::string> sources_of(const Node& rule, const std::string& document) {
    std::vector<std::string> keys;
    const Node* source = rule.find("source");
    if (source == nullptr) return keys;
    if (source->kind == Node::Kind::text) keys.push_back(fmt::format("{}:{}", document, source->text));
    for (const Node& id : source->items)
      keys.push_back(fmt::format("{}:{}", document, id.text));
    return keys;
  }

  ReachRule own(const Node& node, const std::string& shared_id) {
    ReachRule rule;
    rule.certainty = certainty_of(node.text_of("certainty"));
    rule.scope = node.text_of("scope");
    rule.list = node.text_of("some");
    rule.because = node.find("because");
    rule.limit = node.find("limit");
    rule.shared = shared_id;
    rule.sources = sources_of(node, shared_id.empty() ? law_.id : shared_id);
    if (const Node* apart = node.find("counted_apart")) rule.counted_apart = apart->boolean;
    if (const Node* background = node.find("background")) rule.background = background->boolean;
    rule.where = conditions_.next(*node.find("where"), diagnostics_, rule.list);
    if (rule.list == "entities") rule.relations = relations_asked(*rule.where);
    return rule;
  }

  void shared(const Node& id) {
    const Document* document = catalogue_.find("reach-rule", id.text);
    if (document == nullptr) {
      diagnostics_.error("dangling-id", id.span, fmt::format("no shared rule has the id `{}`", id.text),
                         did_you_mean(id.text, catalogue_.ids("reach-rule")));
      return;
    }
    if (const Node* rules = document->root.find("reach"))
      for (const Node& rule : rules->items)
        law_.rules.push_back(own(rule, document->id));
    if (const Node* reread = document->root.find("reread"))
      for (const Node& rule : law_.document->root.find("reach")->items)
        read_again(rule, *reread, document->id);
  }

  /// The condition of a rule with the relations that the shared rule puts in the place of its own; false where it asks
  /// for none of those.
  static bool read_again(const Node& rule, const Node& reread, Node& where) {
    where = *rule.find("where");
    if (!reread_relations(where, *reread.find("relation"))) return false;
    const Node* extra = reread.find("and");
    if (extra == nullptr) return true;
    Node parts = list_node(where.span);
    Node both = map_node(where.span);
    parts.items = {std::move(where), *extra};
    set(both, "all", std::move(parts));
    where = std::move(both);
    return true;
  }

  void read_again(const Node& rule, const Node& reread, const std::string& shared_id) {
    if (rule.text_of("certainty") == "not-reached") return;
    Node where;
    if (!conditions_.settled([&] { return read_again(rule, reread, where); })) return;
    ReachRule again;
    again.certainty = certainty_of(rule.text_of("certainty"));
    if (const Node* lower = reread.find("lower_by");
        lower != nullptr && lower->number > 0 && again.certainty == Certainty::certain)
      again.certainty = Certainty::arguable;
    again.scope = reread.find("scope") != nullptr ? reread.text_of("scope") : rule.text_of("scope");
    again.list = rule.text_of("some");
    again.because = reread.find("because");
    again.limit = rule.find("limit");
    again.sources = sources_of(rule, law_.id);
    if (const Node* apart = rule.find("counted_apart")) again.counted_apart = apart->boolean;
    again.shared = shared_id;
    again.where = conditions_.next(where, diagnostics_, again.list);
    if (again.list == "entities") again.relations = relations_asked(*again.where);
    law_.rules.push_back(std::move(again));
  }

  const Catalogue& catalogue_;
  Diagnostics& diagnostics_;
  ConditionSource conditions_;
  Law law_;
};

/// What stays in reach of a law once measures count.
class EffectOfMeasures {
 public:
  EffectOfMeasures(const Law& law, const Value& root, const Derived& derived)
      : law_(law), root_(root), derived_(derived) {}

  void apply(Exposure& exposure) const {
    exposure.mitigated = any_active("mitigated_by", nullptr);
    exposure.weakened = any_active("weakened_by", &exposure.mitigations);
    if (exposure.most == Certainty::not_reached) {
      exposure.after_measures = {"none"};
      return;
    }
    const bool denial_only = std::all_of(law_.effects.begin(), law_.effects.end(),
                                         [](const std::string& effect) { return effect == "service-denial"; });
    if (exposure.scope == "continuity" || denial_only) {
      any_active("mitigated_by", &exposure.mitigations);
      exposure.after_measures = {"continuity"};
    } else if (exposure.scope == "none") {
      exposure.after_measures = {"none"};
    } else if (exposure.scope == "metadata" || !law_.takes_content) {
      exposure.after_measures = {"metadata"};
    } else if (exposure.scope == "physical") {
      exposure.after_measures = at_rest();
    } else {
      exposure.after_measures = content(exposure);
    }
  }

 private:
  Truth any_active(std::string_view key, std::vector<std::string>* names) const {
    Truth active = Truth::no;
    if (const Node* list = law_.document->root.find(key)) {
      for (const Node& id : list->items) {
        const auto found = derived_.measures.find(id.text);
        if (found == derived_.measures.end()) continue;
        active = active || found->second;
        if (names != nullptr && found->second == Truth::yes) names->push_back(id.text);
      }
    }
    return active;
  }

  [[nodiscard]] std::vector<std::string> at_rest() const {
    const std::string_view encrypted = root_.get("offering").get("keys").get("encryption_at_rest").word();
    if (encrypted == "default") return {"ciphertext"};
    if (encrypted == "none") return {"content"};
    return {"ciphertext", "content"};
  }

  std::vector<std::string> content(Exposure& exposure) const {
    const Truth defeated = any_active("defeated_by", &exposure.mitigations);
    if (defeated == Truth::yes) return {"ciphertext"};
    std::vector<std::string> left{"content"};
    if (defeated == Truth::unknown) left.insert(left.begin(), "ciphertext");
    if (exposure.scope != "data-of-that-entity") return left;
    // Only what that entity itself can obtain is at stake.
    std::vector<std::string> words;
    for (const Match& match : exposure.matches) {
      if (match.truth == Truth::no) continue;
      const std::vector<std::string> access =
          match.via_entity ? access_of(match.via) : std::vector<std::string>{"clear"};
      for (const std::string& word : access) {
        const std::string effect = word == "clear" ? "content" : word == "physical" ? "ciphertext" : word;
        if (std::find(words.begin(), words.end(), effect) == words.end()) words.push_back(effect);
      }
    }
    if (words.empty() || std::find(words.begin(), words.end(), "content") != words.end()) return left;
    std::sort(words.begin(), words.end());
    return words;
  }

  [[nodiscard]] std::vector<std::string> access_of(const std::string& id) const {
    for (const Value& entity : root_.get("entities").items)
      if (entity.get("id").word() == id) {
        const Value& access = entity.get("access");
        return access.kind == Value::Kind::text ? access.words : std::vector<std::string>{"clear"};
      }
    return {"clear"};
  }

  const Law& law_;
  const Value& root_;
  const Derived& derived_;
};

/// Places of the entities of which the rule may hold, in their order.
std::vector<std::size_t> candidates(const ReachRule& rule, const Derived& derived, std::size_t entities) {
  std::vector<std::size_t> places;
  if (!derived.related || rule.relations.empty()) {
    places.resize(entities);
    std::iota(places.begin(), places.end(), std::size_t{0});
    return places;
  }
  for (const std::string& relation : rule.relations)
    if (const auto found = derived.related->find(relation); found != derived.related->end())
      places.insert(places.end(), found->second.begin(), found->second.end());
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::vector<Match> match_rule(const ReachRule& rule, const Facts& facts, const Derived& derived, bool reasons) {
  std::vector<Match> matches;
  const auto ask = [&](const Value* item) {
    const Truth truth = evaluate(*rule.where, facts, item);
    // Most rules do not match.
    if (truth == Truth::no) return;
    Match match;
    match.rule = &rule;
    match.truth = truth;
    match.via_entity = rule.list == "entities";
    if (item != nullptr)
      for (const std::string_view key : {"id", "entity", "vendor", "code", "country"})
        if (match.via.empty()) match.via = item->get(key).word();
    if (reasons) match.facts = deciding_facts(*rule.where, facts, item, truth);
    const std::string prefix =
        match.via.empty() || rule.list.empty() ? std::string() : fmt::format("{}[{}].", rule.list, match.via);
    for (UsedFact& fact : match.facts)
      if (fact.path.starts_with('.')) fact.path = prefix + fact.path.substr(1);
    matches.push_back(std::move(match));
  };
  if (rule.list.empty()) {
    ask(nullptr);
    return matches;
  }
  const Value* list = facts.root->find(rule.list);
  if (list == nullptr || list->kind != Value::Kind::list) {
    Match match;
    match.rule = &rule;
    match.truth = Truth::unknown;
    match.facts.push_back({rule.list, "unknown", Truth::unknown, nullptr});
    matches.push_back(std::move(match));
    return matches;
  }
  const std::vector<std::size_t> places = rule.list == "entities" ? candidates(rule, derived, list->items.size())
                                                                  : candidates(rule, Derived{}, list->items.size());
  for (const std::size_t place : places)
    ask(&list->items[place]);
  if (list->open) {
    Match match;
    match.rule = &rule;
    match.truth = Truth::unknown;
    match.facts.push_back({rule.list, "more than are listed", Truth::unknown, list->origin});
    matches.push_back(std::move(match));
  }
  return matches;
}

std::vector<std::string> path_to(const Derived& derived, const Value& root, const std::string& entity) {
  const std::string op(root.get("offering").get("operator").word());
  const std::size_t* top = derived.ownership.find(entity);
  const std::size_t* bottom = derived.ownership.find(op);
  if (top == nullptr || bottom == nullptr || op == entity) return {op};
  std::vector<std::string> path;
  for (const std::size_t step : derived.ownership.chain(*top, *bottom))
    path.push_back(derived.ownership.id(step));
  std::reverse(path.begin(), path.end());
  if (path.empty()) path = {op, entity};
  return path;
}

std::string share_text(const Share& share) {
  if (share.low == share.high) return fmt::format("{:g} %", share.low);
  return share.low == 0 && share.high == 100 ? "unknown share" : fmt::format("{:g} to {:g} %", share.low, share.high);
}

/// The holdings along a path of entity ids, from the operator upwards: what a proof of control leans on.
std::vector<UsedFact> links_along(const Derived& derived, const std::vector<std::string>& path) {
  std::vector<UsedFact> links;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    for (const Holding& holding : derived.ownership.holdings()) {
      if (derived.ownership.id(holding.owned) != path[i] || derived.ownership.id(holding.owner) != path[i + 1])
        continue;
      std::string value = fmt::format("capital {}, votes {}", share_text(holding.capital), share_text(holding.votes));
      for (const std::string& right : holding.rights)
        value += fmt::format(", {}", right);
      links.push_back({fmt::format("{} in {}", path[i + 1], path[i]), std::move(value), Truth::yes, holding.origin});
    }
  }
  return links;
}

}  // namespace

std::string_view name_of(Certainty certainty) {
  switch (certainty) {
    case Certainty::certain: return "certain";
    case Certainty::arguable: return "arguable";
    case Certainty::not_reached: break;
  }
  return "not-reached";
}

std::string_view Exposure::certainty() const {
  if (least == Certainty::not_reached && most != Certainty::not_reached) return "unknown";
  return name_of(least);
}

Law compile_law(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                Diagnostics& diagnostics) {
  return LawCompiler(document, catalogue, groups, diagnostics).run();
}

std::string status_at(const Node& law, Date day, const Node** entry) {
  const Node* timeline = law.find("timeline");
  std::string status = "not-yet-applicable";
  if (timeline == nullptr) return "unknown";
  for (const Node& step : timeline->items) {
    const auto from = Date::parse(step.text_of("from"));
    const auto until = Date::parse(step.text_of("until"));
    if (from && *from > day) continue;
    status = until && *until <= day ? "lapsed" : std::string(step.text_of("status"));
    if (entry != nullptr) *entry = &step;
  }
  return status;
}

std::vector<Exposure> derive_exposures(const Law& law, Value& root, const Facts& facts_now, const Derived& derived,
                                       bool reasons) {
  Value about = Value::map();
  about.set("id", Value::of(law.id));
  about.set("jurisdiction", Value::of(law.jurisdiction));
  root.set("law", std::move(about));

  Truths truths;
  const Facts facts = facts_now.keeping(truths);
  std::vector<Exposure> exposures;
  std::vector<Match> excluded;
  for (const ReachRule& rule : law.rules) {
    for (Match& match : match_rule(rule, facts, derived, reasons)) {
      if (rule.certainty == Certainty::not_reached) {
        if (match.truth == Truth::yes) excluded.push_back(std::move(match));
        continue;
      }
      auto found = std::find_if(exposures.begin(), exposures.end(), [&](const Exposure& e) {
        return e.scope == rule.scope && e.background == rule.background && e.limited == rule.counted_apart;
      });
      if (found == exposures.end()) {
        Exposure exposure;
        exposure.law = &law;
        exposure.scope = rule.scope;
        exposure.background = rule.background;
        exposure.limited = rule.counted_apart;
        found = exposures.insert(exposures.end(), std::move(exposure));
      }
      if (match.truth == Truth::yes) found->least = std::max(found->least, rule.certainty);
      found->most = std::max(found->most, rule.certainty);
      found->matches.push_back(std::move(match));
    }
  }
  if (exposures.empty()) {
    Exposure none;
    none.law = &law;
    none.scope = "none";
    none.matches = std::move(excluded);
    exposures.push_back(std::move(none));
  }
  const std::string status = status_at(law.document->root, facts.as_of);
  for (Exposure& exposure : exposures) {
    exposure.status = status;
    std::stable_sort(exposure.matches.begin(), exposure.matches.end(), [](const Match& a, const Match& b) {
      return std::make_pair(a.truth, a.rule->certainty) > std::make_pair(b.truth, b.rule->certainty);
    });
    if (reasons && !exposure.matches.empty() && exposure.matches.front().via_entity) {
      exposure.path = path_to(derived, root, exposure.matches.front().via);
      exposure.links = links_along(derived, exposure.path);
    }
    EffectOfMeasures(law, root, derived).apply(exposure);
  }
  std::stable_sort(exposures.begin(), exposures.end(), [](const Exposure& a, const Exposure& b) {
    return std::make_pair(a.least, a.most) > std::make_pair(b.least, b.most);
  });
  root.members.erase(std::remove_if(root.members.begin(), root.members.end(),
                                    [](const ValueMember& member) { return member.first == "law"; }),
                     root.members.end());
  return exposures;
}

std::vector<Exposure> exposures_elsewhere(const std::vector<Exposure>& exposures, const Law& law, const Value& root,
                                          const Derived& derived) {
  std::vector<Exposure> elsewhere;
  for (const Exposure& exposure : exposures) {
    if (exposure.law != &law) continue;
    Exposure& copy = elsewhere.emplace_back();
    copy.law = &law;
    copy.scope = exposure.scope;
    copy.least = exposure.least;
    copy.most = exposure.most;
    copy.status = exposure.status;
    copy.background = exposure.background;
    copy.limited = exposure.limited;
    for (const Match& match : exposure.matches)
      copy.matches.push_back({match.rule, match.via, match.via_entity, match.truth, {}});
    EffectOfMeasures(law, root, derived).apply(copy);
  }
  return elsewhere;
}

bool alike(const Law& law, TwoFacts& facts) {
  return std::all_of(law.rules.begin(), law.rules.end(), [&](const ReachRule& rule) {
    return (rule.list.empty() || facts.alike(rule.list)) && facts.alike(*rule.where);
  });
}

bool counts(const Exposure& exposure) { return exposure.status == "in-force" || exposure.status == "winding-down"; }

std::vector<LawConflict> conflicts_of_laws(const std::vector<Exposure>& exposures, const Facts& facts) {
  const auto shown = [](const Exposure& exposure) {
    return counts(exposure) && !exposure.background && exposure.least != Certainty::not_reached;
  };
  const std::vector<Value>& items = facts.root->get("exposures").items;
  std::vector<LawConflict> conflicts;
  std::vector<const Law*> done;
  for (const Exposure& against : exposures) {
    // Exposures of a law are sorted by what is established: the first one is the strongest.
    if (!shown(against) || std::find(done.begin(), done.end(), against.law) != done.end()) continue;
    done.push_back(against.law);
    for (const Forbidding& forbids : against.law->forbids) {
      std::vector<const Law*> ordering;
      for (std::size_t i = 0; i < exposures.size() && i < items.size(); ++i) {
        const Exposure& order = exposures[i];
        const bool met = std::find(ordering.begin(), ordering.end(), order.law) != ordering.end();
        if (order.law == against.law || met || !shown(order) || order.scope == "none") continue;
        if (evaluate(*forbids.where, facts, &items[i]) != Truth::yes) continue;
        ordering.push_back(order.law);
        conflicts.push_back({&order, &against, &forbids, std::min(order.least, against.least)});
      }
    }
  }
  return conflicts;
}

std::vector<CaseResult> run_cases(const Law& law, const Catalogue& catalogue, const CountryGroups& groups, Date today) {
  return run_each_case(
      *law.document, catalogue, today, [&](const Node& node, Value& root, Date as_of, CaseResult& result) {
        const std::vector<Exposure> exposures = derive_exposures(law, root, Facts{&root, &groups, as_of}, Derived{});
        const auto grade_in = [&](std::string_view scope) {
          std::string_view grade = "not-reached";
          for (const Exposure& exposure : exposures) {
            if (exposure.background || (!scope.empty() && exposure.scope != scope)) continue;
            // Sorted by what is established, so that the first one counts; what is open beats only what is excluded.
            if (grade == "not-reached") grade = exposure.certainty();
          }
          return grade;
        };
        const auto compare = [&](std::string_view scope, const std::string& wanted) {
          if (const std::string_view got = grade_in(scope); got != wanted)
            result.failures.push_back(
                fmt::format("{} is {}, expected {}", scope.empty() ? std::string_view("reach") : scope, got, wanted));
        };
        const Node& expect = *node.find("expect");
        if (expect.kind == Node::Kind::text) compare("", expect.text);
        for (const Member& scope : expect.members)
          compare(scope.key, scope.value.text);
      });
}

Value exposure_facts(const std::vector<Exposure>& exposures) {
  Value list = Value::list();
  list.items.reserve(exposures.size());
  for (const Exposure& exposure : exposures) {
    Value fact = Value::map();
    constexpr std::size_t most_members = 13;
    fact.members.reserve(most_members);
    const auto add = [&](std::string_view key, Value value) { fact.members.emplace_back(key, std::move(value)); };
    Origin origin;
    origin.derived = fmt::format("reach of {}", exposure.law->id);
    const auto from = std::make_shared<const Origin>(std::move(origin));
    add("law", Value::of(exposure.law->id, from));
    add("jurisdiction", Value::of(exposure.law->jurisdiction, from));
    Value effects = Value::list();
    for (const std::string& effect : exposure.law->effects)
      effects.items.push_back(Value::of(effect, from));
    add("effect", std::move(effects));
    std::vector<std::string> grades;
    for (int grade = static_cast<int>(exposure.least); grade <= static_cast<int>(exposure.most); ++grade)
      grades.emplace_back(name_of(static_cast<Certainty>(grade)));
    add("certainty", Value::one_of(std::move(grades), from));
    add("established", Value::of(name_of(exposure.least), from));
    add("scope", Value::of(exposure.scope, from));
    add("after_measures", Value::one_of(exposure.after_measures, from));
    add("status", Value::of(exposure.status, from));
    add("limited", Value::of(exposure.limited, from));
    add("background", Value::of(exposure.background, from));
    const auto flag = [&](Truth truth) {
      return truth == Truth::unknown ? Value::unknown(from) : Value::of(truth == Truth::yes, from);
    };
    add("weakened", flag(exposure.weakened));
    add("mitigated", flag(exposure.mitigated));
    if (!exposure.matches.empty() && exposure.matches.front().via_entity)
      add("via", Value::of(exposure.matches.front().via, from));
    list.items.push_back(std::move(fact));
  }
  return list;
}

}  // namespace sovrisk
