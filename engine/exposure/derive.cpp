#include "exposure/derive.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "exposure/offering_facts.h"

namespace sovrisk {

namespace {

constexpr double rounding = 0.5;  ///< percent of capital that rounding in sources may leave over

Share share_of(const Value& value, double most) {
  if (value.kind != Value::Kind::number) return {0, most};
  return {value.low, value.high};
}

/// Access ordered by what it yields.
int access_rank(std::string_view access) {
  constexpr std::array ranks{"none", "physical", "metadata", "ciphertext", "clear"};
  for (std::size_t i = 0; i < ranks.size(); ++i)
    if (ranks[i] == access) return static_cast<int>(i);
  return -1;
}

class Deriver {
 public:
  Deriver(Value& root, EntityFacts& entities, const CountryGroups& groups, SourceTable& sources)
      : root_(root), known_(entities), groups_(groups), sources_(sources) {}

  Derived run() {
    derive_offering_facts(root_, groups_, known_.as_of());
    const Value& offering = root_.get("offering");  // stays where it is until the entities are added
    operator_ = offering.get("operator").word();
    read_entities();
    build_ownership();
    relate(offering);
    write_entities();
    return std::move(derived_);
  }

 private:
  struct Entity {
    const Value* facts = nullptr;
    bool undisclosed = false;
    std::string of;  ///< an undisclosed holder: of whom
  };
  struct Relation {
    std::map<std::string, Truth> words;
    Value access;
    bool has_access = false;
    std::optional<Truth> critical;  ///< of suppliers: whether the service stops without them
  };

  // --- reading -----------------------------------------------------------------------------------------------

  void read_entities() {
    std::vector<std::string> named;
    name_entities(root_.get("offering"), named);
    for (const std::string& id : known_.around(named)) {
      const Document& document = *known_.document(id);
      collect_sources(document.root.find("sources"), document.id, sources_);
      derived_.entity_names[document.id] = document.title;
      entities_.emplace(document.id, Entity{&known_.facts(document), false, {}});
    }
  }

  /// Every word of the offering's facts that is the id of an entity.
  void name_entities(const Value& value, std::vector<std::string>& named) const {
    for (const std::string& word : value.words)
      if (known_.catalogue().has("entity", word)) named.push_back(word);
    for (const Value& item : value.items)
      name_entities(item, named);
    for (const auto& [key, member] : value.members)
      name_entities(member, named);
  }

  // --- ownership ---------------------------------------------------------------------------------------------

  void build_ownership() {
    for (const auto& [id, entity] : entities_)
      derived_.ownership.add(id);
    std::vector<std::pair<std::string, Entity>> undisclosed;
    for (const auto& [id, entity] : entities_)
      holders_of(id, *entity.facts, undisclosed);
    for (auto& [id, entity] : undisclosed)
      entities_.emplace(id, std::move(entity));
  }

  static const Value& nothing() {
    static const Value nothing = Value::map();
    return nothing;
  }

  static bool may_have_holders(const Value& facts) {
    const std::string_view kind = facts.get("kind").word();
    return kind == "company" || kind == "fund" || kind.empty();
  }

  void holders_of(const std::string& id, const Value& facts, std::vector<std::pair<std::string, Entity>>& undisclosed) {
    Ownership& graph = derived_.ownership;
    const std::size_t owned = *graph.find(id);
    const Value& stakes = facts.get("stakes");
    std::map<std::string, Holding> holdings;
    double capital_known = 0;
    double votes_known = 0;
    for (const Value& stake : stakes.items) {
      const std::string owner(stake.get("owner").word());
      if (owner.empty() || owner == "unknown") continue;
      Holding& holding = holdings[owner];
      holding.capital = share_of(stake.get("capital"), 100);
      // One share, one vote, unless the profile says otherwise.
      const Value* votes = stake.find("votes");
      holding.votes = votes != nullptr ? share_of(*votes, 100) : holding.capital;
      holding.origin = stake.origin;
      capital_known += holding.capital.low;
      votes_known += holding.votes.low;
    }
    for (const Value& right : facts.get("control_rights").items) {
      const std::string holder(right.get("holder").word());
      if (holder.empty() || holder == "unknown") continue;
      Holding& holding = holdings[holder];
      if (holding.origin == nullptr) holding.origin = right.origin;
      holding.rights.emplace_back(right.get("right").word());
    }
    const Value& rest = facts.get("float");
    const bool dispersed = rest.get("dispersed").kind == Value::Kind::boolean && rest.get("dispersed").boolean;
    // A dispersed float of unknown size takes up whatever the named holders leave.
    const double free_capital = dispersed ? std::max(share_of(rest.get("capital"), 100 - capital_known).high, 0.0) : 0;
    const double left_capital = std::max(0.0, 100 - capital_known - free_capital);
    const double left_votes = std::max(0.0, 100 - votes_known - free_capital);
    // What a holder of an unknown share has at most is what the others leave.
    for (auto& [owner, holding] : holdings) {
      holding.capital.high = std::min(holding.capital.high, holding.capital.low + std::max(0.0, 100 - capital_known));
      holding.votes.high = std::min(holding.votes.high, holding.votes.low + std::max(0.0, 100 - votes_known));
      holding.owned = owned;
      holding.owner = graph.add(owner);
      if (!entities_.contains(owner)) derived_.entity_names.emplace(owner, owner);
      graph.hold(holding);
    }
    const bool complete = stakes.kind == Value::Kind::list && !stakes.open && left_capital <= rounding;
    if (complete || !may_have_holders(facts) || (dispersed && left_capital <= rounding)) return;
    Entity holder;
    const std::string holder_id = fmt::format("undisclosed-holders-of-{}", id);
    holder.undisclosed = true;
    holder.of = id;
    holder.facts = &nothing();
    derived_.entity_names[holder_id] = fmt::format("holders of {} that are not disclosed", derived_.entity_names[id]);
    derived_.unnamed[holder_id] = {"holders", id};
    Holding holding;
    holding.owner = graph.add(holder_id);
    holding.owned = owned;
    holding.capital = {0, left_capital};
    holding.votes = {0, left_votes};
    holding.origin = facts.origin;
    graph.hold(std::move(holding));
    undisclosed.emplace_back(holder_id, std::move(holder));
  }

  // --- relations ---------------------------------------------------------------------------------------------

  void relate_to(const std::string& id, const std::string& word, Truth truth) {
    if (id.empty() || id == "unknown" || truth == Truth::no) return;
    Truth& now = relations_[id].words[word];
    now = now || truth;
  }

  /// A supplier, and whoever controls it, can stop the service as far as what it supplies is critical.
  void weigh(const std::string& id, const Value& critical) {
    if (id.empty() || id == "unknown") return;
    const Truth truth = critical.kind == Value::Kind::boolean ? truth_of(critical.boolean) : Truth::unknown;
    const auto add = [&](const std::string& who, Truth weight) {
      std::optional<Truth>& now = relations_[who].critical;
      now = now.value_or(Truth::no) || weight;
    };
    add(id, truth);
    const std::size_t* supplier = derived_.ownership.find(id);
    if (supplier == nullptr) return;
    for (std::size_t i = 0; i < derived_.ownership.size(); ++i) {
      if (i == *supplier) continue;
      if (const Truth controls = derived_.ownership.controlled_by(i)[*supplier].sole; controls != Truth::no)
        add(derived_.ownership.id(i), controls && truth);
    }
  }

  /// Those who control `of` get `word`; de facto controllers `loose`, other holders `minor` where asked for.
  void controllers(const std::string& of, const std::string& word, const std::string& loose, const std::string& minor) {
    const std::size_t* target = derived_.ownership.find(of);
    if (target == nullptr) return;
    const auto shares = derived_.ownership.effective(*target, false);
    const auto votes = derived_.ownership.effective(*target, true);
    for (std::size_t i = 0; i < derived_.ownership.size(); ++i) {
      const bool holds = shares[i].high > 0 || votes[i].high > 0 || holds_right(i, *target);
      if (i == *target || !holds) continue;
      const auto& reached = derived_.ownership.controlled_by(i)[*target];
      const std::string& id = derived_.ownership.id(i);
      relate_to(id, word, reached.sole);
      if (!loose.empty()) relate_to(id, loose, reached.de_facto);
      if (!minor.empty()) {
        const Truth other = !(reached.sole || reached.de_facto);
        relate_to(id, minor, other);
      }
    }
  }

  [[nodiscard]] bool holds_right(std::size_t owner, std::size_t target) const {
    const auto& reached = derived_.ownership.controlled_by(owner)[target];
    return reached.sole != Truth::no || reached.de_facto != Truth::no;
  }

  void relate(const Value& offering) {
    relate_to(operator_, "operator", Truth::yes);
    relate_to(std::string(offering.get("contracting_party").word()), "contracting-party", Truth::yes);
    controllers(operator_, "controls-operator", "de-facto-controls-operator", "minority-holder");
    if (const std::string party(offering.get("contracting_party").word()); !party.empty() && party != operator_)
      controllers(party, "controls-operator", "de-facto-controls-operator", "");
    subsidiaries();
    relate_to(std::string(offering.get("separation").get("trustee").word()), "trustee", Truth::yes);
    // Where the list of sub-processors, or of those with access, is open, somebody nobody named may be one.
    const auto open = [&](std::string_view name) {
      const Value* list = offering.find(name);
      return list == nullptr || list->kind != Value::Kind::list || list->open;
    };
    if (open("subprocessors") || open("access")) {
      unnamed("undisclosed-sub-processors", "sub-processors", "sub-processors that are not disclosed");
      relate_to("undisclosed-sub-processors", "sub-processor", Truth::unknown);
      relate_to("undisclosed-sub-processors", "controls-sub-processor", Truth::unknown);
      grant("undisclosed-sub-processors", Value::unknown());
    }
    for (const Value& item : root_.get("subprocessors").items) {
      const std::string id(item.get("entity").word());
      relate_to(id, "sub-processor", Truth::yes);
      controllers(id, "controls-sub-processor", "", "");
      weigh(id, item.get("critical"));
      grant(id, item.get("to"));
    }
    for (const Value& site : root_.get("sites").items) {
      const Value& used = site.get("used");
      if (used.kind == Value::Kind::boolean && !used.boolean) continue;
      const std::string id(site.get("facility_owner").word());
      if (id == operator_) continue;
      // Somebody owns the building; who, may have to be found out.
      if (id.empty() || id == "unknown") {
        unnamed("undisclosed-facility-owners", "facility-owners", "owners of buildings that are not disclosed");
        relate_to("undisclosed-facility-owners", "facility", Truth::unknown);
        relate_to("undisclosed-facility-owners", "controls-facility", Truth::unknown);
        continue;
      }
      relate_to(id, "facility", used.kind == Value::Kind::boolean ? Truth::yes : Truth::unknown);
      controllers(id, "controls-facility", "", "");
    }
    for (const Value& item : root_.get("technology").items) {
      const std::string id(item.get("vendor").word());
      if (id == operator_) continue;
      relate_to(id, "vendor", Truth::yes);
      controllers(id, "controls-vendor", "", "");
      weigh(id, item.get("critical"));
    }
    for (const Value& item : offering.get("access").items) {
      const std::string id(item.get("entity").word());
      if (id.empty() || id == "unknown") continue;
      // Somebody outside the operator's group who can obtain data and has no part of his own in the service, or owns
      // the building, is a sub-processor in fact. A vendor who sees data is one only where the profile says so.
      const Value& to = item.get("to");
      const bool obtains = to.kind == Value::Kind::unknown || access_rank(to.word()) > access_rank("physical");
      if (obtains && outside(id)) {
        relate_to(id, "sub-processor", to.kind == Value::Kind::unknown ? Truth::unknown : Truth::yes);
        controllers(id, "controls-sub-processor", "", "");
      }
      grant(id, to);
    }
  }

  [[nodiscard]] bool outside(const std::string& id) const {
    const auto found = relations_.find(id);
    if (found == relations_.end()) return true;
    return std::all_of(found->second.words.begin(), found->second.words.end(), [](const auto& entry) {
      const auto& [word, truth] = entry;
      return word == "facility" || word == "controls-facility" || word == "sub-processor" ||
             word == "controls-sub-processor";
    });
  }

  /// Stands for somebody whom the profile does not name.
  void unnamed(const std::string& id, const std::string& role, const std::string& name) {
    Entity entity;
    entity.undisclosed = true;
    entity.facts = &nothing();
    entities_.emplace(id, std::move(entity));
    derived_.entity_names[id] = name;
    derived_.unnamed[id] = {role};
  }

  void subsidiaries() {
    const std::size_t* op = derived_.ownership.find(operator_);
    if (op == nullptr) return;
    const auto& below = derived_.ownership.controlled_by(*op);
    for (std::size_t i = 0; i < below.size(); ++i)
      relate_to(derived_.ownership.id(i), "subsidiary", below[i].sole);
    // The group: what those controlled who surely control the operator.
    for (std::size_t head = 0; head < derived_.ownership.size(); ++head) {
      const auto& reached = derived_.ownership.controlled_by(head);
      if (head == *op || reached[*op].sole != Truth::yes) continue;
      for (std::size_t i = 0; i < reached.size(); ++i)
        if (i != *op && i != head && below[i].sole == Truth::no && reached[i].sole == Truth::yes &&
            !relations_.contains(derived_.ownership.id(i)))
          relate_to(derived_.ownership.id(i), "group", Truth::yes);
    }
  }

  void grant(const std::string& id, const Value& access) {
    Relation& relation = relations_[id];
    if (!relation.has_access) {
      relation.access = access;
      relation.has_access = true;
      return;
    }
    // Nothing is wider than clear; an unknown access may be wider than any other.
    if (relation.access.word() == "clear") return;
    if (access.kind == Value::Kind::unknown || access_rank(access.word()) > access_rank(relation.access.word()))
      relation.access = access;
  }

  // --- the entities list -------------------------------------------------------------------------------------

  void write_entities() {
    const std::size_t* op = derived_.ownership.find(operator_);
    std::vector<Share> capital(derived_.ownership.size());
    std::vector<Share> votes(derived_.ownership.size());
    if (op != nullptr) {
      capital = derived_.ownership.effective(*op, false);
      votes = derived_.ownership.effective(*op, true);
    }
    Value list = Value::list();
    list.origin = derived_from("ownership, access and supply of the offering");
    list.open = operator_.empty() || operator_ == "unknown";
    std::vector<std::string> order;
    for (const auto& [id, relation] : relations_)
      order.push_back(id);
    std::sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
      return std::make_tuple(a != operator_, a) < std::make_tuple(b != operator_, b);
    });
    derived_.related.emplace();
    for (const std::string& id : order) {
      for (const auto& [word, truth] : relations_.at(id).words)
        if (truth != Truth::no) (*derived_.related)[word].push_back(list.items.size());
      list.items.push_back(entity_value(id, relations_.at(id), capital, votes));
    }
    root_.set("entities", std::move(list));
    if (Value* technology = root_.find("technology"))
      for (Value& item : technology->items)
        item.set("vendor_access", vendor_access(item));
  }

  Value entity_value(const std::string& id, const Relation& relation, const std::vector<Share>& capital,
                     const std::vector<Share>& votes) {
    Value entity = Value::map();
    const auto found = entities_.find(id);
    const Value& facts = found != entities_.end() ? *found->second.facts : nothing();
    entity.origin = facts.origin;
    entity.set("id", Value::of(id));
    for (const std::string_view key : {"name", "kind", "incorporated_in", "head_office_in", "provider", "listed",
                                       "serves", "legal_representative_in", "carrier", "listed_by", "state_links"})
      if (const Value* value = facts.find(key)) entity.set(key, *value);
    Value seats = Value::list();
    for (const std::string_view key : {"incorporated_in", "head_office_in"}) {
      const Value& seat = facts.get(key);
      if (seat.kind == Value::Kind::text) {
        if (!seats.holds_word(seat.word())) seats.items.push_back(seat);
        seats.origin = seat.origin;
      } else if (may_have_holders(facts)) {
        seats.open = true;  // a person or state has no seat to look for beyond its country
      }
    }
    if (seats.items.empty()) seats.open = true;
    entity.set("seats", std::move(seats));
    entity.set("established_in", presence(id, facts, "established_in", true));
    entity.set("serves", presence(id, facts, "serves", false));
    entity.set("relation", relation_words(relation));
    if (const std::size_t* index = derived_.ownership.find(id); index != nullptr && *index < capital.size()) {
      entity.set("effective_capital",
                 Value::of(capital[*index].low, capital[*index].high, derived_from("shares over all paths")));
      entity.set("effective_votes",
                 Value::of(votes[*index].low, votes[*index].high, derived_from("votes over all paths")));
    }
    entity.set("holders", direct_holders(id, facts));
    entity.set("access", access_of(id, relation));
    if (relation.critical && *relation.critical != Truth::unknown)
      entity.set("critical", Value::of(*relation.critical == Truth::yes));
    entity.set("rights", rights_of(id));
    entity.set("undisclosed", Value::of(found != entities_.end() && found->second.undisclosed));
    return entity;
  }

  /// Direct holders, named and undisclosed. The rest of a dispersed float is nobody's.
  Value direct_holders(const std::string& id, const Value& facts) const {
    const std::size_t* owned = derived_.ownership.find(id);
    Value holders = Value::list({}, owned == nullptr && may_have_holders(facts));
    if (owned == nullptr) return holders;
    for (const Holding& holding : derived_.ownership.holdings()) {
      if (holding.owned != *owned || (holding.capital.high == 0 && holding.votes.high == 0)) continue;
      Value holder = Value::map();
      holder.origin = holding.origin;
      holder.set("holder", Value::of(derived_.ownership.id(holding.owner), holding.origin));
      holder.set("capital", Value::of(holding.capital.low, holding.capital.high, holding.origin));
      holder.set("votes", Value::of(holding.votes.low, holding.votes.high, holding.origin));
      holders.items.push_back(std::move(holder));
    }
    return holders;
  }

  static Value relation_words(const Relation& relation) {
    Value words = Value::list();
    std::vector<std::string> perhaps;
    for (const auto& [word, truth] : relation.words) {
      if (truth == Truth::yes) words.items.push_back(Value::of(word));
      if (truth == Truth::unknown) perhaps.push_back(word);
    }
    if (perhaps.size() == 1) perhaps.emplace_back("no-relation");
    if (!perhaps.empty()) words.items.push_back(Value::one_of(std::move(perhaps)));
    return words;
  }

  /// Countries where the entity is, itself or through those it surely controls.
  Value presence(const std::string& id, const Value& facts, std::string_view key, bool seats) const {
    Value list = facts.get(key);
    if (list.kind != Value::Kind::list) {
      list = Value::list({}, true);
    }
    const std::size_t* index = derived_.ownership.find(id);
    if (index == nullptr) return list;
    const auto& below = derived_.ownership.controlled_by(*index);
    for (std::size_t i = 0; i < below.size(); ++i) {
      const auto found = entities_.find(derived_.ownership.id(i));
      if (below[i].sole != Truth::yes || found == entities_.end()) continue;
      const Value& inner = *found->second.facts;
      if (seats)
        if (const Value& seat = inner.get("incorporated_in");
            seat.kind == Value::Kind::text && !list.holds_word(seat.word()))
          list.items.push_back(seat);
      for (const Value& country : inner.get(key).items)
        if (country.kind == Value::Kind::text && !list.holds_word(country.word())) list.items.push_back(country);
    }
    return list;
  }

  Value access_of(const std::string& id, const Relation& relation) const {
    const Value& offering = root_.get("offering");
    if (relation.has_access) return relation.access;
    const auto is = [&](std::string_view word) {
      const auto found = relation.words.find(std::string(word));
      return found != relation.words.end() && found->second == Truth::yes;
    };
    if (is("operator")) {
      const Value& clear = offering.get("keys").get("plaintext_at_run_time");
      if (clear.kind == Value::Kind::boolean && clear.boolean)
        return Value::of("clear", derived_from("works on clear text while it runs"));
      if (clear.kind == Value::Kind::boolean && offering.get("keys").get("custody").word() == "customer-external")
        return Value::of("ciphertext", derived_from("keys stay with the customer"));
      return Value::one_of({"clear", "ciphertext"}, derived_from("not said whether it works on clear text"));
    }
    if (is("facility")) return Value::of("physical", derived_from("owns the building, no account on the service"));
    // Who controls a supplier can obtain, through it, what that one can.
    const bool perhaps_controls = std::any_of(relation.words.begin(), relation.words.end(), [](const auto& entry) {
      return entry.first.starts_with("controls-") && entry.second == Truth::unknown;
    });
    if (is("controls-sub-processor") || is("controls-vendor") || is("controls-facility")) return best_below(id);
    if (is("vendor")) {
      std::vector<Value> all;
      for (const Value& item : root_.get("technology").items)
        if (item.get("vendor").word() == id) all.push_back(vendor_access(item));
      return widest(all);
    }
    if (perhaps_controls) return Value::unknown();
    const Value* list = offering.find("access");
    if (list != nullptr && list->kind == Value::Kind::list && !list->open)
      return Value::of("none", derived_from("not among those with access"));
    return Value::unknown();
  }

  /// What the widest of several kinds of access yields; unknown when one of them is.
  static Value widest(const std::vector<Value>& all) {
    Value widest;
    for (const Value& access : all) {
      if (access.kind == Value::Kind::unknown || access.words.size() != 1) return Value::unknown(access.origin);
      if (access_rank(access.word()) > access_rank(widest.word())) widest = access;
    }
    return widest;
  }

  Value best_below(const std::string& id) const {
    std::vector<Value> all;
    const std::size_t* owner = derived_.ownership.find(id);
    if (owner == nullptr) return {};
    const auto& below = derived_.ownership.controlled_by(*owner);
    for (const auto& [other, relation] : relations_) {
      const std::size_t* owned = derived_.ownership.find(other);
      const bool supplier = relation.words.contains("sub-processor") || relation.words.contains("vendor") ||
                            relation.words.contains("facility");
      if (!supplier || owned == nullptr || below[*owned].sole != Truth::yes) continue;
      all.push_back(access_of(other, relation));
    }
    return widest(all);
  }

  Value vendor_access(const Value& item) const {
    const std::string id(item.get("vendor").word());
    if (const auto found = relations_.find(id); found != relations_.end() && found->second.has_access)
      return found->second.access;
    const std::string_view channel = item.get("channel").word();
    if (channel == "licence-only" || channel == "airgapped" || channel == "open-source")
      return Value::of("none", derived_from("no channel into the service"));
    const Value& reviewed = item.get("reviewed_by_operator");
    if (channel == "update" && reviewed.kind == Value::Kind::boolean && reviewed.boolean)
      return Value::of("none", derived_from("updates are reviewed before use"));
    return Value::unknown();
  }

  /// Rights in the operator, or in those who surely control it; a right in a supplier's parent is none here.
  Value rights_of(const std::string& id) const {
    Value rights = Value::list();
    const std::size_t* owner = derived_.ownership.find(id);
    const std::size_t* op = derived_.ownership.find(operator_);
    if (owner == nullptr || op == nullptr) return rights;
    for (const Holding& holding : derived_.ownership.holdings()) {
      if (holding.owner != *owner) continue;
      if (holding.owned != *op && derived_.ownership.controlled_by(holding.owned)[*op].sole != Truth::yes) continue;
      for (const std::string& right : holding.rights)
        if (!rights.holds_word(right)) rights.items.push_back(Value::of(right, holding.origin));
      // The list is complete only where the entity held says so.
      const auto found = entities_.find(derived_.ownership.id(holding.owned));
      const Value* list = found != entities_.end() ? found->second.facts->find("control_rights") : nullptr;
      if (list == nullptr || list->open || list->kind != Value::Kind::list) rights.open = true;
    }
    return rights;
  }

  Value& root_;
  EntityFacts& known_;
  const CountryGroups& groups_;
  SourceTable& sources_;
  std::string operator_;
  std::map<std::string, Entity> entities_;
  std::map<std::string, Relation> relations_;
  Derived derived_;
};

}  // namespace

Derived derive_facts(Value& root, EntityFacts& entities, const CountryGroups& groups, SourceTable& sources) {
  return Deriver(root, entities, groups, sources).run();
}

std::string entity_name(const Derived& derived, std::string_view id) {
  const auto found = derived.entity_names.find(std::string(id));
  return found == derived.entity_names.end() ? std::string(id) : found->second;
}

}  // namespace sovrisk
