#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "command.h"
#include "rules/validate.h"

namespace sovrisk::cli {

namespace {

void run(const std::vector<std::string>& paths, const Common& common) {
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
  for (const auto& document : documents)
    check_meaning(*document, session.catalogue(), groups, found);
  for (const std::string_view kind : {"country-group", "entity", "offering", "reach-rule", "overlay", "law", "ruleset",
                                      "method", "workload", "policy", "case"})
    for (const std::string& id : session.catalogue().ids(kind)) {
      if (!session.catalogue().is_own(kind, id)) continue;
      const Document* document = session.catalogue().find(kind, id);
      const bool named =
          std::any_of(documents.begin(), documents.end(), [&](const auto& other) { return other.get() == document; });
      if (named) continue;
      check_meaning(*document, session.catalogue(), groups, found);
      ++count;
    }
  for (const auto& document : session.catalogue().loose()) {
    check_meaning(*document, session.catalogue(), groups, found);
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

void setup_validate(CLI::App& app, Common& common) {
  auto paths = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("validate", "Check files: shape, references, conditions");
  command->add_option("FILE", *paths, "YAML files or folders, - for standard input")->required()->expected(1, 100000);
  add_common(*command, common);
  command->footer(R"(
Examples:
  sovrisk validate workload.yaml sovrisk.yaml
  sovrisk validate my-catalogue/ --diagnostics json)");
  command->callback([paths, &common] { run(*paths, common); });
}

}  // namespace sovrisk::cli
