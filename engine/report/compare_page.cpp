#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/words.h"

namespace sovrisk {

namespace {

std::string joined(const std::vector<std::string>& items, const Messages& m) {
  return items.empty() ? m("compare.none") : fmt::format("{}", fmt::join(items, ", "));
}

std::vector<std::string> needs(const Assessment& assessment, bool surely_unmet) {
  std::vector<std::string> names;
  for (const Value& need : assessment.facts->get("needs").items) {
    const Value& must = need.get("must");
    if (must.kind != Value::Kind::boolean || !must.boolean) continue;
    const std::string_view available = need.get("available").word();
    if (surely_unmet ? available == "no" : available.empty()) names.emplace_back(need.get("capability").word());
  }
  return names;
}

std::vector<std::string> stoppers(const Assessment& assessment) {
  std::vector<std::string> laws;
  for (const Exposure& exposure : assessment.exposures)
    if (counts(exposure) && !exposure.background && exposure.most != Certainty::not_reached &&
        exposure.after_measures == std::vector<std::string>{"continuity"} &&
        std::find(laws.begin(), laws.end(), exposure.law->id) == laws.end())
      laws.push_back(exposure.law->id);
  return laws;
}

Line worst_risk(const Assessment& assessment, const Messages& m) {
  const RiskResult* worst = nullptr;
  for (const RiskResult& risk : assessment.risks) {
    const auto rank = [](const RiskResult& r) {
      return std::make_pair(r.severity.level.high + r.likelihood.level.high, r.severity.level.high);
    };
    if (worst == nullptr || rank(risk) > rank(*worst)) worst = &risk;
  }
  if (worst == nullptr) return {};
  return {rating_words(worst->severity, *assessment.method, "severity_names", m),
          {" × "},
          rating_words(worst->likelihood, *assessment.method, "likelihood_names", m),
          {fmt::format(" ({})", worst->rule->id), Tone::faint}};
}

}  // namespace

Page compare_page(const std::vector<Assessment>& assessments, const Messages& m) {
  Page page;
  if (assessments.empty()) return page;
  const Assessment& first = assessments.front();
  const std::string workload =
      first.workload != nullptr ? m("for-workload", m.text(first.workload->root.find("title"))) : m("no-workload");
  page.emplace_back(Heading{1, {{fmt::format("{}, {}", m("compare"), workload)}}});
  page.emplace_back(Paragraph{{{m("assessed", m.date(first.as_of), first.method->id,
                                  std::string(first.method->document->root.text_of("version"))),
                                Tone::faint}},
                              0});
  Table table;
  table.head.emplace_back();
  for (const Assessment& assessment : assessments)
    table.head.push_back(assessment.offering->title);
  const auto row = [&](const std::string& name, auto cell) {
    std::vector<Line> cells{{{name, Tone::faint}}};
    for (const Assessment& assessment : assessments)
      cells.push_back(cell(assessment));
    table.rows.push_back(std::move(cells));
  };
  row(m("compare.verdict"), [&](const Assessment& a) {
    Line line{{m(fmt::format("verdict.{}", a.verdict.value)), verdict_tone(a.verdict.value)}};
    if (a.verdict.value == "undetermined") {
      std::vector<std::string> possible;
      for (const std::string& value : a.verdict.possible)
        possible.push_back(m(fmt::format("verdict.{}", value)));
      line.push_back({fmt::format(" ({})", fmt::join(possible, m("after.or"))), Tone::faint});
    }
    return line;
  });
  row(m("compare.until"),
      [&](const Assessment& a) { return Line{{a.verdict.until ? m.date(*a.verdict.until) : std::string()}}; });
  for (const FrameworkResult& framework : first.frameworks) {
    const std::string& id = framework.ruleset->id;
    const auto of = [&](const Assessment& a) -> const FrameworkResult& { return *sovrisk::framework(a, id); };
    if (framework.level)
      row(fmt::format("{} {}", id, m("frameworks.level")),
          [&](const Assessment& a) { return Line{{level_words(of(a), m)}}; });
    if (framework.score)
      row(fmt::format("{} {}", id, m("frameworks.score")),
          [&](const Assessment& a) { return Line{{m.percent(*of(a).score)}}; });
    if (framework.gate)
      row(fmt::format("{} {}", id, m("frameworks.gate")),
          [&](const Assessment& a) { return Line{gate_words(of(a), m)}; });
  }
  row(m("compare.reached-by"), [&](const Assessment& a) { return Line{{joined(laws_reaching_content(a, true), m)}}; });
  row(m("compare.maybe-reached-by"), [&](const Assessment& a) {
    std::vector<std::string> laws = laws_reaching_content(a, false);
    for (const std::string& law : laws_reaching_content(a, true))
      laws.erase(std::remove(laws.begin(), laws.end(), law), laws.end());
    return Line{{joined(laws, m)}};
  });
  row(m("compare.continuity"), [&](const Assessment& a) { return Line{{joined(stoppers(a), m)}}; });
  row(m("compare.risks"), [&](const Assessment& a) { return worst_risk(a, m); });
  row(m("compare.unmet"), [&](const Assessment& a) { return Line{{joined(needs(a, true), m)}}; });
  row(m("compare.unsure"), [&](const Assessment& a) { return Line{{joined(needs(a, false), m)}}; });
  row(m("compare.missing"), [&](const Assessment& a) {
    std::vector<std::string> facts;
    for (const Missing& missing : a.missing)
      facts.push_back(missing.fact);
    return Line{{fmt::format("{}", facts.size())},
                {facts.empty() ? std::string() : fmt::format(" ({})", listed(facts, 3, m)), Tone::faint}};
  });
  page.emplace_back(std::move(table));
  page.emplace_back(Paragraph{{{m("disclaimer"), Tone::faint}}, 0});
  return page;
}

}  // namespace sovrisk
