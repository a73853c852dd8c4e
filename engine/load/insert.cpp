#include "load/insert.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "load/reader.h"
#include "load/utf8.h"

namespace sovrisk {

namespace {

bool same_tree(const Node& one, const Node& other) {
  if (one.kind != other.kind || one.text != other.text || one.items.size() != other.items.size() ||
      one.members.size() != other.members.size())
    return false;
  for (std::size_t i = 0; i < one.items.size(); ++i)
    if (!same_tree(one.items[i], other.items[i])) return false;
  for (std::size_t i = 0; i < one.members.size(); ++i)
    if (one.members[i].key != other.members[i].key || !same_tree(one.members[i].value, other.members[i].value))
      return false;
  return true;
}

/// The tree as it has to be afterwards.
Node wanted(const Node& node, const std::vector<KeyToAdd>& keys) {
  Node copy = node;
  copy.items.clear();
  copy.members.clear();
  for (const KeyToAdd& one : keys)
    if (one.map == &node) copy.members.push_back({one.key, {}, text_node(one.value)});
  for (const Node& item : node.items)
    copy.items.push_back(wanted(item, keys));
  for (const Member& member : node.members)
    copy.members.push_back({member.key, member.key_span, wanted(member.value, keys)});
  return copy;
}

/// Byte offset of a place in the text, or npos.
std::size_t offset_of(const std::string& text, const Span& span) {
  std::size_t at = 0;
  for (std::uint32_t line = 1; line < span.line; ++line) {
    at = text.find('\n', at);
    if (at == std::string::npos) return at;
    ++at;
  }
  for (std::uint32_t column = 1; column < span.column && at < text.size(); ++column)
    at += utf8::decode(text, at).second;
  return span.line == 0 || at >= text.size() ? std::string::npos : at;
}

}  // namespace

std::optional<std::string> with_keys(const std::string& text, const Node& root, const std::vector<KeyToAdd>& keys) {
  const std::string end_of_line = text.find("\r\n") != std::string::npos ? "\r\n" : "\n";
  std::vector<std::pair<std::size_t, std::string>> pieces;
  for (const KeyToAdd& one : keys) {
    if (one.map->members.empty()) return std::nullopt;
    const Span& first = one.map->members.front().key_span;
    const std::size_t at = offset_of(text, first);
    if (at == std::string::npos) return std::nullopt;
    const std::size_t before = text.find_last_not_of(" \t\r\n", at == 0 ? 0 : at - 1);
    const bool flow = at > 0 && before != std::string::npos && text[before] == '{';
    // In block style keys of one map stand below each other, at the column of the first.
    pieces.emplace_back(
        at, flow ? fmt::format("{}: {}, ", one.key, one.value)
                 : fmt::format("{}: {}{}{}", one.key, one.value, end_of_line, std::string(first.column - 1, ' ')));
  }
  std::sort(pieces.begin(), pieces.end());
  std::string out;
  std::size_t from = 0;
  for (const auto& [at, piece] : pieces) {
    out.append(text, from, at - from);
    out += piece;
    from = at;
  }
  out.append(text, from);
  SourceMap sources;
  Diagnostics diagnostics;
  SourceFile again;
  again.text = out;
  const auto read = read_yaml(sources, sources.add(std::move(again)), diagnostics);
  if (!read || diagnostics.has_errors() || !same_tree(*read, wanted(root, keys))) return std::nullopt;
  return out;
}

}  // namespace sovrisk
