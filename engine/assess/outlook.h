// What is known today to change while the processing lasts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exposure/law.h"
#include "load/catalogue.h"

namespace sovrisk {

/// One change ahead, or one thing pending without a day.
struct Ahead {
  enum class Kind : std::uint8_t {
    status,   ///< a law gets another status
    event,    ///< something that a law's entry says to watch
    joins,    ///< a country comes into a group, such as those with an adequacy decision
    leaves,   ///< a country leaves a group
    expires,  ///< a fact of the offering is known to hold until that day only
  };
  Kind kind = Kind::event;
  std::optional<Date> on;      ///< none: pending, no day is known
  std::string subject;         ///< a law's id, "GROUP: COUNTRY", or the path of a fact
  std::string status;          ///< of a law, from that day
  const Node* text = nullptr;  ///< what the entry says about it
};

[[nodiscard]] std::string_view name_of(Ahead::Kind kind);

/// The last day that the outlook covers: the workload's duration from its start (or from the assessment), a year
/// where no duration is given.
[[nodiscard]] Date outlook_end(const Value& root, Date as_of);

/// What changes after `as_of` and not after `end`: the laws that are shown to reach (their timelines and what to watch
/// about them), the groups of the countries that matter, and facts with an end. Sorted by day, things without a day
/// last; the order is the same for the same facts.
[[nodiscard]] std::vector<Ahead> outlook(const std::vector<Exposure>& exposures, const Value& root,
                                         const Catalogue& catalogue, Date as_of, Date end);

}  // namespace sovrisk
