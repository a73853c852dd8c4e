#include "report/messages.h"

#include <algorithm>

#include "load/suggest.h"

namespace sovrisk {

Messages::Messages(const Catalogue& catalogue, std::string language) : language_(std::move(language)) {
  if (const Document* document = catalogue.find("messages", language_)) words_ = &document->root;
}

namespace {

/// The part of a key that words_by_part files it under, with its dot; empty for a key without one.
std::string_view part_of(std::string_view key) { return key.substr(0, key.find('.') + 1); }

const Node* word_of(const Node& words, std::string_view key) {
  const std::string_view part = part_of(key);
  const Node* among = part.empty() ? &words : words.find(part);
  return among != nullptr ? among->find(key.substr(part.size())) : nullptr;
}

}  // namespace

Node words_by_part(const Node& words) {
  Node parted = map_node(words.span);
  for (const Member& word : words.members) {
    const std::string part(part_of(word.key));
    Node& among = part.empty() ? parted : map_under(parted, part);
    among.members.push_back({word.key.substr(part.size()), word.key_span, word.value});
  }
  return parted;
}

std::string Messages::operator()(std::string_view key) const {
  const Node* word = words_ != nullptr ? word_of(*words_, key) : nullptr;
  return word != nullptr ? word->text : fmt::format("‹{}›", key);
}

std::string Messages::date(Date date) const {
  return language_ == "fr" ? fmt::format("{:02}/{:02}/{:04}", date.day, date.month, date.year) : date.text();
}

std::string Messages::date(std::string_view iso) const {
  const auto parsed = Date::parse(iso);
  return parsed ? date(*parsed) : std::string(iso);
}

std::string Messages::number(double value, int decimals) const {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (language_ == "fr") std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

std::string Messages::percent(const Range& range) const {
  // French sets a no-break space before the sign.
  const std::string sign = language_ == "fr" ? "\u00a0%" : " %";
  const std::string low = number(range.low, 1);
  const std::string high = number(range.high, 1);
  if (low == high) return low + sign;
  return fmt::format("{}–{}{}", low, high, sign);
}

namespace {

/// The text without the placeholders that another one has, too.
std::string without_placeholders(std::string text, const std::string& model) {
  constexpr int most = 10;
  for (int i = 0; i < most; ++i) {
    const std::string mark = fmt::format("{{{}}}", i);
    if (model.find(mark) == std::string::npos) continue;
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at))
      text.erase(at, mark.size());
  }
  return text;
}

void check_word(const Member& word, const Node& shipped, Diagnostics& diagnostics) {
  const Node* model = word_of(shipped, word.key);
  if (model == nullptr) {
    std::vector<std::string> keys;
    for (const Member& member : shipped.members) {
      if (member.value.kind != Node::Kind::map) keys.push_back(member.key);
      for (const Member& inner : member.value.members)
        keys.push_back(member.key + inner.key);
    }
    diagnostics.error(
        "unknown-key", word.key_span, fmt::format("reports have no words with the key `{}`", word.key),
        nearest(word.key, keys).empty() ? "engine/report/en.yaml has the keys" : did_you_mean(word.key, keys));
  } else if (word.value.kind != Node::Kind::text) {
    diagnostics.error("wrong-type", word.value.span,
                      fmt::format("{} stands where text is wanted", name_of(word.value.kind)));
  } else if (without_placeholders(word.value.text, model->text).find_first_of("{}") != std::string::npos) {
    diagnostics.error("bad-placeholder", word.value.span, "these braces are none that the text may have",
                      fmt::format("the text in its place is: {}", model->text));
  }
}

}  // namespace

void override_words(Catalogue& catalogue, const std::string& path, Diagnostics& diagnostics) {
  const FileId file = read_file(catalogue.sources(), path, diagnostics);
  if (file == no_file) return;
  const auto root = read_yaml(catalogue.sources(), file, diagnostics);
  if (!root) return;
  if (root->kind != Node::Kind::map) {
    diagnostics.error("wrong-type", root->span, fmt::format("{} stands where a map is wanted", name_of(root->kind)),
                      "write `en:` or `fr:`, and keys with their words below");
    return;
  }
  const std::vector<std::string> languages = catalogue.ids("messages");
  for (const Member& language : root->members) {
    const Document* shipped = catalogue.find("messages", language.key);
    if (shipped == nullptr) {
      diagnostics.error("unknown-key", language.key_span, fmt::format("reports are not written in `{}`", language.key),
                        did_you_mean(language.key, languages));
      continue;
    }
    if (language.value.kind != Node::Kind::map) {
      diagnostics.error("wrong-type", language.value.span,
                        fmt::format("{} stands where a map is wanted", name_of(language.value.kind)));
      continue;
    }
    const std::size_t before = diagnostics.error_count();
    for (const Member& word : language.value.members)
      check_word(word, shipped->root, diagnostics);
    if (diagnostics.error_count() != before) continue;
    Document own = *shipped;
    own.root = laid_over(shipped->root, words_by_part(language.value));
    own.file = file;
    catalogue.put(std::make_shared<const Document>(std::move(own)));
  }
}

}  // namespace sovrisk
