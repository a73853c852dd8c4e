#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <regex>

#include "load/date.h"
#include "load/schema.h"
#include "load/suggest.h"
#include "load/utf8.h"

namespace sovrisk {

namespace {

bool has_kind(const Node& value, std::string_view type) {
  if (type == "object") return value.kind == Node::Kind::map;
  if (type == "array") return value.kind == Node::Kind::list;
  if (type == "string") return value.kind == Node::Kind::text;
  if (type == "boolean") return value.kind == Node::Kind::boolean;
  if (type == "number") return value.kind == Node::Kind::number;
  if (type == "integer") return value.kind == Node::Kind::number && std::trunc(value.number) == value.number;
  return value.kind == Node::Kind::null;
}

std::string_view words_for(std::string_view type) {
  if (type == "object") return "a map";
  if (type == "array") return "a list";
  if (type == "string") return "text";
  if (type == "boolean") return "true or false";
  if (type == "integer") return "a whole number";
  return "a number";
}

bool equal(const Node& value, const Node& wanted) {
  if (value.kind != wanted.kind) return false;
  switch (value.kind) {
    case Node::Kind::null: return true;
    case Node::Kind::boolean: return value.boolean == wanted.boolean;
    case Node::Kind::number: return value.number == wanted.number;
    case Node::Kind::text: return value.text == wanted.text;
    case Node::Kind::list:
    case Node::Kind::map: return false;  // schemas/ compares scalars only
  }
  return false;
}

bool matches(const std::string& text, const std::string& pattern) {
  constexpr std::size_t longest = 1000;  // std::regex recurses; nothing with a pattern is that long
  if (text.size() > longest) return false;
  static thread_local std::map<std::string, std::regex> compiled;
  auto found = compiled.find(pattern);
  if (found == compiled.end()) found = compiled.emplace(pattern, std::regex(pattern)).first;
  return std::regex_search(text, found->second);
}

std::string quoted(const Node& value) {
  if (value.kind == Node::Kind::list || value.kind == Node::Kind::map) return std::string(name_of(value.kind));
  if (value.kind == Node::Kind::null) return "nothing";
  constexpr std::size_t longest = 60;
  const auto starts = utf8::character_starts(value.text);
  return starts.size() > longest ? fmt::format("`{}...`", value.text.substr(0, starts[longest]))
                                 : fmt::format("`{}`", value.text);
}

class Checker {
 public:
  Checker(const SchemaSet& schemas, Diagnostics& diagnostics) : schemas_(schemas), diagnostics_(diagnostics) {}

  void check(const Node& value, const Node& unresolved) {
    const Node& schema = schemas_.resolve(unresolved);
    if (const Node* parts = schema.find("allOf"))
      for (const Node& part : parts->items)
        check(value, part);
    if (const Node* parts = schema.find("anyOf"); parts != nullptr && !any_of(value, schema, *parts)) return;
    if (const std::string_view type = schema.text_of("type"); !type.empty() && !has_kind(value, type)) {
      wrong_type(value, schema, type);
      return;
    }
    if (const Node* wanted = schema.find("const"); wanted != nullptr && !equal(value, *wanted))
      diagnostics_.error("not-allowed", value.span, fmt::format("{} is not `{}`", quoted(value), wanted->text));
    if (const Node* words = schema.find("enum")) one_of(value, *words);
    switch (value.kind) {
      case Node::Kind::text: text(value, schema); break;
      case Node::Kind::number: number(value, schema); break;
      case Node::Kind::list: list(value, schema); break;
      case Node::Kind::map: map(value, schema); break;
      default: break;
    }
  }

 private:
  [[nodiscard]] bool accepts(const Node& value, const Node& schema) const {
    Diagnostics silent;
    Checker(schemas_, silent).check(value, schema);
    return !silent.has_errors();
  }

  /// True when an alternative holds; otherwise reports what the value comes closest to.
  bool any_of(const Node& value, const Node& schema, const Node& alternatives) {
    for (const Node& one : alternatives.items)
      if (accepts(value, one)) return true;
    std::vector<const Node*> same_kind;
    std::vector<std::string> words;
    for (const Node& one : alternatives.items) {
      const Node& resolved = schemas_.resolve(one);
      if (const Node* wanted = resolved.find("const")) words.push_back(wanted->text);
      if (const Node* list = resolved.find("enum"))
        for (const Node& word : list->items)
          words.push_back(word.text);
      const std::string_view type = resolved.text_of("type");
      if (type == "boolean") words.insert(words.end(), {"true", "false"});
      const bool fits = !type.empty() ? has_kind(value, type)
                                      : resolved.find("anyOf") != nullptr || resolved.find("allOf") != nullptr;
      if (fits) same_kind.push_back(&one);
    }
    const std::string_view description = schema.text_of("description");
    if (same_kind.size() == 1) {
      wanted_ = description;
      check(value, *same_kind.front());
      wanted_ = {};
      return false;
    }
    const bool known_words = value.kind == Node::Kind::text && !words.empty();
    diagnostics_.error(known_words ? "not-allowed" : "wrong-type", value.span,
                       description.empty() ? fmt::format("{} does not fit here", quoted(value))
                                           : fmt::format("{} is not {}", quoted(value), description),
                       known_words ? did_you_mean(value.text, words) : std::string());
    return false;
  }

  void wrong_type(const Node& value, const Node& schema, std::string_view type) {
    std::string hint;
    if (type == "string" && (value.kind == Node::Kind::number || value.kind == Node::Kind::boolean))
      hint = fmt::format("put it in quotes: \"{}\"", value.text);
    if (hint.empty()) hint = schema.text_of("description");
    diagnostics_.error(
        "wrong-type", value.span,
        fmt::format("{} stands where {} is wanted",
                    value.kind == Node::Kind::text ? quoted(value) : std::string(name_of(value.kind)), words_for(type)),
        std::move(hint));
  }

  void one_of(const Node& value, const Node& words) {
    std::vector<std::string> candidates;
    for (const Node& word : words.items) {
      if (equal(value, word)) return;
      candidates.push_back(word.text);
    }
    std::string hint = value.kind == Node::Kind::text ? did_you_mean(value.text, candidates) : std::string();
    constexpr std::size_t countries = 200;  // only the list of countries is that long
    if (candidates.size() > countries) {
      if (value.kind == Node::Kind::text) hint = did_you_mean_country(value.text, candidates);
      if (hint.empty()) hint = "countries are ISO 3166-1 alpha-2 codes such as FR, DE, US";
      diagnostics_.error("not-allowed", value.span, fmt::format("{} is no country code", quoted(value)),
                         std::move(hint));
      return;
    }
    diagnostics_.error("not-allowed", value.span, fmt::format("{} is not allowed here", quoted(value)),
                       std::move(hint));
  }

  void text(const Node& value, const Node& schema) {
    const std::size_t length = utf8::character_starts(value.text).size();
    range(value, schema, "minLength", "maxLength", static_cast<double>(length), "characters");
    if (schema.text_of("format") == "date" && !Date::parse(value.text)) {
      diagnostics_.error("impossible-date", value.span, fmt::format("{} is no date", quoted(value)),
                         "write a real day as YYYY-MM-DD");
    }
    if (const std::string_view pattern = schema.text_of("pattern");
        !pattern.empty() && !matches(value.text, std::string(pattern))) {
      const std::string_view description = schema.text_of("description");
      diagnostics_.error("bad-form", value.span, fmt::format("{} does not have the form wanted here", quoted(value)),
                         std::string(description.empty() ? wanted_ : description));
    }
  }

  void number(const Node& value, const Node& schema) { range(value, schema, "minimum", "maximum", value.number, ""); }

  void range(const Node& value, const Node& schema, std::string_view least, std::string_view most, double amount,
             std::string_view unit) {
    const std::string tail = unit.empty() ? std::string() : fmt::format(" {}", unit);
    if (const Node* bound = schema.find(least); bound != nullptr && amount < bound->number)
      diagnostics_.error("out-of-range", value.span,
                         fmt::format("{} is less than {}{}", unit.empty() ? quoted(value) : fmt::format("{}", amount),
                                     bound->number, tail));
    if (const Node* bound = schema.find(most); bound != nullptr && amount > bound->number)
      diagnostics_.error("out-of-range", value.span,
                         fmt::format("{} is more than {}{}", unit.empty() ? quoted(value) : fmt::format("{}", amount),
                                     bound->number, tail));
  }

  void list(const Node& value, const Node& schema) {
    range(value, schema, "minItems", "maxItems", static_cast<double>(value.items.size()), "entries");
    if (const Node* items = schema.find("items"))
      for (const Node& item : value.items)
        check(item, *items);
  }

  void map(const Node& value, const Node& schema) {
    range(value, schema, "minProperties", "maxProperties", static_cast<double>(value.members.size()), "entries");
    const Node* names = schema.find("propertyNames");
    const Node* more = schema.find("additionalProperties");
    const bool closed = more != nullptr && more->kind == Node::Kind::boolean && !more->boolean;
    for (const Member& member : value.members) {
      if (names != nullptr) {
        Node key;
        key.kind = Node::Kind::text;
        key.text = member.key;
        key.span = member.key_span;
        check(key, *names);
      }
      if (const Node* property = schemas_.property(schema, member.key)) {
        check(member.value, *property);
      } else if (closed) {
        diagnostics_.error("unknown-key", member.key_span, fmt::format("unknown key `{}`", member.key),
                           did_you_mean(member.key, schemas_.keys(schema)));
      }
    }
    if (const Node* required = schema.find("required"))
      for (const Node& key : required->items)
        if (value.find(key.text) == nullptr)
          diagnostics_.error("missing-key", value.span, fmt::format("key `{}` is missing", key.text));
  }

  const SchemaSet& schemas_;
  Diagnostics& diagnostics_;
  std::string_view wanted_;  ///< what the alternatives say together, for hints of one of them
};

}  // namespace

void SchemaSet::check(const Node& document, const Node& schema, Diagnostics& diagnostics) const {
  Checker(*this, diagnostics).check(document, schema);
}

const Node* SchemaSet::alternative(const Node& value, const Node& any_of) const {
  const Node* same_kind = nullptr;
  for (const Node& one : any_of.items) {
    Diagnostics silent;
    Checker(*this, silent).check(value, one);
    if (!silent.has_errors()) return &one;
    if (const std::string_view type = resolve(one).text_of("type"); !type.empty() && has_kind(value, type))
      same_kind = &one;
  }
  return same_kind;
}

}  // namespace sovrisk
