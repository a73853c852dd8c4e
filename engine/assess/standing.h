// How a thing stands on its scale, how it moved, and the documents that tell so: what the comparison of two results is
// made of.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assess/difference.h"

namespace sovrisk {

/// Words of a scale with their ranks, the better the higher.
using Scale = std::span<const std::pair<std::string_view, double>>;

/// A standing with its place on a scale. No rank: it is on none.
struct Placed {
  Standing standing;
  std::optional<Range> rank;
};

/// A word, or several of which one holds, on a scale; a word that the scale has not leaves it without a rank.
[[nodiscard]] Placed placed(std::vector<std::string> words, Scale scale);
/// A word that stands for any of the scale.
[[nodiscard]] Placed open_on(std::string word, Scale scale);

/// How a part of a scale moved; none when it did not.
[[nodiscard]] std::optional<Change> moved(const Range& before, const Range& after);

/// How a thing changed, its absence on either side counted; `best` is the upper end of its scale, if it has one. What
/// turns up at its best is known, below it worse.
[[nodiscard]] std::optional<Change> changed(const Placed& before, const Placed& after, std::optional<double> best);

/// Reads a document whose shape nobody vouches for: what is missing or null is empty, what is of the wrong kind is
/// reported once, at its place, and empty.
class Shape {
 public:
  explicit Shape(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  /// The maps of a list.
  [[nodiscard]] std::vector<const Node*> maps(const Node& map, std::string_view key);
  /// A map, or null.
  [[nodiscard]] const Node* map(const Node& map, std::string_view key);
  /// A scalar as written.
  [[nodiscard]] std::string text(const Node& map, std::string_view key);
  /// The scalars of a list.
  [[nodiscard]] std::vector<std::string> texts(const Node& map, std::string_view key);
  /// A number, or a map of `min` and `max`.
  [[nodiscard]] std::optional<Range> range(const Node& map, std::string_view key);
  [[nodiscard]] bool flag(const Node& map, std::string_view key);

 private:
  const Node* of_kind(const Node& map, std::string_view key, Node::Kind kind);
  void wrong(const Node& node, std::string_view key, std::string_view wanted);

  Diagnostics& diagnostics_;
};

/// The things of one list of two documents by their ids: those of the newer in its order, then those that are gone.
struct PairOfNodes {
  std::string id;
  const Node* before = nullptr;
  const Node* after = nullptr;
};
[[nodiscard]] std::vector<PairOfNodes> paired(const std::vector<const Node*>& before,
                                              const std::vector<const Node*>& after, std::string_view key,
                                              Shape& shape);

[[nodiscard]] Scale verdict_scale();

/// The changes between two assessments, and between two results of a gate, in the order of the newer.
[[nodiscard]] std::vector<Difference> differing_assessments(const Node& before, const Node& after, Shape& shape);
[[nodiscard]] std::vector<Difference> differing_gates(const Node& before, const Node& after, Shape& shape);

/// What was asked and by which program: tool.version, as_of, method, offering, workload, what_if, inputs.
[[nodiscard]] std::vector<Difference> differing_runs(const Node& before, const Node& after, Shape& shape);

}  // namespace sovrisk
