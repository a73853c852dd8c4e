// Words of one's own in the place of those of reports.
#include "report/messages.h"

#include <doctest/doctest.h>

#include <fstream>

#include "engine/load/temporary_folder.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

std::string told(World& world, const std::string& text) {
  const TemporaryFolder folder;
  const std::string path = folder.write("words.yaml", text);
  override_words(world.catalogue, path, world.diagnostics);
  return world.diagnostics.all().empty()
             ? std::string()
             : std::string(world.diagnostics.all().front().id) + ": " + world.diagnostics.all().front().hint;
}

}  // namespace

TEST_CASE("words: known keys take the place of those of one language") {
  World world;
  CHECK(told(world, "fr: {dossier: AIPD, assessed: \"le {0}\"}\n").empty());
  CHECK(Messages(world.catalogue, "fr")("dossier") == "AIPD");
  CHECK(Messages(world.catalogue, "fr")("assessed", "1", "2", "3") == "le 1");
  CHECK(Messages(world.catalogue, "fr")("dossier.contents") == "Sommaire");
  CHECK(Messages(world.catalogue, "en")("dossier") == "Data protection impact assessment");
}

TEST_CASE("words: unknown keys and languages, other kinds and other placeholders are errors") {
  for (const auto& [text, wanted] : std::vector<std::pair<std::string, std::string>>{
           {"fr: {dossier.todoo: x}\n", "unknown-key: did you mean `dossier.todo`?"},
           {"de: {dossier: x}\n", "unknown-key: one of: en, fr"},
           {"fr: {dossier: [x]}\n", "wrong-type: "},
           {"fr: x\n", "wrong-type: "},
           {"- x\n", "wrong-type: write `en:` or `fr:`, and keys with their words below"},
           {"en: {dossier.open: \"{0}\"}\n", "bad-placeholder: the text in its place is: not known"},
           {"en: {entry.by: \"by {0:1000000000}\"}\n",
            "bad-placeholder: the text in its place is: Entered by {0}, undated."},
           {"en: {entry.by: \"by {\"}\n", "bad-placeholder: the text in its place is: Entered by {0}, undated."}}) {
    World world;
    CHECK_MESSAGE(told(world, text) == wanted, text);
    CHECK(Messages(world.catalogue, "en")("dossier.open") == "not known");
  }
}

}  // namespace sovrisk::testing
