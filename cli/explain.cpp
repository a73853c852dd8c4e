#include "command.h"
#include "report/graph.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string offering;
  std::string law;
  Assessing assessing;
  Output output;
};

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  const Document& document = session.need("law", options.law, "law");
  const Request request = session.request(options.offering, options.assessing);
  const Engine& engine = session.engine(options.assessing.method, options.assessing.rulesets);
  const Assessment& assessment = session.results().emplace_back(engine.assess(request));
  const Messages messages = session.messages();
  for (const Law& law : engine.laws()) {
    if (law.id != document.id) continue;
    write_outputs(options.output, [&](const Target& target) {
      if (target.format == "svg") return printable(graph_svg(entity_graph(assessment, law, messages)));
      if (target.format == "dot") return printable(graph_dot(entity_graph(assessment, law, messages)));
      if (target.format == "mermaid") return printable(graph_mermaid(entity_graph(assessment, law, messages)));
      if (target.format == "json") return explain_json(assessment, law, messages, tool());
      return render_page(explain_page(assessment, law, document.root, messages), target, common);
    });
  }
}

}  // namespace

void setup_explain(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("OFFERING", options->offering, "id or alias of an offering")->required();
  command.add_option("LAW", options->law, "id of a law, such as us-cloud-act")->required();
  add_assessing(command, options->assessing);
  add_output(command, options->output, {"text", "md", "json", "svg", "dot", "mermaid"});
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk explain azure us-cloud-act -w examples/emc2/workload.yaml --as-of 2023-12-21
  sovrisk explain ovhcloud us-cloud-act --lang fr
  sovrisk explain s3ns us-ear -f json
  sovrisk explain azure us-cloud-act -f svg -o reach.svg      # who holds whom, the way marked)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
