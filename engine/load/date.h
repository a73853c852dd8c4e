// Calendar days and durations. There is no clock here: the assessment date is an input.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sovrisk {

/// A day of the proleptic Gregorian calendar, years 1 to 9999.
struct Date {
  int year = 1;
  unsigned month = 1;
  unsigned day = 1;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads a defaulted comparison
  auto operator<=>(const Date&) const = default;

  /// Reads exactly YYYY-MM-DD; nothing for another form or a day that does not exist.
  [[nodiscard]] static std::optional<Date> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  /// Days since 1970-01-01.
  [[nodiscard]] std::int64_t days() const;
  [[nodiscard]] static Date from_days(std::int64_t days);
};

/// "3 years", "18 months", "30 days".
struct Duration {
  int amount = 0;
  enum class Unit : std::uint8_t { day, week, month, year } unit = Unit::day;

  [[nodiscard]] static std::optional<Duration> parse(std::string_view text);
};

/// The day after that much time; a day that the month lacks becomes the month's last (31 January + 1 month
/// = 28 or 29 February).
[[nodiscard]] Date add(Date date, Duration duration);
[[nodiscard]] Date subtract(Date date, Duration duration);

}  // namespace sovrisk
