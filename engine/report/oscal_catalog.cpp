#include <fmt/format.h>

#include <set>

#include "load/uuid.h"
#include "report/oscal.h"
#include "report/oscal_parts.h"

namespace sovrisk {

namespace {

using oscal::Json;
using oscal::markup;
using oscal::prop;

class Catalog {
 public:
  Catalog(const Document& ruleset, const Messages& messages) : set_(ruleset), m_(messages) {}

  Json run(std::string_view sha256, Date modified, const Tool& tool) {
    const Node& root = set_.root;
    Json json;
    json["uuid"] = uuid_v5(fmt::format("catalog/{}/{}", set_.id, sha256));
    json["metadata"] = metadata(modified, tool);
    std::set<std::string, std::less<>> objectives;
    Json groups = Json::array();
    if (const Node* list = root.find("objectives"))
      for (const Node& objective : list->items)
        if (objectives.emplace(objective.text_of("id")).second) groups.push_back(group(objective));
    Json controls = Json::array();
    for (const Node& criterion : root.find("criteria")->items)
      if (!objectives.contains(criterion.text_of("objective"))) controls.push_back(control(criterion));
    if (!controls.empty()) json["controls"] = std::move(controls);
    if (!groups.empty()) json["groups"] = std::move(groups);
    Json resources = this->resources();
    if (!resources.empty()) json["back-matter"] = {{"resources", std::move(resources)}};
    return Json{{"catalog", std::move(json)}};
  }

 private:
  [[nodiscard]] Json metadata(Date modified, const Tool& tool) const {
    const Node& root = set_.root;
    Json json = oscal::metadata(m_.text(root.find("title")), root.text_of("version"), modified, tool);
    json["props"].push_back(prop("ruleset", set_.id));
    for (const std::string_view key : {"issuer", "status"})
      if (!root.text_of(key).empty()) json["props"].push_back(prop(key, root.text_of(key)));
    const std::string address = oscal::web_reference(root.text_of("url"));
    if (!address.empty()) {
      Json links = Json::array();
      links.push_back({{"href", address}, {"rel", "source"}});
      json["links"] = std::move(links);
    }
    std::string remarks;
    for (const std::string_view key : {"description", "licence"})
      if (const Node* text = root.find(key))
        remarks += fmt::format("{}{}", remarks.empty() ? "" : "\n\n", markup(m_.text(text)));
    if (!remarks.empty()) json["remarks"] = remarks;
    return json;
  }

  [[nodiscard]] Json group(const Node& objective) const {
    const std::string_view id = objective.text_of("id");
    Json json{{"id", oscal::group_id(set_.id, id)},
              {"class", "objective"},
              {"title", markup(m_.text(objective.find("title")))}};
    Json props = Json::array();
    props.push_back(prop("objective", id));
    if (const Node* points = objective.find("max_points")) props.push_back(prop("max-points", points->text));
    json["props"] = std::move(props);
    Json controls = Json::array();
    for (const Node& criterion : set_.root.find("criteria")->items)
      if (criterion.text_of("objective") == id) controls.push_back(control(criterion));
    if (!controls.empty()) json["controls"] = std::move(controls);
    return json;
  }

  [[nodiscard]] Json control(const Node& criterion) const {
    const std::string_view id = criterion.text_of("id");
    const std::string asks = m_.text(criterion.find("asks"));
    Json json{{"id", oscal::control_id(set_.id, id)}, {"class", "criterion"}, {"title", markup(asks)}};
    Json props = Json::array();
    props.push_back({{"name", "label"}, {"value", oscal::value(id)}});
    if (is_true(criterion, "blocking")) props.push_back(prop("blocking", "yes"));
    if (is_true(criterion, "answered")) props.push_back(prop("answered", "yes"));
    if (!criterion.text_of("check").empty()) props.push_back(prop("check", criterion.text_of("check")));
    json["props"] = std::move(props);
    Json links = this->links(criterion);
    if (!links.empty()) json["links"] = std::move(links);

    Json parts = Json::array();
    parts.push_back({{"id", oscal::statement_id(set_.id, id)}, {"name", "statement"}, {"prose", markup(asks)}});
    if (const Node* note = criterion.find("note"))
      parts.push_back({{"name", "guidance"}, {"prose", markup(m_.text(note))}});
    if (const Node* ladder = criterion.find("ladder")) parts.push_back(answers(*ladder));
    if (const Node* remedy = criterion.find("remedy"))
      parts.push_back({{"name", "remedy"}, {"ns", oscal::name_space}, {"prose", markup(m_.text(remedy))}});
    json["parts"] = std::move(parts);
    return json;
  }

  static bool is_true(const Node& node, std::string_view key) {
    const Node* found = node.find(key);
    return found != nullptr && found->boolean;
  }

  /// The graded answers of a ladder, worst first.
  [[nodiscard]] Json answers(const Node& ladder) const {
    Json parts = Json::array();
    for (const Node& rung : ladder.items) {
      Json part{{"name", "answer"}, {"ns", oscal::name_space}, {"prose", markup(m_.text(rung.find("label")))}};
      Json props = Json::array();
      for (const std::string_view key : {"points", "level"})
        if (const Node* number = rung.find(key)) props.push_back(prop(key, number->text));
      if (!props.empty()) part["props"] = std::move(props);
      parts.push_back(std::move(part));
    }
    return {{"name", "answers"}, {"ns", oscal::name_space}, {"parts", std::move(parts)}};
  }

  [[nodiscard]] std::string reference_uuid(std::string_view id) const {
    return uuid_v5(fmt::format("reference/{}/{}", set_.id, id));
  }

  /// Links to the references of the rule set that are named; a reference that it does not list has nothing to link to.
  [[nodiscard]] Json links(const Node& criterion) const {
    Json links = Json::array();
    const Node* named = criterion.find("references");
    const Node* listed = set_.root.find("references");
    if (named == nullptr || listed == nullptr) return links;
    for (const Node& reference : named->items) {
      if (listed->find(reference.text_of("id")) == nullptr) continue;
      Json link{{"href", oscal::reference_to(reference_uuid(reference.text_of("id")))}, {"rel", "reference"}};
      if (!reference.text_of("at").empty()) link["text"] = markup(reference.text_of("at"));
      links.push_back(std::move(link));
    }
    return links;
  }

  [[nodiscard]] Json resources() const {
    Json list = Json::array();
    const Node* listed = set_.root.find("references");
    if (listed == nullptr) return list;
    for (const Member& member : listed->members) {
      Json json{{"uuid", reference_uuid(member.key)}, {"title", markup(member.value.text_of("title"))}};
      Json props = Json::array();
      props.push_back(prop("reference", member.key));
      if (!member.value.text_of("seen").empty()) props.push_back(prop("seen", member.value.text_of("seen")));
      json["props"] = std::move(props);
      const std::string address = oscal::web_reference(member.value.text_of("url"));
      if (!address.empty()) {
        Json rlinks = Json::array();
        rlinks.push_back({{"href", address}});
        json["rlinks"] = std::move(rlinks);
      }
      list.push_back(std::move(json));
    }
    return list;
  }

  const Document& set_;
  const Messages& m_;
};

}  // namespace

std::string oscal_catalog(const Document& ruleset, std::string_view sha256, Date modified, const Messages& messages,
                          const Tool& tool) {
  return oscal::dump(Catalog(ruleset, messages).run(sha256, modified, tool));
}

std::optional<Date> last_seen(const Document& ruleset) {
  std::optional<Date> last;
  for (const std::string_view table : {"references", "sources"})
    if (const Node* list = ruleset.root.find(table))
      for (const Member& member : list->members)
        if (const auto seen = Date::parse(member.value.text_of("seen")); seen && (!last || *last < *seen)) last = seen;
  return last;
}

}  // namespace sovrisk
