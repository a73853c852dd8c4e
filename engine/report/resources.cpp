#include "report/resources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "report/csv.h"

namespace sovrisk {

namespace {

using nlohmann::ordered_json;

ordered_json row_of(const PlannedResource& resource, const Place* place) {
  static const Place nowhere;
  const Place& at = place != nullptr ? *place : nowhere;
  return {{"address", resource.address},
          {"type", resource.type},
          {"mode", resource.mode},
          {"actions", resource.actions},
          {"provider", resource.provider},
          {"offering", resource.offering},
          {"offering_why_unknown", resource.offering_why_unknown},
          {"offering_may_be", resource.offering_may_be},
          {"offering_how", chain_words(resource.offering_chain)},
          {"service", resource.service},
          {"holds_nothing", resource.holds_nothing},
          {"deferred", resource.deferred},
          {"role", at.role},
          {"region", at.region},
          {"site", at.site},
          {"country", at.countries},
          {"known", at.known},
          {"why_unknown", at.why_unknown},
          {"how", chain_words(at.chain)},
          {"key_custody", resource.key ? resource.key->custody : std::string()},
          {"tags", resource.tags}};
}

template <class Use>
void for_each_row(const Infrastructure& infrastructure, Use&& use) {
  for (const PlannedResource& resource : infrastructure.resources) {
    for (const Place& place : resource.places)
      use(row_of(resource, &place));
    if (resource.places.empty()) use(row_of(resource, nullptr));
  }
}

std::string country_words(const Place& place, const Messages& m) {
  if (!place.known) return m(fmt::format("place-unknown.{}", place.why_unknown));
  constexpr std::size_t few = 4;
  if (place.countries.size() <= few) return fmt::format("{}", fmt::join(place.countries, ", "));
  return m("resources.countries", place.countries.size());
}

std::vector<Line> cells_of(const PlannedResource& resource, const Place* place, const Messages& m) {
  const std::string offering = !resource.offering.empty()
                                   ? resource.offering
                                   : m(fmt::format("place-unknown.{}", resource.offering_why_unknown));
  std::vector<Line> cells{{{resource.address}}, {{offering, resource.offering.empty() ? Tone::warn : Tone::plain}}};
  if (place == nullptr) {
    cells.insert(cells.end(), {{{"-"}}, {{m("resources.nothing"), Tone::faint}}, {{""}}});
    return cells;
  }
  const std::string region = place->region.empty() ? "-" : place->region;
  Line where{{region}};
  if (place->role != "at-rest")
    where.push_back({fmt::format(" ({})", m(fmt::format("role.{}", place->role))), Tone::faint});
  cells.push_back(std::move(where));
  cells.push_back({{country_words(*place, m), place->known ? Tone::plain : Tone::warn}});
  cells.push_back({{chain_words(place->chain), Tone::faint}});
  return cells;
}

}  // namespace

std::string chain_words(const std::vector<Step>& chain) {
  std::string words;
  for (const Step& step : chain) {
    if (!words.empty()) words += "; ";
    words += step.says.empty() ? step.at : fmt::format("{} = {}", step.at, step.says);
  }
  return words;
}

std::string resources_json(const Infrastructure& infrastructure) {
  std::string out = "[";
  for_each_row(infrastructure, [&](const ordered_json& row) {
    out += out.size() > 1 ? ",\n  " : "\n  ";
    for (const char c : row.dump(2))
      out += c == '\n' ? std::string("\n  ") : std::string(1, c);  // strings in JSON hold no line feed
  });
  return out + (out.size() > 1 ? "\n]\n" : "]\n");
}

std::string resources_csv(const Infrastructure& infrastructure) {
  std::vector<std::vector<std::string>> rows(1);
  const ordered_json any = row_of({}, nullptr);
  for (const auto& [key, value] : any.items())
    rows[0].push_back(key);
  for_each_row(infrastructure, [&](const ordered_json& row) {
    std::vector<std::string> fields;
    fields.reserve(row.size());
    for (const auto& [key, value] : row.items()) {
      const std::vector<std::string> words =
          value.is_array() ? value.get<std::vector<std::string>>() : std::vector<std::string>();
      fields.push_back(value.is_string()  ? value.get<std::string>()
                       : value.is_array() ? fmt::format("{}", fmt::join(words, " "))
                                          : value.dump());
    }
    rows.push_back(std::move(fields));
  });
  return render_csv(rows);
}

Page resources_page(const Infrastructure& infrastructure, const Messages& m) {
  Page page;
  const auto say = [&page](Words words) { page.emplace_back(Paragraph{Line{std::move(words)}, 0}); };
  say({m("resources.count", infrastructure.resources.size(), infrastructure.passed_over)});
  for (const std::string& why : infrastructure.incomplete_because)
    say({m(fmt::format("incomplete.{}", why)), Tone::warn});
  if (infrastructure.resources.empty()) return page;
  Table table;
  for (const std::string_view column : {"address", "offering", "region", "country", "how"})
    table.head.push_back(m(fmt::format("list.{}", column)));
  for (const PlannedResource& resource : infrastructure.resources) {
    for (const Place& place : resource.places)
      table.rows.push_back(cells_of(resource, &place, m));
    if (resource.places.empty()) table.rows.push_back(cells_of(resource, nullptr, m));
  }
  page.emplace_back(std::move(table));
  return page;
}

}  // namespace sovrisk
