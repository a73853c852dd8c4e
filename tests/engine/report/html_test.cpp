#include "report/html.h"

#include <doctest/doctest.h>

namespace sovrisk {

TEST_CASE("html: every text of inputs is text") {
  const std::string hostile = "<script>alert(1)</script> \"q\" 'a' & \x1b[31m {{x}}";
  const Page page{Heading{1, {{hostile}}}, Paragraph{{{hostile, Tone::bad}}, 0}, Bullets{{{{hostile}}}, false},
                  Table{{hostile}, {{{{hostile}}}}}};
  for (const std::string& html : {render_html(page, "x", 3), render_plain_html(page)}) {
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find('\x1b') == std::string::npos);
    CHECK(html.find("&lt;script&gt;") != std::string::npos);
    CHECK(html.find("&amp; ") != std::string::npos);
  }
}

TEST_CASE("html: ids of headings start with the name given and are unique") {
  const Page page{Heading{2, {{"a"}}}, Heading{2, {{"b"}}}};
  CHECK(render_html(page, "s-1", 4) == "<h4 id=\"s-1-h1\">a</h4>\n<h4 id=\"s-1-h2\">b</h4>\n");
}

TEST_CASE("plain html: no attributes, tables as lists of named cells") {
  const Page page{Table{{"law", "reach"}, {{{{"l"}}, {{"certain", Tone::bad}}}}},
                  Paragraph{{{"faint", Tone::faint}}, 0}};
  CHECK(render_plain_html(page) == "<ul><li>law: l; reach: <strong>certain</strong></li></ul><p>faint</p>");
}

}  // namespace sovrisk
