// What is written as YAML reads as the same tree again.
#include "load/writer.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>
#include <filesystem>

#include "load/utf8.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Kind = Node::Kind;

Node scalar(Kind kind, std::string text, double number = 0) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  node.number = number;
  node.boolean = kind == Kind::boolean && node.text == "true";
  return node;
}
Node text(std::string value) { return scalar(Kind::text, std::move(value)); }

Node map(std::vector<std::pair<std::string, Node>> members) {
  Node node;
  node.kind = Kind::map;
  for (auto& [key, value] : members)
    if (node.find(key) == nullptr) node.members.push_back({key, {}, std::move(value)});
  return node;
}
Node list(std::vector<Node> items) {
  Node node;
  node.kind = Kind::list;
  node.items = std::move(items);
  return node;
}

/// Everything but the places.
bool same(const Node& a, const Node& b) {
  const auto same_member = [](const Member& x, const Member& y) { return x.key == y.key && same(x.value, y.value); };
  return a.kind == b.kind && a.text == b.text && a.boolean == b.boolean && a.number == b.number &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same) &&
         std::equal(a.members.begin(), a.members.end(), b.members.begin(), b.members.end(), same_member);
}

/// Whether the tree comes back from YAML without a complaint.
bool comes_back(const Node& node, YamlTexts texts) {
  SourceMap sources;
  Diagnostics diagnostics;
  SourceFile file;
  file.path = "written.yaml";
  file.text = write_yaml(node, texts);
  const auto read = read_yaml(sources, sources.add(std::move(file)), diagnostics);
  return read && diagnostics.all().empty() && same(*read, node);
}
bool comes_back(const Node& node) {
  return comes_back(node, YamlTexts::plain_where_possible) && comes_back(node, YamlTexts::quoted);
}

/// Texts that YAML, or a terminal, could take for something else.
const std::vector<std::string>& hostile() {
  static const std::vector<std::string> texts{"true",
                                              "False",
                                              "12",
                                              "-1",
                                              "+1",
                                              ".5",
                                              "1e3",
                                              "1e999",
                                              "0x10",
                                              "null",
                                              "~",
                                              "",
                                              " ",
                                              " a",
                                              "a ",
                                              "2026-11-23",
                                              "24%",
                                              "NO",
                                              "yes",
                                              "-",
                                              "- a",
                                              "---",
                                              "...",
                                              "%YAML 1.2",
                                              "{",
                                              "}",
                                              "[a]",
                                              ",",
                                              "a,b",
                                              "a, b",
                                              "'",
                                              "\"",
                                              "\\",
                                              "\\n",
                                              "|",
                                              ">",
                                              "&a",
                                              "*a",
                                              "!t",
                                              "@",
                                              "`",
                                              "?",
                                              "? a",
                                              "a?",
                                              "a:b",
                                              ":a",
                                              "a:",
                                              "a: b",
                                              "a:\tb",
                                              "#",
                                              "a #b",
                                              "a#b",
                                              "\n",
                                              "a\nb",
                                              "a\r\nb",
                                              "\t",
                                              "\x1b[31m",
                                              "\x7f",
                                              std::string("\0", 1),
                                              "\u0085",
                                              "\u2028",
                                              "\u202e",
                                              "\ufeff",
                                              "\ufeffx",
                                              "\uffff",
                                              "\ufdd0",
                                              "é: œ",
                                              "中文",
                                              "😀",
                                              "https://x.example/?a=b#c",
                                              "12:30",
                                              "=",
                                              "<<"};
  return texts;
}

std::string encoded(std::uint32_t code) {
  std::string out;
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6), byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12), byte(0x80 | (code >> 6 & 0x3f)), byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18), byte(0x80 | (code >> 12 & 0x3f)), byte(0x80 | (code >> 6 & 0x3f)),
        byte(0x80 | (code & 0x3f));
  }
  return out;
}

std::string drawn_text() {
  if (*rc::gen::inRange(0, 3) == 0) return *rc::gen::elementOf(hostile());
  const std::string marks = ":#-?,[]{}'\"&*!|>%@`\n\t\\~ ";
  std::string out;
  for (int length = *rc::gen::inRange(0, 9); length > 0; --length) {
    const int kind = *rc::gen::inRange(0, 3);
    if (kind == 0) out += *rc::gen::elementOf(marks);
    if (kind == 1) out += static_cast<char>(*rc::gen::inRange(0, 0x80));
    if (kind == 2) {
      const auto code = static_cast<std::uint32_t>(*rc::gen::inRange(0x80, 0x110000));
      out += encoded(code >= 0xd800 && code < 0xe000 ? 0x20ac : code);
    }
  }
  return out;
}

Node drawn_node(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0: return scalar(Kind::null, "");
    case 1: return scalar(Kind::boolean, *rc::gen::element<std::string>("true", "false"));
    case 2: {
      const std::vector<std::pair<std::string, double>> numbers{
          {"12", 12}, {"-1", -1}, {"+5", 5}, {".5", 0.5}, {"1e3", 1e3}};
      const auto [written, value] = *rc::gen::elementOf(numbers);
      return scalar(Kind::number, written, value);
    }
    case 3: return text(drawn_text());
    case 4: {
      std::vector<Node> items;
      for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
        items.push_back(drawn_node(depth - 1));
      return list(std::move(items));
    }
    default: {
      std::vector<std::pair<std::string, Node>> members;
      for (int i = *rc::gen::inRange(0, 6); i > 0; --i)
        members.emplace_back(drawn_text(), drawn_node(depth - 1));
      return map(std::move(members));
    }
  }
}

}  // namespace

TEST_CASE("writer: any tree comes back") {
  CHECK(rc::check([] {
    const Node node = drawn_node(4);
    const std::string written = printable(write_yaml(node));
    RC_LOG() << written;
    RC_ASSERT(comes_back(node));
  }));
}

TEST_CASE("writer: each hostile text comes back as value, item, key and document") {
  for (const std::string& each : hostile()) {
    CAPTURE(printable(each));
    CHECK(comes_back(text(each)));
    CHECK(comes_back(list({text(each), text(each)})));
    CHECK(comes_back(map({{each, text(each)}, {"deep", map({{each, text(each)}, {"more", list({text(each)})}})}})));
  }
}

TEST_CASE("writer: keys and texts of any length come back") {
  for (const std::size_t length : {100U, 200U, 300U, 1023U, 1024U, 1025U, 20'000U}) {
    CAPTURE(length);
    const std::string plain(length, 'a');
    const std::string quoted(length, '\x01');
    CHECK(comes_back(map({{plain, text(plain)}, {quoted, map({{quoted, text(quoted)}})}})));
  }
}

TEST_CASE("writer: every text in quotes, where they are asked for") {
  const Node node = map({{"no", text("no")}, {"list", list({text("a"), scalar(Kind::number, "1", 1)})}});
  CHECK(write_yaml(node, YamlTexts::quoted) == "no: \"no\"\nlist: [\"a\", 1]\n");
}

TEST_CASE("writer: quotes stand only where they are needed") {
  const Node node = map({{"country", text("NO")},
                         {"date", text("2026-11-23")},
                         {"share", text("24%")},
                         {"url", text("https://example.org/a#b")},
                         {"version", text("3.2")},
                         {"flag", text("true")},
                         {"colon", text("a: b")},
                         {"number", scalar(Kind::number, "3.20", 3.2)},
                         {"yes", scalar(Kind::boolean, "true")},
                         {"nothing", scalar(Kind::null, "")}});
  CHECK(write_yaml(node) ==
        "country: NO\ndate: 2026-11-23\nshare: 24%\nurl: https://example.org/a#b\nversion: \"3.2\"\nflag: \"true\"\n"
        "colon: \"a: b\"\nnumber: 3.20\nyes: true\nnothing: null\n");
}

TEST_CASE("writer: short lists and maps of scalars stand on one line") {
  const Node small = map({{"code", text("fr-par")}, {"country", text("FR")}});
  const Node node = map({{"sites", list({small, text("unknown")})},
                         {"kind", list({text("iaas"), text("paas")})},
                         {"none", list({})},
                         {"empty", map({})},
                         {"long", map({{"title", text(std::string(100, 'x'))}})},
                         {"many", list({text("a"), text("b"), text("c"), text("d"), text("e")})}});
  CHECK(
      write_yaml(node) ==
      fmt::format("sites:\n  - {{code: fr-par, country: FR}}\n  - unknown\nkind: [iaas, paas]\nnone: []\nempty: {{}}\n"
                  "long:\n  title: {}\nmany:\n  - a\n  - b\n  - c\n  - d\n  - e\n",
                  std::string(100, 'x')));
}

TEST_CASE("writer: the shipped catalogue comes back") {
  namespace fs = std::filesystem;
  for (const char* folder : {"providers", "laws", "rules", "measures", "scenarios"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(SOVRISK_SOURCE) / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      CAPTURE(entry.path());
      SourceMap sources;
      Diagnostics diagnostics;
      const auto root = read_yaml(sources, read_file(sources, entry.path(), diagnostics), diagnostics);
      REQUIRE(root);
      CHECK(comes_back(*root));
    }
}

}  // namespace sovrisk::testing
