#include "report/dossier.h"

#include <fmt/format.h>

#include "command.h"
#include "load/insert.h"
#include "report/dossier_check.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string annex;
  std::string offering;
  Assessing assessing;
  Output output;
  std::string file;  ///< of stamp
};

/// An annex held against the assessment that it is of.
struct Held {
  Session& session;
  std::shared_ptr<const Document> file;
  Assessment assessment;
  Annex annex;
};

Held hold(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  auto file = session.read(options.annex, "dossier");
  const Request request = session.request(options.offering, options.assessing);
  Assessment assessment = session.engine(options.assessing.method, options.assessing.rulesets).assess(request);
  Annex annex = bind_annex(*file, assessment, session.catalogue(), session.diagnostics());
  session.stop_on_errors();
  return {session, std::move(file), std::move(assessment), std::move(annex)};
}

std::size_t count(const Annex& annex, Bond bond) {
  return static_cast<std::size_t>(std::count_if(annex.entries.begin(), annex.entries.end(),
                                                [&](const AnnexEntry& entry) { return entry.bond == bond; }));
}

void check(const Options& options, const Common& common) {
  const Held held = hold(options, common);
  const Messages messages = held.session.messages();
  const Dossier dossier = make_dossier(held.assessment, held.session.catalogue(), messages, &held.annex);
  const std::vector<OpenPoint> points = open_points(dossier, held.assessment, messages);
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return check_json(points, dossier, held.assessment, tool());
    return render_page(check_page(points, dossier, held.assessment, messages), target, common);
  });
  if (const std::size_t loose = count(held.annex, Bond::unbound); loose > 0)
    fmt::print(stderr, "sovrisk: {} {} bound to the assessment; `sovrisk dossier stamp` binds\n", loose,
               loose == 1 ? "entry is not" : "entries are not");
  switch (readiness(points)) {
    case Readiness::ready: return;
    case Readiness::open: throw Leave{refused};
    case Readiness::undetermined: throw Leave{not_established};
  }
}

void stamp(const Options& options, const Common& common) {
  const Held held = hold(options, common);
  std::vector<KeyToAdd> keys;
  for (const AnnexEntry& entry : held.annex.entries)
    if (entry.bond == Bond::unbound) keys.push_back({entry.node, "ground", entry.ground});
  const std::string& text = held.session.sources()[held.file->file].text;
  const auto stamped = with_keys(text, held.file->root, keys);
  if (!stamped) {
    fmt::print(stderr, "sovrisk: error: the grounds cannot be put into {}; add these lines yourself\n",
               printable(options.annex));
    for (const AnnexEntry& entry : held.annex.entries)
      if (entry.bond == Bond::unbound) fmt::print(stderr, "  {}: ground: {}\n", printable(entry.place), entry.ground);
    throw Leave{not_run};
  }
  if (options.file.empty() || options.file == "-") {
    print_out(*stamped);
  } else {
    write_file(options.file, *stamped);
  }
  fmt::print(stderr, "sovrisk: {} recorded, {} there before\n", keys.size(), held.annex.entries.size() - keys.size());
  if (const std::size_t moved = count(held.annex, Bond::moved); moved > 0)
    fmt::print(
        stderr,
        "sovrisk: the ground of {} {} has moved and stays as it is; look at them, then take the `ground` away and "
        "stamp again\n",
        moved, moved == 1 ? "entry" : "entries");
}

CLI::App* part(CLI::App& app, const std::string& name, const std::string& description,
               const std::shared_ptr<Options>& options, Common& common) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("FILE", options->annex, "annex (YAML), - for standard input")->required()->check(not_empty);
  command->add_option("OFFERING", options->offering, "id or alias of the offering")->required();
  add_assessing(*command, options->assessing);
  add_common(*command, common);
  return command;
}

}  // namespace

void setup_dossier(CLI::App& command, Common& common) {
  command.require_subcommand(1);

  auto checking = std::make_shared<Options>();
  CLI::App* checks = part(command, "check", "List what is still open before a dossier is signed", checking, common);
  add_output(*checks, checking->output, {"text", "md", "json"});
  checks->footer(R"(
Exit: 0 nothing is open; 1 something is; 2 could not run; 3 it depends on duties that missing facts leave undetermined.

Examples:
  sovrisk dossier check dossier.yaml azure -w workload.yaml
  sovrisk dossier check examples/emc2/dossier.yaml azure -w examples/emc2/workload.yaml --as-of 2023-12-21 -f json)");
  checks->callback([checking, &common] { check(*checking, common); });

  auto stamping = std::make_shared<Options>();
  CLI::App* stamps =
      part(command, "stamp", "Record what the assessment says now in entries that keep no ground", stamping, common);
  stamps->add_option("-o,--output", stamping->file, "file to write instead of standard output; it may be FILE itself")
      ->type_name("FILE")
      ->check(not_empty);
  stamps->footer(R"(
Adds a `ground` to each entry without one, and changes nothing else.

Examples:
  sovrisk dossier stamp dossier.yaml azure -w workload.yaml -o dossier.yaml
  sovrisk dossier stamp dossier.yaml azure -w workload.yaml | diff dossier.yaml -)");
  stamps->callback([stamping, &common] { stamp(*stamping, common); });
  command.footer(R"(
Examples:
  sovrisk init dossier -o dossier.yaml
  sovrisk dossier stamp dossier.yaml azure -w workload.yaml -o dossier.yaml
  sovrisk dossier check dossier.yaml azure -w workload.yaml)");
}

}  // namespace sovrisk::cli
