#include "exposure/offering_facts.h"

#include <algorithm>

#include "facts/truth.h"

namespace sovrisk {

namespace {

class Deriver {
 public:
  Deriver(Value& root, const CountryGroups& groups, Date as_of) : root_(root), groups_(groups), as_of_(as_of) {}

  void run() {
    // Members that are added must not move the others.
    constexpr std::size_t added = 6;
    root_.members.reserve(root_.members.size() + added);
    const Value& offering = root_.get("offering");
    plain_lists(offering);
    certificates(offering);
    needs(offering);
  }

 private:
  static Value picked(const Value& from, std::initializer_list<std::string_view> keys) {
    Value to = Value::map();
    to.origin = from.origin;
    for (const std::string_view key : keys)
      if (const Value* value = from.find(key)) to.set(key, *value);
    return to;
  }

  void copy_list(const Value& offering, std::string_view name, std::initializer_list<std::string_view> keys) {
    const Value* list = offering.find(name);
    if (list == nullptr || list->kind != Value::Kind::list) return;
    Value copy = Value::list({}, list->open);
    copy.origin = list->origin;
    for (const Value& item : list->items)
      copy.items.push_back(picked(item, keys));
    root_.set(name, std::move(copy));
  }

  void plain_lists(const Value& offering) {
    copy_list(offering, "staff", {"country", "privileged", "role", "nationals_of"});
    copy_list(offering, "subprocessors", {"entity", "country", "to", "critical", "substitutes"});
    copy_list(offering, "technology",
              {"vendor", "product", "layer", "channel", "reviewed_by_operator", "critical", "substitutes"});
    copy_list(offering, "sites", {"code", "city", "country", "available", "facility_owner"});
    if (Value* sites = root_.find("sites")) mark_used(*sites);
  }

  /// A site is used when the workload names its code; where it names none of this offering's codes, when it lies
  /// in a country that the workload allows; otherwise nobody knows.
  void mark_used(Value& sites) const {
    const Value& uses = root_.get("workload").get("uses");
    const Value& regions = uses.get("regions");
    const Value& countries = uses.get("countries");
    const bool named = std::any_of(sites.items.begin(), sites.items.end(),
                                   [&](const Value& site) { return regions.holds_word(site.get("code").word()); });
    bool any = false;
    for (Value& site : sites.items) {
      Truth used = Truth::unknown;
      if (named) {
        used = regions.holds_word(site.get("code").word()) ? Truth::yes : (regions.open ? Truth::unknown : Truth::no);
      } else if (countries.kind == Value::Kind::list && !countries.items.empty() &&
                 !site.get("country").word().empty()) {
        // What one cannot choose is not used because it lies in the right country.
        const Value& available = site.get("available");
        const bool closed = available.kind == Value::Kind::boolean && !available.boolean;
        used =
            truth_of(!closed && std::any_of(countries.items.begin(), countries.items.end(), [&](const Value& allowed) {
              return groups_.contains(allowed.word(), site.get("country").word(), as_of_);
            }));
      }
      any = any || used == Truth::yes;
      const auto from = derived_from(named ? "regions that the workload names" : "countries that the workload allows");
      site.set("used", used == Truth::unknown ? Value::unknown(from) : Value::of(used == Truth::yes, from));
    }
    // What is not listed is not used, once the workload's own choice is found among what is.
    if (any && !(named && regions.open)) sites.open = false;
  }

  void certificates(const Value& offering) {
    const Value* list = offering.find("certificates");
    if (list == nullptr || list->kind != Value::Kind::list) return;
    Value result = Value::list({}, list->open);
    result.origin = list->origin;
    const Value& uses = root_.get("workload").get("uses");
    for (const Value& item : list->items) {
      Value certificate = picked(item, {"scheme", "version", "status"});
      const std::string_view status = item.get("status").word();
      // Entries out of their time are gone already; what is left counts as in force when it is held.
      certificate.set("in_force",
                      status.empty() ? Value::unknown(item.origin) : Value::of(status == "held", item.origin));
      const Truth covers =
          covers_all(item.get("services"), uses.get("services")) && covers_regions(item.get("regions"));
      certificate.set("covers", covers == Truth::unknown ? Value::unknown(item.origin)
                                                         : Value::of(covers == Truth::yes, item.origin));
      result.items.push_back(std::move(certificate));
    }
    root_.set("certificates", std::move(result));
  }

  /// Whether a certificate's regions include every site used.
  Truth covers_regions(const Value& covered) const {
    const Value* sites = root_.find("sites");
    if (covered.kind != Value::Kind::list || sites == nullptr) return Truth::unknown;
    if (covered.holds_word("all")) return Truth::yes;
    Truth truth = Truth::yes;
    bool any = sites->open;
    for (const Value& site : sites->items) {
      const Value& used = site.get("used");
      if (used.kind == Value::Kind::boolean && !used.boolean) continue;
      any = true;
      const Truth holds =
          covered.holds_word(site.get("code").word()) ? Truth::yes : (covered.open ? Truth::unknown : Truth::no);
      truth = truth && (used.kind == Value::Kind::boolean ? holds : holds || Truth::unknown);
    }
    return any && !sites->open ? truth : Truth::unknown;
  }

  static Truth covers_all(const Value& covered, const Value& used) {
    if (covered.kind != Value::Kind::list || used.kind != Value::Kind::list || used.open) return Truth::unknown;
    if (covered.holds_word("all")) return Truth::yes;
    Truth truth = Truth::yes;
    for (const Value& word : used.items)
      truth = truth && (covered.holds_word(word.word()) ? Truth::yes : (covered.open ? Truth::unknown : Truth::no));
    return truth;
  }

  void needs(const Value& offering) {
    const Value* requires_list = root_.get("workload").find("requires");
    Value list = Value::list();
    list.origin = derived_from("what the workload requires and the offering has");
    if (requires_list != nullptr && requires_list->kind == Value::Kind::list) {
      for (const Value& need : requires_list->items) {
        Value entry = picked(need, {"capability", "must"});
        entry.set("available", offering.get("capabilities").get(need.get("capability").word()).get("available"));
        list.items.push_back(std::move(entry));
      }
    }
    root_.set("needs", std::move(list));
  }

  Value& root_;
  const CountryGroups& groups_;
  Date as_of_;
};

}  // namespace

void derive_offering_facts(Value& root, const CountryGroups& groups, Date as_of) { Deriver(root, groups, as_of).run(); }

}  // namespace sovrisk
