#include <filesystem>
#include <map>

#include "command.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string policy = "sovrisk.yaml";
  std::string as_of;
  std::string method = "cnil";
  Output output;
};

void run(const Options& options, const Common& common) {
  Session session(common);
  const auto policy = session.read(options.policy, "policy");
  const Node& root = policy->root;
  Assessing assessing;
  assessing.as_of = options.as_of.empty() ? std::string(root.text_of("as_of")) : options.as_of;
  if (assessing.as_of.empty()) assessing.as_of = session.day({}).text();
  const Engine& engine = session.engine(options.method);
  const std::filesystem::path folder = std::filesystem::path(options.policy).parent_path();
  const auto& pairs = root.find("pairs")->items;
  std::vector<Assessment> assessments;
  assessments.reserve(pairs.size());
  std::vector<GatedPair> gated;
  std::map<std::string, const Document*> workloads;
  for (const Node& pair : pairs) {
    const std::string path = (folder / std::string(pair.text_of("workload"))).string();
    const Document*& workload = workloads[path];
    if (workload == nullptr) workload = session.read(path, "workload").get();
    Request request = session.request(std::string(pair.text_of("offering")), assessing);
    request.workload = workload;
    assessments.push_back(engine.assess(request));
    gated.push_back({&assessments.back(), check_pair(pair, root, assessments.back())});
    if (gated.back().checks.empty()) Session::fail(options.policy + ": a pair asks for nothing", "give it `least_verdict`, `least_levels`, `gates` or `denied_laws`");
  }
  std::string on_unknown(root.text_of("on_unknown"));
  if (on_unknown.empty()) on_unknown = "fail";
  const Messages messages = session.messages();
  write_outputs(options.output, [&](const std::string& format) {
    if (format == "json") return gate_json(gated, messages, tool());
    return render_page(gate_page(gated, on_unknown, messages), format, common);
  });
  bool open = false;
  for (const GatedPair& pair : gated)
    for (const GateCheck& check : pair.checks) {
      if (check.result == Truth::no) throw Leave{refused};
      open = open || check.result == Truth::unknown;
    }
  if (open && on_unknown == "fail") throw Leave{not_established};
}

}  // namespace

void setup_gate(CLI::App& app, Common& common) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("gate", "Hold workloads and their offerings against a policy, for CI");
  command->add_option("--policy", options->policy, "policy file (default: sovrisk.yaml)")->type_name("FILE");
  command->add_option("--as-of", options->as_of, "assessment date (default: the policy's, else today)")->type_name("YYYY-MM-DD");
  command->add_option("--method", options->method, "decision method")->type_name("ID");
  add_output(*command, options->output, {"text", "md", "json"});
  add_common(*command, common);
  command->footer(R"(
Exit: 0 every check passes; 1 a check fails; 2 could not run; 3 a check is not established.

Examples:
  sovrisk gate --policy examples/gate/sovrisk.yaml
  sovrisk gate -f json -o gate.json)");
  command->callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
