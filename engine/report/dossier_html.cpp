#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "report/dossier.h"
#include "report/html.h"

namespace sovrisk {

namespace {

using Data = kainjow::mustache::data;

/// An id of HTML: letters, digits and dashes.
std::string anchor(std::string_view prefix, std::string_view id) {
  std::string out(prefix);
  for (const char c : id)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
  return out;
}

Data fact(const std::string& label, const std::string& value) {
  Data data;
  data.set("label", label);
  data.set("value", value);
  return data;
}

Data field_data(const DossierField& field) {
  Data data;
  const std::string id = anchor("q-", field.id);
  data.set("id", id);
  data.set("title", field.title);
  data.set("ask", field.ask);
  data.set("body", render_html(field.blocks, id, 5));
  // A list or a rating by rules stands as it is; a text always waits for the controller where rules say nothing.
  data.set("todo", field.blocks.empty() ? Data::type::bool_true : Data::type::bool_false);
  return data;
}

Data section_data(const DossierSection& section) {
  Data data;
  const std::string id = anchor("s-", section.id);
  data.set("id", id);
  data.set("number", section.id);
  data.set("title", section.title);
  data.set("body", render_html(section.blocks, id, 4));
  Data fields(Data::type::list);
  for (const DossierField& field : section.fields)
    fields.push_back(field_data(field));
  data.set("fields", fields);
  return data;
}

Data head_data(const Assessment& a, const Messages& m) {
  Data facts(Data::type::list);
  std::string verdict = m(fmt::format("verdict.{}", a.verdict.value));
  if (a.verdict.until) verdict += fmt::format(", {}", m("verdict.until", m.date(*a.verdict.until)));
  facts.push_back(fact(m("verdict"), verdict));
  facts.push_back(fact(m("dossier.as-of"), m.date(a.as_of)));
  facts.push_back(
      fact(m("dossier.method"), fmt::format("{} {}", a.method->id, a.method->document->root.text_of("version"))));
  facts.push_back(fact(m("dossier.state"), m("dossier.unsigned")));
  return facts;
}

}  // namespace

std::string dossier_html(const Dossier& dossier, const Assessment& assessment, const Messages& m, const Tool& tool,
                         const std::string& page_template) {
  kainjow::mustache::mustache page{page_template};
  if (!page.is_valid()) throw std::invalid_argument(page.error_message());
  page.set_custom_escape([](const std::string& text) { return escape_html(text); });
  Data data;
  data.set("lang", m.language());
  data.set("title", dossier.title);
  data.set("subject", dossier.subject);
  data.set("tool", fmt::format("{} {}", tool.name, tool.version));
  data.set("facts", head_data(assessment, m));
  Data words;
  words.set("contents", m("dossier.contents"));
  words.set("todo", m("dossier.todo"));
  words.set("disclaimer", m("disclaimer"));
  data.set("words", words);
  Data parts(Data::type::list);
  for (const DossierPart& part : dossier.parts) {
    Data entry;
    entry.set("id", anchor("p-", part.id));
    entry.set("title", part.title);
    Data sections(Data::type::list);
    for (const DossierSection& section : part.sections)
      sections.push_back(section_data(section));
    entry.set("sections", sections);
    parts.push_back(entry);
  }
  data.set("parts", parts);
  return page.render(data);
}

}  // namespace sovrisk
