#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "load/utf8.h"
#include "report/diff.h"

namespace sovrisk {

namespace {

constexpr std::array all_changes{Change::worse, Change::unknown, Change::known, Change::better, Change::other};

Tone tone_of(Change change) {
  switch (change) {
    case Change::worse: return Tone::bad;
    case Change::unknown: return Tone::warn;
    case Change::known: return Tone::strong;
    case Change::better: return Tone::good;
    case Change::other: break;
  }
  return Tone::plain;
}

/// Where the words of a standing are found; empty: they stand for themselves.
std::string_view words_of(const Difference& one) {
  const std::string& aspect = one.aspect;
  switch (one.part) {
    case Part::verdict:
    case Part::question: return aspect == "value" ? "verdict" : "";
    case Part::duty: return "duty";
    case Part::exposure: return aspect == "certainty" ? "certainty" : aspect == "status" ? "status" : "after";
    case Part::framework:
      return aspect == "gate" ? "gate" : aspect == "applies" || aspect == "assessed" ? "diff.word" : "";
    case Part::criterion: return aspect == "status" ? "criterion" : "";
    case Part::condition: return aspect == "asked" ? "diff.word" : "";
    case Part::fact: return "diff.word";
    case Part::check: return aspect == "wanted" ? "" : "diff.outcome";
    default: return "";
  }
}

/// A word in the language of the report. The files come from anywhere: what has no words is shown as it is.
std::string worded(std::string_view group, const std::string& word, const Messages& m) {
  if (group.empty()) return m.date(word);
  if (word == "not-asked") return m("diff.word.not-asked");
  std::string text = m(fmt::format("{}.{}", group, word));
  return text.starts_with("‹") ? word : text;
}

std::string number(double value, const Messages& m) {
  constexpr double finest = 0.01;
  const double tenths = value * 10;
  const bool whole = std::abs(value - static_cast<double>(static_cast<long long>(value))) < finest;
  const bool tenth = std::abs(tenths - static_cast<double>(static_cast<long long>(tenths))) < finest;
  return m.number(value, whole ? 0 : tenth ? 1 : 2);
}

std::string range_words(const Difference& one, const Standing& side, const Messages& m) {
  if (one.aspect == "score") return m.percent(*side.range);
  if (one.aspect == "level" && !side.words.empty()) return side.words.front();
  std::string text = number(side.range->low, m);
  if (!side.range->decided()) text += "–" + number(side.range->high, m);
  if (!side.words.empty()) text += fmt::format(" ({})", side.words.front());
  return text;
}

std::string standing_words(const Difference& one, const Standing& side, const Messages& m) {
  if (side.absent()) return "—";
  if (side.range) return range_words(one, side, m);
  if (one.aspect == "sha256") {
    constexpr std::size_t telling = 12;
    return side.words.front().substr(0, telling);
  }
  std::vector<std::string> words;
  for (const std::string& word : side.words)
    words.push_back(worded(words_of(one), word, m));
  std::string text = fmt::format("{}", fmt::join(words, m("after.or")));
  if (words.size() > 1 && words_of(one) == "verdict") text = fmt::format("{} ({})", m("verdict.undetermined"), text);
  if (!side.found.empty()) text += fmt::format(" ({})", worded("verdict", side.found, m));
  return text;
}

std::string subject_words(const Difference& one, const std::string& language, const Messages& m) {
  const bool readable = !one.title.empty() && language == m.language();
  switch (one.part) {
    case Part::question:
    case Part::duty:
    case Part::risk:
    case Part::condition: return readable ? one.title : one.subject;
    case Part::exposure: {
      std::string text = one.subject;
      if (!one.scope.empty()) text += fmt::format(", {}", worded("scope", one.scope, m));
      if (one.limited) text += fmt::format(", {}", m("laws.limited"));
      return text;
    }
    case Part::check: return fmt::format("{}, {}", one.subject, one.rule);
    default: return one.subject;
  }
}

std::string state_words(const Compared& side, const Messages& m) {
  std::vector<std::string> parts;
  if (!side.offering.empty()) parts.push_back(side.offering);
  if (!side.workload.empty()) parts.push_back(m("for-workload", side.workload));
  if (!side.as_of.empty()) parts.push_back(m("diff.as-of", m.date(side.as_of)));
  if (!side.tool_version.empty()) parts.push_back(fmt::format("sovrisk {}", side.tool_version));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// No longer than `most` characters; 0: as it is.
std::string cut(std::string text, std::size_t most) {
  if (most == 0 || text.size() <= most) return text;
  const auto starts = utf8::character_starts(text);
  if (starts.size() <= most) return text;
  text.resize(starts[most - 1]);
  return text + "…";
}

using Rows = std::vector<const Difference*>;

Rows rows_of(const Differences& differences, Change change) {
  Rows rows;
  for (const Difference& one : differences.all)
    if (one.change == change) rows.push_back(&one);
  return rows;
}

class Writer {
 public:
  Writer(const Differences& differences, const Messages& messages, std::size_t longest)
      : d_(differences), m_(messages), longest_(longest) {}

  [[nodiscard]] Page head(int level) const {
    Page page;
    page.emplace_back(Heading{level, {{m_("diff.title")}}});
    for (const bool newer : {false, true})
      page.emplace_back(Paragraph{
          {{m_(newer ? "diff.now" : "diff.then", cut(state_words(newer ? d_.after : d_.before, m_), longest_)),
            Tone::faint}},
          0});
    if (d_.before.offering != d_.after.offering || d_.before.workload != d_.after.workload)
      page.emplace_back(Paragraph{{{m_("diff.not-alike"), Tone::warn}}, 0});
    page.emplace_back(
        Paragraph{{{d_.all.empty() ? m_("diff.same")
                                   : m_("diff.summary", d_.count(Change::worse), d_.count(Change::unknown),
                                        d_.count(Change::known), d_.count(Change::better), d_.count(Change::other)),
                    Tone::strong}},
                  0});
    return page;
  }

  [[nodiscard]] std::string name(Change change, std::size_t count) const {
    return fmt::format("{} ({})", m_(fmt::format("diff.{}", name_of(change))), count);
  }

  [[nodiscard]] Table table(const Rows& rows, std::size_t begin, std::size_t end) const {
    Table table;
    for (const char* key : {"diff.what", "diff.before", "diff.after"})
      table.head.push_back(m_(key));
    for (std::size_t i = begin; i < end; ++i) {
      const Difference& one = *rows[i];
      const std::string& language = (one.after.absent() ? d_.before : d_.after).language;
      const std::string subject = cut(subject_words(one, language, m_), longest_);
      const std::string what = m_(fmt::format("diff.{}.{}", name_of(one.part), one.aspect), subject);
      table.rows.push_back({{{what}},
                            {{cut(standing_words(one, one.before, m_), longest_), Tone::faint}},
                            {{cut(standing_words(one, one.after, m_), longest_), tone_of(one.change)}}});
    }
    return table;
  }

 private:
  const Differences& d_;
  const Messages& m_;
  std::size_t longest_;
};

/// Names of people and teams would be told of a comment that holds `@name`; split by an element they are not.
std::string without_mentions(const std::string& markdown) {
  std::string out;
  for (const char c : markdown) {
    if (c == '@') {
      out += "<span>@</span>";
    } else {
      out += c;
    }
  }
  return out;
}

/// A comment with at most `most` rows of a kind.
std::string comment(const Differences& differences, const Messages& m, std::size_t most) {
  constexpr std::size_t longest = 160;
  constexpr std::size_t at_sight = 10;
  const Writer writer(differences, m, longest);
  constexpr int level = 3;
  std::string out = render_markdown(writer.head(level)) + "\n";
  for (const Change change : all_changes) {
    const Rows rows = rows_of(differences, change);
    if (rows.empty()) continue;
    const bool pressing = change == Change::worse || change == Change::unknown;
    const std::size_t shown = std::min(rows.size(), most);
    const std::size_t open = pressing ? std::min(shown, at_sight) : rows.size() <= at_sight / 2 ? shown : 0;
    const std::string name = writer.name(change, rows.size());
    if (open > 0) out += render_markdown({Heading{level + 1, {{name}}}, writer.table(rows, 0, open)}) + "\n";
    if (open == rows.size()) continue;
    out += fmt::format("<details><summary>{}</summary>\n\n", open > 0 ? m("diff.more", rows.size() - open) : name);
    if (shown > open) out += render_markdown({writer.table(rows, open, shown)}) + "\n";
    if (shown < rows.size()) out += m("diff.more", rows.size() - shown) + "\n\n";
    out += "</details>\n\n";
  }
  while (out.ends_with("\n\n"))
    out.pop_back();
  return without_mentions(out);
}

}  // namespace

Page diff_page(const Differences& differences, const Messages& messages) {
  const Writer writer(differences, messages, 0);
  Page page = writer.head(1);
  for (const Change change : all_changes) {
    const Rows rows = rows_of(differences, change);
    if (rows.empty()) continue;
    page.emplace_back(Heading{2, {{writer.name(change, rows.size())}}});
    page.emplace_back(writer.table(rows, 0, rows.size()));
  }
  return page;
}

std::string diff_markdown(const Differences& differences, const Messages& messages) {
  constexpr std::size_t limit = 60'000;
  std::size_t most = 512;
  std::string text = comment(differences, messages, most);
  while (text.size() > limit && most > 1) {
    most /= 2;
    text = comment(differences, messages, most);
  }
  return text;
}

}  // namespace sovrisk
