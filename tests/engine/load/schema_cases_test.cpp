// What a file of the wrong shape is told, and that all of it is told at once.
#include <doctest/doctest.h>

#include "engine/load/diagnostic_cases.h"
#include "load/utf8.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Through = DiagnosticCase::Through;

const std::string head = "format: sovrisk-entity/1\nid: x\nname: X\n";
const std::string entity = head + "kind: company\n";
const std::string codes = "countries are ISO 3166-1 alpha-2 codes such as FR, DE, US";

}  // namespace

const std::vector<DiagnosticCase>& schema_cases() {
  static const std::vector<DiagnosticCase> cases{
      {Through::file, "unknown-format", "«i»d: x\n", "the file does not say its format",
       "start it with `format: sovrisk-workload/1` or the like"},
      {Through::file, "unknown-format", "«-» a\n", "the file does not say its format",
       "start it with `format: sovrisk-workload/1` or the like"},
      {Through::file, "unknown-format", "format: «sovrisk-entty/1»\n", "unknown format `sovrisk-entty/1`",
       "did you mean `sovrisk-entity/1`?"},
      {Through::file, "unknown-key", entity + "«incorporatd_in»: FR\n", "unknown key `incorporatd_in`",
       "did you mean `incorporated_in`?"},
      {Through::file, "unknown-key", entity + "«\"zzzzz\"»: 1\n", "unknown key `zzzzz`", ""},
      {Through::file, "missing-key", "«f»ormat: sovrisk-entity/1\nid: x\nname: X\n", "key `kind` is missing"},
      {Through::file, "missing-key", entity + "stakes:\n  - «c»apital: 10%\n", "key `owner` is missing"},
      {Through::file, "wrong-type", "format: sovrisk-entity/1\nid: x\nname: «2.0»\nkind: company\n",
       "a number stands where text is wanted", "put it in quotes: \"2.0\""},
      {Through::file, "wrong-type", "format: sovrisk-entity/1\nid: x\nname: «true»\nkind: company\n",
       "true or false stands where text is wanted", "put it in quotes: \"true\""},
      {Through::file, "wrong-type", entity + "stakes: «iliad»\n", "`iliad` stands where a list is wanted",
       "who holds it; absent: unknown; an entry 'unknown' says that there are further holders"},
      {Through::file, "wrong-type", entity + "provider: «[»true]\n", "a list is not true, false or unknown"},
      {Through::file, "not-allowed", entity + "provider: «maybe»\n", "`maybe` is not true, false or unknown",
       "one of: false, true, unknown"},
      {Through::file, "not-allowed", head + "kind: «compny»\n", "`compny` is not allowed here",
       "did you mean `company`?"},
      {Through::file, "not-allowed", head + "kind: «Company»\n", "`Company` is not allowed here",
       "did you mean `company`?"},
      {Through::file, "not-allowed", entity + "incorporated_in: «UK»\n", "`UK` is no country code",
       "did you mean `GB`?"},
      {Through::file, "not-allowed", entity + "incorporated_in: «EL»\n", "`EL` is no country code",
       "did you mean `GR`?"},
      {Through::file, "not-allowed", entity + "incorporated_in: «fr»\n", "`fr` is no country code",
       "did you mean `FR`?"},
      {Through::file, "not-allowed", entity + "incorporated_in: «France»\n", "`France` is no country code", codes},
      {Through::file, "not-allowed", entity + "serves: [FR, «true»]\n", "`true` is no country code", codes},
      {Through::file, "impossible-date", entity + "as_of: «2023-02-30»\n", "`2023-02-30` is no date",
       "write a real day as YYYY-MM-DD"},
      {Through::file, "impossible-date", entity + "as_of: «2023-1-1»\n", "`2023-1-1` is no date",
       "write a real day as YYYY-MM-DD"},
      {Through::file, "bad-form", "format: sovrisk-entity/1\nid: «My_Id»\nname: X\nkind: company\n",
       "`My_Id` does not have the form wanted here", "lower-case letters, digits and hyphens"},
      {Through::file, "out-of-range", "format: sovrisk-entity/1\nid: x\nname: «\"\"»\nkind: company\n",
       "0 is less than 1 characters"},
      {Through::file, "out-of-range",
       "format: sovrisk-overlay/1\nid: x\nkind: measure\ntitle: X\neffort: {months: [«-1», 2]}\n",
       "`-1` is less than 0"},
      {Through::file, "out-of-range",
       "format: sovrisk-overlay/1\nid: x\nkind: measure\ntitle: X\neffort: {months: «[»1]}\n",
       "1 is less than 2 entries"},
  };
  return cases;
}

TEST_CASE("schema: each fault is named at its words") {
  for (const DiagnosticCase& row : schema_cases())
    check_case(row);
}

TEST_CASE("schema: NO is Norway, not a truth value") {
  World world;
  (void)world.document("entity", entity + "incorporated_in: NO\nserves: [NO, SE]\n");
  CHECK_FALSE(world.diagnostics.has_errors());
}

TEST_CASE("schema: a version without quotes is a number, and the hint says to quote it") {
  World world;
  (void)world.document(
      "ruleset",
      "format: sovrisk-ruleset/1\nid: x\nversion: 2.0\ntitle: X\ncriteria: [{id: a, asks: A, answered: true}]\n");
  REQUIRE(world.diagnostics.all().size() == 1);
  const Diagnostic& found = world.diagnostics.all()[0];
  CHECK(found.id == "wrong-type");
  CHECK(found.hint == "put it in quotes: \"2.0\"");
  CHECK(found.span.line == 3);
}

TEST_CASE("schema: a share over the whole is refused, and the hint shows a share") {
  World world;
  (void)world.document("entity", entity + "stakes: [{owner: iliad, capital: 101%}]\n");
  REQUIRE(world.diagnostics.all().size() == 1);
  CHECK(world.diagnostics.all()[0].id == "bad-form");
  CHECK(world.diagnostics.all()[0].span.length == 4);
  CHECK(world.diagnostics.all()[0].hint.find("24%") != std::string::npos);
}

TEST_CASE("schema: shares up to the whole, ranges of shares and unknown pass") {
  World world;
  for (const char* share : {"0%", "100%", "100.0 %", "24.5%", "[20%, 30%]", "unknown"})
    (void)world.document("entity", entity + "stakes: [{owner: iliad, capital: " + share + "}]\n");
  CHECK(render_text(world.diagnostics, world.sources).empty());
}

TEST_CASE("schema: yes where a truth value is wanted gets true as the hint") {
  World world;
  (void)world.document("entity", entity + "provider: yes\n");
  REQUIRE(world.diagnostics.all().size() == 1);
  CHECK(world.diagnostics.all()[0].hint.find("true") != std::string::npos);
}

TEST_CASE("schema: five mistakes of one file are told in one go, in the order of the file") {
  World world;
  const FileId id = world.file(
      "format: sovrisk-entity/1\n"
      "id: x\n"
      "name: 2.0\n"
      "kind: compny\n"
      "incorporated_in: UK\n"
      "as_of: 2023-02-30\n"
      "stakes:\n"
      "  - {owner: iliad, captial: 10%}\n");
  const auto root = read_yaml(world.sources, id, world.diagnostics);
  REQUIRE(root.has_value());
  world.catalogue.schemas().check(*root, *world.catalogue.schemas().find("entity.schema.json"), world.diagnostics);
  world.diagnostics.sort();
  std::vector<std::string> found;
  for (const Diagnostic& diagnostic : world.diagnostics.all())
    found.push_back(std::to_string(diagnostic.span.line) + " " + std::string(diagnostic.id));
  CHECK(found == std::vector<std::string>{"3 wrong-type", "4 not-allowed", "5 not-allowed", "6 impossible-date",
                                          "8 unknown-key"});
  CHECK(world.diagnostics.error_count() == 5);
}

TEST_CASE("schema: sorting goes by file, line and column, and keeps the order of findings at one place") {
  Diagnostics diagnostics;
  diagnostics.error("e", {2, 1, 1, 1}, "e");
  diagnostics.error("c", {1, 3, 2, 1}, "c");
  diagnostics.warning("d", {1, 3, 2, 1}, "d");
  diagnostics.error("b", {1, 3, 1, 1}, "b");
  diagnostics.error("a", {1, 0, 0, 0}, "a");
  diagnostics.sort();
  std::string order;
  for (const Diagnostic& diagnostic : diagnostics.all())
    order += diagnostic.message;
  CHECK(order == "abcde");
  CHECK(diagnostics.error_count() == 4);  // a warning is no error
}

TEST_CASE("schema: a long text in a message is cut between characters") {
  World world;
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "€";  // three bytes each: 60 is no border
  (void)world.document("entity", head + "kind: x" + text + "\n");
  REQUIRE(world.diagnostics.all().size() == 1);
  CHECK(utf8::find_invalid(world.diagnostics.all()[0].message) == std::string::npos);
}

TEST_CASE("schema: the formats have a name, and nothing else has one") {
  CHECK(schema_for_format("sovrisk-law/1") == "law.schema.json");
  for (const char* text : {"", "sovrisk-/1", "sovrisk-law", "sovrisk-law/2", "law/1", "sovrisk-law/1 "})
    CHECK(schema_for_format(text).empty());
}

TEST_CASE("catalogue: two policies in one folder are no conflict, as policies have no id") {
  World world;
  const std::string policy = "format: sovrisk-policy/1\npairs: [{offering: ovhcloud, workload: w.yaml}]\n";
  DiagnosticCase row{Through::folder, "duplicate-id", "=== a.yaml\n" + policy + "=== b.yaml\n" + policy, ""};
  // Both files are right; whatever is done with them, it must not end the program.
  const std::size_t findings = findings_of(row);
  CHECK(findings == 0);
}

}  // namespace sovrisk::testing
