#include "report/graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "load/utf8.h"
#include "report/words.h"

namespace sovrisk {

namespace {

// --- what to draw ----------------------------------------------------------------------------------------------------

class GraphBuilder {
 public:
  GraphBuilder(const Assessment& assessment, const Law& law, const Messages& messages)
      : a_(assessment), law_(law), m_(messages), entities_(assessment.facts->get("entities").items) {
    graph_.title = m_("explain", m_.text(law.document->root.find("title")), assessment.offering->title);
    operator_ = a_.facts->get("offering").get("operator").word();
  }

  EntityGraph run() {
    if (operator_.empty() || operator_ == "unknown") return std::move(graph_);
    box(operator_, 0);
    for (const Exposure& exposure : a_.exposures)
      if (exposure.law == &law_ && exposure.least != Certainty::not_reached) mark(exposure);
    spread_up(0);
    suppliers();
    arrows();
    return std::move(graph_);
  }

 private:
  [[nodiscard]] const Value* entity(const std::string& id) const {
    const auto found = std::find_if(entities_.begin(), entities_.end(),
                                    [&](const Value& value) { return value.get("id").word() == id; });
    return found == entities_.end() ? nullptr : &*found;
  }

  void mark(const Exposure& exposure) {
    for (std::size_t i = 0; i + 1 < exposure.path.size(); ++i)
      marked_.emplace(exposure.path[i + 1], exposure.path[i]);
    for (const Match& match : exposure.matches) {
      if (match.truth != Truth::yes || !match.via_entity) continue;
      through_.insert(match.via);
    }
  }

  std::size_t box(const std::string& id, int layer) {
    const auto found = index_.find(id);
    if (found != index_.end()) return found->second;
    EntityGraph::Box box;
    box.id = id;
    box.name = entity_words(a_, id, m_);
    box.layer = layer;
    if (const Value* value = entity(id)) {
      std::vector<std::string> places;
      for (const Value& seat : value->get("seats").items)
        places.push_back(text_of(seat));
      if (value->get("seats").open) places.emplace_back("?");
      box.place = fmt::format("{}", fmt::join(places, ", "));
      std::vector<std::string> roles;
      for (const Value& word : value->get("relation").items)
        if (!word.word().empty()) roles.push_back(m_(fmt::format("relation.{}", word.word())));
      box.role = fmt::format("{}", fmt::join(roles, ", "));
    }
    box.marked = through_.contains(id);
    index_[id] = graph_.boxes.size();
    graph_.boxes.push_back(std::move(box));
    return graph_.boxes.size() - 1;
  }

  /// Adds the holders of every box from `first` on, those of boxes that are added on the way included; breadth first,
  /// so that a holder in a cycle gets the layer of its shortest way down.
  void spread_up(std::size_t first) {
    std::size_t at = first;
    while (at < graph_.boxes.size()) {
      const std::string id = graph_.boxes[at].id;
      const int layer = graph_.boxes[at].layer;
      ++at;
      const Value* value = entity(id);
      if (value == nullptr) continue;
      for (const Value& holding : value->get("holders").items)
        box(std::string(holding.get("holder").word()), layer + 1);
    }
  }

  void suppliers() {
    for (const std::string& id : through_) {
      if (index_.contains(id)) continue;
      const std::size_t at = box(id, 0);
      supplied_.push_back(at);
      spread_up(at);
    }
  }

  void arrows() {
    for (std::size_t to = 0; to < graph_.boxes.size(); ++to) {
      const Value* value = entity(graph_.boxes[to].id);
      if (value == nullptr) continue;
      for (const Value& holding : value->get("holders").items) {
        const std::string holder(holding.get("holder").word());
        const auto from = index_.find(holder);
        if (from == index_.end() || from->second == to) continue;
        graph_.arrows.push_back({from->second, to, share(holding), marked_.contains({holder, graph_.boxes[to].id})});
      }
    }
    for (const std::size_t from : supplied_)
      graph_.arrows.push_back({from, 0, graph_.boxes[from].role, true});
    for (const EntityGraph::Arrow& arrow : graph_.arrows)
      if (arrow.marked) graph_.boxes[arrow.from].marked = graph_.boxes[arrow.to].marked = true;
  }

  [[nodiscard]] std::string share(const Value& holding) const {
    const Value& capital = holding.get("capital");
    const Value& votes = holding.get("votes");
    const auto words = [&](const Value& value) {
      return value.kind == Value::Kind::number ? m_.percent({value.low, value.high}) : std::string("?");
    };
    std::string text = words(capital);
    if (!same(capital, votes)) text += fmt::format(" ({}{} {})", m_("graph.votes"), m_("colon"), words(votes));
    return text;
  }

  const Assessment& a_;
  const Law& law_;
  const Messages& m_;
  const std::vector<Value>& entities_;
  std::string operator_;
  EntityGraph graph_;
  std::map<std::string, std::size_t> index_;
  std::set<std::pair<std::string, std::string>> marked_;  ///< holder, held
  std::set<std::string> through_;
  std::vector<std::size_t> supplied_;
};

std::string escaped(std::string_view text, const std::map<char, std::string_view>& replacements) {
  std::string out;
  for (const char c : text) {
    const auto found = replacements.find(c);
    if (found != replacements.end()) {
      out += found->second;
    } else {
      out += c;
    }
  }
  return out;
}

std::string for_dot(std::string_view text) { return escaped(text, {{'"', "\\\""}, {'\\', "\\\\"}}); }

std::string for_mermaid(std::string_view text) {
  return escaped(text, {{'"', "#quot;"},
                        {'#', "#35;"},
                        {'&', "#amp;"},
                        {'<', "#lt;"},
                        {'>', "#gt;"},
                        {'\\', "#92;"},
                        {'`', "#96;"},
                        {'|', "#124;"}});
}

std::string for_xml(std::string_view text) {
  return escaped(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}});
}

// --- the drawing -----------------------------------------------------------------------------------------------------

constexpr int box_width = 190;
constexpr int line_height = 16;
constexpr int padding = 10;
constexpr int gap_across = 40;
constexpr int gap_down = 64;
constexpr int margin = 20;
constexpr std::size_t box_letters = 26;  ///< of 12 px sans serif, wide letters, that surely fit a box

/// Breaks a text into lines of at most so many characters, at spaces where it has some.
std::vector<std::string> wrapped(const std::string& text, std::size_t most) {
  std::vector<std::string> lines;
  std::string line;
  const auto letters = [](const std::string& part) { return utf8::character_starts(part).size(); };
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    std::string word = text.substr(begin, end - begin);
    begin = end + 1;
    while (letters(word) > most) {
      if (!line.empty()) lines.push_back(std::move(line));
      line.clear();
      const std::size_t cut = utf8::character_starts(word)[most];
      lines.push_back(word.substr(0, cut));
      word = word.substr(cut);
    }
    if (!line.empty() && letters(line) + 1 + letters(word) > most) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

struct Placed {
  std::vector<std::string> lines;
  int x = 0;
  int y = 0;
  int height = 0;
};

class Drawing {
 public:
  explicit Drawing(const EntityGraph& graph) : graph_(graph) {}

  std::string svg() {
    place();
    std::string body;
    for (const EntityGraph::Arrow& arrow : graph_.arrows)
      body += line(arrow);
    for (std::size_t i = 0; i < placed_.size(); ++i)
      body += box(graph_.boxes[i], placed_[i]);
    const std::vector<std::string> title = wrapped(graph_.title, title_letters());
    std::string head;
    for (std::size_t i = 0; i < title.size(); ++i)
      head += fmt::format("<text class=\"title\" x=\"{}\" y=\"{}\">{}</text>\n", margin,
                          margin + 10 + static_cast<int>(i) * line_height, for_xml(title[i]));
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
        "role=\"img\" aria-labelledby=\"title\">\n"
        "<title id=\"title\">{2}</title>\n"
        "<style>\n"
        "text {{ font: 12px sans-serif; fill: #1d1d1f; }}\n"
        ".title, .name {{ font-weight: bold; }}\n"
        ".small {{ font-size: 11px; fill: #55555c; }}\n"
        ".paper {{ fill: #ffffff; }}\n"
        ".box {{ fill: #f4f4f6; stroke: #8a8a92; }}\n"
        ".box.marked {{ fill: #fdeceb; stroke: #b3261e; stroke-width: 2; }}\n"
        ".arrow {{ stroke: #8a8a92; fill: none; }}\n"
        ".arrow.marked {{ stroke: #b3261e; stroke-width: 2.5; }}\n"
        ".head {{ fill: #8a8a92; }}\n"
        ".head.marked {{ fill: #b3261e; }}\n"
        ".label {{ font-size: 11px; stroke: #ffffff; stroke-width: 4; paint-order: stroke; }}\n"
        "@media (prefers-color-scheme: dark) {{\n"
        "text {{ fill: #ececf0; }}\n"
        ".small {{ fill: #b4b4bd; }}\n"
        ".paper {{ fill: #1b1b1f; }}\n"
        ".box {{ fill: #2a2a30; stroke: #7c7c86; }}\n"
        ".box.marked {{ fill: #45201d; stroke: #ff8a80; }}\n"
        ".arrow.marked {{ stroke: #ff8a80; }}\n"
        ".head.marked {{ fill: #ff8a80; }}\n"
        ".label {{ stroke: #1b1b1f; }}\n"
        "}}\n"
        "</style>\n"
        "<rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n{3}{4}</svg>\n",
        width_, height_, for_xml(graph_.title), head, body);
  }

 private:
  [[nodiscard]] std::size_t title_letters() const { return static_cast<std::size_t>(std::max(30, width_ / 8)); }

  void place() {
    std::map<int, std::vector<std::size_t>, std::greater<>> layers;
    for (std::size_t i = 0; i < graph_.boxes.size(); ++i)
      layers[graph_.boxes[i].layer].push_back(i);
    order(layers);
    placed_.resize(graph_.boxes.size());
    std::size_t widest = 1;
    for (const auto& [layer, boxes] : layers)
      widest = std::max(widest, boxes.size());
    const int inner = static_cast<int>(widest) * box_width + static_cast<int>(widest - 1) * gap_across;
    width_ = inner + 2 * margin;
    int y = 2 * margin + static_cast<int>(wrapped(graph_.title, title_letters()).size()) * line_height;
    for (const auto& [layer, boxes] : layers) {
      const int row = static_cast<int>(boxes.size()) * box_width + static_cast<int>(boxes.size() - 1) * gap_across;
      int x = margin + (inner - row) / 2;
      int tallest = 0;
      for (const std::size_t i : boxes) {
        Placed& placed = placed_[i];
        placed.lines = wrapped(graph_.boxes[i].name, box_letters);
        const std::vector<std::string> role = wrapped(second_line(graph_.boxes[i]), box_letters + 2);
        placed.height = 2 * padding + static_cast<int>(placed.lines.size() + role.size()) * line_height;
        placed.x = x;
        placed.y = y;
        x += box_width + gap_across;
        tallest = std::max(tallest, placed.height);
      }
      y += tallest + gap_down;
    }
    height_ = y - gap_down + margin;
  }

  /// Boxes stand near what they are tied to in the layer below: by the mean place of those, then by id.
  void order(std::map<int, std::vector<std::size_t>, std::greater<>>& layers) const {
    std::vector<double> place(graph_.boxes.size(), 0);
    std::vector<std::vector<std::size_t>*> from_below;
    for (auto& [layer, boxes] : layers)
      from_below.insert(from_below.begin(), &boxes);
    for (std::vector<std::size_t>* boxes : from_below) {
      std::vector<std::pair<double, std::size_t>> row;
      for (const std::size_t i : *boxes) {
        double sum = 0;
        int count = 0;
        for (const EntityGraph::Arrow& arrow : graph_.arrows)
          if (arrow.from == i && graph_.boxes[arrow.to].layer < graph_.boxes[i].layer) {
            sum += place[arrow.to];
            ++count;
          }
        row.emplace_back(count > 0 ? sum / count : (i == 0 ? -1 : 1), i);
      }
      std::sort(row.begin(), row.end(), [&](const auto& a, const auto& b) {
        return std::tie(a.first, graph_.boxes[a.second].id) < std::tie(b.first, graph_.boxes[b.second].id);
      });
      boxes->clear();
      for (std::size_t at = 0; at < row.size(); ++at) {
        place[row[at].second] = static_cast<double>(at) - static_cast<double>(row.size() - 1) / 2;
        boxes->push_back(row[at].second);
      }
    }
  }

  static std::string second_line(const EntityGraph::Box& box) {
    if (box.place.empty()) return box.role;
    return box.role.empty() ? box.place : fmt::format("{} · {}", box.place, box.role);
  }

  static std::string box(const EntityGraph::Box& box, const Placed& placed) {
    std::string out = fmt::format("<rect class=\"box{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>\n",
                                  box.marked ? " marked" : "", placed.x, placed.y, box_width, placed.height);
    int y = placed.y + padding + 12;
    const auto text = [&](const std::string& line, std::string_view style) {
      out += fmt::format("<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", style,
                         placed.x + box_width / 2, y, for_xml(line));
      y += line_height;
    };
    for (const std::string& line : placed.lines)
      text(line, "name");
    for (const std::string& line : wrapped(second_line(box), box_letters + 2))
      text(line, "small");
    return out;
  }

  /// From the foot of the holder to the head of the held; beside each other, from side to side.
  [[nodiscard]] std::string line(const EntityGraph::Arrow& arrow) const {
    const Placed& from = placed_[arrow.from];
    const Placed& to = placed_[arrow.to];
    const bool down = graph_.boxes[arrow.from].layer > graph_.boxes[arrow.to].layer;
    const bool up = graph_.boxes[arrow.from].layer < graph_.boxes[arrow.to].layer;
    int x1 = from.x + box_width / 2;
    int y1 = down ? from.y + from.height : from.y;
    int x2 = to.x + box_width / 2;
    int y2 = down ? to.y : to.y + to.height;
    const bool beside = !down && !up;
    if (beside) {
      const bool leftwards = from.x > to.x;
      x1 = leftwards ? from.x : from.x + box_width;
      x2 = leftwards ? to.x + box_width : to.x;
      y1 = from.y + std::min(from.height, to.height) / 2;
      y2 = y1;
    }
    const std::string_view marked = arrow.marked ? " marked" : "";
    std::string out =
        fmt::format("<line class=\"arrow{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", marked, x1, y1, x2, y2);
    const int side = beside ? (x2 < x1 ? 8 : -8) : 5;
    const int back = beside ? 5 : (y2 > y1 ? -9 : 9);
    out += beside ? fmt::format("<polygon class=\"head{}\" points=\"{},{} {},{} {},{}\"/>\n", marked, x2, y2, x2 + side,
                                y2 - back, x2 + side, y2 + back)
                  : fmt::format("<polygon class=\"head{}\" points=\"{},{} {},{} {},{}\"/>\n", marked, x2, y2, x2 - side,
                                y2 + back, x2 + side, y2 + back);
    const std::vector<std::string> label = wrapped(arrow.label, beside ? 8 : 30);
    int y = (y1 + y2) / 2 + 4 - static_cast<int>(label.size() - (label.empty() ? 0 : 1)) * 6 - (beside ? 14 : 0);
    for (const std::string& part : label) {
      out += fmt::format("<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n", (x1 + x2) / 2, y,
                         for_xml(part));
      y += 13;
    }
    return out;
  }

  const EntityGraph& graph_;
  std::vector<Placed> placed_;
  int width_ = 0;
  int height_ = 0;
};

}  // namespace

EntityGraph entity_graph(const Assessment& assessment, const Law& law, const Messages& messages) {
  return GraphBuilder(assessment, law, messages).run();
}

std::string graph_dot(const EntityGraph& graph) {
  std::string out = "digraph reach {\n  rankdir=TB;\n  node [shape=box, style=rounded];\n";
  out += fmt::format("  label=\"{}\"; labelloc=t;\n", for_dot(graph.title));
  for (const EntityGraph::Box& box : graph.boxes)
    out += fmt::format("  \"{}\" [label=\"{}\\n{}\\n{}\"{}];\n", for_dot(box.id), for_dot(box.name), for_dot(box.place),
                       for_dot(box.role), box.marked ? ", color=red, penwidth=2" : "");
  for (const EntityGraph::Arrow& arrow : graph.arrows)
    out += fmt::format("  \"{}\" -> \"{}\" [label=\"{}\"{}];\n", for_dot(graph.boxes[arrow.from].id),
                       for_dot(graph.boxes[arrow.to].id), for_dot(arrow.label),
                       arrow.marked ? ", color=red, penwidth=2" : "");
  return out + "}\n";
}

std::string graph_mermaid(const EntityGraph& graph) {
  std::string out = "flowchart TB\n";
  for (std::size_t i = 0; i < graph.boxes.size(); ++i) {
    const EntityGraph::Box& box = graph.boxes[i];
    out += fmt::format("  e{}[\"{}<br>{}<br>{}\"]\n", i, for_mermaid(box.name), for_mermaid(box.place),
                       for_mermaid(box.role));
  }
  std::vector<std::size_t> marked;
  for (std::size_t i = 0; i < graph.arrows.size(); ++i) {
    const EntityGraph::Arrow& arrow = graph.arrows[i];
    out += fmt::format("  e{} -->|\"{}\"| e{}\n", arrow.from, for_mermaid(arrow.label), arrow.to);
    if (arrow.marked) marked.push_back(i);
  }
  if (!marked.empty()) out += fmt::format("  linkStyle {} stroke:#b3261e,stroke-width:3px\n", fmt::join(marked, ","));
  for (std::size_t i = 0; i < graph.boxes.size(); ++i)
    if (graph.boxes[i].marked) out += fmt::format("  style e{} stroke:#b3261e,stroke-width:2px\n", i);
  return out;
}

std::string graph_svg(const EntityGraph& graph) { return Drawing(graph).svg(); }

}  // namespace sovrisk
