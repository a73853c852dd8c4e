// The dossier with what people add to it, and what is open before it is signed.
#include "report/dossier.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "assess/grounds.h"
#include "report/dossier_check.h"
#include "report/html.h"
#include "support.h"

namespace sovrisk::testing {

namespace {

constexpr Date decided_on{2023, 12, 21};
const std::string head = "format: sovrisk-dossier/1\noffering: microsoft-azure\nworkload: emc2\nmethod: cnil\n";

/// EMC2 on Azure with an annex.
class Case {
 public:
  Case()
      : workload_(world.catalogue.read(SOVRISK_SOURCE "/examples/emc2/workload.yaml", world.diagnostics)),
        engine_(world.catalogue, "cnil", world.diagnostics) {}

  [[nodiscard]] Assessment assess(Date as_of = decided_on, const std::vector<const Document*>& overlays = {}) const {
    Request request;
    request.offering = "microsoft-azure";
    request.workload = workload_.get();
    request.as_of = as_of;
    request.overlays = overlays;
    return engine_.assess(request);
  }
  /// The annex is kept by the case.
  Annex annex(const std::string& text, const Assessment& assessment) {
    annex_ = world.document("dossier", text);
    check_annex(*annex_, world.catalogue, world.diagnostics);
    return bind_annex(*annex_, assessment, world.catalogue, world.diagnostics);
  }
  std::vector<OpenPoint> open(const Annex& annex, const Assessment& assessment) {
    const Messages messages(world.catalogue, "en");
    const Dossier dossier = make_dossier(assessment, world.catalogue, messages, &annex);
    return open_points(dossier, assessment, messages);
  }

  World world;

 private:
  std::shared_ptr<const Document> workload_;
  std::shared_ptr<const Document> annex_;
  Engine engine_;
};

bool is_open(const std::vector<OpenPoint>& points, const std::string& kind, const std::string& id) {
  return std::any_of(points.begin(), points.end(),
                     [&](const OpenPoint& point) { return point.kind == kind && point.id == id; });
}

}  // namespace

TEST_CASE("annex: what the form does not have is an error with a near miss") {
  Case emc2;
  const Assessment assessment = emc2.assess();
  (void)emc2.annex(head +
                       "answers: {\"12\": {text: x}}\nevaluations: {\"1.1x\": {state: acceptable}}\n"
                       "accepted_risks: [{risk: loss-by-failur, reason: x}]\naction_plan: [{condition: exit-plans}]\n",
                   assessment);
  std::vector<std::string> hints;
  for (const Diagnostic& one : emc2.world.diagnostics.all()) {
    CHECK(one.id == "dangling-id");
    hints.push_back(one.hint);
  }
  CHECK(hints.size() == 4);
  CHECK(std::count(hints.begin(), hints.end(), "did you mean `loss-by-failure`?") == 1);
  CHECK(std::count(hints.begin(), hints.end(), "did you mean `exit-plan`?") == 1);
  CHECK(std::count(hints.begin(), hints.end(), "did you mean `1.1`?") == 1);
}

TEST_CASE("annex: improvable needs an action, a risk is accepted once, and the subject has to be the same") {
  Case emc2;
  const Assessment assessment = emc2.assess();
  std::string other = head;
  other.replace(other.find("emc2"), 4, "shop");
  (void)emc2.annex(other +
                       "evaluations: {\"221\": {state: improvable}}\n"
                       "accepted_risks: [{risk: loss-by-failure, reason: x}, {risk: loss-by-failure, reason: y}]\n",
                   assessment);
  std::vector<std::string_view> found;
  for (const Diagnostic& one : emc2.world.diagnostics.all())
    found.push_back(one.id);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string_view>{"duplicate-entry", "missing-key", "other-subject"});
}

TEST_CASE("ground: the day alone moves nothing, facts do, and the language has no part in it") {
  Case emc2;
  const Assessment then = emc2.assess();
  const Assessment later = emc2.assess({2024, 1, 5});
  const auto changed = emc2.world.document("overlay",
                                           "format: sovrisk-overlay/1\nid: x\nkind: scenario\ntitle: X\n"
                                           "set: {workload.data.categories: [contact]}\n");
  REQUIRE_FALSE(emc2.world.diagnostics.has_errors());
  const Assessment other = emc2.assess(decided_on, {changed.get()});
  const auto digest = [](const Assessment& a, const std::string& shown) {
    Ground ground(a);
    CHECK(ground.add(shown));
    return ground.digest();
  };
  for (const char* shown :
       {"verdict", "data", "risks", "action-plan", "decision", "laws", "processing", "alternatives"})
    CHECK_MESSAGE(digest(then, shown) == digest(later, shown), shown);
  CHECK(digest(then, "data") != digest(other, "data"));
  CHECK(digest(then, "severity illegitimate-access") != digest(other, "severity illegitimate-access"));
  CHECK(digest(then, "transfers") == digest(other, "transfers"));
  CHECK(digest(then, "data").size() == 19);
  Ground nothing(then);
  CHECK_FALSE(nothing.add("inputs"));
}

TEST_CASE("ground: every word of the shipped form rests on something, but sources, inputs and signatures") {
  Case emc2;
  const Assessment assessment = emc2.assess();
  const Node* form = assessment.method->document->root.find("form");
  REQUIRE(form != nullptr);
  std::vector<std::string> bare;
  for (const FormPlace& place : places_of(*form))
    for (const std::string& shown : shown_at({place}, place.id)) {
      Ground ground(assessment);
      if (!ground.add(shown) && std::find(bare.begin(), bare.end(), shown) == bare.end()) bare.push_back(shown);
    }
  CHECK(bare == std::vector<std::string>{"signatories", "sources", "inputs"});
}

TEST_CASE("dossier: an entry stands in the place of its empty field, and says how it is bound") {
  Case emc2;
  const Assessment assessment = emc2.assess();
  const Messages messages(emc2.world.catalogue, "en");
  Annex annex = emc2.annex(
      head + "answers: {\"213\": {text: \"limited\\nand checked\", by: Somebody, on: 2023-11-06}}\n", assessment);
  REQUIRE(annex.entries.size() == 1);
  const auto answer = [&] {
    const Dossier dossier = make_dossier(assessment, emc2.world.catalogue, messages, &annex);
    for (const DossierPart& part : dossier.parts)
      for (const DossierSection& section : part.sections)
        for (const DossierField& field : section.fields)
          if (field.id == "213") return render_markdown(field.answer);
    return std::string();
  };
  CHECK(answer() ==
        "limited\n\nand checked\n\nEntered by Somebody on 2023-11-06. **This entry is not bound to what the assessment "
        "said.**\n");
  annex.entries.front().bond = Bond::moved;
  CHECK(answer().find("**The ground of this entry has moved since 2023-11-06.**") != std::string::npos);
  annex.entries.front().bond = Bond::holds;
  CHECK(answer().find("**") == std::string::npos);
}

TEST_CASE("check: what is treated, accepted, taken on and decided is no longer open") {
  Case emc2;
  const Assessment assessment = emc2.assess();
  const Annex none = emc2.annex(head, assessment);
  const std::vector<OpenPoint> before = emc2.open(none, assessment);
  CHECK(readiness(before) == Readiness::open);
  for (const auto& [kind, id] :
       std::vector<std::pair<std::string, std::string>>{{"field", "213"},
                                                        {"risk", "access-by-provider-staff"},
                                                        {"risk", "access-by-foreign-authority"},
                                                        {"dpo-opinion", "dpo"},
                                                        {"data-subjects", "data_subjects"},
                                                        {"decision", "decision"},
                                                        {"consultation", "prior-consultation"},
                                                        {"condition-owner", "exit-plan"},
                                                        {"condition-due", "keep-pseudonymised"}})
    CHECK_MESSAGE(is_open(before, kind, id), kind, " ", id);
  CHECK_FALSE(is_open(before, "field", "222"));  // consent: optional
  CHECK_FALSE(is_open(before, "field", "111"));  // the assessment tells
  CHECK_FALSE(is_open(before, "risk", "loss-by-failure"));

  const Annex full = emc2.annex(head +
                                    "answers: {\"213\": {text: x}}\n"
                                    "dpo: {name: N, opinion: unfavourable, on: 2023-12-01}\n"
                                    "data_subjects: {sought: true, text: x}\n"
                                    "consultation: {state: answered}\n"
                                    "accepted_risks: [{risk: access-by-provider-staff, reason: x}]\n"
                                    "action_plan:\n"
                                    "  - {condition: exit-plan, owner: N, treats: [access-by-foreign-authority]}\n"
                                    "  - {condition: keep-pseudonymised, owner: N, due: 2024-01-01}\n"
                                    "decision: {name: N, decision: to-improve, on: 2023-12-02}\n",
                                assessment);
  CHECK_FALSE(emc2.world.diagnostics.has_errors());
  const std::vector<OpenPoint> after = emc2.open(full, assessment);
  for (const OpenPoint& point : after)
    CHECK_MESSAGE(
        (point.kind == "field" || point.kind == "condition-owner" || point.kind == "risk" || point.kind == "decision"),
        point.kind);
  CHECK(is_open(after, "decision", "decision"));  // sent back
  CHECK_FALSE(is_open(after, "field", "213"));
  CHECK_FALSE(is_open(after, "risk", "access-by-provider-staff"));
  CHECK_FALSE(is_open(after, "risk", "access-by-foreign-authority"));
  CHECK_FALSE(is_open(after, "condition-owner", "exit-plan"));
}

TEST_CASE("check: a moved ground is open, and an undetermined duty leaves it undetermined") {
  Case emc2;
  Assessment assessment = emc2.assess();
  const Annex moved = emc2.annex(head + "answers: {\"213\": {text: x, ground: g1-0000000000000000}}\n", assessment);
  CHECK(is_open(emc2.open(moved, assessment), "ground", "answers.213"));

  const Annex none = emc2.annex(head, assessment);
  for (DutyResult& duty : assessment.duties)
    duty.answer.value = "undetermined";
  assessment.verdict.conditions.clear();
  const std::vector<OpenPoint> perhaps = emc2.open(none, assessment);
  CHECK(is_open(perhaps, "duty", "impact-assessment"));
  CHECK(is_open(perhaps, "duty", "prior-consultation"));
  CHECK(readiness(perhaps) == Readiness::undetermined);
  for (DutyResult& duty : assessment.duties)
    duty.answer.value = "not-required";
  CHECK(readiness(emc2.open(none, assessment)) == Readiness::ready);
  assessment.verdict.value = "undetermined";
  CHECK(readiness(emc2.open(none, assessment)) == Readiness::open);
}

TEST_CASE("anchors: one id for each finding, at its first place; references lead there or are words") {
  const Page page{Paragraph{{{"see ", Tone::plain}, {"[d:s]", Tone::faint, {}, "source d:s"}}, 0},
                  Paragraph{{{"nowhere", Tone::plain, {}, "source x"}}, 0},
                  Bullets{{{{"one", Tone::plain, "source d:s"}}, {{"two", Tone::plain, "source d s"}}}, false},
                  Paragraph{{{"again", Tone::plain, "source d:s"}}, 0}};
  Anchors anchors;
  anchors.announce(page);
  CHECK(render_html(page, "x", 3, &anchors) ==
        "<p>see <a href=\"#source-d-s\" class=\"faint\">[d:s]</a></p>\n<p>nowhere</p>\n"
        "<ul>\n<li><span id=\"source-d-s\">one</span></li>\n<li><span id=\"source-d-s-2\">two</span></li>\n</ul>\n"
        "<p><a href=\"#source-d-s\">again</a></p>\n");
  CHECK(render_html(page, "x", 3).find("href") == std::string::npos);
}

TEST_CASE("markdown: headings at a level, and texts as texts") {
  CHECK(render_markdown({Heading{2, {{"a"}}}}, 5) == "##### a\n");
  CHECK(escape_markdown("a *b* <c> [d](e)\n# f") == "a \\*b\\* &lt;c> \\[d\\](e) # f");
}

}  // namespace sovrisk::testing
