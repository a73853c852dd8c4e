// Country groups (EU, EEA, adequate): who belonged when.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "load/date.h"
#include "load/node.h"

namespace sovrisk {

/// Membership of countries in named groups over time, from laws/groups/.
class CountryGroups {
 public:
  /// Adds a checked country-group document.
  void add(const Node& document);

  [[nodiscard]] bool has(std::string_view name) const { return groups_.find(name) != groups_.end(); }
  [[nodiscard]] std::vector<std::string> names() const;
  /// Whether the country (ISO 3166-1 alpha-2) belongs to the group on that day. A group is a member of itself,
  /// so that an instrument of the Union counts as one of its members' laws.
  [[nodiscard]] bool contains(std::string_view group, std::string_view country, Date day) const;

 private:
  struct Membership {
    Date from{1, 1, 1};
    Date until{9999, 12, 31};  ///< the first day on which it no longer holds
  };
  struct Group {
    std::vector<std::string> includes;
    std::map<std::string, std::vector<Membership>, std::less<>> members;  ///< by country
  };
  std::map<std::string, Group, std::less<>> groups_;
};

}  // namespace sovrisk
