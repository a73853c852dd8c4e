// What a filled-in sheet of answers becomes, however the spreadsheet wrote it.
#include "interchange/answers.h"

#include <doctest/doctest.h>

#include "load/writer.h"
#include "support.h"

using sovrisk::AnswersRequest;
using sovrisk::CsvRow;
using sovrisk::Document;
using sovrisk::FileId;
using sovrisk::ImportedAnswers;
using sovrisk::testing::World;

namespace {

std::vector<CsvRow> rows(World& world, const std::string& text) {
  const FileId file = world.file(text, "test.csv");
  const auto read = read_csv(world.sources, file, world.diagnostics);
  REQUIRE_MESSAGE(read.has_value(), render_text(world.diagnostics, world.sources));
  return *read;
}

ImportedAnswers answers(World& world, const std::string& text) {
  const Document* sheet = sovrisk::answer_sheet_of(world.catalogue, "csf-answers");
  REQUIRE(sheet != nullptr);
  const AnswersRequest request{"clever-cloud", "bidder", {2026, 11, 23}, "test.csv"};
  auto made = import_answers(rows(world, text), *sheet, request, world.diagnostics);
  REQUIRE_MESSAGE(made.has_value(), render_text(world.diagnostics, world.sources));
  return *made;
}

std::string choice(const ImportedAnswers& made, const char* criterion) {
  const auto* set = made.overlay.find("set")->find("offering.answers.eu-csf");
  REQUIRE(set != nullptr);
  const auto* answer = set->find(criterion);
  return answer != nullptr ? answer->find("choice")->text : "open";
}

}  // namespace

TEST_CASE("csv: quotes, separators, line ends and the byte order mark") {
  World world;
  const auto read = rows(world, "\xef\xbb\xbf\"a;\"\"b\"\"\";é;\r\n\r\n\"two\nlines\";x\n;\n1;2");
  REQUIRE(read.size() == 3);
  REQUIRE(read[0].size() == 3);
  CHECK(read[0][0].text == "a;\"b\"");
  CHECK(read[0][1].text == "é");
  CHECK(read[0][2].text.empty());
  CHECK(read[1][0].text == "two\nlines");
  CHECK(read[1][0].span.line == 3);
  CHECK(read[1][1].span.line == 4);
  CHECK(read[1][1].span.column == 8);
  CHECK(read[2][1].text == "2");
  CHECK(read[2][1].span.line == 6);
}

TEST_CASE("answers: labels in either language, numbers and points, whatever case and spaces") {
  World world;
  const auto made = answers(world,
                            "Title of the sheet,,,\nCriterion,Answer,Points,Evidence\n"
                            "SOV-1 Strategic,,,\n\"SOV-1.6 Programmes\",\"Active\n part\",,letter\n"
                            "SOV-3.1,4,,\nSOV-6.1,,200,\nSOV-8.1,,,\n");
  CHECK(choice(made, "SOV-1.6") == "2");
  CHECK(choice(made, "SOV-3.1") == "4");
  CHECK(choice(made, "SOV-6.1") != "open");
  CHECK(choice(made, "SOV-8.1") == "open");
  CHECK(made.answered == 3);
  CHECK(made.open.size() == 45);
}

TEST_CASE("answers: where every answer has a row, the marked one counts") {
  World world;
  const auto made = answers(world, "Criterion,Answer,Chosen\nSOV-3.1,1,\n,2,x\n,3,\nSOV-1.6,1,0\n,2,1\n");
  CHECK(choice(made, "SOV-3.1") == "2");
  CHECK(choice(made, "SOV-1.6") == "2");
}
