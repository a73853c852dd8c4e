// Files to start from: they pass their schemas as they are, name every key, and stay YAML when lines are uncommented.
#include "load/skeleton.h"

#include <doctest/doctest.h>

#include <regex>

#include "support.h"

namespace sovrisk::testing {

namespace {

const std::vector<std::string> kinds{"offering", "entity", "workload", "policy",     "overlay",      "law",
                                     "ruleset",  "method", "case",     "reach-rule", "country-group"};

std::string made(const World& world, std::string_view kind) {
  return skeleton(world.catalogue.schemas(), kind, "my-entry", "My entry: a trial");
}

const Node& schema_of(const World& world, std::string_view kind) {
  return *world.catalogue.schemas().find(std::string(kind) + ".schema.json");
}

/// What is left when the reader takes away one `# ` from each line below the guidance, and the `{}` or `[]` of what
/// is filled in below it.
std::string uncommented(const std::string& text) {
  const std::string body = text.substr(text.find("\n\n"));
  const std::string filled =
      std::regex_replace(body, std::regex(R"((\{\}|\[\])  # take the brackets )"), "  # take the brackets ");
  return std::regex_replace(filled, std::regex("\n# "), "\n");
}

/// A map of the schema in which a key stands that the schema does not know; empty when there is none.
std::string unknown_key(const SchemaSet& schemas, const Node& value, const Node& schema) {
  Diagnostics found;
  schemas.check(value, schema, found);
  for (const Diagnostic& diagnostic : found.all())
    if (diagnostic.id == "unknown-key" || diagnostic.id == "missing-key") return diagnostic.message;
  return {};
}

}  // namespace

TEST_CASE("skeleton: every format has one that its schema accepts") {
  for (const std::string& kind : kinds) {
    CAPTURE(kind);
    World world;
    const auto document = world.document(kind, made(world, kind));
    INFO(render_text(world.diagnostics, world.sources));
    CHECK(world.diagnostics.all().empty());
    CHECK(document->root.text_of("format") == "sovrisk-" + kind + "/1");
    CHECK(document->title == "My entry: a trial");
    CHECK(document->id == (kind == "policy" ? "" : "my-entry"));
  }
}

TEST_CASE("skeleton: what it holds means something, but for names that wait to be replaced") {
  for (const std::string& kind : kinds) {
    CAPTURE(kind);
    World world;
    check_meaning(*world.document(kind, made(world, kind)), world.catalogue, world.groups, world.diagnostics);
    for (const Diagnostic& diagnostic : world.diagnostics.all())
      CHECK((diagnostic.message.find("`some-id`") != std::string::npos ||
             diagnostic.message == "the policy asks for nothing"));  // it may be of pairs, of plans, or of both
  }
}

TEST_CASE("skeleton: every key of the top level stands in it, live where it is required") {
  for (const std::string& kind : kinds) {
    World world;
    const std::string text = made(world, kind);
    const Node& schema = schema_of(world, kind);
    const Node* required = schema.find("required");
    for (const std::string& key : world.catalogue.schemas().keys(schema)) {
      CAPTURE(kind);
      CAPTURE(key);
      const bool live = std::any_of(required->items.begin(), required->items.end(),
                                    [&](const Node& name) { return name.text == key; });
      CHECK((text.find("\n" + key + ":") != std::string::npos || text.find("\n# " + key + ":") != std::string::npos));
      if (live) CHECK(text.find("\n" + key + ":") != std::string::npos);
    }
  }
}

TEST_CASE("skeleton: with every line uncommented it is YAML, and each key has its place in the schema") {
  for (const std::string& kind : kinds) {
    CAPTURE(kind);
    World world;
    const Node root = world.yaml(uncommented(made(world, kind)));
    INFO(render_text(world.diagnostics, world.sources));
    CHECK(world.diagnostics.all().empty());
    CHECK(root.members.size() == world.catalogue.schemas().keys(schema_of(world, kind)).size());
    CHECK(unknown_key(world.catalogue.schemas(), root, schema_of(world, kind)) == "");
  }
}

TEST_CASE("skeleton: an uncommented line counts once its value is filled in") {
  World world;
  std::string text = made(world, "offering");
  std::size_t at = 0;
  const auto fill = [&](const std::string& line, const std::string& with) {
    at = text.find(line, at);
    REQUIRE(at != std::string::npos);
    text.replace(at, text.find('\n', at) - at, with);
  };
  fill("# separation:", "separation:");
  fill("#   parent_denied_by_contract:", "  parent_denied_by_contract: true");
  fill("# sites:", "sites:");
  fill("#   - code:", "  - code: be-1");
  fill("#     country:", "    country: BE");
  fill("#   - unknown", "  - unknown");
  const auto document = world.document("offering", text);
  INFO(render_text(world.diagnostics, world.sources));
  CHECK(world.diagnostics.all().empty());
  const Node* separation = document->root.find("separation");
  REQUIRE(separation != nullptr);
  CHECK(separation->find("parent_denied_by_contract")->boolean);
}

TEST_CASE("skeleton: the guidance fits the format") {
  World world;
  const std::string offering = made(world, "offering");
  CHECK(
      offering.starts_with("# yaml-language-server: $schema=offering.schema.json\n"
                           "# For an editor that completes keys: sovrisk schema offering > offering.schema.json\n"));
  CHECK(offering.find("nobody looked") != std::string::npos);
  CHECK(offering.find("\noperator: unknown  # ") != std::string::npos);
  CHECK(offering.find("\n#   - unknown  # there may be more\n") != std::string::npos);
  CHECK(offering.find("true, false or unknown") != std::string::npos);
  CHECK(offering.find("\n# sources:") > offering.find("\n# about:"));
  CHECK(made(world, "entity").find("share such as 24%") != std::string::npos);
  const std::string policy = made(world, "policy");
  CHECK(policy.find("nobody looked") == std::string::npos);
  CHECK(policy.find("sources:") == std::string::npos);
}

TEST_CASE("skeleton: no line is wider than a page") {
  World world;
  for (const std::string& kind : kinds) {
    const std::string text = made(world, kind);
    for (std::size_t start = 0; start < text.size(); start = text.find('\n', start) + 1)
      CHECK(text.find('\n', start) - start <= 120);
  }
}

TEST_CASE("skeleton: title, kind of overlay, and no format of that name") {
  World world;
  const SchemaSet& schemas = world.catalogue.schemas();
  CHECK(skeleton(schemas, "entity", "x-1", "").find("\nname: x-1  # text\n") != std::string::npos);
  CHECK(skeleton(schemas, "entity", "x-1", "true").find("\nname: \"true\"  # text\n") != std::string::npos);
  CHECK(skeleton(schemas, "overlay", "x", "", "scenario").find("\nkind: scenario  # one of: ") != std::string::npos);
  CHECK(skeleton(schemas, "nothing", "x", "").empty());
}

}  // namespace sovrisk::testing
