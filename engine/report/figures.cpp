#include "report/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "load/reader.h"
#include "report/html.h"
#include "report/words.h"

namespace sovrisk {

namespace {

constexpr int cell = 110;
constexpr int left = 120;
constexpr int top = 20;

struct Point {
  double x = 0;
  double y = 0;
};

/// The place of a rating on the map; risks of one cell stand beside each other.
Point place(double severity, double likelihood, std::size_t index) {
  const double dx = 24 + 31 * static_cast<double>(index % 3);
  const double dy = 30 + 40 * static_cast<double>(index / 3 % 2);
  return {left + (likelihood - 1) * cell + dx, top + (4 - severity) * cell + dy};
}

std::string text(double x, double y, std::string_view anchor, const std::string& words) {
  return fmt::format("<text x=\"{:g}\" y=\"{:g}\" text-anchor=\"{}\" fill=\"#1b1b1b\">{}</text>", x, y, anchor,
                     escape_html(words));
}

std::string dot(Point at, std::string_view colour, const std::string& label) {
  return fmt::format(
      "<circle cx=\"{0:g}\" cy=\"{1:g}\" r=\"13\" fill=\"{2}\" stroke=\"#ffffff\"/><text x=\"{0:g}\" y=\"{3:g}\" "
      "text-anchor=\"middle\" fill=\"#ffffff\" font-size=\"12\">{4}</text>",
      at.x, at.y, colour, at.y + 4, escape_html(label));
}

std::string line(Point from, Point to, std::string_view colour, std::string_view dashes) {
  return fmt::format("<line x1=\"{:g}\" y1=\"{:g}\" x2=\"{:g}\" y2=\"{:g}\" stroke=\"{}\" stroke-width=\"2\" {}/>",
                     from.x, from.y, to.x, to.y, colour, dashes);
}

std::string level_name_of(const Method& method, std::string_view names, std::size_t level, const Messages& m) {
  const Node* list = method.document->root.find(names);
  return list != nullptr && level <= list->items.size() ? fmt::format("{} {}", level, m.text(&list->items[level - 1]))
                                                        : fmt::format("{}", level);
}

std::string grid(const Assessment& a, const Messages& m) {
  // L-shaped bands from low left to high right.
  constexpr std::array<std::string_view, 4> bands{"#cfe8cf", "#f4efb8", "#f6d3a8", "#f1b5ae"};
  std::string out;
  for (int severity = 1; severity <= 4; ++severity)
    for (int likelihood = 1; likelihood <= 4; ++likelihood)
      out += fmt::format(
          "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"2\"/>",
          left + (likelihood - 1) * cell, top + (4 - severity) * cell, cell, cell,
          bands.at(static_cast<std::size_t>(std::max(severity, likelihood) - 1)));
  for (int level = 1; level <= 4; ++level) {
    const auto at = static_cast<std::size_t>(level);
    out +=
        text(left - 8, top + (4 - level) * cell + cell / 2.0, "end", level_name_of(*a.method, "severity_names", at, m));
    out += text(left + (level - 1) * cell + cell / 2.0, top + 4 * cell + 20, "middle",
                level_name_of(*a.method, "likelihood_names", at, m));
  }
  out += text(left - 8, top + 4 * cell + 20, "end", m("risks.severity") + " ↑");
  out += text(left + 4 * cell, top + 4 * cell + 42, "end", m("plan.likelihood") + " →");
  return out;
}

}  // namespace

std::string risk_map_svg(const Assessment& assessment, const Messages& m) {
  const int legend = top + 4 * cell + 64;
  const int height = legend + 22 * static_cast<int>(assessment.risks.size()) + 6;
  const int width = 760;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "aria-label=\"{2}\" font-family=\"sans-serif\" font-size=\"13\"><rect width=\"{0}\" height=\"{1}\" "
      "fill=\"#ffffff\"/>",
      width, height, escape_html(m("dossier.map")));
  out += grid(assessment, m);
  std::string dots;
  for (std::size_t i = 0; i < assessment.risks.size(); ++i) {
    const RiskResult& risk = assessment.risks[i];
    const std::string label = fmt::format("{}", i + 1);
    const Point before = place(risk.inherent_severity.level.high, risk.inherent_likelihood.level.high, i);
    Point after = place(risk.severity.level.high, risk.likelihood.level.high, i);
    const bool moved = before.x != after.x || before.y != after.y;
    after.y += 24;  // beside the red one where nothing has changed
    const Point best{place(risk.severity.level.low, risk.likelihood.level.low, i).x,
                     place(risk.severity.level.low, risk.likelihood.level.low, i).y + 24};
    if (!risk.likelihood.level.decided() || !risk.severity.level.decided())
      dots += line(after, best, "#1f4e9c", "stroke-dasharray=\"2 3\"");
    if (moved) dots += line(before, after, "#444444", "stroke-dasharray=\"5 3\"");
    dots += dot(before, "#b3261e", label) + dot(after, "#1f4e9c", label);
    out += text(20, legend + 22.0 * static_cast<double>(i), "start",
                fmt::format("{} {}", label, m.text(risk.rule->node->find("title"))));
  }
  return out + dots + "</svg>";
}

std::string score_bars_svg(const Assessment& assessment, const Messages& m) {
  std::vector<const FrameworkResult*> scored;
  for (const FrameworkResult& framework : assessment.frameworks)
    if (framework.score) scored.push_back(&framework);
  if (scored.empty()) return {};
  const int row = 34;
  const int bar = 380;
  const int from = 220;
  const int height = row * static_cast<int>(scored.size()) + 16;
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {0}\" width=\"760\" height=\"{0}\" role=\"img\" "
      "aria-label=\"{1}\" font-family=\"sans-serif\" font-size=\"13\"><rect width=\"760\" height=\"{0}\" "
      "fill=\"#ffffff\"/>",
      height, escape_html(m("frameworks.score")));
  for (std::size_t i = 0; i < scored.size(); ++i) {
    const FrameworkResult& framework = *scored[i];
    const double y = 10 + row * static_cast<double>(i);
    const double low = std::clamp(framework.score->low, 0.0, 100.0) * bar / 100;
    const double high = std::clamp(framework.score->high, 0.0, 100.0) * bar / 100;
    out += text(from - 10, y + 16, "end",
                fmt::format("{} {}", framework.ruleset->id, framework.ruleset->document->root.text_of("version")));
    out += fmt::format("<rect x=\"{}\" y=\"{:g}\" width=\"{}\" height=\"22\" fill=\"#eceff3\"/>", from, y, bar);
    out += fmt::format("<rect x=\"{}\" y=\"{:g}\" width=\"{:.1f}\" height=\"22\" fill=\"#1f4e9c\"/>", from, y, low);
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{:g}\" width=\"{:.1f}\" height=\"22\" fill=\"#a9bfe3\"/>", from + low, y,
                       high - low);
    out += text(from + bar + 8, y + 16, "start", m.percent(*framework.score));
  }
  return out + "</svg>";
}

std::string picture(const std::string& svg, const std::string& words) {
  return fmt::format("<img alt=\"{}\" src=\"data:image/svg+xml;base64,{}\">", escape_html(words), base64(svg));
}

}  // namespace sovrisk
