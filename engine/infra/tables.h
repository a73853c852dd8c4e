// How code of infrastructure says where things are, by provider and type: read from `infrastructure` of the offerings,
// so that a new provider, type or region needs no C++.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "load/catalogue.h"

namespace sovrisk {

/// A site of an offering, as far as codes of regions and zones need it.
struct SiteCode {
  std::string code;
  std::string country;    ///< empty where it is not known
  std::string partition;  ///< of the site; empty where it says none
};

/// A value of a resource that names a further place of it.
struct FurtherPlace {
  std::string role;       ///< replica, backup, edge, processing
  std::string attribute;  ///< path such as `replica.region_name`; steps into lists where it meets them
  std::string separator;  ///< where the region is a part of the text, as in an ARN
  std::size_t part = 0;   ///< counted from 1; 0: the text is the region
  /// Not a region but a word: with one of these, there is a place that the resource does not name.
  std::vector<std::string> when;
};

/// What is known of the types that a list of patterns names (`aws_iam_*`); every rule that fits a type counts.
struct TypeRule {
  std::vector<std::string> types;
  std::string service;              ///< empty: not said
  bool global = false;              ///< the service has no region
  bool holds_nothing = false;       ///< creates nothing that holds or computes on data
  bool opaque = false;              ///< stands for resources that the input does not show
  std::string role;                 ///< of its place in place of at-rest: edge, processing, backup
  std::vector<std::string> region;  ///< attributes in place of the table's
  std::vector<FurtherPlace> also;
  std::string key;                      ///< attribute that names the key of data at rest
  std::string key_custody;              ///< who holds it when the attribute is set
  std::string key_otherwise;            ///< who holds it when it is not
  std::vector<std::string> key_except;  ///< a value with one of these in it counts as not set
};

/// A part of a text that names a region, such as the fourth of an ARN.
struct TextPart {
  std::string attribute;
  std::string separator;
  std::size_t part = 0;  ///< counted from 1
};

/// How one language of infrastructure code speaks of an offering's places.
struct LanguageTable {
  std::vector<std::string> types;            ///< of templates: the types that are of this provider
  std::vector<std::string> region;           ///< attributes of a resource, nearest first; regions or zones
  std::vector<TextPart> in_text;             ///< asked where no attribute tells
  std::vector<std::string> provider_region;  ///< arguments of the provider's configuration
  bool only_where_named = false;             ///< and count for types alone that have such an attribute
  std::vector<std::string> part_of;          ///< attributes that name what a resource is a part of
  std::vector<std::string> tags;
  std::vector<TypeRule> rules;
};

/// A value of the provider's configuration with which an address means an offering.
struct DecidingSetting {
  std::string name;
  std::vector<std::string> is;      ///< one of these, whatever the case
  std::vector<std::string> within;  ///< or a host name that is, or ends with a dot and, one of these
};

/// The provider of somebody else through which an offering is used, such as one for S3 pointed at another endpoint.
struct Through {
  std::string address;  ///< lower case
  std::vector<std::string> types;
};

/// What `infrastructure` of one offering says; `like` is followed already.
struct OfferingTable {
  std::string offering;
  std::vector<Through> through;        ///< counts where a setting says so, and for these types alone
  std::vector<std::string> addresses;  ///< of Terraform providers, lower case
  bool general = false;                ///< what a shared address means when nothing else tells
  std::string partition;
  std::vector<std::string> code_begins;
  std::vector<DecidingSetting> settings;
  bool squeezed = false;             ///< codes are compared by their letters and digits alone ("France Central")
  bool environment_decides = false;  ///< a region or host may come from the environment, and with it another offering
  std::map<std::string, std::vector<std::string>> wide;  ///< codes of several countries; an empty list: not known which
  std::vector<SiteCode> sites;
  bool sites_open = true;                                       ///< there may be sites that are not listed
  std::map<std::string, LanguageTable, std::less<>> languages;  ///< terraform, cloudformation, arm

  /// Null where the address is the offering's own.
  [[nodiscard]] const Through* through_for(std::string_view address) const;
};

/// What was found of a code among an offering's sites.
struct FoundCode {
  std::string site;
  std::vector<std::string> countries;
  bool listed = false;
  bool other_partition = false;
};

/// The tables of every offering that has some, and the providers that create nothing at any.
struct PlacementTables {
  std::vector<OfferingTable> offerings;          ///< in the order of ids
  std::set<std::string, std::less<>> utilities;  ///< provider addresses, lower case

  /// The offerings behind the address of a Terraform provider: by host, namespace and type, else by namespace and type
  /// alone (registries mirror each other); a bare type, as old plans have it, by the type. Those that are used through
  /// somebody else's provider come last.
  [[nodiscard]] std::vector<const OfferingTable*> behind(std::string_view address) const;
  /// Ids of offerings whose provider has the same type in another namespace: a fork, or something else.
  [[nodiscard]] std::vector<std::string> namesakes(std::string_view address) const;
  [[nodiscard]] bool is_utility(std::string_view address) const;
  [[nodiscard]] const OfferingTable* find(std::string_view offering) const;
};

/// Reads the tables of a catalogue; offerings without `infrastructure` but with a Terraform address have empty ones.
/// The catalogue has been checked.
[[nodiscard]] PlacementTables placement_tables(const Catalogue& catalogue);

/// The site of a region's or zone's code: the code itself, else the longest code that it continues with a zone's letter
/// or number ("eu-west-3a", "europe-west9-b"); names such as "eu-central-1-waw-1a" continue none.
[[nodiscard]] FoundCode find_code(const OfferingTable& table, std::string_view code);

/// Whether a name fits a pattern in which `*` stands for any run of characters.
[[nodiscard]] bool fits(std::string_view pattern, std::string_view name);

/// The rules of a table that fit a type, in their order.
[[nodiscard]] std::vector<const TypeRule*> rules_for(const LanguageTable& table, std::string_view type);

}  // namespace sovrisk
