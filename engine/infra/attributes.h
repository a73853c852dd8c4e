// Values of one resource of a plan: what is planned, what is not known yet and what is sensitive, read side by side.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infra/place.h"
#include "load/node.h"

namespace sovrisk::infra {

/// The values of a change (`after`, `after_unknown`, `after_sensitive`) or of a state (`values`, `sensitive_values`);
/// null where there are none.
struct Values {
  const Node* planned = nullptr;
  const Node* unknown = nullptr;
  const Node* sensitive = nullptr;

  /// The texts under a path such as `replica.region_name`, through lists. A value that is known only later or is
  /// sensitive comes as why it is not known.
  [[nodiscard]] std::vector<Said> at(const std::string& path) const;
  /// Whether the type has the attribute at all, set or not.
  [[nodiscard]] bool has(const std::string& attribute) const;
};

}  // namespace sovrisk::infra
