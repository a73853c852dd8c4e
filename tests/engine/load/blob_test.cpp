// Trees of the compiled catalogue are read as far as somebody looks.
#include "load/blob.h"

#include <doctest/doctest.h>

#include <string>

#include "load/deferred.h"
#include "support.h"

using sovrisk::Deferred;
using sovrisk::Node;
using sovrisk::testing::World;

namespace {

std::string written(const Node& node) {
  sovrisk::BlobWriter writer;
  writer.node(node);
  return writer.take();
}

Node tree(World& world) { return world.yaml("a: {deep: [1, {x: y}, []], flag: true}\nb: text\nc: {}\nd: []\n"); }

}  // namespace

TEST_CASE("blob: a tree that was looked at in part is the whole tree") {
  World world;
  const Node original = tree(world);
  const std::string bytes = written(original);
  const Node read = sovrisk::read_blob_node(bytes, 0, 7);
  const Node* deep = read.find("a")->find("deep");
  REQUIRE(deep != nullptr);
  CHECK(deep->items.size() == 3);
  CHECK(deep->items[1].text_of("x") == "y");
  CHECK(read.find("c")->members.empty());
  CHECK(read.find("d")->items.empty());
  CHECK(deep->items[2].items.empty());
  CHECK(deep->span.file == 7);
  CHECK(written(read) == bytes);
}

TEST_CASE("blob: copies made before and after a look are the same, and changes to one are its own") {
  World world;
  const std::string bytes = written(tree(world));
  const Node read = sovrisk::read_blob_node(bytes, 0, 1);
  Node before = read;
  REQUIRE(read.find("a") != nullptr);
  const Node after = read;
  CHECK(written(before) == bytes);
  CHECK(written(after) == bytes);
  set(before, "a", sovrisk::text_node("other"));
  before.members.push_back({"e", {}, sovrisk::list_node()});
  erase_if(before.members, [](const sovrisk::Member& member) { return member.key == "b"; });
  CHECK(before.members.size() == 4);
  CHECK(before.text_of("a") == "other");
  CHECK(before.find("b") == nullptr);
  CHECK(written(read) == bytes);
  CHECK(written(after) == bytes);
}

TEST_CASE("blob: what is cleared before anybody looks is empty") {
  World world;
  Node read = sovrisk::read_blob_node(written(tree(world)), 0, 1);
  CHECK_FALSE(read.members.empty());
  read.members.clear();
  CHECK(read.members.empty());
  CHECK(read.find("a") == nullptr);
}

TEST_CASE("blob: bytes that end too early give what was there and no more") {
  World world;
  const std::string bytes = written(tree(world));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    const Node read = sovrisk::read_blob_node(cut, 0, 1);
    (void)written(read);  // looks at everything
    CHECK(read.members.size() <= 4);
  }
}

TEST_CASE("deferred: made once, on the first look, and moved with its value") {
  int made = 0;
  Deferred<std::string> word([&] {
    ++made;
    return std::string("made");
  });
  CHECK(made == 0);
  Deferred<std::string> moved = std::move(word);
  CHECK(made == 0);
  CHECK(*moved == "made");
  CHECK(moved->size() == 4);
  CHECK(made == 1);
  CHECK(*Deferred<std::string>(std::string("there")) == "there");
}
