// What is taken from descriptions of others, what is refused, and that nothing else comes out of them.
#include "interchange/import.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/load/diagnostic_cases.h"
#include "interchange/json.h"
#include "load/writer.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Through = DiagnosticCase::Through;

const std::string samples = SOVRISK_SOURCE "/tests/cli/import/files/";
const ImportRequest request{{2026, 11, 23}, {}, {}};

/// Files read, and what came of them.
struct Imported {
  World world;
  std::vector<JsonFile> files;
  Import import;

  void sample(const std::string& name) {
    const FileId file = read_file(world.sources, samples + name, world.diagnostics);
    REQUIRE(file != no_file);
    files.push_back({file, read_json(world.sources, file, world.diagnostics).value_or(Node{})});
  }
  void text(const std::string& json) {
    const FileId file = world.file(json, "test.json");
    files.push_back({file, read_json(world.sources, file, world.diagnostics).value_or(Node{})});
  }
  void oscal(const ImportRequest& asked = request) {
    import = import_oscal(files.front(), asked, world.catalogue.schemas(), world.diagnostics);
  }
  void gaia_x() { import = import_gaia_x(files, request, world.catalogue.schemas(), world.diagnostics); }

  [[nodiscard]] std::string ids() const {
    std::string all;
    for (const auto* nodes : {&import.offerings, &import.entities})
      for (const Node& node : *nodes)
        all += fmt::format("{}{}", all.empty() ? "" : " ", node.text_of("id"));
    return all;
  }
  [[nodiscard]] std::vector<std::string> found() const {
    std::vector<std::string> all;
    for (const Diagnostic& diagnostic : world.diagnostics.all())
      all.emplace_back(diagnostic.id);
    return all;
  }
  /// What the schemas say against the entries.
  [[nodiscard]] std::string faults() const {
    Diagnostics diagnostics;
    const SchemaSet& schemas = world.catalogue.schemas();
    for (const Node& node : import.offerings)
      schemas.check(node, *schemas.find("offering.schema.json"), diagnostics);
    for (const Node& node : import.entities)
      schemas.check(node, *schemas.find("entity.schema.json"), diagnostics);
    return render_text(diagnostics, world.sources);
  }
  [[nodiscard]] bool is_lost(std::string_view pointer) const {
    return std::any_of(import.lost.begin(), import.lost.end(),
                       [&](const ImportedKey& key) { return key.pointer == pointer; });
  }
};

std::string yaml_at(const Node& node, std::string_view key) {
  const Node* value = node.find(key);
  return value == nullptr ? std::string() : write_yaml(*value);
}

/// Calls `visit` for every value of the tree, outermost first; the tree may change under it.
void each_value(Node& node, const std::function<void(Node&)>& visit) {
  visit(node);
  for (Node& item : node.items)
    each_value(item, visit);
  for (Member& member : node.members)
    each_value(member.value, visit);
}

Node text_node(std::string text) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = std::move(text);
  return node;
}

/// What may stand where a sane file has something else.
std::vector<Node> unexpected() {
  Node list;
  list.kind = Node::Kind::list;
  Node map;
  map.kind = Node::Kind::map;
  Node nested = list;
  nested.items = {map, list, text_node("x")};
  Node flag;
  flag.kind = Node::Kind::boolean;
  flag.text = "true";
  return {Node{},
          flag,
          list,
          map,
          nested,
          text_node(""),
          text_node("\x1b[2J\u202e"),
          text_node("unknown"),
          text_node("https://x.example/" + std::string(3000, 'y')),
          text_node(std::string(30'000, 'z'))};
}

/// Puts each unexpected value in each place of the samples, one at a time: whatever comes out must fit its schema.
void check_hostile(const std::vector<std::string>& names, bool oscal) {
  Imported sane;
  for (const std::string& name : names)
    sane.sample(name);
  for (JsonFile& file : sane.files) {
    std::vector<Node*> places;
    each_value(file.root, [&](Node& node) { places.push_back(&node); });
    for (Node* place : places)
      for (const Node& other : unexpected()) {
        Node kept = other;
        std::swap(*place, kept);  // and back: the places within stay where they are
        sane.world.diagnostics = {};
        if (oscal) {
          sane.oscal();
        } else {
          sane.gaia_x();
        }
        const std::string faults = sane.faults();
        if (!faults.empty()) FAIL_CHECK(faults.substr(0, 500));
        std::swap(*place, kept);
      }
  }
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i)
    text += part;
  return text;
}

/// A component definition with these components.
std::string definition(const std::string& components) {
  return fmt::format(R"({{"component-definition": {{"metadata": {{"oscal-version": "1.1.2"}}, "components": [{}]}}}})",
                     components);
}

}  // namespace

const std::vector<DiagnosticCase>& import_cases() {
  const std::string no_xml = "JSON is read here, not XML or YAML";
  static const std::vector<DiagnosticCase> cases{
      {Through::oscal, "json-syntax", "{\"é\": tru«1»}", "no JSON: syntax error while parsing value - invalid literal",
       no_xml},
      {Through::oscal, "json-syntax", "«<»xml/>", "no JSON: syntax error while parsing value - invalid literal",
       no_xml},
      {Through::oscal, "json-syntax", "{\n  \"a\": [1, 2«}»\n",
       "no JSON: syntax error while parsing array - unexpected '}'; expected ']'", no_xml},
      {Through::gaia_x, "duplicate-key", R"({"a": 1, «"a"»: 2})", "key `a` is given twice in one object",
       "keep one of the two"},
      {Through::gaia_x, "nesting-too-deep", repeated("[", 64) + "«[»",
       "objects and arrays are nested more than 64 deep"},
      {Through::gaia_x, "list-too-long", "[" + repeated("0,", 10'000) + "«0»]",
       "more than 10000 entries in one array or object"},
      {Through::gaia_x, "too-many-values", "[" + repeated("[" + repeated("0,", 9'998) + "0],", 20) + "[«0», 0]]",
       "more than 200000 values in one file"},
      {Through::oscal, "not-a-component-definition", R"({"catalog": {}})", "the file holds no `component-definition`",
       "its first key is `catalog`"},
      {Through::oscal, "not-a-component-definition", "[]", "the file holds no `component-definition`"},
      {Through::oscal, "oscal-version", R"({"component-definition": {"metadata": {"oscal-version": "2.0.0"}}})",
       "`oscal-version` `2.0.0` is not known here", "versions 1.x are read"},
      {Through::oscal, "oscal-version", R"({"component-definition": {}})", "`metadata` has no `oscal-version`",
       "versions 1.x are read"},
      {Through::oscal, "which-component", definition(""), "the file holds no component"},
      {Through::oscal, "which-component", definition(R"({"type": "policy", "title": "P"})"),
       "no component is a service, software or a system", "name one with --component: P"},
      {Through::oscal, "which-component",
       definition(R"({"type": "service", "title": "A"}, {"type": "software", "title": "S"},
                     {"type": "service", "title": "B"})"),
       "several components can be meant", "name one with --component: A, B"},
      {Through::component, "unknown-component", definition(R"({"type": "service", "title": "Database"})"),
       "no component is titled `Databse`", "did you mean `Database`?"},
      {Through::answers, "csv-syntax", "Criterion,Answer\nSOV-1.6,«\"»open\n", "a quote is not closed",
       "close the cell with a quote; a quote inside it is written twice"},
      {Through::answers, "csv-syntax", "Criterion,Answer\n\"SOV-1.6\"« »x,1\n", "text follows a closing quote",
       "double the quotes inside a quoted cell"},
      {Through::answers, "not-utf8", "Criterion,Answer\n«\xff»,1\n", "the file is not valid UTF-8", "save it as UTF-8"},
      {Through::answers, "too-many-values", repeated(",", 200'000) + "«,»", "the file has more than 200000 cells"},
      {Through::answers, "no-answer-columns", "«x»,y\n1,2\n", "no row names the columns of criteria and answers",
       "one of: `Criterion`, `Criterion ID`, `ID`, `Factor`, `Critère`, `Answer`, `Selected answer`, `Chosen answer`, "
       "`Response`, `Réponse`"},
      {Through::answers, "unknown-criterion", "Criterion;Answer\n«SOV-1.99»;2\n", "no criterion has the id `SOV-1.99`",
       "did you mean `SOV-1.1`?"},
      {Through::answers, "unknown-answer", "Criterion\tAnswer\nSOV-1.6\t«activ part»\n",
       "`activ part` is no answer to SOV-1.6", "did you mean `active part`?"},
      {Through::answers, "second-answer", "Criterion,Answer\nSOV-1.6,2\n,«1»\n", "SOV-1.6 has an answer already",
       "one row of a criterion is chosen"},
      {Through::gaia_x, "nothing-to-import", R"({"type": "Person", "name": "x"})",
       "no legal participant and no service offering is described",
       "types such as gx:LegalParticipant, gx:LegalPerson and gx:ServiceOffering are read"},
      {Through::gaia_x, "reference-not-found",
       R"({"type": "gx:ServiceOffering", "gx:name": "x", "gx:providedBy": {"id": "did:web:p"}})",
       "`providedBy` names `did:web:p`, which no file given describes",
       "import it together with the file of that participant", Severity::warning},
      {Through::gaia_x, "enveloped-credential",
       R"([{"id": "data:application/vc+jwt,a.b.c", "type": "EnvelopedVerifiableCredential"},
           {"type": "gx:LegalPerson", "name": "x"}])",
       "credentials in the form of signed tokens are not read", "decode their payload and give that as a file",
       Severity::warning},
      {Through::gaia_x, "nameless",
       R"([{"type": "gx:LegalPerson", "description": "x"}, {"type": "gx:LegalPerson", "name": "y"}])",
       "a description without a name and an identifier is left out", "", Severity::warning},
      {Through::gaia_x, "list-too-long",
       "[" + repeated(R"({"type": "gx:LegalPerson", "name": "x"},)", 2000) +
           R"({"type": "gx:LegalPerson", "name": "x"}])",
       "more than 2000 participants and offerings at once"},
      {Through::gaia_x, "too-many-references",
       "[" + repeated(R"({"type": "gx:ServiceOffering", "name": "x", "gx:hostedOn": "r"},)", 500) +
           R"({"type": "gx:Resource", "id": "r", "gx:aggregationOf": [)" + repeated(R"("r",)", 500) + R"("r"]}])",
       "more than 200000 references from offerings to resources"},
  };
  return cases;
}

TEST_CASE("import: what is refused") {
  for (const DiagnosticCase& wanted : import_cases())
    check_case(wanted);
}

TEST_CASE("import: a component that is not there is met with the nearest") {
  Imported imported;
  imported.sample("component.json");
  imported.oscal({{2026, 11, 23}, "Etoile Object Storage", {}});
  CHECK(imported.found() == std::vector<std::string>{"unknown-component"});
  CHECK(imported.world.diagnostics.all().front().hint == "did you mean `Étoile Object Storage`?");
  CHECK(imported.ids().empty());
}

TEST_CASE("import: JSON is read as it is written") {
  Imported imported;
  imported.text(R"({"a": ["\ud83d\ude00", 1.50, -3, 4, true, null, "\u0000"], "é": {}})");
  const Node& root = imported.files.front().root;
  REQUIRE(root.members.size() == 2);
  const std::vector<Node>& items = root.members[0].value.items;
  REQUIRE(items.size() == 7);
  CHECK(items[0].text == "😀");
  CHECK(items[1].text == "1.50");
  CHECK(items[1].number == 1.5);
  CHECK(items[2].text == "-3");
  CHECK(items[3].number == 4);
  CHECK(items[4].boolean);
  CHECK(items[5].kind == Node::Kind::null);
  CHECK(items[6].text == std::string("\0", 1));
  CHECK(root.members[1].value.kind == Node::Kind::map);
}

TEST_CASE("import: a JSON value knows its place") {
  Imported imported;
  imported.text("{\"é\": [1,2.5 , \"a\\\"b\"],\n  \"b\":\ttrue, \"c\": {\"d\": -1}, \"e\": []\n}");
  const Node& root = imported.files.front().root;
  const auto at = [](const Span& span) { return std::vector<std::uint32_t>{span.line, span.column, span.length}; };
  using At = std::vector<std::uint32_t>;
  REQUIRE(root.members.size() == 4);
  CHECK(at(root.span) == At{1, 1, 1});
  CHECK(at(root.members[0].key_span) == At{1, 2, 3});
  const Node& list = root.members[0].value;
  CHECK(at(list.span) == At{1, 7, 1});
  REQUIRE(list.items.size() == 3);
  CHECK(at(list.items[0].span) == At{1, 8, 1});
  CHECK(at(list.items[1].span) == At{1, 10, 3});
  CHECK(at(list.items[2].span) == At{1, 16, 6});
  CHECK(at(root.members[1].key_span) == At{2, 3, 3});
  CHECK(at(root.members[1].value.span) == At{2, 8, 4});
  CHECK(at(root.members[2].value.span) == At{2, 19, 1});
  CHECK(at(root.members[2].value.members[0].value.span) == At{2, 25, 2});
  CHECK(at(root.members[3].key_span) == At{2, 30, 3});
  CHECK(at(root.members[3].value.span) == At{2, 35, 1});
}

TEST_CASE("import: a bound may be met, not passed") {
  for (const std::string& text : {repeated("[", 64) + repeated("]", 64), "[" + repeated("0,", 9'999) + "0]"}) {
    World world;
    CHECK(read_json(world.sources, world.file(text), world.diagnostics).has_value());
    CHECK(world.diagnostics.all().empty());
  }
}

TEST_CASE("import: ids are made of names") {
  CHECK(id_of_name("Étoile  Cloud, S.A.S.") == "etoile-cloud-s-a-s");
  CHECK(id_of_name("L'Œuvre & Cœur") == "loeuvre-coeur");
  CHECK(id_of_name("  -- ") == "");
  CHECK(id_of_name("中文") == "");
  CHECK(id_of_name("Straße 3") == "strase-3");
  CHECK(id_of_name(std::string(200, 'A')) == std::string(80, 'a'));
  CHECK(id_of_name("\xff\xfe") == "");
  for (const char* bad : {"", "-a", "A", "a_b", "é", "a b"})
    CHECK_FALSE(is_id(bad));
  CHECK(is_id("a-1"));
  CHECK(is_id("1"));
}

TEST_CASE("import: an OSCAL component becomes an offering and its organisations") {
  Imported imported;
  imported.sample("component.json");
  imported.oscal();
  CHECK(imported.found().empty());
  CHECK(imported.faults() == "");
  CHECK(imported.ids() == "etoile-object-storage night-shift-operations-ltd etoile-cloud-sas");
  const Node& offering = imported.import.offerings.front();
  CHECK(offering.text_of("operator") == "night-shift-operations-ltd");
  CHECK(offering.text_of("contracting_party") == "etoile-cloud-sas");
  CHECK(offering.text_of("confidence") == "claim");
  CHECK(offering.find("kind") == nullptr);
  CHECK(yaml_at(offering, "certificates") == "- {scheme: iso-27001, status: unknown, note: ISO 27001}\n- unknown\n");
  CHECK(yaml_at(offering, "statements").find("ac-2, sc-28 (planned)") != std::string::npos);
  for (const Node& entity : imported.import.entities) {
    CHECK(entity.text_of("kind") == "unknown");
    CHECK(entity.find("incorporated_in") == nullptr);
    const bool provider = entity.text_of("id") == "etoile-cloud-sas";
    CHECK(yaml_at(entity, "established_in") == (provider ? "- FR\n- IE\n- unknown\n" : ""));
  }
  CHECK(imported.is_lost("/component-definition/components/0/protocols"));
  CHECK(imported.is_lost("/component-definition/components/1"));
  CHECK(imported.is_lost("/component-definition/metadata/parties/1/addresses"));
  CHECK_FALSE(imported.is_lost("/component-definition/components/0/title"));
}

TEST_CASE("import: an id and another component can be asked for") {
  Imported imported;
  imported.sample("component.json");
  imported.oscal({{2026, 11, 23}, "étoile command line", "my-tool"});
  CHECK(imported.ids() == "");  // only ASCII letters are alike in both cases
  imported.world.diagnostics = {};
  imported.oscal({{2026, 11, 23}, "4B7B7E0E-5d6f-4b3a-9e39-6f1a3e6f2a02", "my-tool"});
  CHECK(imported.ids() == "my-tool etoile-cloud-sas");
  CHECK(imported.import.offerings.front().text_of("operator") == "unknown");
}

TEST_CASE("import: Gaia-X in the spelling of 22.10") {
  Imported imported;
  imported.sample("participant-22.10.json");
  imported.sample("offering-22.10.json");
  imported.gaia_x();
  CHECK(imported.found() == std::vector<std::string>{"reference-not-found"});
  CHECK(imported.faults() == "");
  CHECK(imported.ids() == "etoile-object-storage etoile-cloud-sas night-holding-inc");
  const Node& offering = imported.import.offerings.front();
  CHECK(offering.text_of("operator") == "etoile-cloud-sas");
  CHECK(yaml_at(offering, "sites") == "- {code: Lille 1, country: FR, facility_owner: etoile-cloud-sas}\n- unknown\n");
  const Node& participant = imported.import.entities.front();
  CHECK(participant.text_of("incorporated_in") == "FR");
  CHECK(participant.text_of("head_office_in") == "FR");
  CHECK(yaml_at(participant, "stakes") == "- {owner: night-holding-inc}\n- unknown\n");
  CHECK(yaml_at(participant, "note").find("vatID FR00123456789") != std::string::npos);
  CHECK(imported.import.entities.back().text_of("incorporated_in") == "US");
  CHECK(imported.is_lost("/verifiableCredential/0/proof"));
  CHECK(imported.is_lost("/credentialSubject/0/gx:dataProtectionRegime"));
}

TEST_CASE("import: Gaia-X in the spelling of 24") {
  Imported imported;
  imported.sample("participant-24.json");
  imported.sample("offering-24.json");
  imported.gaia_x();
  CHECK(imported.found().empty());
  CHECK(imported.faults() == "");
  CHECK(imported.ids() == "etoile-compute etoile-cloud-sas");
  const Node& offering = imported.import.offerings.front();
  CHECK(offering.text_of("contracting_party") == "etoile-cloud-sas");
  CHECK(yaml_at(offering, "sites").starts_with("- {code: Madrid 2, city: Madrid, country: ES,"));
  CHECK(imported.import.entities.front().text_of("incorporated_in") == "FR");
  // ESP is no code of the alpha-2 list, and is not guessed at.
  CHECK(imported.import.entities.front().find("head_office_in") == nullptr);
}

TEST_CASE("import: codes that disagree give no country") {
  Imported imported;
  imported.text(R"({"type": "gx:LegalPerson", "name": "x", "gx:legalAddress": {"gx:countryCode": "FR",
                    "gx:countrySubdivisionCode": "DE-BY"}, "gx:headquarterAddress": "de-by"})");
  imported.gaia_x();
  CHECK(imported.import.entities.front().find("incorporated_in") == nullptr);
  CHECK(imported.import.entities.front().text_of("head_office_in") == "DE");
  CHECK(imported.is_lost("/gx:legalAddress"));
}

TEST_CASE("import: terms under the participant's identifier do not hide the participant") {
  Imported imported;
  imported.text(R"([{"id": "did:web:a", "type": "gx:GaiaXTermsAndConditions", "gx:termsAndConditions": "t"},
                    {"id": "did:web:a", "type": "gx:LegalParticipant", "gx:legalAddress": {"gx:countryCode": "FR"}}])");
  imported.gaia_x();
  CHECK(imported.ids() == "did-web-a");
  CHECK(imported.import.entities.front().text_of("name") == "did:web:a");
}

TEST_CASE("import: names that are alike get ids of their own") {
  Imported imported;
  imported.text(R"([{"type": "gx:LegalPerson", "name": "A B"}, {"type": "gx:LegalPerson", "name": "a-b"},
                    {"type": "gx:LegalPerson", "name": "Unknown"}, {"type": "gx:LegalPerson", "name": "中"}])");
  imported.gaia_x();
  CHECK(imported.ids() == "a-b a-b-2 participant participant-2");
}

TEST_CASE("import: things that are made of each other come to an end") {
  Imported imported;
  imported.text(
      R"([{"id": "s", "type": "gx:ServiceOffering", "name": "S", "gx:providedBy": "p", "gx:aggregationOf": "a"},
                    {"id": "p", "type": "gx:LegalPerson", "name": "P", "gx:parentOrganization": "p"},
                    {"id": "a", "type": "gx:Resource", "name": "A", "gx:aggregationOf": ["b", "a"]},
                    {"id": "b", "type": "gx:Resource", "name": "B", "gx:hostedOn": "a", "gx:locationAddress": "IT-25"}])");
  imported.gaia_x();
  CHECK(imported.faults() == "");
  CHECK(yaml_at(imported.import.offerings.front(), "sites") ==
        "- {code: B, country: IT, source: gaia-x-2}\n- unknown\n");
  CHECK(imported.import.entities.front().find("stakes") == nullptr);
}

TEST_CASE("import: whatever stands in an OSCAL file, what comes out fits the schemas") {
  check_hostile({"component.json"}, true);
}

TEST_CASE("import: whatever stands in Gaia-X files, what comes out fits the schemas") {
  check_hostile({"participant-22.10.json", "offering-22.10.json"}, false);
  check_hostile({"participant-24.json", "offering-24.json"}, false);
}

}  // namespace sovrisk::testing
