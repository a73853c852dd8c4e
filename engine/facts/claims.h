// What a profile states, and what each statement rests on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/catalogue.h"
#include "load/date.h"

namespace sovrisk {

/// One fact of an offering or an entity: a value, or a list of plain values.
struct Claim {
  std::string path;  ///< within the file, items of lists by name: `sites[fr-par].country`
  Span span;
  std::vector<std::string> sources;  ///< keys of the file's `sources:`
  std::string confidence;            ///< the fact's own word, else the kind of its weakest source
  std::optional<Date> day;           ///< that it describes: its `as_of`, else the newest date of its sources
};

/// Every fact of a checked document, in file order, whatever the days for which it holds. `unknown` is no fact, and
/// neither are names, notes and what the file records under `conflicts` and `earlier`.
[[nodiscard]] std::vector<Claim> claims_of(const Document& document, const SchemaSet& schemas);

/// Reports facts without a source (unsourced-fact, an error) and those that nobody looked at for longer than `days`
/// before `as_of` (stale-fact, a warning).
void check_claims(const Document& document, const SchemaSet& schemas, Date as_of, int days, Diagnostics& diagnostics);

}  // namespace sovrisk
