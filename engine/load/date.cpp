#include "load/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace sovrisk {

namespace {

std::optional<unsigned> digits(std::string_view text) {
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value;
}

std::chrono::year_month_day calendar(const Date& date) {
  return std::chrono::year(date.year) / std::chrono::month(date.month) / std::chrono::day(date.day);
}

constexpr Date first_day{1, 1, 1};
constexpr Date last_day{9999, 12, 31};

/// Sums that leave the calendar stop at its ends.
Date within_calendar(std::int64_t days) { return Date::from_days(std::clamp(days, first_day.days(), last_day.days())); }

Date shift(Date date, Duration duration, int sign) {
  const int amount = sign * duration.amount;
  switch (duration.unit) {
    case Duration::Unit::day: return within_calendar(date.days() + amount);
    case Duration::Unit::week: return within_calendar(date.days() + 7LL * amount);
    case Duration::Unit::month:
    case Duration::Unit::year: break;
  }
  const auto months = std::chrono::months(duration.unit == Duration::Unit::year ? 12 * amount : amount);
  const auto moved = std::chrono::year(date.year) / std::chrono::month(date.month) + months;
  if (static_cast<int>(moved.year()) > last_day.year) return last_day;
  if (static_cast<int>(moved.year()) < first_day.year) return first_day;
  const auto last = moved / std::chrono::last;
  const unsigned day = std::min(date.day, static_cast<unsigned>(std::chrono::year_month_day(last).day()));
  return {static_cast<int>(moved.year()), static_cast<unsigned>(moved.month()), day};
}

}  // namespace

std::optional<Date> Date::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const Date date{static_cast<int>(*year), *month, *day};
  if (!calendar(date).ok()) return std::nullopt;
  return date;
}

std::string Date::text() const { return fmt::format("{:04}-{:02}-{:02}", year, month, day); }

std::int64_t Date::days() const { return std::chrono::sys_days(calendar(*this)).time_since_epoch().count(); }

Date Date::from_days(std::int64_t days) {
  const std::chrono::year_month_day calendar{std::chrono::sys_days(std::chrono::days(days))};
  return {static_cast<int>(calendar.year()), static_cast<unsigned>(calendar.month()),
          static_cast<unsigned>(calendar.day())};
}

std::optional<Duration> Duration::parse(std::string_view text) {
  const auto space = text.find(' ');
  if (space == std::string_view::npos || space == 0 || space > 4) return std::nullopt;
  const auto amount = digits(text.substr(0, space));
  std::string_view unit = text.substr(space + 1);
  if (!amount) return std::nullopt;
  if (unit.ends_with('s')) unit.remove_suffix(1);
  const int count = static_cast<int>(*amount);
  if (unit == "day") return Duration{count, Unit::day};
  if (unit == "week") return Duration{count, Unit::week};
  if (unit == "month") return Duration{count, Unit::month};
  if (unit == "year") return Duration{count, Unit::year};
  return std::nullopt;
}

Date add(Date date, Duration duration) { return shift(date, duration, 1); }
Date subtract(Date date, Duration duration) { return shift(date, duration, -1); }

}  // namespace sovrisk
