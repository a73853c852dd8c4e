#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "command.h"
#include "load/skeleton.h"
#include "load/suggest.h"
#include "load/utf8.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string kind;
  std::string id;
  std::string title;
  std::string file;
  bool force = false;
};

/// A format, and the word under `kind` where it has several.
struct Format {
  std::string_view name;
  std::string_view variant;
};

/// What people call the formats.
const std::map<std::string, Format, std::less<>> kinds{{"provider", {"offering", ""}},
                                                       {"offering", {"offering", ""}},
                                                       {"entity", {"entity", ""}},
                                                       {"workload", {"workload", ""}},
                                                       {"policy", {"policy", ""}},
                                                       {"dossier", {"dossier", ""}},
                                                       {"measure", {"overlay", "measure"}},
                                                       {"scenario", {"overlay", "scenario"}},
                                                       {"correction", {"overlay", "correction"}},
                                                       {"law", {"law", ""}},
                                                       {"reach-rule", {"reach-rule", ""}},
                                                       {"rules", {"ruleset", ""}},
                                                       {"ruleset", {"ruleset", ""}},
                                                       {"method", {"method", ""}},
                                                       {"case", {"case", ""}},
                                                       {"country-group", {"country-group", ""}}};

Format format_of(const std::string& kind) {
  if (const auto found = kinds.find(kind); found != kinds.end()) return found->second;
  std::vector<std::string> names;
  names.reserve(kinds.size());
  for (const auto& [name, format] : kinds)
    names.push_back(name);
  std::string hint = did_you_mean(kind, names);
  if (hint.empty()) hint = "`sovrisk init --help` lists what there is";
  Session::fail(fmt::format("no kind of file is called `{}`", kind), hint);
}

/// The id asked for, or `my-KIND`, if the format lets it be one.
std::string id_for(const Options& options, const Format& format, const SchemaSet& schemas) {
  const Node& root = *schemas.find(fmt::format("{}.schema.json", format.name));
  const Node* rule = schemas.property(root, "id");
  if (options.id.empty()) return fmt::format("my-{}", options.kind);
  if (rule == nullptr) Session::fail(fmt::format("a {} has no id", options.kind), "name the file with -o");
  Node id;
  id.kind = Node::Kind::text;
  id.text = options.id;
  Diagnostics found;
  schemas.check(id, *rule, found);
  if (found.has_errors())
    Session::fail(fmt::format("`{}` cannot be an id", options.id),
                  "write up to 80 lower-case letters, digits and hyphens, a letter or digit first");
  return options.id;
}

void run(const Options& options, const Common& common) {
  const Format format = format_of(options.kind);
  const SchemaSet& schemas = Session::open(common).catalogue().schemas();
  const std::string id = id_for(options, format, schemas);
  if (utf8::find_invalid(options.title) != std::string_view::npos)
    Session::fail("the title is not UTF-8", "set the terminal's encoding to UTF-8");
  const bool to_file = !options.file.empty() && options.file != "-";
  std::error_code none;
  if (to_file && !options.force && std::filesystem::is_regular_file(options.file, none))
    Session::fail(fmt::format("{} is there already", options.file),
                  "choose another name, or overwrite it with --force");
  Output output;
  if (to_file) output.files.push_back(options.file);
  write_outputs(output,
                [&](const Target&) { return skeleton(schemas, format.name, id, options.title, format.variant); });
  if (to_file) {
    const std::string file = printable(options.file);
    fmt::print(stderr, "{0} is written; `sovrisk validate {0}` checks it\n", file);
  }
}

}  // namespace

void setup_init(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command
      .add_option(
          "KIND", options->kind,
          "provider, entity, workload, policy, dossier, measure, scenario, correction, law, rules, method, case, "
          "reach-rule or country-group")
      ->required();
  command.add_option("ID", options->id, "id of the new entry (my-KIND without it)")->check(not_empty);
  command.add_option("--title", options->title, "its title or name (the id without it)")
      ->type_name("TEXT")
      ->check(not_empty);
  command.add_option("-o,--output", options->file, "file to write instead of standard output; one that is there stays")
      ->type_name("FILE")
      ->check(not_empty);
  command.add_flag("--force", options->force, "overwrite the file of -o");
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk init provider my-cloud --title "My Cloud" -o my-catalogue/my-cloud.yaml
  sovrisk init entity my-cloud-sa -o my-catalogue/my-cloud-sa.yaml
  sovrisk init workload -o my-case.yaml
  sovrisk init policy -o sovrisk.yaml
  sovrisk init dossier -o dossier.yaml
  sovrisk init law | less)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
