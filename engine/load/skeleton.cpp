#include "load/skeleton.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "load/utf8.h"
#include "load/writer.h"

namespace sovrisk {

namespace {

constexpr std::size_t widest = 120;  ///< columns of a line
constexpr std::string_view text_to_replace = "to be filled in";
constexpr std::string_view id_to_replace = "some-id";

/// What a value may be, read from its schema: in words for the reader, and as the least that passes.
class Shape {
 public:
  explicit Shape(const SchemaSet& schemas) : schemas_(schemas) {}

  /// The schema behind references and an `allOf` of one part, which only adds a description.
  [[nodiscard]] const Node& bare(const Node& schema) const {
    const Node& resolved = schemas_.resolve(schema);
    const Node* parts = resolved.find("allOf");
    return parts != nullptr && parts->items.size() == 1 ? bare(parts->items.front()) : resolved;
  }

  [[nodiscard]] bool takes_unknown(const Node& schema) const {
    const Node& node = bare(schema);
    if (node.text_of("const") == "unknown" || schemas_.type_of(node).refers_to == "entity") return true;
    if (const Node* words = node.find("enum")) return has_word(*words, "unknown");
    const Node* parts = node.find("anyOf");
    return parts != nullptr &&
           std::any_of(parts->items.begin(), parts->items.end(), [&](const Node& part) { return takes_unknown(part); });
  }

  /// The map that is written key by key, or null for a value of another sort.
  [[nodiscard]] const Node* map_of(const Node& schema) const {
    const Node& node = bare(schema);
    const bool keys = node.find("properties") != nullptr || any_key(node) != nullptr;
    return node.text_of("type") == "object" && keys ? &node : nullptr;
  }

  /// The schema of the keys that a map leaves to its author, or null.
  [[nodiscard]] static const Node* any_key(const Node& map) {
    const Node* more = map.find("additionalProperties");
    return more != nullptr && more->kind == Node::Kind::map ? more : nullptr;
  }

  /// The map that each item of a list is, or null. Beside it such a list may take the word `unknown`.
  [[nodiscard]] const Node* item_map_of(const Node& schema) const {
    const Node* items = bare(schema).find("items");
    if (items == nullptr) return nullptr;
    const Node* map = map_of(*items);
    if (const Node* parts = bare(*items).find("anyOf"))
      for (const Node& part : parts->items) {
        if (const Node* found = map_of(part)) {
          map = found;
        } else if (part.find("const") == nullptr) {
          return nullptr;  // a text in one language or several is shorter in words
        }
      }
    return map;
  }

  /// What the schema says of a key. What a reference leads to describes its type, which `words` tells, or a whole map.
  [[nodiscard]] std::string_view description(const Node& schema) const {
    const std::string_view own = schema.text_of("description");
    const Node* map = map_of(schema);
    return own.empty() && map != nullptr ? map->text_of("description") : own;
  }

  /// "country code, or unknown", "date YYYY-MM-DD", "one of: a, b, c". In full: of an id, the rule that it follows.
  [[nodiscard]] std::string words(const Node& schema, bool in_full = false) const {
    const Node& node = bare(schema);
    const Type& type = schemas_.type_of(node);
    const std::string_view or_unknown = takes_unknown(node) ? ", or unknown" : "";
    switch (type.kind) {
      case Type::Kind::boolean: return or_unknown.empty() ? "true or false" : "true, false or unknown";
      case Type::Kind::share: return "share such as 24%, range such as [20%, 30%], or unknown";
      case Type::Kind::duration: return "duration such as 3 years";
      case Type::Kind::date: return fmt::format("date YYYY-MM-DD{}", or_unknown);
      case Type::Kind::condition: return "condition over facts";
      case Type::Kind::country: {
        const Node* codes = node.find("enum");
        return fmt::format("country code{}{}", codes != nullptr && has_word(*codes, "EU") ? ", or EU" : "", or_unknown);
      }
      default: break;
    }
    if (const Node* words = node.find("enum")) return fmt::format("one of: {}", joined(*words));
    if (type.refers_to == "entity") return "id of an entity, or unknown";
    if (type.refers_to == "source") return "id of a source";
    if (node.text_of("x-sovrisk") == "number") return "number, range [least, most], or unknown";
    if (const Node* parts = node.find("anyOf")) return alternatives(*parts);
    switch (type.kind) {
      case Type::Kind::number: return number(node);
      case Type::Kind::text: return text(node, in_full);
      case Type::Kind::list: return list(node);
      case Type::Kind::map: return map(node);
      default: return node.find("const") != nullptr ? std::string(node.text_of("const")) : "any value";
    }
  }

  /// The least that the schema takes, on one line; better unknown than invented.
  [[nodiscard]] std::string least(const Node& schema) const {
    const Node& node = bare(schema);
    if (const Node* only = node.find("const")) return only->text;
    if (takes_unknown(node)) return "unknown";
    if (const Node* words = node.find("enum"))
      return has_word(*words, "unverified") ? "unverified" : scalar(words->items.front().text);
    switch (schemas_.type_of(node).kind) {
      case Type::Kind::boolean: return "false";
      case Type::Kind::number: return fmt::format("{}", number_of(node, "minimum").value_or(0));
      case Type::Kind::date: return "1900-01-01";
      case Type::Kind::duration: return "1 year";
      case Type::Kind::condition: return "{always: false}";
      case Type::Kind::map: return "{}";
      case Type::Kind::list: return least_list(node);
      default: return std::string(node.find("pattern") != nullptr ? id_to_replace : text_to_replace);
    }
  }

  /// A text as YAML has it, in quotes where it would read as something else.
  [[nodiscard]] static std::string scalar(std::string_view text) {
    Node node;
    node.kind = Node::Kind::text;
    node.text = text;
    std::string written = write_yaml(node);
    written.pop_back();  // the line feed
    return written;
  }

  [[nodiscard]] static std::size_t least_items(const Node& list) {
    return static_cast<std::size_t>(number_of(list, "minItems").value_or(0));
  }

 private:
  static bool has_word(const Node& words, std::string_view wanted) {
    return std::any_of(words.items.begin(), words.items.end(), [&](const Node& word) { return word.is_text(wanted); });
  }

  static std::string joined(const Node& words) {
    std::vector<std::string_view> texts;
    for (const Node& word : words.items)
      texts.push_back(word.text);
    return fmt::format("{}", fmt::join(texts, ", "));
  }

  [[nodiscard]] std::string alternatives(const Node& parts) const {
    std::vector<std::string> texts;
    for (const Node& part : parts.items) {
      const bool several = !texts.empty() && part.find("items") != nullptr;
      texts.push_back(several ? "a list of several" : words(part));
    }
    return fmt::format("{}", fmt::join(texts, ", or "));
  }

  static std::string text(const Node& node, bool in_full) {
    const std::string_view rule = in_full ? node.text_of("description") : std::string_view();
    if (node.find("pattern") == nullptr) return "text";
    return rule.empty() ? "id" : std::string(rule);
  }

  static std::optional<double> number_of(const Node& node, std::string_view key) {
    const Node* found = node.find(key);
    return found != nullptr ? std::optional(found->number) : std::nullopt;
  }

  static std::string number(const Node& node) {
    const std::string_view name = node.text_of("type") == "integer" ? "whole number" : "number";
    const auto from = number_of(node, "minimum");
    const auto to = number_of(node, "maximum");
    if (from && to) return fmt::format("{}, {} to {}", name, *from, *to);
    return from ? fmt::format("{}, {} or more", name, *from) : std::string(name);
  }

  [[nodiscard]] std::string list(const Node& node) const {
    const Node* items = node.find("items");
    if (items == nullptr) return "list";
    const Node& item = bare(*items);
    if (item.find("enum") != nullptr && schemas_.type_of(item).kind == Type::Kind::text)
      return fmt::format("list of: {}", joined(*item.find("enum")));
    const bool exact = number_of(node, "maxItems") == number_of(node, "minItems");
    return fmt::format("list{}, each: {}", exact ? fmt::format(" of {}", least_items(node)) : "", words(item));
  }

  [[nodiscard]] std::string map(const Node& node) const {
    const std::vector<std::string> keys = schemas_.keys(node);
    return keys.empty() ? "map" : fmt::format("{{{}}}", fmt::join(keys, ", "));
  }

  [[nodiscard]] std::string least_list(const Node& node) const {
    const Node& items = *node.find("items");
    if (const std::size_t count = least_items(node); count > 0)
      return fmt::format("[{}]", fmt::join(std::vector<std::string>(count, least(items)), ", "));
    return takes_unknown(items) ? "[unknown]" : "[]";
  }

  const SchemaSet& schemas_;
};

/// Where a map is written: the indentation of its keys, whether its first key follows the dash of a list, and whether
/// the lines count or are commented out.
struct Place {
  std::size_t indent = 0;
  bool dash = false;
  bool live = false;
};

class Writer {
 public:
  using Given = std::vector<std::pair<std::string_view, std::string_view>>;

  Writer(const SchemaSet& schemas, const Node& root, Given given)
      : schemas_(schemas), shape_(schemas), root_(root), given_(std::move(given)) {}

  std::string run(std::string_view kind) {
    guidance(kind);
    members(root_, {0, false, true});
    return std::move(out_);
  }

 private:
  void guidance(std::string_view kind) {
    const Node* about = root_.find("properties")->find("about");
    const bool facts = about != nullptr && about->find("$ref") != nullptr;  // the file's own keys are facts
    out_ = fmt::format(
        "# yaml-language-server: $schema={0}.schema.json\n"
        "# For an editor that completes keys: sovrisk schema {0} > {0}.schema.json\n"
        "#                                    sovrisk schema common > common.schema.json\n#\n",
        kind);
    wrapped("# ", root_.text_of("description"));
    out_ += "#\n";
    wrapped("# ",
            "Fill in what you know. To use a line take its `# ` away; a line that starts with ## stays a comment.");
    if (facts)
      wrapped(
          "# ",
          "A key left out says that nobody looked; `unknown` says that somebody looked and did not find out. A list "
          "is complete unless `unknown` stands in it too; `[]` says that there is surely none.");
    if (root_has("sources"))
      wrapped("# ", "Say where a fact comes from: describe the source under `sources` and name it with `source`.");
    wrapped("# ", "`sovrisk validate FILE` tells what is wrong or missing.");
    out_ += '\n';
  }

  [[nodiscard]] bool root_has(std::string_view key) const { return root_.find("properties")->find(key) != nullptr; }

  /// Keys in the order in which they are written: those that must be there, the rest, and sources, as in other files.
  [[nodiscard]] std::vector<const Member*> ordered(const Node& map) const {
    std::vector<const Member*> keys;
    if (const Node* properties = map.find("properties"))
      for (const Member& member : properties->members)
        keys.push_back(&member);
    const auto rank = [&](const Member* member) {
      return is_required(map, member->key) ? 0 : member->key == "sources" ? 2 : 1;
    };
    std::stable_sort(keys.begin(), keys.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    return keys;
  }

  [[nodiscard]] static bool is_required(const Node& map, std::string_view key) {
    const Node* required = map.find("required");
    return required != nullptr && std::any_of(required->items.begin(), required->items.end(),
                                              [&](const Node& name) { return name.text == key; });
  }

  /// Whether the key means what the same key at the top level means (`source`, `note`, ...), and need not be repeated.
  [[nodiscard]] bool is_known(const Node& map, const Member& key) const {
    if (&map == &root_ || is_required(map, key.key)) return false;
    const Node* above = root_.find("properties")->find(key.key);
    return above != nullptr && &schemas_.resolve(*above) == &schemas_.resolve(key.value);
  }

  void members(const Node& map, Place place) {
    const std::vector<const Member*> keys = ordered(map);
    const bool all_known =
        std::all_of(keys.begin(), keys.end(), [&](const Member* member) { return is_known(map, *member); });
    std::vector<std::string_view> known;
    for (const Member* member : keys) {
      if (!all_known && is_known(map, *member)) {
        known.push_back(member->key);
        continue;
      }
      entry(map, member->key, member->value, place);
      place.dash = false;
    }
    if (const Node* schema = Shape::any_key(map))
      entry(map, map.text_of("x-sovrisk") == "set" ? "offering.some.fact" : key_to_replace(map), *schema, place);
    if (!known.empty())
      wrapped(fmt::format("## {:{}}", "", place.indent),
              fmt::format("also {}, as explained at the top level", fmt::join(known, ", ")));
  }

  /// A key that the map takes where its author chooses the keys.
  [[nodiscard]] std::string key_to_replace(const Node& map) const {
    const Node* names = map.find("propertyNames");
    const Node* words = names != nullptr ? shape_.bare(*names).find("enum") : nullptr;
    return words != nullptr ? words->items.front().text : std::string("some-key");
  }

  void entry(const Node& map, std::string_view key, const Node& schema, const Place& place) {
    const bool top = &map == &root_;
    const std::string_view given = top ? given_for(key) : std::string_view();
    const bool required = is_required(map, key);
    const bool live = place.live && (required || !given.empty());
    const Node* below = shape_.map_of(schema);
    const Node* item = shape_.item_map_of(schema);
    const bool block = below != nullptr || item != nullptr;
    if (top && (block || after_block_)) out_ += '\n';
    if (top) after_block_ = block;

    const bool filled = below != nullptr ? below->find("required") != nullptr
                                         : item != nullptr && Shape::least_items(shape_.bare(schema)) > 0;
    std::string value;
    std::string_view to_do = required && !live ? "required" : "";
    if (live && !given.empty()) {
      value = Shape::scalar(given);
    } else if (live && !(block && filled)) {
      value = shape_.least(schema);
      if (block || is_placeholder(schema, value)) to_do = block ? "take the brackets away to add entries" : "replace";
    }
    line(place, live, value.empty() ? fmt::format("{}:", key) : fmt::format("{}: {}", key, value),
         comment(schema, to_do, block, live));

    constexpr std::size_t step = 2;
    const bool live_below = live && filled;
    if (below != nullptr) members(*below, {place.indent + step, false, live_below});
    if (item == nullptr) return;
    members(*item, {place.indent + 2 * step, true, live_below});
    if (shape_.takes_unknown(*shape_.bare(schema).find("items")))
      line({place.indent + 2 * step, true, false}, false, "unknown", "there may be more");
  }

  /// What to do, what the key means, and what its value may be; of a block, the keys below it tell that.
  [[nodiscard]] std::string comment(const Node& schema, std::string_view to_do, bool block, bool live) const {
    const std::string_view description = shape_.description(schema);
    const std::string type =
        block || shape_.bare(schema).find("const") != nullptr ? std::string() : shape_.words(schema, live);
    std::vector<std::string_view> words{to_do, description, type == description ? "" : std::string_view(type)};
    std::erase(words, "");
    return fmt::format("{}", fmt::join(words, "; "));
  }

  /// Whether a value only stands there because something must.
  [[nodiscard]] bool is_placeholder(const Node& schema, std::string_view value) const {
    const bool says_nothing = value == "unknown" || value == "[unknown]" || value == "[]" || value == "{}";
    return !says_nothing && shape_.bare(schema).find("const") == nullptr;
  }

  [[nodiscard]] std::string_view given_for(std::string_view key) const {
    const auto found = std::find_if(given_.begin(), given_.end(), [&](const auto& pair) { return pair.first == key; });
    return found != given_.end() ? found->second : std::string_view();
  }

  /// One key with its words behind it, or above it where they are long.
  void line(const Place& place, bool live, std::string_view text, std::string_view words) {
    const std::size_t spaces = place.dash ? place.indent - 2 : place.indent;
    const std::string start = fmt::format("{}{:{}}{}{}", live ? "" : "# ", "", spaces, place.dash ? "- " : "", text);
    const bool fits = utf8::width(start) + utf8::width(words) + 4 <= widest;
    if (!fits) wrapped(fmt::format("## {:{}}", "", place.indent), words);
    out_ += !fits || words.empty() ? fmt::format("{}\n", start) : fmt::format("{}  # {}\n", start, words);
  }

  /// Words, in lines that start with `head`.
  void wrapped(std::string_view head, std::string_view words) {
    while (!words.empty()) {
      std::size_t end = words.size();
      if (head.size() + words.size() > widest) {
        end = words.rfind(' ', widest - head.size());
        if (end == std::string_view::npos) end = words.find(' ');
        end = std::min(end, words.size());
      }
      out_ += fmt::format("{}{}\n", head, words.substr(0, end));
      words.remove_prefix(std::min(end + 1, words.size()));
    }
  }

  const SchemaSet& schemas_;
  const Shape shape_;
  const Node& root_;
  const Given given_;
  std::string out_;
  bool after_block_ = false;
};

}  // namespace

std::string skeleton(const SchemaSet& schemas, std::string_view kind, const std::string& id, std::string_view title,
                     std::string_view variant) {
  const Node* root = schemas.find(fmt::format("{}.schema.json", kind));
  if (root == nullptr) return {};
  const std::string_view name = schemas.property(*root, "title") != nullptr ? "title" : "name";
  return Writer(schemas, *root, {{"id", id}, {name, title.empty() ? id : title}, {"kind", variant}}).run(kind);
}

}  // namespace sovrisk
