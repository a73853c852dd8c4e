#include "assess/standing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

namespace sovrisk {

Placed placed(std::vector<std::string> words, Scale scale) {
  Placed result;
  for (const std::string& word : words) {
    const auto found = std::find_if(scale.begin(), scale.end(), [&](const auto& rung) { return rung.first == word; });
    if (found == scale.end()) {
      result.rank.reset();
      break;
    }
    const double rank = found->second;
    result.rank =
        result.rank ? Range{std::min(result.rank->low, rank), std::max(result.rank->high, rank)} : Range{rank, rank};
  }
  result.standing.words = std::move(words);
  return result;
}

Placed open_on(std::string word, Scale scale) {
  Placed result;
  result.standing.words.push_back(std::move(word));
  const auto [low, high] =
      std::minmax_element(scale.begin(), scale.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (low != scale.end()) result.rank = Range{low->second, high->second};
  return result;
}

std::optional<Change> moved(const Range& before, const Range& after) {
  if (before.low == after.low && before.high == after.high) return std::nullopt;
  const bool within = after.low >= before.low && after.high <= before.high;
  const bool around = after.low <= before.low && after.high >= before.high;
  if (within) return after.decided() && after.low == before.low ? Change::worse : Change::known;
  if (around) return Change::unknown;
  return after.low > before.low ? Change::better : Change::worse;
}

std::optional<Change> changed(const Placed& before, const Placed& after, std::optional<double> best) {
  const bool was = !before.standing.absent();
  const bool is = !after.standing.absent();
  if (!was && !is) return std::nullopt;
  if (was && !is) return before.rank ? Change::unknown : Change::other;
  if (!was) {
    if (!after.rank) return Change::other;
    if (!after.rank->decided()) return Change::unknown;
    return !best || after.rank->low >= *best ? Change::known : Change::worse;
  }
  if (before.rank && after.rank)
    if (const auto change = moved(*before.rank, *after.rank)) return change;
  // Beside a number, words are its name, in the language of the file.
  if (before.standing.range && after.standing.range) return std::nullopt;
  return before.standing.words == after.standing.words ? std::nullopt : std::optional(Change::other);
}

const Node* Shape::of_kind(const Node& map, std::string_view key, Node::Kind kind) {
  const Node* node = map.find(key);
  if (node == nullptr || node->kind == Node::Kind::null) return nullptr;
  if (node->kind == kind) return node;
  wrong(*node, key, name_of(kind));
  return nullptr;
}

void Shape::wrong(const Node& node, std::string_view key, std::string_view wanted) {
  constexpr std::size_t enough = 20;  // of a file that is something else there may be thousands
  if (diagnostics_.error_count() >= enough) return;
  diagnostics_.error("not-a-result", node.span, fmt::format("`{}` is {}, not {}", key, name_of(node.kind), wanted),
                     "give a file that `sovrisk assess -f json` or `sovrisk gate -f json` has written");
}

std::vector<const Node*> Shape::maps(const Node& map, std::string_view key) {
  std::vector<const Node*> result;
  const Node* list = of_kind(map, key, Node::Kind::list);
  if (list == nullptr) return result;
  for (const Node& item : list->items) {
    if (item.kind == Node::Kind::map) {
      result.push_back(&item);
    } else {
      wrong(item, fmt::format("{}[]", key), name_of(Node::Kind::map));
    }
  }
  return result;
}

const Node* Shape::map(const Node& map, std::string_view key) { return of_kind(map, key, Node::Kind::map); }

std::string Shape::text(const Node& map, std::string_view key) {
  const Node* node = map.find(key);
  if (node == nullptr || node->kind == Node::Kind::null) return {};
  if (node->kind != Node::Kind::list && node->kind != Node::Kind::map) return node->text;
  wrong(*node, key, name_of(Node::Kind::text));
  return {};
}

std::vector<std::string> Shape::texts(const Node& map, std::string_view key) {
  std::vector<std::string> result;
  const Node* list = of_kind(map, key, Node::Kind::list);
  if (list == nullptr) return result;
  for (const Node& item : list->items) {
    if (item.kind == Node::Kind::list || item.kind == Node::Kind::map) {
      wrong(item, fmt::format("{}[]", key), name_of(Node::Kind::text));
    } else {
      result.push_back(item.text);
    }
  }
  return result;
}

std::optional<Range> Shape::range(const Node& map, std::string_view key) {
  const Node* node = map.find(key);
  if (node == nullptr || node->kind == Node::Kind::null) return std::nullopt;
  if (node->kind == Node::Kind::number) return Range{node->number, node->number};
  if (node->kind != Node::Kind::map) {
    wrong(*node, key, "a number or a range");
    return std::nullopt;
  }
  const Node* low = of_kind(*node, "min", Node::Kind::number);
  const Node* high = of_kind(*node, "max", Node::Kind::number);
  if (low == nullptr || high == nullptr) return std::nullopt;
  return Range{std::min(low->number, high->number), std::max(low->number, high->number)};
}

bool Shape::flag(const Node& map, std::string_view key) {
  const Node* node = of_kind(map, key, Node::Kind::boolean);
  return node != nullptr && node->boolean;
}

std::vector<PairOfNodes> paired(const std::vector<const Node*>& before, const std::vector<const Node*>& after,
                                std::string_view key, Shape& shape) {
  std::vector<PairOfNodes> pairs;
  std::unordered_map<std::string, std::size_t> by_id;
  for (const bool newer : {true, false})
    for (const Node* node : newer ? after : before) {
      const std::string id = shape.text(*node, key);
      const auto [at, added] = by_id.emplace(id, pairs.size());
      if (added) pairs.push_back({id, nullptr, nullptr});
      const Node*& side = newer ? pairs[at->second].after : pairs[at->second].before;
      if (side == nullptr) side = node;
    }
  return pairs;
}

Scale verdict_scale() {
  static constexpr std::array<std::pair<std::string_view, double>, 3> scale{
      {{"unacceptable", 0}, {"conditional", 1}, {"acceptable", 2}}};
  return scale;
}

}  // namespace sovrisk
