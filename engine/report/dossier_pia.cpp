#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "load/diagnostic.h"
#include "report/dossier.h"
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

/// The words of the items of a list, as plain text.
Json items_of(const Page& page) {
  Json list = Json::array();
  for (const Block& block : page)
    if (const auto* bullets = std::get_if<Bullets>(&block))
      for (const Line& item : bullets->items) {
        std::string text;
        for (const Words& words : item)
          text += words.text;
        list.push_back(plain_title(text));
      }
  return list;
}

Json answer_of(const DossierField& field, int reference, const std::string& now) {
  Json data{{"text", nullptr}, {"gauge", nullptr}, {"list", Json::array()}};
  if (field.kind == "list") {
    data["list"] = items_of(field.blocks);
  } else {
    data["text"] = render_plain_html(field.blocks);
    if (field.kind == "gauge") data["gauge"] = field.gauge ? static_cast<int>(field.gauge->high) : 0;
  }
  return {{"reference_to", reference}, {"data", std::move(data)}, {"created_at", now}, {"updated_at", now}};
}

}  // namespace

std::string dossier_pia(const Dossier& dossier, const Assessment& assessment, const Messages& m) {
  const std::string now = assessment.as_of.text() + "T12:00:00.000Z";
  Json json;
  json["pia"] = {{"status", 0},
                 {"name", plain_title(dossier.subject)},
                 {"category", m("dossier.category")},
                 {"author_name", ""},
                 {"evaluator_name", ""},
                 {"validator_name", ""},
                 {"dpo_status", nullptr},
                 {"dpo_opinion", ""},
                 {"concerned_people_searched_opinion", nullptr},
                 {"created_at", now},
                 {"updated_at", now}};
  json["answers"] = Json::array();
  for (const DossierPart& part : dossier.parts)
    for (const DossierSection& section : part.sections)
      for (const DossierField& field : section.fields) {
        int reference = 0;
        const auto parsed = std::from_chars(field.id.data(), field.id.data() + field.id.size(), reference);
        if (parsed.ec == std::errc() && parsed.ptr == field.id.data() + field.id.size())
          json["answers"].push_back(answer_of(field, reference, now));
      }
  json["measures"] = Json::array();
  std::set<std::string> told;
  int id = 500;
  for (const DossierMeasure& measure : dossier.measures) {
    const std::string title = plain_title(measure.title);
    if (!told.insert(title).second) continue;  // the tool links by title and keeps the first of two
    const std::string text = measure.text.empty() ? title : measure.text;
    json["measures"].push_back({{"id", ++id},
                                {"title", title},
                                {"content", fmt::format("<p>{}</p>", escape_html(text))},
                                {"placeholder", "measures.default_placeholder"},
                                {"created_at", now},
                                {"updated_at", now}});
  }
  json["evaluations"] = Json::array();
  json["comments"] = Json::array();
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sovrisk
