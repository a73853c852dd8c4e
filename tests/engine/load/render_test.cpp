// What the user sees of a finding: exact text, with the caret under the words, whatever the line holds.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "load/utf8.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

/// One finding about a file with this text, rendered.
std::string rendered(const std::string& text, std::uint32_t line, std::uint32_t column, std::uint32_t length) {
  World world;
  const FileId file = world.file(text);
  world.diagnostics.error("not-allowed", {file, line, column, length}, "it is wrong");
  return render_text(world.diagnostics, world.sources);
}

const std::string first_line = "test.yaml:1:4: error: it is wrong\n";

}  // namespace

TEST_CASE("render: place, message, source line, caret and hint") {
  World world;
  const FileId file = world.file("id: x\nkind: compny\n");
  world.diagnostics.error("not-allowed", {file, 2, 7, 6}, "`compny` is not allowed here", "did you mean `company`?");
  CHECK(render_text(world.diagnostics, world.sources) ==
        "test.yaml:2:7: error: `compny` is not allowed here\n"
        "    2 | kind: compny\n"
        "      |       ^~~~~~\n"
        "      = hint: did you mean `company`?\n");
}

TEST_CASE("render: a warning says so, and a second place follows as a note") {
  World world;
  const FileId file = world.file("a: 1\na: 2\n");
  auto& found = world.diagnostics.warning("duplicate-key", {file, 2, 1, 1}, "given twice");
  found.related.push_back({{file, 1, 1, 1}, "first given here"});
  CHECK(render_text(world.diagnostics, world.sources) ==
        "test.yaml:2:1: warning: given twice\n"
        "    2 | a: 2\n"
        "      | ^\n"
        "test.yaml:1:1: note: first given here\n"
        "    1 | a: 1\n"
        "      | ^\n");
}

TEST_CASE("render: a finding about a whole file has no line, one about none has the program's name") {
  World world;
  const FileId file = world.file("a: 1\n");
  world.diagnostics.error("file-too-large", {file, 0, 0, 0}, "is too large");
  world.diagnostics.error("x", {}, "out of place");
  CHECK(render_text(world.diagnostics, world.sources) ==
        "test.yaml: error: is too large\nsovrisk: error: out of place\n");
}

TEST_CASE("render: tabs take one column, so that the caret stands right on every terminal") {
  CHECK(rendered("\ta:\tword\n", 1, 4, 4) == "test.yaml:1:4: error: it is wrong\n    1 |  a: word\n      |    ^~~~\n");
}

TEST_CASE("render: characters of several bytes count once") {
  CHECK(rendered("éà: çé\n", 1, 5, 2) == "test.yaml:1:5: error: it is wrong\n    1 | éà: çé\n      |     ^~\n");
}

TEST_CASE("render: wide characters take two columns, and the caret knows it") {
  CHECK(rendered("a: 漢字 x\n", 1, 7, 1) ==
        "test.yaml:1:7: error: it is wrong\n    1 | a: 漢字 x\n      |         ^\n");
}

TEST_CASE("render: of a very long line only a window around the words is shown") {
  const std::string text = "a: " + std::string(5000, 'x') + "HERE" + std::string(5000, 'y') + "\n";
  const std::string out = rendered(text, 1, 5004, 4);
  CHECK(out.size() < 600);
  const std::size_t line = out.find('\n') + 1;
  const std::size_t marks = out.find('\n', line) + 1;
  CHECK(out.substr(line).find("HERE") == out.substr(marks).find('^'));
  CHECK(out.find("^~~~") != std::string::npos);
  CHECK(out.find("^~~~~") == std::string::npos);
}

TEST_CASE("render: an underline longer than the window ends with it") {
  CHECK(rendered("a: " + std::string(5000, 'x') + "\n", 1, 4, 5000).size() < 600);
}

TEST_CASE("render: a column past the end of the line is marked behind it") {
  CHECK(rendered("a: b\n", 1, 90, 1) == "test.yaml:1:90: error: it is wrong\n    1 | a: b\n      |     ^\n");
}

TEST_CASE("render: a line past the end of the file shows no excerpt") {
  CHECK(rendered("a: b\n", 7, 4, 1) == "test.yaml:7:4: error: it is wrong\n");
}

TEST_CASE("render: a source line cannot drive the terminal") {
  // The whole escape is what stands for the one character meant.
  CHECK(rendered("a: \x1b[31mred\x1b[0m\n", 1, 4, 1) ==
        first_line + "    1 | a: \\u{1b}[31mred\\u{1b}[0m\n      |    ^^^^^^\n");
  // C1 in UTF-8: U+009B is CSI in one character.
  CHECK(rendered("a: \xc2\x9b"
                 "31m\n",
                 1, 4, 4)
            .find("\xc2\x9b") == std::string::npos);
}

TEST_CASE("render: right-to-left marks are shown, so that a line cannot be read otherwise than it is") {
  for (const char* mark : {"\u202e", "\u2066", "\u2069", "\u200f", "\u061c"}) {
    const std::string out = rendered(std::string("a: ") + mark + "x\n", 1, 5, 1);
    CHECK(out.find(mark) == std::string::npos);
    CHECK(out.find("\\u{") != std::string::npos);
  }
  // The escape widens the line; the caret follows.
  CHECK(rendered("a: \u202ex\n", 1, 5, 1) ==
        "test.yaml:1:5: error: it is wrong\n    1 | a: \\u{202e}x\n      |            ^\n");
}

TEST_CASE("render: path, message and hint are made printable as well") {
  World world;
  const FileId file = world.file("a: b\n", "evil\x1b]0;title\x07.yaml");
  world.diagnostics.error("x", {file, 1, 1, 1}, "`\x1b[2J` is wrong", "not \u202e this");
  const std::string out = render_text(world.diagnostics, world.sources);
  for (const char c : out)
    CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  CHECK(out.find("\u202e") == std::string::npos);
}

TEST_CASE("render: a line break in a message cannot forge a second finding") {
  World world;
  const FileId file = world.file("a: b\n");
  world.diagnostics.error("x", {file, 1, 1, 1}, "`a\nother.yaml:1:1: error: forged` is wrong");
  CHECK(render_text(world.diagnostics, world.sources).find("\nother.yaml") == std::string::npos);
}

TEST_CASE("render: a shipped file has no text to show") {
  World world;
  SourceFile shipped;
  shipped.path = "laws/x.yaml";
  shipped.shipped = true;
  const FileId file = world.sources.add(shipped);
  world.diagnostics.error("x", {file, 3, 1, 1}, "it is wrong");
  CHECK(render_text(world.diagnostics, world.sources) == "laws/x.yaml:3:1: error: it is wrong\n");
}

TEST_CASE("render: JSON carries id, span, hint and second places") {
  World world;
  const FileId file = world.file("id: x\nkind: compny\n");
  auto& found = world.diagnostics.error("not-allowed", {file, 2, 7, 6}, "`compny` is \x1b not allowed",
                                        "did you mean `company`?");
  found.related.push_back({{file, 1, 1, 2}, "see here"});
  world.diagnostics.warning("x", {}, "of no file");
  const nlohmann::json json = nlohmann::json::parse(render_json(world.diagnostics, world.sources));
  REQUIRE(json.size() == 2);
  CHECK(json[0]["id"] == "not-allowed");
  CHECK(json[0]["severity"] == "error");
  CHECK(json[0]["file"] == "test.yaml");
  CHECK(json[0]["line"] == 2);
  CHECK(json[0]["column"] == 7);
  CHECK(json[0]["length"] == 6);
  CHECK(json[0]["message"] == "`compny` is \x1b not allowed");
  CHECK(json[0]["hint"] == "did you mean `company`?");
  REQUIRE(json[0]["related"].size() == 1);
  CHECK(json[0]["related"][0]["line"] == 1);
  CHECK(json[0]["related"][0]["message"] == "see here");
  CHECK(json[1]["file"].is_null());
  CHECK(json[1]["severity"] == "warning");
  CHECK_FALSE(json[1].contains("hint"));
}

TEST_CASE("render: JSON of no findings is an empty list, and of bad bytes still JSON") {
  World world;
  CHECK(nlohmann::json::parse(render_json(world.diagnostics, world.sources)).empty());
  world.diagnostics.error("x", {world.file("", "\xff.yaml"), 0, 0, 0}, "bad \xc3 byte");
  CHECK(nlohmann::json::parse(render_json(world.diagnostics, world.sources)).size() == 1);
}

TEST_CASE("render: printable keeps good text and shows what is hidden") {
  CHECK(printable("été 漢 a\tb\n") == "été 漢 a\tb\n");
  CHECK(printable(std::string("a\0b", 3)) == "a\\u{0}b");
  CHECK(printable("\x7f") == "\\u{7f}");
  CHECK(printable("\xff") == "\\u{fffd}");
}

}  // namespace sovrisk::testing
