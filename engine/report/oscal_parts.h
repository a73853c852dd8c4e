// What OSCAL documents are made of: ids, texts, properties and addresses that its schema takes, whatever the input.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "report/report.h"

namespace sovrisk::oscal {

using Json = nlohmann::ordered_json;

/// The version of the model that is written.
inline constexpr std::string_view version = "1.2.1";
/// The namespace of our properties, parts and facets. It is a name, not an address.
inline constexpr std::string_view name_space = "urn:sovrisk:oscal";

/// Ids of a criterion as a control, of its statement, and of an objective as a group. OSCAL's ids are names that start
/// with a letter or an underscore; the id of the rule set in front keeps those of several catalogues apart. No key of
/// a rule set starts with an underscore, so that the three never meet.
[[nodiscard]] std::string control_id(std::string_view ruleset, std::string_view criterion);
[[nodiscard]] std::string statement_id(std::string_view ruleset, std::string_view criterion);
[[nodiscard]] std::string group_id(std::string_view ruleset, std::string_view objective);

/// A value: one line without space at its ends, control characters made visible; "-" where nothing is left.
[[nodiscard]] std::string value(std::string_view text);
/// A line of Markdown that shows the text as it is.
[[nodiscard]] std::string markup(std::string_view text);
/// A property in our namespace. `name` must be a name in the sense of XML (NCName).
[[nodiscard]] Json prop(std::string_view name, std::string_view value);
/// Midnight UTC of a day.
[[nodiscard]] std::string midnight(Date date);
[[nodiscard]] std::string reference_to(std::string_view uuid);

/// An address of the web as a URI: what may not stand in one is percent-encoded. Empty for anything but http and
/// https.
[[nodiscard]] std::string web_reference(std::string_view address);
/// A path of a file as a relative reference.
[[nodiscard]] std::string path_reference(std::string_view path);

/// `metadata` with title, version and date.
[[nodiscard]] Json metadata(const std::string& title, std::string_view document_version, Date modified,
                            const Tool& tool);
/// The resource for a catalogue of controls, by its id and version.
[[nodiscard]] std::string catalog_uuid(const Document& ruleset);
[[nodiscard]] std::string dump(const Json& json);

}  // namespace sovrisk::oscal
