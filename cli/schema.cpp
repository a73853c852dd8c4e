#include <fmt/format.h>

#include "command.h"
#include "load/suggest.h"

namespace sovrisk::cli {

namespace {

void run(const std::string& name, const Common& common) {
  Session& session = Session::open(common);
  if (name.empty()) {
    std::string list;
    for (const std::string& id : session.catalogue().ids("schema-text"))
      list += id + "\n";
    print_out(list);
    return;
  }
  const Document* text = session.catalogue().find("schema-text", name);
  if (text == nullptr)
    Session::fail(fmt::format("no format is named `{}`", name),
                  did_you_mean(name, session.catalogue().ids("schema-text")));
  print_out(text->root.text);
}

}  // namespace

void setup_schema(CLI::App& command, Common& common) {
  auto name = std::make_shared<std::string>();
  command.add_option("FORMAT", *name, "workload, offering, entity, law, ruleset, method, overlay, policy, facts, ...");
  add_common(command, common);
  command.footer(R"(
Examples:
  sovrisk schema
  sovrisk schema workload > workload.schema.json)");
  command.callback([name, &common] { run(*name, common); });
}

}  // namespace sovrisk::cli
