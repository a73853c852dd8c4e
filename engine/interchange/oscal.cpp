#include <fmt/format.h>

#include <algorithm>

#include "interchange/entry.h"
#include "load/suggest.h"

namespace sovrisk {

namespace {

using namespace interchange;

constexpr std::string_view own_source = "oscal";

const Children<Node>& items_of(const Node& map, std::string_view key) {
  static const Children<Node> none;
  const Node* list = map.find(key);
  return list == nullptr ? none : list->items;
}

std::string_view text_at(const Node& map, std::string_view outer, std::string_view key) {
  const Node* inner = map.find(outer);
  return inner == nullptr ? std::string_view() : inner->text_of(key);
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

class Oscal {
 public:
  Oscal(const JsonFile& file, const ImportRequest& request, const SchemaSet& schemas, Diagnostics& diagnostics)
      : file_(file), request_(request), countries_(schemas), diagnostics_(diagnostics) {}

  Import run() {
    Import import;
    definition_ = file_.root.find("component-definition");
    if (!is_supported()) return import;
    metadata_ = definition_->find("metadata");
    component_ = chosen_component();
    if (component_ == nullptr) return import;
    import.offerings.push_back(offering());
    import.entities = std::move(entities_);
    taken_.list(file_, import);
    return import;
  }

 private:
  [[nodiscard]] Span whole_file() const { return {file_.file, 0, 0, 0}; }

  bool is_supported() {
    if (definition_ == nullptr || definition_->kind != Node::Kind::map) {
      const bool other = file_.root.kind == Node::Kind::map && !file_.root.members.empty();
      diagnostics_.error("not-a-component-definition", whole_file(), "the file holds no `component-definition`",
                         other ? fmt::format("its first key is `{}`", file_.root.members.front().key) : std::string());
      return false;
    }
    const Node* metadata = definition_->find("metadata");
    const std::string_view version = metadata == nullptr ? std::string_view() : metadata->text_of("oscal-version");
    if (!version.starts_with("1.")) {
      diagnostics_.error("oscal-version", whole_file(),
                         version.empty() ? "`metadata` has no `oscal-version`"
                                         : fmt::format("`oscal-version` `{}` is not known here", version),
                         "versions 1.x are read");
      return false;
    }
    return true;
  }

  /// The component that is asked for; else the only service, or without any the only software or system.
  const Node* chosen_component() {
    std::vector<const Node*> services;
    std::vector<const Node*> systems;
    std::vector<std::string> titles;
    for (const Node& component : items_of(*definition_, "components")) {
      const std::string_view title = component.text_of("title");
      if (title.empty()) continue;
      if (!request_.component.empty() &&
          (same_word(title, request_.component) || same_word(component.text_of("uuid"), request_.component)))
        return &component;
      titles.emplace_back(title);
      const std::string_view type = component.text_of("type");
      if (type == "service") services.push_back(&component);
      if (type == "software" || type == "system" || type == "this-system") systems.push_back(&component);
    }
    if (!request_.component.empty()) {
      diagnostics_.error("unknown-component", whole_file(),
                         fmt::format("no component is titled `{}`", request_.component),
                         did_you_mean(request_.component, titles));
      return nullptr;
    }
    const std::vector<const Node*>& likely = services.empty() ? systems : services;
    if (likely.size() == 1) return likely.front();
    if (likely.empty()) {
      diagnostics_.error(
          "which-component", whole_file(),
          titles.empty() ? "the file holds no component" : "no component is a service, software or a system",
          titles.empty() ? std::string() : fmt::format("name one with --component: {}", fmt::join(titles, ", ")));
      return nullptr;
    }
    titles.clear();
    for (const Node* component : likely)
      titles.emplace_back(component->text_of("title"));
    diagnostics_.error("which-component", whole_file(), "several components can be meant",
                       fmt::format("name one with --component: {}", fmt::join(titles, ", ")));
    return nullptr;
  }

  Node offering() {
    const std::string_view title = component_->text_of("title");
    id_ = request_.id.empty() ? Ids().unique(title, "offering") : request_.id;
    ids_.reserve(id_);
    sources_ = map_node();
    put(sources_, own_source, file_source());
    take(component_, "title", "name");

    Node node = entry("offering", id_, title);
    const Node* provider = party_in_role("provider", "contracting_party");
    const Node* administrator = party_in_role("asset-administrator", "operator");
    if (provider != nullptr) put(node, "provider", cut_text(provider->text_of("name")));
    put(node, "operator", cut_text(administrator == nullptr ? "unknown" : entity_id(*administrator)));
    if (provider != nullptr) put(node, "contracting_party", cut_text(entity_id(*provider)));
    put(node, "source", cut_text(own_source));
    put(node, "confidence", cut_text("claim"));
    put(node, "note", cut_text(take(component_, "description", "note"), longest_text));
    put(node, "certificates", certificates());
    put(node, "statements", statements(provider));
    add_named_sources();
    put(node, "sources", sources_);
    return node;
  }

  /// The text under a key, recorded as taken.
  std::string_view take(const Node* map, std::string_view key, std::string_view becomes) {
    const Node* value = map == nullptr ? nullptr : map->find(key);
    if (value == nullptr || value->kind != Node::Kind::text || value->text.empty()) return {};
    taken_.note(value, fmt::format("{}: {}", id_, becomes));
    return value->text;
  }

  Node file_source() {
    Node source = map_node();
    put(source, "title", cut_text(take(metadata_, "title", "sources.oscal.title")));
    if (source.members.empty()) put(source, "title", cut_text("OSCAL component definition"));
    std::string url;
    for (const Node& link : items_of(*metadata_, "links"))
      if (url.empty() && link.text_of("rel") == "canonical" && is_web_address(link.text_of("href")))
        url = take(&link, "href", "sources.oscal.url");
    if (url.empty())
      if (const std::string_view uuid = take(definition_, "uuid", "sources.oscal.url"); !uuid.empty())
        url = fmt::format("urn:uuid:{}", uuid);
    put(source, "url", cut_text(url, longest_url));
    if (const Node* publisher = only_party(items_of(*metadata_, "responsible-parties"), "creator", nullptr))
      put(source, "publisher", cut_text(take(publisher, "name", "sources.oscal.publisher")));
    for (const std::string_view key : {"published", "last-modified"})
      if (!date_) {
        date_ = day_of(metadata_->text_of(key));
        if (date_) take(metadata_, key, "sources.oscal.date");
      }
    if (date_) put(source, "date", cut_text(date_->text()));
    put(source, "seen", cut_text(request_.seen.text()));
    put(source, "kind", cut_text("claim"));
    const std::string_view version = take(metadata_, "version", "sources.oscal.note");
    const std::string_view format = take(metadata_, "oscal-version", "sources.oscal.note");
    put(source, "note",
        cut_text(version.empty() ? fmt::format("OSCAL {}", format)
                                 : fmt::format("version {}, OSCAL {}", version, format)));
    return source;
  }

  const Node* party(std::string_view uuid) const {
    for (const Node& candidate : items_of(*metadata_, "parties"))
      if (!uuid.empty() && candidate.text_of("uuid") == uuid) return &candidate;
    return nullptr;
  }

  /// The organisation that alone has a role; several could each be meant.
  const Node* only_party(const Children<Node>& roles, std::string_view role, const Node** named) const {
    const Node* found = nullptr;
    for (const Node& entry : roles) {
      if (entry.text_of("role-id") != role) continue;
      for (const Node& uuid : items_of(entry, "party-uuids")) {
        const Node* candidate = party(uuid.text);
        if (candidate == nullptr || candidate->text_of("type") != "organization" || candidate->text_of("name").empty())
          continue;
        if (found != nullptr && found != candidate) return nullptr;
        found = candidate;
        if (named != nullptr) *named = &uuid;
      }
    }
    return found;
  }

  /// What the component itself says of a role goes before what the document says of it.
  const Node* party_in_role(std::string_view role, std::string_view becomes) {
    const Node* named = nullptr;
    const Node* found = only_party(items_of(*component_, "responsible-roles"), role, &named);
    if (found == nullptr) found = only_party(items_of(*metadata_, "responsible-parties"), role, &named);
    if (found != nullptr) taken_.note(named, fmt::format("{}: {}", id_, becomes));
    return found;
  }

  std::string entity_id(const Node& party) {
    if (const auto known = entity_ids_.find(&party); known != entity_ids_.end()) return known->second;
    const std::string id = ids_.unique(party.text_of("name"), "organisation");
    entity_ids_[&party] = id;
    Node node = entry("entity", id, party.text_of("name"));
    taken_.note(party.find("name"), fmt::format("{}: name", id));
    put(node, "kind", cut_text("unknown"));
    put(node, "established_in", established_in(party, id));
    put(node, "source", cut_text(own_source));
    put(node, "confidence", cut_text("claim"));
    Node sources = map_node();
    put(sources, own_source, *sources_.find(own_source));
    put(node, "sources", std::move(sources));
    entities_.push_back(std::move(node));
    return id;
  }

  /// An address is a place where the organisation is; OSCAL does not say whether it is its seat.
  Node established_in(const Node& party, const std::string& id) {
    Node countries = list_node();
    const auto take_country = [&](const Node* address) {
      const std::string country = address == nullptr ? std::string() : countries_.of_code(address->text_of("country"));
      if (country.empty()) return;
      taken_.note(address->find("country"), fmt::format("{}: established_in", id));
      const auto is_it = [&](const Node& other) { return other.text == country; };
      if (std::none_of(countries.items.begin(), countries.items.end(), is_it)) add(countries, cut_text(country));
    };
    for (const Node& address : items_of(party, "addresses"))
      take_country(&address);
    for (const Node& uuid : items_of(party, "location-uuids"))
      for (const Node& location : items_of(*metadata_, "locations"))
        if (!uuid.text.empty() && location.text_of("uuid") == uuid.text) take_country(location.find("address"));
    return open_ended(std::move(countries));
  }

  /// Only where the file uses the word: a property `certificate` or `certification`. It does not say whether it is
  /// held.
  Node certificates() {
    Node list = list_node();
    for (const Node& property : items_of(*component_, "props")) {
      const std::string_view name = property.text_of("name");
      if (!same_word(name, "certificate") && !same_word(name, "certification")) continue;
      const std::string scheme = id_of_name(property.text_of("value"));
      if (scheme.empty()) continue;
      Node certificate = map_node();
      put(certificate, "scheme", cut_text(scheme));
      put(certificate, "status", cut_text("unknown"));
      put(certificate, "note", cut_text(take(&property, "value", "certificates"), longest_text));
      add(list, std::move(certificate));
    }
    return open_ended(std::move(list));
  }

  const Node* resource(std::string_view reference) const {
    const Node* back_matter = definition_->find("back-matter");
    if (back_matter == nullptr || !reference.starts_with('#')) return nullptr;
    for (const Node& candidate : items_of(*back_matter, "resources"))
      if (candidate.text_of("uuid") == reference.substr(1)) return &candidate;
    return nullptr;
  }

  static std::string_view title_of_resource(const Node& resource) {
    const std::string_view title = resource.text_of("title");
    return title.empty() ? text_at(resource, "citation", "text") : title;
  }

  /// Which controls of which source the file says it implements: what was said, on which no rule leans.
  Node statements(const Node* provider) {
    Node list = list_node();
    if (!date_) return list;
    const std::string_view by = provider == nullptr ? std::string_view() : provider->text_of("name");
    for (const Node& implementation : items_of(*component_, "control-implementations")) {
      std::string controls;
      for (const Node& requirement : items_of(implementation, "implemented-requirements")) {
        const std::string_view control = take(&requirement, "control-id", "statements");
        if (control.empty()) continue;
        controls += fmt::format("{}{}{}", controls.empty() ? "" : ", ", control, status_of(requirement));
      }
      const std::string_view reference = take(&implementation, "source", "statements");
      if (controls.empty() || reference.empty()) continue;
      const Node* named = resource(reference);
      const std::string_view source =
          named == nullptr || title_of_resource(*named).empty() ? reference : title_of_resource(*named);
      Node what = cut_text(fmt::format("Describes how it implements these controls of {}: {}", source, controls),
                           fmt::format("Décrit comment sont mises en œuvre ces mesures de {} : {}", source, controls));
      add(list, statement(*date_, by, std::move(what)));
    }
    return list;
  }

  /// The stated status of a control in parentheses, such as " (planned)".
  std::string status_of(const Node& requirement) {
    for (const Node& property : items_of(requirement, "props"))
      if (property.text_of("name") == "implementation-status" && !property.text_of("value").empty())
        return fmt::format(" ({})", take(&property, "value", "statements"));
    return {};
  }

  /// Resources of the back matter and web links of the component, for the reader to open.
  void add_named_sources() {
    Ids keys;
    keys.reserve(std::string(own_source));
    if (const Node* back_matter = definition_->find("back-matter"))
      for (const Node& resource : items_of(*back_matter, "resources")) {
        const Node* link = nullptr;
        for (const Node& candidate : items_of(resource, "rlinks"))
          if (link == nullptr && is_web_address(candidate.text_of("href"))) link = &candidate;
        const std::string_view title = title_of_resource(resource);
        if (title.empty() && link == nullptr) continue;
        const std::string key = keys.unique(title, "resource");
        take(&resource, "title", fmt::format("sources.{}.title", key));
        if (resource.text_of("title").empty())
          take(resource.find("citation"), "text", fmt::format("sources.{}.title", key));
        put(sources_, key, named_source(title, take(link, "href", fmt::format("sources.{}.url", key)), request_.seen));
      }
    for (const Node& link : items_of(*component_, "links")) {
      if (!is_web_address(link.text_of("href"))) continue;
      const std::string key = keys.unique(link.text_of("text"), "link");
      put(sources_, key,
          named_source(take(&link, "text", fmt::format("sources.{}.title", key)),
                       take(&link, "href", fmt::format("sources.{}.url", key)), request_.seen));
    }
  }

  const JsonFile& file_;
  const ImportRequest& request_;
  Countries countries_;
  Diagnostics& diagnostics_;
  Taken taken_;
  Ids ids_;
  const Node* definition_ = nullptr;
  const Node* metadata_ = nullptr;
  const Node* component_ = nullptr;
  std::string id_;
  std::optional<Date> date_;
  Node sources_;
  std::map<const Node*, std::string> entity_ids_;
  std::vector<Node> entities_;
};

}  // namespace

Import import_oscal(const JsonFile& file, const ImportRequest& request, const SchemaSet& schemas,
                    Diagnostics& diagnostics) {
  return Oscal(file, request, schemas, diagnostics).run();
}

}  // namespace sovrisk
