#include "facts/truth.h"

#include <doctest/doctest.h>

using sovrisk::Truth;

TEST_CASE("truth: strong Kleene tables hold, and De Morgan's laws with them") {
  constexpr Truth all[] = {Truth::no, Truth::unknown, Truth::yes};
  CHECK((Truth::unknown && Truth::no) == Truth::no);
  CHECK((Truth::unknown && Truth::yes) == Truth::unknown);
  CHECK((Truth::unknown || Truth::yes) == Truth::yes);
  CHECK((Truth::unknown || Truth::no) == Truth::unknown);
  CHECK(!Truth::unknown == Truth::unknown);
  for (const Truth a : all)
    for (const Truth b : all) {
      CHECK(!(a && b) == (!a || !b));
      CHECK(!(a || b) == (!a && !b));
      CHECK((a && b) == (b && a));
    }
}
