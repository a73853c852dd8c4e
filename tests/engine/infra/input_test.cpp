// Inputs that cannot be read: one clear error each, with its place; and inputs of any size.
#include <fmt/format.h>

#include "engine/infra/plans.h"
#include "engine/load/diagnostic_cases.h"
#include "infra/json_stream.h"

namespace sovrisk::testing {

namespace {

using Through = DiagnosticCase::Through;

const std::string show_json = "`terraform show -json PLANFILE > plan.json` prints what can be read";
const std::string whole = "is the file whole? `terraform show -json PLANFILE` prints one";

/// What is reported of an input: "id line:column".
std::string reported(const std::string& text) {
  World world;
  const PlacementTables tables = placement_tables(world.catalogue);
  std::istringstream in(text);
  const auto result = read_infrastructure(world.sources, in, "<stdin>", tables, {}, world.diagnostics);
  CHECK_FALSE(result.has_value());
  CHECK(world.diagnostics.all().size() == 1);
  if (world.diagnostics.all().empty()) return {};
  const Diagnostic& found = world.diagnostics.all().front();
  CHECK_FALSE(render_text(world.diagnostics, world.sources).empty());
  return fmt::format("{} {}:{}", found.id, found.span.line, found.span.column);
}

}  // namespace

const std::vector<DiagnosticCase>& infrastructure_cases() {
  static const std::vector<DiagnosticCase> cases{
      {Through::infrastructure, "plan-version", R"({"format_version":"2.0"})",
       "plans of this format (`2`) cannot be read", "0.1 to 1.x can; a newer sovrisk may read it"},
      {Through::infrastructure, "infrastructure-format", "«{»\"resource_changes\":[]}",
       "no plan or state of Terraform: it has no `format_version`", "`terraform show -json PLANFILE` prints one"},
      {Through::infrastructure, "infrastructure-format", "«P»K\x03\x04",
       "this is a plan as Terraform stores it, not its JSON", show_json},
      {Through::infrastructure, "infrastructure-format", "«r»esource \"aws_s3_bucket\" \"b\" {\n}\n",
       "neither a plan nor a template: it is no JSON, and no YAML with `Resources`", show_json},
      {Through::infrastructure, "empty-file", "« »\n", "there is nothing in it", show_json},
      {Through::infrastructure, "duplicate-key",
       "{\"format_version\":\"1.2\",\n \"resource_changes\":[{\"type\":\"a\",\"type«\"»:\"b\"}]}",
       "key `type` is given twice in one object", "readers differ in which of the two they take; keep one"},
      {Through::infrastructure, "number-too-large", "{\"format_version\":\"1.2\",\"x\":1e999«}»",
       "a number is too large for any computer to count with"},
      {Through::infrastructure, "json-syntax", "{\"format_version\":\"1.2\",\"resource_changes\":[«[»",
       "no JSON: syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal", whole},
  };
  return cases;
}

TEST_CASE("plan: each thing that can be wrong is reported once, in its place") {
  for (const DiagnosticCase& wanted : infrastructure_cases())
    check_case(wanted);
}

TEST_CASE("plan: hostile inputs are refused") {
  const std::string start = R"({"format_version":"1.2","resource_changes":)";
  CHECK(reported(start + std::string(10'000, '[')) == fmt::format("nesting-too-deep 1:{}", start.size() + 1000));
  CHECK(reported(start + std::string(10'000, '[') + std::string(10'000, ']') + "}").starts_with("nesting-too-deep"));
  std::string objects = start;
  for (int i = 0; i < 10'000; ++i)
    objects += R"({"a":)";
  CHECK(reported(objects).starts_with("nesting-too-deep"));
  CHECK(reported(R"({"format_version":"1.2","x":")"
                 "\xff"
                 "\"}") == "not-utf8 1:30");
  CHECK(reported(R"({"format_version":"1.2","x":")"
                 "\xed\xa0\x80"
                 "\"}")
            .starts_with("not-utf8"));
  CHECK(reported(std::string("\xff\xfe{\0", 4)) == "not-utf8 1:1");
  CHECK(reported(R"({"format_version":"1.2"} {})").starts_with("json-syntax"));
  CHECK(reported(R"({"format_version":1.2})").starts_with("infrastructure-format"));
  CHECK(reported(R"({"format_version":"99999999999999999999999.0"})").starts_with("plan-version"));
  CHECK(reported("[]").starts_with("infrastructure-format"));
  CHECK(reported("{\"@level\":\"info\"}\n{}").starts_with("infrastructure-format"));
  CHECK(reported("").starts_with("empty-file"));
  CHECK(reported("\xef\xbb\xbf").starts_with("empty-file"));
  CHECK(reported("Resources: {a: !Ref [").starts_with("yaml-syntax"));
}

TEST_CASE("plan: a long list where one word is meant costs no memory without bound") {
  std::string text = R"({"format_version":"1.2","resource_changes":[{"address":"a.b","change":{"after":{"region":[)";
  for (int i = 0; i < 1'100'000; ++i)
    text += i == 0 ? "0" : ",0";
  CHECK(reported(text + "]}}}]}").starts_with("too-many-values"));
}

TEST_CASE("plan: blocks that refer to blocks do not multiply without end") {
  std::string calls;
  std::string closing;
  for (int i = 0; i < 40; ++i) {
    calls +=
        R"("module_calls":{"m":{"expressions":{"x":[{"a":{"references":["var.x"]},"b":{"references":["var.x"]}}]},"module":{)";
    closing += "}}}";
  }
  std::string module;
  for (int i = 0; i < 40; ++i)
    module += i == 0 ? "module.m" : ".module.m";
  const ReadInput read(
      plan(created(module + ".aws_s3_bucket.b", "{}"),
           configuration(
               provider("deep", "aws", R"("region":{"references":["var.x"]})", R"("module_address":")" + module + "\""),
               calls + R"("resources":[)" + configured("aws_s3_bucket", "b", "deep") + "]" + closing)));
  CHECK(read.where(module + ".aws_s3_bucket.b") == "dynamic");
}

TEST_CASE("stream: more bytes than the bound are refused before they are read") {
  World world;
  std::istringstream in("{\"a\":\"" + std::string(200'000, 'x') + "\"}");
  infra::CountedInput input(in, 100'000);
  Node root;
  const FileId file = world.file("", "plan.json");
  CHECK_FALSE(infra::read_stream(input, file, {}, root, world.diagnostics, {}));
  REQUIRE(world.diagnostics.all().size() == 1);
  CHECK(world.diagnostics.all().front().id == "file-too-large");
}

TEST_CASE("stream: only what a shape asks for is kept, and the digest is of all bytes") {
  const std::string text = R"({"a":{"b":1,"c":[1,{"d":"x"}]},"e":[{"f":"é","g":2},{"f":null}],"h":true})";
  infra::Shape all;
  all.all = true;
  infra::Shape leaf;
  infra::Shape item;
  item.members = {{"f", &leaf}};
  infra::Shape items;
  items.items = &item;
  infra::Shape shape;
  shape.members = {{"e", &items}, {"h", &leaf}};
  World world;
  std::istringstream in(text);
  infra::CountedInput input(in, 1 << 20);
  Node root;
  REQUIRE(infra::read_stream(input, world.file("", "x"), shape, root, world.diagnostics));
  CHECK(root.find("a") == nullptr);
  REQUIRE(root.find("e") != nullptr);
  CHECK(root.find("e")->items.size() == 2);
  CHECK(root.find("e")->items[0].text_of("f") == "é");
  CHECK(root.find("e")->items[0].find("g") == nullptr);
  CHECK(root.find("h")->boolean);
  CHECK(input.digest() == sha256_hex(text));
}

TEST_CASE("plan: the place of a resource is that of its object, in characters") {
  const ReadInput read("{\"format_version\":\"1.2\",\"é\":1,\n\"resource_changes\":[" +
                       created("aws_s3_bucket.b", R"({"region":"eu-west-3"})") + "]}");
  CHECK(read.result->resources[0].span.line == 2);
  CHECK(read.result->resources[0].span.column == 21);
  CHECK(read.result->sha256 == read.world.sources[read.result->file].sha256);
  CHECK(read.result->sha256.size() == 64);
}

}  // namespace sovrisk::testing
