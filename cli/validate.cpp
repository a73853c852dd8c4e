#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "command.h"
#include "facts/claims.h"
#include "rules/validate.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::vector<std::string> paths;
  bool strict = false;
  int stale_days = 3 * 365;
  std::string as_of;
};

void run(const Options& options, const Common& common) {
  const std::vector<std::string>& paths = options.paths;
  if (!options.strict && !options.as_of.empty()) Session::fail("`--as-of` is for `sovrisk validate --strict`");
  Session& session = Session::open(common);
  // Folders are put in first, so that their files may refer to each other; then files, in order.
  std::vector<std::shared_ptr<const Document>> documents;
  Diagnostics& found = session.diagnostics();
  for (const std::string& path : paths) {
    if (path != "-" && std::filesystem::is_directory(path)) {
      session.catalogue().add_folder(path, found);
    } else if (auto document = session.catalogue().read(path, found)) {
      documents.push_back(document);
      if (!document->id.empty() && document->kind != "workload" && document->kind != "policy")
        session.catalogue().put(document);
    }
  }
  std::size_t count = documents.size();
  const CountryGroups groups = country_groups(session.catalogue());
  const std::optional<Date> day = options.strict ? std::optional(session.day(options.as_of)) : std::nullopt;
  const auto check = [&](const Document& document) {
    check_meaning(document, session.catalogue(), groups, found);
    const bool profile = document.kind == "offering" || document.kind == "entity";
    if (day && profile) check_claims(document, session.catalogue().schemas(), *day, options.stale_days, found);
  };
  for (const auto& document : documents)
    check(*document);
  for (const std::string_view kind : {"country-group", "entity", "offering", "reach-rule", "overlay", "law", "ruleset",
                                      "method", "workload", "policy", "case"})
    for (const std::string& id : session.catalogue().ids(kind)) {
      if (!session.catalogue().is_own(kind, id)) continue;
      const Document* document = session.catalogue().find(kind, id);
      const bool named =
          std::any_of(documents.begin(), documents.end(), [&](const auto& other) { return other.get() == document; });
      if (named) continue;
      check(*document);
      ++count;
    }
  for (const auto& document : session.catalogue().loose()) {
    check(*document);
    ++count;
  }
  const bool json = common.diagnostics_format == "json";
  if (json && found.all().empty()) fmt::print(stderr, "[]\n");
  session.stop_on_errors();
  if (count == 0) {
    fmt::print(stderr, "sovrisk: no file was checked\n");
    throw Leave{not_established};
  }
  if (!json) fmt::print(stderr, "{} file{} valid\n", count, count == 1 ? " is" : "s are");
}

}  // namespace

void setup_validate(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command.add_option("FILE", options->paths, "YAML files or folders, - for standard input")
      ->required()
      ->expected(1, 100000);
  command.add_flag("--strict", options->strict,
                   "profiles too: a fact without a source is an error, one that is long past a warning");
  command.add_option("--stale-days", options->stale_days, "with --strict: days after which a fact is long past (1095)")
      ->type_name("DAYS")
      ->check(CLI::Range(1, 100000));
  command.add_option("--as-of", options->as_of, "with --strict: the day to count from, YYYY-MM-DD (today without it)")
      ->type_name("DATE");
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk validate workload.yaml sovrisk.yaml
  sovrisk validate my-catalogue/ --diagnostics json
  sovrisk validate --strict --as-of 2026-11-23 my-catalogue/)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
