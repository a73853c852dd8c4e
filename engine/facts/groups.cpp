#include "facts/groups.h"

#include <algorithm>

namespace sovrisk {

void CountryGroups::add(const Node& document) {
  Group group;
  if (const Node* includes = document.find("includes"))
    for (const Node& name : includes->items)
      group.includes.push_back(name.text);
  if (const Node* members = document.find("members")) {
    for (const Node& entry : members->items) {
      Membership member;
      if (const auto from = Date::parse(entry.text_of("from"))) member.from = *from;
      if (const auto until = Date::parse(entry.text_of("until"))) member.until = *until;
      group.members[std::string(entry.text_of("country"))].push_back(member);
    }
  }
  groups_[std::string(document.text_of("name"))] = std::move(group);
}

std::vector<std::string> CountryGroups::names() const {
  std::vector<std::string> names;
  for (const auto& [name, group] : groups_)
    names.push_back(name);
  return names;
}

bool CountryGroups::contains(std::string_view group, std::string_view country, Date day) const {
  if (group == country) return true;
  const auto found = groups_.find(group);
  if (found == groups_.end()) return false;
  const auto& [includes, members] = found->second;
  const auto own = members.find(country);
  const bool direct = own != members.end() &&
                      std::any_of(own->second.begin(), own->second.end(),
                                  [&](const Membership& member) { return member.from <= day && day < member.until; });
  // INVARIANT: `includes` has no cycle; the loader refuses one.
  return direct || std::any_of(includes.begin(), includes.end(),
                               [&](const std::string& name) { return contains(name, country, day); });
}

}  // namespace sovrisk
