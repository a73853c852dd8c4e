#include "load/uuid.h"

#include <doctest/doctest.h>

using namespace sovrisk;

TEST_CASE("uuid: version 5 as RFC 9562 has it") {
  // Appendix A.4 of the RFC: www.example.com in the namespace of domain names.
  constexpr UuidBytes dns{0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                          0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  CHECK(uuid_v5("www.example.com", dns) == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
}

TEST_CASE("uuid: our namespace is the name urn:sovrisk among URLs") {
  constexpr UuidBytes url{0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                          0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  CHECK(uuid_v5("urn:sovrisk", url) == "1250bb51-ced1-5623-9686-06473ce9f267");
  CHECK(uuid_v5("offering/azure") == "ef43ed52-672f-5847-b5e8-1bef4b9f419f");
}
