// Where a byte of a text stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sovrisk {

/// Counts lines and characters while it goes through a text once, forwards. The text must outlive it.
class Position {
 public:
  explicit Position(std::string_view text) : text_(text) {}

  /// Goes on to the byte at `offset`, which lies inside the text or at its end; one that is passed stays where it is.
  void go_to(std::size_t offset) {
    constexpr unsigned mask = 0xC0;
    constexpr unsigned follows = 0x80;  // a byte within a character
    for (; at_ < offset; ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        column_ = 1;
      } else if ((static_cast<unsigned char>(text_[at_]) & mask) != follows) {
        ++column_;
      }
    }
  }

  [[nodiscard]] std::uint32_t line() const { return line_; }      ///< from 1
  [[nodiscard]] std::uint32_t column() const { return column_; }  ///< from 1, in characters

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
};

}  // namespace sovrisk
