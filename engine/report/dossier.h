// The dossier of an impact assessment: what an assessment can fill into the form of its method, and what is left to
// a person.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assess/annex.h"
#include "report/report.h"
#include "rules/annex.h"

namespace sovrisk {

/// A question of the form. A gauge is a level from 1 to 4 (CNIL, PIA: les bases de connaissances, February 2018).
struct DossierField {
  std::string id;    ///< as the form has it: "226"
  std::string kind;  ///< text, list or gauge
  std::string title;
  std::string ask;
  Page blocks;                 ///< what the assessment says of it; empty: a person has to
  std::optional<Range> gauge;  ///< of a gauge: residual, the worst risk of the feared event
  Page answer;                 ///< what a person says of it, by the annex
  Page evaluation;             ///< and how somebody else evaluates that
  bool optional = false;
};

struct DossierSection {
  std::string id;  ///< "3.2"
  std::string title;
  Page blocks;
  std::vector<DossierField> fields;
  Page evaluation;
};

struct DossierPart {
  std::string id;
  std::string title;
  std::vector<DossierSection> sections;
};

/// A measure that is in place or promised, as page 3.1 of the form lists it.
struct DossierMeasure {
  std::string title;
  std::string text;
};

struct Dossier {
  std::string title;
  std::string subject;  ///< the offering and the processing
  std::vector<DossierPart> parts;
  std::vector<DossierMeasure> measures;
  const Annex* annex = nullptr;   ///< what people added; null: nothing
  std::vector<FormPlace> places;  ///< the form, as the method has it
};

/// Fills in the form of the assessment's method. A method without a form gives a dossier without parts. What the
/// assessment does not know stays empty; nothing is made up. The entries of an annex stand where they belong, with a
/// mark where the assessment no longer says what it said when they were made. The annex must outlive the dossier.
[[nodiscard]] Dossier make_dossier(const Assessment& assessment, const Catalogue& catalogue, const Messages& messages,
                                   const Annex* annex = nullptr);

/// One self-contained HTML page from a Mustache template: no script, nothing loaded from elsewhere. Every text of
/// inputs is escaped. Every law, criterion, risk, condition, action, missing fact and source has an id of its own, and
/// citations lead to their sources. Throws std::invalid_argument when the template is not valid.
[[nodiscard]] std::string dossier_html(const Dossier& dossier, const Assessment& assessment, const Messages& messages,
                                       const Tool& tool, const std::string& page_template);

/// The same as GitHub-flavoured Markdown, which pandoc reads too. What people wrote stands in quotes.
[[nodiscard]] std::string dossier_markdown(const Dossier& dossier, const Assessment& assessment,
                                           const Messages& messages, const Tool& tool,
                                           const std::string& page_template);

/// The file that the CNIL's own PIA tool imports: all questions of the form whose ids are numbers, the measures, and
/// the evaluations, opinions and planned actions that people recorded in the annex; none without it. The state stays
/// "in progress": validating is for people. A rating that is a range is given at its worst, with the range in its
/// reason.
[[nodiscard]] std::string dossier_pia(const Dossier& dossier, const Assessment& assessment, const Messages& messages);

}  // namespace sovrisk
