// What a schema cannot say of a document: references that lead somewhere, conditions that make sense, shares
// that add up, dates in order.
#pragma once

#include "facts/groups.h"
#include "load/catalogue.h"

namespace sovrisk {

/// The country groups of a catalogue.
[[nodiscard]] CountryGroups country_groups(const Catalogue& catalogue);

/// Checks the meaning of a document whose shape is right. Reports dangling-source, dangling-entity, dangling-id,
/// shares-over-100, dates-in-wrong-order, unknown-path and the errors of conditions.
void check_meaning(const Document& document, const Catalogue& catalogue, const CountryGroups& groups,
                   Diagnostics& diagnostics);

/// check_meaning for every document of the catalogue.
void check_catalogue(const Catalogue& catalogue, Diagnostics& diagnostics);

}  // namespace sovrisk
