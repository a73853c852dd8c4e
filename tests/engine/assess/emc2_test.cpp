// The known case: a health data warehouse on a US cloud, authorised for three years on 21 December 2023.
#include <doctest/doctest.h>

#include <algorithm>

#include "assess/assessment.h"
#include "report/report.h"
#include "support.h"

using sovrisk::Assessment;
using sovrisk::Certainty;
using sovrisk::Date;
using sovrisk::Engine;
using sovrisk::Exposure;
using sovrisk::Request;
using sovrisk::testing::World;

namespace {

constexpr Date decided_on{2023, 12, 21};

/// The shipped catalogue with the example's workload and, where asked for, its overlay.
class Emc2 {
 public:
  Emc2()
      : workload_(world_.catalogue.read(example("workload.yaml"), world_.diagnostics)),
        engine_(world_.catalogue, "cnil", world_.diagnostics) {
    REQUIRE_MESSAGE(!world_.diagnostics.has_errors(), render_text(world_.diagnostics, world_.sources));
  }
  [[nodiscard]] Assessment assess(const char* offering, const sovrisk::Document* overlay = nullptr,
                                  Date as_of = decided_on) const {
    Request request;
    request.offering = offering;
    request.workload = workload_.get();
    request.as_of = as_of;
    if (overlay != nullptr) request.overlays.push_back(overlay);
    return engine_.assess(request);
  }
  [[nodiscard]] std::string json(const char* offering) const {
    return assessment_json(assess(offering), sovrisk::Messages(world_.catalogue, "en"), {"sovrisk", "test"});
  }
  std::shared_ptr<const sovrisk::Document> overlay(const char* file) {
    auto document = world_.catalogue.read(example(file), world_.diagnostics);
    REQUIRE_MESSAGE(document != nullptr, render_text(world_.diagnostics, world_.sources));
    return document;
  }

 private:
  static std::string example(const char* file) { return std::string(SOVRISK_SOURCE "/examples/emc2/") + file; }

  World world_;
  std::shared_ptr<const sovrisk::Document> workload_;
  Engine engine_;
};

template <class List>
std::vector<std::string> ids(const List& list) {
  std::vector<std::string> names;
  for (const auto* entry : list)
    names.push_back(entry->id);
  return names;
}

bool has(const std::vector<std::string>& names, const char* name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const Exposure* exposure(const Assessment& assessment, const char* law, const char* scope) {
  for (const Exposure& found : assessment.exposures)
    if (found.law->id == law && found.scope == scope) return &found;
  return nullptr;
}

}  // namespace

TEST_CASE("emc2: the method comes to what the authority decided, for the same reasons and time") {
  const Emc2 emc2;
  const Assessment assessment = emc2.assess("azure");
  CHECK(assessment.verdict.value == "conditional");
  REQUIRE(assessment.verdict.until);
  CHECK(assessment.verdict.until->text() == "2026-12-21");
  const auto conditions = ids(assessment.verdict.conditions);
  for (const char* condition : {"exit-plan", "end-date"}) {
    CAPTURE(std::string(condition));
    CHECK(has(conditions, condition));
  }
  const auto reasons = ids(assessment.verdict.reasons);
  for (const char* reason : {"foreign-law-reaches", "location-does-not-defeat", "plaintext-needed", "no-alternative"}) {
    CAPTURE(std::string(reason));
    CHECK(has(reasons, reason));
  }
}

TEST_CASE("emc2: the proof leads from the operator to the parent") {
  const Emc2 emc2;
  const Assessment assessment = emc2.assess("azure");
  const Exposure* found = exposure(assessment, "us-cloud-act", "all-data");
  REQUIRE(found != nullptr);
  CHECK(found->least == Certainty::certain);
  CHECK(found->path == std::vector<std::string>{"microsoft-ireland-operations", "microsoft-corporation"});
  REQUIRE_FALSE(found->matches.empty());
  CHECK_FALSE(found->matches.front().facts.empty());
  const Exposure* evidence = exposure(assessment, "eu-e-evidence", "all-data");
  REQUIRE(evidence != nullptr);
  CHECK(evidence->status == "not-yet-applicable");
}

TEST_CASE("emc2: with an alternative in time the same processing is not acceptable") {
  Emc2 emc2;
  const auto found = emc2.overlay("alternative-found.yaml");
  const Assessment assessment = emc2.assess("azure", found.get());
  CHECK(assessment.verdict.value == "unacceptable");
  CHECK(has(ids(assessment.verdict.reasons), "alternative-exists"));
}

TEST_CASE("emc2: an alias means the same offering, byte for byte") {
  const Emc2 emc2;
  CHECK(emc2.json("azure") == emc2.json("microsoft-azure"));
}

TEST_CASE("emc2: the same inputs give the same bytes, in one process and in a fresh catalogue") {
  const Emc2 one;
  const std::string first = one.json("azure");
  CHECK(first == one.json("azure"));
  (void)one.assess("clever-cloud");
  CHECK(first == one.json("azure"));
  const Emc2 other;
  CHECK(first == other.json("azure"));
}

TEST_CASE("emc2: a European offering with missing facts is not acceptable by default") {
  const Emc2 emc2;
  const Assessment assessment = emc2.assess("clever-cloud");
  REQUIRE_FALSE(assessment.missing.empty());
  CHECK(assessment.verdict.value != "acceptable");
}

TEST_CASE("emc2: what is missing is ranked, and its parts add up to the whole") {
  const Emc2 emc2;
  double sum = 0;
  for (const sovrisk::Missing& missing : emc2.assess("clever-cloud").missing) {
    CHECK_FALSE(missing.decides.empty());
    CHECK(missing.closes > 0);
    sum += missing.closes;
  }
  CHECK(sum == doctest::Approx(1));
}

TEST_CASE("emc2: every input of the report has a digest") {
  const Emc2 emc2;
  for (const sovrisk::Input& input : emc2.assess("azure").inputs) {
    CAPTURE(input.path);
    CHECK(input.sha256.size() == 64);
  }
}
