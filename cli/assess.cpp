#include "command.h"

#include <fmt/format.h>

#include <stdexcept>

#include "pdf.h"
#include "report/dossier.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string offering;
  Assessing assessing;
  Output output;
  std::string fail_on;
  std::string template_folder;
};

std::string dossier_text(const Options& options, const Assessment& assessment, const Catalogue& catalogue,
                         const Messages& messages, const std::string& format) {
  const Dossier dossier = make_dossier(assessment, catalogue, messages);
  if (format == "pia") return dossier_pia(dossier, assessment, messages);
  try {
    std::string html = dossier_html(dossier, assessment, messages, tool(), dossier_template(options.template_folder));
    return format == "pdf" ? pdf_of(html) : html;
  } catch (const std::invalid_argument& error) {
    Session::fail(fmt::format("the template is not valid: {}", error.what()));
  }
}

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  const Request request = session.request(options.offering, options.assessing);
  const Assessment assessment = session.engine(options.assessing.method, options.assessing.rulesets).assess(request);
  const Messages messages = session.messages();
  if (request.workload == nullptr)
    fmt::print(stderr, "sovrisk: no workload given: what depends on the processing stays unknown (-w FILE)\n");
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return assessment_json(assessment, messages, tool());
    if (target.format == "csv") return findings_csv(assessment, messages);
    if (target.format == "html" || target.format == "pdf" || target.format == "pia")
      return dossier_text(options, assessment, session.catalogue(), messages, target.format);
    return render_page(assessment_page(assessment, messages, target.format == "md"), target, common);
  });
  if (options.fail_on.empty()) return;
  // --fail-on names the worst verdict that still fails; what is not established never passes.
  const std::string least = options.fail_on == "unacceptable" ? "conditional" : "acceptable";
  const Truth good = at_least(assessment.verdict, least);
  if (good == Truth::no) throw Leave{refused};
  if (good == Truth::unknown) throw Leave{not_established};
}

}  // namespace

void setup_assess(CLI::App& app, Common& common) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("assess", "Assess an offering for a workload: verdict, laws, frameworks, risks, actions");
  command->add_option("OFFERING", options->offering, "id or alias of an offering, such as azure")->required();
  add_assessing(*command, options->assessing);
  add_output(*command, options->output, {"text", "md", "json", "html", "pdf", "pia", "csv"});
  command->add_option("--template", options->template_folder, "folder with a dossier.html of your own (Mustache)")
      ->check(CLI::ExistingDirectory)
      ->type_name("DIR");
  command->add_option("--fail-on", options->fail_on, "exit 1 on this verdict or worse, 3 when not established")
      ->check(CLI::IsMember({"unacceptable", "conditional"}))
      ->type_name("VERDICT");
  add_common(*command, common);
  command->footer(R"(
Examples:
  sovrisk assess azure -w examples/emc2/workload.yaml --as-of 2023-12-21
  sovrisk assess scaleway -w workload.yaml -f md -o report.md -f json -o report.json --lang fr
  sovrisk assess azure -w workload.yaml --lang fr -f html -o dossier.html -f pdf -o dossier.pdf -f pia -o pia.json
  sovrisk assess azure -w workload.yaml --what-if keys-customer-external
  sovrisk assess clever-cloud -w workload.yaml --fail-on unacceptable)");
  command->callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
