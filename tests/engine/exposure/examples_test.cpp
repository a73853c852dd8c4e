// The worked examples of tests/worked-examples as code, where more than reach is checked. Each test names its number.
#include <doctest/doctest.h>

#include "engine/exposure/example.h"

using sovrisk::Certainty;
using sovrisk::Date;
using sovrisk::testing::Assessed;
using sovrisk::testing::Example;
using sovrisk::testing::held;
using sovrisk::testing::person;
using sovrisk::testing::spread;

namespace {

using Words = std::vector<std::string>;

constexpr const char* cloud_act = "us-cloud-act";
constexpr const char* fisa = "us-fisa-702";
constexpr const char* ofac = "us-ofac-ieepa";
constexpr const char* ear = "us-ear";

/// Example 1: a US provider owns the European company that runs the service.
Example us_parent() {
  Example example;
  example.op.country = "IE";
  example.op.stakes = "[{owner: x-corp, capital: 100%}]";
  example.others = {spread("x-corp", "US", "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  example.administered_from = "[IE]";
  return example;
}

/// Example 2: 30 % in the hands of a US fund.
Example us_minority() {
  Example example;
  example.op.stakes = "[{owner: x-fund, capital: 30%}, {owner: x-people, capital: 70%}]";
  example.others = {spread("x-fund", "US", "provider: false\n")};
  return example;
}

}  // namespace

TEST_CASE("example 1: a US parent with access brings the data under US law wherever they are") {
  Example example = us_parent();
  example.technology = "[{vendor: x-corp, channel: update}]";
  const Assessed assessed(example);
  CHECK(assessed.certainty(cloud_act, "all-data") == "certain");
  CHECK(assessed.certainty(fisa, "all-data") == "certain");
  CHECK(assessed.row(fisa, "all-data")->status == "winding-down");
  CHECK(assessed.certainty(ofac, "continuity") == "arguable");
  CHECK(assessed.certainty(ear, "continuity") == "certain");
  CHECK(assessed.certainty("eu-e-evidence", "all-data") == "certain");
  CHECK(assessed.certainty("us-eo-12333", "all-data") == "arguable");
  CHECK(assessed.row("us-eo-12333", "all-data")->background);
  assessed.check_not_reached({"uk-ipa", "ch-buepf", "cn-national-intelligence-law"});
}

TEST_CASE("example 1: without technology of the parent, export control of the service can only be argued") {
  CHECK(Assessed(us_parent()).certainty(ear, "continuity") == "arguable");
}

TEST_CASE("example 1 and 15: keys outside the provider change what is obtained, never the reach") {
  const Assessed before(us_parent());
  Example example = us_parent();
  example.keys =
      "{custody: customer-external, provider_override: false, plaintext_at_run_time: false, encryption_at_rest: "
      "default}";
  example.needs_plaintext = false;
  const Assessed after(example);
  REQUIRE(before.rows().size() == after.rows().size());
  for (const Assessed::Row& row : before.rows()) {
    CAPTURE(row.law);
    const Assessed::Row* other = after.row(row.law, row.scope, row.limited);
    REQUIRE(other != nullptr);
    CHECK(other->certainty == row.certainty);
  }
  for (const char* law : {cloud_act, fisa}) {
    CHECK(before.row(law, "all-data")->after_measures == Words{"content"});
    CHECK(after.row(law, "all-data")->after_measures == Words{"ciphertext"});
  }
  CHECK(after.row(ofac, "continuity")->after_measures == before.row(ofac, "continuity")->after_measures);
}

TEST_CASE("example 15: keys outside do not help a workload whose clear text the provider's machines need") {
  Example example = us_parent();
  example.keys =
      "{custody: customer-external, provider_override: false, plaintext_at_run_time: false, encryption_at_rest: "
      "default}";
  CHECK(Assessed(example).row(cloud_act, "all-data")->after_measures == Words{"content"});
}

TEST_CASE("encryption never removes reach: no state of the keys turns a certain row into another") {
  for (const char* custody :
       {"provider", "provider-hsm-customer-key", "shared", "customer-external", "trusted-third-party", "unknown"})
    for (const char* clear : {"true", "false", "unknown"}) {
      Example example = us_parent();
      example.keys = fmt::format(
          "{{custody: {}, provider_override: false, plaintext_at_run_time: {}, encryption_at_rest: default}}", custody,
          clear);
      example.needs_plaintext = false;
      CAPTURE(example.keys);
      const Assessed assessed(example);
      CHECK(assessed.certainty(cloud_act, "all-data") == "certain");
      CHECK(assessed.certainty(fisa, "all-data") == "certain");
    }
}

TEST_CASE("example 2: a US minority holder without rights reaches nothing; its domination in fact can be argued") {
  const Assessed assessed(us_minority());
  assessed.check_not_reached({cloud_act, fisa, ofac, ear, "uk-ipa", "ch-buepf"});
  Example dominated = us_minority();
  dominated.op.control_rights = "[{holder: x-fund, right: de-facto-control}]";
  const Assessed flipped(dominated);
  CHECK(flipped.certainty(cloud_act, "all-data") == "arguable");
  CHECK(flipped.certainty(fisa, "all-data") == "arguable");
}

TEST_CASE("example 3: a US fund above a European holding is an arguable way in") {
  Example example;
  example.op.country = "DE";
  example.op.stakes = "[{owner: x-hold, capital: 100%}]";
  example.others = {held("x-hold", "LU", "[{owner: x-fund, capital: 80%}, {owner: x-people, capital: 20%}]",
                         "provider: false\ncontrol_rights: []\n"),
                    "format: sovrisk-entity/1\nid: x-fund\nname: x-fund\nkind: fund\nprovider: false\nincorporated_in: "
                    "US\nhead_office_in: US\n"
                    "stakes: []\nfloat: {dispersed: true}\ncontrol_rights: []\n"};
  const Assessed assessed(example);
  CHECK(assessed.certainty(cloud_act, "all-data") == "arguable");
  CHECK(assessed.certainty(fisa, "all-data") == "arguable");
  CHECK(assessed.certainty(ofac, "continuity") == "arguable");
}

TEST_CASE("example 5: a US sales subsidiary opens an argument about the European parent") {
  Example example;
  example.op.established_in = "[FR, US]";
  example.op.serves = "[FR, US]";
  example.others = {held("x-sub", "US", "[{owner: x-op, capital: 100%}]", "provider: true\ncontrol_rights: []\n")};
  const Assessed assessed(example);
  CHECK(assessed.certainty(cloud_act, "all-data") == "arguable");
  CHECK(assessed.certainty(fisa, "data-of-that-entity") == "arguable");
  CHECK(assessed.certainty(ofac, "continuity") == "arguable");
  CHECK(assessed.certainty(ear, "continuity") == "arguable");
  example.access = "[{entity: x-op, to: clear}, {entity: x-sub, to: clear}]";
  const Assessed with_access(example);
  CHECK(with_access.certainty(cloud_act, "all-data") == "arguable");
  CHECK(with_access.certainty(cloud_act, "data-of-that-entity") == "certain");
  CHECK(with_access.certainty(fisa, "data-of-that-entity") == "certain");
}

TEST_CASE("example 6: licensed US technology does not reach data but can be cut off") {
  Example example;
  example.others = {spread("x-vendor", "US", "provider: true\n")};
  example.technology = "[{vendor: x-vendor, channel: update, reviewed_by_operator: true, critical: true}]";
  const Assessed assessed(example);
  assessed.check_not_reached({cloud_act, fisa});
  CHECK(assessed.certainty(ear, "continuity") == "certain");
  CHECK(assessed.certainty(ofac, "continuity") == "certain");
  example.technology = "[{vendor: x-vendor, channel: update, reviewed_by_operator: true, critical: false}]";
  CHECK(Assessed(example).certainty(ofac, "continuity") == "arguable");
  example.technology = "[{vendor: x-vendor, channel: update, reviewed_by_operator: false, critical: true}]";
  const Assessed unreviewed(example);
  CHECK(unreviewed.certainty(cloud_act, "data-of-that-entity") == "arguable");
  CHECK(unreviewed.certainty(fisa, "data-of-that-entity") == "arguable");
}

TEST_CASE("example 6: a vendor that was given access can be argued to hold data") {
  Example example;
  example.others = {spread("x-vendor", "US", "provider: true\n")};
  example.technology = "[{vendor: x-vendor, channel: update, reviewed_by_operator: true, critical: true}]";
  example.access = "[{entity: x-op, to: clear}, {entity: x-vendor, to: clear}]";
  const Assessed assessed(example);
  CHECK(assessed.certainty(cloud_act, "data-of-that-entity") == "arguable");
  CHECK(assessed.certainty(fisa, "data-of-that-entity") == "arguable");
}

TEST_CASE("example 8: a UK parent that runs the system brings it under UK law only") {
  Example example;
  example.op.country = "IE";
  example.op.stakes = "[{owner: x-corp, capital: 100%}]";
  example.others = {spread("x-corp", "GB", "provider: true\n")};
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: clear}]";
  example.administered_from = "[GB]";
  const Assessed assessed(example);
  CHECK(assessed.certainty("uk-ipa", "all-data") == "certain");
  assessed.check_not_reached({cloud_act, fisa, ofac, ear});
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: none}]";
  example.administered_from = "[IE]";
  CHECK(Assessed(example).certainty("uk-ipa", "all-data") == "arguable");
}

TEST_CASE("example 10: a Chinese parent is bound itself; what it might obtain through control can be argued") {
  for (const char* access : {"unknown", "metadata"}) {
    Example example;
    example.op.country = "DE";
    example.op.stakes = "[{owner: x-corp, capital: 100%}]";
    example.others = {spread("x-corp", "CN", "provider: true\n")};
    example.access = fmt::format("[{{entity: x-op, to: clear}}, {{entity: x-corp, to: {}}}]", access);
    example.technology = "[{vendor: x-corp, channel: update}]";
    example.site = "DE";
    const Assessed assessed(example);
    CAPTURE(std::string(access));
    CHECK(assessed.certainty("cn-national-intelligence-law", "data-of-that-entity") == "certain");
    CHECK(assessed.certainty("cn-national-intelligence-law", "all-data") == "arguable");
    assessed.check_not_reached({cloud_act, fisa, ofac, ear, "uk-ipa"});
  }
}

TEST_CASE("example 11: the US owner of the building holds hardware, not data") {
  Example example;
  example.facility_owner = "x-host";
  example.others = {held("x-host", "FR", "[{owner: x-corp, capital: 100%}]", "provider: false\ncontrol_rights: []\n"),
                    spread("x-corp", "US", "provider: false\n")};
  const Assessed assessed(example);
  assessed.check_not_reached({cloud_act});
  CHECK(assessed.certainty(fisa, "physical") == "arguable");
  CHECK(assessed.row(fisa, "physical")->after_measures == Words{"ciphertext"});
  CHECK(assessed.certainty(ofac, "continuity") == "arguable");
}

TEST_CASE("example 12: a US sub-processor is reached for what it holds, not for all data") {
  Example example;
  example.op.country = "DE";
  example.site = "DE";
  example.others = {spread("x-cdn", "US", "provider: true\n")};
  example.subprocessors = "[{entity: x-cdn, country: US, to: clear, critical: true}]";
  const Assessed assessed(example);
  CHECK(assessed.certainty(cloud_act, "data-of-that-entity") == "certain");
  CHECK(assessed.certainty(cloud_act, "all-data") == "no row");
  CHECK(assessed.certainty(fisa, "data-of-that-entity") == "certain");
  CHECK(assessed.certainty(ofac, "continuity") == "certain");
  CHECK(assessed.certainty(ear, "continuity") == "arguable");
}

TEST_CASE("example 12: the US parent of a European sub-processor counts like the sub-processor itself") {
  Example example;
  example.op.country = "DE";
  example.site = "DE";
  example.others = {held("x-cdn", "FR", "[{owner: x-corp, capital: 100%}]", "provider: true\ncontrol_rights: []\n"),
                    spread("x-corp", "US", "provider: true\n")};
  example.subprocessors = "[{entity: x-cdn, country: FR, to: clear, critical: true}]";
  const Assessed assessed(example);
  CHECK(assessed.certainty(cloud_act, "data-of-that-entity") == "certain");
  CHECK(assessed.certainty(cloud_act, "all-data") == "no row");
  CHECK(assessed.certainty(fisa, "data-of-that-entity") == "certain");
}

TEST_CASE("example 16: a purely European provider is reached by European law alone") {
  Example example;
  example.op.country = "NL";
  example.op.serves = "[NL, DE]";
  example.site = "NL";
  example.administered_from = "[NL]";
  const Assessed assessed(example);
  CHECK(assessed.certainty("eu-e-evidence", "all-data") == "certain");
  CHECK(assessed.row("us-eo-12333", "all-data")->background);
  assessed.check_not_reached({cloud_act, fisa, ofac, ear, "uk-ipa", "ch-buepf", "cn-national-intelligence-law"});
  example.op.serves = "[NL]";
  Assessed(example).check_not_reached({"eu-e-evidence"});
}

TEST_CASE("example 4: contract and technology together make the reach of the parent arguable") {
  Example example = us_parent();
  example.op.country = "DE";
  example.access = "[{entity: x-op, to: clear}, {entity: x-corp, to: none}]";
  example.separation = "{parent_denied_by_contract: true, parent_denied_by_technology: true}";
  const Assessed walled(example);
  CHECK(walled.certainty(cloud_act, "all-data") == "arguable");
  CHECK(walled.row(cloud_act, "all-data")->most == Certainty::arguable);
  CHECK(walled.certainty(fisa, "all-data") == "arguable");
  example.separation = "{}";
  const Assessed open(example);
  CHECK(open.row(cloud_act, "all-data")->least == Certainty::arguable);
  CHECK(open.row(cloud_act, "all-data")->most == Certainty::certain);
}
