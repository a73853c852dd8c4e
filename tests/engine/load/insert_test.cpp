// Keys put into a text of a person, with everything else left as it is.
#include "load/insert.h"

#include <doctest/doctest.h>

#include "load/reader.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

/// The text with `ground: g` in the maps under the keys a and b, and in the items of the list c.
std::optional<std::string> stamped(const std::string& text) {
  World world;
  const Node root = world.yaml(text);
  REQUIRE_FALSE(world.diagnostics.has_errors());
  std::vector<KeyToAdd> keys;
  for (const char* key : {"a", "b"})
    if (const Node* map = root.find(key)) keys.push_back({map, "ground", "g"});
  if (const Node* list = root.find("c"))
    for (const Node& item : list->items)
      keys.push_back({&item, "ground", "g"});
  return with_keys(text, root, keys);
}

}  // namespace

TEST_CASE("insert: block and flow maps, list items, comments and wide characters") {
  CHECK(stamped(
            "# top\na:\n  # of x\n  x: 1  # end\n\nb: {y: 'é'}\nc:\n  - z: |\n      é: text\n    w: 2\n  - {v: 3}\n") ==
        "# top\na:\n  # of x\n  ground: g\n  x: 1  # end\n\nb: {ground: g, y: 'é'}\nc:\n  - ground: g\n    z: |\n"
        "      é: text\n    w: 2\n  - {ground: g, v: 3}\n");
}

TEST_CASE("insert: line ends stay those of the file") {
  CHECK(stamped("a:\r\n  x: 1\r\n") == "a:\r\n  ground: g\r\n  x: 1\r\n");
}

TEST_CASE("insert: JSON is YAML, and a map may go over several lines") {
  CHECK(stamped("{\"a\": {\n  \"x\": 1\n}}\n") == "{\"a\": {\n  ground: g, \"x\": 1\n}}\n");
}

TEST_CASE("insert: two maps that share one place are refused") {
  CHECK_FALSE(stamped("a: &m {x: 1}\nb: *m\n").has_value());
}

TEST_CASE("insert: nothing to add leaves the text alone") { CHECK(stamped("d: {x: 1}\n") == "d: {x: 1}\n"); }

}  // namespace sovrisk::testing
