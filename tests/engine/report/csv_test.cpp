#include <doctest/doctest.h>

#include "report/csv.h"

using sovrisk::render_csv;

TEST_CASE("csv: what a comma, a quote or a line feed would part stays together") {
  CHECK(render_csv({{"a", "b,c", "d\"e", "f\ng", ""}}) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
}

TEST_CASE("csv: no field is a formula") {
  CHECK(render_csv({{"=1+1", "+1", "-1", "@x", "\tx", "\rx"}}) == "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\"\r\n");
  CHECK(render_csv({{"a=1", "1-1"}}) == "a=1,1-1\r\n");
}
