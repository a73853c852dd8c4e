#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "command.h"
#include "load/suggest.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string what;
  Output output;
};

/// What people call the kinds.
const std::map<std::string, std::string, std::less<>> kinds{
    {"providers", "offering"}, {"offerings", "offering"},  {"entities", "entity"}, {"laws", "law"},
    {"rules", "ruleset"},      {"rulesets", "ruleset"},    {"methods", "method"},  {"measures", "overlay"},
    {"scenarios", "overlay"},  {"groups", "country-group"}};

void run(const Options& options, const Common& common) {
  const auto kind = kinds.find(options.what);
  if (kind == kinds.end()) {
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const auto& [name, id] : kinds)
      names.push_back(name);
    Session::fail(fmt::format("nothing is listed under `{}`", options.what), did_you_mean(options.what, names));
  }
  Session session(common);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  Page page;
  Table table;
  table.head = {"id", kind->second == "law" ? "jurisdiction" : "also known as", "title"};
  for (const std::string& id : session.catalogue().ids(kind->second)) {
    const Document& document = *session.catalogue().find(kind->second, id);
    if (kind->second == "overlay" && fmt::format("{}s", document.root.text_of("kind")) != options.what) continue;
    const std::string title = title_of(document.root, common.language);
    const std::vector<std::string> aliases = aliases_of(document.root);
    std::string second(document.root.text_of("jurisdiction"));
    if (kind->second != "law")
      for (const std::string& alias : aliases)
        second += (second.empty() ? "" : ", ") + alias;
    list.push_back({{"id", id}, {"title", title}, {"aliases", aliases}});
    if (kind->second == "law") list.back()["jurisdiction"] = document.root.text_of("jurisdiction");
    table.rows.push_back({{{id}}, {{second}}, {{title}}});
  }
  page.emplace_back(std::move(table));
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return list.dump(2) + "\n";
    return render_page(page, target, common);
  });
}

}  // namespace

void setup_list(CLI::App& app, Common& common) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("list", "List what the catalogue holds");
  command->add_option("WHAT", options->what, "providers, entities, laws, rules, methods, measures, scenarios or groups")
      ->required();
  add_output(*command, options->output, {"text", "md", "json"});
  add_common(*command, common);
  command->footer(R"(
Examples:
  sovrisk list providers
  sovrisk list laws --lang fr
  sovrisk list measures -f json)");
  command->callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
