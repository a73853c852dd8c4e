// The small parts that reading leans on: UTF-8, near misses, the calendar, the compiled catalogue, digests.
#include <doctest/doctest.h>

#include <limits>

#include "load/blob.h"
#include "load/date.h"
#include "load/suggest.h"
#include "load/utf8.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

Date day(int year, unsigned month, unsigned of_month) { return {year, month, of_month}; }

bool same_tree(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.boolean != b.boolean || a.items.size() != b.items.size() ||
      a.members.size() != b.members.size())
    return false;
  if (a.number < b.number || a.number > b.number) return false;
  if (a.kind != Node::Kind::null && a.text != b.text) return false;
  if (a.span.line != b.span.line || a.span.column != b.span.column || a.span.length != b.span.length) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i)
    if (!same_tree(a.items[i], b.items[i])) return false;
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    const Member& x = a.members[i];
    const Member& y = b.members[i];
    if (x.key != y.key || x.key_span.line != y.key_span.line || x.key_span.column != y.key_span.column ||
        !same_tree(x.value, y.value))
      return false;
  }
  return true;
}

}  // namespace

TEST_CASE("utf8: characters of one to four bytes are decoded") {
  CHECK(utf8::decode("a", 0) == std::pair<std::uint32_t, std::size_t>{0x61, 1});
  CHECK(utf8::decode("é", 0) == std::pair<std::uint32_t, std::size_t>{0xe9, 2});
  CHECK(utf8::decode("x€", 1) == std::pair<std::uint32_t, std::size_t>{0x20ac, 3});
  CHECK(utf8::decode("\U0001f600", 0) == std::pair<std::uint32_t, std::size_t>{0x1f600, 4});
  CHECK(utf8::decode("\xf4\x8f\xbf\xbf", 0).first == 0x10ffff);
}

TEST_CASE("utf8: overlong forms, surrogates, stray and cut bytes are malformed") {
  for (const char* bad : {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
                          "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\x80", "\xbf", "\xfe", "\xff",
                          "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3(", "\xe2(\xa1"}) {
    CHECK(utf8::find_invalid(bad) == 0);
    CHECK(utf8::find_invalid("aé" + std::string(bad)) == 3);
  }
  CHECK(utf8::find_invalid("") == std::string_view::npos);
  CHECK(utf8::find_invalid("aé€\U0001f600") == std::string_view::npos);
}

TEST_CASE("utf8: characters are counted, and width in columns") {
  CHECK(utf8::character_starts("aé€b") == std::vector<std::size_t>{0, 1, 3, 6});
  CHECK(utf8::width("abc") == 3);
  CHECK(utf8::width("été") == 3);
  CHECK(utf8::width("e\u0301") == 1);  // a combining accent takes no column
  CHECK(utf8::width("漢字") == 4);
}

TEST_CASE("suggest: edits count one, a swap of neighbours one, case a half") {
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("same", "same") == 0);
  CHECK(edit_distance("custdy", "custody") == 1);
  CHECK(edit_distance("iliad", "ilaid") == 1);
  CHECK(edit_distance("fr", "FR") == 1);
  CHECK(edit_distance("Fr", "FR") == 0.5);
}

TEST_CASE("suggest: only a near word is proposed, and the choice does not depend on the order") {
  CHECK(nearest("compny", {"person", "company", "fund"}) == "company");
  CHECK(nearest("zzz", {"person", "company"}).empty());
  CHECK(nearest("", {"a"}).empty());
  CHECK(nearest("bat", {"cat", "hat"}) == "cat");
  CHECK(nearest("bat", {"hat", "cat"}) == "cat");
  CHECK(nearest("azure", {"microsoft-azure", "ovhcloud"}) == "microsoft-azure");
  CHECK(nearest(std::string(100'000, 'a'), {std::string(100'000, 'b')}).empty());  // the cost is quadratic
}

TEST_CASE("suggest: without a near word a short list is given whole, a long one not") {
  CHECK(did_you_mean("compny", {"company"}) == "did you mean `company`?");
  CHECK(did_you_mean("zzz", {"b-word", "a-word"}) == "one of: a-word, b-word");
  CHECK(did_you_mean("zzz", {}).empty());
  CHECK(did_you_mean("zzz", std::vector<std::string>(13, "something")).empty());
}

TEST_CASE("date: only days that exist, written YYYY-MM-DD") {
  CHECK(Date::parse("2024-02-29") == day(2024, 2, 29));
  CHECK(Date::parse("2000-02-29") == day(2000, 2, 29));
  for (const char* bad : {"2023-02-29", "1900-02-29", "2023-02-30", "2023-13-01", "2023-00-01", "2023-01-00",
                          "2023-04-31", "0000-01-01", "2023-1-1", "20230101", "2023/01/01", " 2023-01-01",
                          "2023-01-01 ", "-023-01-01", "+023-01-01", "2O23-01-01", "", "unknown"})
    CHECK_FALSE(Date::parse(bad).has_value());
  CHECK(day(33, 1, 2).text() == "0033-01-02");
}

TEST_CASE("date: days count from 1970, back and forth") {
  CHECK(day(1970, 1, 1).days() == 0);
  CHECK(day(2000, 3, 1).days() == 11017);
  CHECK(day(1969, 12, 31).days() == -1);
  for (std::int64_t days = -800'000; days < 2'900'000; days += 9973)
    CHECK(Date::from_days(days).days() == days);
}

TEST_CASE("date: durations have an amount and a unit") {
  const auto months = Duration::parse("18 months");
  REQUIRE(months.has_value());
  CHECK(months->amount == 18);
  CHECK(months->unit == Duration::Unit::month);
  CHECK(Duration::parse("1 day")->unit == Duration::Unit::day);
  CHECK(Duration::parse("2 weeks")->unit == Duration::Unit::week);
  CHECK(Duration::parse("9999 years")->amount == 9999);
  for (const char* bad :
       {"", "1", "day", " day", "1 dayss", "1day", "1  day", "-1 day", "10000 days", "1 fortnight", "1 s", "1.5 years"})
    CHECK_FALSE(Duration::parse(bad).has_value());
}

TEST_CASE("date: a month added at the end of a month ends in the month's last day") {
  const auto plus = [](Date date, const char* duration) { return add(date, *Duration::parse(duration)); };
  CHECK(plus(day(2023, 1, 31), "1 month") == day(2023, 2, 28));
  CHECK(plus(day(2024, 1, 31), "1 month") == day(2024, 2, 29));
  CHECK(plus(day(2024, 2, 29), "1 year") == day(2025, 2, 28));
  CHECK(plus(day(2024, 2, 29), "4 years") == day(2028, 2, 29));
  CHECK(plus(day(2023, 12, 31), "2 months") == day(2024, 2, 29));
  CHECK(plus(day(2023, 10, 15), "18 months") == day(2025, 4, 15));
  CHECK(plus(day(2023, 12, 31), "1 day") == day(2024, 1, 1));
  CHECK(plus(day(2024, 2, 28), "1 week") == day(2024, 3, 6));
  CHECK(subtract(day(2024, 3, 31), *Duration::parse("1 month")) == day(2024, 2, 29));
  CHECK(subtract(day(2024, 1, 31), *Duration::parse("2 months")) == day(2023, 11, 30));
}

TEST_CASE("date: sums stay within the years that a date can have") {
  const Date late = add(day(2026, 1, 1), *Duration::parse("9999 years"));
  const Date early = subtract(day(2026, 1, 1), *Duration::parse("9999 years"));
  CHECK(Date::parse(late.text()).has_value());
  CHECK(Date::parse(early.text()).has_value());
}

TEST_CASE("blob: what is written is read, with places") {
  World world;
  BlobEntry first;
  first.kind = "entity";
  first.id = "x";
  first.aliases = {"ex", "été"};
  first.title = "X";
  first.path = "providers/entities/x.yaml";
  first.sha256 = std::string(64, 'a');
  first.root = world.yaml(
      "a: [1, -2.5, 1e300, true, false, ~, \"é\", {}]\nb: {c: [], d: 'x'}\ne: " + std::string(300, 'z') + "\n");
  BlobEntry second;
  second.kind = "law";
  second.id = "y";
  second.root = world.yaml("- 1\n");
  REQUIRE_FALSE(world.diagnostics.has_errors());
  const std::string blob = write_blob({first, second});
  CHECK(write_blob({first, second}) == blob);
  const auto index = read_blob_index(blob);
  REQUIRE(index.has_value());
  REQUIRE(index->size() == 2);
  CHECK((*index)[0].kind == "entity");
  CHECK((*index)[0].aliases == first.aliases);
  CHECK((*index)[0].path == first.path);
  CHECK((*index)[0].sha256 == first.sha256);
  CHECK((*index)[1].id == "y");
  const Node root = read_blob_node(blob, (*index)[0].offset, 7);
  CHECK(same_tree(root, first.root));
  CHECK(root.find("b")->span.file == 7);
  CHECK(root.members[0].key_span.file == 7);
  CHECK(same_tree(read_blob_node(blob, (*index)[1].offset, 7), second.root));
}

TEST_CASE("blob: other bytes are no blob, and no blob gives an empty catalogue") {
  CHECK_FALSE(read_blob_index("").has_value());
  CHECK_FALSE(read_blob_index("sovrisk-blob-0\n").has_value());
  CHECK(read_blob_index(write_blob({}))->empty());
  SourceMap sources;
  CHECK(Catalogue(sources, "").ids("entity").empty());
}

TEST_CASE("blob: a blob that is cut off is read as far as it goes, without harm") {
  World world;
  BlobEntry entry;
  entry.kind = "entity";
  entry.id = "x";
  entry.root = world.yaml("a: [1, two, {three: 3.5}]\nb: text\n");
  const std::string blob = write_blob({entry});
  const std::uint64_t offset = read_blob_index(blob)->front().offset;
  for (std::size_t length = 0; length < blob.size(); ++length) {
    const std::string_view cut = std::string_view(blob).substr(0, length);
    CHECK_NOTHROW((void)read_blob_index(cut));
    if (offset <= length) CHECK_NOTHROW((void)read_blob_node(cut, offset, 1));
  }
}

TEST_CASE("digest: SHA-256 of known texts (FIPS 180-4)") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace sovrisk::testing
