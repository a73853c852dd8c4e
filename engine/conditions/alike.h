// Whether conditions come out alike on two trees of facts, told without asking them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "conditions/condition.h"

namespace sovrisk {

/// Two trees of facts of one day that differ in a few places. Both must stay as they are as long as this.
class TwoFacts {
 public:
  TwoFacts(const Value& one, const Value& other) : one_(one), other_(other) {}

  /// Whether every fact that the condition may ask for is the same in both trees, so that it comes out alike. A no says
  /// nothing: it may come out alike all the same.
  [[nodiscard]] bool alike(const Condition& condition);

  /// The same of one fact of the root, or of a list of them.
  [[nodiscard]] bool alike(std::string_view path);

 private:
  [[nodiscard]] bool alike(const PathPtr& path);

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  const Value& one_;
  const Value& other_;
  std::unordered_map<std::string, bool, Hash, std::equal_to<>> known_;  ///< by path
};

}  // namespace sovrisk
