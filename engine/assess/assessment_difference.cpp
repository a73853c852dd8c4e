#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "assess/standing.h"

namespace sovrisk {

namespace {

using Rung = std::pair<std::string_view, double>;

constexpr std::array<Rung, 3> certainties{{{"certain", 0}, {"arguable", 1}, {"not-reached", 2}}};
/// As the reach of a law weighs what is left: the ciphertext comes with its metadata. A stopped service is on a scale
/// of its own, at whose lower end it stands.
constexpr std::array<Rung, 5> leftovers{
    {{"content", 0}, {"continuity", 0}, {"ciphertext", 1}, {"metadata", 2}, {"none", 3}}};
constexpr std::array<Rung, 3> statuses{{{"not-met", 0}, {"partly-met", 1}, {"met", 2}}};
constexpr std::array<Rung, 2> gates{{{"not-met", 0}, {"met", 1}}};

double best(Scale scale) {
  return std::max_element(scale.begin(), scale.end(), [](const auto& a, const auto& b) { return a.second < b.second; })
      ->second;
}

Placed word(std::string text) {
  Placed result;
  if (!text.empty()) result.standing.words.push_back(std::move(text));
  return result;
}

Placed on(std::string text, Scale scale) {
  if (text.empty()) return {};
  return text == "unknown" ? open_on(std::move(text), scale) : placed({std::move(text)}, scale);
}

/// The law, and what of it: an entry for each scope, and apart from it what is reached within a limit only.
struct ReachKey {
  std::string law;
  std::string scope;
  bool limited = false;
  bool operator<(const ReachKey& other) const {
    return std::tie(law, scope, limited) < std::tie(other.law, other.scope, other.limited);
  }
};

struct Reach {
  Placed certainty;
  Placed left;
  std::string status;
  std::string title;
};

class Reaches {
 public:
  Reaches(const Node& root, Shape& shape) {
    for (const Node* node : shape.maps(root, "exposures")) {
      const std::string law = shape.text(*node, "law");
      laws_.insert(law);
      std::string scope = shape.text(*node, "scope");
      Reach reach{grade(*node, shape), placed(shape.texts(*node, "after_measures"), leftovers),
                  shape.text(*node, "status"), shape.text(*node, "title")};
      titles_.emplace(law, std::pair(reach.title, reach.status));
      if (scope == "none") continue;
      const ReachKey key{law, std::move(scope), shape.flag(*node, "limited")};
      const auto [at, added] = reaches_.emplace(key, reach);
      if (added) {
        order_.push_back(key);
      } else if (worse(reach, at->second)) {
        at->second = reach;
      }
    }
  }

  [[nodiscard]] const std::vector<ReachKey>& order() const { return order_; }
  [[nodiscard]] const std::set<std::string>& laws() const { return laws_; }
  [[nodiscard]] std::pair<std::string, std::string> title_and_status(const std::string& law) const {
    const auto at = titles_.find(law);
    return at == titles_.end() ? std::pair<std::string, std::string>() : at->second;
  }

  /// How the law reaches that much: by an entry of its own, by one that covers it, or not.
  [[nodiscard]] Reach at(const ReachKey& key) const {
    if (!laws_.contains(key.law)) return {};
    std::vector<ReachKey> covering{key};
    if (key.limited) covering.push_back({key.law, key.scope, false});
    if (key.scope == "metadata" || key.scope == "data-of-that-entity")
      for (const bool limited : {true, false})
        if (key.limited || !limited) covering.push_back({key.law, "all-data", limited});
    for (const ReachKey& one : covering)
      if (const auto at = reaches_.find(one); at != reaches_.end()) return at->second;
    return {on("not-reached", certainties), {}, {}, {}};
  }

 private:
  /// The grade that is established, and the one that missing facts may still bring.
  static Placed grade(const Node& node, Shape& shape) {
    const std::string established = shape.text(node, "certainty");
    const std::string at_most = shape.text(node, "certainty_at_most");
    Placed result = on(established, certainties);
    const Placed most = on(at_most, certainties);
    if (!result.rank || !most.rank) return result;
    const double least = established == "unknown" ? best(certainties) : result.rank->high;
    result.rank = Range{std::min(most.rank->low, least), least};
    if (established != "unknown" && at_most != established) result.standing.words.push_back(at_most);
    return result;
  }
  static bool worse(const Reach& a, const Reach& b) {
    if (!a.certainty.rank || !b.certainty.rank) return false;
    const auto key = [](const Reach& reach) {
      const Range left = reach.left.rank.value_or(Range{});
      return std::array{reach.certainty.rank->low, reach.certainty.rank->high, left.low, left.high};
    };
    return key(a) < key(b);
  }

  std::map<ReachKey, Reach> reaches_;
  std::vector<ReachKey> order_;
  std::set<std::string> laws_;
  std::map<std::string, std::pair<std::string, std::string>> titles_;
};

class Comparison {
 public:
  Comparison(const Node& before, const Node& after, Shape& shape) : before_(before), after_(after), shape_(shape) {}

  std::vector<Difference> run() {
    verdict();
    for (const PairOfNodes& pair : lists(before_, after_, "questions"))
      answer(pair, Part::question);
    for (const PairOfNodes& pair : lists(before_, after_, "duties"))
      answer(pair, Part::duty);
    exposures();
    for (const PairOfNodes& pair : lists(before_, after_, "frameworks"))
      framework(pair);
    for (const PairOfNodes& pair : lists(before_, after_, "risks"))
      risk(pair);
    conditions();
    for (const PairOfNodes& pair : lists(before_, after_, "missing", "fact"))
      missing(pair);
    return std::move(all_);
  }

 private:
  std::vector<PairOfNodes> lists(const Node& before, const Node& after, std::string_view key,
                                 std::string_view id = "id") {
    return paired(shape_.maps(before, key), shape_.maps(after, key), id, shape_);
  }

  Difference made(Part part, std::string subject, std::string aspect) const {
    Difference one;
    one.part = part;
    one.subject = std::move(subject);
    one.aspect = std::move(aspect);
    return one;
  }
  void put(Difference one, std::optional<Change> change, Placed before, Placed after) {
    if (!change) return;
    one.change = *change;
    one.before = std::move(before.standing);
    one.after = std::move(after.standing);
    all_.push_back(std::move(one));
  }
  /// Compares what stands on a scale with the upper end `top`.
  void graded(Difference one, Placed before, Placed after, std::optional<double> top) {
    const auto change = changed(before, after, top);
    put(std::move(one), change, std::move(before), std::move(after));
  }
  /// Compares words on no scale: only whether they are known counts.
  void plain(Difference one, const std::string& before, const std::string& after) {
    if (before == after) return;
    const auto unknown = [](const std::string& text) { return text == "unknown" || text == "undetermined"; };
    const Change change = unknown(after) ? Change::unknown : unknown(before) ? Change::known : Change::other;
    put(std::move(one), change, word(before), word(after));
  }
  std::string title(const PairOfNodes& pair, std::string_view key = "title") {
    return shape_.text(pair.after != nullptr ? *pair.after : *pair.before, key);
  }
  std::string text(const Node* node, std::string_view key) {
    return node == nullptr ? std::string() : shape_.text(*node, key);
  }

  /// A verdict: what it is, or what it may still be.
  Placed value(const Node* node) {
    if (node == nullptr) return {};
    std::string value = shape_.text(*node, "value");
    if (value.empty()) return {};
    if (value != "undetermined") return placed({std::move(value)}, verdict_scale());
    std::vector<std::string> possible = shape_.texts(*node, "possible");
    return possible.size() > 1 ? placed(std::move(possible), verdict_scale())
                               : open_on(std::move(value), verdict_scale());
  }

  void verdict() {
    const Node* before = shape_.map(before_, "verdict");
    const Node* after = shape_.map(after_, "verdict");
    graded(made(Part::verdict, "", "value"), value(before), value(after), best(verdict_scale()));
    if (text(before, "value") == text(after, "value"))
      plain(made(Part::verdict, "", "until"), text(before, "until"), text(after, "until"));
  }

  void answer(const PairOfNodes& pair, Part part) {
    Difference one = made(part, pair.id, "value");
    one.title = title(pair);
    const auto asked = [&](const Node* node) { return node != nullptr && text(node, "value") != "not-asked"; };
    if (part == Part::duty) {  // to be due is neither good nor bad
      plain(std::move(one), text(pair.before, "value"), text(pair.after, "value"));
    } else if (asked(pair.before) && pair.after != nullptr && !asked(pair.after)) {
      put(std::move(one), Change::other, value(pair.before), value(pair.after));
    } else if (asked(pair.after)) {
      const bool was = asked(pair.before);
      const auto change = changed(was ? value(pair.before) : Placed{}, value(pair.after), best(verdict_scale()));
      put(std::move(one), change, value(pair.before), value(pair.after));
    } else if (asked(pair.before)) {
      graded(std::move(one), value(pair.before), {}, best(verdict_scale()));
    }
  }

  void exposures() {
    const Reaches before(before_, shape_);
    const Reaches after(after_, shape_);
    std::vector<ReachKey> keys = after.order();
    std::set<ReachKey> seen(keys.begin(), keys.end());
    for (const ReachKey& key : before.order())
      if (seen.insert(key).second) keys.push_back(key);
    for (const ReachKey& key : keys) {
      Reach was = before.at(key);
      Reach is = after.at(key);
      const bool left = !was.left.standing.absent() && !is.left.standing.absent();
      for (const bool grade : {true, false}) {
        if (!grade && !left) continue;
        Difference one = made(Part::exposure, key.law, grade ? "certainty" : "after_measures");
        one.scope = key.scope;
        one.limited = key.limited;
        one.title = after.laws().contains(key.law) ? after.title_and_status(key.law).first
                                                   : before.title_and_status(key.law).first;
        graded(std::move(one), std::move(grade ? was.certainty : was.left), std::move(grade ? is.certainty : is.left),
               best(grade ? Scale(certainties) : Scale(leftovers)));
      }
    }
    laws(before, after);
  }

  /// Laws that only one of the two knows and that reach nothing there; statuses of those that both know.
  void laws(const Reaches& before, const Reaches& after) {
    const auto reaches = [](const Reaches& of, const std::string& law) {
      return std::any_of(of.order().begin(), of.order().end(), [&](const ReachKey& key) { return key.law == law; });
    };
    std::set<std::string> all = after.laws();
    all.insert(before.laws().begin(), before.laws().end());
    for (const std::string& law : all) {
      const bool was = before.laws().contains(law);
      const bool is = after.laws().contains(law);
      Difference one = made(Part::exposure, law, was && is ? "status" : "certainty");
      one.title = (is ? after : before).title_and_status(law).first;
      if (was && is) {
        plain(std::move(one), before.title_and_status(law).second, after.title_and_status(law).second);
      } else if (!reaches(was ? before : after, law)) {
        const Placed none = on("not-reached", certainties);
        graded(std::move(one), was ? none : Placed{}, is ? none : Placed{}, best(certainties));
      }
    }
  }

  Placed level(const Node* node, std::string_view key) {
    Placed result;
    if (node == nullptr) return result;
    result.rank = shape_.range(*node, key);
    result.standing.range = result.rank;
    const Node* map = node->find(key);
    if (result.rank && map != nullptr && map->kind == Node::Kind::map)
      if (std::string name = shape_.text(*map, "name"); !name.empty()) result.standing.words.push_back(std::move(name));
    return result;
  }
  /// As a level, the better the lower.
  Placed rating(const Node* node, std::string_view key) {
    Placed result = level(node, key);
    if (result.rank) result.rank = Range{-result.rank->high, -result.rank->low};
    return result;
  }
  Placed gate(const Node* node) {
    const Node* map = node != nullptr ? shape_.map(*node, "gate") : nullptr;
    return on(text(map, "status"), gates);
  }

  void framework(const PairOfNodes& pair) {
    if (pair.before == nullptr || pair.after == nullptr) {
      Difference one = made(Part::framework, pair.id, "assessed");
      one.title = title(pair);
      const bool is = pair.after != nullptr;
      put(std::move(one), is ? Change::known : Change::unknown, word(is ? "" : "assessed"), word(is ? "assessed" : ""));
      return;
    }
    const auto of = [&](std::string aspect) {
      Difference one = made(Part::framework, pair.id, std::move(aspect));
      one.title = title(pair);
      return one;
    };
    graded(of("gate"), gate(pair.before), gate(pair.after), best(gates));
    graded(of("level"), level(pair.before, "level"), level(pair.after, "level"), {});
    graded(of("score"), level(pair.before, "score"), level(pair.after, "score"), {});
    for (const char* key : {"applies", "version", "profile"})
      plain(of(key), text(pair.before, key), text(pair.after, key));
    for (const PairOfNodes& objective : lists(*pair.before, *pair.after, "objectives"))
      for (const char* key : {"level", "score"})
        graded(made(Part::objective, fmt::format("{} {}", pair.id, objective.id), key), level(objective.before, key),
               level(objective.after, key), {});
    for (const PairOfNodes& criterion : lists(*pair.before, *pair.after, "criteria"))
      this->criterion(pair.id, criterion);
  }

  void criterion(const std::string& framework, const PairOfNodes& pair) {
    Difference one = made(Part::criterion, fmt::format("{} {}", framework, pair.id), "status");
    one.title = title(pair, "asks");
    const std::string was = text(pair.before, "status");
    const std::string is = text(pair.after, "status");
    if (was == is) {  // the next rung of a ladder may be met as partly as the one before
      one.aspect = "answer";
      const auto rung = [&](const Node* node) {
        const Node* answer = node != nullptr ? shape_.map(*node, "answer") : nullptr;
        Placed result = level(answer, "choice");
        if (result.rank) result.standing.words = {text(answer, "label")};
        return result;
      };
      graded(std::move(one), rung(pair.before), rung(pair.after), {});
      return;
    }
    constexpr std::string_view apart = "not-applicable";
    if (is == apart || (was == apart && pair.after == nullptr)) {
      put(std::move(one), Change::other, word(was), word(is));
      return;
    }
    const auto change = changed(was == apart ? Placed{} : on(was, statuses), on(is, statuses), best(statuses));
    put(std::move(one), change, word(was), word(is));
  }

  void risk(const PairOfNodes& pair) {
    const auto likelihood = [&](const Node* node) {
      return node != nullptr ? shape_.map(*node, "likelihood") : nullptr;
    };
    for (const bool severity : {true, false}) {
      Difference one = made(Part::risk, pair.id, severity ? "severity" : "likelihood");
      one.title = title(pair);
      graded(std::move(one), severity ? rating(pair.before, "severity") : rating(likelihood(pair.before), "residual"),
             severity ? rating(pair.after, "severity") : rating(likelihood(pair.after), "residual"), -1);
    }
  }

  /// More conditions of a conditional verdict are worse; of another verdict they tell nothing by themselves.
  void conditions() {
    const Node nothing;
    const Node* before = shape_.map(before_, "verdict");
    const Node* after = shape_.map(after_, "verdict");
    const bool alike = text(before, "value") == "conditional" && text(after, "value") == "conditional";
    for (const PairOfNodes& pair :
         lists(before != nullptr ? *before : nothing, after != nullptr ? *after : nothing, "conditions")) {
      Difference one = made(Part::condition, pair.id, "asked");
      one.title = title(pair, "text");
      if (pair.before != nullptr && pair.after != nullptr) {
        one.aspect = "due";
        plain(std::move(one), text(pair.before, "due"), text(pair.after, "due"));
        continue;
      }
      const bool is = pair.after != nullptr;
      const Change graded = is ? Change::worse : Change::better;
      put(std::move(one), alike ? graded : Change::other, word(is ? "" : "asked"), word(is ? "asked" : ""));
    }
  }

  void missing(const PairOfNodes& pair) {
    if (pair.before != nullptr && pair.after != nullptr) return;
    const bool is = pair.after != nullptr;
    put(made(Part::fact, pair.id, "missing"), is ? Change::unknown : Change::known, word(is ? "" : "missing"),
        word(is ? "missing" : ""));
  }

  const Node& before_;
  const Node& after_;
  Shape& shape_;
  std::vector<Difference> all_;
};

}  // namespace

std::vector<Difference> differing_assessments(const Node& before, const Node& after, Shape& shape) {
  return Comparison(before, after, shape).run();
}

}  // namespace sovrisk
