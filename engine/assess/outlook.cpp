#include "assess/outlook.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sovrisk {

namespace {

class Outlook {
 public:
  Outlook(Date as_of, Date end) : as_of_(as_of), end_(end) {}

  void law(const Law& law) {
    const Node& root = law.document->root;
    const std::vector<Node>& timeline = root.find("timeline")->items;
    for (std::size_t i = 0; i < timeline.size(); ++i) {
      if (const auto from = day(timeline[i], "from"); ahead(from))
        add({Ahead::Kind::status, from, law.id, std::string(timeline[i].text_of("status")), timeline[i].find("note")});
      // An end that nothing follows: from then on the law is lapsed.
      const auto until = day(timeline[i], "until");
      const bool followed = i + 1 < timeline.size() && until && day(timeline[i + 1], "from") <= until;
      if (ahead(until) && !followed)
        add({Ahead::Kind::status, until, law.id, status_at(root, *until), timeline[i].find("note")});
    }
    if (const Node* watch = root.find("watch"))
      for (const Node& event : watch->items) {
        const auto on = day(event, "on");
        if (!on || ahead(on)) add({Ahead::Kind::event, on, law.id, {}, event.find("what")});
      }
  }

  void group(const Document& document, const std::set<std::string>& countries) {
    const Node* members = document.root.find("members");
    if (members == nullptr) return;
    for (const Node& member : members->items) {
      const std::string country(member.text_of("country"));
      if (!countries.contains(country)) continue;
      const std::string subject = fmt::format("{}: {}", document.root.text_of("name"), country);
      if (const auto from = day(member, "from"); ahead(from))
        add({Ahead::Kind::joins, from, subject, {}, member.find("note")});
      if (const auto until = day(member, "until"); ahead(until))
        add({Ahead::Kind::leaves, until, subject, {}, member.find("note")});
    }
  }

  /// Facts that say themselves until when they hold.
  void facts(const Value& value, const std::string& path) {
    if (const Value& until = value.get("until"); until.kind == Value::Kind::date && ahead(until.date))
      add({Ahead::Kind::expires, until.date, path, {}, nullptr});
    for (std::size_t i = 0; i < value.items.size(); ++i)
      if (value.items[i].kind == Value::Kind::map)
        facts(value.items[i], fmt::format("{}[{}]", path, name(value.items[i], i)));
    for (const auto& [key, member] : value.members)
      if (key != "earlier" && (member.kind == Value::Kind::map || member.kind == Value::Kind::list))
        facts(member, path.empty() ? key : fmt::format("{}.{}", path, key));
  }

  std::vector<Ahead> take() {
    const auto key = [](const Ahead& one) {
      constexpr Date never{9999, 12, 31};
      return std::make_tuple(one.on.value_or(never), one.subject);
    };
    std::stable_sort(all_.begin(), all_.end(), [&](const Ahead& a, const Ahead& b) { return key(a) < key(b); });
    return std::move(all_);
  }

 private:
  static std::optional<Date> day(const Node& node, std::string_view key) { return Date::parse(node.text_of(key)); }

  [[nodiscard]] bool ahead(const std::optional<Date>& on) const { return on && as_of_ < *on && *on <= end_; }

  static std::string name(const Value& item, std::size_t index) {
    for (const std::string_view key : {"scheme", "code", "owner", "entity", "vendor", "country", "holder"})
      if (const std::string_view word = item.get(key).word(); !word.empty()) return std::string(word);
    return fmt::format("{}", index + 1);
  }

  void add(Ahead one) { all_.push_back(std::move(one)); }

  Date as_of_;
  Date end_;
  std::vector<Ahead> all_;
};

/// Countries on which an assessment leans: of the laws that reach, and where data and people are.
std::set<std::string> countries_that_matter(const std::vector<Exposure>& exposures, const Value& root) {
  std::set<std::string> countries;
  for (const Exposure& exposure : exposures)
    if (exposure.least != Certainty::not_reached) countries.insert(exposure.law->jurisdiction);
  for (const std::string_view list : {"sites", "staff", "subprocessors"})
    for (const Value& item : root.get(list).items) {
      const Value& used = item.get("used");
      if (used.kind == Value::Kind::boolean && !used.boolean) continue;
      if (const std::string_view country = item.get("country").word(); !country.empty()) countries.emplace(country);
    }
  return countries;
}

}  // namespace

std::string_view name_of(Ahead::Kind kind) {
  switch (kind) {
    case Ahead::Kind::status: return "status";
    case Ahead::Kind::event: return "event";
    case Ahead::Kind::joins: return "joins";
    case Ahead::Kind::leaves: return "leaves";
    case Ahead::Kind::expires: return "expires";
  }
  return "event";
}

Date outlook_end(const Value& root, Date as_of) {
  const Value& workload = root.get("workload");
  const Value& start = workload.get("start");
  const Date first = start.kind == Value::Kind::date && as_of < start.date ? start.date : as_of;
  return add(first, Duration::parse(workload.get("duration").word()).value_or(Duration{1, Duration::Unit::year}));
}

std::vector<Ahead> outlook(const std::vector<Exposure>& exposures, const Value& root, const Catalogue& catalogue,
                           Date as_of, Date end) {
  Outlook ahead(as_of, end);
  std::vector<const Law*> laws;
  for (const Exposure& exposure : exposures) {
    const bool met = std::find(laws.begin(), laws.end(), exposure.law) != laws.end();
    if (exposure.least == Certainty::not_reached || met) continue;
    laws.push_back(exposure.law);
    ahead.law(*exposure.law);
  }
  const std::set<std::string> countries = countries_that_matter(exposures, root);
  for (const Document* document : catalogue.all("country-group"))
    ahead.group(*document, countries);
  ahead.facts(root.get("offering"), "offering");
  return ahead.take();
}

}  // namespace sovrisk
