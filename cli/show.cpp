#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "load/suggest.h"
#include "report/ciso_assistant.h"
#include "report/oscal.h"

namespace sovrisk::cli {

namespace {

struct Options {
  std::string id;
  std::string as_of;
  unsigned library_version = 1;
  Output output;
};

constexpr std::string_view kinds[] = {"offering", "law",    "ruleset",    "method",
                                      "overlay",  "entity", "reach-rule", "country-group"};

nlohmann::ordered_json json_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return nullptr;
    case Node::Kind::boolean: return node.boolean;
    case Node::Kind::number: return node.number;
    case Node::Kind::text: return node.text;
    case Node::Kind::list: {
      auto list = nlohmann::ordered_json::array();
      for (const Node& item : node.items)
        list.push_back(json_of(item));
      return list;
    }
    case Node::Kind::map: {
      auto map = nlohmann::ordered_json::object();
      for (const Member& member : node.members)
        map[member.key] = json_of(member.value);
      return map;
    }
  }
  return nullptr;
}

/// An entry for a person: keys and values, indented, localised texts in one language, sources at the end.
class Outline {
 public:
  Outline(Page& page, const std::string& language) : page_(page), language_(language) {}

  void map(const Node& node, int indent) {
    for (const Member& member : node.members)
      if (member.key != "format") value(member.key, member.value, indent);
  }

 private:
  static bool is_text(const Node& node) {
    if (node.kind != Node::Kind::map || node.members.empty()) return false;
    return std::all_of(node.members.begin(), node.members.end(),
                       [](const Member& member) { return member.key == "en" || member.key == "fr"; });
  }

  static bool is_flat(const Node& node) {
    const auto plain = [](const Node& part) { return part.kind != Node::Kind::list && part.kind != Node::Kind::map; };
    return std::all_of(node.items.begin(), node.items.end(), plain) &&
           std::all_of(node.members.begin(), node.members.end(),
                       [&](const Member& member) { return plain(member.value); });
  }

  std::string flat(const Node& node) const {
    if (is_text(node)) return localized(&node, language_);
    std::string text;
    for (const Node& item : node.items)
      text += (text.empty() ? "" : ", ") + item.text;
    for (const Member& member : node.members)
      text += (text.empty() ? "" : ", ") +
              fmt::format("{}: {}", member.key,
                          is_text(member.value) ? localized(&member.value, language_) : member.value.text);
    return text.empty() ? node.text : text;
  }

  void value(const std::string& key, const Node& node, int indent) {
    if (is_text(node) || is_flat(node)) {
      page_.emplace_back(Paragraph{{{key + ": ", Tone::strong}, {flat(node)}}, indent});
      return;
    }
    page_.emplace_back(Paragraph{{{key + ":", Tone::strong}}, indent});
    for (const Node& item : node.items) {
      if (is_text(item) || is_flat(item)) {
        page_.emplace_back(Paragraph{{{"- "}, {flat(item)}}, indent + 2});
      } else {
        page_.emplace_back(Paragraph{{{"-"}}, indent + 2});
        map(item, indent + 4);
      }
    }
    map(node, indent + 2);
  }

  Page& page_;
  const std::string& language_;
};

bool is_for_rule_sets(const std::string& format) { return format == "oscal" || format == "ciso-assistant"; }

/// When the controls of a rule set were last looked at: the day given, or the last on which a source of it was read.
Date modified(const Options& options, const Document& ruleset, const Session& session) {
  const auto seen = last_seen(ruleset);
  if (options.as_of.empty() && !seen)
    Session::fail(fmt::format("`{}` does not tell on what day its sources were read", ruleset.id),
                  "give the catalogue its date with --as-of");
  const Date day = options.as_of.empty() ? *seen : session.day(options.as_of);
  if (!oscal_can_write(day))
    Session::fail(fmt::format("OSCAL cannot write the date {}", day.text()), "its years are 1900 to 2999");
  return day;
}

void run(const Options& options, const Common& common) {
  Session& session = Session::open(common);
  const Document* document = nullptr;
  std::vector<std::string> names;
  const auto slash = options.id.find('/');
  if (slash != std::string::npos)
    document = session.catalogue().find(options.id.substr(0, slash), options.id.substr(slash + 1));
  for (const std::string_view kind : kinds) {
    if (document == nullptr) document = session.catalogue().find(kind, options.id);
    const auto more = session.catalogue().names(kind);
    names.insert(names.end(), more.begin(), more.end());
  }
  if (document == nullptr) {
    std::string hint = did_you_mean(options.id, names);
    Session::fail(fmt::format("nothing is named `{}`", options.id),
                  hint.empty() ? "`sovrisk list providers` and `sovrisk list laws` list what there is" : hint);
  }
  if (document->kind != "ruleset" &&
      std::any_of(options.output.formats.begin(), options.output.formats.end(), is_for_rule_sets))
    Session::fail(
        fmt::format("`{}` is of the kind {}; oscal and ciso-assistant are for rule sets", document->id, document->kind),
        "`sovrisk list rules` lists them");
  Page page;
  page.emplace_back(Heading{1, {{title_of(document->root, common.language)}}});
  const Catalogue& catalogue = session.catalogue();
  page.emplace_back(Paragraph{{{fmt::format("{}, {}{}", document->kind, catalogue.sources()[document->file].path,
                                            catalogue.replaces(document->kind, document->id)
                                                ? " (in place of the entry that comes with the program)"
                                                : ""),
                                Tone::faint}},
                              0});
  if (document->kind == "offering" && options.output.wants_page()) {
    const Engine& engine = session.engine();
    const Messages messages = session.messages();
    const Assessment assessment = engine.assess({document->id, nullptr, {}, session.day(options.as_of), {}});
    quality_blocks(quality_of(assessment, engine), messages, page);
    for (const Document* overlay : assessment.overlays)
      page.emplace_back(Paragraph{
          {{fmt::format("corrected by {}, {}", overlay->id, catalogue.sources()[overlay->file].path), Tone::faint}},
          0});
    page.emplace_back(Heading{2, {{messages("profile")}}});
  }
  Outline(page, common.language).map(document->root, 0);
  write_outputs(options.output, [&](const Target& target) {
    if (target.format == "json") return json_of(document->root).dump(2) + "\n";
    if (target.format == "oscal")
      return oscal_catalog(*document, catalogue.sources()[document->file].sha256, modified(options, *document, session),
                           session.messages(), tool());
    if (target.format == "ciso-assistant")
      return ciso_library(*document, common.language, options.library_version, tool());
    return render_page(page, target, common);
  });
}

}  // namespace

void setup_show(CLI::App& command, Common& common) {
  auto options = std::make_shared<Options>();
  command
      .add_option("ID", options->id,
                  "id of an offering, law, rule set, measure, scenario or entity; entity/ID where both have it")
      ->required();
  command
      .add_option("--as-of", options->as_of,
                  "day for the quality of a profile (default: today) or the date of an OSCAL catalogue (default: the "
                  "last on which a source was read), YYYY-MM-DD")
      ->type_name("DATE");
  command
      .add_option("--library-version", options->library_version,
                  "number of a ciso-assistant library; an update needs a higher one (default: 1)")
      ->check(CLI::Range(1U, 1'000'000'000U))
      ->type_name("N");
  add_output(command, options->output, {"text", "md", "json", "oscal", "ciso-assistant"});
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk show us-cloud-act --lang fr
  sovrisk show azure -f json
  sovrisk show eu-csf -f oscal -o catalog.json
  sovrisk show secnumcloud -f ciso-assistant -o secnumcloud.yaml)");
  command.callback([options, &common] { run(*options, common); });
}

}  // namespace sovrisk::cli
