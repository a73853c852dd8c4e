// Small plans and what is read of them.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>

#include "infra/infrastructure.h"
#include "support.h"

namespace sovrisk::testing {

/// An input read, with the shipped tables.
struct ReadInput {
  World world;
  PlacementTables tables = placement_tables(world.catalogue);
  InfrastructureOptions options;
  std::optional<Infrastructure> result;

  ReadInput() = default;
  explicit ReadInput(const std::string& text) { read(text); }
  void read(const std::string& text) {
    std::istringstream in(text);
    result = read_infrastructure(world.sources, in, "plan.json", tables, options, world.diagnostics);
    INFO(render_text(world.diagnostics, world.sources));
    REQUIRE(result.has_value());
  }
  [[nodiscard]] const PlannedResource& resource(std::string_view address) const {
    const auto found = std::find_if(result->resources.begin(), result->resources.end(),
                                    [&](const PlannedResource& one) { return one.address == address; });
    CAPTURE(address);
    REQUIRE(found != result->resources.end());
    return *found;
  }
  [[nodiscard]] const Place& place(std::string_view address) const {
    const PlannedResource& found = resource(address);
    REQUIRE(!found.places.empty());
    return found.places.front();
  }
  /// "FR" where it is known, else why it is not.
  [[nodiscard]] std::string where(std::string_view address) const {
    const Place& at = place(address);
    if (!at.known) return at.why_unknown;
    std::string countries;
    for (const std::string& country : at.countries)
      countries += (countries.empty() ? "" : " ") + country;
    return countries;
  }
};

inline const std::string aws = "registry.terraform.io/hashicorp/aws";

inline std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out;
}

/// One entry of `resource_changes`: created, with these values; `more` are further members of `change`.
inline std::string created(const std::string& address, const std::string& after, const std::string& more = {},
                           const std::string& provider = aws, const std::string& actions = R"(["create"])") {
  std::string module;
  std::string rest = address;
  while (rest.starts_with("module.")) {
    bool quoted = false;
    std::size_t end = 7;
    for (; quoted || rest[end] != '.'; ++end)
      if (rest[end] == '"') quoted = !quoted;
    module += (module.empty() ? "" : ".") + rest.substr(0, end);
    rest = rest.substr(end + 1);
  }
  const bool data = rest.starts_with("data.");
  if (data) rest = rest.substr(5);
  const std::string type = rest.substr(0, rest.find('.'));
  const std::string name = rest.substr(type.size() + 1, rest.find('[') - type.size() - 1);
  return R"({"address":")" + escaped(address) + R"(",)" +
         (module.empty() ? std::string() : R"("module_address":")" + escaped(module) + R"(",)") + R"("mode":")" +
         (data ? "data" : "managed") + R"(","type":")" + type + R"(","name":")" + name + R"(","provider_name":")" +
         provider + R"(","change":{"actions":)" + actions + R"(,"before":null,"after":)" + after +
         (more.empty() ? "" : "," + more) + "}}";
}

/// A plan of these changes, with `members` beside them.
inline std::string plan(const std::string& changes, const std::string& members = {},
                        const std::string& version = "1.2") {
  return R"({"format_version":")" + version + R"(","resource_changes":[)" + changes + "]" +
         (members.empty() ? "" : "," + members) + "}";
}

/// `configuration` of a plan: provider configurations and the root module's members.
inline std::string configuration(const std::string& providers, const std::string& root) {
  return R"("configuration":{"provider_config":{)" + providers + R"(},"root_module":{)" + root + "}}";
}

/// One entry of `provider_config`.
inline std::string provider(const std::string& key, const std::string& name, const std::string& expressions,
                            const std::string& more = {}) {
  return "\"" + key + R"(":{"name":")" + name + R"(","full_name":"registry.terraform.io/hashicorp/)" + name + "\"" +
         (more.empty() ? "" : "," + more) + (expressions.empty() ? "" : R"(,"expressions":{)" + expressions + "}") +
         "}";
}

/// One entry of `resources` of a module.
inline std::string configured(const std::string& type, const std::string& name, const std::string& key,
                              const std::string& expressions = {}, const std::string& mode = "managed") {
  return R"({"mode":")" + mode + R"(","type":")" + type + R"(","name":")" + name + R"(","provider_config_key":")" +
         key + R"(","expressions":{)" + expressions + "}}";
}

}  // namespace sovrisk::testing
