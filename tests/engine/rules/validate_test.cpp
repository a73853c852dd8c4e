// What a document is told whose shape is right and whose meaning is not.
#include "rules/validate.h"

#include <doctest/doctest.h>

#include "engine/load/diagnostic_cases.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

using Through = DiagnosticCase::Through;

const std::string entity = "format: sovrisk-entity/1\nid: x\nname: X\nkind: company\n";
const std::string workload =
    "format: sovrisk-workload/1\nid: x\ntitle: X\ncontroller: {name: X}\ndata: {categories: [health]}\n";
const std::string offering = "format: sovrisk-offering/1\nid: x\nname: X\noperator: iliad\n";
const std::string overlay = "format: sovrisk-overlay/1\nid: x\nkind: measure\ntitle: X\n";

std::string law(const std::string& where, const std::string& more = {}) {
  return "format: sovrisk-law/1\nid: x\ntitle: X\ncitation: X\njurisdiction: FR\ntimeline: [{from: 2020-01-01, status: "
         "in-force}]\n"
         "as_of: 2026-01-01\neffect: [compelled-disclosure]\ncheck: verified\nsources: {}\n"
         "reach: [{certainty: certain, scope: all-data, some: entities, where: " +
         where + ", because: X}]\n" + more;
}

std::string ruleset(const std::string& criteria, const std::string& more = {}) {
  return "format: sovrisk-ruleset/1\nid: x\nversion: '1'\ntitle: X\nobjectives: [{id: place, title: P}]\n" + more +
         "criteria:\n" + criteria;
}

std::string method(const std::string& severity, const std::string& verdict = "[{value: acceptable, because: B}]",
                   const std::string& rulesets = "[hds]") {
  return "format: sovrisk-method/1\nid: x\nversion: '1'\ntitle: X\nrulesets: " + rulesets +
         "\nrisks: [{id: r, feared_event: disappearance, source: s, title: R, likelihood: [{level: 1, because: B}], "
         "severity: " +
         severity + "}]\nquestions: [{id: q, title: T, verdict: " + verdict + "}]\n";
}

std::string policy(const std::string& more) {
  return "format: sovrisk-policy/1\npairs: [{offering: ovhcloud, workload: w.yaml, " + more + "}]\n";
}

std::string annex(const std::string& more) {
  return "format: sovrisk-dossier/1\noffering: microsoft-azure\nworkload: emc2\nmethod: cnil\n" + more;
}

const std::string later = "{as_of: {after: 2020-01-01}}";

}  // namespace

const std::vector<DiagnosticCase>& meaning_cases() {
  static const std::vector<DiagnosticCase> cases{
      {Through::file, "dangling-source",
       entity + "source: «urd-2022»\nsources: {urd-2023: {title: T, seen: 2026-01-01, kind: primary}}\n",
       "no source has the id `urd-2022`", "did you mean `urd-2023`?"},
      {Through::file, "dangling-source", entity + "about: {kind: {source: [«urd»]}}\n", "no source has the id `urd`"},
      {Through::file, "dangling-entity", entity + "stakes: [{owner: «illiad», capital: 10%}]\n",
       "no entity has the id `illiad`", "did you mean `iliad`?"},
      {Through::file, "dangling-id", workload + "safeguards: [eu-residency, «eu-trustees»]\n",
       "no measure has the id `eu-trustees`", "did you mean `eu-trustee`?"},
      {Through::file, "dangling-id", offering + "answers: {«hdss»: {c: {choice: 1, by: assessor, on: 2026-01-01}}}\n",
       "no rule set has the id `hdss`", "did you mean `hds`?"},
      {Through::file, "dangling-id",
       offering + "answers: {eu-csf: {«SOV-3.11»: {choice: 1, by: assessor, on: 2026-01-01}}}\n",
       "eu-csf has no criterion with the id `SOV-3.11`", "did you mean `SOV-3.1`?"},
      {Through::file, "no-such-rung",
       offering + "answers: {eu-csf: {SOV-3.1: {choice: «9», by: assessor, on: 2026-01-01}}}\n",
       "only 5 answers to SOV-3.1 can be chosen", "they are counted from the worst, 1"},
      {Through::file, "dangling-id", overlay + "offering: «ovhclod»\n", "no offering has the id `ovhclod`",
       "did you mean `ovhcloud`?"},
      {Through::file, "dangling-id", "format: sovrisk-policy/1\npairs: [{offering: «ovhclod», workload: w.yaml}]\n",
       "no offering has the id `ovhclod`", "did you mean `ovhcloud`?"},
      {Through::file, "dangling-id", policy("denied_laws: [«us-cloud-acts»]"), "no law has the id `us-cloud-acts`",
       "did you mean `us-cloud-act`?"},
      {Through::file, "dangling-id",
       "format: sovrisk-case/1\nid: x\ntitle: X\nas_of: 2026-01-01\nexpect: {«us-cloud-acts»: certain}\n",
       "no law has the id `us-cloud-acts`", "did you mean `us-cloud-act`?"},
      {Through::file, "dangling-id",
       "format: sovrisk-case/1\nid: x\ntitle: X\nas_of: 2026-01-01\nexpect: {}\nvariants: [{name: v, expect: "
       "{«uk-ipaa»: "
       "unknown}}]\n",
       "no law has the id `uk-ipaa`", "did you mean `uk-ipa`?"},
      {Through::file, "dangling-id", annex("answers: {«\"12\"»: {text: x}}\n"),
       "the form has no question with the id `12`", "did you mean `112`?"},
      {Through::file, "dangling-id", annex("answers: {«\"1.1\"»: {text: x}}\n"),
       "the form has no question with the id `1.1`", "did you mean `111`?"},
      {Through::file, "dangling-id", annex("action_plan: [{condition: «exit-plans»}]\n"),
       "the method has no condition with the id `exit-plans`", "did you mean `exit-plan`?"},
      {Through::file, "dangling-id", annex("action_plan: [{condition: exit-plan, treats: [«loss»]}]\n"),
       "the method has no risk with the id `loss`", "did you mean `loss-by-failure`?"},
      {Through::file, "dangling-id",
       "format: sovrisk-dossier/1\noffering: microsoft-azure\nworkload: emc2\nmethod: «cnill»\n",
       "no method has the id `cnill`", "did you mean `cnil`?"},
      {Through::file, "missing-key", annex("evaluations: {«\"221\"»: {state: improvable}}\n"),
       "what is improvable needs an `action`", "say what has to be done, or call it `acceptable` or `to-correct`"},
      {Through::file, "duplicate-entry",
       annex("accepted_risks: [{risk: loss-by-failure, reason: x}, {risk: «loss-by-failure», reason: y}]\n"),
       "`loss-by-failure` has an entry already"},
      {Through::annex, "other-subject",
       "format: sovrisk-dossier/1\noffering: microsoft-azure\nworkload: «shop»\nmethod: cnil\n",
       "the annex is of the workload `shop`, the assessment of `emc2`",
       "an annex is of one workload on one offering by one method"},
      {Through::words, "bad-placeholder", "en: {entry.by: «\"{1}\"»}\n", "these braces are none that the text may have",
       "the text in its place is: Entered by {0}, undated."},
      {Through::words, "unknown-key", "fr: {«dossier.todoo»: x}\n",
       "reports have no words with the key `dossier.todoo`", "did you mean `dossier.todo`?"},
      {Through::words, "wrong-type", "«fr»\n", "text stands where a map is wanted",
       "write `en:` or `fr:`, and keys with their words below"},
      {Through::file, "dangling-id", policy("gates: [«hdss»]"), "no rule set has the id `hdss`", "did you mean `hds`?"},
      {Through::file, "dangling-id", policy("least_levels: {«eu-csff»: 2}"), "no rule set has the id `eu-csff`",
       "did you mean `eu-csf`?"},
      {Through::file, "dangling-id", law("{provider: true}", "uses: [«privileged-staf»]\n"),
       "no shared rule has the id `privileged-staf`", "did you mean `privileged-staff`?"},
      {Through::file, "dangling-id", law("{provider: true}", "defeated_by: [«e2ee-clint»]\n"),
       "no measure has the id `e2ee-clint`", "did you mean `e2ee-client`?"},
      {Through::file, "dangling-id", ruleset("  - {id: c, asks: A, answered: true, objective: «plce»}\n"),
       "no objective has the id `plce`", "did you mean `place`?"},
      {Through::file, "dangling-id",
       ruleset("  - {id: c, asks: A, answered: true, references: [{id: «art-28»}]}\n",
               "references: {art-29: {title: T}}\n"),
       "no reference has the id `art-28`", "did you mean `art-29`?"},
      {Through::file, "dangling-id", ruleset("  - {id: c, asks: A, answered: true, remedies: [«eu-trustees»]}\n"),
       "no measure has the id `eu-trustees`", "did you mean `eu-trustee`?"},
      {Through::file, "dangling-id",
       ruleset("  - {id: c, asks: A, answered: true}\n", "profiles: {plain: {«plce»: 100}}\n"),
       "no objective has the id `plce`", "did you mean `place`?"},
      {Through::folder, "duplicate-id",
       "=== a.yaml\n" + entity + "=== b.yaml\nformat: sovrisk-entity/1\nid: «x»\nname: Y\nkind: fund\n",
       "two files of the folder have the id `x`"},
      {Through::file, "duplicate-id",
       ruleset("  - {id: c, asks: A, answered: true}\n  - {id: «c», asks: B, answered: true}\n"),
       "two criteria have the id `c`"},
      {Through::file, "missing-key", ruleset("  - «{»id: c, asks: A}\n"),
       "criterion `c` has neither `require` nor `ladder`",
       "or say `answered: true` when only a recorded answer can decide it"},
      {Through::file, "unreachable-rung",
       ruleset("  - {id: c, asks: A, ladder: [{label: L, when: «{»as_of: {after: 2020-01-01}}}, {label: M}]}\n"),
       "the first rung needs no `when`: it is what is left"},
      {Through::file, "unreachable-rung",
       ruleset("  - {id: c, asks: A, answered: true, ladder: [{label: L}, {label: M, when: «{»as_of: {after: "
               "2020-01-01}}}]}\n"),
       "a criterion decided by answers has no `when`"},
      {Through::file, "unknown-key",
       ruleset("  - {id: c, asks: A, answered: true}\n",
               "tests: [{name: t, given: {workload: {«dat»: {}}}, expect: {c: unknown}}]\n"),
       "unknown key `dat`", "did you mean `data`?"},
      {Through::file, "unreachable-level",
       method("[{level: 2, because: B}, {level: «2», because: B, when: " + later + "}]"),
       "levels stand lowest first, each once"},
      {Through::file, "unreachable-level", method("[{level: 1, because: B}, {level: «2», because: B}]"),
       "only the first level may go without `when`: it is what is left"},
      {Through::file, "unreachable-verdict",
       method("[{level: 1, because: B}]", "[«{»value: acceptable, because: B}, {value: unacceptable, because: B}]"),
       "a verdict without `when` always holds: later ones are never reached"},
      {Through::file, "dates-in-wrong-order",
       entity + "stakes: [{owner: iliad, from: 2024-01-01, until: «2023-01-01»}]\n",
       "`until` 2023-01-01 is not after `from` 2024-01-01"},
      {Through::file, "shares-over-100",
       entity + "stakes: [{owner: iliad, capital: 60%}, {owner: thales, capital: «50%»}]\n",
       "the stakes in capital add up to 110 %", "100 % at most on any one day"},
      {Through::file, "unknown-path", overlay + "set: {«offering.keys.custdy»: shared}\n",
       "no fact has the path `offering.keys.custdy`", "did you mean `custody`?"},
      {Through::file, "unknown-path", overlay + "set: {«entities.listed»: true}\n",
       "no fact has the path `entities.listed`",
       "overlays set facts under `offering.`, `workload.` and `entities[ID].`; the rest is derived"},
      {Through::file, "unknown-path", overlay + "set:\n  «entities[iliad].listd»: true\n",
       "no fact has the path `entities[iliad].listd`", "did you mean `listed`?"},
      {Through::file, "unknown-path", overlay + "set:\n  «entities[iliad].id»: scaleway-sas\n",
       "no fact has the path `entities[iliad].id`", "the id of an entity is not set"},
      {Through::file, "unknown-path", overlay + "set:\n  «offering.access[iliad.to»: none\n",
       "no fact has the path `offering.access[iliad.to`", "`sovrisk schema facts` lists the facts"},
      {Through::file, "dangling-entity", overlay + "set:\n  «entities[iliade].listed»: true\n",
       "no entity has the id `iliade`", "did you mean `iliad`?"},
      {Through::file, "dangling-entity", overlay + "set: {offering.operator: «iliade»}\n",
       "no entity has the id `iliade`", "did you mean `iliad`?"},
      {Through::file, "dangling-source",
       overlay + "set: {offering.keys: {custody: shared, source: «lettre»}}\nsources: {letter: {title: L, seen: "
                 "2026-01-01, kind: claim}}\n",
       "no source has the id `lettre`", "did you mean `letter`?"},
      {Through::strict, "unsourced-fact", "format: sovrisk-entity/1\nid: x\nname: X\n«kind»: company\n",
       "`kind` has no source", "name one under `source` of its map, or under `about`"},
      {Through::strict, "stale-fact",
       "format: sovrisk-entity/1\nid: x\nname: X\nkind: company\nabout: {kind: {source: s, as_of: 2026-01-01}, listed: "
       "{source: s}}\n«listed»: true\n"
       "sources: {s: {title: S, date: 2025-11-22, seen: 2026-11-20, kind: primary}}\n",
       "`listed` tells of 2025-11-22, more than 365 days ago", "look again, and give the new day as `as_of`",
       Severity::warning},
      {Through::file, "not-allowed", overlay + "set: {offering.keys.custody: «sharde»}\n",
       "`sharde` is not allowed here", "did you mean `shared`?"},
      {Through::file, "unknown-path", overlay + "active_when: {«offering.keys.custdy»: shared}\n",
       "no fact has the path `offering.keys.custdy`", "did you mean `offering.keys.custody`?"},
      {Through::file, "unknown-path", law("{«provder»: true}"), "no fact has the path `provder`",
       "did you mean `provider`?"},
      {Through::file, "unknown-group",
       "format: sovrisk-country-group/1\nid: x\nname: X\ntitle: X\nmembers: []\nsources: {}\nincludes: [«EEAA»]\n",
       "no group of countries is named `EEAA`", "did you mean `EEA`?"},
      {Through::file, "bad-condition",
       "format: sovrisk-country-group/1\nid: x\nname: Club\ntitle: X\nmembers: []\nsources: {}\nincludes: [EU, "
       "«Club»]\n",
       "`Club` includes itself"},
  };
  return cases;
}

TEST_CASE("validate: each fault is named at its words") {
  for (const DiagnosticCase& row : meaning_cases())
    check_case(row);
}

TEST_CASE("validate: an unknown rule set of a method has a near miss named, as everywhere else") {
  check_case({Through::file, "dangling-id",
              method("[{level: 1, because: B}]", "[{value: acceptable, because: B}]", "[«hdss»]"),
              "no rule set has the id `hdss`", "did you mean `hds`?"});
}

TEST_CASE("validate: an unknown default profile has a near miss named, as everywhere else") {
  check_case(
      {Through::file, "dangling-id",
       ruleset("  - {id: c, asks: A, answered: true}\n", "profiles: {plain: {place: 100}}\ndefault_profile: «plan»\n"),
       "no profile has the id `plan`", "did you mean `plain`?"});
}

TEST_CASE("validate: the shipped catalogue has nothing wrong") {
  World world;
  check_catalogue(world.catalogue, world.diagnostics);
  CHECK(render_text(world.diagnostics, world.sources).empty());
}

TEST_CASE("validate: stakes that follow each other in time do not add up") {
  CHECK(findings_of({Through::file, "",
                     entity + "stakes: [{owner: iliad, capital: 60%, until: 2024-01-01}, {owner: thales, capital: 60%, "
                              "from: 2024-01-01}]\n",
                     ""}) == 0);
  CHECK(findings_of({Through::file, "",
                     entity + "stakes: [{owner: iliad, capital: 60%, until: 2024-01-02}, {owner: thales, capital: 60%, "
                              "from: 2024-01-01}]\n",
                     ""}) == 1);
}

TEST_CASE("validate: of a range only the least is surely held") {
  CHECK(findings_of({Through::file, "",
                     entity + "stakes: [{owner: iliad, capital: [40%, 60%]}, {owner: thales, capital: 60%}]\n", ""}) ==
        0);
  CHECK(findings_of({Through::file, "",
                     entity + "stakes: [{owner: iliad, capital: unknown}, {owner: thales, capital: 100%}]\n", ""}) ==
        0);
}

TEST_CASE("validate: a third each, rounded up, is no more than the whole") {
  CHECK(findings_of({Through::file, "",
                     entity + "stakes: [{owner: iliad, capital: 33.4%}, {owner: thales, capital: 33.4%}, {owner: "
                              "intel, capital: 33.4%}]\n",
                     ""}) == 0);
}

TEST_CASE("validate: an owner may be unknown") {
  CHECK(findings_of({Through::file, "", entity + "stakes: [{owner: unknown, capital: 10%}, unknown]\n", ""}) == 0);
}

TEST_CASE("validate: groups that include each other in a ring are refused, not followed for ever") {
  const auto group = [](const std::string& name, const std::string& other) {
    return "format: sovrisk-country-group/1\nid: " + name + "\nname: " + name +
           "\ntitle: T\nmembers: []\nsources: {}\nincludes: [" + other + "]\n";
  };
  World world;
  world.catalogue.put(world.document("country-group", group("one", "two")));
  const auto two = world.document("country-group", group("two", "one"));
  world.catalogue.put(two);
  REQUIRE_FALSE(world.diagnostics.has_errors());
  check_meaning(*two, world.catalogue, country_groups(world.catalogue), world.diagnostics);
  REQUIRE(world.diagnostics.all().size() == 1);
  CHECK(world.diagnostics.all()[0].message == "`two` includes itself");
}

}  // namespace sovrisk::testing
