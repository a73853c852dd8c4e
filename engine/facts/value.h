// A fact: a value that may be unknown or known only in part, and that remembers who said so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/date.h"

namespace sovrisk {

/// Where a fact comes from.
struct Origin {
  std::string document;              ///< id of the document: an offering, an entity, a workload, an overlay
  std::vector<std::string> sources;  ///< keys of a SourceTable: "document:source"
  std::string confidence;            ///< primary, secondary, claim, inferred, unverified, or empty
  std::optional<Date> as_of;         ///< the day the fact describes, if it differs from the source's
  std::string derived;               ///< for derived facts: from what, in a few words; empty for facts as read
};
using OriginPtr = std::shared_ptr<const Origin>;

struct Value;
using ValueMember = std::pair<std::string, Value>;

/// One fact or a tree of facts. Partial knowledge is kept: a number is an interval, a text may be one of
/// several words, an open list may have further items.
struct Value {
  enum class Kind : std::uint8_t { unknown, boolean, number, text, date, list, map };

  Kind kind = Kind::unknown;
  bool boolean = false;
  bool open = false;               ///< a list: there may be more items than are known
  double low = 0;                  ///< a number: least; shares are in percent, 0 to 100
  double high = 0;                 ///< a number: most
  std::vector<std::string> words;  ///< a text: the words it may be; exactly one when it is known
  Date date;
  std::vector<Value> items;
  std::vector<ValueMember> members;
  OriginPtr origin;

  [[nodiscard]] static Value unknown(OriginPtr origin = nullptr);
  [[nodiscard]] static Value of(bool value, OriginPtr origin = nullptr);
  [[nodiscard]] static Value of(double low, double high, OriginPtr origin = nullptr);
  [[nodiscard]] static Value of(std::string word, OriginPtr origin = nullptr);
  [[nodiscard]] static Value of(std::string_view word, OriginPtr origin = nullptr) {
    return of(std::string(word), std::move(origin));
  }
  [[nodiscard]] static Value of(const char* word, OriginPtr origin = nullptr) {
    return of(std::string(word), std::move(origin));
  }
  [[nodiscard]] static Value one_of(std::vector<std::string> words, OriginPtr origin = nullptr);
  [[nodiscard]] static Value of(Date date, OriginPtr origin = nullptr);
  [[nodiscard]] static Value list(std::vector<Value> items = {}, bool open = false);
  [[nodiscard]] static Value map();

  [[nodiscard]] bool is_known() const;
  /// The member under a key, or null.
  [[nodiscard]] const Value* find(std::string_view key) const;
  [[nodiscard]] Value* find(std::string_view key);
  /// The member under a key, or an unknown value.
  [[nodiscard]] const Value& get(std::string_view key) const;
  /// Sets or replaces a member of a map.
  void set(std::string_view key, Value value);
  /// The word of a known text, else empty.
  [[nodiscard]] std::string_view word() const {
    return kind == Kind::text && words.size() == 1 ? std::string_view(words[0]) : std::string_view();
  }
  /// Whether a list surely holds this word.
  [[nodiscard]] bool holds_word(std::string_view word) const;
};

/// The keys that name the item of a list, in the order in which they are asked: `sites[fr-par]`, `access[iliad]`.
constexpr std::string_view naming_keys[] = {"id",     "law",    "scheme",  "capability", "code",
                                            "entity", "vendor", "product", "country",    "offering",
                                            "owner",  "holder", "to"};

/// Equality of content, origins aside.
[[nodiscard]] bool same(const Value& a, const Value& b);

/// A value for people: `true`, `24`, `20..30`, `US`, `US or IE`, `[FR, DE, ...]`, `unknown`.
[[nodiscard]] std::string text_of(const Value& value);

}  // namespace sovrisk
