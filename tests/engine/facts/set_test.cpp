// Paths of overlays: what they may name, where the value lands, and where it says it comes from.
#include <doctest/doctest.h>

#include "facts/fact_tree.h"
#include "support.h"

using namespace sovrisk;
using namespace sovrisk::testing;

namespace {

/// The facts of an offering after an overlay.
Value after(World& world, const std::string& facts, const std::string& overlay, std::string_view entity = {}) {
  const SchemaSet& schemas = world.catalogue.schemas();
  const Node& schema = *schemas.find(entity.empty() ? "facts.schema.json" : "entity.schema.json");
  Value root = facts_from(world.yaml(facts), schema, schemas, "given", {2026, 1, 1});
  const Node patch = world.yaml(overlay);
  apply_set(root, *patch.find("set"), schemas, schema, "patch", {2026, 1, 1}, &patch, entity);
  return root;
}

}  // namespace

TEST_CASE("set: a path may name facts of the offering, the workload and an entity, and nothing derived") {
  World world;
  const SchemaSet& schemas = world.catalogue.schemas();
  for (const char* path : {"offering.keys.custody", "workload.data.sensitivity", "offering.access[iliad].to",
                           "offering.capabilities.gpu.available", "entities[iliad].stakes",
                           "entities[iliad].stakes[holdco-ii].capital", "entities[iliad].float.dispersed"})
    CHECK_MESSAGE(settable(schemas, path) != nullptr, path);
  for (const char* path :
       {"entities", "entities.stakes", "entities[iliad]", "entities[].stakes", "entities[iliad].id", "exposures",
        "offering", "offering.", "offering..keys", "offering.keys.", "offering.access[iliad", "offering.access]x[.to",
        "offering.access[iliad]to", "offering.keys[x].custody", "entities[iliad].stakes.capital", "risks", ""})
    CHECK_MESSAGE(settable(schemas, path) == nullptr, path);
}

TEST_CASE("set: the item of a list is found by its name, and added where it is not there") {
  World world;
  const Value root = after(world, "offering: {access: [{entity: a, to: clear}, {entity: b, to: clear}, unknown]}",
                           "set: {'offering.access[b].to': none, 'offering.access[c].to': metadata}");
  const Value& access = root.get("offering").get("access");
  REQUIRE(access.items.size() == 3);
  CHECK(access.items[0].get("to").word() == "clear");
  CHECK(access.items[1].get("to").word() == "none");
  CHECK(access.items[2].get("entity").word() == "c");
  CHECK(access.items[2].get("to").word() == "metadata");
  CHECK(access.open);
}

TEST_CASE("set: an item named of a list that nobody knows leaves the list open") {
  World world;
  const Value root = after(world, "offering: {}", "set: {'offering.access[c].to': metadata}");
  const Value& access = root.get("offering").get("access");
  CHECK(access.items.size() == 1);
  CHECK(access.open);
}

TEST_CASE("set: facts of an entity go to that entity, and to no other, and not to the root") {
  World world;
  const std::string overlay = "set: {'entities[a].listed': true, 'entities[b].listed': false, offering.name: X}";
  CHECK(after(world, "name: A", overlay, "a").get("listed").boolean);
  CHECK_FALSE(after(world, "name: B", overlay, "b").get("listed").boolean);
  CHECK(after(world, "name: C", overlay, "c").find("listed") == nullptr);
  const Value root = after(world, "offering: {name: Y}", overlay);
  CHECK(root.find("entities") == nullptr);
  CHECK(root.get("offering").get("name").word() == "X");
}

TEST_CASE("set: each path may have a source of its own, else that of the overlay") {
  World world;
  const Value root = after(world, "offering: {}",
                           "set: {offering.keys.custody: shared, offering.contract.governing_law: FR}\n"
                           "source: contract\nconfidence: primary\n"
                           "about: {offering.keys.custody: {source: letter, confidence: claim}}");
  const Value& custody = root.get("offering").get("keys").get("custody");
  const Value& law = root.get("offering").get("contract").get("governing_law");
  REQUIRE(custody.origin != nullptr);
  REQUIRE(law.origin != nullptr);
  CHECK(custody.origin->sources == std::vector<std::string>{"patch:letter"});
  CHECK(custody.origin->confidence == "claim");
  CHECK(law.origin->sources == std::vector<std::string>{"patch:contract"});
  CHECK(law.origin->confidence == "primary");
}
