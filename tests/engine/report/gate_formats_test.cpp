#include "report/gate_formats.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <nlohmann/json.hpp>
#include <set>

#include "report/gate_parts.h"
#include "support.h"

using namespace sovrisk;
using nlohmann::json;

namespace {

constexpr std::string_view nasty =
    "<b>\"x\" & 'y'</b>\r\n\x1b[31m\x07 %0A::error::, [a](javascript:b) {0} `c` | \xe2\x80\xae \xef\xbf\xbe \xff";

/// A policy, a source file and a shipped file; a result about them that tests fill.
struct Ground {
  testing::World world;
  Messages en{world.catalogue, "en"};
  Messages fr{world.catalogue, "fr"};
  Tool tool{"sovrisk", "1.2.3"};
  FileId policy_file = world.file("format: sovrisk-policy/1\n", "./infra/sovrisk.yaml");
  FileId main_tf = world.file("", "infra/a b/main.tf");
  FileId shipped;
  Document policy;
  std::deque<PlannedResource> resources;
  std::deque<PolicyException> exceptions;
  GateResult result;

  Ground() {
    SourceFile file;
    file.path = "providers/acme.yaml";
    file.shipped = true;
    shipped = world.sources.add(std::move(file));
    policy.kind = "policy";
    policy.file = policy_file;
    result.as_of = {2026, 5, 4};
    result.on_unknown = "fail";
    result.policy = &policy;
    result.inputs.push_back({"./infra/sovrisk.yaml", std::string(64, 'a'), false});
    result.inputs.push_back({"providers/acme.yaml", std::string(64, 'b'), true});
  }

  GateSubject& subject(GateSubject::Kind kind, std::string id, Span span) {
    GateSubject subject;
    subject.kind = kind;
    subject.id = std::move(id);
    subject.span = span;
    if (kind == GateSubject::Kind::resource) {
      resources.emplace_back().type = "acme_bucket";
      subject.resource = &resources.back();
    }
    result.subjects.push_back(std::move(subject));
    return result.subjects.back();
  }

  GateCheck& check(GateSubject& subject, GateCheck::Kind kind, std::string rule, Outcome outcome, Truth truth) {
    GateCheck check;
    check.kind = kind;
    check.rule = std::move(rule);
    check.subject = "at_rest";
    check.wanted = "FR, DE";
    check.found = truth == Truth::unknown ? "unknown" : "US";
    check.result = truth;
    check.outcome = outcome;
    check.span = {policy_file, 4, 3, 5};
    check.fingerprint = fmt::format("{:032x}", ++fingerprints_);
    std::size_t* counted[] = {&result.counts.passed, &result.counts.excepted, &result.counts.warned,
                              &result.counts.open, &result.counts.failed};
    ++*counted[static_cast<std::size_t>(outcome)];
    subject.checks.push_back(std::move(check));
    return subject.checks.back();
  }

  const PolicyException& exception(PolicyException::State state) {
    PolicyException exception;
    exception.rule = "place:*";
    exception.subject = "*";
    exception.reason = "moves in June";
    exception.owner = "Ada";
    exception.approver = "Grace";
    exception.ticket = "T-1";
    exception.expires = {2026, 6, 30};
    exception.span = {policy_file, 9, 1, 3};
    exception.state = state;
    exceptions.push_back(exception);
    result.exceptions.push_back(exception);
    return exceptions.back();
  }

  /// A pair with a check of each outcome, and a resource.
  void usual() {
    using Kind = GateCheck::Kind;
    GateSubject& pair = subject(GateSubject::Kind::pair, "acme for shop", {policy_file, 3, 5, 1});
    check(pair, Kind::place, "place:at_rest", Outcome::passed, Truth::yes);
    check(pair, Kind::law, "denied-law:xx-law", Outcome::failed, Truth::no).subject = "xx-law";
    GateCheck& open = check(pair, Kind::verdict, "least-verdict", Outcome::open, Truth::unknown);
    open.facts.push_back({"offering.keys.custody", "unknown", Truth::unknown, nullptr});
    check(pair, Kind::gate, "gate:xx", Outcome::warned, Truth::unknown);
    GateSubject& bucket = subject(GateSubject::Kind::resource, "module.a.acme_bucket.b[\"x\"]", {main_tf, 7, 1, 8});
    bucket.passed = 3;
    GateCheck& place = check(bucket, Kind::place, "place:at_rest", Outcome::excepted, Truth::no);
    place.exception = &exception(PolicyException::State::in_force);
    place.chain = {{"provider.acme: region", "var.region"}, {"var.region", "us-1"}};
    result.counts.passed += 3;
  }

 private:
  unsigned fingerprints_ = 0;
};

bool has_control(const std::string& text) {
  for (const char c : text)
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) return true;
  return text.find("\xe2\x80\xae") != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

}  // namespace

TEST_CASE("gate formats: paths are those of the repository") {
  CHECK(gate::repository_path("./a/../b.yaml", {}) == "b.yaml");
  CHECK(gate::repository_path("b.yaml", {"/r/sub", "/r", true}) == "sub/b.yaml");
  CHECK(gate::repository_path("../b.yaml", {"/r/sub", "/r/", true}) == "b.yaml");
  CHECK(gate::repository_path("/r/x/b.yaml", {"", "/r", true}) == "x/b.yaml");
  CHECK(gate::repository_path("/rest/b.yaml", {"", "/r", true}) == "/rest/b.yaml");
  CHECK(gate::repository_path("../../b.yaml", {"/r/sub", "/r", true}) == "../../b.yaml");
  CHECK(gate::repository_path("-", {"/r", "/r", true}) == "-");
}

TEST_CASE("gate formats: every code of a reason has words") {
  Ground ground;
  const auto holds = [&](GateCheck::Kind kind, std::string_view code) {
    GateCheck check;
    check.kind = kind;
    check.why_unknown = code;
    for (const Messages* m : {&ground.en, &ground.fr}) {
      const std::string account = gate::account_of(check, *m);
      CHECK(!gate::why_of(check, *m).empty());
      CHECK(account.find(gate::why_of(check, *m)) != std::string::npos);
      CHECK(account.find("‹") == std::string::npos);
      CHECK(account.find(fmt::format(" {}.", code)) == std::string::npos);
    }
  };
  for (const std::string_view code :
       {"after-apply", "sensitive", "environment", "dynamic", "which-provider", "global-service", "no-region",
        "no-table", "not-named", "region-not-listed", "country-unknown", "other-partition", "unknown-provider",
        "deferred", "several", "utility", "other-endpoint"})
    holds(GateCheck::Kind::place, code);
  for (const std::string_view code : {"targeted-or-deferred", "errored", "deferred", "loop", "linked-template",
                                      "unresolved-module", "no-resource-changes"})
    holds(GateCheck::Kind::complete, code);
}

TEST_CASE("gate formats: lines are cut between characters") {
  CHECK(gate::line("äöü", 3) == "äöü");
  CHECK(gate::line("äöüß", 3) == "äö…");
}

TEST_CASE("gate sarif: places, levels, kinds and rules") {
  Ground ground;
  ground.usual();
  const json log = json::parse(gate_sarif(ground.result, ground.en, ground.tool, ground.world.sources));
  const json& run = log["runs"][0];
  const json& results = run["results"];
  REQUIRE(results.size() == 4);  // passed ones are not listed
  std::map<std::string, json> by_rule;
  for (const json& one : results) {
    CHECK(one["locations"][0].contains("physicalLocation"));
    CHECK(run["tool"]["driver"]["rules"][one["ruleIndex"].get<std::size_t>()]["id"] == one["ruleId"]);
    CHECK(one["partialFingerprints"]["sovrisk/v1"].get<std::string>().size() == 32);
    by_rule[one["ruleId"]] = one;
  }
  const auto place = [&](const std::string& rule) { return by_rule[rule]["locations"][0]["physicalLocation"]; };
  CHECK(place("place:at_rest")["artifactLocation"]["uri"] == "infra/a%20b/main.tf");
  CHECK(place("place:at_rest")["artifactLocation"]["uriBaseId"] == "%SRCROOT%");
  CHECK(place("place:at_rest")["region"] == json{{"startLine", 7}, {"startColumn", 1}, {"endColumn", 9}});
  CHECK(place("denied-law:xx-law")["artifactLocation"]["uri"] == "infra/sovrisk.yaml");
  CHECK(place("denied-law:xx-law")["region"]["startLine"] == 4);
  CHECK(by_rule["place:at_rest"]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] ==
        "module.a.acme_bucket.b[\"x\"]");

  CHECK(by_rule["denied-law:xx-law"]["level"] == "error");
  CHECK(by_rule["denied-law:xx-law"]["kind"] == "fail");
  // SARIF 3.27.10: of another kind than `fail`, a result has no level.
  CHECK(by_rule["least-verdict"]["kind"] == "open");
  CHECK_FALSE(by_rule["least-verdict"].contains("level"));
  CHECK(by_rule["least-verdict"]["message"]["text"].get<std::string>().find("offering.keys.custody") !=
        std::string::npos);
  for (const json& rule : run["tool"]["driver"]["rules"]) {
    CHECK(rule["help"]["text"].get<std::string>().size() > 20);
    const std::string level = rule["id"] == "gate:xx" ? "warning" : rule["id"] == "place:at_rest" ? "note" : "error";
    CHECK(rule["defaultConfiguration"]["level"] == level);
  }
  CHECK(run["artifacts"].size() == 1);  // what is shipped is none
}

TEST_CASE("gate sarif: what is excepted is suppressed, or left out when asked") {
  Ground ground;
  ground.usual();
  const json log = json::parse(gate_sarif(ground.result, ground.en, ground.tool, ground.world.sources));
  for (const json& one : log["runs"][0]["results"]) {
    // 3.27.23: all results of a run have suppressions, or none.
    REQUIRE(one.contains("suppressions"));
    if (one["ruleId"] != "place:at_rest") {
      CHECK(one["suppressions"].empty());
      continue;
    }
    CHECK(one["level"] == "note");
    CHECK(one["suppressions"][0]["kind"] == "external");
    const auto why = one["suppressions"][0]["justification"].get<std::string>();
    for (const std::string_view part : {"moves in June", "Ada", "Grace", "T-1", "2026"})
      CHECK(why.find(part) != std::string::npos);
    CHECK(one["suppressions"][0]["location"]["physicalLocation"]["region"]["startLine"] == 9);
  }
  GateFormatOptions options;
  options.excepted = false;
  const json without = json::parse(gate_sarif(ground.result, ground.en, ground.tool, ground.world.sources, options));
  CHECK(without["runs"][0]["results"].size() == 3);
  for (const json& one : without["runs"][0]["results"])
    CHECK_FALSE(one.contains("suppressions"));
}

TEST_CASE("gate sarif: an exception that ran out suppresses nothing, and is told") {
  Ground ground;
  GateSubject& pair = ground.subject(GateSubject::Kind::pair, "acme for shop", {});
  GateCheck& check = ground.check(pair, GateCheck::Kind::place, "place:at_rest", Outcome::failed, Truth::no);
  check.exception = &ground.exception(PolicyException::State::expired);
  const json log = json::parse(gate_sarif(ground.result, ground.en, ground.tool, ground.world.sources));
  const json& one = log["runs"][0]["results"][0];
  CHECK_FALSE(one.contains("suppressions"));
  CHECK(one["message"]["text"].get<std::string>().find("ran out") != std::string::npos);
}

TEST_CASE("gate sarif: a file of the catalogue is never the place") {
  Ground ground;
  GateSubject& plan = ground.subject(GateSubject::Kind::resource, "acme_bucket.b", {ground.shipped, 3, 1, 1});
  ground.check(plan, GateCheck::Kind::offering, "offering", Outcome::failed, Truth::no).span = {ground.shipped, 3, 1,
                                                                                                1};
  const std::string text = gate_sarif(ground.result, ground.en, ground.tool, ground.world.sources);
  CHECK(text.find("providers/acme.yaml") == std::string::npos);
  const json log = json::parse(text);
  const json& place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "infra/sovrisk.yaml");
  CHECK(place["region"] == json{{"startLine", 1}});
}

TEST_CASE("gate junit: counts, names and outcomes") {
  Ground ground;
  ground.usual();
  const std::string text = gate_junit(ground.result, ground.en, ground.world.sources, JunitFlavour::plain);
  CHECK(text.find("<testsuites name=\"sovrisk gate\" tests=\"6\" failures=\"1\" errors=\"1\">") != std::string::npos);
  CHECK(text.find("<testsuite name=\"acme for shop\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"1\">") !=
        std::string::npos);
  CHECK(text.find("name=\"place:at_rest\"/>") != std::string::npos);
  CHECK(text.find("<failure type=\"failed\"") != std::string::npos);
  CHECK(text.find("<error type=\"not-established\"") != std::string::npos);
  CHECK(text.find("<skipped type=\"excepted\" message=\"Accepted until") != std::string::npos);
  CHECK(text.find("name=\"other-checks\"") != std::string::npos);
  CHECK(text.find(" file=") == std::string::npos);  // junit-10.xsd refuses it

  const std::string gitlab = gate_junit(ground.result, ground.en, ground.world.sources, JunitFlavour::gitlab);
  CHECK(gitlab.find("file=\"infra/a b/main.tf\"") != std::string::npos);
  CHECK(times(gitlab, " file=") == 6);
}

TEST_CASE("gate junit: no two cases have the same names") {
  Ground ground;
  for (int i = 0; i < 2; ++i) {
    GateSubject& pair = ground.subject(GateSubject::Kind::pair, "acme for shop", {});
    ground.check(pair, GateCheck::Kind::place, "place:backup", Outcome::failed, Truth::no);
    ground.check(pair, GateCheck::Kind::place, "place:backup", Outcome::failed, Truth::no);
  }
  const std::string text = gate_junit(ground.result, ground.en, ground.world.sources, JunitFlavour::gitlab);
  for (const std::string_view name : {"\"place:backup\"", "\"place:backup #2\"", "\"place:backup #3\"", "#4\""})
    CHECK(times(text, name) == 1);
}

TEST_CASE("gate formats: what is not established and let pass is no pass") {
  for (const Outcome outcome : {Outcome::warned, Outcome::passed}) {
    Ground ground;
    GateSubject& pair = ground.subject(GateSubject::Kind::pair, "acme for shop", {});
    ground.check(pair, GateCheck::Kind::place, "place:at_rest", outcome, Truth::unknown);
    const std::string junit = gate_junit(ground.result, ground.en, ground.world.sources, JunitFlavour::plain);
    CHECK(junit.find("<skipped type=\"let-pass\"") != std::string::npos);
    CHECK(gate_summary(ground.result, ground.en, ground.world.sources).find("The policy holds") == std::string::npos);
    const json bom = json::parse(gate_cyclonedx(ground.result, ground.en, ground.tool));
    CHECK_FALSE(bom["declarations"]["attestations"][0]["map"][0]["conformance"].contains("score"));
  }
}

TEST_CASE("gate github: worst first, at most ten of a kind, the rest counted") {
  Ground ground;
  GateSubject& pair = ground.subject(GateSubject::Kind::pair, "acme for shop", {});
  for (int i = 0; i < 26; ++i)
    ground.check(pair, GateCheck::Kind::place, "place:at_rest", i == 25 ? Outcome::failed : Outcome::open,
                 i == 25 ? Truth::no : Truth::unknown);
  for (int i = 0; i < 10; ++i)
    ground.check(pair, GateCheck::Kind::law, "denied-law:x", Outcome::warned, Truth::unknown);
  const auto lines = lines_of(gate_github(ground.result, ground.en, ground.world.sources));
  REQUIRE(lines.size() == 20);
  CHECK(lines[0] ==
        "::error file=infra/sovrisk.yaml,line=4,col=3,endColumn=7,title=sovrisk place%3Aat_rest::acme for "
        "shop: place of data at rest. Found: US; asked: FR, DE.");
  CHECK(lines[9].starts_with("::error title=sovrisk gate::17 more"));
  CHECK(lines[10].starts_with("::warning file="));
  CHECK(lines[19].starts_with("::warning file="));
}

TEST_CASE("gate code quality: what GitLab needs") {
  Ground ground;
  ground.usual();
  ground.result.subjects[0].checks[1].fingerprint = ground.result.subjects[0].checks[2].fingerprint;
  const json list = json::parse(gate_code_quality(ground.result, ground.en, ground.world.sources));
  REQUIRE(list.size() == 4);
  std::set<std::string> fingerprints;
  std::multiset<std::string> severities;
  for (const json& one : list) {
    fingerprints.insert(one["fingerprint"]);
    severities.insert(one["severity"]);
    CHECK(one["location"]["lines"]["begin"].get<int>() >= 1);
    CHECK_FALSE(one["location"]["path"].get<std::string>().starts_with("."));
  }
  CHECK(fingerprints.size() == 4);
  CHECK(severities == std::multiset<std::string>{"critical", "major", "minor", "info"});
}

TEST_CASE("gate summary: what failed, exceptions, and a bound") {
  Ground ground;
  ground.usual();
  const std::string text = gate_summary(ground.result, ground.en, ground.world.sources);
  CHECK(text.find("**The policy does not hold**") != std::string::npos);
  for (const std::string_view part : {"xx-law must not reach content", "Exceptions (1)", "moves in June", "Failed (1)"})
    CHECK(text.find(part) != std::string::npos);

  Ground large;
  GateSubject& pair = large.subject(GateSubject::Kind::pair, std::string(nasty) + std::string(5000, '&'), {});
  for (int i = 0; i < 3000; ++i) {
    GateCheck& check = large.check(pair, GateCheck::Kind::rule, "rule:x", Outcome::failed, Truth::no);
    check.found = std::string(5000, '&');
    large.exception(PolicyException::State::in_force);
  }
  const std::string bounded = gate_summary(large.result, large.en, large.world.sources);
  CHECK(bounded.size() < 512U << 10);
  CHECK(times(bounded, "more\n") == 2);
}

TEST_CASE("gate cyclonedx: every reference leads somewhere") {
  Ground ground;
  ground.usual();
  const std::string text = gate_cyclonedx(ground.result, ground.en, ground.tool);
  const json bom = json::parse(text);
  CHECK(text == gate_cyclonedx(ground.result, ground.en, ground.tool));
  CHECK(bom["metadata"]["timestamp"] == "2026-05-04T00:00:00Z");
  std::set<std::string> refs{"assessor"};
  const auto add = [&](const json& list) {
    for (const json& one : list)
      CHECK(refs.insert(one["bom-ref"]).second);
  };
  const json& said = bom["declarations"];
  add(said["claims"]);
  add(said["evidence"]);
  add(said["targets"]["services"]);
  for (const json& standard : bom["definitions"]["standards"])
    add(standard["requirements"]);
  std::size_t scores = 0;
  std::size_t mitigated = 0;
  for (const json& attestation : said["attestations"]) {
    CHECK(attestation["assessor"] == "assessor");
    for (const json& one : attestation["map"]) {
      CHECK(refs.contains(one["requirement"]));
      for (const std::string_view key : {"claims", "counterClaims"})
        if (one.contains(key))
          for (const json& claim : one[std::string(key)])
            CHECK(refs.contains(claim));
      scores += one["conformance"].contains("score") ? 1 : 0;
      if (one["conformance"].contains("mitigationStrategies")) {
        ++mitigated;
        CHECK(refs.contains(one["conformance"]["mitigationStrategies"][0]));
        CHECK(one["conformance"]["score"] == 0);  // accepted is not met
      }
    }
  }
  CHECK(scores == 3);  // of five checks, two are not established
  CHECK(mitigated == 1);
  for (const json& claim : said["claims"])
    CHECK(refs.contains(claim["target"]));

  ground.result.subjects[0].checks[1].found = "another";
  CHECK(json::parse(gate_cyclonedx(ground.result, ground.en, ground.tool))["serialNumber"] != bom["serialNumber"]);
}

TEST_CASE("gate formats: ids and outcomes are the same in every language") {
  Ground ground;
  ground.usual();
  const json en = json::parse(gate_sarif(ground.result, ground.en, ground.tool, ground.world.sources));
  const json fr = json::parse(gate_sarif(ground.result, ground.fr, ground.tool, ground.world.sources));
  REQUIRE(en["runs"][0]["results"].size() == fr["runs"][0]["results"].size());
  for (std::size_t i = 0; i < en["runs"][0]["results"].size(); ++i)
    for (const std::string_view key : {"ruleId", "kind", "partialFingerprints", "properties"})
      CHECK(en["runs"][0]["results"][i][std::string(key)] == fr["runs"][0]["results"][i][std::string(key)]);
  CHECK(en["runs"][0]["results"][0]["message"] != fr["runs"][0]["results"][0]["message"]);
}

TEST_CASE("gate formats: hostile names break out of nothing") {
  Ground ground;
  const std::string name(nasty);
  GateSubject& resource =
      ground.subject(GateSubject::Kind::resource, name, {ground.world.file("", name + "/x\ny.tf"), 1, 1, 1});
  GateCheck& check = ground.check(resource, GateCheck::Kind::rule, "rule:" + name, Outcome::failed, Truth::no);
  check.subject = name;
  check.found = name;
  check.wanted = name;
  check.chain = {{name, name}};
  check.why_unknown = name;
  check.facts = {{name, name, Truth::yes, nullptr}};
  GateCheck& excepted =
      ground.check(resource, GateCheck::Kind::place, "place:at_rest", Outcome::excepted, Truth::unknown);
  excepted.why_unknown = name;
  PolicyException exception = ground.exception(PolicyException::State::in_force);
  exception.reason = exception.owner = exception.approver = exception.ticket = name;
  exception.rule = exception.subject = name;
  ground.result.exceptions = {exception};
  excepted.exception = &ground.result.exceptions.front();
  ground.result.inputs.push_back({name, std::string(64, 'c'), false});

  const SourceMap& sources = ground.world.sources;
  const GateResult& result = ground.result;
  for (const Messages* m : {&ground.en, &ground.fr}) {
    const std::string sarif = gate_sarif(result, *m, ground.tool, sources);
    const std::string quality = gate_code_quality(result, *m, sources);
    const std::string cyclonedx = gate_cyclonedx(result, *m, ground.tool);
    const std::string junit = gate_junit(result, *m, sources, JunitFlavour::gitlab);
    const std::string github = gate_github(result, *m, sources);
    const std::string summary = gate_summary(result, *m, sources);
    for (const std::string* text : {&sarif, &quality, &cyclonedx, &junit, &github, &summary}) {
      CHECK_FALSE(has_control(*text));
      CHECK(text->find("‹") == std::string::npos);  // a key without words
    }
    const auto message = json::parse(sarif)["runs"][0]["results"][0]["message"]["text"].get<std::string>();
    CHECK(message.find("](") == std::string::npos);
    CHECK(message.find("{{0}}") != std::string::npos);
    CHECK_FALSE(json::parse(cyclonedx).empty());
    CHECK(json::parse(quality).size() == 2);
    CHECK(junit.find("<b>") == std::string::npos);
    CHECK(junit.find("\xef\xbf\xbe") == std::string::npos);
    const auto lines = lines_of(github);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("::error file=<b>"));
    CHECK(lines[0].find(",line=1,") != std::string::npos);
    CHECK(lines[1].starts_with("::notice file="));
    CHECK(github.find("%0A::error") == std::string::npos);  // it reads %250A
    CHECK(summary.find("<b>") == std::string::npos);
    CHECK(times(summary, "](javascript") == times(summary, "\\](javascript"));
  }
}
