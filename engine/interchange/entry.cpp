#include "interchange/entry.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "load/utf8.h"

namespace sovrisk {

namespace {

constexpr std::size_t longest_id = 80;

/// The letter of U+00C0 to U+00FF without its accent; `-` for the two signs among them.
char without_accent(std::uint32_t code) {
  constexpr std::string_view letters = "aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy";
  static_assert(letters.size() == 64);
  return letters[code - 0xc0];
}

std::string trimmed_id(std::string id) {
  id.resize(std::min(id.size(), longest_id));
  while (!id.empty() && id.back() == '-')
    id.pop_back();
  return id;
}

bool tells_apart(std::string_view key) {
  constexpr std::array<std::string_view, 8> keys{"@context", "@id", "@type", "id", "rel", "role-id", "type", "uuid"};
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

std::string id_of_name(std::string_view name) {
  std::string id;
  for (std::size_t i = 0; i < name.size() && id.size() < longest_id;) {
    const auto [code, length] = utf8::decode(name, i);
    i += length;
    char letter = '-';
    if ((code >= 'a' && code <= 'z') || (code >= '0' && code <= '9')) letter = static_cast<char>(code);
    if (code >= 'A' && code <= 'Z') letter = static_cast<char>(code - 'A' + 'a');
    if (code >= 0xc0 && code <= 0xff) letter = without_accent(code);
    if (code == 0x152 || code == 0x153) {  // the ligature of cœur is two letters
      id += 'o';
      letter = 'e';
    }
    if (code == '\'' || code == 0x2019) continue;  // l'Europe: the article stays with its word
    if (letter != '-' || (!id.empty() && id.back() != '-')) id += letter;
  }
  return trimmed_id(std::move(id));
}

bool is_id(std::string_view text) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= longest_id && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), allowed);
}

namespace interchange {

Node cut_text(std::string_view text, std::size_t longest) {
  Node node = sovrisk::text_node(std::string(text));
  if (text.size() > longest) {
    const auto starts = utf8::character_starts(text);
    if (starts.size() > longest) node.text = fmt::format("{}…", text.substr(0, starts[longest - 1]));
  }
  return node;
}

Node cut_text(std::string_view english, std::string_view french) {
  Node node = map_node();
  put(node, "en", cut_text(english, longest_text));
  put(node, "fr", cut_text(french, longest_text));
  return node;
}

void put(Node& map, std::string_view key, Node value) {
  if (value.kind == Node::Kind::null) return;
  if (value.text.empty() && value.items.empty() && value.members.empty()) return;
  map.members.push_back({std::string(key), {}, std::move(value)});
}

void add(Node& list, Node item) {
  if (list.items.size() + 1 < longest_list) list.items.push_back(std::move(item));
}

Node open_ended(Node list) {
  if (!list.items.empty()) list.items.push_back(cut_text("unknown"));
  return list;
}

bool is_web_address(std::string_view text) {
  return (text.starts_with("https://") || text.starts_with("http://")) && text.size() <= longest_url;
}

std::optional<Date> day_of(std::string_view text) {
  constexpr std::size_t length = 10;
  if (text.size() > length && text[length] != 'T' && text[length] != 't' && text[length] != ' ') return std::nullopt;
  return Date::parse(text.substr(0, length));
}

Countries::Countries(const SchemaSet& schemas) {
  const Node* common = schemas.find("common.schema.json");
  for (const std::string_view key : {"definitions", "country", "enum"})
    common = common == nullptr ? nullptr : common->find(key);
  if (common == nullptr) return;
  for (const Node& code : common->items)
    codes_.insert(code.text);
}

std::string Countries::of_code(std::string_view code) const {
  std::string country(code.substr(0, code.find('-')));
  for (char& letter : country)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  return codes_.contains(country) ? country : std::string();
}

std::string Ids::unique(std::string_view name, std::string_view otherwise) {
  std::string id = id_of_name(name);
  if (id.empty() || id == "unknown") id = otherwise;  // the word says that nobody knows
  std::string free = id;
  for (int i = 2; !given_.insert(free).second; ++i) {
    const std::string ending = fmt::format("-{}", i);
    free = trimmed_id(id.substr(0, longest_id - ending.size())) + ending;
  }
  return free;
}

void Taken::list(const JsonFile& file, Import& import) const { walk(file.root, {}, file.file, import); }

/// Whether something of the value was taken. Identifiers and types tell things apart and say nothing else, so that they
/// are not counted as lost. What is lost inside a value of which nothing was taken is one loss.
bool Taken::walk(const Node& value, const std::string& pointer, FileId file, Import& import) const {
  if (const auto found = becomes_.find(&value); found != becomes_.end()) {
    import.taken.push_back({file, pointer, found->second});
    return true;
  }
  const std::size_t lost_before = import.lost.size();
  bool some = false;
  for (std::size_t i = 0; i < value.items.size(); ++i)
    some = walk(value.items[i], fmt::format("{}/{}", pointer, i), file, import) || some;
  for (const Member& member : value.members) {
    const std::size_t lost = import.lost.size();
    std::string step;
    for (const char c : member.key)
      step += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    if (walk(member.value, fmt::format("{}/{}", pointer, step), file, import)) {
      some = true;
    } else if (tells_apart(member.key)) {
      import.lost.resize(lost);
    }
  }
  if (!some) {
    import.lost.resize(lost_before);
    import.lost.push_back({file, pointer, {}});
  }
  return some;
}

Node entry(std::string_view kind, const std::string& id, std::string_view name) {
  Node node = map_node();
  put(node, "format", cut_text(fmt::format("sovrisk-{}/1", kind)));
  put(node, "id", cut_text(id));
  put(node, "name", cut_text(name));
  return node;
}

Node named_source(std::string_view title, std::string_view url, Date seen) {
  Node source = map_node();
  put(source, "title", cut_text(title.empty() ? url : title));
  if (is_web_address(url)) put(source, "url", cut_text(url, longest_url));
  put(source, "seen", cut_text(seen.text()));
  put(source, "kind", cut_text("claim"));
  put(source, "note",
      cut_text("Named by the imported file, which was read on that day; not opened itself.",
               "Citée par le fichier importé, qui a été lu ce jour-là ; n'a pas été ouverte elle-même."));
  return source;
}

Node statement(Date on, std::string_view by, Node what) {
  Node node = map_node();
  put(node, "on", cut_text(on.text()));
  put(node, "by", cut_text(by));
  put(node, "what", std::move(what));
  return node;
}

}  // namespace interchange

}  // namespace sovrisk
