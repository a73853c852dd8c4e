// What the reader refuses, at which words; and the bounds that a hostile file runs into.
#include <doctest/doctest.h>

#include <chrono>
#include <sstream>

#include "engine/load/diagnostic_cases.h"
#include "engine/load/temporary_folder.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Through = DiagnosticCase::Through;

const std::string entity = "format: sovrisk-entity/1\nid: x\nname: X\nkind: company\n";
const std::string may_need_quotes = "a text with one of : ? # , [ ] { } in it may need quotes";

std::string repeated(std::string_view part, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i)
    text += part;
  return text;
}

/// Each line holds ten of the line before: 11 + 111 + ... + 111111 values are below the bound of 200 000, and the
/// first alias of the last line passes it.
std::string billion_laughs() {
  std::string text = "a: &a [x,x,x,x,x,x,x,x,x,x]\n";
  for (const char c : {'b', 'c', 'd', 'e'}) {
    const std::string alias = std::string("*") + static_cast<char>(c - 1);
    text += std::string() + c + ": &" + c + " [" + repeated(alias + ",", 9) + alias + "]\n";
  }
  return text + "f: [«*»e" + repeated(",*e", 9) + "]\n";
}

/// What is left of a text after the reader, and the ids of what it found.
struct Read {
  World world;
  Node root;
  std::vector<std::string> ids;
  explicit Read(const std::string& text) : root(world.yaml(text)) {
    for (const Diagnostic& diagnostic : world.diagnostics.all())
      ids.emplace_back(diagnostic.id);
  }
};

}  // namespace

const std::vector<DiagnosticCase>& reader_cases() {
  static const std::vector<DiagnosticCase> cases{
      {Through::file, "yaml-syntax", "a: b«:» c\n", "illegal map value", may_need_quotes},
      {Through::file, "yaml-syntax", "é: \"ç\"\nàé: bé«:» c\n", "illegal map value", may_need_quotes},
      {Through::file, "yaml-syntax", "&a [«*»a]\n", "an alias inside its own anchor"},
      {Through::file, "control-character", "a: 1\nb: x«\x1b»[2J\n", "the file holds the control character U+001B",
       "remove it"},
      {Through::file, "not-utf8", "a: 1\né: x«\xff» y\n", "the file is not valid UTF-8", "save it as UTF-8"},
      {Through::file, "empty-file", "«#» a comment\n", "the file holds no document",
       "`sovrisk schema` lists the formats"},
      {Through::file, "more-than-one-document", entity + "«---»\nid: y\n", "the file holds more than one document",
       "write one document per file"},
      {Through::file, "duplicate-key", entity + "«kind»: fund\n", "key `kind` is given twice", "keep one of the two"},
      {Through::file, "duplicate-key", entity + "«\"kind\"»: fund\n", "key `kind` is given twice",
       "keep one of the two"},
      {Through::file, "key-not-text", entity + "? «[»a]\n: b\n", "a key is a list, not text"},
      {Through::file, "key-not-text", entity + "«~»: b\n", "a key is nothing, not text"},
      {Through::file, "tag-not-supported", "format: sovrisk-entity/1\nid: x\nname: «!foo» some\nkind: company\n",
       "tag `!foo` is not supported", "remove the tag"},
      {Through::file, "nesting-too-deep", repeated("[", 64) + "«[»" + repeated("]", 65),
       "maps and lists are nested more than 64 deep"},
      {Through::file, "list-too-long", "«-» a\n" + repeated("- a\n", 10'000),
       "more than 10000 entries in one list or map"},
      {Through::file, "alias-expansion", billion_laughs(), "more than 200000 values in one file",
       "write fewer aliases (`*name`) or split the file"},
      {Through::file, "file-too-large", std::string(4U * 1024 * 1024 + 1, '#'), "is larger than 4194304 bytes"},
      {Through::missing, "file-not-readable", "", "cannot be read (does it exist?)"},
      {Through::folder, "file-not-readable", "", "folder cannot be read: No such file or directory"},
  };
  return cases;
}

TEST_CASE("reader: each fault is named at its words") {
  for (const DiagnosticCase& row : reader_cases())
    check_case(row);
}

TEST_CASE("reader: a refused tag is underlined whole") {
  check_case({Through::file, "tag-not-supported",
              "format: sovrisk-entity/1\nid: x\nname: «!ruby/object» Foo\nkind: company\n",
              "tag `!ruby/object` is not supported", "remove the tag"});
}

TEST_CASE("reader: a folder named as a file is not read") {
  World world;
  const TemporaryFolder folder;
  CHECK(read_file(world.sources, folder.path(), world.diagnostics) == no_file);
  REQUIRE(world.diagnostics.all().size() == 1);
  CHECK(world.diagnostics.all()[0].id == "file-not-readable");
  CHECK(world.diagnostics.all()[0].message == "is a folder, not a file");
}

TEST_CASE("reader: the bounds themselves are allowed") {
  World world;
  CHECK(read_yaml(world.sources, world.file(repeated("[", 64) + repeated("]", 64)), world.diagnostics).has_value());
  CHECK(read_yaml(world.sources, world.file(repeated("- a\n", 10'000)), world.diagnostics).has_value());
  CHECK_FALSE(world.diagnostics.has_errors());
  const TemporaryFolder folder;
  CHECK(read_file(world.sources, folder.write("big.yaml", std::string(4U * 1024 * 1024, '#')), world.diagnostics) !=
        no_file);
  CHECK_FALSE(world.diagnostics.has_errors());
}

TEST_CASE("reader: a map is bounded like a list") {
  std::string text;
  for (int i = 0; i <= 10'000; ++i)
    text.append("k").append(std::to_string(i)).append(": 1\n");
  CHECK(Read(text).ids == std::vector<std::string>{"list-too-long"});
}

TEST_CASE("reader: a hostile file is refused in little time") {
  const auto start = std::chrono::steady_clock::now();
  // An unclosed flood makes the YAML library look ahead; the depth bound must stop it early.
  CHECK(Read(repeated("[", 200'000)).ids == std::vector<std::string>{"nesting-too-deep"});
  CHECK(Read(repeated("{a: ", 100'000)).ids == std::vector<std::string>{"nesting-too-deep"});
  const bool quick = std::chrono::steady_clock::now() - start < std::chrono::seconds(20);
  CHECK(quick);
}

TEST_CASE("reader: aliases cannot nest deeper than the bound on nesting") {
  // Every line is 60 deep by itself and holds the line before at its bottom; what is read is 300 deep.
  std::string text = "a: &a " + repeated("[", 60) + "x" + repeated("]", 60) + "\n";
  for (const char c : {'b', 'c', 'd', 'e'})
    text += std::string() + c + ": &" + c + " " + repeated("[", 60) + "*" + static_cast<char>(c - 1) +
            repeated("]", 60) + "\n";
  CHECK(Read(text).ids == std::vector<std::string>{"nesting-too-deep"});
}

TEST_CASE("reader: control characters that YAML forbids are refused, NUL among them") {
  // YAML 1.2 section 5.1: only tab, line feed and carriage return of C0 may stand in a file.
  for (const std::string& text : {std::string("a: x\0y\n", 7),
                                  std::string("a: 1\n\x04"
                                              "b: 2\n"),
                                  std::string("a: \x1b[31mred\n")}) {
    const Read read(text);
    CAPTURE(printable(text));
    CHECK(read.world.diagnostics.has_errors());
  }
}

TEST_CASE("reader: a NUL byte hides nothing that follows it") {
  const Read read(std::string("a: 1\n\0\nb: 2\n", 12));
  const bool seen = read.world.diagnostics.has_errors() || read.root.find("b") != nullptr;
  CHECK(seen);
}

TEST_CASE("reader: the empty file and the file of comments hold no document") {
  CHECK(Read("").ids == std::vector<std::string>{"empty-file"});
  CHECK(Read("\n\n# nothing\n").ids == std::vector<std::string>{"empty-file"});
}

TEST_CASE("reader: plain words are read by YAML 1.2, so that NO is Norway") {
  const Read read("a: NO\nb: yes\nc: off\nd: true\ne: 012\nf: 2023-02-30\ng: ~\nh:\ni: .5\nj: +1\nk: 1e3\n");
  CHECK(read.ids.empty());
  CHECK(read.root.find("a")->is_text("NO"));
  CHECK(read.root.find("b")->is_text("yes"));
  CHECK(read.root.find("c")->is_text("off"));
  CHECK(read.root.find("d")->kind == Node::Kind::boolean);
  CHECK(read.root.find("e")->number == 12);  // 1.2 has no octal with a bare nought
  CHECK(read.root.find("f")->kind == Node::Kind::text);
  CHECK(read.root.find("g")->kind == Node::Kind::null);
  CHECK(read.root.find("h")->kind == Node::Kind::null);
  CHECK(read.root.find("i")->number == 0.5);
  CHECK(read.root.find("j")->number == 1);
  CHECK(read.root.find("k")->number == 1000);
}

TEST_CASE("reader: quotes and the string tag make text of anything") {
  const Read read("a: \"2.0\"\nb: 'true'\nc: !!str 5\nd: ! 5\n");
  CHECK(read.ids.empty());
  for (const Member& member : read.root.members)
    CHECK(member.value.kind == Node::Kind::text);
}

TEST_CASE("reader: of a key given twice the first value stays, and the first place is shown") {
  const Read read("a: 1\nb: 2\na: 3\n");
  CHECK(read.root.find("a")->number == 1);
  CHECK(read.root.members.size() == 2);
  REQUIRE(read.world.diagnostics.all().size() == 1);
  const Diagnostic& found = read.world.diagnostics.all()[0];
  REQUIRE(found.related.size() == 1);
  CHECK(found.related[0].span.line == 1);
  CHECK(found.related[0].message == "first given here");
}

TEST_CASE("reader: JSON is read as well, with places") {
  const Read read("{\n  \"a\": [1, true, null, \"é\"],\n  \"b\": {}\n}\n");
  CHECK(read.ids.empty());
  REQUIRE(read.root.find("a") != nullptr);
  CHECK(read.root.find("a")->items.size() == 4);
  CHECK(read.root.find("a")->items[3].is_text("é"));
  CHECK(read.root.find_member("b")->key_span.line == 3);
  CHECK(read.root.find_member("b")->key_span.column == 3);
}

TEST_CASE("reader: a quoted text is underlined with its quotes") {
  const Read read("a: 'it''s'\nb: \"q\\\"é\"\nc: plain é\n");
  CHECK(read.root.find("b")->span.length == 6);
  CHECK(read.root.find("c")->span.length == 7);
  CHECK(read.root.find("a")->span.length == 7);  // a doubled quote does not end the text
}

TEST_CASE("reader: Windows line ends change no place") {
  const Read read("a: one\r\nb: two\r\n");
  CHECK(read.root.find("a")->text == "one");
  CHECK(read.root.find("b")->span.line == 2);
  CHECK(read.root.find("b")->span.column == 4);
}

TEST_CASE("reader: a byte order mark neither hides the first key nor shifts the columns") {
  const TemporaryFolder folder;
  const std::string path = folder.write("bom.yaml",
                                        "\xef\xbb\xbf"
                                        "abc: 1\n");
  World world;
  const FileId file = read_file(world.sources, path, world.diagnostics);
  const auto root = read_yaml(world.sources, file, world.diagnostics);
  REQUIRE(root.has_value());
  REQUIRE(root->find("abc") != nullptr);
  CHECK(root->members[0].key_span.column == 1);
  CHECK(root->find("abc")->span.column == 6);
}

}  // namespace sovrisk::testing
