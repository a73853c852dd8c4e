#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>
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

/// How the parts of a dossier look in one format.
struct Look {
  /// Blocks of the program; `name` is unique in the document.
  std::function<std::string(const Page& page, const std::string& name, int level)> blocks;
  /// What a person wrote, told apart from the rest.
  std::function<std::string(const Page& page, const std::string& name, int level)> entry;
  std::function<std::string(const std::string& text)> escape;
};

std::string with_entries(std::string body, const Page& answer, const Page& evaluation, const std::string& name,
                         int level, const Look& look) {
  if (!answer.empty()) body += look.entry(answer, name + "-a", level);
  if (!evaluation.empty()) body += look.entry(evaluation, name + "-e", level);
  return body;
}

Data field_data(const DossierField& field, const Look& look) {
  Data data;
  const std::string id = anchor("q-", field.id);
  data.set("id", id);
  data.set("title", field.title);
  data.set("ask", field.ask);
  data.set("body", with_entries(look.blocks(field.blocks, id, 5), field.answer, field.evaluation, id, 5, look));
  // A list or a rating by rules stands as it is; a text always waits for the controller where rules say nothing.
  const bool todo = field.blocks.empty() && field.answer.empty();
  data.set("todo", todo ? Data::type::bool_true : Data::type::bool_false);
  return data;
}

Data section_data(const DossierSection& section, const Look& look) {
  Data data;
  const std::string id = anchor("s-", section.id);
  data.set("id", id);
  data.set("number", section.id);
  data.set("title", section.title);
  data.set("body", with_entries(look.blocks(section.blocks, id, 4), {}, section.evaluation, id, 4, look));
  Data fields(Data::type::list);
  for (const DossierField& field : section.fields)
    fields.push_back(field_data(field, look));
  data.set("fields", fields);
  return data;
}

Data head_data(const Dossier& dossier, const Assessment& a, const Messages& m) {
  Data facts(Data::type::list);
  std::string verdict = m(fmt::format("verdict.{}", a.verdict.value));
  if (a.verdict.until) verdict += fmt::format(", {}", m("verdict.until", m.date(*a.verdict.until)));
  facts.push_back(fact(m("verdict"), verdict));
  facts.push_back(fact(m("dossier.as-of"), m.date(a.as_of)));
  facts.push_back(
      fact(m("dossier.method"), fmt::format("{} {}", a.method->id, a.method->document->root.text_of("version"))));
  facts.push_back(fact(m("dossier.state"), m(dossier.annex != nullptr ? "dossier.with-annex" : "dossier.unsigned")));
  return facts;
}

std::string fill_in(const std::string& page_template, const Look& look, const Dossier& dossier,
                    const Assessment& assessment, const Messages& m, const Tool& tool) {
  kainjow::mustache::mustache page{page_template};
  if (!page.is_valid()) throw std::invalid_argument(page.error_message());
  page.set_custom_escape(look.escape);
  Data data;
  data.set("lang", m.language());
  data.set("title", dossier.title);
  data.set("subject", dossier.subject);
  data.set("tool", fmt::format("{} {}", tool.name, tool.version));
  data.set("facts", head_data(dossier, assessment, m));
  Data words;
  words.set("contents", m("dossier.contents"));
  words.set("todo", m("dossier.todo"));
  words.set("disclaimer", m("disclaimer"));
  words.set("colon", m("colon"));
  data.set("words", words);
  Data parts(Data::type::list);
  for (const DossierPart& part : dossier.parts) {
    Data entry;
    entry.set("id", anchor("p-", part.id));
    entry.set("title", part.title);
    Data sections(Data::type::list);
    for (const DossierSection& section : part.sections)
      sections.push_back(section_data(section, look));
    entry.set("sections", sections);
    parts.push_back(entry);
  }
  data.set("parts", parts);
  return page.render(data);
}

/// Every finding of the dossier, in the order of the page.
Anchors anchors_of(const Dossier& dossier) {
  Anchors anchors;
  for (const DossierPart& part : dossier.parts)
    for (const DossierSection& section : part.sections) {
      anchors.announce(section.blocks);
      for (const DossierField& field : section.fields)
        anchors.announce(field.blocks);
    }
  return anchors;
}

}  // namespace

std::string dossier_html(const Dossier& dossier, const Assessment& assessment, const Messages& m, const Tool& tool,
                         const std::string& page_template) {
  Anchors anchors = anchors_of(dossier);
  const auto blocks = [&](const Page& page, const std::string& name, int level) {
    return render_html(page, name, level, &anchors);
  };
  const Look look{blocks,
                  [&](const Page& page, const std::string& name, int level) {
                    return fmt::format("<div class=\"entry\">\n{}</div>\n", blocks(page, name, level));
                  },
                  [](const std::string& text) { return escape_html(text); }};
  return fill_in(page_template, look, dossier, assessment, m, tool);
}

std::string dossier_markdown(const Dossier& dossier, const Assessment& assessment, const Messages& m, const Tool& tool,
                             const std::string& page_template) {
  const auto blocks = [](const Page& page, const std::string&, int level) { return render_markdown(page, level); };
  const auto entry = [](const Page& page, const std::string&, int level) {
    std::string out = "\n";
    const std::string text = render_markdown(page, level);
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t end = std::min(text.find('\n', from), text.size());
      out += end > from ? fmt::format("> {}\n", text.substr(from, end - from)) : ">\n";
      from = end + 1;
    }
    return out + "\n";
  };
  const Look look{blocks, entry, [](const std::string& text) { return escape_markdown(text); }};
  std::string text = fill_in(page_template, look, dossier, assessment, m, tool);
  // Empty parts of the template leave empty lines behind.
  std::string out;
  for (const char c : text)
    if (c != '\n' || !out.ends_with("\n\n")) out += c;
  return out;
}

}  // namespace sovrisk
