#include <doctest/doctest.h>

#include "report/oscal.h"
#include "report/oscal_parts.h"

using namespace sovrisk;

TEST_CASE("oscal: ids are names, and those of controls, statements and groups never meet") {
  CHECK(oscal::control_id("eu-csf", "SOV-1.1") == "eu-csf_SOV-1.1");
  CHECK(oscal::control_id("0-mine", "1") == "_0-mine_1");
  CHECK(oscal::statement_id("eu-csf", "SOV-1.1") == "eu-csf__smt_SOV-1.1");
  CHECK(oscal::group_id("eu-csf", "SOV-1") == "eu-csf__grp_SOV-1");
  CHECK(oscal::control_id("a", "smt_b") != oscal::statement_id("a", "b"));
}

TEST_CASE("oscal: values are one line, never empty, and harmless") {
  CHECK(oscal::value(" a\r\n b\t") == "a   b");
  CHECK(oscal::value("\n\u00a0\u3000") == "-");
  CHECK(oscal::value("") == "-");
  CHECK(oscal::value("a\u2028b") == "a b");
  CHECK(oscal::value("\x1b[31m\u202e") == "\\u{1b}[31m\\u{202e}");
  CHECK(oscal::value("\xff") == "\\u{fffd}");
  CHECK(oscal::markup("<b> *x* [a](b)") == "&lt;b> \\*x\\* \\[a\\](b)");
  CHECK(oscal::markup("# no heading") == "\\# no heading");
}

TEST_CASE("oscal: only addresses of the web are addresses") {
  CHECK(oscal::web_reference("https://example.org:443/a?b=c#d") == "https://example.org:443/a?b=c#d");
  CHECK(oscal::web_reference("https://example.org/a b\"<>é%20%zz") ==
        "https://example.org/a%20b%22%3C%3E%C3%A9%20%25zz");
  CHECK(oscal::web_reference("https://user:pass@example.org:80x/#a#b") ==
        "https://user%3Apass%40example.org%3A80x/#a%23b");
  CHECK(oscal::web_reference("javascript:alert(1)").empty());
  CHECK(oscal::web_reference("file:///etc/passwd").empty());
  CHECK(oscal::web_reference("https:///a").empty());
}

TEST_CASE("oscal: paths are relative references") {
  CHECK(oscal::path_reference("examples/a b.yaml") == "examples/a%20b.yaml");
  CHECK(oscal::path_reference("a:b#c?d") == "a%3Ab%23c%3Fd");
  CHECK(oscal::path_reference("//host/a") == "/.//host/a");
}

TEST_CASE("oscal: dates that its schema takes") {
  CHECK(oscal::midnight({2023, 12, 21}) == "2023-12-21T00:00:00Z");
  CHECK(oscal_can_write({1900, 1, 1}));
  CHECK_FALSE(oscal_can_write({1899, 12, 31}));
  CHECK_FALSE(oscal_can_write({3000, 1, 1}));
}
