// Large JSON of other tools, read as a stream: what is not asked for is never kept.
#pragma once

#include <array>
#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "load/node.h"

namespace sovrisk::infra {

/// Which parts of a JSON text to keep. A value without a shape is checked and dropped.
struct Shape {
  bool all = false;  ///< with everything below it
  std::map<std::string, const Shape*, std::less<>> members;
  const Shape* any_member = nullptr;  ///< of keys that are not among `members`
  const Shape* items = nullptr;
  /// Takes the value when it is whole, with the keys on the way to it; it is not kept then.
  std::function<void(Node& value, const std::vector<std::string>& keys)> done;
};

struct StreamLimits {
  std::size_t bytes = std::size_t{512} << 20;
  std::size_t depth = 1000;
  std::size_t kept = 1'000'000;  ///< values that are kept at one time
};

/// The bytes of a stream, counted, hashed and with their place: the only copy of an input of any size.
class CountedInput : public std::streambuf {
 public:
  CountedInput(std::istream& in, std::size_t most);
  ~CountedInput() override;
  CountedInput(const CountedInput&) = delete;
  CountedInput& operator=(const CountedInput&) = delete;

  /// The beginning of the input, before anything is taken from it.
  [[nodiscard]] std::string_view head() const { return {eback(), static_cast<std::size_t>(egptr() - eback())}; }
  /// The place of the character taken last.
  [[nodiscard]] Span place(FileId file);
  [[nodiscard]] bool too_large() const { return too_large_; }
  /// Reads to the end, and gives SHA-256 of it all.
  [[nodiscard]] std::string digest();
  /// Reads what is left, and stops where it is more than `most`.
  [[nodiscard]] std::string rest(std::size_t most);

 protected:
  int_type underflow() override;

 private:
  void fill();
  void count();

  struct Hash;
  std::istream& in_;
  std::size_t most_;
  std::size_t read_ = 0;
  bool too_large_ = false;
  std::vector<char> buffer_;
  const char* counted_ = nullptr;  ///< up to here, lines and columns are counted
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 0;
  std::unique_ptr<Hash> hash_;
};

/// Reads one JSON text; gives the root as far as the shape keeps it. Reports file-too-large, nesting-too-deep,
/// not-utf8, json-syntax, number-too-large, duplicate-key and too-many-values, and gives nothing then. Objects and
/// arrays know their place.
[[nodiscard]] bool read_stream(CountedInput& input, FileId file, const Shape& shape, Node& root,
                               Diagnostics& diagnostics, const StreamLimits& limits = {});

}  // namespace sovrisk::infra
