#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "command.h"
#include "exposure/law.h"
#include "load/suggest.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string what;
  std::string jurisdiction;  ///< laws of this country, or EU; empty: all
  bool in_force = false;     ///< laws that are in force, or winding down, on the day
  std::string as_of;
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
  const bool laws = kind->second == "law";
  if (!laws && (!options.jurisdiction.empty() || options.in_force || !options.as_of.empty()))
    Session::fail("`--jurisdiction`, `--in-force` and `--as-of` are for `sovrisk list laws`");
  Session& session = Session::open(common);
  const std::optional<Date> day = laws ? std::optional(session.day(options.as_of)) : std::nullopt;
  const Messages messages = session.messages();
  std::vector<std::string> jurisdictions;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  Page page;
  Table table;
  table.head = {"id", laws ? "jurisdiction" : "also known as", "title"};
  if (laws) table.head.insert(table.head.begin() + 2, messages("laws.status"));
  for (const std::string& id : session.catalogue().ids(kind->second)) {
    const Document& document = *session.catalogue().find(kind->second, id);
    if (kind->second == "overlay" && fmt::format("{}s", document.root.text_of("kind")) != options.what) continue;
    const std::string status = laws ? status_at(document.root, *day) : std::string();
    if (laws) {
      jurisdictions.emplace_back(document.root.text_of("jurisdiction"));
      if (!options.jurisdiction.empty() && jurisdictions.back() != options.jurisdiction) continue;
      if (options.in_force && status != "in-force" && status != "winding-down") continue;
    }
    const std::string title = title_of(document.root, common.language);
    const std::vector<std::string> aliases = aliases_of(document.root);
    std::string second(document.root.text_of("jurisdiction"));
    if (!laws)
      for (const std::string& alias : aliases)
        second += (second.empty() ? "" : ", ") + alias;
    list.push_back({{"id", id}, {"title", title}, {"aliases", aliases}});
    if (laws) {
      list.back()["jurisdiction"] = document.root.text_of("jurisdiction");
      list.back()["status"] = status;
      list.back()["check"] = document.root.text_of("check");
    }
    std::vector<Line> row{{{id}}, {{second}}, {{title}}};
    if (laws) {
      Line words{{messages(fmt::format("status.{}", status))}};
      if (const std::string_view check = document.root.text_of("check"); check != "verified")
        words.push_back({fmt::format(" ({})", messages(fmt::format("check.{}", check))), Tone::faint});
      row.insert(row.begin() + 2, std::move(words));
    }
    table.rows.push_back(std::move(row));
  }
  if (!options.jurisdiction.empty() &&
      std::find(jurisdictions.begin(), jurisdictions.end(), options.jurisdiction) == jurisdictions.end())
    Session::fail(fmt::format("no law of `{}` is in the catalogue", options.jurisdiction),
                  did_you_mean(options.jurisdiction, jurisdictions));
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
  command->add_option("--jurisdiction", options->jurisdiction, "laws of one country (US, FR, ...) or of the EU")
      ->type_name("CODE");
  command->add_flag("--in-force", options->in_force, "only laws in force, or winding down, on the day");
  command->add_option("--as-of", options->as_of, "day for the status of laws, YYYY-MM-DD (today without it)")
      ->type_name("DATE");
  add_output(*command, options->output, {"text", "md", "json"});
  add_common(*command, common);
  command->footer(R"(
Examples:
  sovrisk list providers
  sovrisk list laws --jurisdiction US --in-force --as-of 2026-11-23
  sovrisk list laws --lang fr
  sovrisk list measures -f json)");
  command->callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
