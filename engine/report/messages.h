// The words of reports in one language, and how that language writes numbers and dates.
#pragma once

#include <fmt/args.h>
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "load/catalogue.h"
#include "load/date.h"
#include "rules/ruleset.h"

namespace sovrisk {

class Messages {
 public:
  /// `language` is "en" or "fr". The catalogue must outlive the messages.
  Messages(const Catalogue& catalogue, std::string language);

  [[nodiscard]] const std::string& language() const { return language_; }

  /// The words for a key; a key that is missing comes back in angle quotes, so that it shows.
  [[nodiscard]] std::string operator()(std::string_view key) const;
  /// The same with {0}, {1}, ... filled in.
  template <class... Parts>
  [[nodiscard]] std::string operator()(std::string_view key, const Parts&... parts) const {
    return fmt::vformat((*this)(key), fmt::make_format_args(parts...));
  }
  /// A localised text of a document.
  [[nodiscard]] std::string text(const Node* node) const { return localized(node, language_); }

  [[nodiscard]] std::string date(Date date) const;
  [[nodiscard]] std::string date(std::string_view iso) const;
  /// 31.2 or 31,2.
  [[nodiscard]] std::string number(double value, int decimals) const;
  /// "31.2 to 67.0 %": a range in percent.
  [[nodiscard]] std::string percent(const Range& range) const;

 private:
  std::string language_;
  const Node* words_ = nullptr;
};

/// Words of a language, a flat map, with those that share the first part of their keys in a map of their own under that
/// part and its dot: a report uses some of the words, and reads those parts alone.
[[nodiscard]] Node words_by_part(const Node& words);

/// Lays words of one's own over those of reports, for every Messages that is made from then on. The file is a map from
/// language (en, fr) to a map from keys of engine/report/en.yaml to texts. Reports unknown-key, wrong-type and
/// bad-placeholder: a text may have those of {0}, {1}, ... that the text in its place has, and no other braces.
void override_words(Catalogue& catalogue, const std::string& path, Diagnostics& diagnostics);

}  // namespace sovrisk
