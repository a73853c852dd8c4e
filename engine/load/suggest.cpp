#include "load/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace sovrisk {

double edit_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
  std::vector<std::vector<double>> cost(a.size() + 1, std::vector<double>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    cost[i][0] = static_cast<double>(i);
  for (std::size_t j = 0; j <= b.size(); ++j)
    cost[0][j] = static_cast<double>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      double replace = 1;
      if (a[i - 1] == b[j - 1]) {
        replace = 0;
      } else if (lower(a[i - 1]) == lower(b[j - 1])) {
        replace = 0.5;
      }
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t longest_word = 100;  // the cost is quadratic, and a long key is no slip
  if (word.empty() || word.size() > longest_word) return {};
  const double limit = std::max(1.0, static_cast<double>(word.size()) / 3);
  std::string best;
  double best_cost = limit + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest_word) continue;
    double cost = edit_distance(word, candidate);
    // A word typed short of its whole ("azure" for "microsoft-azure") is a near miss as well, less near than a slip.
    if (word.size() >= 4 && candidate.find(word) != std::string::npos) cost = std::min(cost, 1.25);
    if (cost <= limit && (cost < best_cost || (cost == best_cost && candidate < best))) {
      best = candidate;
      best_cost = cost;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  if (const std::string near = nearest(word, candidates); !near.empty()) return fmt::format("did you mean `{}`?", near);
  constexpr std::size_t short_list = 12;
  if (candidates.empty() || candidates.size() > short_list) return {};
  std::vector<std::string> sorted = candidates;
  std::sort(sorted.begin(), sorted.end());
  return fmt::format("one of: {}", fmt::join(sorted, ", "));
}

std::string did_you_mean_country(std::string_view code, const std::vector<std::string>& candidates) {
  if (code == "UK") return "did you mean `GB`?";
  if (code == "EL") return "did you mean `GR`?";
  return did_you_mean(code, candidates);
}

}  // namespace sovrisk
