#include "assess/difference.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "assess/standing.h"
#include "engine/load/diagnostic_cases.h"
#include "report/diff.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Strings = std::vector<std::string>;

std::string words(const Standing& side) {
  std::string text = fmt::format("{}", fmt::join(side.words, "|"));
  if (side.range) text += fmt::format("[{},{}]", side.range->low, side.range->high);
  return text.empty() ? "-" : text;
}

/// "worse exposure us-cloud-act all-data certainty: arguable > certain", one a line.
Strings shown(const Differences& differences) {
  Strings lines;
  for (const Difference& one : differences.all)
    lines.push_back(fmt::format("{} {}{}{}{}{} {}: {} > {}", name_of(one.change), name_of(one.part),
                                one.subject.empty() ? "" : " " + one.subject, one.scope.empty() ? "" : " " + one.scope,
                                one.limited ? " limited" : "", one.rule.empty() ? "" : " " + one.rule, one.aspect,
                                words(one.before), words(one.after)));
  return lines;
}

Differences compared(const std::string& before, const std::string& after) {
  World world;
  const auto result = compare_results(world.yaml(before), world.yaml(after), world.diagnostics);
  INFO(render_text(world.diagnostics, world.sources));
  REQUIRE(result.has_value());
  return *result;
}

/// The changes between two assessments that hold these keys.
Strings assessed(const std::string& before, const std::string& after) {
  const std::string format = "format: sovrisk-assessment/1\n";
  return shown(compared(format + before, format + after));
}

Strings gated(const std::string& before, const std::string& after) {
  const std::string format = "format: sovrisk-gate/1\n";
  return shown(compared(format + before, format + after));
}

std::string exposure(std::string_view law, std::string_view grade, std::string_view scope = "all-data",
                     std::string_view left = "content", std::string_view more = "") {
  return fmt::format("- {{law: {}, certainty: {}, certainty_at_most: {}, scope: {}, after_measures: [{}]{}}}\n", law,
                     grade, grade, scope, left, more);
}

std::string check(std::string_view rule, std::string_view outcome, std::string_view found = "x",
                  std::string_view more = "") {
  return fmt::format("{{rule: '{}', outcome: {}, found: '{}'{}}}", rule, outcome, found, more);
}

std::string subject(std::string_view id, std::string_view kind, const Strings& checks) {
  return fmt::format("- {{id: '{}', kind: {}, checks: [{}]}}\n", id, kind, fmt::join(checks, ", "));
}

}  // namespace

const std::vector<DiagnosticCase>& difference_cases() {
  using Through = DiagnosticCase::Through;
  const std::string formats = "formats sovrisk-assessment/1 and sovrisk-gate/1 are";
  const std::string by_us = "give a file that `sovrisk assess -f json` or `sovrisk gate -f json` has written";
  static const std::vector<DiagnosticCase> cases{
      {Through::result, "not-comparable", R"({"format": «"sovrisk-comparison/1"»})",
       "files of the format `sovrisk-comparison/1` are not compared", formats},
      {Through::result, "not-comparable", R"(«{»"a": 1})", "the file does not tell its format", formats},
      {Through::result, "not-comparable", R"({"format": «7»})", "the file does not tell its format", formats},
      {Through::result, "not-comparable", R"(«[»])", "the file does not tell its format", formats},
      {Through::result, "not-comparable", R"({"format": «"sovrisk-assessment/1"»})",
       "the file is of the format `sovrisk-assessment/1`, the other of `sovrisk-gate/1`",
       "give two assessments or two results of a gate"},
      {Through::result, "not-comparable", R"({"format": "sovrisk-gate/1", "counts": {"known_before": «3»}})",
       "the result leaves out 3 deviations that its baseline has",
       "write one with `sovrisk gate -f json`, without `--baseline`"},
      {Through::result, "not-a-result", R"({"format": "sovrisk-gate/1", "subjects": «7»})",
       "`subjects` is a number, not a list", by_us},
      {Through::result, "not-a-result", "{\"format\": \"sovrisk-gate/1\",\n \"pairs\": [{}, «\"é\"»]}",
       "`pairs[]` is text, not a map", by_us},
      {Through::result, "not-a-result", R"({"format": "sovrisk-gate/1", "subjects": [{"id": «[»1]}]})",
       "`id` is a list, not text", by_us},
  };
  return cases;
}

TEST_CASE("difference: what is no result is refused") {
  for (const DiagnosticCase& wanted : difference_cases())
    check_case(wanted);
}

TEST_CASE("difference: a file of nothing but mistakes is refused in a few words") {
  World world;
  std::string text = "format: sovrisk-gate/1\nsubjects:\n";
  for (int i = 0; i < 1000; ++i)
    text += "- 1\n";
  const Node root = world.yaml(text);
  CHECK(!compare_results(root, root, world.diagnostics));
  CHECK(world.diagnostics.error_count() == 20);
}

TEST_CASE("difference: both ends of a range tell how it moved") {
  CHECK(!moved({1, 2}, {1, 2}));
  CHECK(moved({1, 2}, {2, 3}) == Change::better);
  CHECK(moved({1, 2}, {0, 1}) == Change::worse);
  CHECK(moved({1, 1}, {2, 2}) == Change::better);
  CHECK(moved({2, 2}, {1, 1}) == Change::worse);
  CHECK(moved({0, 9}, {1, 8}) == Change::known);
  CHECK(moved({0, 9}, {0, 8}) == Change::known);
  CHECK(moved({0, 9}, {5, 9}) == Change::known);
  CHECK(moved({0, 9}, {9, 9}) == Change::known);
  CHECK(moved({0, 9}, {0, 0}) == Change::worse);  // nothing is left to hope for
  CHECK(moved({1, 8}, {0, 9}) == Change::unknown);
  CHECK(moved({1, 1}, {0, 1}) == Change::unknown);
  CHECK(moved({0, 0}, {0, 1}) == Change::unknown);
}

TEST_CASE("difference: equal results do not differ, and each side of a change mirrors the other") {
  const std::string one = "exposures:\n" + exposure("a", "certain") + exposure("b", "arguable");
  const std::string two = "exposures:\n" + exposure("a", "arguable") + exposure("b", "certain");
  CHECK(assessed(one, one).empty());
  CHECK(assessed(one, two) == Strings{"worse exposure b all-data certainty: arguable > certain",
                                      "better exposure a all-data certainty: certain > arguable"});
  CHECK(assessed(two, one) == Strings{"worse exposure a all-data certainty: arguable > certain",
                                      "better exposure b all-data certainty: certain > arguable"});
  CHECK(assessed("", "").empty());
}

TEST_CASE("difference: verdicts") {
  const auto verdict = [](std::string_view value, std::string_view possible = "", std::string_view until = "null") {
    return fmt::format("verdict: {{value: {}, possible: [{}], until: {}}}\n", value, possible, until);
  };
  const auto change = [&](const std::string& before, const std::string& after) {
    const Strings all = assessed(before, after);
    return all.empty() ? std::string() : all.front();
  };
  const std::string open = verdict("undetermined", "acceptable, conditional, unacceptable");
  CHECK(change(verdict("acceptable"), verdict("conditional")) == "worse verdict value: acceptable > conditional");
  CHECK(change(verdict("unacceptable"), verdict("conditional")) == "better verdict value: unacceptable > conditional");
  CHECK(change(verdict("acceptable"), open) ==
        "unknown verdict value: acceptable > acceptable|conditional|unacceptable");
  CHECK(change(verdict("unacceptable"), open).starts_with("unknown"));
  CHECK(change(open, verdict("acceptable")).starts_with("known"));
  CHECK(change(open, verdict("unacceptable")).starts_with("worse"));
  CHECK(change(open, verdict("undetermined", "acceptable, conditional")).starts_with("known"));
  CHECK(change(verdict("undetermined"), open) ==
        "other verdict value: undetermined > "
        "acceptable|conditional|unacceptable");
  CHECK(change(verdict("conditional", "", "2026-01-01"), verdict("conditional", "", "2027-01-01")) ==
        "other verdict until: 2026-01-01 > 2027-01-01");
  CHECK(change(verdict("acceptable"), "") == "unknown verdict value: acceptable > -");
  CHECK(change(verdict("splendid"), verdict("acceptable")) == "other verdict value: splendid > acceptable");
}

TEST_CASE("difference: questions that are not asked are neither good nor bad") {
  const auto question = [](std::string_view value) {
    return fmt::format("questions: [{{id: q, value: {}, possible: []}}]\n", value);
  };
  CHECK(assessed(question("acceptable"), question("not-asked")) ==
        Strings{"other question q value: acceptable > not-asked"});
  CHECK(assessed(question("not-asked"), question("unacceptable")) ==
        Strings{"worse question q value: not-asked > unacceptable"});
  CHECK(assessed(question("not-asked"), question("acceptable")) ==
        Strings{"known question q value: not-asked > acceptable"});
  CHECK(assessed(question("not-asked"), question("not-asked")).empty());
  CHECK(assessed(question("not-asked"), "").empty());
  CHECK(assessed(question("acceptable"), "") == Strings{"unknown question q value: acceptable > -"});
  CHECK(assessed("", question("undetermined")) == Strings{"unknown question q value: - > undetermined"});
}

TEST_CASE("difference: exposures") {
  const auto laws = [](const std::string& text) { return "exposures:\n" + text; };
  const std::string none = laws(exposure("a", "not-reached", "none", "none"));
  CHECK(assessed(none, laws(exposure("a", "certain"))) ==
        Strings{"worse exposure a all-data certainty: not-reached > certain"});
  CHECK(assessed(laws(exposure("a", "certain")), none) ==
        Strings{"better exposure a all-data certainty: certain > not-reached"});
  // A reach of all data covers that of metadata: less is no new reach.
  CHECK(assessed(laws(exposure("a", "certain")), laws(exposure("a", "certain", "metadata", "metadata"))) ==
        Strings{"better exposure a metadata after_measures: content > metadata",
                "better exposure a all-data certainty: certain > not-reached"});
  CHECK(assessed(laws(exposure("a", "certain", "continuity", "continuity")), laws(exposure("a", "certain"))) ==
        Strings{"worse exposure a all-data certainty: not-reached > certain",
                "better exposure a continuity certainty: certain > not-reached"});
  // The general reach covers that within a limit.
  CHECK(assessed(laws(exposure("a", "certain")),
                 laws(exposure("a", "certain", "all-data", "content", ", limited: true"))) ==
        Strings{"better exposure a all-data certainty: certain > not-reached"});
  CHECK(assessed(laws(exposure("a", "certain")), laws(exposure("a", "certain", "all-data", "ciphertext, content"))) ==
        Strings{"unknown exposure a all-data after_measures: content > ciphertext|content"});
  CHECK(assessed(laws(exposure("a", "unknown")), laws(exposure("a", "certain"))).front().starts_with("worse"));
  CHECK(assessed(laws(exposure("a", "certain")),
                 laws("- {law: a, certainty: unknown, certainty_at_most: certain, scope: all-data}\n")) ==
        Strings{"unknown exposure a all-data certainty: certain > unknown"});
  // Of several entries the worst counts.
  CHECK(assessed(laws(exposure("a", "certain")), laws(exposure("a", "arguable") + exposure("a", "certain"))).empty());
  // A law that is no longer looked at is unknown, not better.
  CHECK(assessed(laws(exposure("a", "certain")), "") == Strings{"unknown exposure a all-data certainty: certain > -"});
  CHECK(assessed("", laws(exposure("a", "arguable"))) == Strings{"worse exposure a all-data certainty: - > arguable"});
  CHECK(assessed("", none) == Strings{"known exposure a certainty: - > not-reached"});
  CHECK(assessed(none, "") == Strings{"unknown exposure a certainty: not-reached > -"});
  CHECK(assessed(laws(exposure("a", "certain", "all-data", "content", ", status: in-force")),
                 laws(exposure("a", "certain", "all-data", "content", ", status: lapsed"))) ==
        Strings{"other exposure a status: in-force > lapsed"});
}

TEST_CASE("difference: frameworks") {
  const auto framework = [](std::string_view text) { return fmt::format("frameworks:\n- {{id: f, {}}}\n", text); };
  CHECK(
      assessed(framework("level: {min: 1, max: 2, name: 'L1..L2'}"), framework("level: {min: 2, max: 2, name: L2}")) ==
      Strings{"known framework f level: L1..L2[1,2] > L2[2,2]"});
  CHECK(assessed(framework("score: {min: 10, max: 20}"), framework("score: {min: 5, max: 15}")) ==
        Strings{"worse framework f score: [10,20] > [5,15]"});
  CHECK(assessed(framework("gate: {status: met}"), framework("gate: {status: unknown}")) ==
        Strings{"unknown framework f gate: met > unknown"});
  CHECK(assessed(framework("gate: {status: unknown}"), framework("gate: {status: not-met}")) ==
        Strings{"worse framework f gate: unknown > not-met"});
  CHECK(assessed(framework("version: '1', applies: 'true'"), framework("version: '2', applies: unknown")) ==
        Strings{"unknown framework f applies: true > unknown", "other framework f version: 1 > 2"});
  CHECK(assessed(framework("gate: {status: met}"), "") == Strings{"unknown framework f assessed: assessed > -"});
  CHECK(assessed("", framework("gate: {status: met}")) == Strings{"known framework f assessed: - > assessed"});
  CHECK(assessed(framework("objectives: [{id: o, level: {min: 1, max: 1}, score: null}]"),
                 framework("objectives: [{id: o, level: {min: 2, max: 2}, score: null}]")) ==
        Strings{"better objective f o level: [1,1] > [2,2]"});
  const auto criterion = [&](std::string_view text) {
    return framework(fmt::format("criteria: [{{id: c, {}}}]", text));
  };
  CHECK(assessed(criterion("status: met"), criterion("status: partly-met")) ==
        Strings{"worse criterion f c status: met > partly-met"});
  CHECK(assessed(criterion("status: met"), criterion("status: unknown")) ==
        Strings{"unknown criterion f c status: met > unknown"});
  CHECK(assessed(criterion("status: unknown"), criterion("status: met")) ==
        Strings{"known criterion f c status: unknown > met"});
  CHECK(assessed(criterion("status: unknown"), criterion("status: not-met")) ==
        Strings{"worse criterion f c status: unknown > not-met"});
  CHECK(assessed(criterion("status: not-met"), criterion("status: not-applicable")) ==
        Strings{"other criterion f c status: not-met > not-applicable"});
  CHECK(assessed(criterion("status: not-applicable"), criterion("status: not-met")) ==
        Strings{"worse criterion f c status: not-applicable > not-met"});
  CHECK(assessed(criterion("status: partly-met, answer: {choice: 2, label: x}"),
                 criterion("status: partly-met, answer: {choice: 3, label: y}")) ==
        Strings{"better criterion f c answer: x[2,2] > y[3,3]"});
  CHECK(assessed(criterion("status: met, answer: {choice: 2, label: one}"),
                 criterion("status: met, answer: {choice: 2, label: un}"))
            .empty());
}

TEST_CASE("difference: risks, conditions and facts") {
  const auto risk = [](std::string_view severity, std::string_view residual) {
    return fmt::format("risks: [{{id: r, severity: {}, likelihood: {{inherent: 4, residual: {}}}}}]\n", severity,
                       residual);
  };
  CHECK(assessed(risk("2", "3"), risk("3", "{min: 1, max: 3}")) ==
        Strings{"worse risk r severity: [2,2] > [3,3]", "unknown risk r likelihood: [3,3] > [1,3]"});
  CHECK(assessed(risk("{min: 1, max: 4}", "1"), risk("4", "1")).front().starts_with("worse"));
  CHECK(assessed("", risk("4", "1")) ==
        Strings{"worse risk r severity: - > [4,4]", "known risk r likelihood: - > [1,1]"});
  const auto conditions = [](std::string_view verdict, std::string_view list) {
    return fmt::format("verdict: {{value: {}, conditions: [{}]}}\n", verdict, list);
  };
  CHECK(assessed(conditions("conditional", "{id: a, due: 2026-01-01}, {id: b}"),
                 conditions("conditional", "{id: a, due: 2026-06-01}, {id: c}")) ==
        Strings{"worse condition c asked: - > asked", "better condition b asked: asked > -",
                "other condition a due: 2026-01-01 > 2026-06-01"});
  // That an unacceptable offering has no conditions is no progress.
  CHECK(assessed(conditions("conditional", "{id: a}"), conditions("unacceptable", "")) ==
        Strings{"worse verdict value: conditional > unacceptable", "other condition a asked: asked > -"});
  CHECK(assessed("missing: [{fact: a}, {fact: b}]", "missing: [{fact: b}, {fact: c}]") ==
        Strings{"unknown fact c missing: - > missing", "known fact a missing: missing > -"});
}

TEST_CASE("difference: what was asked and read") {
  CHECK(assessed("tool: {version: 0.1.0}\nas_of: 2026-01-01\noffering: {id: a}\nmethod: {id: m, version: '1'}\n"
                 "inputs: [{path: x, sha256: aa}, {path: y, sha256: bb}]\nwhat_if: [{id: o}]\n",
                 "tool: {version: 0.2.0}\nas_of: 2026-01-02\noffering: {id: b}\nmethod: {id: m, version: '2'}\n"
                 "inputs: [{path: x, sha256: ab}, {path: z, sha256: cc}]\n") ==
        Strings{"other input x sha256: aa > ab", "other input z sha256: - > cc", "other input y sha256: bb > -",
                "other run offering: a > b", "other run as_of: 2026-01-01 > 2026-01-02", "other run method: m 1 > m 2",
                "other run what_if: o > -", "other run tool: 0.1.0 > 0.2.0"});
}

TEST_CASE("difference: checks of a gate") {
  const auto pair = [](const Strings& checks) { return "subjects:\n" + subject("p", "pair", checks); };
  CHECK(gated(pair({check("v", "passed")}), pair({check("v", "failed")})) ==
        Strings{"worse check p v outcome: passed > failed"});
  CHECK(gated(pair({check("v", "passed")}), pair({check("v", "open")})) ==
        Strings{"unknown check p v outcome: passed > open"});
  CHECK(gated(pair({check("v", "open")}), pair({check("v", "failed")})) ==
        Strings{"worse check p v outcome: open > failed"});
  CHECK(gated(pair({check("v", "open")}), pair({check("v", "excepted", "x", ", result: unknown")})) ==
        Strings{"known check p v outcome: open > excepted"});
  CHECK(gated(pair({check("v", "excepted")}), pair({check("v", "failed")})) ==
        Strings{"worse check p v outcome: excepted > failed"});
  CHECK(gated(pair({check("v", "passed")}), pair({check("v", "warned")})) ==
        Strings{"unknown check p v outcome: passed > warned"});
  CHECK(gated(pair({check("v", "open")}), pair({check("v", "warned")})) ==
        Strings{"other check p v outcome: open > warned"});
  // A check that is dropped proves nothing; a new one counts by how it comes out.
  CHECK(gated(pair({check("v", "passed")}), pair({})) == Strings{"unknown check p v outcome: passed > -"});
  CHECK(gated(pair({check("v", "failed")}), "") == Strings{"unknown check p v outcome: failed > -"});
  CHECK(gated(pair({}), pair({check("v", "failed")})) == Strings{"worse check p v outcome: - > failed"});
  CHECK(gated(pair({}), pair({check("v", "passed")})) == Strings{"known check p v outcome: - > passed"});
  CHECK(gated(pair({check("v", "failed", "conditional")}), pair({check("v", "failed", "unacceptable")})) ==
        Strings{"worse check p v found: failed > failed"});
  CHECK(gated(pair({check("v", "failed", "10–20 %", ", value: 10")}),
              pair({check("v", "failed", "12–20 %", ", value: 12")})) ==
        Strings{"better check p v found: failed > failed"});
  CHECK(gated(pair({check("v", "failed", "US")}), pair({check("v", "failed", "CN")})) ==
        Strings{"other check p v found: failed > failed"});
  CHECK(gated(pair({check("v", "passed", "x", ", wanted: a")}), pair({check("v", "passed", "x", ", wanted: b")})) ==
        Strings{"other check p v wanted: a > b"});
}

TEST_CASE("difference: a resource lists only what did not pass") {
  const auto plan = [](const Strings& checks) { return "subjects:\n" + subject("a.b", "resource", checks); };
  CHECK(gated(plan({}), plan({check("place", "failed")})) == Strings{"worse check a.b place outcome: passed > failed"});
  CHECK(gated(plan({check("place", "failed")}), plan({})) ==
        Strings{"better check a.b place outcome: failed > passed"});
  CHECK(gated(plan({check("place", "failed")}), "") == Strings{"better check a.b place outcome: failed > -"});
  CHECK(gated("", plan({check("place", "failed")})) == Strings{"worse check a.b place outcome: - > failed"});
  CHECK(gated("", plan({check("place", "open")})) == Strings{"unknown check a.b place outcome: - > open"});
}

TEST_CASE("difference: checks of one rule are told apart by their fingerprints") {
  const auto plan = [](const Strings& checks) { return "subjects:\n" + subject("a.b", "resource", checks); };
  const std::string us = check("place", "failed", "US", ", fingerprint: f1");
  const std::string cn = check("place", "failed", "CN", ", fingerprint: f2");
  CHECK(gated(plan({us, cn}), plan({cn, us})).empty());
  CHECK(gated(plan({us, cn}), plan({cn})) == Strings{"better check a.b place outcome: failed > passed"});
  CHECK(gated(plan({us}), plan({check("place", "excepted", "US", ", fingerprint: f1")})) ==
        Strings{"better check a.b place outcome: failed > excepted"});
  CHECK(gated(plan({us}), plan({cn})) == Strings{"other check a.b place found: failed > failed"});
}

TEST_CASE("difference: plans are matched by their order, not by their paths") {
  const auto plans = [](const std::string& first, const std::string& second) {
    return "subjects:\n" + subject(first, "plan", {check("complete", "passed")}) +
           subject(second, "plan", {check("complete", "passed")});
  };
  CHECK(gated(plans("main/a.json", "main/b.json"), plans("a.json", "b.json")).empty());
  CHECK(gated(plans("main/a.json", "main/b.json"),
              "subjects:\n" + subject("a.json", "plan", {check("complete", "failed")})) ==
        Strings{"worse check a.json complete outcome: passed > failed",
                "unknown check main/b.json complete outcome: passed > -"});
  // A resource may be named as a pair is.
  CHECK(gated("subjects:\n" + subject("a", "pair", {check("v", "passed")}),
              "subjects:\n" + subject("a", "resource", {check("v", "failed")})) ==
        Strings{"worse check a v outcome: - > failed", "unknown check a v outcome: passed > -"});
}

TEST_CASE("difference: results that list pairs are read alike") {
  const auto pair = [](std::string_view result) {
    return fmt::format("pairs: [{{offering: azure, workload: emc2, checks: [{{kind: law, subject: l, result: {}}}]}}]",
                       result);
  };
  CHECK(gated(pair("pass"), pair("fail")) == Strings{"worse check azure for emc2 law:l outcome: passed > failed"});
  CHECK(gated(pair("fail"), pair("unknown")) == Strings{"unknown check azure for emc2 law:l outcome: failed > open"});
}

TEST_CASE("difference: a comment stays small and harmless, whatever the files hold") {
  World world;
  std::string before = "format: sovrisk-assessment/1\nlanguage: en\nmissing:\n";
  std::string after = before;
  const std::string hostile = "<script>|`@everyone` [x](y) \\e[31m \\u202e " + std::string(500, 'x');
  for (int i = 0; i < 3000; ++i) {
    before += fmt::format("- {{fact: \"old{} {}\"}}\n", i, hostile);
    after += fmt::format("- {{fact: \"new{} {}\"}}\n", i, hostile);
  }
  const auto result = compare_results(world.yaml(before), world.yaml(after), world.diagnostics);
  REQUIRE(result.has_value());
  CHECK(result->all.size() == 6000);
  for (const char* language : {"en", "fr"}) {
    const std::string comment = diff_markdown(*result, Messages(world.catalogue, language));
    CHECK(comment.size() < 60'000);
    CHECK(comment.size() > 20'000);
    CHECK(comment.find("<script") == std::string::npos);
    CHECK(comment.find('\x1b') == std::string::npos);
    CHECK(comment.find("\u202e") == std::string::npos);
    CHECK(comment.find("@everyone") == std::string::npos);
    CHECK(comment.find("‹") == std::string::npos);
    const auto count = [&](std::string_view what) {
      std::size_t found = 0;
      for (auto at = comment.find(what); at != std::string::npos; at = comment.find(what, at + 1))
        ++found;
      return found;
    };
    CHECK(count("<details>") == 2);
    CHECK(count("</details>") == 2);
  }
  const auto json = nlohmann::json::parse(diff_json(*result, {"sovrisk", "1.2.3"}));
  CHECK(json["changes"].size() == 6000);
  CHECK(json["counts"]["unknown"] == 3000);
}

TEST_CASE("difference: every change has words in both languages") {
  World world;
  const std::string format = "format: sovrisk-assessment/1\n";
  const auto result = compared(
      format +
          "tool: {version: 0.1.0}\nas_of: 2026-01-01\noffering: {id: a}\nworkload: {id: w}\nmethod: {id: m}\n"
          "what_if: [{id: o}]\ninputs: [{path: x, sha256: aa}]\n"
          "verdict: {value: conditional, until: 2026-01-01, conditions: [{id: a, due: 2026-01-01}, {id: b}]}\n"
          "questions: [{id: q, value: acceptable}]\nduties: [{id: d, value: required}]\nexposures:\n" +
          exposure("a", "certain", "all-data", "content", ", status: in-force, limited: true") +
          "frameworks: [{id: f, version: '1', applies: 'true', profile: p, level: {min: 1, max: 1}, gate: {status: "
          "met},"
          " score: {min: 1, max: 2}, objectives: [{id: o, level: {min: 1, max: 1}, score: {min: 1, max: 1}}],"
          " criteria: [{id: c, status: met}, {id: e, status: met, answer: {choice: 1, label: x}}]}, {id: g}]\n"
          "risks: [{id: r, severity: 1, likelihood: {residual: 1}}]\nmissing: [{fact: f}]\n",
      format +
          "tool: {version: 0.2.0}\nas_of: 2026-01-02\noffering: {id: b}\nworkload: {id: v}\nmethod: {id: n}\n"
          "inputs: [{path: x, sha256: ab}]\n"
          "verdict: {value: conditional, until: 2027-01-01, conditions: [{id: a, due: 2026-01-02}]}\n"
          "questions: [{id: q, value: not-asked}]\nduties: [{id: d, value: not-required}]\nexposures:\n" +
          exposure("a", "arguable", "all-data", "metadata", ", status: lapsed, limited: true") +
          "frameworks: [{id: f, version: '2', applies: 'false', profile: q, level: {min: 2, max: 2}, gate: {status: "
          "not-met},"
          " score: {min: 1.25, max: 3}, objectives: [{id: o, level: {min: 2, max: 2}, score: {min: 2, max: 2}}],"
          " criteria: [{id: c, status: not-met}, {id: e, status: met, answer: {choice: 2, label: y}}]}]\n"
          "risks: [{id: r, severity: 2, likelihood: {residual: 2}}]\n");
  for (const char* language : {"en", "fr"}) {
    const std::string text = render_terminal(diff_page(result, Messages(world.catalogue, language)), false, 200);
    CAPTURE(text);
    CHECK(text.find("‹") == std::string::npos);
    CHECK(text.find("diff.") == std::string::npos);
  }
}

}  // namespace sovrisk::testing
