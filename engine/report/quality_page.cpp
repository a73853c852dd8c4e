#include <fmt/format.h>

#include "report/report.h"

namespace sovrisk {

namespace {

Line part_line(const Messages& m, std::string_view key, double part, std::size_t of, std::size_t all) {
  return {{fmt::format("{}{} ", m(key), m("colon")), Tone::strong},
          {m("quality.part", m.percent({part * 100, part * 100}), of, all)}};
}

}  // namespace

void quality_blocks(const Quality& quality, const Messages& m, Page& page) {
  page.emplace_back(Heading{2, {{m("quality")}}});
  Bullets bullets;
  bullets.items.push_back(part_line(m, "quality.completeness", quality.completeness(), quality.known, quality.asked));
  const auto found = quality.by_confidence.find("primary");
  const std::size_t primary = found == quality.by_confidence.end() ? 0 : found->second;
  bullets.items.push_back(part_line(m, "quality.primary", quality.primary(), primary, quality.facts));
  Line others{{fmt::format("{}{} ", m("quality.others"), m("colon")), Tone::strong}};
  for (const auto& [confidence, count] : quality.by_confidence)
    if (confidence != "primary")
      others.push_back(
          {fmt::format("{}{} {}", others.size() > 1 ? ", " : "",
                       m(confidence.empty() ? "quality.unsourced" : fmt::format("confidence.{}", confidence)), count)});
  if (others.size() > 1) bullets.items.push_back(std::move(others));
  if (quality.oldest)
    bullets.items.push_back({{fmt::format("{}{} ", m("quality.oldest"), m("colon")), Tone::strong},
                             {fmt::format("{}, {}", m.date(*quality.oldest->day), quality.oldest->path)}});
  bullets.items.push_back({{fmt::format("{}{} ", m("quality.conflicts"), m("colon")), Tone::strong},
                           {fmt::format("{}", quality.conflicts)}});
  page.emplace_back(std::move(bullets));
  Table table;
  for (const std::string_view key : {"quality.ruleset", "quality.known", "quality.lacking"})
    table.head.push_back(m(key));
  constexpr std::size_t most = 6;
  for (const Completeness& set : quality.rulesets) {
    std::string lacking;
    for (std::size_t i = 0; i < set.lacking.size() && i < most; ++i)
      lacking += (lacking.empty() ? "" : ", ") + set.lacking[i];
    if (set.lacking.size() > most) lacking += fmt::format(" (+{})", set.lacking.size() - most);
    table.rows.push_back(
        {{{set.ruleset}}, {{m("quality.of", set.known.size(), set.known.size() + set.lacking.size())}}, {{lacking}}});
  }
  page.emplace_back(std::move(table));
}

}  // namespace sovrisk
