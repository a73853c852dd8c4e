#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "assess/policy.h"
#include "command.h"
#include "infra/infrastructure.h"
#include "infra/source_lines.h"
#include "interchange/json.h"
#include "load/reader.h"
#include "report/gate_formats.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string policy = "sovrisk.yaml";
  std::string as_of;
  std::string method;  ///< empty: the default of the catalogue
  std::vector<std::string> plans;
  std::string source_folder;
  InfrastructureOptions infrastructure;
  std::string on_unknown;
  std::string baseline;
  bool no_exceptions = false;
  bool omit_excepted = false;
  Output output;
};

/// A level, score or gate that the rule set does not have would never be decided: that is a mistake in the policy.
void decidable(const Node& policy, const Engine& engine, Session& session) {
  const auto way = [&](const std::string& id, std::string_view key) {
    const Document* ruleset = session.catalogue().find("ruleset", id);
    const Node* aggregate = ruleset != nullptr ? ruleset->root.find("aggregate") : nullptr;
    const bool decided = std::any_of(engine.rulesets().begin(), engine.rulesets().end(),
                                     [&](const RuleSet& set) { return set.id == id; });
    const std::string_view value = aggregate != nullptr ? aggregate->text_of(key) : std::string_view();
    return decided && !value.empty() && value != "none";
  };
  Diagnostics& found = session.diagnostics();
  for_each_asking(policy, [&](const Node& asking) {
    if (const Node* levels = asking.find("least_levels"))
      for (const Member& level : levels->members)
        if (!way(level.key, "level"))
          found.error("never-decided", level.key_span, fmt::format("`{}` has no levels under this method", level.key),
                      "ask for its gate with `gates`, or leave it out");
    if (const Node* scores = asking.find("least_scores"))
      for (const Member& score : scores->members)
        if (!way(score.key, "score"))
          found.error("never-decided", score.key_span, fmt::format("`{}` has no score under this method", score.key),
                      "ask for a level with `least_levels`, or leave it out");
    if (const Node* gates = asking.find("gates"))
      for (const Node& gate : gates->items)
        if (!way(gate.text, "gate"))
          found.error("never-decided", gate.span, fmt::format("`{}` has no gate under this method", gate.text),
                      "ask for a level with `least_levels`, or leave it out");
  });
  session.stop_on_errors();
}

/// Results are written by this program; of a plan with very many resources they are long.
constexpr Limits results{std::size_t{256} << 20, 64, 2'000'000, 40'000'000};

/// The deviations of an earlier run, as `-f json` wrote them.
Baseline read_baseline(const std::string& path, Session& session) {
  SourceMap& sources = session.catalogue().sources();
  const FileId file = read_file(sources, path, session.diagnostics(), results);
  session.stop_on_errors();
  const auto root = read_json(sources, file, session.diagnostics(), results);
  session.stop_on_errors();
  if (root->text_of("format") != "sovrisk-gate/1")
    Session::fail(path + ": is no result of a gate", "write one with `sovrisk gate -f json -o FILE`");
  Baseline baseline;
  const Node* subjects = root->find("subjects");
  static const Node none;
  for (const Node& subject : subjects != nullptr ? subjects->items : none.items) {
    const Node* checks = subject.find("checks");
    for (const Node& check : checks != nullptr ? checks->items : none.items) {
      KnownDeviation known;
      for (const Outcome outcome : {Outcome::passed, Outcome::excepted, Outcome::warned, Outcome::open})
        if (check.text_of("outcome") == name_of(outcome)) known.outcome = outcome;
      if (known.outcome == Outcome::passed) continue;
      known.found = check.text_of("found");
      if (const Node* value = check.find("value")) known.value = value->number;
      baseline.emplace(std::pair(std::string(subject.text_of("id")), std::string(check.text_of("rule"))),
                       std::move(known));
    }
  }
  return baseline;
}

class Run {
 public:
  Run(const Options& options, const Common& common)
      : options_(options), common_(common), session_(Session::open(common)) {}

  void run() {
    const auto document = session_.read(options_.policy, "policy");
    const Node& root = document->root;
    folder_ = std::filesystem::path(options_.policy).parent_path();
    assessing_.as_of = options_.as_of.empty() ? std::string(root.text_of("as_of")) : options_.as_of;
    if (assessing_.as_of.empty()) assessing_.as_of = session_.day({}).text();
    // What a policy asks for is decided whether or not the method asks for it, due or not.
    assessing_.rulesets = rulesets_asked(root);
    const Engine& engine = session_.engine(options_.method, assessing_.rulesets);
    decidable(root, engine, session_);
    Policy policy = compile_policy(*document, exceptions(root), session_.catalogue(), engine.groups(),
                                   session_.day(assessing_.as_of), options_.on_unknown, session_.diagnostics());
    session_.stop_on_errors();
    if (options_.no_exceptions) policy.exceptions.clear();
    Gate gate(std::move(policy), engine);
    if (!options_.baseline.empty()) gate.compare_with(read_baseline(options_.baseline, session_));
    const Node* pairs = root.find("pairs");
    const bool planned = root.find("infrastructure") != nullptr;
    if (!planned && !options_.plans.empty())
      Session::fail(options_.policy + ": the policy says nothing of infrastructure",
                    "say under `infrastructure` which workload it serves and what is asked of it");
    if (planned && options_.plans.empty() && pairs == nullptr)
      Session::fail("the policy asks for infrastructure, and no plan is given", "name one with `--terraform FILE`");
    if (planned && options_.plans.empty())
      fmt::print(stderr,
                 "sovrisk: no plan given: what the policy asks of infrastructure is not looked at (--terraform)\n");
    if (pairs != nullptr)
      for (const Node& pair : pairs->items)
        this->pair(pair, engine, gate);
    for (const std::string& plan : options_.plans)
      this->plan(plan, root, gate);
    finish(gate.finish());
  }

 private:
  /// Paths in reports are those of the repository that the run is in, wherever in it the run was started.
  [[nodiscard]] GateFormatOptions repository() const {
    GateFormatOptions places;
    std::error_code problem;
    const std::filesystem::path here = std::filesystem::current_path(problem);
    if (problem) return places;
    places.folder = places.root = here.string();
    for (std::filesystem::path up = here; !up.empty(); up = up.parent_path()) {
      if (std::filesystem::exists(up / ".git", problem)) places.root = up.string();
      if (std::filesystem::exists(up / ".git", problem) || up == up.root_path()) break;
    }
    places.excepted = !options_.omit_excepted;
    return places;
  }

  const Document* exceptions(const Node& policy) {
    const Node* named = policy.find("exceptions");
    if (named == nullptr || named->kind != Node::Kind::text || options_.no_exceptions) return nullptr;
    return session_.read((folder_ / named->text).string(), "exceptions").get();
  }

  const Document* workload(const std::string& named) {
    const std::string path = (folder_ / named).string();
    const Document*& workload = workloads_[path];
    if (workload == nullptr) workload = session_.read(path, "workload").get();
    return workload;
  }

  void pair(const Node& pair, const Engine& engine, Gate& gate) {
    Request request = session_.request(std::string(pair.text_of("offering")), assessing_);
    request.workload = workload(std::string(pair.text_of("workload")));
    if (!gate.add_pair(pair, engine.assess(request)))
      Session::fail(options_.policy + ": a pair asks for nothing",
                    "give it `least_verdict`, `least_levels`, `gates`, `denied_laws` or `places`");
  }

  void plan(const std::string& path, const Node& policy, Gate& gate) {
    InfrastructureOptions reading = options_.infrastructure;
    if (const Node* meant = policy.find("infrastructure")->find("meant"))
      for (const Member& member : meant->members)
        reading.meant[session_.need("offering", member.key, "offering").id] =
            session_.need("offering", member.value.text, "offering").id;
    if (!tables_) tables_ = placement_tables(session_.catalogue());
    auto read = read_infrastructure(session_.catalogue().sources(), path, *tables_, reading, session_.diagnostics());
    session_.stop_on_errors();
    plans_.push_back(std::make_unique<Infrastructure>(std::move(*read)));
    Gate::Sources sources;
    sources.request = [&](const std::string& offering) { return session_.request(offering, assessing_); };
    sources.workload = [&](const std::string& named) { return workload(named); };
    if (!options_.source_folder.empty() && !lines_)
      lines_.emplace(session_.catalogue().sources(), options_.source_folder);
    if (lines_) sources.line = [&](const std::string& address) { return lines_->find(address); };
    gate.add_plan(*plans_.back(), sources);
  }

  void finish(const GateResult& result) {
    const Messages messages = session_.messages();
    const GateFormatOptions places = repository();
    const SourceMap& sources = session_.sources();
    write_outputs(options_.output, [&](const Target& target) {
      const std::string& format = target.format;
      if (format == "json") return gate_json(result, messages, tool(), sources);
      if (format == "sarif") return gate_sarif(result, messages, tool(), sources, places);
      if (format == "junit") return gate_junit(result, messages, sources, JunitFlavour::plain, places);
      if (format == "junit-gitlab") return gate_junit(result, messages, sources, JunitFlavour::gitlab, places);
      if (format == "github") return gate_github(result, messages, sources, places);
      if (format == "code-quality") return gate_code_quality(result, messages, sources, places);
      if (format == "summary") return gate_summary(result, messages, sources, places);
      if (format == "cyclonedx") return gate_cyclonedx(result, messages, tool(), places);
      return render_page(gate_page(result, messages), target, common_);
    });
    for (const PolicyException& one : result.exceptions) {
      if (one.expiring && one.used > 0)
        fmt::print(stderr, "sovrisk: warning: the exception of {} for {} ends on {}\n", printable(one.rule),
                   printable(one.subject), one.expires.text());
      if (one.state == PolicyException::State::in_force && one.used == 0)
        fmt::print(stderr, "sovrisk: warning: the exception of {} for {} is not used\n", printable(one.rule),
                   printable(one.subject));
    }
    if (result.counts.warned > 0 && result.on_unknown == "warn")
      fmt::print(stderr, "sovrisk: warning: some checks are not established and were let pass (on_unknown: warn)\n");
    if (result.outcome() == Outcome::failed) throw Leave{refused};
    if (result.outcome() == Outcome::open) throw Leave{not_established};
  }

  const Options& options_;
  const Common& common_;
  Session& session_;
  Assessing assessing_;
  std::filesystem::path folder_;
  std::map<std::string, const Document*> workloads_;
  std::optional<PlacementTables> tables_;
  std::vector<std::unique_ptr<Infrastructure>> plans_;
  std::optional<SourceLines> lines_;
};

}  // namespace

void setup_gate(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("--policy", options->policy, "policy file (default: sovrisk.yaml)")->type_name("FILE");
  command.add_option("--as-of", options->as_of, "assessment date (default: the policy's, else today)")
      ->type_name("YYYY-MM-DD")
      ->check(not_empty);
  command.add_option("--method", options->method, "decision method")->type_name("ID");
  command
      .add_option(
          "--terraform,--plan,--template", options->plans,
          "infrastructure to check: a Terraform or OpenTofu plan or state (`show -json`), a CloudFormation or an "
          "ARM template; - for standard input (may repeat)")
      ->type_name("FILE")
      ->check(not_empty);
  command
      .add_option("--terraform-dir", options->source_folder,
                  "folder of the configuration that the plan was made of: findings then name its lines")
      ->type_name("DIR")
      ->check(CLI::ExistingDirectory);
  command.add_option("--region", options->infrastructure.region, "where a template is deployed to, if it does not say")
      ->type_name("CODE")
      ->check(not_empty);
  command.add_flag("--include-existing", options->infrastructure.include_existing,
                   "with resources that a plan leaves as they are or deletes");
  command.add_option("--on-unknown", options->on_unknown, "what is not established: fail (exit 3), warn or pass")
      ->check(CLI::IsMember({"fail", "warn", "pass"}))
      ->type_name("WHAT");
  command.add_flag("--no-exceptions", options->no_exceptions, "count no exception");
  command.add_option("--baseline", options->baseline, "an earlier `-f json`: fail only on what got worse")
      ->type_name("FILE")
      ->check(not_empty);
  add_output(
      command, options->output,
      {"text", "md", "json", "sarif", "junit", "junit-gitlab", "github", "code-quality", "summary", "cyclonedx"});
  command.add_flag("--sarif-omit-excepted", options->omit_excepted, "leave what is excepted out of SARIF");
  add_common(command, common);
  command.footer(R"(
Exit: 0 every check passes; 1 a check fails; 2 could not run; 3 a check is not established.

Examples:
  sovrisk gate --policy examples/gate/sovrisk.yaml
  terraform show -json tfplan | sovrisk gate --terraform -
  sovrisk gate --terraform plan.json --baseline main.json -f json -o gate.json -f sarif -o gate.sarif)");
  command.callback([options, &common] { Run(*options, common).run(); });
}

}  // namespace sovrisk::cli
