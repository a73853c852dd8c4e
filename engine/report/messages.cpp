#include "report/messages.h"

#include <algorithm>

namespace sovrisk {

Messages::Messages(const Catalogue& catalogue, std::string language) : language_(std::move(language)) {
  if (const Document* document = catalogue.find("messages", language_)) words_ = &document->root;
}

std::string Messages::operator()(std::string_view key) const {
  const Node* word = words_ != nullptr ? words_->find(key) : nullptr;
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

}  // namespace sovrisk
