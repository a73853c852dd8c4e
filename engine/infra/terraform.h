// Plans and states of Terraform and OpenTofu.
#pragma once

#include <optional>

#include "infra/json_stream.h"
#include "infra/place.h"

namespace sovrisk::infra {

/// Reads a plan or a state from a stream; see `read_infrastructure`.
[[nodiscard]] std::optional<Infrastructure> read_terraform(CountedInput& input, FileId file,
                                                           const PlacementTables& tables,
                                                           const InfrastructureOptions& options,
                                                           Diagnostics& diagnostics);

}  // namespace sovrisk::infra
