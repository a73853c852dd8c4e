#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "command.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string policy = "sovrisk.yaml";
  std::string as_of;
  std::string method;  ///< empty: the default of the catalogue
  Output output;
};

/// A level or gate that the rule set does not have would never be decided: that is a mistake in the policy.
void decidable(const Node& pair, const Engine& engine, Session& session) {
  const auto way = [&](const std::string& id, std::string_view key) {
    const Document* ruleset = session.catalogue().find("ruleset", id);
    const Node* aggregate = ruleset != nullptr ? ruleset->root.find("aggregate") : nullptr;
    const bool decided = std::any_of(engine.rulesets().begin(), engine.rulesets().end(),
                                     [&](const RuleSet& set) { return set.id == id; });
    const std::string_view value = aggregate != nullptr ? aggregate->text_of(key) : std::string_view();
    return decided && !value.empty() && value != "none";
  };
  Diagnostics& found = session.diagnostics();
  if (const Node* levels = pair.find("least_levels"))
    for (const Member& level : levels->members)
      if (!way(level.key, "level"))
        found.error("never-decided", level.key_span, fmt::format("`{}` has no levels under this method", level.key),
                    "ask for its gate with `gates`, or leave it out");
  if (const Node* gates = pair.find("gates"))
    for (const Node& gate : gates->items)
      if (!way(gate.text, "gate"))
        found.error("never-decided", gate.span, fmt::format("`{}` has no gate under this method", gate.text),
                    "ask for a level with `least_levels`, or leave it out");
  session.stop_on_errors();
}

/// The rule sets that a pair asks for.
void add_asked(const Node& pair, std::vector<std::string>& rulesets) {
  if (const Node* levels = pair.find("least_levels"))
    for (const Member& level : levels->members)
      rulesets.push_back(level.key);
  if (const Node* gates = pair.find("gates"))
    for (const Node& gate : gates->items)
      rulesets.push_back(gate.text);
}

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  const auto policy = session.read(options.policy, "policy");
  const Node& root = policy->root;
  Assessing assessing;
  assessing.as_of = options.as_of.empty() ? std::string(root.text_of("as_of")) : options.as_of;
  if (assessing.as_of.empty()) assessing.as_of = session.day({}).text();
  const auto& pairs = root.find("pairs")->items;
  // What a policy asks for is decided whether or not the method asks for it, due or not.
  for (const Node& pair : pairs)
    add_asked(pair, assessing.rulesets);
  const Engine& engine = session.engine(options.method, assessing.rulesets);
  const std::filesystem::path folder = std::filesystem::path(options.policy).parent_path();
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
    decidable(pair, engine, session);
    gated.push_back({&assessments.back(), check_pair(pair, root, assessments.back())});
    if (gated.back().checks.empty())
      Session::fail(options.policy + ": a pair asks for nothing",
                    "give it `least_verdict`, `least_levels`, `gates` or `denied_laws`");
  }
  std::string on_unknown(root.text_of("on_unknown"));
  if (on_unknown.empty()) on_unknown = "fail";
  const Messages messages = session.messages();
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return gate_json(gated, messages, tool());
    return render_page(gate_page(gated, on_unknown, messages), target, common);
  });
  bool open = false;
  for (const GatedPair& pair : gated)
    for (const GateCheck& check : pair.checks) {
      if (check.result == Truth::no) throw Leave{refused};
      open = open || check.result == Truth::unknown;
    }
  if (open && on_unknown == "fail") throw Leave{not_established};
  if (open && on_unknown == "warn")
    fmt::print(stderr, "sovrisk: warning: some checks are not established and were let pass (on_unknown: warn)\n");
}

}  // namespace

void setup_gate(CLI::App& app, Common& common) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("gate", "Hold workloads and their offerings against a policy, for CI");
  command->add_option("--policy", options->policy, "policy file (default: sovrisk.yaml)")->type_name("FILE");
  command->add_option("--as-of", options->as_of, "assessment date (default: the policy's, else today)")
      ->type_name("YYYY-MM-DD")
      ->check(not_empty);
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
