#include "facts/ownership.h"

#include <algorithm>
#include <cmath>

namespace sovrisk {

namespace {

constexpr double half = 50;
/// French Commercial Code, art. L.233-3 II: control is presumed above 40 % of the votes where nobody holds more.
constexpr double presumed_control = 40;

/// Solves (I - D) x = d by Gaussian elimination with pivoting; false when there is no unique solution.
bool solve(std::vector<std::vector<double>> a, std::vector<double> b, std::vector<double>& x) {
  const std::size_t n = b.size();
  for (std::size_t column = 0; column < n; ++column) {
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < n; ++row)
      if (std::abs(a[row][column]) > std::abs(a[pivot][column])) pivot = row;
    if (std::abs(a[pivot][column]) < 1e-9) return false;
    std::swap(a[pivot], a[column]);
    std::swap(b[pivot], b[column]);
    for (std::size_t row = 0; row < n; ++row) {
      if (row == column || a[row][column] == 0) continue;
      const double factor = a[row][column] / a[column][column];
      for (std::size_t k = column; k < n; ++k)
        a[row][k] -= factor * a[column][k];
      b[row] -= factor * b[column];
    }
  }
  x.resize(n);
  for (std::size_t i = 0; i < n; ++i)
    x[i] = b[i] / a[i][i];
  return true;
}

using Matrix = std::vector<std::vector<double>>;

/// (I - D)^-1 d, the shares at the least holdings. These add up to at most the whole in every entity, so that the
/// system has a solution, but for entities that hold each other wholly: then nobody surely holds anything.
std::vector<double> least(const Matrix& holdings, const std::vector<double>& direct) {
  Matrix system(direct.size(), std::vector<double>(direct.size(), 0));
  for (std::size_t i = 0; i < direct.size(); ++i)
    for (std::size_t k = 0; k < direct.size(); ++k)
      system[i][k] = (i == k ? 1.0 : 0.0) - holdings[i][k];
  std::vector<double> solution;
  if (!solve(std::move(system), direct, solution)) solution.assign(direct.size(), 0);
  for (double& share : solution)
    if (share < 0) share = 0;
  return solution;
}

/// The shares at the most that each holding may be. Those most need not go together, so that the linear system may
/// have no solution or one without meaning; x <- d + D x from nothing rises to the least solution, or without bound,
/// and then the whole is the bound. Nothing is cut off on the way: with cross-holdings an entity inside the cycle may
/// pass the whole, and what its owners hold hangs on that.
std::vector<double> most(const Matrix& holdings, const std::vector<double>& direct) {
  constexpr int rounds = 2000;
  constexpr double still = 1e-12;
  constexpr double boundless = 1e6;
  std::vector<double> shares(direct.size(), 0);
  for (int round = 0; round < rounds; ++round) {
    std::vector<double> next = direct;
    double change = 0;
    for (std::size_t i = 0; i < direct.size(); ++i) {
      for (std::size_t k = 0; k < direct.size(); ++k)
        next[i] += holdings[i][k] * shares[k];
      change = std::max(change, next[i] - shares[i]);
    }
    shares = std::move(next);
    if (change < still) return shares;
    if (change > boundless) break;
  }
  // Without bound, or still rising after so many rounds.
  for (double& share : shares)
    if (share > 0) share = 1;
  return shares;
}

bool has_right(const Holding& holding, std::string_view right) {
  return std::find(holding.rights.begin(), holding.rights.end(), right) != holding.rights.end();
}

}  // namespace

double settled(double percent) {
  constexpr double decimals = 1e9;
  return std::round(percent * decimals) / decimals;
}

std::size_t Ownership::add(const std::string& id) {
  const auto [found, fresh] = index_.emplace(id, ids_.size());
  if (fresh) {
    ids_.push_back(id);
    of_.emplace_back();
    control_.clear();
  }
  return found->second;
}

void Ownership::hold(Holding holding) {
  of_[holding.owned].push_back(holdings_.size());
  holdings_.push_back(std::move(holding));
  control_.clear();
}

const std::size_t* Ownership::find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? nullptr : &found->second;
}

std::vector<Share> Ownership::effective(std::size_t target, bool votes) const {
  // Only those upstream of the target matter; the system stays small in a large catalogue.
  std::vector<std::size_t> rows{target};
  std::vector<bool> upstream(size(), false);
  upstream[target] = true;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const std::size_t index : of_[rows[i]])
      if (const std::size_t owner = holdings_[index].owner; !upstream[owner]) {
        upstream[owner] = true;
        rows.push_back(owner);
      }
  std::vector<std::size_t> row_of(size(), 0);
  for (std::size_t i = 0; i < rows.size(); ++i)
    row_of[rows[i]] = i;

  std::vector<Share> result(size());
  const std::size_t n = rows.size();
  for (const bool upper : {false, true}) {
    std::vector<std::vector<double>> holdings(n, std::vector<double>(n, 0));
    std::vector<double> direct(n, 0);
    for (const Holding& holding : holdings_) {
      if (!upstream[holding.owned]) continue;
      const Share& share = votes ? holding.votes : holding.capital;
      const double fraction = (upper ? share.high : share.low) / 100;
      holdings[row_of[holding.owner]][row_of[holding.owned]] += fraction;
      if (holding.owned == target) direct[row_of[holding.owner]] += fraction;
    }
    const std::vector<double> shares = upper ? most(holdings, direct) : least(holdings, direct);
    for (std::size_t i = 0; i < n; ++i) {
      constexpr double whole = 100;
      const double share = std::clamp(settled(shares[i] * whole), 0.0, whole);
      (upper ? result[rows[i]].high : result[rows[i]].low) = share;
    }
  }
  for (Share& share : result)
    share.high = std::max(share.high, share.low);
  return result;
}

/// Whether a set of entities together holds the majority of votes or capital, or appoints the board.
Truth Ownership::majority(const std::vector<Truth>& members, std::size_t owned, std::size_t* through) const {
  Share capital;
  Share votes;
  Truth board = Truth::no;
  double largest = -1;
  for (const std::size_t index : of_[owned]) {
    const Holding& holding = holdings_[index];
    if (members[holding.owner] == Truth::no) continue;
    const bool surely = members[holding.owner] == Truth::yes;
    capital.low += surely ? holding.capital.low : 0;
    capital.high += holding.capital.high;
    votes.low += surely ? holding.votes.low : 0;
    votes.high += holding.votes.high;
    if (has_right(holding, "board-majority")) board = board || members[holding.owner];
    const double weight = has_right(holding, "board-majority") ? 101 : holding.votes.high;
    if (weight > largest) {
      largest = weight;
      *through = holding.owner;
    }
  }
  const auto above_half = [](const Share& share) {
    if (settled(share.low) > half) return Truth::yes;
    return settled(share.high) > half ? Truth::unknown : Truth::no;
  };
  return board || above_half(capital) || above_half(votes);
}

/// Sole control is exclusive: who surely holds the majority or the board leaves none to others.
bool Ownership::surely_held_by_other(const std::vector<Truth>& members, std::size_t owned) const {
  return std::any_of(of_[owned].begin(), of_[owned].end(), [&](std::size_t index) {
    const Holding& holding = holdings_[index];
    return members[holding.owner] == Truth::no &&
           (holding.votes.low > half || holding.capital.low > half || has_right(holding, "board-majority"));
  });
}

Truth Ownership::de_facto(const Holding& holding) const {
  for (const std::string_view right : {"veto", "golden-share", "management-contract", "de-facto-control"})
    if (has_right(holding, right)) return Truth::yes;
  // Half and half is joint control unless an agreement says otherwise.
  if (holding.votes.low >= half || holding.capital.low >= half) return Truth::yes;
  Truth largest = Truth::yes;
  for (const std::size_t index : of_[holding.owned]) {
    const Holding& other = holdings_[index];
    if (other.owner == holding.owner) continue;
    if (other.votes.low > holding.votes.high) largest = Truth::no;
    if (other.votes.high > holding.votes.low) largest = largest && Truth::unknown;
  }
  const Truth above = holding.votes.low > presumed_control
                          ? Truth::yes
                          : (holding.votes.high > presumed_control ? Truth::unknown : Truth::no);
  return above && largest;
}

const std::vector<Ownership::Reached>& Ownership::controlled_by(std::size_t holder) const {
  const auto found = control_.find(holder);
  return found != control_.end() ? found->second : control_.emplace(holder, work_out_control(holder)).first->second;
}

std::vector<Ownership::Reached> Ownership::work_out_control(std::size_t holder) const {
  std::vector<Reached> reached(size());
  std::vector<Truth> sole(size(), Truth::no);
  sole[holder] = Truth::yes;
  // Fixpoint: truths only rise, so that the order of entities does not matter.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t entity = 0; entity < size(); ++entity) {
      if (entity == holder || sole[entity] == Truth::yes) continue;
      std::size_t through = holder;
      Truth truth = majority(sole, entity, &through);
      if (truth == Truth::unknown && surely_held_by_other(sole, entity)) truth = Truth::no;
      if (truth > sole[entity]) {
        sole[entity] = truth;
        reached[entity].through = through;
        changed = true;
      }
    }
  }
  std::vector<Truth> loose = sole;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t entity = 0; entity < size(); ++entity) {
      if (entity == holder || loose[entity] == Truth::yes) continue;
      std::size_t through = holder;
      Truth truth = majority(loose, entity, &through);
      if (truth == Truth::unknown && surely_held_by_other(loose, entity)) truth = Truth::no;
      for (const std::size_t index : of_[entity]) {
        const Holding& holding = holdings_[index];
        if (loose[holding.owner] == Truth::no) continue;
        const Truth link = de_facto(holding) && loose[holding.owner];
        if (link > truth) {
          truth = link;
          through = holding.owner;
        }
      }
      if (truth > loose[entity]) {
        loose[entity] = truth;
        if (sole[entity] == Truth::no) reached[entity].through = through;
        changed = true;
      }
    }
  }
  for (std::size_t entity = 0; entity < size(); ++entity) {
    if (entity == holder) continue;
    reached[entity].sole = sole[entity];
    // What is surely controlled needs no second name; otherwise the looser chain counts.
    reached[entity].de_facto = sole[entity] == Truth::yes ? Truth::no : loose[entity];
    if (sole[entity] == Truth::unknown && loose[entity] == Truth::unknown) reached[entity].de_facto = Truth::no;
  }
  return reached;
}

std::vector<std::size_t> Ownership::chain(std::size_t holder, std::size_t target) const {
  const std::vector<Reached>& reached = controlled_by(holder);
  std::vector<std::size_t> path;
  std::size_t at = target;
  while (at != holder && path.size() <= size()) {
    if (reached[at].sole == Truth::no && reached[at].de_facto == Truth::no) return {};
    path.push_back(at);
    at = reached[at].through;
  }
  path.push_back(holder);
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace sovrisk
