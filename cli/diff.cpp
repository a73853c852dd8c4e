#include <fmt/format.h>

#include "command.h"
#include "interchange/json.h"
#include "report/diff.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string before;
  std::string after;
  std::string fail_on;
  Output output;
};

/// These files come from a program: the result of a gate lists every resource of a plan.
constexpr Limits limits{std::size_t{64} * 1024 * 1024, 64, 200'000, 4'000'000};

std::optional<Node> read(const std::string& path, Session& session) {
  SourceMap& sources = session.catalogue().sources();
  const FileId file = read_file(sources, path, session.diagnostics(), limits);
  if (file == no_file) return std::nullopt;
  return read_json(sources, file, session.diagnostics(), limits);
}

void run(const Options& options, const Common& common) {
  if (options.before == "-" && options.after == "-") Session::fail("only one of the two can be standard input");
  Session& session = Session::open(common);
  const auto before = read(options.before, session);
  const auto after = read(options.after, session);
  session.stop_on_errors();
  const auto differences = compare_results(*before, *after, session.diagnostics());
  session.stop_on_errors();
  const Messages messages = session.messages();
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return diff_json(*differences, tool());
    if (target.format == "md") return diff_markdown(*differences, messages);
    return render_page(diff_page(*differences, messages), target, common);
  });
  // --fail-on names the least change that still fails: what is worse fails with either.
  const bool worse = differences->count(Change::worse) > 0;
  const bool unknown = differences->count(Change::unknown) > 0;
  if ((worse && !options.fail_on.empty()) || (unknown && options.fail_on == "unknown")) throw Leave{refused};
}

}  // namespace

void setup_diff(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("OLD", options->before, "what `assess -f json` or `gate -f json` wrote, - for standard input")
      ->type_name("FILE")
      ->required()
      ->check(not_empty);
  command.add_option("NEW", options->after, "the same of another day, change or version")
      ->type_name("FILE")
      ->required()
      ->check(not_empty);
  command
      .add_option("--fail-on", options->fail_on,
                  "exit 1 when anything is worse; with `unknown` also when anything is newly unknown")
      ->check(CLI::IsMember({"worse", "unknown"}))
      ->type_name("CHANGE");
  add_output(command, options->output, {"text", "md", "json"});
  add_common(command, common);
  command.footer(R"(
Exit: 0 compared, whatever changed; 1 --fail-on says no; 2 could not run.

Examples:
  sovrisk diff before.json after.json
  sovrisk assess azure -w case.yaml -f json | sovrisk diff accepted.json -
  sovrisk diff main.json branch.json -f md -o comment.md --fail-on unknown)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
