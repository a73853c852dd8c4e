// Just enough UTF-8 to refuse bad input and to count columns in characters.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sovrisk::utf8 {

/// What decode gives for a byte that starts no valid character.
inline constexpr std::uint32_t invalid = 0xffffffffU;

/// The code point at byte offset `at` and its length in bytes; {invalid, 1} on malformed input
/// (overlong forms, surrogates and values above U+10FFFF among them). `at` must be inside `text`.
[[nodiscard]] std::pair<std::uint32_t, std::size_t> decode(std::string_view text, std::size_t at);

/// Whether it is made of printable ASCII characters alone: one column each, and nothing to escape.
[[nodiscard]] bool is_plain(std::string_view text);

/// Byte offset of the first malformed byte, or npos.
[[nodiscard]] std::size_t find_invalid(std::string_view text);

/// Byte offsets at which characters start.
[[nodiscard]] std::vector<std::size_t> character_starts(std::string_view text);

/// Number of columns that the text takes on a terminal: one per character, two for East Asian wide ones.
[[nodiscard]] std::size_t width(std::string_view text);

}  // namespace sovrisk::utf8
