#include "load/uuid.h"

#include <fmt/format.h>
#include <sha1.h>
#include <sys/types.h>

namespace sovrisk {

std::string uuid_v5(std::string_view name, const UuidBytes& space) {
  SHA1_CTX context;
  SHA1Init(&context);
  SHA1Update(&context, space.data(), space.size());
  SHA1Update(&context, reinterpret_cast<const std::uint8_t*>(name.data()), name.size());
  std::array<std::uint8_t, SHA1_DIGEST_LENGTH> digest{};
  SHA1Final(digest.data(), &context);
  constexpr std::size_t version_at = 6;
  constexpr std::size_t variant_at = 8;
  digest[version_at] = static_cast<std::uint8_t>((digest[version_at] & 0x0fU) | 0x50U);
  digest[variant_at] = static_cast<std::uint8_t>((digest[variant_at] & 0x3fU) | 0x80U);
  std::string text;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", digest[i]);
  }
  return text;
}

}  // namespace sovrisk
