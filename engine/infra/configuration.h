// The configuration that a Terraform plan carries: what its modules, variables and providers say, as far as a region
// needs it. Values that are marked sensitive are never given out.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "infra/json_stream.h"
#include "infra/place.h"

namespace sovrisk::infra {

/// The names of the modules on the way to a resource, instances aside: `module.a[0].module.b["x.y"]` is {a, b}.
using ModulePath = std::vector<std::string>;
[[nodiscard]] ModulePath module_path(std::string_view address);

/// A configuration of a provider, as one module has it.
struct ProviderConfig {
  std::string key;  ///< in the plan; opaque
  std::string name;
  std::string full_name;
  std::string alias;
  ModulePath module;
  Node expressions;
};

class Configuration {
 public:
  /// `attributes` are those of resources whose expressions matter.
  explicit Configuration(const std::set<std::string>& attributes);
  Configuration(const Configuration&) = delete;
  Configuration& operator=(const Configuration&) = delete;

  /// Shapes of the members `configuration` and `variables` of a plan.
  [[nodiscard]] const Shape* shape() const { return &shapes_.configuration; }
  [[nodiscard]] const Shape* variables_shape() const { return &shapes_.variables; }

  /// Asks for an attribute of a resource as planned, for references to it.
  using Lookup =
      std::function<Said(const ModulePath& module, const std::string& resource, const std::string& attribute)>;
  void look_up_with(Lookup lookup) { lookup_ = std::move(lookup); }

  /// What the provider of a resource says under a name; nothing said: left to the environment. `full_name` is the
  /// provider's address. The chain names the configuration that was found.
  [[nodiscard]] Setting provider_setting(const ModulePath& module, const std::string& resource,
                                         const std::string& full_name, const std::string& name) const;
  /// What the configuration of a resource says under an attribute; `said` is false where it does not name it.
  [[nodiscard]] Said attribute(const ModulePath& module, const std::string& resource,
                               const std::string& attribute) const;
  [[nodiscard]] bool names(const ModulePath& module, const std::string& resource, const std::string& attribute) const;
  /// Whether the configuration knows the resource at all; state has none.
  [[nodiscard]] bool knows(const ModulePath& module, const std::string& resource) const;
  /// The references of an attribute's expression, longest first.
  [[nodiscard]] std::vector<std::string> references(const ModulePath& module, const std::string& resource,
                                                    const std::string& attribute) const;

 private:
  struct Resource {
    std::string provider_key;
    Node expressions;
  };
  struct Variable {
    Node value;
    bool has_default = false;
    bool sensitive = false;
  };
  struct Module {
    std::map<std::string, Variable, std::less<>> variables;
    std::map<std::string, Node, std::less<>> calls;  ///< expressions by name of the call
  };
  struct Shapes {
    Shape all, text, configuration, provider, providers, module, calls, call, call_expressions, resource, resources,
        variable, module_variables, variables, variable_value;
    Shape attributes;
  };

  [[nodiscard]] const Resource* find(const ModulePath& module, const std::string& resource) const;
  [[nodiscard]] Setting find_setting(const ModulePath& module, const Resource* resource, const std::string& full_name,
                                     const std::string& name) const;
  [[nodiscard]] std::vector<const ProviderConfig*> provider_of(const ModulePath& module, const Resource* resource,
                                                               const std::string& full_name) const;
  [[nodiscard]] std::vector<const ProviderConfig*> in_module(const ModulePath& module, const std::string& full_name,
                                                             const std::string& name, const std::string& alias) const;
  [[nodiscard]] Setting resolve(const Node& expression, const ModulePath& module, const std::string& rest,
                                std::vector<Step> chain, int depth) const;
  [[nodiscard]] Setting reference(const std::vector<std::string>& references, const std::string& below_it,
                                  const ModulePath& module, std::vector<Step> chain, int depth) const;
  [[nodiscard]] Setting variable(const std::string& name, const std::string& rest, const ModulePath& module,
                                 std::vector<Step> chain, int depth) const;

  Shapes shapes_;
  Lookup lookup_;
  /// Steps that are left to follow one expression: blocks that refer to blocks multiply.
  mutable int budget_ = 0;
  mutable std::map<std::string, Setting, std::less<>> settings_;  ///< of providers, as found before
  std::map<std::string, Node, std::less<>> given_;                ///< values of the root's variables
  std::map<std::string, Module, std::less<>> modules_;
  std::map<std::string, Resource, std::less<>> resources_;
  std::vector<ProviderConfig> providers_;
};

}  // namespace sovrisk::infra
