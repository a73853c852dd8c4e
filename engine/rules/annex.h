// The form of a method, and what the annex of a dossier (sovrisk-dossier/1) may name of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "load/catalogue.h"

namespace sovrisk {

/// A question of a form, or a section as a whole.
struct FormPlace {
  std::string id;
  const Node* node = nullptr;
  std::string section;  ///< id of the section that a question is in; empty for a section
};

/// The sections and questions of a form, each section before its questions.
[[nodiscard]] std::vector<FormPlace> places_of(const Node& form);

/// What the assessment fills in at a place: its `shows`; for a section those of its questions, too.
[[nodiscard]] std::vector<std::string> shown_at(const std::vector<FormPlace>& places, std::string_view id);

/// Holds an annex to the catalogue: its method has a form, the form has the places that it names, the method the risks
/// and conditions, each named once, and an `improvable` evaluation has an action. Reports dangling-id, duplicate-entry
/// and missing-key, at the words meant.
void check_annex(const Document& annex, const Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace sovrisk
