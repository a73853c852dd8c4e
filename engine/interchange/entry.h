// What the importers share: values put into entries within the bounds of the schemas, and a record of what was taken.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "interchange/import.h"

namespace sovrisk::interchange {

/// The longest that the schemas allow, in characters.
inline constexpr std::size_t longest_name = 300;
inline constexpr std::size_t longest_text = 20'000;
inline constexpr std::size_t longest_url = 2'000;
inline constexpr std::size_t longest_list = 2'000;

/// A text value, cut to a number of characters.
[[nodiscard]] Node cut_text(std::string_view text, std::size_t longest = longest_name);
/// A text in both languages of reports.
[[nodiscard]] Node cut_text(std::string_view english, std::string_view french);
/// Puts a value under a key; an empty text, list or map is left out.
void put(Node& map, std::string_view key, Node value);
/// Adds an item unless the list is full, with room left for `close_as_open`.
void add(Node& list, Node item);
/// Says of a list that is not empty that there may be more: a file tells what it tells.
[[nodiscard]] Node open_ended(Node list);

/// Whether the text is an address that a browser opens.
[[nodiscard]] bool is_web_address(std::string_view text);
/// The day of a date or of a date and time.
[[nodiscard]] std::optional<Date> day_of(std::string_view text);

/// The countries of the schemas, ISO 3166-1 alpha-2.
class Countries {
 public:
  explicit Countries(const SchemaSet& schemas);
  /// The country of a code such as `FR` or, a subdivision of it, `FR-IDF`; empty for anything else.
  [[nodiscard]] std::string of_code(std::string_view code) const;

 private:
  std::set<std::string, std::less<>> codes_;
};

/// Gives each name an id of its own.
class Ids {
 public:
  [[nodiscard]] std::string unique(std::string_view name, std::string_view otherwise);
  void reserve(const std::string& id) { given_.insert(id); }

 private:
  std::set<std::string, std::less<>> given_;
};

/// Which values of the files became which facts.
class Taken {
 public:
  void note(const Node* value, std::string becomes) { becomes_.emplace(value, std::move(becomes)); }
  /// Lists the values of a file in its order, as taken or lost.
  void list(const JsonFile& file, Import& import) const;

 private:
  bool walk(const Node& value, const std::string& pointer, FileId file, Import& import) const;

  std::map<const Node*, std::string> becomes_;
};

/// The start of an entry: format, id and name.
[[nodiscard]] Node entry(std::string_view kind, const std::string& id, std::string_view name);
/// A source that is named by an imported file: nobody has opened it.
[[nodiscard]] Node named_source(std::string_view title, std::string_view url, Date seen);
/// A statement of a party, for the reader.
[[nodiscard]] Node statement(Date on, std::string_view by, Node what);

}  // namespace sovrisk::interchange
