// Our reading of the schemas against an independent one (Valijson): on every file of the catalogue and the
// examples, and on what is left of them after systematic damage, both must accept or both must refuse.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "support.h"

namespace sovrisk::testing {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return nullptr;
    case Node::Kind::boolean: return node.boolean;
    case Node::Kind::number:
      // Draft 7 takes 1.0 for an integer; Valijson tells by the C++ type.
      if (node.number == static_cast<double>(static_cast<std::int64_t>(node.number)))
        return static_cast<std::int64_t>(node.number);
      return node.number;
    case Node::Kind::text: return node.text;
    case Node::Kind::list: {
      json list = json::array();
      for (const Node& item : node.items)
        list.push_back(to_json(item));
      return list;
    }
    case Node::Kind::map: {
      json map = json::object();
      for (const Member& member : node.members)
        map[member.key] = to_json(member.value);
      return map;
    }
  }
  return nullptr;
}

/// The other reading.
class Other {
 public:
  bool accepts(const std::string& schema, const Node& document, std::string* why = nullptr) {
    const json target = to_json(document);
    const valijson::adapters::NlohmannJsonAdapter adapter(target);
    valijson::ValidationResults results;
    bool fits = false;
    try {
      fits = validator_.validate(compiled(schema), adapter, why != nullptr ? &results : nullptr);
    } catch (const std::exception& error) {
      // Valijson 1.0 looks at `format: date` before `type: string` and throws on what is no text. The schemas
      // never use the one without the other, so such a value is refused either way.
      if (why != nullptr) *why += error.what();
    }
    valijson::ValidationResults::Error error;
    while (why != nullptr && why->size() < 500 && results.popError(error))
      *why += (error.context.empty() ? std::string() : error.context.back()) + " " + error.description + "; ";
    return fits;
  }

 private:
  const valijson::Schema& compiled(const std::string& name) {
    std::unique_ptr<valijson::Schema>& schema = schemas_[name];
    if (schema == nullptr) {
      schema = std::make_unique<valijson::Schema>();
      const auto fetch = [this](const std::string& uri) -> const json* { return &document(uri); };
      const auto keep = [](const json*) {};  // the documents live as long as this
      valijson::SchemaParser parser;
      parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document(name)), *schema, fetch, keep);
    }
    return *schema;
  }

  const json& document(const std::string& uri) {
    const std::string name = uri.substr(0, uri.find('#'));
    std::unique_ptr<json>& document = documents_[name];
    if (document == nullptr)
      document = std::make_unique<json>(json::parse(slurp(fs::path(SOVRISK_SOURCE) / "schemas" / name)));
    return *document;
  }

  std::map<std::string, std::unique_ptr<json>> documents_;
  std::map<std::string, std::unique_ptr<valijson::Schema>> schemas_;
  valijson::Validator validator_;
};

std::vector<fs::path> shipped_files() {
  std::vector<fs::path> paths;
  for (const char* folder : {"providers", "laws", "rules", "measures", "scenarios", "examples"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(SOVRISK_SOURCE) / folder))
      if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

/// Calls `visit` for every value of a tree.
void each_value(Node& node, const std::function<void(Node&)>& visit) {
  visit(node);
  for (Node& item : node.items)
    each_value(item, visit);
  for (Member& member : node.members)
    each_value(member.value, visit);
}

/// Draws that are the same on every machine and every run.
class Draw {
 public:
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>((state_ >> 33) % bound);
  }

 private:
  std::uint64_t state_ = 20261123;
};

Node text(std::string value) {
  Node node;
  node.kind = Node::Kind::text;
  node.text = std::move(value);
  return node;
}

Node number(double value, std::string as_written) {
  Node node;
  node.kind = Node::Kind::number;
  node.number = value;
  node.text = std::move(as_written);
  return node;
}

Node of_kind(Node::Kind kind) {
  Node node;
  node.kind = kind;
  if (kind == Node::Kind::boolean) node.text = "false";
  if (kind == Node::Kind::text) return text("word");
  if (kind == Node::Kind::number) return number(7, "7");
  return node;
}

bool is_date(const Node& node) { return node.kind == Node::Kind::text && Date::parse(node.text).has_value(); }
bool is_share(const Node& node) { return node.kind == Node::Kind::text && node.text.ends_with('%'); }
bool is_scalar(const Node& node) { return node.kind != Node::Kind::list && node.kind != Node::Kind::map; }

/// One way to damage a value: where it can be done, and how.
struct Damage {
  const char* name;
  bool (*fits)(const Node&);
  void (*apply)(Node&, Draw&);
};

const std::vector<Damage>& damages() {
  static const std::vector<Damage> all{
      {"delete a key", [](const Node& n) { return !n.members.empty(); },
       [](Node& n, Draw& draw) {
         n.members.erase(n.members.begin() + static_cast<std::ptrdiff_t>(draw.below(n.members.size())));
       }},
      {"add an unknown key", [](const Node& n) { return n.kind == Node::Kind::map; },
       [](Node& n, Draw& draw) {
         n.members.push_back({draw.below(2) == 0 ? "zz-unknown" : "not a key!", {}, text("x")});
       }},
      {"replace a scalar by another kind", is_scalar,
       [](Node& n, Draw& draw) {
         const Node::Kind was = n.kind;
         while (n.kind == was)
           n = of_kind(static_cast<Node::Kind>(draw.below(6)));
       }},
      {"replace a list or map by a word", [](const Node& n) { return !is_scalar(n); },
       [](Node& n, Draw&) { n = text("word"); }},
      {"misspell a word", [](const Node& n) { return n.kind == Node::Kind::text; },
       [](Node& n, Draw&) { n.text += "x"; }},
      {"write a word in capitals, with a space", [](const Node& n) { return n.kind == Node::Kind::text; },
       [](Node& n, Draw&) { n.text = "My " + n.text; }},
      {"empty a text", [](const Node& n) { return n.kind == Node::Kind::text; },
       [](Node& n, Draw&) { n.text.clear(); }},
      {"lengthen a text", [](const Node& n) { return n.kind == Node::Kind::text; },
       [](Node& n, Draw& draw) { n.text = std::string(draw.below(2) == 0 ? 90 : 400, 'a'); }},
      {"break a date", is_date,
       [](Node& n, Draw& draw) {
         static const std::vector<std::string> broken{"2023-1-1",    "2023-02-30", "2023-13-01", "2023-04-31",
                                                      "20230101",    "2023-00-10", "2023-01-00", "01-01-2023",
                                                      "2023-01-01 ", "unknown"};
         n.text = broken[draw.below(broken.size())];
       }},
      {"break a share", is_share,
       [](Node& n, Draw& draw) {
         static const std::vector<std::string> broken{"101%", "24",    "-1%",  "100.5%", "24.1234567%",
                                                      "% 24", "24  %", "0.5%", "100 %",  "unknown"};
         n.text = broken[draw.below(broken.size())];
       }},
      {"move a number", [](const Node& n) { return n.kind == Node::Kind::number; },
       [](Node& n, Draw& draw) {
         static const std::vector<double> moved{-1, 0, 0.5, 5, 21, 101, 1e9};
         n.number = moved[draw.below(moved.size())];
       }},
      {"empty a list", [](const Node& n) { return n.kind == Node::Kind::list; },
       [](Node& n, Draw&) { n.items.clear(); }},
      {"cut a list to one", [](const Node& n) { return n.items.size() > 1; },
       [](Node& n, Draw&) { n.items.resize(1); }},
      {"empty a map", [](const Node& n) { return n.kind == Node::Kind::map; },
       [](Node& n, Draw&) { n.members.clear(); }},
  };
  return all;
}

struct Agreement {
  World world;
  Other other;
  bool ours(const Node& document, const std::string& schema, std::string* why = nullptr) {
    Diagnostics found;
    world.catalogue.schemas().check(document, *world.catalogue.schemas().find(schema), found);
    if (why != nullptr && found.has_errors())
      *why = found.all()[0].message + " (line " + std::to_string(found.all()[0].span.line) + ")";
    return !found.has_errors();
  }
  Node read(const fs::path& path) {
    Diagnostics found;
    Node root = read_yaml(world.sources, read_file(world.sources, path.string(), found), found).value_or(Node{});
    CHECK_MESSAGE(!found.has_errors(), path.string());
    return root;
  }
};

}  // namespace

TEST_CASE("schema agreement: every file of the tree fits its schema, by both readings") {
  Agreement agreement;
  std::size_t files = 0;
  for (const fs::path& path : shipped_files()) {
    const Node root = agreement.read(path);
    const std::string schema = schema_for_format(root.text_of("format"));
    CAPTURE(path.string());
    REQUIRE(agreement.world.catalogue.schemas().find(schema) != nullptr);
    std::string why;
    CHECK_MESSAGE(agreement.ours(root, schema, &why), why);
    why.clear();
    CHECK_MESSAGE(agreement.other.accepts(schema, root, &why), why);
    ++files;
  }
  CHECK(files > 50);
}

TEST_CASE("schema agreement: of damaged files both readings accept or refuse the same") {
  Agreement agreement;
  Draw draw;
  std::size_t tried = 0;
  std::size_t refused = 0;
  std::size_t disagreements = 0;
  for (const fs::path& path : shipped_files()) {
    const Node root = agreement.read(path);
    const std::string schema = schema_for_format(root.text_of("format"));
    for (const Damage& damage : damages()) {
      Node damaged = root;
      std::vector<Node*> places;
      each_value(damaged, [&](Node& node) {
        if (damage.fits(node)) places.push_back(&node);
      });
      if (places.empty()) continue;
      Node& place = *places[draw.below(places.size())];
      const std::string at = std::to_string(place.span.line) + ":" + std::to_string(place.span.column);
      damage.apply(place, draw);
      const bool ours = agreement.ours(damaged, schema);
      ++tried;
      refused += ours ? 0 : 1;
      if (ours == agreement.other.accepts(schema, damaged)) continue;
      std::string our_reason = "accepted";
      std::string other_reason;
      (void)agreement.ours(damaged, schema, &our_reason);
      (void)agreement.other.accepts(schema, damaged, &other_reason);
      // The first few tell what is wrong; hundreds would bury it.
      if (++disagreements <= 10)
        FAIL_CHECK(path.filename().string() << ":" << at << " after \"" << damage.name << "\": ours: " << our_reason
                                            << "; Valijson: " << (other_reason.empty() ? "accepted" : other_reason));
    }
  }
  CHECK(disagreements == 0);
  CHECK(tried > 700);
  // Damage that nobody refuses would test nothing, and the same holds for damage that everybody refuses.
  CHECK(refused > tried / 4);
  CHECK(refused < tried * 9 / 10);
}

TEST_CASE("schema agreement: dates, where Valijson is known to be laxer") {
  Agreement agreement;
  const auto entity = [](const std::string& date) {
    Node root;
    root.kind = Node::Kind::map;
    root.members = {{"format", {}, text("sovrisk-entity/1")},
                    {"id", {}, text("x")},
                    {"name", {}, text("X")},
                    {"kind", {}, text("company")},
                    {"as_of", {}, text(date)}};
    return root;
  };
  for (const char* date : {"2024-02-29", "2023-02-28", "0001-01-01", "9999-12-31", "2023-02-30", "2023-1-1",
                           "2023-06-31", "", "2023-01-01T00:00:00Z"}) {
    CAPTURE(date);
    CHECK(agreement.ours(entity(date), "entity.schema.json") ==
          agreement.other.accepts("entity.schema.json", entity(date)));
  }
  // Valijson 1.0 gives every February 29 days and a year any number of digits, nought among them; RFC 3339, which
  // draft 7 names, does not. We keep to the calendar, and here alone the two readings differ.
  for (const char* date : {"2023-02-29", "1900-02-29", "12023-01-01", "23-01-01", "0000-01-01"}) {
    CAPTURE(date);
    CHECK_FALSE(agreement.ours(entity(date), "entity.schema.json"));
  }
}

}  // namespace sovrisk::testing
