// Who holds whom: effective shares over all paths, and control link by link, under partial knowledge.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "facts/truth.h"
#include "facts/value.h"

namespace sovrisk {

/// A share in percent, known to lie in [low, high].
struct Share {
  double low = 0;
  double high = 0;
};

/// A share in percent as it is meant: sums and products in binary fractions add or lose a hair (40.3 + 2.4 + 7.3 is a
/// little less than 50), and a bound such as 50 % has to be met exactly by parts that make it up. Files give six
/// decimals at most; nine are kept.
[[nodiscard]] double settled(double percent);

/// One holder's position in one entity.
struct Holding {
  std::size_t owner = 0;
  std::size_t owned = 0;
  Share capital;
  Share votes;
  std::vector<std::string> rights;  ///< veto, board-majority, golden-share, management-contract, de-facto-control
  OriginPtr origin;
};

/// The ownership graph. Cycles and cross-holdings are legal input.
class Ownership {
 public:
  /// Adds an entity; the same id gives the same index.
  std::size_t add(const std::string& id);
  void hold(Holding holding);

  [[nodiscard]] std::size_t size() const { return ids_.size(); }
  [[nodiscard]] const std::string& id(std::size_t entity) const { return ids_[entity]; }
  [[nodiscard]] const std::vector<Holding>& holdings() const { return holdings_; }
  [[nodiscard]] const std::size_t* find(std::string_view id) const;

  /// Effective shares of every entity in `target` over all paths, direct and indirect: the solution of
  /// e = d + D e, where d are the direct shares in the target and D the matrix of holdings, that is
  /// (I - D)^-1 d. Cross-holdings are so counted once each time round, as in the literature on group control
  /// (F. Brioschi, L. Buzzacchi, M. Colombo, "Risk capital financing and the separation of ownership and
  /// control in business groups", J. Banking and Finance 13, 1989). Bounds come from the least and the most of
  /// each holding; the upper bound is 100 where the most of all holdings has no solution.
  [[nodiscard]] std::vector<Share> effective(std::size_t target, bool votes) const;

  /// How an entity is under somebody's control.
  struct Reached {
    Truth sole = Truth::no;      ///< majority of votes or capital, or of the board, along an unbroken chain; shares
                                 ///< of everyone already controlled are added up
    Truth de_facto = Truth::no;  ///< a chain in which some link is only de facto control
    std::size_t through = 0;     ///< the next entity on the way down to it
  };
  /// Which entities `holder` controls. Index holder itself is left at no.
  [[nodiscard]] const std::vector<Reached>& controlled_by(std::size_t holder) const;

  /// Entities along the chain from `holder` down to `target`, both included; empty without one.
  [[nodiscard]] std::vector<std::size_t> chain(std::size_t holder, std::size_t target) const;

 private:
  [[nodiscard]] std::vector<Reached> work_out_control(std::size_t holder) const;
  [[nodiscard]] Truth majority(const std::vector<Truth>& members, std::size_t owned, std::size_t* through) const;
  [[nodiscard]] bool surely_held_by_other(const std::vector<Truth>& members, std::size_t owned) const;
  [[nodiscard]] Truth de_facto(const Holding& holding) const;

  std::vector<std::string> ids_;
  std::map<std::string, std::size_t, std::less<>> index_;
  std::vector<Holding> holdings_;
  std::vector<std::vector<std::size_t>> of_;                     ///< holdings in an entity, by index
  mutable std::map<std::size_t, std::vector<Reached>> control_;  ///< worked out so far; cleared by changes
};

}  // namespace sovrisk
