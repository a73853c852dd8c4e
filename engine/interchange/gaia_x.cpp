#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "interchange/entry.h"
#include "load/limits.h"

namespace sovrisk {

namespace {

using namespace interchange;

using Names = std::initializer_list<std::string_view>;

/// The name of a term without its prefix or namespace, in lower case: `gx:legalName`, `legalName` and
/// `https://w3id.org/gaia-x/development#legalName` are one, and versions differ in capitals.
std::string local_name(std::string_view term) {
  if (const auto cut = term.find_last_of("#/:"); cut != std::string_view::npos) term.remove_prefix(cut + 1);
  std::string name(term);
  for (char& letter : name)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return name;
}

/// The value under the first of the names that the map has.
const Node* get(const Node& map, Names names) {
  for (const std::string_view name : names)
    for (const Member& member : map.members)
      if (local_name(member.key) == name) return &member.value;
  return nullptr;
}

/// The values of a key: JSON-LD writes one value as itself, several as a list, and either as `@list` or `@set`.
std::vector<const Node*> values(const Node* node) {
  if (node == nullptr || node->kind == Node::Kind::null) return {};
  if (node->kind == Node::Kind::map)
    for (const std::string_view key : {"@list", "@set"})
      if (const Node* inner = node->find(key)) return values(inner);
  if (node->kind != Node::Kind::list) return {node};
  std::vector<const Node*> all;
  for (const Node& item : node->items)
    all.push_back(&item);
  return all;
}

/// The text itself, or what `@value` holds; null for anything else.
const Node* text_value(const Node* node) {
  if (node != nullptr && node->kind == Node::Kind::map) node = node->find("@value");
  return node != nullptr && node->kind == Node::Kind::text && !node->text.empty() ? node : nullptr;
}

/// The only text of a key.
const Node* text_in(const Node& map, Names names) {
  const auto all = values(get(map, names));
  return all.size() == 1 ? text_value(all.front()) : nullptr;
}

/// What a node calls itself, or what a reference points at.
const Node* identifier(const Node& node) {
  if (node.kind == Node::Kind::text) return node.text.empty() ? nullptr : &node;
  if (const Node* plain = text_value(&node)) return plain;
  for (const std::string_view key : {"@id", "id"})
    if (const Node* id = node.find(key); id != nullptr && id->kind == Node::Kind::text && !id->text.empty()) return id;
  return nullptr;
}

std::vector<std::string> types_of(const Node& map) {
  std::vector<std::string> types;
  for (const std::string_view key : {"@type", "type"})
    for (const Node* type : values(map.find(key)))
      if (type->kind == Node::Kind::text) types.push_back(local_name(type->text));
  return types;
}

enum class Class : std::uint8_t { participant, offering, other };

bool is_envelope_type(std::string_view type) {
  return type == "verifiablecredential" || type == "verifiablepresentation" || type.ends_with("address");
}

/// What a node describes; nothing where its types do not say.
std::optional<Class> class_of(const std::vector<std::string>& types) {
  std::optional<Class> found;
  for (const std::string& type : types) {
    if (type == "legalparticipant" || type == "legalperson") return Class::participant;
    if (type.ends_with("serviceoffering")) return Class::offering;
    if (!is_envelope_type(type)) found = Class::other;
  }
  return found;
}

/// Something that a file describes, and the credential it does so in.
struct Subject {
  const Node* node = nullptr;
  const Node* credential = nullptr;  ///< the node itself where there is no credential around it
  Class what = Class::other;
};

class GaiaX {
 public:
  GaiaX(const std::vector<JsonFile>& files, const ImportRequest& request, const SchemaSet& schemas,
        Diagnostics& diagnostics)
      : request_(request), countries_(schemas), diagnostics_(diagnostics) {
    for (const JsonFile& file : files) {
      file_ = file.file;
      collect(file.root, nullptr, {});
    }
    index();
  }

  Import run(const std::vector<JsonFile>& files) {
    Import import;
    // Ids first, since entries refer to each other; offerings have first choice.
    for (const Class what : {Class::offering, Class::participant})
      for (const Subject& subject : subjects_)
        if (subject.what == what && ids_.size() <= longest_list && is_first(subject)) give_id(subject);
    if (ids_.size() > longest_list) {
      diagnostics_.error("list-too-long", {file_, 0, 0, 0},
                         fmt::format("more than {} participants and offerings at once", longest_list));
      return import;
    }
    for (const Subject& subject : subjects_) {
      if (!ids_.contains(subject.node)) continue;
      if (subject.what == Class::offering) import.offerings.push_back(offering(subject));
      if (subject.what == Class::participant) import.entities.push_back(entity(subject));
    }
    if (ids_.empty())
      diagnostics_.error("nothing-to-import", {files.empty() ? no_file : files.front().file, 0, 0, 0},
                         "no legal participant and no service offering is described",
                         "types such as gx:LegalParticipant, gx:LegalPerson and gx:ServiceOffering are read");
    if (followed_ > Limits{}.nodes)
      diagnostics_.error("too-many-references", {file_, 0, 0, 0},
                         fmt::format("more than {} references from offerings to resources", Limits{}.nodes));
    for (const JsonFile& file : files)
      taken_.list(file, import);
    return import;
  }

 private:
  /// Finds what the tree describes: in credentials, presentations, graphs, and inside other descriptions.
  /// `outer` are the types that the credential gives for its subjects.
  void collect(const Node& node, const Node* credential, const std::vector<std::string>& outer) {
    for (const Node& item : node.items)
      collect(item, credential, outer);
    if (node.kind != Node::Kind::map) return;
    warn_of_envelope(node);
    const std::vector<std::string> types = types_of(node);
    if (const Node* subject = get(node, {"credentialsubject"})) {
      collect(*subject, &node, types);
      return;
    }
    std::optional<Class> what = class_of(types);
    if (!what) what = class_of(outer);
    if (what && !is_reference(node)) subjects_.push_back({&node, credential == nullptr ? &node : credential, *what});
    for (const Member& member : node.members)
      collect(member.value, credential, {});
  }

  /// A node that names another one and says nothing of it.
  static bool is_reference(const Node& node) {
    return std::all_of(node.members.begin(), node.members.end(), [](const Member& member) {
      return member.key == "id" || member.key == "@id" || member.key == "type" || member.key == "@type";
    });
  }

  void warn_of_envelope(const Node& node) {
    const Node* id = identifier(node);
    if (id == nullptr || !id->text.starts_with("data:") || id->text.find("jwt") == std::string::npos) return;
    if (!enveloped_.insert(file_).second) return;
    diagnostics_.warning("enveloped-credential", {file_, 0, 0, 0},
                         "credentials in the form of signed tokens are not read",
                         "decode their payload and give that as a file");
  }

  /// A reference may name a subject or, where it holds but one, the credential. Subjects of different classes are told
  /// apart, as terms and conditions often carry the identifier of the participant. Of several descriptions of one thing
  /// the first that gives a name counts.
  void index() {
    for (const bool named : {true, false})
      for (const Subject& subject : subjects_) {
        by_node_[subject.node] = &subject;
        if (named != (name_of_subject(subject) != nullptr)) continue;
        if (const Node* id = identifier(*subject.node)) by_id_.emplace(std::pair(subject.what, id->text), &subject);
      }
    for (const Subject& subject : subjects_) {
      const auto held = values(get(*subject.credential, {"credentialsubject"}));
      const Node* id = identifier(*subject.credential);
      if (id != nullptr && held.size() == 1 && held.front() == subject.node)
        by_id_.emplace(std::pair(subject.what, id->text), &subject);
    }
  }

  bool is_first(const Subject& subject) const {
    const Node* id = identifier(*subject.node);
    return id == nullptr || by_id_.at({subject.what, id->text}) == &subject;
  }

  /// What a reference names, or what stands in its place.
  const Subject* find(const Node& reference, Class what) const {
    if (const Node* id = identifier(reference))
      if (const auto named = by_id_.find({what, id->text}); named != by_id_.end()) return named->second;
    const auto embedded = by_node_.find(&reference);
    return embedded == by_node_.end() || embedded->second->what != what ? nullptr : embedded->second;
  }

  static const Node* name_of_subject(const Subject& subject) {
    return text_in(*subject.node, {"legalname", "name", "title"});
  }

  /// The name, or, since early versions asked for none, the identifier.
  static const Node* name_or_identifier(const Subject& subject) {
    const Node* name = name_of_subject(subject);
    return name == nullptr ? identifier(*subject.node) : name;
  }

  void give_id(const Subject& subject) {
    const Node* name = name_or_identifier(subject);
    if (name == nullptr) {
      diagnostics_.warning("nameless", {file_, 0, 0, 0}, "a description without a name and an identifier is left out");
      return;
    }
    std::string_view text = name->text;
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
    ids_[subject.node] = unique_.unique(text, subject.what == Class::offering ? "offering" : "participant");
  }

  std::string_view take(const Node* text, const std::string& id, std::string_view becomes) {
    if (text == nullptr) return {};
    taken_.note(text, fmt::format("{}: {}", id, becomes));
    return text->text;
  }

  static std::optional<Date> date_of(const Subject& subject, const Node** written = nullptr) {
    for (const std::string_view name : {"validfrom", "issuancedate", "issued"})
      if (const Node* date = text_in(*subject.credential, {name}))
        if (const auto day = day_of(date->text)) {
          if (written != nullptr) *written = date;
          return day;
        }
    return std::nullopt;
  }

  /// The credential as a source of the entry; gives its key there.
  std::string source(const Subject& subject, const std::string& id, std::map<const Node*, std::string>& keys,
                     Node& sources) {
    if (const auto known = keys.find(subject.credential); known != keys.end()) return known->second;
    const std::string key = keys.empty() ? "gaia-x" : fmt::format("gaia-x-{}", keys.size() + 1);
    keys[subject.credential] = key;
    const Node* name = name_or_identifier(subject);
    Node source = map_node();
    put(source, "title", cut_text(fmt::format("Gaia-X description of {}", name == nullptr ? id : name->text)));
    const Node* url = identifier(*subject.credential);
    if (url == nullptr) url = identifier(*subject.node);
    if (url != nullptr && url->text.size() <= longest_url)
      put(source, "url", cut_text(take(url, id, fmt::format("sources.{}.url", key)), longest_url));
    if (const Node* issuer = get(*subject.credential, {"issuer"})) {
      const Node* called = issuer->kind == Node::Kind::map ? text_in(*issuer, {"name"}) : nullptr;
      if (called == nullptr) called = identifier(*issuer);
      put(source, "publisher", cut_text(take(called, id, fmt::format("sources.{}.publisher", key))));
    }
    const Node* written = nullptr;
    if (const auto date = date_of(subject, &written)) {
      put(source, "date", cut_text(date->text()));
      take(written, id, fmt::format("sources.{}.date", key));
    }
    put(source, "seen", cut_text(request_.seen.text()));
    put(source, "kind", cut_text("claim"));
    put(sources, key, std::move(source));
    return key;
  }

  /// The country in which all addresses under a key agree; nothing where they do not, or where a code is none.
  std::string country(const Subject& subject, Names names, const std::string& id, std::string_view becomes) {
    std::string agreed;
    std::vector<const Node*> codes;
    for (const Node* address : values(get(*subject.node, names))) {
      std::vector<const Node*> of_address;
      if (const Node* plain = text_value(address)) of_address.push_back(plain);
      for (const std::string_view key : {"countrycode", "countrysubdivisioncode", "code"})
        for (const Node* code : values(get(*address, {key})))
          if (const Node* text = text_value(code)) of_address.push_back(text);
      for (const Node* code : of_address) {
        const std::string found = countries_.of_code(code->text);
        if (found.empty()) continue;
        if (!agreed.empty() && found != agreed) return {};
        agreed = found;
        codes.push_back(code);
      }
    }
    for (const Node* code : codes)
      take(code, id, becomes);
    return agreed;
  }

  /// "vatID FR123, leiCode 456" from the number itself, or from the description that it refers to.
  std::string registration(const Subject& participant, const std::string& id) {
    std::string numbers;
    const auto add_number = [&](std::string_view kind, const Node* text) {
      if (text == nullptr) return;
      take(text, id, "note");
      numbers += fmt::format("{}{}{}{}", numbers.empty() ? "" : ", ", kind, kind.empty() ? "" : " ", text->text);
    };
    for (const Node* value : values(get(*participant.node, {"legalregistrationnumber", "registrationnumber"}))) {
      const Subject* described = find(*value, Class::other);
      const Node& holder = described == nullptr ? *value : *described->node;
      if (described != nullptr && described->node != value) take(identifier(*value), id, "note");
      if (described == nullptr && value->kind != Node::Kind::map) add_number({}, text_value(value));
      for (const std::string_view kind : {"vatID", "leiCode", "EUID", "EORI", "taxID", "local"})
        add_number(kind, text_in(holder, {local_name(kind)}));
    }
    return numbers;
  }

  Node entity(const Subject& subject) {
    const std::string& id = ids_.at(subject.node);
    std::map<const Node*, std::string> keys;
    Node sources = map_node();
    const std::string own = source(subject, id, keys, sources);
    Node node = entry("entity", id, take(name_or_identifier(subject), id, "name"));
    put(node, "kind", cut_text("unknown"));
    put(node, "incorporated_in", cut_text(country(subject, {"legaladdress"}, id, "incorporated_in")));
    put(node, "head_office_in",
        cut_text(country(subject, {"headquarteraddress", "headquartersaddress"}, id, "head_office_in")));
    put(node, "source", cut_text(own));
    put(node, "confidence", cut_text("claim"));
    if (const std::string numbers = registration(subject, id); !numbers.empty())
      put(node, "note",
          cut_text(fmt::format("Registration numbers by its own account: {}", numbers),
                   fmt::format("Numéros d'enregistrement qu'elle déclare : {}", numbers)));
    put(node, "stakes", parents(subject, id));
    put(node, "sources", std::move(sources));
    return node;
  }

  /// The later terms `parentOrganizationOf` and `subOrganisationOf` are not read: their names say the reverse of their
  /// definitions, and files use them either way.
  Node parents(const Subject& subject, const std::string& id) {
    Node stakes = list_node();
    for (const Node* parent : values(get(*subject.node, {"parentorganization"}))) {
      const std::string owner = entity_behind(*parent, id, "stakes", "parentOrganization");
      if (owner.empty() || owner == id) continue;
      Node stake = map_node();
      put(stake, "owner", cut_text(owner));
      add(stakes, std::move(stake));
    }
    return open_ended(std::move(stakes));
  }

  /// The entity that a reference names; empty, with a warning, where no file describes it.
  std::string entity_behind(const Node& reference, const std::string& id, std::string_view becomes,
                            std::string_view term) {
    const Subject* subject = find(reference, Class::participant);
    const auto known = subject == nullptr ? ids_.end() : ids_.find(subject->node);
    if (known != ids_.end()) {
      if (const Node* name = identifier(reference)) take(name, id, becomes);
      return known->second;
    }
    if (const Node* name = identifier(reference); name != nullptr && not_found_.emplace(term, name->text).second)
      diagnostics_.warning("reference-not-found", {reference.span.file, 0, 0, 0},
                           fmt::format("`{}` names `{}`, which no file given describes", term, name->text),
                           "import it together with the file of that participant");
    return {};
  }

  Node offering(const Subject& subject) {
    const std::string& id = ids_.at(subject.node);
    std::map<const Node*, std::string> keys;
    Node sources = map_node();
    const std::string own = source(subject, id, keys, sources);
    std::string provider;
    const auto providers = values(get(*subject.node, {"providedby"}));
    if (providers.size() == 1) provider = entity_behind(*providers.front(), id, "operator", "providedBy");
    const std::string called =
        provider.empty() ? std::string() : name_or_identifier(*find(*providers.front(), Class::participant))->text;

    Node node = entry("offering", id, take(name_or_identifier(subject), id, "name"));
    put(node, "provider", cut_text(called));
    // By Gaia-X's definition a provider operates the service and sets the terms on which it is offered.
    put(node, "operator", cut_text(provider.empty() ? "unknown" : provider));
    put(node, "contracting_party", cut_text(provider));
    put(node, "source", cut_text(own));
    put(node, "confidence", cut_text("claim"));
    put(node, "note", cut_text(take(text_in(*subject.node, {"description"}), id, "note"), longest_text));
    put(node, "sites", sites(subject, id, keys, sources));
    put(node, "statements", statements(subject, id, called));
    add_terms(subject, id, sources);
    put(node, "sources", std::move(sources));
    return node;
  }

  /// What the offering is made of, and what that is made of or hosted on.
  std::vector<const Subject*> resources(const Subject& offering, const std::string& id) {
    std::vector<const Subject*> reached{&offering};
    std::set<const Subject*> known;
    for (std::size_t i = 0; i < reached.size() && i < longest_list; ++i)
      for (const std::string_view key : {"aggregationof", "aggregationofresources", "hostedon"})
        for (const Node* reference : values(get(*reached[i]->node, {key}))) {
          if (++followed_ > Limits{}.nodes) return {};
          const Subject* part = find(*reference, Class::other);
          if (part == nullptr) continue;
          if (const Node* name = identifier(*reference)) take(name, id, "sites");
          if (known.insert(part).second) reached.push_back(part);
        }
    reached.erase(reached.begin());
    return reached;
  }

  Node sites(const Subject& subject, const std::string& id, std::map<const Node*, std::string>& keys, Node& sources) {
    Node list = list_node();
    std::set<std::string> codes;
    for (const Subject* resource : resources(subject, id)) {
      const Node* code = name_or_identifier(*resource);
      const std::string where = country(*resource, {"locationaddress", "location", "address"}, id, "sites.country");
      if (code == nullptr || where.empty() || !codes.insert(code->text).second) continue;
      Node site = map_node();
      put(site, "code", cut_text(take(code, id, "sites.code")));
      const auto addresses = values(get(*resource->node, {"locationaddress", "location", "address"}));
      if (addresses.size() == 1)
        put(site, "city", cut_text(take(text_in(*addresses.front(), {"locality"}), id, "sites.city")));
      put(site, "country", cut_text(where));
      const auto owners = values(get(*resource->node, {"ownedby"}));
      if (owners.size() == 1)
        put(site, "facility_owner", cut_text(entity_behind(*owners.front(), id, "sites.facility_owner", "ownedBy")));
      if (const std::string key = source(*resource, id, keys, sources); key != keys.at(subject.credential))
        put(site, "source", cut_text(key));
      add(list, std::move(site));
    }
    return open_ended(std::move(list));
  }

  /// What the file says that has no fact of its own.
  Node statements(const Subject& subject, const std::string& id, std::string_view by) {
    Node list = list_node();
    const auto date = date_of(subject);
    if (!date) return list;
    const auto say = [&](const std::string& english, const std::string& french) {
      add(list, statement(*date, by, cut_text(english, french)));
    };
    for (const Node* value : values(get(*subject.node, {"policy", "servicepolicy"})))
      if (const Node* policy = text_value(value); policy != nullptr && !is_web_address(policy->text)) {
        take(policy, id, "statements");
        say(fmt::format("Policy of the service: {}", policy->text),
            fmt::format("Politique du service : {}", policy->text));
      }
    for (const Node* value : values(get(*subject.node, {"dataaccountexport"})))
      if (const std::string how = account_export(*value, id); !how.empty())
        say(fmt::format("Data of an account can be exported: {}", how),
            fmt::format("Les données d'un compte peuvent être exportées : {}", how));
    for (const Node* value : values(get(*subject.node, {"dependson"}))) {
      const Subject* other = find(*value, Class::offering);
      const Node* name = other == nullptr ? nullptr : name_or_identifier(*other);
      if (name == nullptr) name = identifier(*value);
      if (name == nullptr) continue;
      if (const Node* reference = identifier(*value)) take(reference, id, "statements");
      say(fmt::format("Depends on the service {}", name->text), fmt::format("Dépend du service {}", name->text));
    }
    return list;
  }

  std::string account_export(const Node& value, const std::string& id) {
    std::string how;
    for (const std::string_view key : {"requestType", "accessType", "formatType"})
      for (const Node* part : values(get(value, {local_name(key)})))
        if (const Node* text = text_value(part))
          how += fmt::format("{}{} {}", how.empty() ? "" : ", ", key, take(text, id, "statements"));
    return how;
  }

  /// Terms and policies that the file gives an address of, for the reader to open.
  void add_terms(const Subject& subject, const std::string& id, Node& sources) {
    const auto name_all = [&](Names names, const std::string& key, std::string_view title) {
      std::size_t count = 0;
      for (const Node* value : values(get(*subject.node, names))) {
        const Subject* described = find(*value, Class::other);
        const Node& holder = described == nullptr ? *value : *described->node;
        if (described != nullptr && described->node != value)
          take(identifier(*value), id, fmt::format("sources.{}", key));
        const Node* url = text_value(&holder);
        if (url == nullptr && holder.kind == Node::Kind::map) url = text_in(holder, {"url", "policydocument"});
        if (url == nullptr || !is_web_address(url->text)) continue;
        const std::string own = ++count == 1 ? key : fmt::format("{}-{}", key, count);
        put(sources, own, named_source(title, take(url, id, fmt::format("sources.{}.url", own)), request_.seen));
      }
    };
    name_all({"termsandconditions", "serviceofferingtermsandconditions"}, "terms", "Terms and conditions");
    name_all({"policy", "servicepolicy"}, "policy", "Policy of the service");
  }

  const ImportRequest& request_;
  Countries countries_;
  Diagnostics& diagnostics_;
  FileId file_ = no_file;
  std::size_t followed_ = 0;  ///< references: few files can hold many ways through each other
  std::vector<Subject> subjects_;
  std::map<std::pair<Class, std::string>, const Subject*> by_id_;
  std::map<const Node*, const Subject*> by_node_;
  std::set<FileId> enveloped_;
  std::set<std::pair<std::string_view, std::string>> not_found_;
  std::map<const Node*, std::string> ids_;  ///< of entries, by the node that describes them
  Ids unique_;
  Taken taken_;
};

}  // namespace

Import import_gaia_x(const std::vector<JsonFile>& files, const ImportRequest& request, const SchemaSet& schemas,
                     Diagnostics& diagnostics) {
  return GaiaX(files, request, schemas, diagnostics).run(files);
}

}  // namespace sovrisk
