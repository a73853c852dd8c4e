// Templates that are not run yet: CloudFormation (also as the CDK writes it) and ARM (also as Bicep builds it).
#pragma once

#include <algorithm>
#include <string>

#include "infra/place.h"
#include "load/node.h"

namespace sovrisk::infra {

/// The resources of a template of CloudFormation. Intrinsic functions are followed as far as the template alone decides
/// them: parameters with defaults, mappings by region, `AWS::Region` when the region of the deployment is given.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
[[nodiscard]] Infrastructure read_cloudformation(const Node& root, const PlacementTables& tables,
                                                 const InfrastructureOptions& options);

/// The resources of an ARM template, nested deployments among them. Expressions are followed where they are one
/// parameter, one variable or the location of the group or deployment.
/// https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax
[[nodiscard]] Infrastructure read_arm(const Node& root, const PlacementTables& tables,
                                      const InfrastructureOptions& options);

/// The template does not show everything, for this reason; a reason is kept once.
inline void note_incomplete(Infrastructure& result, const std::string& why) {
  result.complete = false;
  auto& because = result.incomplete_because;
  if (std::find(because.begin(), because.end(), why) == because.end()) because.push_back(why);
}

}  // namespace sovrisk::infra
