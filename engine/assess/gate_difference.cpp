#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "assess/standing.h"

namespace sovrisk {

namespace {

constexpr std::array<std::pair<std::string_view, double>, 3> outcomes{{{"failed", 0}, {"excepted", 1}, {"passed", 2}}};
constexpr double best_outcome = 2;

struct Check {
  std::string rule;
  std::string wanted;
  std::string fingerprint;
  std::optional<double> value;  ///< where what was found stands on its scale, at its least; the better the higher
  Placed outcome;
};

bool same_deviation(const Check& a, const Check& b) { return !a.fingerprint.empty() && a.fingerprint == b.fingerprint; }

struct Subject {
  std::string id;
  bool resource = false;  ///< lists only the checks that did not pass
  std::vector<Check> checks;
};

class Subjects {
 public:
  Subjects(const Node& root, Shape& shape) {
    std::size_t plans = 0;
    for (const Node* node : shape.maps(root, "subjects")) {
      const std::string kind = shape.text(*node, "kind");
      std::string id = shape.text(*node, "id");
      // A plan is named by its path, which is another on another branch: plans are told apart by their order.
      const std::string key = kind == "plan" ? fmt::format("plan {}", ++plans) : fmt::format("{} {}", kind, id);
      add(key, std::move(id), kind == "resource", *node, shape);
    }
    for (const Node* node : shape.maps(root, "pairs")) {
      std::string id = fmt::format("{} for {}", shape.text(*node, "offering"), shape.text(*node, "workload"));
      const std::string key = fmt::format("pair {}", id);
      add(key, std::move(id), false, *node, shape);
    }
  }
  [[nodiscard]] const std::vector<std::string>& order() const { return order_; }
  [[nodiscard]] const Subject* find(const std::string& key) const {
    const auto at = subjects_.find(key);
    return at == subjects_.end() ? nullptr : &at->second;
  }

 private:
  void add(const std::string& key, std::string id, bool resource, const Node& node, Shape& shape) {
    const auto [at, added] = subjects_.emplace(key, Subject{std::move(id), resource, {}});
    if (added) order_.push_back(key);
    for (const Node* check : shape.maps(node, "checks"))
      at->second.checks.push_back(read(*check, shape));
  }

  static Check read(const Node& node, Shape& shape) {
    Check check;
    check.rule = shape.text(node, "rule");
    if (check.rule.empty()) {
      const std::string subject = shape.text(node, "subject");
      check.rule = fmt::format("{}{}{}", shape.text(node, "kind"), subject.empty() ? "" : ":", subject);
    }
    check.wanted = shape.text(node, "wanted");
    check.fingerprint = shape.text(node, "fingerprint");
    if (const auto value = shape.range(node, "value")) check.value = value->low;
    std::string outcome = shape.text(node, "outcome");
    const std::string result = shape.text(node, "result");
    if (outcome.empty()) outcome = result == "pass" ? "passed" : result == "fail" ? "failed" : "open";
    // What a policy lets pass with a warning is not established for all that; what a person accepted is settled.
    const bool open = outcome == "open" || outcome == "warned";
    check.outcome = open ? open_on(std::move(outcome), outcomes) : placed({std::move(outcome)}, outcomes);
    check.outcome.standing.found = shape.text(node, "found");
    return check;
  }

  std::unordered_map<std::string, Subject> subjects_;
  std::vector<std::string> order_;
};

/// Checks of one rule for one subject, matched: those of one deviation first, then the others, the worst with the
/// worst.
std::vector<std::pair<const Check*, const Check*>> matched(std::vector<const Check*> before,
                                                           std::vector<const Check*> after) {
  std::vector<std::pair<const Check*, const Check*>> pairs;
  std::unordered_map<std::string, std::vector<const Check**>> open;
  for (const Check*& check : before)
    if (!check->fingerprint.empty()) open[check->fingerprint].push_back(&check);
  for (const Check*& check : after) {
    const auto at = open.find(check->fingerprint);
    if (at == open.end() || at->second.empty()) continue;
    pairs.emplace_back(*at->second.back(), check);
    *at->second.back() = nullptr;
    at->second.pop_back();
    check = nullptr;
  }
  const auto sorted = [](std::vector<const Check*>& checks) {
    checks.erase(std::remove(checks.begin(), checks.end(), nullptr), checks.end());
    std::stable_sort(checks.begin(), checks.end(), [](const Check* a, const Check* b) {
      const Range none{best_outcome, best_outcome};
      const Range left = a->outcome.rank.value_or(none);
      const Range right = b->outcome.rank.value_or(none);
      return std::pair(left.low, left.high) < std::pair(right.low, right.high);
    });
  };
  sorted(before);
  sorted(after);
  for (std::size_t i = 0; i < std::max(before.size(), after.size()); ++i)
    pairs.emplace_back(i < before.size() ? before[i] : nullptr, i < after.size() ? after[i] : nullptr);
  return pairs;
}

class Comparison {
 public:
  std::vector<Difference> run(const Subjects& before, const Subjects& after) {
    for (const std::string& key : after.order())
      subject(before.find(key), after.find(key));
    for (const std::string& key : before.order())
      if (after.find(key) == nullptr) subject(before.find(key), nullptr);
    return std::move(all_);
  }

 private:
  void subject(const Subject* before, const Subject* after) {
    using Sides = std::pair<std::vector<const Check*>, std::vector<const Check*>>;
    std::map<std::string_view, Sides> by_rule;
    std::vector<std::string_view> rules;
    for (const bool newer : {true, false})
      if (const Subject* side = newer ? after : before; side != nullptr)
        for (const Check& check : side->checks) {
          const auto [at, added] = by_rule.try_emplace(check.rule);
          if (added) rules.push_back(check.rule);
          (newer ? at->second.second : at->second.first).push_back(&check);
        }
    for (const std::string_view rule : rules) {
      Sides& sides = by_rule.at(rule);
      for (const auto& [was, is] : matched(std::move(sides.first), std::move(sides.second)))
        check(before, after, was, is);
    }
  }

  /// What the check of a resource is when it is not listed: passed, or gone with the resource.
  static Placed unlisted(const Subject* subject, const Subject* other) {
    if (subject != nullptr ? subject->resource : other->resource) return placed({"passed"}, outcomes);
    return {};
  }

  void check(const Subject* before, const Subject* after, const Check* was, const Check* is) {
    Difference one;
    one.part = Part::check;
    one.subject = (after != nullptr ? after : before)->id;
    one.rule = (is != nullptr ? is : was)->rule;
    one.aspect = "outcome";
    Placed old = was != nullptr ? was->outcome : before != nullptr ? unlisted(before, after) : Placed{};
    Placed now = is != nullptr ? is->outcome : unlisted(after, before);
    auto change = changed(old, now, best_outcome);
    if (is == nullptr && after == nullptr) now = {};  // gone, and its deviations with it
    if (!change && was != nullptr && is != nullptr) change = details(one, *was, *is);
    if (!change) return;
    one.change = *change;
    one.before = std::move(old.standing);
    one.after = std::move(now.standing);
    if (one.aspect == "wanted") {
      one.before = {{was->wanted}, {}, {}};
      one.after = {{is->wanted}, {}, {}};
    }
    all_.push_back(std::move(one));
  }

  /// The outcome is the same, for another reason or by another measure.
  static std::optional<Change> details(Difference& one, const Check& was, const Check& is) {
    if (was.outcome.standing.found != is.outcome.standing.found) {
      one.aspect = "found";
      const Placed old = placed({was.outcome.standing.found}, verdict_scale());
      const Placed now = placed({is.outcome.standing.found}, verdict_scale());
      if (old.rank && now.rank) return moved(*old.rank, *now.rank);
      if (was.value && is.value && *was.value != *is.value)
        return *is.value > *was.value ? Change::better : Change::worse;
      return Change::other;
    }
    if (was.wanted == is.wanted || same_deviation(was, is)) return std::nullopt;
    one.aspect = "wanted";
    return Change::other;
  }

  std::vector<Difference> all_;
};

void plain(std::vector<Difference>& all, Part part, std::string subject, std::string aspect, std::string before,
           std::string after) {
  if (before == after) return;
  Difference one;
  one.part = part;
  one.subject = std::move(subject);
  one.aspect = std::move(aspect);
  if (!before.empty()) one.before.words.push_back(std::move(before));
  if (!after.empty()) one.after.words.push_back(std::move(after));
  all.push_back(std::move(one));
}

}  // namespace

std::vector<Difference> differing_gates(const Node& before, const Node& after, Shape& shape) {
  return Comparison().run(Subjects(before, shape), Subjects(after, shape));
}

std::vector<Difference> differing_runs(const Node& before, const Node& after, Shape& shape) {
  std::vector<Difference> all;
  const auto under = [&](const Node& root, std::string_view key, std::string_view inner) {
    const Node* map = shape.map(root, key);
    return map != nullptr ? shape.text(*map, inner) : std::string();
  };
  const auto named = [&](const Node& root) {
    std::vector<std::string> ids;
    for (const Node* overlay : shape.maps(root, "what_if"))
      ids.push_back(shape.text(*overlay, "id"));
    return fmt::format("{}", fmt::join(ids, ", "));
  };
  const auto method = [&](const Node& root) {
    const std::string version = under(root, "method", "version");
    return fmt::format("{}{}{}", under(root, "method", "id"), version.empty() ? "" : " ", version);
  };
  plain(all, Part::run, "", "offering", under(before, "offering", "id"), under(after, "offering", "id"));
  plain(all, Part::run, "", "workload", under(before, "workload", "id"), under(after, "workload", "id"));
  plain(all, Part::run, "", "as_of", shape.text(before, "as_of"), shape.text(after, "as_of"));
  plain(all, Part::run, "", "method", method(before), method(after));
  plain(all, Part::run, "", "what_if", named(before), named(after));
  plain(all, Part::run, "", "tool", under(before, "tool", "version"), under(after, "tool", "version"));
  for (const PairOfNodes& pair : paired(shape.maps(before, "inputs"), shape.maps(after, "inputs"), "path", shape)) {
    const auto digest = [&](const Node* node) { return node != nullptr ? shape.text(*node, "sha256") : std::string(); };
    plain(all, Part::input, pair.id, "sha256", digest(pair.before), digest(pair.after));
  }
  return all;
}

}  // namespace sovrisk
