#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "engine/load/temporary_folder.h"
#include "infra/hcl_blocks.h"
#include "infra/source_lines.h"
#include "load/reader.h"

namespace sovrisk::testing {

namespace {

namespace fs = std::filesystem;

/// A folder of configuration, and "path:line:column+length" of an address, the path from the folder on; "" for none.
struct Configuration {
  TemporaryFolder folder;
  SourceMap sources;
  std::optional<SourceLines> lines;

  void put(const std::string& name, std::string_view text) {
    fs::create_directories(fs::path(folder.path(name)).parent_path());
    folder.write(name, text);
  }
  std::string find(std::string_view address, const std::string& below = {}) {
    if (!lines) lines.emplace(sources, folder.path() + below);
    const auto span = lines->find(address);
    if (!span) return {};
    std::string path = sources[span->file].path;
    CHECK(path.starts_with(folder.path() + "/"));
    path = path.substr(folder.path().size() + 1);
    return path + ":" + std::to_string(span->line) + ":" + std::to_string(span->column) + "+" +
           std::to_string(span->length);
  }
};

}  // namespace

TEST_CASE("source lines: resources and data of the root, whatever their index") {
  Configuration c;
  c.put("main.tf", "terraform {}\n\n  resource \"aws_db_instance\" \"main\" {\n}\ndata \"aws_ami\" \"main\" {}\n");
  c.put("other.tf", "resource \"aws_ami\" \"main\" { count = 2 }\n");
  CHECK(c.find("aws_db_instance.main") == "main.tf:3:3+33");
  CHECK(c.find("aws_db_instance.main[0]") == "main.tf:3:3+33");
  CHECK(c.find(R"(aws_db_instance.main["a.b"])") == "main.tf:3:3+33");
  CHECK(c.find(R"(aws_db_instance.main["a\"].module.x"])") == "main.tf:3:3+33");
  CHECK(c.find("data.aws_ami.main") == "main.tf:5:1+21");
  CHECK(c.find("aws_ami.main[1]") == "other.tf:1:1+25");
  CHECK(c.find("aws_db_instance.other").empty());
  CHECK(c.find("aws_db_instance").empty());
  CHECK(c.find("").empty());
  CHECK(c.find("module").empty());
  CHECK(c.find("module.x").empty());
  CHECK(c.find("a.b.c.d").empty());
  CHECK(c.find("aws_db_instance.main[\"").empty() == false);
}

TEST_CASE("source lines: modules within modules, each by its own source") {
  Configuration c;
  c.put("main.tf", "module \"db\" {\n  for_each = { x = 1 }\n  source = \"./modules/db\"\n}\n");
  c.put("modules/db/main.tf",
        "module \"net\" {\n  providers = { aws = aws.paris }\n  source = \"../net\"\n}\n"
        "resource \"aws_db_instance\" \"main\" {}\n");
  c.put("modules/net/net.tf", "\n\nresource \"aws_vpc\" \"main\" {}\n");
  CHECK(c.find("module.db[\"x\"].aws_db_instance.main[0]") == "modules/db/main.tf:5:1+33");
  CHECK(c.find("module.db[\"a.b]\"].module.net[3].aws_vpc.main") == "modules/net/net.tf:3:1+25");
  // What is not there is met with the call that led nearest to it.
  CHECK(c.find("module.db[\"x\"].aws_s3_bucket.main") == "main.tf:1:1+11");
  CHECK(c.find("module.db.module.net.aws_subnet.main") == "modules/db/main.tf:1:1+12");
  CHECK(c.find("module.db.module.gone.aws_subnet.main") == "main.tf:1:1+11");
  CHECK(c.find("module.gone.aws_vpc.main").empty());
}

TEST_CASE("source lines: a module from elsewhere stands at its call") {
  Configuration c;
  c.put("main.tf",
        "module \"registry\" {\n  source  = \"terraform-aws-modules/vpc/aws\"\n  version = \"5.0\"\n}\n"
        "module \"git\" {\n  source = \"git::https://example.org/x.git\"\n}\n"
        "module \"made\" {\n  source = \"./${var.name}\"\n}\n"
        "module \"inner\" {\n  nested { source = \"./inner\" }\n}\n"
        "module \"none\" {}\n");
  c.put("inner/main.tf", "resource \"a_b\" \"c\" {}\n");
  CHECK(c.find("module.registry.aws_vpc.this[0]") == "main.tf:1:1+17");
  CHECK(c.find("module.registry.module.deep.aws_vpc.this") == "main.tf:1:1+17");
  CHECK(c.find("module.git.a_b.c") == "main.tf:5:1+12");
  CHECK(c.find("module.made.a_b.c") == "main.tf:8:1+13");
  CHECK(c.find("module.inner.a_b.c") == "main.tf:11:1+14");
  CHECK(c.find("module.none.a_b.c") == "main.tf:14:1+13");
}

TEST_CASE("source lines: what only looks like a block is none") {
  Configuration c;
  c.put("main.tf", R"(# resource "x" "y" {
// resource "x" "y" {
/* resource "x" "y" {
resource "x" "y" { */
locals {
  quoted  = "resource \"x\" \"y\" { ${join("}", ["{", "a${"}"}b"])} $${ %%{ }"
  expr    = { for k, v in { a = 1 } : k => "${v}" if v != "}" }
  heredoc = <<EOT
resource "x" "y" {
}}}} "
  EOT not yet
  EOT
  indented = <<-EOT
    resource "x" "y" { ${ "
    EOT
  nested { resource "x" "y" {} }
  shift = 1 << 2
}
output "y" { value = resource }
resource "x" "y" /* here */ { # it is
  body = "{"
}
resource
"x" "z" {}
resource x unquoted {}
)");
  CHECK(c.find("x.y") == "main.tf:20:1+16");
  CHECK(c.find("x.z").empty());
  CHECK(c.find("x.unquoted") == "main.tf:25:1+19");
}

TEST_CASE("source lines: files with mistakes lose what follows the mistake, and no more") {
  Configuration c;
  c.put("a.tf",
        "resource \"x\" \"a\" {}\n}}}\nresource \"x\" \"b\" {}\nfoo = bar\nresource \"x\" \"c\" {\n s = \"open\n}\n"
        "resource \"x\" \"d\" {}\nresource \"x\" \"e\" {\n h = <<EOT\nresource \"x\" \"f\" {}\n");
  c.put("b.tf", "\xef\xbb\xbfresource \"x\" \"g\" {}\r\nresource \"x\" \"h\" {}\r\n");
  c.put("c.tf", std::string("\xff\xfe\0\x01{\"${", 8));
  c.put("d.tf", "/* resource \"x\" \"i\" {}");
  c.put("e.tf", "locals { a = \"é\" } resource \"x\" \"j\" {}\n");
  CHECK(c.find("x.a") == "a.tf:1:1+16");
  CHECK(c.find("x.b") == "a.tf:3:1+16");
  CHECK(c.find("x.c") == "a.tf:5:1+16");
  CHECK(c.find("x.d") == "a.tf:8:1+16");
  CHECK(c.find("x.e") == "a.tf:9:1+16");
  CHECK(c.find("x.f").empty());
  CHECK(c.find("x.g") == "b.tf:1:1+16");
  CHECK(c.find("x.h") == "b.tf:2:1+16");
  CHECK(c.find("x.i").empty());
  CHECK(c.find("x.j") == "e.tf:1:20+16");
}

TEST_CASE("source lines: the JSON syntax, by key") {
  Configuration c;
  c.put("main.tf.json", R"({
  "//": "made by a program",
  "resource": {"aws_vpc": {"main": {"cidr_block": "10.0.0.0/8"}}, "aws_subnet": [{"a": {}}, {"b": [{}]}]},
  "data": [{"aws_ami": {"main": {}}}],
  "module": {"db": {"source": "./db"}, "far": [{"source": "x/y/z"}]}
}
)");
  c.put("db/x.tf.json", R"({"resource": [{"aws_db_instance": {"main": {}}}]})");
  c.put("broken.tf.json", R"({"resource": )");
  c.put("list.tf.json", R"(["resource", {"resource": {"x": "y"}}])");
  CHECK(c.find("aws_vpc.main") == "main.tf.json:3:28+6");
  CHECK(c.find("aws_subnet.b") == "main.tf.json:3:94+3");
  CHECK(c.find("data.aws_ami.main") == "main.tf.json:4:25+6");
  CHECK(c.find("module.db.aws_db_instance.main[0]") == "db/x.tf.json:1:36+6");
  CHECK(c.find("module.far.a_b.c") == "main.tf.json:5:40+5");
}

TEST_CASE("source lines: overrides are no places, and OpenTofu's files stand in for Terraform's") {
  Configuration c;
  c.put("a_override.tf", "resource \"x\" \"a\" {}\n");
  c.put("override.tf", "resource \"x\" \"only\" {}\n");
  c.put("b.tf", "\nresource \"x\" \"a\" {}\nresource \"x\" \"b\" {}\n");
  c.put("main.tf", "resource \"x\" \"m\" {}\n");
  c.put("main.tofu", "\nresource \"x\" \"m\" {}\n");
  c.put(".hidden.tf", "resource \"x\" \"hidden\" {}\n");
  c.put("main.tf.bak", "resource \"x\" \"bak\" {}\n");
  CHECK(c.find("x.a") == "b.tf:2:1+16");
  CHECK(c.find("x.only") == "override.tf:1:1+19");
  CHECK(c.find("x.m") == "main.tofu:2:1+16");
  CHECK(c.find("x.hidden").empty());
  CHECK(c.find("x.bak").empty());
}

TEST_CASE("source lines: nothing outside the folder is read") {
  Configuration c;
  c.put("outside/main.tf", "resource \"x\" \"y\" {}\n");
  c.put("root/main.tf",
        "module \"up\" {\n  source = \"../outside\"\n}\nmodule \"round\" {\n  source = \"./a/../../outside\"\n}\n"
        "module \"link\" {\n  source = \"./link\"\n}\nmodule \"absolute\" {\n  source = \"" +
            c.folder.path("outside") +
            "\"\n}\nmodule \"self\" {\n  source = \"./\"\n}\nmodule \"in\" {\n  source = \"./inner/../link-in\"\n}\n");
  c.put("root/inner/main.tf", "module \"back\" {\n  source = \"../../outside\"\n}\nresource \"x\" \"in\" {}\n");
  fs::create_directory_symlink(c.folder.path("outside"), c.folder.path("root/link"));
  fs::create_directory_symlink("inner", c.folder.path("root/link-in"));
  fs::create_symlink(c.folder.path("outside/main.tf"), c.folder.path("root/linked.tf"));
  fs::create_symlink("/dev/zero", c.folder.path("root/zero.tf"));
  fs::create_directories(c.folder.path("root/folder.tf"));
  REQUIRE(mkfifo(c.folder.path("root/pipe.tf").c_str(), 0600) == 0);
  const auto find = [&](std::string_view address) { return c.find(address, "/root"); };
  CHECK(find("x.y").empty());
  CHECK(find("module.up.x.y") == "root/main.tf:1:1+11");
  CHECK(find("module.round.x.y") == "root/main.tf:4:1+14");
  CHECK(find("module.link.x.y") == "root/main.tf:7:1+13");
  CHECK(find("module.absolute.x.y") == "root/main.tf:10:1+17");
  CHECK(find("module.in.x.in") == "root/link-in/main.tf:4:1+17");
  CHECK(find("module.in.module.back.x.y") == "root/link-in/main.tf:1:1+13");
  // A module that calls itself is followed as often as the address says, and not beyond the bound.
  std::string deep;
  for (int i = 0; i < 60; ++i)
    deep += "module.self.";
  CHECK(find(deep + "x.y") == "root/main.tf:13:1+13");
  CHECK(find(deep + "module.self.module.self.module.self.module.self.module.self.x.y").empty());
}

TEST_CASE("source lines: large files are passed over, the others keep their digest and no text") {
  Configuration c;
  c.put("large.tf", "resource \"x\" \"large\" {}\n" + std::string(std::size_t{4} << 20, '#'));
  const std::string text = "resource \"x\" \"y\" {}\n";
  c.put("main.tf", text);
  c.put("unused.tf", "resource \"x\" \"unused\" {}\n");
  CHECK(c.find("x.large").empty());
  const std::size_t before = c.sources.size();
  CHECK(c.find("x.y") == "main.tf:1:1+16");
  CHECK(c.find("x.y[1]") == "main.tf:1:1+16");
  REQUIRE(c.sources.size() == before + 1);
  const SourceFile& file = c.sources[static_cast<FileId>(before)];
  CHECK(file.text.empty());
  CHECK(file.sha256 == sha256_hex(text));
}

TEST_CASE("source lines: paths are as the folder was given") {
  const TemporaryFolder folder;
  folder.write("main.tf", "resource \"x\" \"y\" {}\n");
  const auto path_for = [](const std::string& given) {
    SourceMap sources;
    SourceLines lines(sources, given);
    const auto span = lines.find("x.y");
    return span ? sources[span->file].path : std::string();
  };
  CHECK(path_for(folder.path() + "/") == folder.path("main.tf"));
  CHECK(path_for(folder.path() + "//") == folder.path("main.tf"));
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  CHECK(path_for(".") == "main.tf");
  CHECK(path_for("./") == "main.tf");
  CHECK(path_for("") == "main.tf");
  fs::current_path(fs::path(folder.path()).parent_path());
  CHECK(path_for(fs::path(folder.path()).filename().string()) ==
        fs::path(folder.path()).filename().string() + "/main.tf");
  fs::current_path(before);
  CHECK(path_for(folder.path("gone")).empty());
  CHECK(path_for(folder.path("main.tf")).empty());
}

TEST_CASE("source lines: time grows with the text, not with its square") {
  const std::size_t many = 400'000;
  std::string text;
  for (const std::string_view part : {"<<a", "\"${", "/*", "<<\n", "a \"b\" {}", "a ", "\"\n", "{"}) {
    text.clear();
    while (text.size() < many)
      text += part;
    (void)hcl_blocks(text);
  }
  CHECK(hcl_blocks("resource \"x\" \"y\" {}").size() == 1);
}

}  // namespace sovrisk::testing
