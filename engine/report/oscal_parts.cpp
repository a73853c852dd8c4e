#include "report/oscal_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/diagnostic.h"
#include "load/utf8.h"
#include "load/uuid.h"
#include "report/oscal.h"

namespace sovrisk::oscal {

namespace {

/// White space as the schema's pattern language (ECMA-262) sees it.
bool is_space(std::uint32_t code) {
  return (code >= 0x09 && code <= 0x0d) || code == 0x20 || code == 0xa0 || code == 0x1680 ||
         (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f || code == 0x205f ||
         code == 0x3000 || code == 0xfeff;
}

bool ends_line(std::uint32_t code) {
  return (code >= 0x09 && code <= 0x0d) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || is_one_of(c, "-._~");
}

/// RFC 3986: everything but unreserved characters and those of `keep` percent-encoded.
std::string encoded(std::string_view text, std::string_view keep) {
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || is_one_of(c, keep)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

/// The same for a text that may hold percent-encoded characters already.
std::string completed(std::string_view text, std::string_view keep) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])) {
      out += text.substr(i, 3);
      i += 2;
    } else {
      out += encoded(text.substr(i, 1), keep);
    }
  }
  return out;
}

std::string named(std::string_view ruleset, std::string_view kind, std::string_view id) {
  const bool letter = !ruleset.empty() && ruleset.front() >= 'a' && ruleset.front() <= 'z';
  return fmt::format("{}{}_{}{}", letter ? "" : "_", ruleset, kind, id);
}

}  // namespace

std::string control_id(std::string_view ruleset, std::string_view criterion) { return named(ruleset, "", criterion); }
std::string statement_id(std::string_view ruleset, std::string_view criterion) {
  return named(ruleset, "_smt_", criterion);
}
std::string group_id(std::string_view ruleset, std::string_view objective) {
  return named(ruleset, "_grp_", objective);
}

std::string value(std::string_view text) {
  std::string line;
  std::size_t end = 0;  // behind the last character that is no space
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, length] = utf8::decode(text, i);
    const bool space = is_space(code);
    if (ends_line(code)) {
      if (!line.empty()) line += ' ';
    } else if (!space || !line.empty()) {
      line += printable(text.substr(i, length));
    }
    if (!space) end = line.size();
    i += length;
  }
  line.resize(std::min(end, line.size()));
  return line.empty() ? "-" : line;
}

std::string markup(std::string_view text) { return markdown_block(value(text)); }

Json prop(std::string_view name, std::string_view text) {
  return {{"name", name}, {"ns", name_space}, {"value", value(text)}};
}

std::string midnight(Date date) { return date.text() + "T00:00:00Z"; }

std::string reference_to(std::string_view uuid) { return fmt::format("#{}", uuid); }

std::string web_reference(std::string_view address) {
  const auto scheme = address.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view name = address.substr(0, scheme);
  if (name != "https" && name != "http") return {};
  const std::string_view rest = address.substr(scheme + 3);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  if (authority.empty()) return {};
  std::string_view host = authority;
  std::string_view port;
  if (const auto colon = authority.rfind(':');
      colon != std::string_view::npos &&
      authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  std::string_view path = rest.substr(authority.size());
  std::string fragment;
  if (const auto hash = path.find('#'); hash != std::string_view::npos) {
    fragment = fmt::format("#{}", completed(path.substr(hash + 1), "!$&'()*+,;=:@/?"));
    path = path.substr(0, hash);
  }
  return fmt::format("{}://{}{}{}{}", name, completed(host, "!$&'()*+,;="), port, completed(path, "!$&'()*+,;=:@/?"),
                     fragment);
}

std::string path_reference(std::string_view path) {
  const std::string reference = encoded(path, "/");
  if (reference.empty()) return ".";
  return reference.starts_with("//") ? "/." + reference : reference;
}

Json metadata(const std::string& title, std::string_view document_version, Date modified, const Tool& tool) {
  return {{"title", markup(title)},
          {"last-modified", midnight(modified)},
          {"version", value(document_version)},
          {"oscal-version", version},
          {"props", {prop("tool", tool.name), prop("tool-version", tool.version)}}};
}

std::string catalog_uuid(const Document& ruleset) {
  return uuid_v5(fmt::format("catalog-resource/{}/{}", ruleset.id, ruleset.root.text_of("version")));
}

std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace sovrisk::oscal

namespace sovrisk {

bool oscal_can_write(Date date) { return date.year >= 1900 && date.year <= 2999; }

}  // namespace sovrisk
