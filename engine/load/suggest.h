// "did you mean": the near misses among known words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sovrisk {

/// Edits (insert, delete, replace, swap of neighbours; case counts half) that turn one word into the other.
[[nodiscard]] double edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `word` if it is near enough to be a slip, else empty. Ties go to the first in
/// alphabetical order, so that the answer does not depend on the order of the candidates.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean `x`?", or, without a near miss, "one of: a, b, c" for short lists, or empty.
[[nodiscard]] std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// The same for the code of a country. Codes that are in use and are no ISO 3166-1 alpha-2 codes of a country lead to
/// those that are: UK (reserved at the request of the United Kingdom) and EL (in the Union's own texts).
[[nodiscard]] std::string did_you_mean_country(std::string_view code, const std::vector<std::string>& candidates);

}  // namespace sovrisk
