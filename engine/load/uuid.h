// Names as UUIDs: the same name always gives the same one, so that what is written twice is the same twice.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace sovrisk {

using UuidBytes = std::array<std::uint8_t, 16>;

/// The namespace of this project: the version 5 UUID of the name `urn:sovrisk` in the namespace of URLs (RFC 9562,
/// section 6.6), 1250bb51-ced1-5623-9686-06473ce9f267.
inline constexpr UuidBytes sovrisk_namespace{0x12, 0x50, 0xbb, 0x51, 0xce, 0xd1, 0x56, 0x23,
                                             0x96, 0x86, 0x06, 0x47, 0x3c, 0xe9, 0xf2, 0x67};

/// The UUID of version 5 (RFC 9562, section 5.5) of a name in a namespace, in lower-case hex.
[[nodiscard]] std::string uuid_v5(std::string_view name, const UuidBytes& space = sovrisk_namespace);

}  // namespace sovrisk
