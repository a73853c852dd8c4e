// Descriptions of services in the formats of others, as entries of a catalogue.
//
// A party describes itself in such a file, so that every fact taken is a claim. Nothing is filled in: what the file
// does not say is left out, and what has no place in our formats is listed as lost.
#pragma once

#include <string>
#include <vector>

#include "load/date.h"
#include "load/schema.h"

namespace sovrisk {

/// A file as read by `read_json`.
struct JsonFile {
  FileId file = no_file;
  Node root;
};

/// One value of a file, and the fact that it became: "acme-cloud: incorporated_in"; empty where it was lost.
struct ImportedKey {
  FileId file = no_file;
  std::string pointer;  ///< JSON pointer (RFC 6901); of what was lost, the outermost value with nothing taken
  std::string becomes;
};

/// Entries made of files, each ready for `write_yaml`, and what became of the files' values.
struct Import {
  std::vector<Node> offerings;
  std::vector<Node> entities;
  std::vector<ImportedKey> taken;
  std::vector<ImportedKey> lost;
};

/// What the one who imports says beside the files.
struct ImportRequest {
  Date seen;              ///< day on which the files were read
  std::string component;  ///< title or UUID of an OSCAL component; empty where only one can be meant
  std::string id;         ///< id of the offering; empty: made from its name
};

/// The offering behind one component of an OSCAL component definition (1.x), and the organisations it names.
/// Reports not-a-component-definition, oscal-version, unknown-component and which-component.
[[nodiscard]] Import import_oscal(const JsonFile& file, const ImportRequest& request, const SchemaSet& schemas,
                                  Diagnostics& diagnostics);

/// The legal participants and service offerings of Gaia-X credentials, in the spelling of the Trust Framework 22.10 or
/// of a later one. Terms are told apart by their local names; nothing is fetched, and no signature is checked.
/// References are looked up among the files given. Reports nothing-to-import, list-too-long,
/// too-many-references, reference-not-found, nameless and enveloped-credential.
[[nodiscard]] Import import_gaia_x(const std::vector<JsonFile>& files, const ImportRequest& request,
                                   const SchemaSet& schemas, Diagnostics& diagnostics);

/// An id made from a name: lower-case letters, digits and hyphens, 80 at most. Latin letters lose their accents; empty
/// where nothing is left.
[[nodiscard]] std::string id_of_name(std::string_view name);

/// Whether a text can be an id.
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace sovrisk
