#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "load/diagnostic.h"
#include "report/dossier.h"
#include "report/dossier_people.h"
#include "report/html.h"

namespace sovrisk {

namespace {

using Json = nlohmann::ordered_json;

/// At most this many bytes of a title: the form's own limit is 120 characters.
constexpr std::size_t longest_title = 110;

/// A title as the tool can take it: it shows titles as HTML, and as list items as plain text.
std::string plain_title(const std::string& text) {
  std::string out;
  for (const char c : printable(text))
    if (c == '\n' || c == '\t') {
      out += ' ';
    } else if (c != '<' && c != '>' && c != '&') {
      out += c;
    }
  if (out.size() <= longest_title) return out;
  std::size_t end = longest_title;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0U) == 0x80U)
    --end;
  return out.substr(0, end) + "…";
}

/// What the tool shows as plain text: as it is, in one line, with control characters made harmless.
std::string plain_text(const std::string& text) {
  std::string out = printable(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return out;
}

/// The words of the items of lists, as plain text; `title`: as titles of measures, to which the tool links by them.
void items_of(const Page& page, bool title, Json& list) {
  for (const Block& block : page)
    if (const auto* bullets = std::get_if<Bullets>(&block))
      for (const Line& item : bullets->items) {
        std::string text;
        for (const Words& words : item)
          text += words.text;
        list.push_back(title ? plain_title(text) : plain_text(text));
      }
}

Json answer_of(const DossierField& field, const std::string& more, int reference, const std::string& now) {
  Json data{{"text", nullptr}, {"gauge", nullptr}, {"list", Json::array()}};
  if (field.kind == "list") {
    items_of(field.blocks, true, data["list"]);
    items_of(field.answer, false, data["list"]);
  } else {
    data["text"] = render_plain_html(field.blocks) + render_plain_html(field.answer) + more;
    if (field.kind == "gauge") data["gauge"] = field.gauge ? static_cast<int>(field.gauge->high) : 0;
  }
  return {{"reference_to", reference}, {"data", std::move(data)}, {"created_at", now}, {"updated_at", now}};
}

/// What people recorded, in the places that the tool has for it.
class People {
 public:
  People(const Dossier& dossier, const Assessment& assessment, const Messages& m, std::string now)
      : dossier_(dossier), a_(assessment), m_(m), now_(std::move(now)) {}

  /// Names and opinions. The state is left alone: what the tool calls validated can no longer be edited.
  void head(Json& pia) const {
    if (dossier_.annex == nullptr) return;
    if (const Node* list = dossier_.annex->document->root.find("signatories"))
      for (const Node& one : list->items) {
        if (one.text_of("role") == "author") pia["author_name"] = plain_text(std::string(one.text_of("name")));
        if (one.text_of("role") == "evaluator") pia["evaluator_name"] = plain_text(std::string(one.text_of("name")));
      }
    if (const AnnexEntry* entry = dossier_.annex->at("dpo")) {
      const std::string_view opinion = entry->node->text_of("opinion");
      pia["dpos_names"] = text(*entry, "name");
      if (!opinion.empty()) pia["dpo_status"] = opinion == "unfavourable" ? 0 : 1;
      pia["dpo_opinion"] = said(*entry, "text", opinion);
    }
    if (const AnnexEntry* entry = dossier_.annex->at("data_subjects")) {
      const bool sought = entry->node->find("sought")->boolean;
      pia["concerned_people_searched_opinion"] = sought;
      if (!sought) pia["concerned_people_searched_content"] = said(*entry, "why_not", {});
      if (sought) {
        const std::string_view opinion = entry->node->text_of("opinion");
        pia["people_names"] = text(*entry, "who");
        // The tool knows yes and no; a mixed opinion stays open, and in its words.
        if (opinion == "favourable" || opinion == "unfavourable")
          pia["concerned_people_status"] = opinion == "favourable" ? 1 : 0;
        pia["concerned_people_opinion"] = said(*entry, "text", opinion);
      }
    }
    if (const AnnexEntry* entry = dossier_.annex->at("decision")) {
      pia["validator_name"] = text(*entry, "name");
      if (entry->node->text_of("decision") == "refused") pia["rejection_reason"] = said(*entry, "text", {});
    }
  }

  /// Accepted risks stand with the reason of the likelihood of their feared event, which is where the tool asks for it.
  [[nodiscard]] std::string accepted(const DossierField& field) const {
    if (dossier_.annex == nullptr || field.kind != "gauge") return {};
    const Node* form_field = nullptr;
    for (const FormPlace& place : dossier_.places)
      if (place.id == field.id) form_field = place.node;
    const Node* shows = form_field != nullptr ? form_field->find("shows") : nullptr;
    constexpr std::string_view wanted = "likelihood ";
    if (shows == nullptr || shows->items.empty() || !shows->items.front().text.starts_with(wanted)) return {};
    const std::string event = shows->items.front().text.substr(wanted.size());
    Page page;
    for (const RiskResult& risk : a_.risks) {
      const AnnexEntry* entry = dossier_.annex->at(fmt::format("accepted_risks.{}", risk.rule->id));
      if (entry == nullptr || risk.rule->node->text_of("feared_event") != event) continue;
      Line line{{fmt::format("{}{} {}. {} ", m_("accepted.risk"), m_("colon"), m_.text(risk.rule->node->find("title")),
                             m_.text(entry->node->find("reason")))}};
      for (Words& words : entry_line(*entry, m_))
        line.push_back(std::move(words));
      page.emplace_back(Paragraph{std::move(line), 0});
    }
    return render_plain_html(page);
  }

  /// Conditions of the verdict that somebody has taken on are planned measures.
  [[nodiscard]] std::vector<DossierMeasure> planned() const {
    std::vector<DossierMeasure> list;
    const Node* plan = dossier_.annex != nullptr ? dossier_.annex->document->root.find("action_plan") : nullptr;
    if (plan == nullptr) return list;
    for (const Node& node : plan->items) {
      const AnnexEntry* entry = dossier_.annex->at(fmt::format("action_plan.{}", node.text_of("condition")));
      for (const ConditionRule& rule : a_.method->conditions) {
        if (rule.id != node.text_of("condition")) continue;
        std::string text = m_.text(rule.node->find("text"));
        const auto add = [&](std::string_view key, const std::string& value) {
          if (!value.empty()) text += fmt::format(" {}{} {}.", m_(key), m_("colon"), value);
        };
        add("plan.who", m_.text(node.find("owner")));
        add("plan.due", node.text_of("due").empty() ? std::string() : m_.date(node.text_of("due")));
        add("plan.done",
            node.text_of("state").empty() ? std::string() : m_(fmt::format("plan-state.{}", node.text_of("state"))));
        if (const Node* more = node.find("text")) text += fmt::format(" {}", m_.text(more));
        if (const std::string mark = entry_mark(*entry, m_); !mark.empty()) text += fmt::format(" {}", mark);
        list.push_back({m_.text(rule.node->find("text")), std::move(text)});
      }
    }
    return list;
  }

  /// The tool evaluates pages of context and risks as a whole, principles by question and measures one by one. What is
  /// said of a section holds for its questions and measures that have nothing of their own.
  void evaluations(Json& list, const std::vector<int>& measures) const {
    if (dossier_.annex == nullptr) return;
    for (const DossierPart& part : dossier_.parts)
      for (const DossierSection& section : part.sections) {
        const AnnexEntry* whole = dossier_.annex->at("evaluations." + section.id);
        const bool by_question = section.id.starts_with("2.");
        if (section.id == "3.1") {
          for (const int id : measures)
            add(list, fmt::format("3.1.{}", id), whole, false);
        } else if (!by_question) {
          const bool tool_has_it = section.id.starts_with("1.") || section.id.starts_with("3.");
          if (tool_has_it && !section.fields.empty()) add(list, section.id, whole, section.id.starts_with("1."));
        } else {
          for (const DossierField& field : section.fields) {
            const AnnexEntry* own = dossier_.annex->at("evaluations." + field.id);
            add(list, fmt::format("{}.{}", section.id, field.id), own != nullptr ? own : whole, false);
          }
        }
      }
  }

 private:
  [[nodiscard]] std::string text(const AnnexEntry& entry, std::string_view key) const {
    const Node* node = entry.node->find(key);
    return node != nullptr ? plain_text(m_.text(node)) : std::string();
  }

  /// A text with what the tool has no place for: the opinion in its own word, and the entry's mark.
  [[nodiscard]] std::string said(const AnnexEntry& entry, std::string_view key, std::string_view opinion) const {
    std::string out = text(entry, key);
    if (opinion == "favourable-with-reservations" || opinion == "mixed")
      out = fmt::format("{}{} {}", m_(fmt::format("opinion.{}", opinion)), m_("colon"), out);
    if (const std::string mark = entry_mark(entry, m_); !mark.empty()) out += fmt::format(" ({})", plain_text(mark));
    return out;
  }

  void add(Json& list, const std::string& reference, const AnnexEntry* entry, bool context) const {
    if (entry == nullptr) return;
    const std::string_view state = entry->node->text_of("state");
    // Pages of context are acceptable or to be corrected, nothing between.
    const int status = state == "acceptable" ? 3 : (state == "improvable" && !context ? 2 : 1);
    const std::string_view due = entry->node->text_of("due");
    const std::string_view on = entry->node->text_of("on");
    const auto midday = [](std::string_view day) { return fmt::format("{}T12:00:00.000Z", day); };
    Page comment;
    if (const Node* words = entry->node->find("comment")) comment.emplace_back(Paragraph{{{m_.text(words)}}, 0});
    comment.emplace_back(Paragraph{entry_line(*entry, m_), 0});
    Page action;
    if (const Node* words = entry->node->find("action")) action.emplace_back(Paragraph{{{m_.text(words)}}, 0});
    list.push_back({{"reference_to", reference},
                    {"status", status},
                    {"global_status", status == 1 ? 1 : 2},
                    {"evaluation_comment", render_plain_html(comment)},
                    {"action_plan_comment", render_plain_html(action)},
                    {"gauges", {{"x", 0}, {"y", 0}}},
                    {"estimated_implementation_date", due.empty() ? Json(nullptr) : Json(midday(due))},
                    {"person_in_charge", text(*entry, "owner")},
                    {"evaluation_date", on.empty() ? now_ : midday(on)},
                    {"created_at", now_},
                    {"updated_at", now_}});
  }

  const Dossier& dossier_;
  const Assessment& a_;
  const Messages& m_;
  std::string now_;
};

}  // namespace

std::string dossier_pia(const Dossier& dossier, const Assessment& assessment, const Messages& m) {
  const std::string now = assessment.as_of.text() + "T12:00:00.000Z";
  const People people(dossier, assessment, m, now);
  Json json;
  json["pia"] = {{"status", 0},
                 {"name", plain_text(dossier.subject)},
                 {"category", m("dossier.category")},
                 {"author_name", ""},
                 {"evaluator_name", ""},
                 {"validator_name", ""},
                 {"dpo_status", nullptr},
                 {"dpo_opinion", ""},
                 {"concerned_people_searched_opinion", nullptr},
                 {"created_at", now},
                 {"updated_at", now}};
  people.head(json["pia"]);
  json["answers"] = Json::array();
  for (const DossierPart& part : dossier.parts)
    for (const DossierSection& section : part.sections)
      for (const DossierField& field : section.fields) {
        int reference = 0;
        const auto parsed = std::from_chars(field.id.data(), field.id.data() + field.id.size(), reference);
        if (parsed.ec == std::errc() && parsed.ptr == field.id.data() + field.id.size())
          json["answers"].push_back(answer_of(field, people.accepted(field), reference, now));
      }
  json["measures"] = Json::array();
  std::set<std::string> told;
  std::vector<int> ids;
  int id = 500;
  std::vector<DossierMeasure> measures = dossier.measures;
  for (DossierMeasure& measure : people.planned())
    measures.push_back(std::move(measure));
  for (const DossierMeasure& measure : measures) {
    const std::string title = plain_title(measure.title);
    if (!told.insert(title).second) continue;  // the tool links by title and keeps the first of two
    const std::string text = measure.text.empty() ? title : measure.text;
    ids.push_back(++id);
    json["measures"].push_back({{"id", id},
                                {"title", title},
                                {"content", fmt::format("<p>{}</p>", escape_html(text))},
                                {"placeholder", "measures.default_placeholder"},
                                {"created_at", now},
                                {"updated_at", now}});
  }
  json["evaluations"] = Json::array();
  people.evaluations(json["evaluations"], ids);
  json["comments"] = Json::array();
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sovrisk
