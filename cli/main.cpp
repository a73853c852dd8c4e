// sovrisk: how far can an organisation trust a cloud offering with its data?
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>

#include "command.h"
#include "load/suggest.h"

namespace {

using namespace sovrisk::cli;

constexpr const char* examples = R"(
Examples:
  sovrisk assess azure -w examples/emc2/workload.yaml --as-of 2023-12-21
  sovrisk compare azure clever-cloud scaleway -w workload.yaml
  sovrisk explain azure us-cloud-act -w workload.yaml
  sovrisk gate --policy sovrisk.yaml
  sovrisk list providers

Exit codes: 0 done and passed; 1 the gate says no; 2 could not run; 3 not established.
Results go to standard output, words about them to standard error.)";

struct Command {
  const char* name;
  const char* description;
  void (*set_up)(CLI::App&, Common&);
};
constexpr Command commands[] = {
    {"assess", "Assess an offering for a workload: verdict, laws, frameworks, risks, actions", setup_assess},
    {"compare", "Put offerings side by side for one workload", setup_compare},
    {"gate", "Hold workloads, their offerings and planned infrastructure against a policy, for CI", setup_gate},
    {"diff", "Tell what changed between two assessments, or two results of a gate", setup_diff},
    {"explain", "Explain why a law reaches an offering, or why not: facts, sources, limits", setup_explain},
    {"dossier", "What people add to a dossier: what is open, and what it rests on", setup_dossier},
    {"validate", "Check files: shape, references, conditions", setup_validate},
    {"list", "List what the catalogue holds", setup_list},
    {"init", "Start a file: required keys, and all others as comments", setup_init},
    {"import", "Make entries of an OSCAL component definition, of Gaia-X credentials or of a sheet of answers",
     setup_import},
    {"interview", "Ask for the facts that are missing, the most telling first, and keep the answers", setup_interview},
    {"show", "Show an entry of the catalogue with its sources", setup_show},
    {"schema", "Print the JSON Schema of a format, or list the formats", setup_schema},
    {"test", "Run the example cases that laws, rule sets and methods carry, and worked examples", setup_test},
};

/// CLI11 reports an unknown command as an extra argument; say what was near.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with('-')) continue;
    if (std::find(names.begin(), names.end(), word) != names.end()) return {};
    const std::string near = sovrisk::nearest(word, names);
    std::sort(names.begin(), names.end());
    return fmt::format(
        "unknown command `{}`; {}", sovrisk::printable(word),
        near.empty() ? fmt::format("one of: {}", fmt::join(names, ", ")) : fmt::format("did you mean `{}`?", near));
  }
  return {};
}

std::string unknown_option(const CLI::App& app, const std::string& message, int argc, char** argv) {
  const CLI::App* command = &app;
  for (const CLI::App* chosen : app.get_subcommands())
    command = chosen;
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (!word.starts_with("--") || std::find(names.begin(), names.end(), word) != names.end()) continue;
    if (const std::string near = sovrisk::nearest(word, names); !near.empty())
      return fmt::format("unknown option `{}`; did you mean `{}`?", sovrisk::printable(word), near);
  }
  return sovrisk::printable(message);
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{
      "sovrisk tells how far an organisation can trust a cloud offering with its data:\nwhich foreign laws reach it, "
      "how it fares under published frameworks, what would have to change."};
  app.name("sovrisk");
  app.footer(examples);
  app.set_version_flag("--version", fmt::format("sovrisk {}", SOVRISK_VERSION));
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(34);

  Common common;
  for (const auto& [name, description, set_up] : commands) {
    CLI::App* command = app.add_subcommand(name, description);
    // The options of the one command that is asked for: those of all take longer than a start.
    command->preparse_callback([command, &common, set_up = set_up](std::size_t) { set_up(*command, common); });
  }

  try {
    app.parse(argc, argv);
    if (app.get_subcommands().empty()) {
      fmt::print(stderr, "{}", app.help());
      return not_run;
    }
    return passed;
  } catch (const Leave& leave) {
    return leave.code;
  } catch (const CLI::CallForHelp& help) {
    app.exit(help);
    return std::cout.flush() ? passed : not_run;
  } catch (const CLI::CallForVersion& version) {
    app.exit(version);
    return std::cout.flush() ? passed : not_run;
  } catch (const CLI::ParseError& error) {
    std::string what = unknown_command(app, argc, argv);
    if (what.empty()) what = unknown_option(app, error.what(), argc, argv);
    fmt::print(stderr, "sovrisk: error: {}\n", what);
    fmt::print(stderr, "`sovrisk --help` and `sovrisk COMMAND --help` tell more\n");
    return not_run;
  } catch (const std::exception& error) {
    fmt::print(stderr, "sovrisk: error: {}\n", sovrisk::printable(error.what()));
    return not_run;
  }
}
