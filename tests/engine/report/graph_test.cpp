// Who holds and serves an offering, as a picture in three languages.
#include "report/graph.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

#include "engine/exposure/example.h"

using sovrisk::Assessment;
using sovrisk::Engine;
using sovrisk::EntityGraph;
using sovrisk::Law;
using sovrisk::Messages;
using sovrisk::testing::Assessed;
using sovrisk::testing::Example;
using sovrisk::testing::held;
using sovrisk::testing::spread;

namespace {

using Lines = std::vector<std::string>;

/// The graph of an example for a shipped law.
EntityGraph graph_of(const Example& example, const std::string& law_id = "us-cloud-act") {
  EntityGraph graph;
  const Assessed assessed(example, [&](const Engine& engine, const Assessment& assessment) {
    const Messages messages(engine.catalogue(), "en");
    for (const Law& law : engine.laws())
      if (law.id == law_id) graph = entity_graph(assessment, law, messages);
  });
  return graph;
}

/// "x-op FR 0 marked"
Lines boxes_of(const EntityGraph& graph) {
  Lines lines;
  for (const EntityGraph::Box& box : graph.boxes)
    lines.push_back(fmt::format("{} {} {}{}", box.id, box.place, box.layer, box.marked ? " marked" : ""));
  return lines;
}

/// "x-corp > x-op: 100.0 % marked", in the order of the alphabet.
Lines arrows_of(const EntityGraph& graph) {
  Lines lines;
  for (const EntityGraph::Arrow& arrow : graph.arrows)
    lines.push_back(fmt::format("{} > {}: {}{}", graph.boxes[arrow.from].id, graph.boxes[arrow.to].id, arrow.label,
                                arrow.marked ? " marked" : ""));
  std::sort(lines.begin(), lines.end());
  return lines;
}

Example chain() {
  Example example;
  example.op.stakes = "[{owner: x-hold, capital: 60%, votes: 70%}, {owner: x-people, capital: [\"20%\", \"30%\"]}]";
  example.others = {held("x-hold", "FR", "[{owner: x-corp, capital: 80%}, {owner: x-people, capital: 20%}]"),
                    spread("x-corp", "US", "provider: true\n")};
  return example;
}

/// Two boxes and an arrow, with this text everywhere.
EntityGraph graph_with(const std::string& text) {
  EntityGraph graph;
  graph.title = text;
  graph.boxes = {{"a", text, text, text, false, 0}, {"b", "B", "FR", "", false, 1}};
  graph.arrows = {{1, 0, text, false}};
  return graph;
}

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& by) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(
        by.begin(), by.end(), [&](const auto& pair) { return text.compare(at, pair.first.size(), pair.first) == 0; });
    out += found != by.end() ? found->second : text.substr(at, 1);
    at += found != by.end() ? found->first.size() : 1;
  }
  return out;
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

/// What stands between `open` and `close`, each time.
Lines between(const std::string& text, const std::string& open, const std::string& close) {
  Lines found;
  for (std::size_t at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    at += open.size();
    const std::size_t end = text.find(close, at);
    REQUIRE(end != std::string::npos);
    found.push_back(text.substr(at, end - at));
    at = end + close.size();
  }
  return found;
}

}  // namespace

TEST_CASE("graph: holders stand above what they hold, and the way of reach is marked") {
  const EntityGraph graph = graph_of(chain());
  CHECK(boxes_of(graph) == Lines{"x-op FR 0 marked", "x-hold FR 1 marked", "x-people FR 1",
                                 "undisclosed-holders-of-x-op ? 1", "x-corp US 2 marked"});
  CHECK(arrows_of(graph) == Lines{"undisclosed-holders-of-x-op > x-op: 0.0–20.0 % (votes: 0.0–10.0 %)",
                                  "x-corp > x-hold: 80.0 % marked", "x-hold > x-op: 60.0 % (votes: 70.0 %) marked",
                                  "x-people > x-hold: 20.0 %", "x-people > x-op: 20.0–30.0 %"});
  CHECK(graph.title.find("X") != std::string::npos);
  CHECK(graph.boxes[0].role == "contracting party, operator");
}

TEST_CASE("graph: a law that does not reach, or only may, marks nothing") {
  const auto nothing_marked = [](const EntityGraph& graph) {
    return std::none_of(graph.boxes.begin(), graph.boxes.end(), [](const auto& box) { return box.marked; }) &&
           std::none_of(graph.arrows.begin(), graph.arrows.end(), [](const auto& arrow) { return arrow.marked; });
  };
  const EntityGraph not_reached = graph_of(chain(), "uk-ipa");
  CHECK(not_reached.boxes.size() == 5);
  CHECK(nothing_marked(not_reached));
  Example open;
  open.op.stakes = "[{owner: x-corp, capital: 100%}]";
  open.others = {spread("x-corp", "unknown", "provider: true\n")};
  const EntityGraph unknown = graph_of(open);
  CHECK(boxes_of(unknown) == Lines{"x-op FR 0", "x-corp ? 1"});
  CHECK(nothing_marked(unknown));
}

TEST_CASE("graph: a supplier through whom the law reaches stands beside the operator, its holders above it") {
  Example example;
  example.others = {held("x-cdn", "US", "[{owner: x-corp, capital: 100%}]", "provider: true\ncontrol_rights: []\n"),
                    spread("x-corp", "CA", "provider: true\n"), spread("x-quiet", "FR", "provider: true\n"),
                    spread("x-perhaps", "unknown", "provider: true\n")};
  example.subprocessors =
      "[{entity: x-cdn, country: US, to: clear, critical: true}, {entity: x-quiet, country: FR, to: clear}, "
      "{entity: x-perhaps, to: clear}]";
  const EntityGraph graph = graph_of(example);
  CHECK(boxes_of(graph) == Lines{"x-op FR 0 marked", "x-people FR 1", "x-cdn US 0 marked", "x-corp CA 1"});
  CHECK(arrows_of(graph) ==
        Lines{"x-cdn > x-op: sub-processor marked", "x-corp > x-cdn: 100.0 %", "x-people > x-op: 100.0 %"});
}

TEST_CASE("graph: holders in a circle are drawn once, in the layer of their shortest way down") {
  Example example;
  example.op.stakes = "[{owner: x-a, capital: 60%}, {owner: x-b, capital: 40%}]";
  example.others = {held("x-a", "FR", "[{owner: x-b, capital: 70%}, {owner: x-op, capital: 30%}]"),
                    held("x-b", "FR",
                         "[{owner: x-a, capital: 50%}, {owner: x-b, capital: 10%}, {owner: x-people, "
                         "capital: 40%}]")};
  const EntityGraph graph = graph_of(example);
  CHECK(boxes_of(graph) == Lines{"x-op FR 0", "x-a FR 1", "x-b FR 1", "x-people FR 2"});
  // Own shares are no arrow.
  CHECK(arrows_of(graph) == Lines{"x-a > x-b: 50.0 %", "x-a > x-op: 60.0 %", "x-b > x-a: 70.0 %", "x-b > x-op: 40.0 %",
                                  "x-op > x-a: 30.0 %", "x-people > x-b: 40.0 %"});
  CHECK(graph_svg(graph) == graph_svg(graph_of(example)));
}

TEST_CASE("graph: without an operator there is a title and no box") {
  Example example;
  example.offering = "format: sovrisk-offering/1\nid: x-offering\nname: X\nkind: [iaas]\noperator: unknown\n";
  const EntityGraph graph = graph_of(example);
  CHECK(graph.boxes.empty());
  CHECK(graph.arrows.empty());
  CHECK_FALSE(graph.title.empty());
  CHECK(graph_mermaid(graph) == "flowchart TB\n");
}

TEST_CASE("graph: marked arrows are named by their number in Mermaid, in the order in which they stand") {
  EntityGraph graph;
  graph.boxes = {{"a", "A", "", "", true, 0}, {"b", "B", "FR", "r", false, 1}, {"c", "C", "", "", true, 1}};
  graph.arrows = {{1, 0, "10 %", false}, {2, 0, "90 %", true}, {2, 1, "5 %", true}};
  CHECK(graph_mermaid(graph) ==
        "flowchart TB\n"
        "  e0[\"A<br><br>\"]\n"
        "  e1[\"B<br>FR<br>r\"]\n"
        "  e2[\"C<br><br>\"]\n"
        "  e1 -->|\"10 %\"| e0\n"
        "  e2 -->|\"90 %\"| e0\n"
        "  e2 -->|\"5 %\"| e1\n"
        "  linkStyle 1,2 stroke:#b3261e,stroke-width:3px\n"
        "  style e0 stroke:#b3261e,stroke-width:2px\n"
        "  style e2 stroke:#b3261e,stroke-width:2px\n");
  // `linkStyle` without a number is an error to Mermaid.
  graph.arrows[1].marked = graph.arrows[2].marked = false;
  CHECK(graph_mermaid(graph).find("linkStyle") == std::string::npos);
}

TEST_CASE("graph: signs that mean something to a language are escaped in it") {
  struct Row {
    const char* text;
    const char* dot;
    const char* mermaid;
    const char* svg;
  };
  const Row rows[] = {
      {"\"", "\\\"", "#quot;", "&quot;"},
      {"<", "<", "#lt;", "&lt;"},
      {">", ">", "#gt;", "&gt;"},
      {"|", "|", "#124;", "|"},
      {"#", "#", "#35;", "#"},
      {"`", "`", "#96;", "`"},
      {"&lt;", "&lt;", "#amp;lt;", "&amp;lt;"},
      {"\\", "\\\\", "#92;", "\\"},
      {"'", "'", "'", "&#39;"},
      {"é 株", "é 株", "é 株", "é 株"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.text));
    const EntityGraph graph = graph_with(fmt::format("x{}y", row.text));
    const std::string dot = fmt::format("x{}y", row.dot);
    CHECK(graph_dot(graph) == fmt::format("digraph reach {{\n  rankdir=TB;\n  node [shape=box, style=rounded];\n"
                                          "  label=\"{0}\"; labelloc=t;\n"
                                          "  \"a\" [label=\"{0}\\n{0}\\n{0}\"];\n  \"b\" [label=\"B\\nFR\\n\"];\n"
                                          "  \"b\" -> \"a\" [label=\"{0}\"];\n}}\n",
                                          dot));
    const std::string mermaid = fmt::format("x{}y", row.mermaid);
    CHECK(graph_mermaid(graph) == fmt::format("flowchart TB\n  e0[\"{0}<br>{0}<br>{0}\"]\n  e1[\"B<br>FR<br>\"]\n"
                                              "  e1 -->|\"{0}\"| e0\n",
                                              mermaid));
    const std::string svg = fmt::format(">x{}y</", row.svg);
    CHECK(between(graph_svg(graph), svg, "t").size() == 4);  // `title` and three `text`
  }
  // What each language calls out of a text must not be called out by a name.
  CHECK(graph_dot(graph_with("x\\y")).find("label=\"x\\\\y\"") != std::string::npos);
  CHECK(graph_svg(graph_with("x&y")).find(">x&amp;y</text>") != std::string::npos);
  CHECK(graph_svg(graph_with("x&amp;y")).find(">x&amp;amp;y</text>") != std::string::npos);
  CHECK(graph_svg(graph_with("x\\y")).find(">x\\y</text>") != std::string::npos);
}

TEST_CASE("graph: whatever a name is, each language gives it back") {
  const std::string signs = "ab \"'<>&|#\\`[]{};%-";
  CHECK(rc::check([&] {
    std::string text;
    for (int i = *rc::gen::inRange(1, 60); i > 0; --i)
      text += signs[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(signs.size())))];
    EntityGraph graph;
    graph.boxes = {{text, text, "", "", false, 0}};
    RC_LOG() << text << "\n";

    const std::string dot = graph_dot(graph);
    RC_LOG() << dot << "\n";
    const std::string label = between(dot, "\" [label=\"", "\\n\\n\"];").front();
    RC_ASSERT(replaced(label, {{"\\\"", "\""}, {"\\\\", "\\"}}) == text);
    // A quote without a backslash ends the text.
    RC_ASSERT(replaced(label, {{"\\\"", ""}, {"\\\\", ""}}).find('"') == std::string::npos);

    const std::string mermaid = graph_mermaid(graph);
    RC_LOG() << mermaid << "\n";
    const std::string shown = between(mermaid, "e0[\"", "<br><br>\"]").front();
    RC_ASSERT(shown.find_first_of("\"<>|`&\\") == std::string::npos);
    RC_ASSERT(replaced(shown, {{"#quot;", "\""},
                               {"#35;", "#"},
                               {"#lt;", "<"},
                               {"#gt;", ">"},
                               {"#96;", "`"},
                               {"#124;", "|"},
                               {"#amp;", "&"},
                               {"#92;", "\\"}}) == text);

    const std::string svg = graph_svg(graph);
    RC_LOG() << svg << "\n";
    std::string drawn;
    for (const std::string& line : between(svg, "<text class=\"name\" ", "</text>"))
      drawn += line.substr(line.find('>') + 1);
    RC_ASSERT(drawn.find_first_of("<>\"'") == std::string::npos);
    RC_ASSERT(without_spaces(
                  replaced(drawn, {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}})) ==
              without_spaces(text));
  }));
}

TEST_CASE("graph: boxes of one layer do not touch, and all lie inside the picture") {
  CHECK(rc::check([] {
    EntityGraph graph;
    graph.title = "T";
    const int boxes = *rc::gen::inRange(1, 12);
    for (int i = 0; i < boxes; ++i) {
      std::string name(static_cast<std::size_t>(*rc::gen::inRange(1, 90)), 'n');
      graph.boxes.push_back(
          {fmt::format("b{}", i), std::move(name), "FR", "", false, i == 0 ? 0 : *rc::gen::inRange(0, 4)});
    }
    for (int i = *rc::gen::inRange(0, 15); i > 0; --i)
      graph.arrows.push_back({static_cast<std::size_t>(*rc::gen::inRange(0, boxes)),
                              static_cast<std::size_t>(*rc::gen::inRange(0, boxes)), "1 %", false});
    const std::string svg = graph_svg(graph);
    RC_LOG() << svg << "\n";
    RC_ASSERT(svg == graph_svg(graph));
    struct Rect {
      int x, y, width, height;
    };
    std::vector<Rect> rects;
    const auto number = [](const std::string& text, const std::string& key) {
      const std::size_t at = text.find(" " + key + "=\"");
      RC_ASSERT(at != std::string::npos);
      return std::stoi(text.substr(at + key.size() + 3));
    };
    const int width = number(svg, "width");
    const int height = number(svg, "height");
    for (const std::string& rect : between(svg, "<rect class=\"box\"", "/>"))
      rects.push_back({number(rect, "x"), number(rect, "y"), number(rect, "width"), number(rect, "height")});
    RC_ASSERT(rects.size() == graph.boxes.size());
    for (std::size_t i = 0; i < rects.size(); ++i) {
      const Rect& a = rects[i];
      RC_ASSERT(a.x >= 0);
      RC_ASSERT(a.y >= 0);
      RC_ASSERT(a.x + a.width <= width);
      RC_ASSERT(a.y + a.height <= height);
      for (std::size_t k = i + 1; k < rects.size(); ++k) {
        const Rect& b = rects[k];
        RC_ASSERT(a.x + a.width < b.x || b.x + b.width < a.x || a.y + a.height < b.y || b.y + b.height < a.y);
      }
    }
  }));
}
