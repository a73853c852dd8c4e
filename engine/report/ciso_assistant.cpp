#include "report/ciso_assistant.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "load/ascii.h"
#include "load/diagnostic.h"
#include "load/writer.h"
#include "report/csv.h"

namespace sovrisk {

namespace {

/// What CISO Assistant keeps of a name, and of who provides a library, in characters.
constexpr std::size_t longest_name = 200;

std::string urn(std::string_view kind, std::string_view ruleset, std::string_view rest = {}) {
  return fmt::format("urn:sovrisk:risk:{}:{}{}{}", kind, ruleset, rest.empty() ? "" : ":", rest);
}

std::string objective_urn(std::string_view ruleset, std::size_t place) {
  return urn("req_node", ruleset, fmt::format("objective:{}", place + 1));
}

/// One line of at most so many bytes: control characters visible, cut between characters.
std::string short_line(std::string_view text) {
  std::string line = printable(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  if (line.size() <= longest_name) return line;
  constexpr std::string_view dots = "…";
  std::size_t end = longest_name - dots.size();
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0U) == 0x80U)
    --end;
  return line.substr(0, end) + std::string(dots);
}

Node number_node(unsigned value) {
  Node node;
  node.kind = Node::Kind::number;
  node.number = value;
  node.text = fmt::format("{}", value);
  return node;
}

Node boolean_node(bool value) {
  Node node;
  node.kind = Node::Kind::boolean;
  node.boolean = value;
  return node;
}

class Library {
 public:
  Library(const Document& ruleset, const std::string& language)
      : set_(ruleset), language_(language), other_(language == "fr" ? "en" : "fr") {}

  Node run(unsigned version, const Tool& tool) const {
    const Node& root = set_.root;
    Node library = map_node();
    set(library, "urn", text_node(urn("library", set_.id)));
    set(library, "locale", text_node(language_));
    set(library, "ref_id", text_node(set_.id));
    described(library, root);
    const Node* licence = root.find("licence");
    if (licence != nullptr) set(library, "copyright", text_node(printable(localized(licence, language_))));
    set(library, "version", number_node(version));
    if (!root.text_of("issuer").empty()) set(library, "provider", text_node(short_line(root.text_of("issuer"))));
    set(library, "packager", text_node(tool.name));

    Node framework = map_node();
    set(framework, "urn", text_node(urn("framework", set_.id)));
    set(framework, "ref_id", text_node(set_.id));
    described(framework, root);
    set(framework, "requirement_nodes", nodes());
    Node objects = map_node();
    set(objects, "framework", std::move(framework));
    set(library, "objects", std::move(objects));
    return library;
  }

 private:
  /// Sets a text in the main language, and notes it in the other one where the document has it.
  void put(Node& node, Node& translation, const std::string& key, const Node* text, bool is_name) const {
    if (text == nullptr) return;
    const auto said = [&](const std::string& language) {
      const std::string words = localized(text, language);
      return text_node(is_name ? short_line(words) : printable(words));
    };
    set(node, key, said(language_));
    if (text->find(other_) != nullptr && text->find(language_) != nullptr) set(translation, key, said(other_));
  }

  void translated(Node& node, Node translation) const {
    if (translation.members.empty()) return;
    Node translations = map_node();
    set(translations, other_, std::move(translation));
    set(node, "translations", std::move(translations));
  }

  /// Name and description of the library and of its framework: the title with the version, and what the set says of
  /// itself.
  void described(Node& node, const Node& root) const {
    Node translation = map_node();
    put(node, translation, "name", root.find("title"), true);
    put(node, translation, "description", root.find("description"), false);
    translated(node, std::move(translation));
  }

  [[nodiscard]] Node nodes() const {
    const Node& root = set_.root;
    const auto urns = requirement_urns(set_);
    const Node& criteria = *root.find("criteria");
    std::set<std::string, std::less<>> objectives;
    std::set<std::string, std::less<>> ids;
    for (const Node& criterion : criteria.items)
      ids.emplace(criterion.text_of("id"));
    Node list = list_node();
    if (const Node* sections = root.find("objectives"))
      for (std::size_t i = 0; i < sections->items.size(); ++i) {
        const Node& objective = sections->items[i];
        const std::string_view id = objective.text_of("id");
        if (!objectives.emplace(id).second) continue;
        Node node = map_node();
        set(node, "urn", text_node(objective_urn(set_.id, i)));
        set(node, "assessable", boolean_node(false));
        set(node, "depth", number_node(1));
        // The import of audits looks for ids first: a section must not be found in place of a requirement.
        if (!ids.contains(id)) set(node, "ref_id", text_node(std::string(id)));
        Node translation = map_node();
        put(node, translation, "name", objective.find("title"), true);
        translated(node, std::move(translation));
        list.items.push_back(std::move(node));
        for (const Node& criterion : criteria.items)
          if (criterion.text_of("objective") == id)
            list.items.push_back(requirement(criterion, urns, objective_urn(set_.id, i)));
      }
    for (const Node& criterion : criteria.items)
      if (!objectives.contains(criterion.text_of("objective"))) list.items.push_back(requirement(criterion, urns, {}));
    return list;
  }

  [[nodiscard]] Node requirement(const Node& criterion, const std::map<std::string, std::string>& urns,
                                 const std::string& parent) const {
    const std::string id(criterion.text_of("id"));
    Node node = map_node();
    set(node, "urn", text_node(urns.at(id)));
    set(node, "assessable", boolean_node(true));
    set(node, "depth", number_node(parent.empty() ? 1 : 2));
    if (!parent.empty()) set(node, "parent_urn", text_node(parent));
    set(node, "ref_id", text_node(id));
    Node translation = map_node();
    put(node, translation, "description", criterion.find("asks"), false);
    put(node, translation, "annotation", criterion.find("note"), false);
    translated(node, std::move(translation));
    return node;
  }

  const Document& set_;
  const std::string& language_;
  std::string other_;
};

/// A result of an audit of CISO Assistant. What is not decided is not assessed, never compliant.
std::string_view result_of(Status status) {
  switch (status) {
    case Status::met: return "compliant";
    case Status::partly_met: return "partially_compliant";
    case Status::not_met: return "non_compliant";
    case Status::not_applicable: return "not_applicable";
    case Status::unknown: break;
  }
  return "not_assessed";
}

/// Whether a spreadsheet library would take the whole column of ids for numbers, so that "3.10" becomes 3.1.
bool read_as_numbers(const std::vector<CriterionResult>& criteria) {
  return std::all_of(criteria.begin(), criteria.end(), [](const CriterionResult& one) {
    const std::string& id = one.criterion->id;
    double number = 0;
    return std::from_chars(id.data(), id.data() + id.size(), number).ptr == id.data() + id.size();
  });
}

std::string observations(const CriterionResult& one, const Messages& m) {
  std::string text;
  const auto line = [&](const std::string& words) { text += (text.empty() ? "" : "\n") + words; };
  if (one.refuted) line(m("ciso.refuted"));
  for (const UsedFact& fact : one.reasons)
    line(fmt::format("{} = {}", fact.path, fact.value));
  for (const UsedFact& fact : one.missing)
    line(m("oscal.missing", fact.path));
  return printable(text);
}

}  // namespace

std::map<std::string, std::string> requirement_urns(const Document& ruleset) {
  std::map<std::string, std::string> urns;
  std::set<std::string> taken;
  for (const Node& criterion : ruleset.root.find("criteria")->items) {
    const std::string id(criterion.text_of("id"));
    const std::string name = urn("req_node", ruleset.id, lower_ascii(id));
    std::string unique = name;
    // A colon is in no id, so that a number behind one is no other criterion's name.
    for (int again = 2; !taken.insert(unique).second; ++again)
      unique = fmt::format("{}:{}", name, again);
    urns.emplace(id, unique);
  }
  return urns;
}

std::string ciso_library(const Document& ruleset, const std::string& language, unsigned version, const Tool& tool) {
  // CISO Assistant reads YAML 1.1.
  return write_yaml(Library(ruleset, language).run(version, tool), YamlTexts::quoted);
}

std::string ciso_audit(const FrameworkResult& framework, const Messages& m) {
  // Both further scores are named, and left empty: without these columns the import takes every row as scored.
  std::vector<std::vector<std::string>> rows{{"urn", "assessable", "ref_id", "name", "description", "compliance_result",
                                              "requirement_progress", "score", "implementation_score",
                                              "documentation_score", "observations"}};
  const auto urns = requirement_urns(*framework.ruleset->document);
  const bool by_urn = read_as_numbers(framework.criteria);
  for (const CriterionResult& one : framework.criteria) {
    const std::string& id = one.criterion->id;
    const bool decided = one.status != Status::unknown;
    rows.push_back({urns.at(id), "x", by_urn ? "" : id, "", printable(m.text(one.criterion->node->find("asks"))),
                    std::string(result_of(one.status)), decided ? "in_review" : "to_do", "", "", "",
                    observations(one, m)});
  }
  return render_csv(rows);
}

}  // namespace sovrisk
