// Which offering an address means, and what places there are beside a resource's own.
#include "engine/infra/plans.h"

namespace sovrisk::testing {

namespace {

const std::string azurerm = "registry.terraform.io/hashicorp/azurerm";
const std::string google = "registry.terraform.io/hashicorp/google";

std::vector<std::string> roles(const PlannedResource& resource) {
  std::vector<std::string> roles;
  for (const Place& place : resource.places)
    roles.push_back(place.role + ":" + (place.known ? place.countries.front() : place.why_unknown));
  return roles;
}

using Roles = std::vector<std::string>;

}  // namespace

TEST_CASE("offering: mirrors and forks of a registry, and names that only look alike") {
  const auto of = [](const std::string& address, const std::string& type = "aws_s3_bucket") {
    const ReadInput read(plan(created(type + ".b", R"({"region":"eu-west-3"})", {}, address)));
    const PlannedResource& resource = read.result->resources.front();
    return resource.offering.empty() ? resource.offering_why_unknown : resource.offering;
  };
  CHECK(of(aws) == "amazon-web-services");
  CHECK(of("registry.opentofu.org/hashicorp/aws") == "amazon-web-services");
  CHECK(of("mirror.example.org:8443/hashicorp/aws") == "amazon-web-services");
  CHECK(of("Registry.Terraform.io/HashiCorp/AWS") == "amazon-web-services");
  CHECK(of("aws") == "amazon-web-services");  // format 0.1
  CHECK(of("registry.terraform.io/-/aws") == "amazon-web-services");
  CHECK(of("registry.terraform.io/somebody/aws") == "unknown-provider");
  CHECK(of("registry.terraform.io/datadog/datadog", "datadog_monitor") == "unknown-provider");
  const ReadInput fork(
      plan(created("aws_s3_bucket.b", R"({"region":"eu-west-3"})", {}, "registry.terraform.io/x/aws")));
  CHECK(fork.where("aws_s3_bucket.b") == "unknown-provider");
  CHECK(fork.resource("aws_s3_bucket.b").offering_may_be.size() == 2);
}

TEST_CASE("offering: utilities create nothing anywhere") {
  const ReadInput read(plan(created("random_id.r", "{}", {}, "registry.terraform.io/hashicorp/random")));
  CHECK(read.resource("random_id.r").holds_nothing);
  CHECK(read.resource("random_id.r").places.empty());
}

TEST_CASE("offering: the region's code decides between partitions") {
  const auto of = [](const std::string& region) {
    const ReadInput read(plan(created("aws_s3_bucket.b", R"({"region":")" + region + R"("})")));
    const PlannedResource& resource = read.result->resources.front();
    return (resource.offering.empty() ? resource.offering_why_unknown : resource.offering) + " " +
           read.where("aws_s3_bucket.b");
  };
  CHECK(of("eusc-de-east-1") == "aws-european-sovereign-cloud DE");
  CHECK(of("eusc-xx-new-9") == "aws-european-sovereign-cloud region-not-listed");
  CHECK(of("eu-west-3") == "amazon-web-services FR");
  CHECK(of("us-gov-west-1") == "other-partition other-partition");
  CHECK(of("cn-north-1") == "other-partition other-partition");
  CHECK(of("xx-new-1") == "amazon-web-services region-not-listed");
}

TEST_CASE("offering: the provider's configuration decides first") {
  const auto azure = [](const std::string& expressions) {
    const ReadInput read(
        plan(created("azurerm_storage_account.s", R"({"location":"France Central"})", {}, azurerm),
             configuration(provider("azurerm", "azurerm", expressions),
                           R"("resources":[)" + configured("azurerm_storage_account", "s", "azurerm") + "]")));
    const PlannedResource& resource = read.result->resources.front();
    return (resource.offering.empty() ? resource.offering_why_unknown : resource.offering) + " " +
           read.where("azurerm_storage_account.s");
  };
  CHECK(azure("") == "microsoft-azure FR");
  CHECK(azure(R"("environment":{"constant_value":"public"})") == "microsoft-azure FR");
  CHECK(azure(R"("environment":{"constant_value":"china"})") == "other-endpoint other-endpoint");
  CHECK(azure(R"("metadata_host":{"constant_value":"management.core.sovcloud-api.fr"})").starts_with("bleu "));
  CHECK(
      azure(R"("metadata_host":{"constant_value":"management.evil-sovcloud-api.fr"})").starts_with("other-endpoint "));
  CHECK(azure(R"("metadata_host":{"references":["local.host"]})").starts_with("dynamic "));
  const ReadInput plain(plan(created("azurerm_storage_account.s", R"({"location":"francecentral"})", {}, azurerm)));
  CHECK(plain.resource("azurerm_storage_account.s").offering_may_be ==
        std::vector<std::string>{"microsoft-sovereign-cloud"});

  ReadInput meant;
  meant.options.meant["microsoft-azure"] = "microsoft-sovereign-cloud";
  meant.read(plan(created("azurerm_storage_account.s", R"({"location":"francecentral"})", {}, azurerm)));
  CHECK(meant.resource("azurerm_storage_account.s").offering == "microsoft-sovereign-cloud");

  const ReadInput universe(
      plan(created("google_storage_bucket.b", R"({"location":"u-france-east1"})", {}, google),
           configuration(provider("google", "google", R"("universe_domain":{"constant_value":"s3nsapis.fr"})"),
                         R"("resources":[)" + configured("google_storage_bucket", "b", "google") + "]")));
  CHECK(universe.resource("google_storage_bucket.b").offering == "s3ns");
  CHECK(universe.where("google_storage_bucket.b") == "FR");
}

TEST_CASE("offering: an endpoint of somebody else is theirs, for the types that they serve") {
  const std::string elsewhere = configuration(
      provider(
          "aws", "aws",
          R"("region":{"constant_value":"fr-par"},"endpoints":[{"s3":{"constant_value":"https://s3.fr-par.scw.cloud"}}])"),
      R"("resources":[)" + configured("aws_s3_bucket", "b", "aws") + "," + configured("aws_instance", "i", "aws") +
          "]");
  const ReadInput read(plan(created("aws_s3_bucket.b", "{}") + "," + created("aws_instance.i", "{}"), elsewhere));
  CHECK(read.resource("aws_s3_bucket.b").offering == "scaleway");
  CHECK(read.where("aws_s3_bucket.b") == "FR");
  CHECK(read.resource("aws_instance.i").offering.empty());
  CHECK(read.resource("aws_instance.i").offering_why_unknown == "other-endpoint");
  CHECK(read.where("aws_instance.i") != "FR");
}

TEST_CASE("places: global services, CDNs and multi-regions say what they are") {
  const std::string european = configuration(provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})"), "");
  const ReadInput read(
      plan(created("aws_iam_role.r", "{}") + "," + created("aws_cloudfront_distribution.c", "{}"), european));
  CHECK(roles(read.resource("aws_iam_role.r")) == Roles{"global:global-service"});
  CHECK(read.resource("aws_iam_role.r").offering == "amazon-web-services");
  CHECK(roles(read.resource("aws_cloudfront_distribution.c")) == Roles{"edge:global-service"});

  const ReadInput wide(plan(created("google_storage_bucket.eu", R"({"location":"EU"})", {}, google) + "," +
                            created("google_storage_bucket.two", R"({"location":"EUR4"})", {}, google) + "," +
                            created("google_storage_bucket.asia", R"({"location":"ASIA"})", {}, google)));
  CHECK(wide.place("google_storage_bucket.eu").countries.size() == 27);
  CHECK(wide.where("google_storage_bucket.two") == "FI NL");
  CHECK(wide.where("google_storage_bucket.asia") == "country-unknown");
}

TEST_CASE("places: replicas and backups are places too, named or not") {
  const ReadInput read(
      plan(created("aws_dynamodb_table.t",
                   R"({"region":"eu-west-3","replica":[{"region_name":"us-east-1"},{"region_name":"eu-west-1"}]})") +
           "," +
           created("aws_s3_bucket_replication_configuration.r",
                   R"({"region":"eu-west-3","rule":[{"destination":[{"bucket":"arn:aws:s3:::copy"}]}]})") +
           "," +
           created("azurerm_storage_account.s", R"({"location":"westeurope","account_replication_type":"GRS"})", {},
                   azurerm) +
           "," +
           created("azurerm_storage_account.local", R"({"location":"westeurope","account_replication_type":"LRS"})", {},
                   azurerm) +
           "," +
           created("aws_secretsmanager_secret.late", R"({"region":"eu-west-3"})",
                   R"("after_unknown":{"replica":[{"region":true}]})")));
  CHECK(roles(read.resource("aws_dynamodb_table.t")) == Roles{"at-rest:FR", "replica:US", "replica:IE"});
  CHECK(roles(read.resource("aws_s3_bucket_replication_configuration.r")) == Roles{"at-rest:FR", "replica:not-named"});
  CHECK(roles(read.resource("azurerm_storage_account.s")) == Roles{"at-rest:NL", "replica:not-named"});
  CHECK(roles(read.resource("azurerm_storage_account.local")) == Roles{"at-rest:NL"});
  CHECK(roles(read.resource("aws_secretsmanager_secret.late")) == Roles{"at-rest:FR", "replica:after-apply"});
}

TEST_CASE("places: a part is where its whole is") {
  const ReadInput read(plan(
      created("azurerm_storage_account.s", R"({"location":"swedencentral"})", {}, azurerm) + "," +
          created("azurerm_storage_container.c", "{}", R"("after_unknown":{"storage_account_id":true})", azurerm) +
          "," + created("azurerm_storage_container.lost", R"({"storage_account_id":"/subscriptions/x"})", {}, azurerm),
      configuration(
          "",
          R"("resources":[)" + configured("azurerm_storage_account", "s", "azurerm") + "," +
              configured(
                  "azurerm_storage_container", "c", "azurerm",
                  R"("storage_account_id":{"references":["azurerm_storage_account.s.id","azurerm_storage_account.s"]})") +
              "," + configured("azurerm_storage_container", "lost", "azurerm") + "]")));
  CHECK(read.where("azurerm_storage_container.c") == "SE");
  CHECK(read.where("azurerm_storage_container.lost") == "no-region");
}

TEST_CASE("places: parts in a circle end") {
  const ReadInput read(plan(
      created("azurerm_subnet.a", "{}", {}, azurerm) + "," + created("azurerm_subnet.b", "{}", {}, azurerm),
      configuration(
          "",
          R"("resources":[)" +
              configured("azurerm_subnet", "a", "azurerm", R"("parent_id":{"references":["azurerm_subnet.b.id"]})") +
              "," +
              configured("azurerm_subnet", "b", "azurerm", R"("parent_id":{"references":["azurerm_subnet.a.id"]})") +
              "]")));
  CHECK(read.where("azurerm_subnet.a") == "no-region");
}

TEST_CASE("keys: who holds them, as far as the resource says it") {
  const std::string resources = R"("resources":[)" +
                                configured("aws_ebs_volume", "own", "aws",
                                           R"("kms_key_id":{"references":["aws_kms_key.k.arn","aws_kms_key.k"]})") +
                                "," + configured("aws_ebs_volume", "plain", "aws") + "," +
                                configured("aws_ebs_volume", "alias", "aws") + "]";
  const ReadInput read(
      plan(created("aws_ebs_volume.own", "{}", R"("after_unknown":{"kms_key_id":true})") + "," +
               created("aws_ebs_volume.plain", "{}", R"("after_unknown":{"kms_key_id":true})") + "," +
               created("aws_ebs_volume.alias", R"({"kms_key_id":"alias/aws/ebs"})"),
           configuration(provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})"), resources)));
  const auto custody = [&](const std::string& address) {
    return read.resource(address).key.value_or(ResourceKey{}).custody;
  };
  CHECK(custody("aws_ebs_volume.own") == "provider-hsm-customer-key");
  CHECK(read.resource("aws_ebs_volume.own").key->chain.front().says == "aws_kms_key.k.arn");
  CHECK(custody("aws_ebs_volume.plain") == "provider");
  CHECK(custody("aws_ebs_volume.alias") == "provider");
}

TEST_CASE("tables: patterns, zones and codes") {
  CHECK(fits("aws_iam_*", "aws_iam_role"));
  CHECK(fits("*_iam_*", "google_x_iam_member"));
  CHECK(fits("*", ""));
  CHECK(fits("a*b*c", "aXbXbXc"));
  CHECK_FALSE(fits("aws_waf_*", "aws_wafv2_web_acl"));
  CHECK_FALSE(fits("a", "ab"));
  OfferingTable table;
  table.sites = {{"eu", "DE", ""}, {"eu-west-3", "FR", ""}, {"fr-par", "FR", ""}, {"GRA", "FR", ""}};
  CHECK(find_code(table, "eu-west-3").site == "eu-west-3");
  CHECK(find_code(table, "eu-west-3a").site == "eu-west-3");
  CHECK(find_code(table, "fr-par-2").site == "fr-par");
  CHECK(find_code(table, "gra").site == "GRA");
  CHECK_FALSE(find_code(table, "eu-west-3-lim-1a").listed);
  CHECK_FALSE(find_code(table, "").listed);
}

}  // namespace sovrisk::testing
