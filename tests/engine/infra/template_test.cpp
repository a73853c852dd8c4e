// Templates of CloudFormation and of Azure Resource Manager.
#include "engine/infra/plans.h"

namespace sovrisk::testing {

namespace {

ReadInput deployed(const std::string& text, const std::string& region) {
  ReadInput read;
  read.options.region = region;
  read.read(text);
  return read;
}

const std::string arm = R"({"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion":"1.0.0.0",)";

}  // namespace

TEST_CASE("cloudformation: the region is that of the deployment, given or not known") {
  const std::string text = "Resources:\n  Data:\n    Type: AWS::S3::Bucket\n";
  CHECK(ReadInput(text).where("Data") == "environment");
  CHECK(ReadInput(text).result->kind == "cloudformation");
  const ReadInput paris = deployed(text, "eu-west-3");
  CHECK(paris.where("Data") == "FR");
  CHECK(paris.resource("Data").offering == "amazon-web-services");
  CHECK(paris.resource("Data").service == "object-storage");
  CHECK(paris.resource("Data").span.line == 2);
  CHECK(deployed(text, "eusc-de-east-1").resource("Data").offering == "aws-european-sovereign-cloud");
}

TEST_CASE("cloudformation: functions are followed as far as the template decides them") {
  const ReadInput read(R"(AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Where: {Type: String, Default: eu-central-1}
  Open: {Type: String}
  Secret: {Type: String, NoEcho: true, Default: eu-west-3}
Mappings:
  Zones: {data: {zone: eu-west-1a}}
Resources:
  Plain: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !Sub "${Where}a"}}
  Long: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: {"Fn::Join": ["", [{Ref: Where}, b]]}}}
  Map: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !FindInMap [Zones, data, zone]}}
  Zone: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !Select [0, !GetAZs eu-north-1]}}
  Same: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !If [Big, eu-west-3a, eu-west-3a]}}
  Either: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !If [Big, eu-west-3a, us-east-1a]}}
  Asked: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !Ref Open}}
  Hidden: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !Ref Secret}}
  Got: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: !GetAtt Plain.Zone}}
)");
  CHECK(read.where("Plain") == "DE");
  CHECK(read.where("Long") == "DE");
  CHECK(read.where("Map") == "IE");
  CHECK(read.where("Zone") == "SE");
  CHECK(read.where("Same") == "FR");
  CHECK(read.where("Either") == "dynamic");
  CHECK(read.where("Asked") == "environment");
  CHECK(read.where("Hidden") == "sensitive");
  CHECK(read.where("Got") == "dynamic");
  for (const Step& step : read.place("Hidden").chain)
    CHECK(step.says.find("eu-west-3") == std::string::npos);
}

TEST_CASE("cloudformation: JSON, replicas, global services, stacks of stacks and unknown types") {
  const ReadInput read = deployed(R"({"Resources":{
    "T":{"Type":"AWS::DynamoDB::GlobalTable","Properties":{"Replicas":[{"Region":{"Ref":"AWS::Region"}},{"Region":"us-east-1"}]}},
    "R":{"Type":"AWS::IAM::Role"},
    "S":{"Type":"AWS::CloudFormation::Stack","Properties":{"TemplateURL":"https://x"}},
    "Fleet":{"Type":"AWS::CloudFormation::StackSet","Properties":{"StackInstancesGroup":[{"Regions":["eu-west-1","us-west-2"]}]}},
    "D":{"Type":"Datadog::Monitors::Monitor"},
    "K":{"Type":"AWS::S3::Bucket","Properties":{"BucketEncryption":{"ServerSideEncryptionConfiguration":[
      {"ServerSideEncryptionByDefault":{"KMSMasterKeyID":{"Fn::GetAtt":["Key","Arn"]}}}]},
      "Tags":[{"Key":"owner","Value":"me"}]}},
    "Meta":{"Type":"AWS::CDK::Metadata"}}})",
                                  "eu-west-3");
  REQUIRE(read.resource("T").places.size() == 3);
  CHECK(read.resource("T").places[1].countries == std::vector<std::string>{"FR"});
  CHECK(read.resource("T").places[2].countries == std::vector<std::string>{"US"});
  CHECK(read.where("R") == "global-service");
  CHECK(read.where("Fleet") == "IE");
  CHECK(read.resource("Fleet").places.back().countries == std::vector<std::string>{"US"});
  CHECK(read.where("D") == "unknown-provider");
  CHECK_FALSE(read.result->complete);
  CHECK(read.result->incomplete_because == std::vector<std::string>{"linked-template"});
  CHECK(read.resource("K").key.value_or(ResourceKey{}).custody == "provider-hsm-customer-key");
  CHECK(read.resource("K").tags.at("owner") == "me");
  CHECK(read.resource("Meta").holds_nothing);
}

TEST_CASE("arm: parameters, variables and the location of the group") {
  const std::string text = arm + R"(
    "parameters":{"location":{"type":"string","defaultValue":"[resourceGroup().location]"},
                  "where":{"type":"string","defaultValue":"France Central"},
                  "open":{"type":"string"},"hidden":{"type":"secureString","defaultValue":"francecentral"}},
    "variables":{"place":{"data":"[parameters('where')]"}},
    "resources":[
      {"type":"Microsoft.Storage/storageAccounts","name":"group","location":"[parameters('location')]","sku":{"name":"Standard_GRS"}},
      {"type":"Microsoft.Storage/storageAccounts","name":"given","location":"[parameters('where')]"},
      {"type":"Microsoft.Storage/storageAccounts","name":"variable","location":"[variables('place').data]"},
      {"type":"Microsoft.Storage/storageAccounts","name":"asked","location":"[parameters('open')]"},
      {"type":"Microsoft.Storage/storageAccounts","name":"hidden","location":"[parameters('hidden')]"},
      {"type":"Microsoft.Storage/storageAccounts","name":"made","location":"[concat('france','central')]"},
      {"type":"Microsoft.Sql/servers","name":"sql","location":"westeurope","resources":[{"type":"databases","name":"d"}]},
      {"type":"Microsoft.Storage/storageAccounts","name":"many","location":"westeurope","copy":{"name":"c","count":3}}]})";
  const std::string account = "Microsoft.Storage/storageAccounts/";
  const ReadInput read(text);
  CHECK(read.result->kind == "arm");
  CHECK(read.where(account + "group") == "environment");
  CHECK(deployed(text, "swedencentral").where(account + "group") == "SE");
  REQUIRE(read.resource(account + "group").places.size() == 2);
  CHECK(read.resource(account + "group").places[1].why_unknown == "not-named");
  CHECK(read.where(account + "given") == "FR");
  CHECK(read.where(account + "variable") == "FR");
  CHECK(read.where(account + "asked") == "environment");
  CHECK(read.where(account + "hidden") == "sensitive");
  CHECK(read.where(account + "made") == "dynamic");
  CHECK(read.where("Microsoft.Sql/servers/databases/d") == "NL");
  CHECK(read.resource(account + "given").offering == "microsoft-azure");
  CHECK(read.result->incomplete_because == std::vector<std::string>{"loop"});
}

TEST_CASE("arm: nested deployments, with names of their own or those around them, and linked ones") {
  const ReadInput read(arm + R"(
    "parameters":{"where":{"type":"string","defaultValue":"italynorth"}},
    "resources":{
      "inner":{"type":"Microsoft.Resources/deployments","name":"inner","properties":{
        "expressionEvaluationOptions":{"scope":"inner"},"parameters":{"place":{"value":"[parameters('where')]"}},
        "template":{"parameters":{"place":{"type":"string"}},"resources":[
          {"type":"Microsoft.KeyVault/vaults","name":"v","location":"[parameters('place')]"}]}}},
      "outer":{"type":"Microsoft.Resources/deployments","name":"outer","properties":{
        "template":{"resources":[{"type":"Microsoft.KeyVault/vaults","name":"w","location":"[parameters('where')]"}]}}},
      "linked":{"type":"Microsoft.Resources/deployments","name":"linked","properties":{"templateLink":{"uri":"https://x"}}}}})");
  CHECK(read.where("Microsoft.KeyVault/vaults/v") == "IT");
  CHECK(read.resource("Microsoft.KeyVault/vaults/v").module == "inner");
  CHECK(read.where("Microsoft.KeyVault/vaults/w") == "IT");
  CHECK(read.result->incomplete_because == std::vector<std::string>{"linked-template"});
}

TEST_CASE("arm: parameters and variables in a circle end") {
  const ReadInput read(arm + R"("parameters":{"a":{"type":"string","defaultValue":"[variables('b')]"}},
    "variables":{"b":"[parameters('a')]"},
    "resources":[{"type":"Microsoft.KeyVault/vaults","name":"v","location":"[parameters('a')]"}]})");
  CHECK(read.where("Microsoft.KeyVault/vaults/v") == "dynamic");
}

}  // namespace sovrisk::testing
