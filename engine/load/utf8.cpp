#include "load/utf8.h"

namespace sovrisk::utf8 {

std::pair<std::uint32_t, std::size_t> decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  if (lead < 0x80) return {lead, 1};
  std::size_t length = 0;
  std::uint32_t code = 0;
  std::uint32_t least = 0;
  if ((lead & 0xe0) == 0xc0) {
    length = 2, code = lead & 0x1fU, least = 0x80;
  } else if ((lead & 0xf0) == 0xe0) {
    length = 3, code = lead & 0x0fU, least = 0x800;
  } else if ((lead & 0xf8) == 0xf0) {
    length = 4, code = lead & 0x07U, least = 0x10000;
  } else {
    return {invalid, 1};
  }
  if (at + length > text.size()) return {invalid, 1};
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return {invalid, 1};
    code = (code << 6) | (byte(at + i) & 0x3fU);
  }
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {invalid, 1};
  return {code, length};
}

bool is_plain(std::string_view text) {
  constexpr char first = ' ';
  constexpr char last = '~';
  unsigned other = 0;
  for (const char c : text)  // to the end, without a branch: several bytes at a time
    other |= static_cast<unsigned>(c < first) | static_cast<unsigned>(c > last);
  return other == 0;
}

std::size_t find_invalid(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, length] = decode(text, i);
    if (code == invalid) return i;
    i += length;
  }
  return std::string_view::npos;
}

std::vector<std::size_t> character_starts(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size();) {
    starts.push_back(i);
    i += decode(text, i).second;
  }
  return starts;
}

std::size_t width(std::string_view text) {
  if (is_plain(text)) return text.size();
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, length] = decode(text, i);
    const bool combining = (code >= 0x300 && code <= 0x36f) || code == 0x200b;
    const bool wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
                      (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
                      (code >= 0xff00 && code <= 0xff60) || (code >= 0x1f300 && code <= 0x1faff);
    if (!combining) columns += wide ? 2 : 1;
    i += length;
  }
  return columns;
}

}  // namespace sovrisk::utf8
