#include <fmt/format.h>

#include <set>

#include "report/report.h"
#include "report/words.h"

namespace sovrisk {

Page explain_page(const Assessment& assessment, const Law& law, const Node& root, const Messages& m) {
  Page page;
  page.emplace_back(Heading{1, {{m("explain", m.text(root.find("title")), assessment.offering->title)}}});
  page.emplace_back(Paragraph{{{fmt::format("{}; {}", root.text_of("citation"), law.jurisdiction), Tone::faint}}, 0});
  std::set<std::string> used;
  for (const Exposure& exposure : assessment.exposures) {
    if (exposure.law != &law) continue;
    Line line{
        reach_words(exposure, m),
        {fmt::format(", {}{} {}, {}{} {}", m("laws.scope"), m("colon"), m(fmt::format("scope.{}", exposure.scope)),
                     m("laws.after"), m("colon"), after_words(exposure, m))}};
    line.push_back(
        {fmt::format(", {}{} {}", m("laws.status"), m("colon"), m(fmt::format("status.{}", exposure.status))),
         Tone::faint});
    page.emplace_back(Heading{2, std::move(line)});
    if (exposure.matches.empty()) page.emplace_back(Paragraph{{{m("explain.no-rule")}}, 2});
    proof_blocks(exposure, assessment, m, true, page, used);
  }
  page.emplace_back(Heading{2, {{m("explain.weakens")}}});
  Table measures;
  for (const std::string_view key : {"defeated_by", "weakened_by", "not_defeated_by", "mitigated_by"}) {
    const Node* list = root.find(key);
    if (list == nullptr) continue;
    for (const Node& id : list->items) {
      const auto found = assessment.derived.measures.find(id.text);
      const Truth truth = found == assessment.derived.measures.end() ? Truth::unknown : found->second;
      const std::string_view place = truth == Truth::yes
                                         ? "explain.in-place"
                                         : (truth == Truth::no ? "explain.not-in-place" : "explain.unknown-place");
      measures.rows.push_back({{{m(fmt::format("explain.{}", key))}},
                               {{id.text}},
                               {{m(place), truth == Truth::yes ? Tone::good : Tone::faint}}});
    }
  }
  measures.head = {"", "", ""};
  if (!measures.rows.empty()) page.emplace_back(std::move(measures));
  for (const std::string_view key : {"secrecy", "review", "redress"})
    if (const Node* text = root.find(key))
      page.emplace_back(
          Paragraph{{{m(fmt::format("explain.{}", key)) + m("colon") + " ", Tone::strong}, {m.text(text)}}, 0});
  for (const auto& [key, name] :
       {std::pair{"open_questions", "explain.debates"}, std::pair{"unverified", "explain.unverified"}}) {
    const Node* list = root.find(key);
    if (list == nullptr || list->items.empty()) continue;
    page.emplace_back(Heading{2, {{m(name)}}});
    Bullets bullets;
    for (const Node& text : list->items)
      bullets.items.push_back({{m.text(&text)}});
    page.emplace_back(std::move(bullets));
  }
  if (const Node* watch = root.find("watch"); watch != nullptr && !watch->items.empty()) {
    page.emplace_back(Heading{2, {{m("explain.watch")}}});
    Bullets bullets;
    for (const Node& event : watch->items) {
      const std::string_view on = event.text_of("on");
      bullets.items.push_back(
          {{on.empty() ? std::string() : fmt::format("{}{} ", m.date(on), m("colon")), Tone::strong},
           {m.text(event.find("what"))}});
    }
    page.emplace_back(std::move(bullets));
  }
  page.emplace_back(Paragraph{
      {{m("explain.checked", m.date(root.text_of("as_of")), m(fmt::format("check.{}", root.text_of("check")))),
        Tone::faint}},
      0});
  page.emplace_back(Paragraph{{{m("disclaimer"), Tone::faint}}, 0});
  return page;
}

}  // namespace sovrisk
