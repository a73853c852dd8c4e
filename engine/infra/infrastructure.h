// What infrastructure a plan or template would create: of each resource, at which offering, and in which country its
// data would be. Nothing here judges; `sovrisk gate` and `sovrisk list resources` do, or show.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "infra/tables.h"
#include "load/diagnostic.h"

namespace sovrisk {

/// One step of how something was found, in words of the plan and of the catalogue: nothing here needs translation.
/// `at` is where one looked ("provider.aws.west: region", "module.db: var.region", "var.region", "site", "address"),
/// `says` what stood there ("eu-west-3", "var.region", "amazon-web-services"). Never holds a sensitive value.
struct Step {
  std::string at;
  std::string says;
};

/// A place where a resource has its data, and how that is known.
///
/// `why_unknown` is empty where `known`, else one of
///   after-apply       the value is known only once the plan is applied
///   sensitive         the value is marked sensitive; it is not read
///   environment       the plan does not say: a variable of the environment, a profile or the command line decides
///   dynamic           an expression that a plan does not spell out (a function, a local value, an output)
///   which-provider    several configurations of the provider may be meant, and they differ
///   global-service    the service has no region
///   no-region         the resource says no region, and nothing that it is a part of does
///   no-table          nobody has written down how this type of resource says its region
///   not-named         there is such a place, and the resource does not say where ("GRS": the paired region)
///   region-not-listed the region is known and no site of the offering has that code
///   country-unknown   the site is listed, its country is not known
///   other-partition   the code is of a partition, realm or universe that is not the offering's
///   unknown-provider  no offering has this provider address
///   other-endpoint    the provider is pointed at a host that no profile names, where the same code is another place
///   several           more than one offering fits, and they may differ
///   deferred          the plan left this resource for a later one
struct Place {
  /// at-rest: where the resource is, and where its data is unless another place says more; replica, backup: further
  /// copies; edge: near users, such as a CDN; processing: computed on, not kept; global: by a service without regions.
  std::string role;
  std::string region;                  ///< as written; empty where it is not known
  std::string site;                    ///< code of the site in the profile; empty where none was found
  std::vector<std::string> countries;  ///< ISO 3166-1; several where it is in one or all of them
  bool known = false;                  ///< whether `countries` is certain to hold every country of this place
  std::string why_unknown;
  std::vector<Step> chain;
};

/// Who holds the key of data at rest, as far as the resource says it; words of `keys.custody` of an offering.
struct ResourceKey {
  std::string custody;  ///< provider, provider-hsm-customer-key, ...; empty where it is not known
  std::string why_unknown;
  std::vector<Step> chain;
};

/// A resource that a plan or template brings about, changes or reads.
struct PlannedResource {
  std::string address;   ///< module.db[0].aws_db_instance.main["a"]; in templates the logical id, or type/name
  std::string module;    ///< module.db[0]; empty in the root
  std::string type;      ///< aws_db_instance, AWS::RDS::DBInstance, Microsoft.Sql/servers
  std::string name;      ///< main
  std::string mode;      ///< managed or data
  std::string provider;  ///< full address; `AWS::` or `Microsoft.` of templates: the namespace of the type
  std::vector<std::string> actions;  ///< create, update, delete, read, no-op, forget; existing, of a state
  std::string offering;              ///< id; empty where it is not known
  /// Empty where the offering is known; else unknown-provider, other-partition, other-endpoint (the provider is pointed
  /// at a host that no profile names), several (more than one offering fits), utility (creates nothing at any
  /// offering), or a word as of a place.
  std::string offering_why_unknown;
  std::vector<Step> offering_chain;
  /// Other offerings behind the same address that nothing in the plan tells apart from the one taken; of an unknown
  /// provider, offerings whose provider has the same type in another namespace.
  std::vector<std::string> offering_may_be;
  std::vector<Place> places;   ///< at least one for each resource that holds or computes on anything
  bool holds_nothing = false;  ///< a rule, a policy, a random value: nothing is placed anywhere; `places` is empty
  std::string service;         ///< what a workload calls it: compute, object-storage, ...; empty where no table says
  std::optional<ResourceKey> key;  ///< where a table says which attribute names the key
  std::map<std::string, std::string>
      tags;               ///< tags or labels, as they would be; sensitive and unknown ones are left out
  bool deferred = false;  ///< left for a later plan: may turn out otherwise
  Span span;              ///< where the input has it; line 0 where that is not known
};

/// What a whole input would create.
struct Infrastructure {
  std::string kind;    ///< terraform-plan, terraform-state, cloudformation, arm
  std::string format;  ///< version of the format, as the input says it
  bool complete = true;
  /// Why not: targeted-or-deferred (`complete: false`), errored, deferred (with `deferred_changes`), loop
  /// (`Fn::ForEach` or `copy`, which is counted once), linked-template, unresolved-module, no-resource-changes.
  std::vector<std::string> incomplete_because;
  std::vector<PlannedResource> resources;  ///< in the order of the input
  std::size_t passed_over = 0;             ///< no-op and delete, without `include_existing`
  FileId file = no_file;
  std::string path;
  std::string sha256;  ///< of the bytes read
};

struct InfrastructureOptions {
  bool include_existing = false;  ///< with what a plan leaves as it is or deletes
  std::string region;             ///< of templates that do not say one: that of the deployment
  /// Offerings that an address means in place of the general one, by the id of the general one: who buys the sovereign
  /// line of a provider under the address of the public one says so here.
  std::map<std::string, std::string> meant;
};

/// Reads a plan or state of Terraform or OpenTofu (JSON, as `show -json` prints it), a template of CloudFormation (JSON
/// or YAML, that of the CDK among them) or an ARM template (JSON, as Bicep builds it); which it is shows in its keys.
/// `path` is "-" for standard input. Plans are streamed: memory grows with the resources, not with the bytes.
/// A plan is what https://developer.hashicorp.com/terraform/internals/json-format describes: versions 0.1 to 1.x, newer
/// members are passed over. Reports infrastructure-format, plan-version, file-too-large, nesting-too-deep, not-utf8,
/// json-syntax, number-too-large, duplicate-key, too-many-values, file-not-readable, and what `read_yaml` reports;
/// gives nothing then.
[[nodiscard]] std::optional<Infrastructure> read_infrastructure(SourceMap& sources, const std::string& path,
                                                                const PlacementTables& tables,
                                                                const InfrastructureOptions& options,
                                                                Diagnostics& diagnostics);

/// The same from a stream; `name` is what messages call it.
[[nodiscard]] std::optional<Infrastructure> read_infrastructure(SourceMap& sources, std::istream& in,
                                                                const std::string& name, const PlacementTables& tables,
                                                                const InfrastructureOptions& options,
                                                                Diagnostics& diagnostics);

}  // namespace sovrisk
