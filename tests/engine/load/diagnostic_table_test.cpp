// The harness of the diagnostic tables, and the test that they leave no diagnostic out.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "assess/annex.h"
#include "assess/difference.h"
#include "assess/policy.h"
#include "engine/load/diagnostic_cases.h"
#include "engine/load/temporary_folder.h"
#include "facts/claims.h"
#include "infra/infrastructure.h"
#include "interchange/answers.h"
#include "interchange/import.h"
#include "interchange/json.h"
#include "load/utf8.h"
#include "report/messages.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view opening = "«";
constexpr std::string_view closing = "»";

std::uint32_t characters(std::string_view text) {
  return static_cast<std::uint32_t>(utf8::character_starts(text).size());
}

/// Files of a folder case: `=== name` starts one.
std::map<std::string, std::string> split(const std::string& text) {
  std::map<std::string, std::string> files;
  std::string name;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string line = text.substr(begin, end - begin);
    if (line.starts_with("=== ")) {
      name = line.substr(4, line.size() - 5);
    } else {
      files[name] += line;
    }
    begin = end;
  }
  return files;
}

/// As `sovrisk validate` does it: the meaning is looked at when the shape is right.
void validate(World& world, const std::string& path) {
  const auto document = world.catalogue.read(path, world.diagnostics);
  if (document == nullptr) return;
  world.catalogue.put(document);
  check_meaning(*document, world.catalogue, country_groups(world.catalogue), world.diagnostics);
}

MarkedText run(World& world, const DiagnosticCase& wanted, const TemporaryFolder& folder) {
  using Through = DiagnosticCase::Through;
  MarkedText marked = unmark(wanted.text);
  switch (wanted.through) {
    case Through::file: validate(world, folder.write("test.yaml", marked.text)); break;
    case Through::strict: {
      const auto document = world.catalogue.read(folder.write("test.yaml", marked.text), world.diagnostics);
      if (document != nullptr)
        check_claims(*document, world.catalogue.schemas(), {2026, 11, 23}, 365, world.diagnostics);
      break;
    }
    case Through::oscal:
    case Through::component:
    case Through::gaia_x: {
      const FileId file = read_file(world.sources, folder.write("test.json", marked.text), world.diagnostics);
      auto root = read_json(world.sources, file, world.diagnostics);
      if (!root) break;
      const JsonFile json{file, std::move(*root)};
      const bool named = wanted.through == Through::component;
      const ImportRequest request{{2026, 11, 23}, named ? "Databse" : "", {}};
      if (wanted.through != Through::gaia_x) {
        (void)import_oscal(json, request, world.catalogue.schemas(), world.diagnostics);
      } else {
        (void)import_gaia_x({json}, request, world.catalogue.schemas(), world.diagnostics);
      }
      break;
    }
    case Through::answers: {
      const FileId file = read_file(world.sources, folder.write("test.csv", marked.text), world.diagnostics);
      const auto rows = read_csv(world.sources, file, world.diagnostics);
      const Document* sheet = answer_sheet_of(world.catalogue, "csf-answers");
      REQUIRE(sheet != nullptr);
      const AnswersRequest request{"clever-cloud", "bidder", {2026, 11, 23}, "test.csv"};
      if (rows) (void)import_answers(*rows, *sheet, request, world.diagnostics);
      break;
    }
    case Through::infrastructure:
      (void)read_infrastructure(world.sources, folder.write("plan.json", marked.text),
                                placement_tables(world.catalogue), {}, world.diagnostics);
      break;
    case Through::words:
      override_words(world.catalogue, folder.write("words.yaml", marked.text), world.diagnostics);
      break;
    case Through::annex: {
      const auto workload = world.catalogue.read(SOVRISK_SOURCE "/examples/emc2/workload.yaml", world.diagnostics);
      const auto annex = world.catalogue.read(folder.write("test.yaml", marked.text), world.diagnostics);
      REQUIRE(annex != nullptr);
      const Engine engine(world.catalogue, "cnil", world.diagnostics);
      Request request;
      request.offering = "microsoft-azure";
      request.workload = workload.get();
      request.as_of = {2023, 12, 21};
      (void)bind_annex(*annex, engine.assess(request), world.catalogue, world.diagnostics);
      break;
    }
    case Through::result: {
      const Node before = world.yaml("format: sovrisk-gate/1\n");
      const FileId file = read_file(world.sources, folder.write("test.json", marked.text), world.diagnostics);
      const auto root = read_json(world.sources, file, world.diagnostics);
      if (root) (void)compare_results(before, *root, world.diagnostics);
      break;
    }
    case Through::policy: {
      const auto policy = world.catalogue.read(folder.write("test.yaml", marked.text), world.diagnostics);
      REQUIRE(policy != nullptr);
      (void)compile_policy(*policy, nullptr, world.catalogue, world.groups, {2026, 11, 23}, "", world.diagnostics);
      break;
    }
    case Through::missing: (void)world.catalogue.read(folder.path("missing.yaml"), world.diagnostics); break;
    case Through::folder: {
      marked = {};
      if (wanted.text.empty()) {
        world.catalogue.add_folder(folder.path("missing"), world.diagnostics);
        break;
      }
      for (const auto& [name, text] : split(wanted.text)) {
        const MarkedText file = unmark(text);
        if (file.line != 0) marked = file;
        folder.write(name, file.text);
      }
      world.catalogue.add_folder(folder.path(), world.diagnostics);
      break;
    }
    case Through::condition: {
      const Node root = world.yaml(marked.text);
      REQUIRE(root.find("when") != nullptr);
      ConditionScope scope;
      scope.schemas = &world.catalogue.schemas();
      scope.root = world.catalogue.schemas().find("facts.schema.json");
      scope.groups = &world.groups;
      scope.define = root.find("define");
      (void)compile_condition(*root.find("when"), scope, world.diagnostics);
      break;
    }
  }
  return marked;
}

/// The ids that a call such as `diagnostics_.error(ok ? "a" : "b", ...)` can report: the string literals of its
/// first argument that stand outside any inner call.
std::vector<std::string> ids_of_call(std::string_view source, std::size_t at) {
  std::vector<std::string> ids;
  for (int depth = 0; at < source.size(); ++at) {
    const char c = source[at];
    if (c == '"') {
      const std::size_t end = source.find('"', at + 1);
      if (depth == 0) ids.emplace_back(source.substr(at + 1, end - at - 1));
      at = end;
    } else if (c == '(' || c == '<') {
      depth += c == '(' ? 1 : 0;
    } else if (c == ')') {
      if (depth-- == 0) break;
    } else if (c == ',' && depth == 0) {
      break;
    }
  }
  return ids;
}

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every id in engine/**/*.cpp, with the place of one use.
std::map<std::string, std::string> ids_in_engine() {
  std::map<std::string, std::string> ids;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(SOVRISK_SOURCE) / "engine")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string source = slurp(entry.path());
    for (const std::string_view call :
         {"iagnostics.error(", "iagnostics_.error(", "iagnostics.warning(", "iagnostics_.warning("})
      for (std::size_t at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
        const auto line = 1 + std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(at), '\n');
        const std::string place = entry.path().filename().string() + ":" + std::to_string(line);
        const std::vector<std::string> found = ids_of_call(source, at + call.size());
        // An id that is no literal could not be looked up by a reader either.
        CHECK_MESSAGE(!found.empty(), place, " reports an id that is not written there");
        for (const std::string& id : found)
          ids[id] = place;
      }
  }
  return ids;
}

}  // namespace

MarkedText unmark(const std::string& marked) {
  MarkedText result;
  result.text = marked;
  const std::size_t begin = marked.find(opening);
  if (begin == std::string::npos) return result;
  const std::size_t end = marked.find(closing, begin);
  REQUIRE(end != std::string::npos);
  const std::size_t line_start = begin == 0 ? 0 : marked.rfind('\n', begin - 1) + 1;
  const std::size_t words = begin + opening.size();
  result.line = static_cast<std::uint32_t>(
                    std::count(marked.begin(), marked.begin() + static_cast<std::ptrdiff_t>(begin), '\n')) +
                1;
  result.column = characters(std::string_view(marked).substr(line_start, begin - line_start)) + 1;
  result.length = characters(std::string_view(marked).substr(words, end - words));
  result.text = marked.substr(0, begin) + marked.substr(words, end - words) + marked.substr(end + closing.size());
  return result;
}

void check_case(const DiagnosticCase& wanted) {
  World world;
  const TemporaryFolder folder;
  CAPTURE(wanted.id);
  const std::string start = wanted.text.substr(0, 600);
  CAPTURE(start);
  const MarkedText marked = run(world, wanted, folder);
  world.diagnostics.sort();
  std::string all = render_text(world.diagnostics, world.sources).substr(0, 4000);
  CAPTURE(all);
  CHECK(world.diagnostics.all().size() == 1);
  if (world.diagnostics.all().size() != 1) return;  // the rows after this one count as well
  const Diagnostic& found = world.diagnostics.all().front();
  CHECK(found.id == wanted.id);
  CHECK(found.severity == wanted.severity);
  CHECK(found.message == wanted.message);
  CHECK(found.hint == wanted.hint);
  CHECK(found.span.line == marked.line);
  CHECK(found.span.column == marked.column);
  CHECK(found.span.length == marked.length);
  CHECK(found.span.file != no_file);
}

std::size_t findings_of(const DiagnosticCase& wanted) {
  World world;
  const TemporaryFolder folder;
  (void)run(world, wanted, folder);
  return world.diagnostics.all().size();
}

TEST_CASE("diagnostics: the marks of a case give line, column and length in characters") {
  const MarkedText marked = unmark("a: b\né: «çé» x\n");
  CHECK(marked.text == "a: b\né: çé x\n");
  CHECK(marked.line == 2);
  CHECK(marked.column == 4);
  CHECK(marked.length == 2);
}

TEST_CASE("diagnostics: every id in the engine's sources has a row in a table") {
  std::set<std::string, std::less<>> covered;
  for (const auto* cases : {&reader_cases(), &schema_cases(), &meaning_cases(), &condition_cases(), &import_cases(),
                            &infrastructure_cases(), &difference_cases(), &policy_cases()})
    for (const DiagnosticCase& row : *cases)
      covered.emplace(row.id);
  const std::map<std::string, std::string> ids = ids_in_engine();
  // The search itself must not go blind: these three are written in three different ways.
  for (const char* known : {"nesting-too-deep", "wrong-type", "duplicate-key"})
    CHECK(ids.contains(known));
  for (const auto& [id, place] : ids)
    CHECK_MESSAGE(covered.contains(id), "no case for `", id, "` of ", place);
  for (const std::string& id : covered)
    CHECK_MESSAGE(ids.contains(id), "a case for `", id, "`, which nothing reports");
}

TEST_CASE("diagnostics: ids are kebab-case words") {
  for (const auto& [id, place] : ids_in_engine()) {
    const bool kebab = !id.empty() && std::all_of(id.begin(), id.end(), [](unsigned char c) {
      return std::islower(c) || std::isdigit(c) || c == '-';
    });
    CHECK_MESSAGE(kebab, place, ": ", id);
  }
}

TEST_CASE("diagnostics: messages start in lower case and end without a stop") {
  for (const auto* cases : {&reader_cases(), &schema_cases(), &meaning_cases(), &condition_cases(),
                            &infrastructure_cases(), &difference_cases(), &policy_cases()})
    for (const DiagnosticCase& row : *cases) {
      CAPTURE(row.message);
      REQUIRE(!row.message.empty());
      CHECK(!std::isupper(static_cast<unsigned char>(row.message.front())));
      CHECK(!row.message.ends_with('.'));
    }
}

}  // namespace sovrisk::testing
