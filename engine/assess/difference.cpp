#include "assess/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "assess/standing.h"

namespace sovrisk {

namespace {

constexpr std::string_view assessment_format = "sovrisk-assessment/1";
constexpr std::string_view gate_format = "sovrisk-gate/1";

/// The format of a document; empty when it is none that can be compared, which is reported then.
std::string_view format_of(const Node& root, Diagnostics& diagnostics) {
  const Node* format = root.find("format");
  for (const std::string_view known : {assessment_format, gate_format})
    if (format != nullptr && format->is_text(known)) return known;
  const bool text = format != nullptr && format->kind == Node::Kind::text;
  diagnostics.error("not-comparable", format != nullptr ? format->span : root.span,
                    text ? fmt::format("files of the format `{}` are not compared", format->text)
                         : std::string("the file does not tell its format"),
                    fmt::format("formats {} and {} are", assessment_format, gate_format));
  return {};
}

/// A result that was held against an earlier one leaves out what that one had: its absence would look like success.
bool lists_everything(const Node& root, Diagnostics& diagnostics) {
  const Node* counts = root.find("counts");
  const Node* left_out = counts != nullptr ? counts->find("known_before") : nullptr;
  if (left_out == nullptr || left_out->kind != Node::Kind::number || left_out->number == 0) return true;
  diagnostics.error("not-comparable", left_out->span,
                    fmt::format("the result leaves out {} deviations that its baseline has", left_out->text),
                    "write one with `sovrisk gate -f json`, without `--baseline`");
  return false;
}

std::string id_under(const Node& root, std::string_view key, Shape& shape) {
  const Node* map = shape.map(root, key);
  return map != nullptr ? shape.text(*map, "id") : std::string();
}

Compared compared(const Node& root, std::string_view format, Shape& shape) {
  Compared result;
  result.format = format;
  if (const Node* tool = shape.map(root, "tool")) result.tool_version = shape.text(*tool, "version");
  result.as_of = shape.text(root, "as_of");
  result.language = shape.text(root, "language");
  if (format == assessment_format) {
    result.offering = id_under(root, "offering", shape);
    result.workload = id_under(root, "workload", shape);
  }
  return result;
}

}  // namespace

std::string_view name_of(Change change) {
  constexpr std::array<std::string_view, change_kinds> names{"worse", "unknown", "known", "better", "other"};
  return names[static_cast<std::size_t>(change)];
}

std::string_view name_of(Part part) {
  constexpr std::array<std::string_view, 13> names{"verdict",   "question",  "duty", "exposure",  "framework",
                                                   "objective", "criterion", "risk", "condition", "fact",
                                                   "check",     "input",     "run"};
  return names[static_cast<std::size_t>(part)];
}

std::size_t Differences::count(Change change) const {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Difference& one) { return one.change == change; }));
}

std::optional<Differences> compare_results(const Node& before, const Node& after, Diagnostics& diagnostics) {
  const std::string_view old_format = format_of(before, diagnostics);
  const std::string_view format = format_of(after, diagnostics);
  if (old_format.empty() || format.empty()) return std::nullopt;
  if (old_format != format) {
    diagnostics.error("not-comparable", after.find("format")->span,
                      fmt::format("the file is of the format `{}`, the other of `{}`", format, old_format),
                      "give two assessments or two results of a gate");
    return std::nullopt;
  }
  const std::size_t errors = diagnostics.error_count();
  if (!lists_everything(before, diagnostics) || !lists_everything(after, diagnostics)) return std::nullopt;
  Shape shape(diagnostics);
  Differences result;
  result.before = compared(before, format, shape);
  result.after = compared(after, format, shape);
  result.all =
      format == assessment_format ? differing_assessments(before, after, shape) : differing_gates(before, after, shape);
  for (Difference& one : differing_runs(before, after, shape))
    result.all.push_back(std::move(one));
  if (diagnostics.error_count() > errors) return std::nullopt;
  std::stable_sort(result.all.begin(), result.all.end(), [](const Difference& a, const Difference& b) {
    return a.change != b.change ? a.change < b.change : a.part < b.part;
  });
  return result;
}

}  // namespace sovrisk
