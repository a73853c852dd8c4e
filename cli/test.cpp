#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "assess/case.h"
#include "command.h"
#include "load/suggest.h"
#include "report/report.h"
#include "rules/validate.h"

namespace sovrisk::cli {

namespace {

/// The day on which cases without `as_of` are judged: cases must not change with the calendar.
constexpr Date day_of_cases{2026, 1, 1};

constexpr std::array<std::string_view, 4> kinds_with_cases{"law", "ruleset", "method", "case"};

struct Options {
  std::vector<std::string> names;
  bool coverage = false;
  double threshold = 0;  ///< percent of conditions that cases must exercise in every way
};

/// Rule sets and methods tell what their cases exercise.
std::vector<CaseResult> run_document(Session& session, const Document& document, const CountryGroups& groups,
                                     Coverage& coverage, std::vector<DecisionOutcome>& decisions) {
  const Catalogue& catalogue = session.catalogue();
  if (document.kind == "case") {
    const Engine& engine = session.engine({});
    std::vector<CaseResult> results =
        run_case(document, session.catalogue(), engine, session.diagnostics(), &decisions);
    session.stop_on_errors();
    return results;
  }
  if (document.kind == "law") {
    const Law law = compile_law(document, catalogue, groups, session.diagnostics());
    session.stop_on_errors();
    return run_cases(law, catalogue, groups, day_of_cases);
  }
  if (document.kind == "ruleset") {
    const RuleSet ruleset = compile_ruleset(document, catalogue, groups, session.diagnostics());
    session.stop_on_errors();
    return run_cases(ruleset, catalogue, groups, day_of_cases, &coverage);
  }
  const Method method = compile_method(document, catalogue, groups, session.diagnostics());
  session.stop_on_errors();
  return run_cases(method, catalogue, groups, day_of_cases, &coverage);
}

std::string place(const Session& session, Span span) {
  return fmt::format("{}:{}:{}", session.sources()[span.file].path, span.line, span.column);
}

/// The parts of conditions that the cases of a file leave out; false when they are more than the threshold allows.
bool tell_coverage(const Session& session, const Coverage& coverage, double threshold, std::string& out) {
  if (coverage.parts() == 0) return true;
  const std::vector<CoverageGap> gaps = coverage.gaps();
  for (const CoverageGap& gap : gaps) {
    std::vector<std::string> ways;
    for (const Truth way : gap.never)
      ways.emplace_back(name_of(way));
    out += fmt::format("{}: never {}: {}\n", place(session, gap.span), fmt::join(ways, ", never "), gap.condition);
  }
  const std::size_t full = coverage.parts() - gaps.size();
  const double percent = 100.0 * static_cast<double>(full) / static_cast<double>(coverage.parts());
  out += fmt::format("conditions: {} of {} came out every way they can ({:.1f} %)\n", full, coverage.parts(), percent);
  return percent >= threshold;
}

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  const CountryGroups groups = country_groups(session.catalogue());
  std::size_t passed_cases = 0;
  std::size_t failed_cases = 0;
  std::string out;
  bool enough = true;
  std::vector<std::shared_ptr<const Document>> kept;  // outcomes point into what was read
  std::vector<DecisionOutcome> decisions;
  for (const std::string& name : options.names) {
    const Document* document = nullptr;
    for (const std::string_view kind : kinds_with_cases)
      if (document == nullptr) document = session.catalogue().find(kind, name);
    std::shared_ptr<const Document> read;
    if (document == nullptr) {
      const bool path =
          name == "-" || name.find('/') != std::string::npos || name.ends_with(".yaml") || name.ends_with(".yml");
      if (!path) {
        std::vector<std::string> ids;
        for (const std::string_view kind : kinds_with_cases)
          for (std::string& id : session.catalogue().ids(kind))
            ids.push_back(std::move(id));
        Session::fail(fmt::format("no law, rule set or method is named `{}`", name), did_you_mean(name, ids));
      }
      read = session.catalogue().read(name, session.diagnostics());
      session.stop_on_errors();
      if (std::find(kinds_with_cases.begin(), kinds_with_cases.end(), read->kind) == kinds_with_cases.end())
        Session::fail(
            fmt::format("{}: cases stand in laws, rule sets, methods and case files, not in a file of format {}", name,
                        read->kind));
      check_meaning(*read, session.catalogue(), groups, session.diagnostics());
      session.stop_on_errors();
      document = read.get();
      kept.push_back(std::move(read));
    }
    Coverage coverage;
    for (const CaseResult& result : run_document(session, *document, groups, coverage, decisions)) {
      ++(result.failures.empty() ? passed_cases : failed_cases);
      for (const std::string& failure : result.failures)
        out += fmt::format("{}: failed: {}: {}\n", place(session, result.span), result.name, failure);
    }
    if (options.coverage || options.threshold > 0)
      enough = tell_coverage(session, coverage, options.threshold, out) && enough;
  }
  out = printable(out);
  if (!decisions.empty())
    out += render_page(decisions_page(decisions, session.messages()), {"text", false, {}}, common) + "\n";
  print_out(out + fmt::format("{} passed, {} failed\n", passed_cases, failed_cases));
  if (failed_cases > 0 || !enough) throw Leave{refused};
  if (passed_cases == 0) {
    fmt::print(stderr, "sovrisk: no case was run; write some under `tests:`\n");
    throw Leave{not_established};
  }
}

}  // namespace

void setup_test(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("FILE", options->names, "files of laws, rule sets, methods or cases, or ids of shipped ones")
      ->required()
      ->expected(1, 1000);
  command.add_flag("--coverage", options->coverage,
                   "which conditions of rule sets and methods the cases never saw true, false or unknown");
  command.add_option("--threshold", options->threshold, "exit 1 when less of the conditions is exercised every way")
      ->type_name("PERCENT")
      ->check(CLI::Range(0.0, 100.0));
  add_common(command, common);
  command.footer(R"(
Exit: 0 every case passes; 1 a case fails or --threshold is missed; 2 could not run; 3 no case was run.

Examples:
  sovrisk test rules/eu-csf.yaml
  sovrisk test cnil secnumcloud us-cloud-act
  sovrisk test rules/eu-csf.yaml --coverage --threshold 100)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
