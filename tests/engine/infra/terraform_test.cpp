// Where the resources of a plan would be, and at which offering: each resolution by a plan of its own.
#include <fmt/format.h>

#include "engine/infra/plans.h"

namespace sovrisk::testing {

namespace {

const std::string by_variable =
    configuration(provider("aws", "aws", R"("region":{"references":["var.region"]})"),
                  R"("variables":{"region":{}},"resources":[)" + configured("aws_s3_bucket", "b", "aws") + "]");

std::string says(const std::vector<Step>& chain) {
  std::string words;
  for (const Step& step : chain)
    words += fmt::format("{}={};", step.at, step.says);
  return words;
}

}  // namespace

TEST_CASE("plan: the region of a provider is a variable's value, and the chain says so") {
  const ReadInput read(plan(created("aws_s3_bucket.b", R"({"bucket":"b"})", R"("after_unknown":{"region":true})"),
                            R"("variables":{"region":{"value":"eu-west-3"}},)" + by_variable));
  CHECK(read.where("aws_s3_bucket.b") == "FR");
  CHECK(read.resource("aws_s3_bucket.b").offering == "amazon-web-services");
  CHECK(read.resource("aws_s3_bucket.b").service == "object-storage");
  CHECK(says(read.place("aws_s3_bucket.b").chain) ==
        "provider.aws: region=var.region;var.region=eu-west-3;site eu-west-3=FR;");
}

TEST_CASE("plan: without a value, a variable's default counts; without that, the environment decides") {
  const std::string change = created("aws_s3_bucket.b", "{}");
  std::string with_default = by_variable;
  with_default.replace(with_default.find(R"({"region":{}})"), 13, R"({"region":{"default":"us-east-1"}})");
  CHECK(ReadInput(plan(change, with_default)).where("aws_s3_bucket.b") == "US");
  const ReadInput open(plan(change, by_variable));
  CHECK(open.where("aws_s3_bucket.b") == "environment");
  CHECK(open.resource("aws_s3_bucket.b").offering.empty());
  CHECK(open.resource("aws_s3_bucket.b").offering_why_unknown == "environment");
  CHECK(open.resource("aws_s3_bucket.b").offering_may_be ==
        std::vector<std::string>{"amazon-web-services", "aws-european-sovereign-cloud"});
}

TEST_CASE("plan: a provider without a region leaves it to the environment") {
  const ReadInput read(plan(
      created("aws_s3_bucket.b", "{}"),
      configuration(provider("aws", "aws", ""), R"("resources":[)" + configured("aws_s3_bucket", "b", "aws") + "]")));
  CHECK(read.where("aws_s3_bucket.b") == "environment");
}

TEST_CASE("plan: an alias names another configuration of the provider") {
  const ReadInput read(plan(
      created("aws_s3_bucket.b", "{}") + "," + created("aws_s3_bucket.far", "{}"),
      configuration(provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})") + "," +
                        provider("aws.far", "aws", R"("region":{"constant_value":"us-east-1"})", R"("alias":"far")"),
                    R"("resources":[)" + configured("aws_s3_bucket", "b", "aws") + "," +
                        configured("aws_s3_bucket", "far", "aws.far") + "]")));
  CHECK(read.where("aws_s3_bucket.b") == "FR");
  CHECK(read.where("aws_s3_bucket.far") == "US");
}

TEST_CASE("plan: an alias passed to a module is the key that Terraform gives") {
  const ReadInput read(plan(
      created("module.m.aws_s3_bucket.b", "{}"),
      configuration(
          provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})") + "," +
              provider("aws.far", "aws", R"("region":{"constant_value":"us-east-1"})", R"("alias":"far")"),
          R"("module_calls":{"m":{"module":{"resources":[)" + configured("aws_s3_bucket", "b", "aws.far") + "]}}}")));
  CHECK(read.where("module.m.aws_s3_bucket.b") == "US");
}

TEST_CASE("plan: with keys of older plans the nearest configuration of the name counts, if there is one only") {
  const std::string one = provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})");
  const std::string other =
      provider("x:aws.far", "aws", R"("region":{"constant_value":"us-east-1"})", R"("alias":"far")");
  const std::string calls = R"("module_calls":{"m":{"module":{"resources":[)" +
                            configured("aws_s3_bucket", "b", "module.m:aws") + "," +
                            configured("aws_s3_bucket", "far", "m:aws.far") + "]}}}";
  const std::string changes =
      created("module.m.aws_s3_bucket.b", "{}") + "," + created("module.m.aws_s3_bucket.far", "{}");
  const ReadInput alone(plan(changes, configuration(one, calls)));
  CHECK(alone.where("module.m.aws_s3_bucket.b") == "FR");
  const ReadInput both(plan(changes, configuration(one + "," + other, calls)));
  CHECK(both.where("module.m.aws_s3_bucket.b") == "which-provider");  // the parent may have passed the other one down
  CHECK(both.where("module.m.aws_s3_bucket.far") == "US");
}

TEST_CASE("plan: a module's own provider is looked for in the module, and its variables in its call") {
  const std::string text = plan(
      created("module.a[0].module.b[\"x.y\"].aws_s3_bucket.b", "{}"),
      R"("variables":{"where":{"value":{"data":"eu-central-1"}}},)" +
          configuration(
              provider("module.a.module.b:aws", "aws", R"("region":{"references":["var.region"]})",
                       R"("module_address":"module.a.module.b")") +
                  "," + provider("aws", "aws", R"("region":{"constant_value":"us-east-1"})"),
              R"("module_calls":{"a":{"expressions":{"place":{"references":["var.where.data","var.where"]}},"module":{
                 "module_calls":{"b":{"expressions":{"region":{"references":["var.place"]}},"module":{"resources":[)" +
                  configured("aws_s3_bucket", "b", "module.a.module.b:aws") + "]}}}}}}"));
  const ReadInput read(text);
  CHECK(read.where("module.a[0].module.b[\"x.y\"].aws_s3_bucket.b") == "DE");
  CHECK(says(read.result->resources[0].places[0].chain) ==
        "module.a.module.b.provider.aws: region=var.region;module.a.module.b.var.region=var.place;"
        "module.a.var.place=var.where.data;var.where.data=eu-central-1;site eu-central-1=DE;");
}

TEST_CASE("plan: a region of the resource itself comes before its provider's") {
  const std::string european = configuration(provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})"),
                                             R"("resources":[)" + configured("aws_s3_bucket", "b", "aws") + "]");
  CHECK(ReadInput(plan(created("aws_s3_bucket.b", R"({"region":"us-west-2"})"), european)).where("aws_s3_bucket.b") ==
        "US");
  CHECK(ReadInput(plan(created("aws_s3_bucket.b", R"({"arn":"arn:aws:s3:eu-north-1:1:b"})"), european))
            .where("aws_s3_bucket.b") == "SE");
  CHECK(ReadInput(plan(created("aws_s3_bucket.b", R"({"arn":"arn:aws:s3:::b"})"), european)).where("aws_s3_bucket.b") ==
        "FR");
  CHECK(ReadInput(plan(created("aws_instance.b", R"({"availability_zone":"eu-central-1b"})"), european))
            .where("aws_instance.b") == "DE");
  // A local zone is no zone of the region whose code it begins with: this one is in Warsaw.
  CHECK(ReadInput(plan(created("aws_instance.b", R"({"availability_zone":"eu-central-1-waw-1a"})"), european))
            .where("aws_instance.b") == "region-not-listed");
}

TEST_CASE("plan: what is known after the plan is applied is unknown, and so is an unclear expression") {
  const auto provided = [](const std::string& expression, const std::string& after, const std::string& unknown) {
    return plan(
        created("aws_s3_bucket.b", after, unknown),
        configuration(provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})"),
                      R"("resources":[)" + configured("aws_s3_bucket", "b", "aws", R"("region":)" + expression) + "]"));
  };
  CHECK(ReadInput(provided(R"({"references":["random_shuffle.r.result","random_shuffle.r"]})", "{}",
                           R"("after_unknown":{"region":true})"))
            .where("aws_s3_bucket.b") == "after-apply");
  const auto of_provider = [](const std::string& expression) {
    return plan(created("aws_s3_bucket.b", "{}"),
                R"("variables":{"a":{"value":"eu-west-3"},"b":{"value":"x"}},)" +
                    configuration(provider("aws", "aws", R"("region":)" + expression),
                                  R"("resources":[)" + configured("aws_s3_bucket", "b", "aws") + "]"));
  };
  CHECK(ReadInput(of_provider(R"({"references":["var.a","var.b"]})")).where("aws_s3_bucket.b") == "dynamic");
  CHECK(ReadInput(of_provider(R"({"references":["local.region"]})")).where("aws_s3_bucket.b") == "dynamic");
  CHECK(ReadInput(of_provider(R"({})")).where("aws_s3_bucket.b") == "dynamic");
  CHECK(ReadInput(of_provider(R"({"constant_value":null})")).where("aws_s3_bucket.b") == "environment");
}

TEST_CASE("plan: sensitive values are not read, and stand in no text") {
  const std::string secret = "eu-west-3";
  const auto absent = [&](const ReadInput& read) {
    for (const PlannedResource& resource : read.result->resources) {
      std::string all = says(resource.offering_chain);
      for (const Place& place : resource.places)
        all += says(place.chain) + place.region + place.site;
      for (const auto& [tag, value] : resource.tags)
        all += tag + value;
      CHECK(all.find(secret) == std::string::npos);
    }
  };
  const std::string sensitive_variable =
      R"("variables":{"region":{"value":"eu-west-3"}},)" +
      configuration(
          provider("aws", "aws", R"("region":{"references":["var.region"]})"),
          R"("variables":{"region":{"sensitive":true}},"resources":[)" + configured("aws_s3_bucket", "b", "aws") + "]");
  const ReadInput of_variable(plan(created("aws_s3_bucket.b", "{}"), sensitive_variable));
  CHECK(of_variable.where("aws_s3_bucket.b") == "sensitive");
  absent(of_variable);
  for (const char* const mark : {R"({"region":true,"tags_all":true})", "true"}) {
    const ReadInput of_value(plan(created("aws_s3_bucket.b", R"({"region":"eu-west-3","tags_all":{"a":"eu-west-3"}})",
                                          fmt::format(R"("after_sensitive":{})", mark))));
    CHECK(of_value.where("aws_s3_bucket.b") == "sensitive");
    absent(of_value);
  }
}

TEST_CASE("plan: count and for_each give an address each; count = 0 gives none") {
  const std::string region = R"({"region":"eu-west-3"})";
  const ReadInput read(plan(created("aws_s3_bucket.b[0]", region) + "," + created("aws_s3_bucket.b[1]", region) + "," +
                            created("aws_s3_bucket.c[\"é \\ .\"]", region)));
  CHECK(read.result->resources.size() == 3);
  CHECK(read.result->resources[1].name == "b");
  const ReadInput none(plan("", configuration("", R"("resources":[{"mode":"managed","type":"aws_s3_bucket","name":"b",
      "provider_config_key":"aws","count_expression":{"constant_value":0}}])")));
  CHECK(none.result->resources.empty());
  CHECK(none.result->complete);
}

TEST_CASE("plan: a plan that is not whole says so") {
  const ReadInput targeted(plan(created("aws_s3_bucket.b", R"({"region":"eu-west-3"})"), R"("complete":false)"));
  CHECK_FALSE(targeted.result->complete);
  CHECK(targeted.result->incomplete_because == std::vector<std::string>{"targeted-or-deferred"});
  CHECK(targeted.where("aws_s3_bucket.b") == "FR");
  CHECK_FALSE(ReadInput(plan("", R"("errored":true)")).result->complete);
  CHECK(ReadInput(plan("", R"("complete":true,"errored":false)")).result->complete);

  const ReadInput deferred(plan("", R"("deferred_changes":[{"reason":"provider_config_unknown","resource_change":)" +
                                        created("aws_s3_bucket.late", R"({"region":"eu-west-3"})") + "}]"));
  CHECK_FALSE(deferred.result->complete);
  CHECK(deferred.resource("aws_s3_bucket.late").deferred);
  CHECK(deferred.where("aws_s3_bucket.late") == "deferred");

  const ReadInput cut(R"({"format_version":"1.2","planned_values":{"root_module":{"resources":[
      {"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b"}]}}})");
  CHECK(cut.result->incomplete_because == std::vector<std::string>{"no-resource-changes"});
}

TEST_CASE("plan: what stays or goes is passed over, unless asked for; reads count") {
  const std::string text = plan(
      created("aws_s3_bucket.stays", R"({"region":"eu-west-3"})", {}, aws, R"(["no-op"])") + "," +
      R"({"address":"aws_s3_bucket.goes","mode":"managed","type":"aws_s3_bucket","name":"goes","provider_name":")" +
      aws +
      R"(","change":{"actions":["delete"],"before":{"region":"us-east-1"},"after":null,"before_sensitive":{}}},)" +
      created("aws_s3_bucket.again", R"({"region":"eu-west-1"})", {}, aws, R"(["delete","create"])") + "," +
      created("data.aws_s3_bucket.read", R"({"region":"eu-north-1"})", {}, aws, R"(["read"])"));
  const ReadInput some(text);
  CHECK(some.result->passed_over == 2);
  CHECK(some.result->resources.size() == 2);
  CHECK(some.where("aws_s3_bucket.again") == "IE");
  CHECK(some.where("data.aws_s3_bucket.read") == "SE");
  CHECK(some.resource("data.aws_s3_bucket.read").mode == "data");
  ReadInput all;
  all.options.include_existing = true;
  all.read(text);
  CHECK(all.result->passed_over == 0);
  CHECK(all.where("aws_s3_bucket.stays") == "FR");
  CHECK(all.where("aws_s3_bucket.goes") == "US");
}

TEST_CASE("plan: data that was read before the plan counts once") {
  const std::string state =
      R"("prior_state":{"values":{"root_module":{"resources":[
      {"address":"data.aws_s3_bucket.old","mode":"data","type":"aws_s3_bucket","name":"old","provider_name":")" +
      aws +
      R"(","values":{"region":"eu-central-2"}},
      {"address":"aws_s3_bucket.kept","mode":"managed","type":"aws_s3_bucket","name":"kept","provider_name":")" +
      aws +
      R"(","values":{"region":"us-east-1"}}],"child_modules":[{"address":"module.m[\"a.b\"]","resources":[
      {"address":"module.m[\"a.b\"].data.aws_s3_bucket.deep","mode":"data","type":"aws_s3_bucket","name":"deep",
       "provider_name":")" +
      aws + R"(","values":{"region":"eu-south-1"}}]}]}}})";
  const ReadInput read(plan("", state));
  CHECK(read.result->resources.size() == 2);
  CHECK(read.where("data.aws_s3_bucket.old") == "CH");
  CHECK(read.where("module.m[\"a.b\"].data.aws_s3_bucket.deep") == "IT");
  CHECK(read.resource("module.m[\"a.b\"].data.aws_s3_bucket.deep").module == "module.m[\"a.b\"]");
}

TEST_CASE("plan: a state is read as what exists") {
  const ReadInput read(R"({"format_version":"1.0","terraform_version":"1.9.0","values":{"root_module":{"resources":[
      {"address":"aws_s3_bucket.b","mode":"managed","type":"aws_s3_bucket","name":"b","provider_name":")" +
                       aws +
                       R"(","values":{"region":"eu-west-3"},"sensitive_values":{}},
      {"address":"aws_s3_bucket.old","mode":"managed","type":"aws_s3_bucket","name":"old","provider_name":")" +
                       aws + R"(","values":{},"sensitive_values":{}}]}}})");
  CHECK(read.result->kind == "terraform-state");
  CHECK(read.where("aws_s3_bucket.b") == "FR");
  CHECK(read.where("aws_s3_bucket.old") == "environment");
  CHECK(read.resource("aws_s3_bucket.b").actions == std::vector<std::string>{"existing"});
}

TEST_CASE("plan: versions 0.1 to 1.x are read") {
  for (const char* const version : {"0.1", "0.2", "1.0", "1.2", "1.99"}) {
    const ReadInput read(plan(created("aws_s3_bucket.b", R"({"region":"eu-west-3"})"), {}, version));
    CHECK(read.result->format == version);
    CHECK(read.where("aws_s3_bucket.b") == "FR");
  }
}

TEST_CASE("plan: members that a newer version adds are passed over, in any order of the others") {
  const std::string text =
      R"({"configuration":)" +
      configuration(provider("aws", "aws", R"("region":{"constant_value":"eu-west-3"})"), "").substr(16) +
      R"(,"new_thing":[{"a":[[]]}],"resource_changes":[)" + created("aws_s3_bucket.b", "{}") +
      R"(],"format_version":"1.7"})";
  CHECK(ReadInput(text).where("aws_s3_bucket.b") == "FR");
}

}  // namespace sovrisk::testing
