// Exposures on facts that differ only where no law asks are those derived on them.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "assess/assessment.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

constexpr Date day{2023, 12, 21};

std::string told(const Exposure& exposure) {
  std::string text =
      fmt::format("{} {} {}..{} {} {}{} after {} by {} weakened {} mitigated {}:", exposure.law->id, exposure.scope,
                  name_of(exposure.least), name_of(exposure.most), exposure.status, exposure.background,
                  exposure.limited, fmt::join(exposure.after_measures, ","), fmt::join(exposure.mitigations, ","),
                  name_of(exposure.weakened), name_of(exposure.mitigated));
  for (const Match& match : exposure.matches)
    text += fmt::format(" {}={}", match.via, name_of(match.truth));
  return text;
}

}  // namespace

TEST_CASE("exposures elsewhere: told from others where a law's rules come out alike") {
  World world;
  const auto workload = world.catalogue.read(SOVRISK_SOURCE "/examples/emc2/workload.yaml", world.diagnostics);
  const Engine engine(world.catalogue, "cnil", world.diagnostics);
  std::size_t alike_laws = 0;
  std::size_t other_laws = 0;
  for (const char* offering : {"microsoft-azure", "s3ns", "scaleway"}) {
    CAPTURE(std::string(offering));
    Request request;
    request.offering = world.catalogue.find("offering", offering)->id;
    request.workload = workload.get();
    request.as_of = day;
    const Assessment assessment = engine.assess(request);
    for (const bool keys : {false, true}) {
      Value other = *assessment.facts;
      other.find("workload")->set("safeguards", Value::list());
      Derived derived;
      derived.measures = assessment.derived.measures;
      for (auto& [id, active] : derived.measures)
        active = Truth::no;
      if (keys) {
        Value& offered = *other.find("offering");
        if (offered.find("keys") == nullptr) offered.set("keys", Value::map());
        offered.find("keys")->set("custody", Value::of("customer-external"));
        offered.find("keys")->set("encryption_at_rest", Value::of("none"));
      }
      TwoFacts both(*assessment.facts, other);
      for (const Law& law : engine.laws()) {
        if (!alike(law, both)) {
          ++other_laws;
          continue;
        }
        ++alike_laws;
        const auto quick = exposures_elsewhere(assessment.exposures, law, other, derived);
        const auto slow = derive_exposures(law, other, Facts{&other, &engine.groups(), day}, derived, false);
        REQUIRE(quick.size() == slow.size());
        for (std::size_t i = 0; i < quick.size(); ++i)
          CHECK(told(quick[i]) == told(slow[i]));
      }
    }
  }
  CHECK(alike_laws > 100);
  CHECK(other_laws > 0);
}

}  // namespace sovrisk::testing
