#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "assess/quality.h"
#include "command.h"
#include "conditions/scope.h"
#include "exposure/law.h"
#include "infra/infrastructure.h"
#include "load/suggest.h"
#include "report/csv.h"
#include "report/resources.h"
#include "rules/validate.h"

namespace sovrisk::cli {

namespace {

using nlohmann::ordered_json;

struct Options {
  std::string what;
  std::string jurisdiction;  ///< laws of this country, or EU; empty: all
  bool in_force = false;     ///< laws that are in force, or winding down, on the day
  std::string offering;      ///< regions of this one; empty: of all
  std::string where;         ///< a condition over the facts of an offering, as YAML
  bool include_unknown = false;
  bool quality = false;
  std::string fact;  ///< criteria that this fact decides
  std::string sort;
  bool reverse = false;
  std::string as_of;
  std::string plan;  ///< of which resources are listed; "-": standard input
  InfrastructureOptions infrastructure;
  Output output;
};

/// What people call the kinds.
const std::map<std::string, std::string, std::less<>> kinds{
    {"providers", "offering"}, {"offerings", "offering"},  {"entities", "entity"},      {"laws", "law"},
    {"rules", "ruleset"},      {"rulesets", "ruleset"},    {"methods", "method"},       {"measures", "overlay"},
    {"scenarios", "overlay"},  {"corrections", "overlay"}, {"groups", "country-group"}, {"regions", "region"},
    {"resources", "resource"}};

/// The entries as objects with the same keys: what JSON prints, and tables and CSV after it.
struct Listing {
  std::vector<std::string> columns;  ///< of tables, in their order
  std::vector<ordered_json> rows;
};

/// A field for people.
std::string text_of(const ordered_json& field, const Messages& m) {
  if (field.is_null()) return m("unknown");
  if (field.is_string()) return field.get<std::string>();
  if (field.is_boolean()) return m(field.get<bool>() ? "yes" : "no");
  if (field.is_number_integer()) return fmt::format("{}", field.get<std::int64_t>());
  if (field.is_number()) return m.percent({field.get<double>() * 100, field.get<double>() * 100});
  const std::vector<std::string> items = field;
  return fmt::format("{}", fmt::join(items, ", "));
}

class Lister {
 public:
  Lister(Session& session, const Options& options, std::string kind, std::string language)
      : session_(session), options_(options), kind_(std::move(kind)), language_(std::move(language)) {}

  Listing run() {
    if (kind_ == "region") {
      regions();
    } else if (kind_ == "law") {
      laws();
    } else if (!options_.fact.empty()) {
      crosswalk();
    } else {
      entries();
    }
    sort();
    return std::move(listing_);
  }

 private:
  [[nodiscard]] const Catalogue& catalogue() const { return session_.catalogue(); }

  ordered_json row_of(const Document& document) const {
    ordered_json row{
        {"id", document.id}, {"title", title_of(document.root, language_)}, {"aliases", aliases_of(document.root)}};
    if (catalogue().is_own(document.kind, document.id)) {
      row["from"] = catalogue().sources()[document.file].path;
      row["replaces"] = catalogue().replaces(document.kind, document.id);
    }
    return row;
  }

  void entries() {
    listing_.columns = {"id", "aliases", "title"};
    if (options_.quality) listing_.columns.insert(listing_.columns.end(), {"completeness", "primary", "oldest"});
    const bool assessed = options_.quality || !options_.where.empty();
    const std::optional<Date> day = assessed ? std::optional(session_.day(options_.as_of)) : std::nullopt;
    const Engine* engine = assessed ? &session_.engine() : nullptr;
    const ConditionPtr where = condition(engine);
    std::size_t open = 0;
    bool own = false;
    for (const std::string& id : catalogue().ids(kind_)) {
      const Document& document = *catalogue().find(kind_, id);
      if (kind_ == "overlay" && fmt::format("{}s", document.root.text_of("kind")) != options_.what) continue;
      ordered_json row = row_of(document);
      if (engine != nullptr) {
        const Assessment assessment = engine->assess({id, nullptr, {}, *day, {}});
        if (where) {
          const Truth truth = evaluate(*where, {assessment.facts.get(), &engine->groups(), *day});
          if (truth == Truth::unknown) ++open;
          if (truth == Truth::no || (truth == Truth::unknown && !options_.include_unknown)) continue;
        }
        if (options_.quality) add_quality(quality_of(assessment, *engine), row);
      }
      own = own || row.contains("from");
      listing_.rows.push_back(std::move(row));
    }
    if (own) listing_.columns.emplace_back("from");
    if (open > 0 && !options_.include_unknown)
      fmt::print(stderr, "sovrisk: {} more may fit: facts are missing (--include-unknown lists them)\n", open);
  }

  static void add_quality(const Quality& quality, ordered_json& row) {
    row["completeness"] = quality.completeness();
    row["primary"] = quality.primary();
    row["facts"] = quality.facts;
    row["unsourced"] = quality.unsourced;
    row["oldest"] = quality.oldest ? ordered_json(quality.oldest->day->text()) : ordered_json();
    row["conflicts"] = quality.conflicts;
  }

  /// The condition of `--where`, read as a file of that name so that errors have a place.
  ConditionPtr condition(const Engine* engine) {
    if (options_.where.empty()) return nullptr;
    SourceMap& sources = session_.catalogue().sources();
    const FileId file = sources.add({"--where", options_.where, {}, false});
    ConditionPtr compiled;
    if (const auto node = read_yaml(sources, file, session_.diagnostics()))
      compiled =
          compile_condition(*node, condition_scope(catalogue().schemas(), engine->groups()), session_.diagnostics());
    session_.stop_on_errors();
    return compiled;
  }

  void laws() {
    listing_.columns = {"id", "jurisdiction", "status", "title"};
    const Date day = session_.day(options_.as_of);
    std::vector<std::string> jurisdictions;
    for (const std::string& id : catalogue().ids(kind_)) {
      const Document& document = *catalogue().find(kind_, id);
      const std::string jurisdiction(document.root.text_of("jurisdiction"));
      const std::string status = status_at(document.root, day);
      jurisdictions.push_back(jurisdiction);
      if (!options_.jurisdiction.empty() && jurisdiction != options_.jurisdiction) continue;
      if (options_.in_force && status != "in-force" && status != "winding-down") continue;
      ordered_json row = row_of(document);
      row["jurisdiction"] = jurisdiction;
      row["status"] = status;
      row["check"] = document.root.text_of("check");
      listing_.rows.push_back(std::move(row));
    }
    if (!options_.jurisdiction.empty() &&
        std::find(jurisdictions.begin(), jurisdictions.end(), options_.jurisdiction) == jurisdictions.end())
      Session::fail(fmt::format("no law of `{}` is in the catalogue", options_.jurisdiction),
                    did_you_mean_country(options_.jurisdiction, jurisdictions));
  }

  /// Every criterion whose conditions ask for the fact, or for one inside it: what one answer decides.
  void crosswalk() {
    listing_.columns = {"ruleset", "criterion", "asks", "facts"};
    const CountryGroups groups = country_groups(catalogue());
    const std::string wanted = plain_path(options_.fact);
    std::vector<std::string> known;
    for (const std::string& id : catalogue().ids(kind_)) {
      const RuleSet ruleset =
          compile_ruleset(*catalogue().find(kind_, id), catalogue(), groups, session_.diagnostics());
      session_.stop_on_errors();
      for (const Criterion& criterion : *ruleset.criteria) {
        std::vector<std::string> paths;
        for_each_condition(criterion, [&](const Condition& condition) { collect_paths(condition, {}, paths); });
        std::sort(paths.begin(), paths.end());
        paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
        known.insert(known.end(), paths.begin(), paths.end());
        std::erase_if(paths, [&](const std::string& path) {
          const std::string plain = plain_path(path);
          return plain != wanted && !plain.starts_with(wanted + ".");
        });
        if (paths.empty()) continue;
        listing_.rows.push_back({{"ruleset", id},
                                 {"criterion", criterion.id},
                                 {"asks", localized(criterion.node->find("asks"), language_)},
                                 {"facts", paths}});
      }
    }
    if (listing_.rows.empty())
      Session::fail(fmt::format("no criterion asks for the fact `{}`", options_.fact),
                    did_you_mean(options_.fact, known));
  }

  /// What a profile calls `offering.technology` is derived as `technology`: both are the same fact here. Ids in
  /// brackets say which item of a list is meant, and all are.
  static std::string plain_path(std::string path) {
    for (auto open = path.find('['); open != std::string::npos; open = path.find('[')) {
      const auto close = path.find(']', open);
      path.erase(open, close == std::string::npos ? close : close - open + 1);
    }
    constexpr std::string_view offering = "offering.";
    return path.starts_with(offering) ? path.substr(offering.size()) : path;
  }

  void regions() {
    listing_.columns = {"offering", "code", "city", "country", "groups", "available", "partition"};
    if (!options_.offering.empty()) listing_.columns.erase(listing_.columns.begin());
    const Date day = session_.day(options_.as_of);
    const CountryGroups groups = country_groups(catalogue());
    std::vector<std::string> ids = catalogue().ids("offering");
    if (!options_.offering.empty()) ids = {session_.need("offering", options_.offering, "offering").id};
    const SchemaSet& schemas = catalogue().schemas();
    for (const std::string& id : ids) {
      const Document& document = *catalogue().find("offering", id);
      const Value facts = facts_from(document.root, *schemas.find("offering.schema.json"), schemas, id, day);
      const Value& sites = facts.get("sites");
      for (const Value& site : sites.items)
        listing_.rows.push_back(region(id, site, groups, day));
      if (!options_.offering.empty() && (sites.kind != Value::Kind::list || sites.open))
        fmt::print(stderr, "sovrisk: the list of regions of {} is not complete\n", id);
    }
  }

  /// A region, with the groups of countries that people ask for: those of adequacy and of the Union's law.
  static ordered_json region(const std::string& offering, const Value& site, const CountryGroups& groups, Date day) {
    const auto field = [&](std::string_view key) {
      const Value& value = site.get(key);
      return value.is_known() ? ordered_json(text_of(value)) : ordered_json();
    };
    ordered_json row{{"offering", offering}};
    for (const std::string_view key : {"code", "group", "city", "country"})
      row[std::string(key)] = field(key);
    row["groups"] = ordered_json::array();
    const std::string_view country = site.get("country").word();
    for (const std::string& group : groups.names())
      if (!country.empty() && groups.contains(group, country, day) && group != country) row["groups"].push_back(group);
    const Value* available = site.find("available");
    row["available"] = available == nullptr    ? ordered_json(true)
                       : available->is_known() ? ordered_json(available->boolean)
                                               : ordered_json();
    row["partition"] = site.find("partition") != nullptr ? field("partition") : ordered_json("");
    return row;
  }

  void sort() {
    if (options_.sort.empty()) return;
    std::vector<std::string> keys;
    for (const ordered_json& row : listing_.rows)
      for (const auto& [key, value] : row.items())
        if (!value.is_array() && std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    if (!listing_.rows.empty() && std::find(keys.begin(), keys.end(), options_.sort) == keys.end())
      Session::fail(fmt::format("--sort: nothing is called `{}` here", options_.sort),
                    did_you_mean(options_.sort, keys));
    // What is not there or not known comes last, whichever way.
    const auto lacks = [&](const ordered_json& row) {
      return !row.contains(options_.sort) || row[options_.sort].is_null();
    };
    std::stable_sort(listing_.rows.begin(), listing_.rows.end(), [&](const ordered_json& a, const ordered_json& b) {
      if (lacks(a) || lacks(b)) return !lacks(a) && lacks(b);
      return options_.reverse ? b[options_.sort] < a[options_.sort] : a[options_.sort] < b[options_.sort];
    });
  }

  Session& session_;
  const Options& options_;
  std::string kind_;
  std::string language_;
  Listing listing_;
};

Page page_of(const Listing& listing, const Messages& m) {
  Table table;
  for (const std::string& column : listing.columns)
    table.head.push_back(m(fmt::format("list.{}", column)));
  for (const ordered_json& row : listing.rows) {
    std::vector<Line> cells;
    for (const std::string& column : listing.columns) {
      const ordered_json field = row.contains(column) ? row[column] : ordered_json("");
      Line cell{{column == "status" ? m(fmt::format("status.{}", field.get<std::string>())) : text_of(field, m)}};
      if (column == "status" && row["check"] != "verified")
        cell.push_back(
            {fmt::format(" ({})", m(fmt::format("check.{}", row["check"].get<std::string>()))), Tone::faint});
      cells.push_back(std::move(cell));
    }
    table.rows.push_back(std::move(cells));
  }
  Page page;
  page.emplace_back(std::move(table));
  return page;
}

/// A field for other programs.
std::string plain(const ordered_json& field) {
  if (field.is_null()) return {};
  if (field.is_string()) return field.get<std::string>();
  if (!field.is_array()) return field.dump();
  std::vector<std::string> items = field;
  return fmt::format("{}", fmt::join(items, " "));
}

/// Every key of every row, lists parted by spaces, numbers as they are: for other programs.
std::string csv_of(const Listing& listing) {
  std::vector<std::vector<std::string>> rows(1);
  for (const ordered_json& row : listing.rows)
    for (const auto& [key, value] : row.items())
      if (std::find(rows[0].begin(), rows[0].end(), key) == rows[0].end()) rows[0].push_back(key);
  for (const ordered_json& row : listing.rows) {
    std::vector<std::string> fields;
    for (const std::string& key : rows[0]) {
      const ordered_json field = row.contains(key) ? row[key] : ordered_json();
      fields.push_back(plain(field));
    }
    rows.push_back(std::move(fields));
  }
  return render_csv(rows);
}

/// The resources of a plan, as one row per place.
void list_resources(const Options& options, const Common& common) {
  if (options.plan.empty())
    Session::fail("`sovrisk list resources` needs a plan", "name one with `--plan FILE`, or `--plan -`");
  if (!options.sort.empty() || options.reverse) Session::fail("resources are listed in the order of the plan");
  Session& session = Session::open(common);
  const PlacementTables tables = placement_tables(session.catalogue());
  const auto infrastructure = read_infrastructure(session.catalogue().sources(), options.plan, tables,
                                                  options.infrastructure, session.diagnostics());
  session.stop_on_errors();
  const Messages messages = session.messages();
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return resources_json(*infrastructure);
    if (target.format == "csv") return resources_csv(*infrastructure);
    return render_page(resources_page(*infrastructure, messages), target, common);
  });
}

void run(const Options& options, const Common& common) {
  const auto kind = kinds.find(options.what);
  if (kind == kinds.end()) {
    std::vector<std::string> names;
    names.reserve(kinds.size());
    for (const auto& [name, id] : kinds)
      if (name != "offerings" && name != "rulesets") names.push_back(name);  // other words for two of them
    Session::fail(fmt::format("nothing is listed under `{}`", options.what), did_you_mean(options.what, names));
  }
  const bool offerings = kind->second == "offering";
  const bool dated = offerings || kind->second == "law" || kind->second == "region";
  if (!dated && !options.as_of.empty())
    Session::fail("`--as-of` is for `sovrisk list laws`, `providers` and `regions`");
  if (kind->second != "law" && (!options.jurisdiction.empty() || options.in_force))
    Session::fail("`--jurisdiction` and `--in-force` are for `sovrisk list laws`");
  if (!offerings && (!options.where.empty() || options.include_unknown || options.quality))
    Session::fail("`--where`, `--include-unknown` and `--quality` are for `sovrisk list providers`");
  if (kind->second != "ruleset" && !options.fact.empty()) Session::fail("`--fact` is for `sovrisk list rules`");
  if (kind->second != "region" && !options.offering.empty())
    Session::fail("`--offering` is for `sovrisk list regions`");
  const InfrastructureOptions& of_plan = options.infrastructure;
  if (kind->second == "resource") return list_resources(options, common);
  if (!options.plan.empty() || of_plan.include_existing || !of_plan.region.empty())
    Session::fail("`--plan`, `--region` and `--include-existing` are for `sovrisk list resources`");
  Session& session = Session::open(common);
  const Messages messages = session.messages();
  const Listing listing = Lister(session, options, kind->second, common.language).run();
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return ordered_json(listing.rows).dump(2) + "\n";
    if (target.format == "csv") return csv_of(listing);
    return render_page(page_of(listing, messages), target, common);
  });
}

}  // namespace

void setup_list(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command
      .add_option("WHAT", options->what,
                  "providers, regions, resources, entities, laws, rules, methods, measures, scenarios, corrections or "
                  "groups")
      ->required();
  command.add_option("--jurisdiction", options->jurisdiction, "laws of one country (US, FR, ...) or of the EU")
      ->type_name("CODE")
      ->check(not_empty);
  command.add_flag("--in-force", options->in_force, "only laws in force, or winding down, on the day");
  command.add_option("--offering", options->offering, "regions of one offering")->type_name("ID")->check(not_empty);
  command
      .add_option("--where", options->where,
                  "providers for which a condition over their facts holds, such as '{offering.keys.custody: shared}'")
      ->type_name("CONDITION")
      ->check(not_empty);
  command.add_flag("--include-unknown", options->include_unknown, "with --where: those too of which it is not known");
  command.add_flag("--quality", options->quality, "how complete and how well sourced each profile is");
  command.add_option("--fact", options->fact, "criteria of all rule sets that a fact decides, by its path")
      ->type_name("PATH")
      ->check(not_empty);
  command
      .add_option(
          "--plan", options->plan,
          "resources of a Terraform or OpenTofu plan or state (`show -json`), a CloudFormation or an ARM template; "
          "- for standard input")
      ->type_name("FILE")
      ->check(not_empty);
  command.add_option("--region", options->infrastructure.region, "with --plan: where a template is deployed to")
      ->type_name("CODE")
      ->check(not_empty);
  command.add_flag("--include-existing", options->infrastructure.include_existing,
                   "with --plan: those too that the plan leaves as they are or deletes");
  command.add_option("--sort", options->sort, "sort by a key of the JSON form")->type_name("KEY")->check(not_empty);
  command.add_flag("--reverse", options->reverse, "with --sort: the other way");
  command
      .add_option("--as-of", options->as_of, "day for facts and for the status of laws, YYYY-MM-DD (today without it)")
      ->type_name("DATE")
      ->check(not_empty);
  add_output(command, options->output, {"text", "md", "json", "csv"});
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk list providers
  sovrisk list providers --where '{entities: {none: {relation: controls-operator, seats: US}}}' --as-of 2026-11-23
  sovrisk list providers --quality --sort completeness --reverse -f csv -o providers.csv
  sovrisk list regions --offering azure
  terraform show -json tfplan | sovrisk list resources --plan -
  sovrisk list laws --jurisdiction US --in-force --as-of 2026-11-23
  sovrisk list laws --lang fr
  sovrisk list rules --fact offering.keys.custody
  sovrisk list measures -f json)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
