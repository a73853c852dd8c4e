#include "facts/value.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "load/ascii.h"

namespace sovrisk {

namespace {
Value made(Value::Kind kind, OriginPtr origin) {
  Value value;
  value.kind = kind;
  value.origin = std::move(origin);
  return value;
}
}  // namespace

Value Value::unknown(OriginPtr origin) { return made(Kind::unknown, std::move(origin)); }

Value Value::of(bool boolean, OriginPtr origin) {
  Value value = made(Kind::boolean, std::move(origin));
  value.boolean = boolean;
  return value;
}

Value Value::of(double low, double high, OriginPtr origin) {
  Value value = made(Kind::number, std::move(origin));
  value.low = low;
  value.high = high;
  return value;
}

Value Value::of(std::string word, OriginPtr origin) {
  Value value = made(Kind::text, std::move(origin));
  value.words.push_back(std::move(word));
  return value;
}

Value Value::one_of(std::vector<std::string> words, OriginPtr origin) {
  Value value = made(Kind::text, std::move(origin));
  value.words = std::move(words);
  return value;
}

Value Value::of(Date date, OriginPtr origin) {
  Value value = made(Kind::date, std::move(origin));
  value.date = date;
  return value;
}

Value Value::list(std::vector<Value> items, bool open) {
  Value value = made(Kind::list, nullptr);
  value.items = std::move(items);
  value.open = open;
  return value;
}

Value Value::map() { return made(Kind::map, nullptr); }

bool Value::is_known() const {
  switch (kind) {
    case Kind::unknown: return false;
    case Kind::number: return low == high;
    case Kind::text: return words.size() == 1;
    case Kind::list: return !open;
    default: return true;
  }
}

const Value* Value::find(std::string_view key) const {
  for (const auto& [name, value] : members)
    if (same_key(name, key)) return &value;
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(static_cast<const Value*>(this)->find(key));  // NOLINT: one search for both
}

const Value& Value::get(std::string_view key) const {
  static const Value nothing;
  const Value* found = find(key);
  return found != nullptr ? *found : nothing;
}

void Value::set(std::string_view key, Value value) {
  if (kind != Kind::map) *this = map();
  if (Value* found = find(key)) {
    *found = std::move(value);
  } else {
    members.emplace_back(std::string(key), std::move(value));
  }
}

bool Value::holds_word(std::string_view word) const {
  return std::any_of(items.begin(), items.end(), [&](const Value& item) { return item.word() == word; });
}

bool same(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Value::Kind::unknown: return true;
    case Value::Kind::boolean: return a.boolean == b.boolean;
    case Value::Kind::number: return a.low == b.low && a.high == b.high;
    case Value::Kind::text: return a.words == b.words;
    case Value::Kind::date: return a.date == b.date;
    case Value::Kind::list:
      return a.open == b.open && std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same);
    case Value::Kind::map:
      return std::equal(
          a.members.begin(), a.members.end(), b.members.begin(), b.members.end(),
          [](const ValueMember& x, const ValueMember& y) { return x.first == y.first && same(x.second, y.second); });
  }
  return false;
}

std::string text_of(const Value& value) {
  switch (value.kind) {
    case Value::Kind::unknown: return "unknown";
    case Value::Kind::boolean: return value.boolean ? "true" : "false";
    case Value::Kind::number:
      return value.low == value.high ? fmt::format("{:g}", value.low)
                                     : fmt::format("{:g}..{:g}", value.low, value.high);
    case Value::Kind::text:
      return value.words.size() == 1 ? value.words[0] : fmt::format("{}", fmt::join(value.words, " or "));
    case Value::Kind::date: return value.date.text();
    case Value::Kind::list: {
      constexpr std::size_t most = 12;
      std::vector<std::string> parts;
      for (const Value& item : value.items) {
        if (parts.size() == most) {
          parts.emplace_back("...");
          break;
        }
        const Value* name = item.find("id");
        parts.push_back(name != nullptr ? text_of(*name) : text_of(item));
      }
      if (value.open) parts.emplace_back("unknown");
      return fmt::format("[{}]", fmt::join(parts, ", "));
    }
    case Value::Kind::map: {
      std::vector<std::string> parts;
      for (const auto& [key, member] : value.members)
        if (member.kind != Value::Kind::map && member.kind != Value::Kind::list)
          parts.push_back(fmt::format("{}: {}", key, text_of(member)));
      return fmt::format("{{{}}}", fmt::join(parts, ", "));
    }
  }
  return "unknown";
}

}  // namespace sovrisk
