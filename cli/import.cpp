#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>

#include "command.h"
#include "interchange/answers.h"
#include "interchange/import.h"
#include "interchange/json.h"
#include "load/suggest.h"
#include "load/writer.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string format;
  std::vector<std::string> files;
  std::string seen;
  std::string component;
  std::string id;
  std::string offering;
  std::string by = "bidder";
  std::string folder;
  bool force = false;
};

constexpr std::string_view oscal = "oscal-component";
constexpr std::string_view gaia_x = "gaia-x";

void check(const Options& options, const Catalogue& catalogue) {
  if (options.format != oscal && options.format != gaia_x) {
    std::vector<std::string> formats = answer_sheets(catalogue);
    formats.insert(formats.end(), {std::string(oscal), std::string(gaia_x)});
    Session::fail(fmt::format("nothing is imported from `{}`", options.format), did_you_mean(options.format, formats));
  }
  if (!options.offering.empty()) Session::fail("`--offering` is for sheets of answers");
  const bool one = options.format == oscal;
  if (one && options.files.size() > 1) Session::fail("an OSCAL component definition is one file");
  if (!one && (!options.component.empty() || !options.id.empty()))
    Session::fail("`--component` and `--id` are for `sovrisk import oscal-component`");
  if (!options.id.empty() && !is_id(options.id))
    Session::fail(fmt::format("`{}` cannot be an id", options.id),
                  "write up to 80 lower-case letters, digits and hyphens, a letter or digit first");
}

std::vector<JsonFile> read(const std::vector<std::string>& paths, Session& session) {
  std::vector<JsonFile> files;
  SourceMap& sources = session.catalogue().sources();
  for (const std::string& path : paths) {
    const FileId file = read_file(sources, path, session.diagnostics());
    if (file == no_file) continue;
    if (auto root = read_json(sources, file, session.diagnostics())) files.push_back({file, std::move(*root)});
  }
  session.stop_on_errors();
  return files;
}

/// The folders of a catalogue are the reader's own; the first line takes the place that the shipped ones have.
std::string written(const Node& entry, std::string_view kind) {
  return fmt::format("# yaml-language-server: $schema=../schemas/{}.schema.json\n{}", kind, write_yaml(entry));
}

struct Entry {
  std::string id;
  std::string_view kind;
  std::string text;
};

std::vector<Entry> entries(const Import& import) {
  std::vector<Entry> all;
  for (const Node& offering : import.offerings)
    all.push_back({std::string(offering.text_of("id")), "offering", written(offering, "offering")});
  for (const Node& entity : import.entities)
    all.push_back({std::string(entity.text_of("id")), "entity", written(entity, "entity")});
  return all;
}

void write_all(const std::vector<Entry>& all, const Options& options) {
  namespace fs = std::filesystem;
  std::error_code problem;
  fs::create_directories(options.folder, problem);
  if (!fs::is_directory(options.folder, problem))
    Session::fail(fmt::format("{} is no folder and cannot be made one", options.folder));
  const auto path = [&](const Entry& entry) {
    return (fs::path(options.folder) / fmt::format("{}.yaml", entry.id)).string();
  };
  for (const Entry& entry : all)
    if (!options.force && fs::exists(path(entry), problem))
      Session::fail(fmt::format("{} is there already", path(entry)),
                    "choose another folder, or overwrite with --force");
  for (const Entry& entry : all) {
    write_file(path(entry), entry.text);
    fmt::print(stderr, "{} is written\n", printable(path(entry)));
  }
}

/// One entry is one document, and our reader takes one document per file.
void print_main(const std::vector<Entry>& all, std::size_t offerings) {
  if (offerings > 1 || (offerings == 0 && all.size() > 1))
    Session::fail(fmt::format("the files describe {} {}", all.size(), offerings > 1 ? "entries" : "participants"),
                  "write each to a file of its own with -o FOLDER");
  print_out(all.front().text);
  for (std::size_t i = 1; i < all.size(); ++i)
    fmt::print(stderr, "sovrisk: the {} `{}` is not printed; -o FOLDER writes each entry to a file of its own\n",
               all[i].kind, all[i].id);
}

/// Which values of the files were taken for what, or lost.
void print_keys(std::string_view title, const std::vector<ImportedKey>& keys, const SourceMap& sources,
                bool name_file) {
  constexpr std::size_t most = 100;
  if (!keys.empty()) fmt::print(stderr, "{}\n", title);
  for (std::size_t i = 0; i < keys.size() && i < most; ++i) {
    const ImportedKey& key = keys[i];
    const std::string where = fmt::format("{}{}{}", name_file ? sources[key.file].path : "", name_file ? "#" : "",
                                          key.pointer.empty() && !name_file ? "(all of it)" : key.pointer);
    fmt::print(stderr, "  {}{}{}\n", printable(where), key.becomes.empty() ? "" : " -> ", printable(key.becomes));
  }
  if (keys.size() > most) fmt::print(stderr, "  and {} more\n", keys.size() - most);
}

void run_answers(const Options& options, const Document& ruleset, Date seen, Session& session) {
  if (options.offering.empty()) Session::fail("--offering is missing", "name the offering that the answers are of");
  if (options.files.size() > 1) Session::fail("a sheet of answers is one file");
  if (!options.component.empty() || !options.id.empty())
    Session::fail("`--component` and `--id` are for `sovrisk import oscal-component`");
  SourceMap& sources = session.catalogue().sources();
  const FileId file = read_file(sources, options.files.front(), session.diagnostics());
  session.stop_on_errors();
  const auto rows = read_csv(sources, file, session.diagnostics());
  session.stop_on_errors();
  const std::string name = std::filesystem::path(options.files.front()).filename().string();
  const AnswersRequest request{session.need("offering", options.offering, "offering").id, options.by, seen, name};
  const auto made = import_answers(*rows, ruleset, request, session.diagnostics());
  session.stop_on_errors();
  const std::vector<Entry> all{
      {std::string(made->overlay.text_of("id")), "overlay", written(made->overlay, "overlay")}};
  if (options.folder.empty()) {
    print_main(all, 1);
  } else {
    write_all(all, options);
  }
  fmt::print(stderr, "sovrisk: {} of {} criteria have an answer\n", made->answered, made->answered + made->open.size());
  if (!made->open.empty()) fmt::print(stderr, "sovrisk: left open: {}\n", fmt::join(made->open, ", "));
}

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  const auto seen = Date::parse(options.seen);
  if (!seen) Session::fail(fmt::format("--seen: `{}` is no date", options.seen), "write a real day as YYYY-MM-DD");
  if (const Document* ruleset = answer_sheet_of(session.catalogue(), options.format); ruleset != nullptr) {
    run_answers(options, *ruleset, *seen, session);
    return;
  }
  check(options, session.catalogue());
  const std::vector<JsonFile> files = read(options.files, session);
  const ImportRequest request{*seen, options.component, options.id};
  const SchemaSet& schemas = session.catalogue().schemas();
  const Import import = options.format == oscal ? import_oscal(files.front(), request, schemas, session.diagnostics())
                                                : import_gaia_x(files, request, schemas, session.diagnostics());
  session.stop_on_errors();
  const std::vector<Entry> all = entries(import);
  if (options.folder.empty()) {
    print_main(all, import.offerings.size());
  } else {
    write_all(all, options);
  }
  const SourceMap& sources = session.catalogue().sources();
  print_keys("taken", import.taken, sources, files.size() > 1);
  print_keys("not taken", import.lost, sources, files.size() > 1);
  for (const Entry& entry : all)
    if (session.catalogue().has(entry.kind, entry.id))
      fmt::print(stderr,
                 "sovrisk: the catalogue holds `{}` already; in a folder of --catalogue the new entry replaces it\n",
                 entry.id);
}

}  // namespace

void setup_import(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command
      .add_option("FORMAT", options->format,
                  "oscal-component, gaia-x, or an answer sheet of a rule set such as csf-answers")
      ->required();
  command.add_option("FILE", options->files, "JSON file (gaia-x takes several) or CSV file, - for standard input")
      ->required()
      ->check(not_empty);
  command.add_option("--seen", options->seen, "day on which you read the file, YYYY-MM-DD: the date of the source")
      ->type_name("DATE")
      ->required()
      ->check(not_empty);
  command.add_option("--component", options->component, "title or UUID of the component (oscal-component)")
      ->type_name("NAME")
      ->check(not_empty);
  command.add_option("--id", options->id, "id of the offering, made from its name without it (oscal-component)")
      ->type_name("ID")
      ->check(not_empty);
  command.add_option("--offering", options->offering, "offering that the answers are of (sheets of answers)")
      ->type_name("ID")
      ->check(not_empty);
  command.add_option("--by", options->by, "who answered: bidder or assessor (sheets of answers)")
      ->check(CLI::IsMember({"bidder", "assessor"}))
      ->type_name("WHO");
  command.add_option("-o,--output", options->folder, "folder for a file per entry; without it the offering is printed")
      ->type_name("FOLDER")
      ->check(not_empty);
  command.add_flag("--force", options->force, "overwrite files of -o");
  add_common(command, common);
  command.footer(R"(
What the file says becomes a claim with the file as its source; what it does not say is left out. What was
taken and what was not is listed on standard error. Nothing is fetched and no signature is checked.

Examples:
  sovrisk import oscal-component component.json --seen 2026-11-23 -o my-catalogue
  sovrisk import oscal-component component.json --component "Acme Storage" --id acme --seen 2026-11-23
  sovrisk import gaia-x participant.json offering.json --seen 2026-11-23 -o my-catalogue
  xlsx2csv calculator.xlsx | sovrisk import csf-answers - --offering clever-cloud --seen 2026-11-23 -o my-catalogue
  sovrisk validate my-catalogue)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
