#include "command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "load/reader.h"
#include "pdf.h"
#include "report/ciso_assistant.h"
#include "report/dossier.h"
#include "report/oscal.h"
#include "report/statement.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string offering;
  Assessing assessing;
  Output output;
  std::string fail_on;
  std::string template_folder;
  std::string audit;      ///< the rule set of an audit; empty: the only one there is
  std::string statement;  ///< the file of the statement of evidence
  std::string annex;
};

/// The formats of the dossier of an impact assessment.
bool is_dossier(const std::string& format) {
  return format == "html" || format == "pdf" || format == "pia" || format == "dossier-md";
}

std::string dossier_text(const Options& options, const Dossier& dossier, const Assessment& assessment,
                         const Messages& messages, const std::string& format) {
  if (format == "pia") return dossier_pia(dossier, assessment, messages);
  try {
    if (format == "dossier-md")
      return dossier_markdown(dossier, assessment, messages, tool(), dossier_template(options.template_folder, "md"));
    std::string html =
        dossier_html(dossier, assessment, messages, tool(), dossier_template(options.template_folder, "html"));
    return format == "pdf" ? pdf_of(html) : html;
  } catch (const std::invalid_argument& error) {
    Session::fail(fmt::format("the template is not valid: {}", error.what()));
  }
}

bool wants(const Options& options, std::string_view format) {
  return std::find(options.output.formats.begin(), options.output.formats.end(), format) !=
         options.output.formats.end();
}

/// The framework of the audit; before anything is written, so that a mistake leaves nothing behind.
const FrameworkResult* audited(const Options& options, const Assessment& assessment) {
  if (!options.audit.empty() && !wants(options, "ciso-csv"))
    Session::fail("--audit is for -f ciso-csv", "add that format, or leave the option out");
  if (!wants(options, "ciso-csv")) return nullptr;
  std::vector<const FrameworkResult*> decided;
  std::vector<std::string> names;
  for (const FrameworkResult& framework : assessment.frameworks)
    if (!framework.criteria.empty()) {
      decided.push_back(&framework);
      names.push_back(framework.ruleset->id);
    }
  const auto named = std::find(names.begin(), names.end(), options.audit);
  if (named != names.end()) return decided[static_cast<std::size_t>(named - names.begin())];
  if (options.audit.empty() && decided.size() == 1) return decided.front();
  if (decided.empty()) Session::fail("no rule set was decided, so that there is no audit", "add one with --rules");
  Session::fail(
      options.audit.empty() ? "an audit is of one rule set" : fmt::format("`{}` was not decided", options.audit),
      fmt::format("name one of these with --audit: {}; others come in with --rules", fmt::join(names, ", ")));
}

/// Whether a report goes to a file that stays: not to standard output, a pipe or a device.
bool stays(const std::string& file) {
  std::error_code problem;
  return file != "-" && (!std::filesystem::exists(file, problem) || std::filesystem::is_regular_file(file, problem));
}

/// Where a file stands, whatever its name.
std::filesystem::path place_of(const std::string& file) {
  std::error_code problem;
  const std::filesystem::path place = std::filesystem::weakly_canonical(std::filesystem::absolute(file), problem);
  return problem ? std::filesystem::path(file) : place;
}

/// A statement is about files that stay: at least one, each its own, and none of them the statement.
void check_statement(const Options& options) {
  if (options.statement.empty()) return;
  std::vector<std::filesystem::path> places{place_of(options.statement)};
  for (const std::string& file : options.output.files) {
    if (!stays(file)) continue;
    if (std::find(places.begin(), places.end(), place_of(file)) != places.end())
      Session::fail(fmt::format("--statement: {} would be written twice", file), "give each report a file of its own");
    places.push_back(place_of(file));
  }
  if (!stays(options.statement) || places.size() < 2)
    Session::fail("--statement: there is no report to make a statement about, or no file for the statement",
                  "write at least one report with -o, and the statement to another file");
}

void run(const Options& options, const Common& common) {
  check_statement(options);
  Session& session = Session::open(common);
  const auto& formats = options.output.formats;
  if (!options.annex.empty() && std::none_of(formats.begin(), formats.end(), is_dossier))
    Session::fail("`--dossier` is for the formats of the dossier", "ask for one with -f html, pdf, pia or dossier-md");
  session.take_words(options.template_folder);
  const Request request = session.request(options.offering, options.assessing);
  const Document* annex_file = options.annex.empty() ? nullptr : session.read(options.annex, "dossier").get();
  const Engine& engine = session.engine(options.assessing.method, options.assessing.rulesets);
  const Assessment& assessment = session.results().emplace_back(engine.assess(request));
  const Messages messages = session.messages();
  const FrameworkResult* audit = audited(options, assessment);
  if (wants(options, "oscal") && !oscal_can_write(assessment.as_of))
    Session::fail(fmt::format("OSCAL cannot write the date {}", assessment.as_of.text()), "its years are 1900 to 2999");
  Annex annex;
  if (annex_file != nullptr) annex = bind_annex(*annex_file, assessment, session.catalogue(), session.diagnostics());
  session.stop_on_errors();
  if (request.workload == nullptr)
    fmt::print(stderr, "sovrisk: no workload given: what depends on the processing stays unknown (-w FILE)\n");
  Dossier dossier;
  if (std::any_of(formats.begin(), formats.end(), is_dossier))
    dossier = make_dossier(assessment, session.catalogue(), messages, annex_file != nullptr ? &annex : nullptr);
  const auto report = [&](const Target& target) -> std::string {
    if (target.format == "json") return assessment_json(assessment, messages, tool());
    if (target.format == "csv") return findings_csv(assessment, messages);
    if (is_dossier(target.format)) return dossier_text(options, dossier, assessment, messages, target.format);
    if (target.format == "oscal") return oscal_assessment_results(assessment, messages, tool());
    if (target.format == "ciso-csv") return ciso_audit(*audit, messages);
    return render_page(assessment_page(assessment, messages, target.format == "md"), target, common);
  };
  std::vector<ReportFile> reports;
  write_outputs(options.output, [&](const Target& target) {
    std::string text = report(target);
    if (!options.statement.empty() && target.to_file && stays(target.file))
      reports.push_back({target.file, target.format, sha256_hex(text)});
    return text;
  });
  std::optional<VerdictCheck> check;
  // --fail-on names the worst verdict that still fails; what is not established never passes.
  if (!options.fail_on.empty())
    check = {options.fail_on,
             at_least(assessment.verdict, options.fail_on == "unacceptable" ? "conditional" : "acceptable")};
  if (!options.statement.empty())
    write_file(options.statement,
               statement_json(assessment, reports, check, sha256_hex(shipped_catalogue()), messages, tool()));
  if (check && check->good == Truth::no) throw Leave{refused};
  if (check && check->good == Truth::unknown) throw Leave{not_established};
}

}  // namespace

void setup_assess(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("OFFERING", options->offering, "id or alias of an offering, such as azure")->required();
  add_assessing(command, options->assessing);
  add_output(command, options->output,
             {"text", "md", "json", "html", "pdf", "dossier-md", "pia", "csv", "oscal", "ciso-csv"});
  command.add_option("--dossier", options->annex, "annex (YAML) with what people add to the dossier")
      ->check(not_empty)
      ->type_name("FILE");
  command
      .add_option("--template", options->template_folder,
                  "folder with a dossier.html or dossier.md (Mustache) or a words.yaml of your own")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  command
      .add_option("--audit", options->audit,
                  "rule set of the audit that -f ciso-csv writes (default: the only one decided)")
      ->type_name("ID");
  command
      .add_option("--statement", options->statement,
                  "file for a statement of evidence: digests of the reports written with -o and of what they rest on")
      ->type_name("FILE")
      ->check(not_empty);
  command.add_option("--fail-on", options->fail_on, "exit 1 on this verdict or worse, 3 when not established")
      ->check(CLI::IsMember({"unacceptable", "conditional"}))
      ->type_name("VERDICT");
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk assess azure -w examples/emc2/workload.yaml --as-of 2023-12-21
  sovrisk assess scaleway -w workload.yaml -f md -o report.md -f json -o report.json --lang fr
  sovrisk assess azure -w workload.yaml --lang fr -f html -o dossier.html -f pdf -o dossier.pdf -f pia -o pia.json
  sovrisk assess azure -w workload.yaml --dossier dossier.yaml -f html -o dossier.html -f dossier-md -o dossier.md
  sovrisk assess azure -w workload.yaml --what-if keys-customer-external
  sovrisk assess azure -w workload.yaml -f html -o dossier.html -f oscal -o results.json --statement statement.json
  sovrisk assess azure -w workload.yaml -f ciso-csv --audit eu-csf -o audit.csv
  sovrisk assess clever-cloud -w workload.yaml --fail-on unacceptable)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
