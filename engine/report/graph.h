// Who holds and serves an offering, as a picture: the entities that matter to one law, with the way by which it
// reaches marked.
#pragma once

#include <string>
#include <vector>

#include "assess/assessment.h"
#include "report/messages.h"

namespace sovrisk {

/// Entities as boxes in layers: holders above what they hold, the operator at layer 0, suppliers beside it.
struct EntityGraph {
  struct Box {
    std::string id;
    std::string name;
    std::string place;  ///< countries of incorporation and head office, "?" where unknown
    std::string role;   ///< what it is to the offering, in words
    bool marked = false;
    int layer = 0;
  };
  struct Arrow {
    std::size_t from = 0;
    std::size_t to = 0;
    std::string label;  ///< "100 %", "20-30 %", or a relation
    bool marked = false;
  };
  std::string title;
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
};

/// The operator, everyone who holds it over any number of links, and everybody through whom the law reaches or may
/// reach. Arrows go from holder to held and from supplier to operator; those on the way from whom the law reaches down
/// to the operator are marked.
[[nodiscard]] EntityGraph entity_graph(const Assessment& assessment, const Law& law, const Messages& messages);

/// The graph in the language of Graphviz, quoted and escaped.
[[nodiscard]] std::string graph_dot(const EntityGraph& graph);
/// The graph as a Mermaid flowchart, which Markdown viewers draw.
[[nodiscard]] std::string graph_mermaid(const EntityGraph& graph);
/// The graph drawn: a picture of its own, in light and dark, without scripts or fonts of others. Layout and bytes
/// depend on the graph alone: text is measured by a table of widths, not by fonts of the machine.
[[nodiscard]] std::string graph_svg(const EntityGraph& graph);

}  // namespace sovrisk
