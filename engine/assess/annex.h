// The annex of a dossier held against an assessment: what people wrote, and whether the assessment still says what it
// said when they wrote it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assess/assessment.h"

namespace sovrisk {

/// Whether an entry still rests on what it was made on.
enum class Bond : std::uint8_t {
  unbound,  ///< it keeps no ground
  holds,
  moved,
};
[[nodiscard]] std::string_view name_of(Bond bond);

/// One entry of a person.
struct AnnexEntry {
  std::string place;           ///< where it stands: "answers.122", "dpo", "accepted_risks.loss-by-failure"
  const Node* node = nullptr;  ///< a map of the annex
  std::string ground;          ///< of the assessment now
  Bond bond = Bond::unbound;
};

struct Annex {
  const Document* document = nullptr;
  std::vector<AnnexEntry> entries;  ///< in the order of the file's parts, as its schema has them

  /// The entry at a place, or null.
  [[nodiscard]] const AnnexEntry* at(std::string_view place) const;
};

/// Binds a checked annex (check_annex) to an assessment. Reports other-subject where the annex is of another offering,
/// workload or method; then the result must not be used.
[[nodiscard]] Annex bind_annex(const Document& document, const Assessment& assessment, const Catalogue& catalogue,
                               Diagnostics& diagnostics);

}  // namespace sovrisk
