#include "command.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::vector<std::string> offerings;
  Assessing assessing;
  Output output;
};

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  for (const std::string& offering : options.offerings)
    (void)session.need("offering", offering, "offering");
  Request request = session.request(options.offerings.front(), options.assessing);
  const Engine& engine = session.engine(options.assessing.method, options.assessing.rulesets);
  std::vector<Assessment>& assessments = session.results();
  for (const std::string& offering : options.offerings) {
    request.offering = session.need("offering", offering, "offering").id;
    assessments.push_back(engine.assess(request));
  }
  const Messages messages = session.messages();
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return compare_json(assessments, messages, tool());
    return render_page(compare_page(assessments, messages), target, common);
  });
}

}  // namespace

void setup_compare(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("OFFERING", options->offerings, "ids or aliases of offerings")->required()->expected(1, 50);
  add_assessing(command, options->assessing);
  add_output(command, options->output, {"text", "md", "json"});
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk compare azure clever-cloud -w examples/emc2/workload.yaml
  sovrisk compare azure aws scaleway ovhcloud -w workload.yaml -f md -o comparison.md)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
