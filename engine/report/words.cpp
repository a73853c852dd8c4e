#include "report/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace sovrisk {

Tone verdict_tone(std::string_view verdict) {
  if (verdict == "acceptable") return Tone::good;
  return verdict == "unacceptable" ? Tone::bad : Tone::warn;
}

std::vector<const Exposure*> ordered_exposures(const Assessment& assessment) {
  std::vector<const Exposure*> exposures;
  for (const Exposure& exposure : assessment.exposures)
    exposures.push_back(&exposure);
  std::stable_sort(exposures.begin(), exposures.end(), [](const Exposure* a, const Exposure* b) {
    const auto rank = [](const Exposure* e) {
      return std::make_tuple(e->background, -static_cast<int>(e->least), -static_cast<int>(e->most));
    };
    return rank(a) < rank(b);
  });
  return exposures;
}

Words reach_words(const Exposure& exposure, const Messages& m) {
  const std::string_view certainty = exposure.certainty();
  std::string text = m(fmt::format("certainty.{}", certainty));
  if (certainty != "unknown" && exposure.least != exposure.most)
    text = m("laws.may-be", text, m(fmt::format("certainty.{}", name_of(exposure.most))));
  if (exposure.background) text += fmt::format(" ({})", m("laws.background"));
  const Tone tone = exposure.background || certainty == "not-reached"
                        ? Tone::faint
                        : (certainty == "certain" ? Tone::bad : Tone::warn);
  return {std::move(text), tone};
}

std::string after_words(const Exposure& exposure, const Messages& m) {
  std::vector<std::string> words;
  for (const std::string& word : exposure.after_measures)
    words.push_back(m(fmt::format("after.{}", word)));
  return fmt::format("{}", fmt::join(words, m("after.or")));
}

std::string entity_words(const Assessment& assessment, const std::string& id, const Messages& m) {
  const auto found = assessment.derived.unnamed.find(id);
  if (found == assessment.derived.unnamed.end()) return entity_name(assessment.derived, id);
  const auto& [role, of] = found->second;
  if (role == "holders") return m("unnamed.holders", entity_words(assessment, of, m));
  return m(fmt::format("unnamed.{}", role));
}

std::string via_words(const Exposure& exposure, const Assessment& assessment, const Messages& m) {
  if (exposure.matches.empty()) return {};
  const Match& match = exposure.matches.front();
  if (!match.via_entity) return match.via.empty() ? std::string() : entity_words(assessment, match.via, m);
  std::vector<std::string> names;
  for (const std::string& id : exposure.path)
    names.push_back(entity_words(assessment, id, m));
  if (names.empty() || exposure.path.back() != match.via) names.push_back(entity_words(assessment, match.via, m));
  return fmt::format("{}", fmt::join(names, " ← "));
}

void cite(Line& line, const std::vector<std::string>& sources) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    line.push_back({i == 0 ? " [" : ", ", Tone::faint});
    line.push_back({sources[i], Tone::faint, {}, fmt::format("source {}", sources[i])});
  }
  if (!sources.empty()) line.push_back({"]", Tone::faint});
}

Line line_with(std::string_view key, const Line& part, Tone tone, const Messages& m, const std::string& before) {
  constexpr std::string_view mark = "\x1f";  // no message and no text that is shown has one
  const std::string text = before.empty() ? m(key, mark) : m(key, before, mark);
  const auto at = text.find(mark);
  if (at == std::string::npos) return {{text, tone}};
  Line line;
  if (at > 0) line.push_back({text.substr(0, at), tone});
  line.insert(line.end(), part.begin(), part.end());
  if (at + mark.size() < text.size()) line.push_back({text.substr(at + mark.size()), tone});
  return line;
}

Bullets source_list(const std::set<std::string>& keys, const Assessment& assessment, const Messages& m) {
  Bullets bullets;
  for (const std::string& key : keys) {
    const auto found = assessment.sources.find(key);
    if (found == assessment.sources.end()) continue;
    const Source& source = found->second;
    std::string text = fmt::format(" {}", source.title);
    if (!source.publisher.empty()) text += fmt::format(", {}", source.publisher);
    if (!source.date.empty()) text += fmt::format(", {}", m.date(source.date));
    if (!source.url.empty()) text += fmt::format(", {}", source.url);
    text += fmt::format(" ({}, {})", m("sources.seen", m.date(source.seen)), source.kind);
    bullets.items.push_back(
        {{fmt::format("[{}]", key), Tone::plain, fmt::format("source {}", key)}, {std::move(text)}});
  }
  return bullets;
}

void list_into(Line& line, const std::vector<std::string>& items, std::size_t most, std::string_view kind, Tone tone,
               const Messages& m) {
  for (std::size_t i = 0; i < items.size() && i < most; ++i) {
    if (i > 0) line.push_back({", ", tone});
    line.push_back({items[i], tone, {}, fmt::format("{} {}", kind, items[i])});
  }
  if (items.size() > most) line.push_back({m("and-more", items.size() - most), tone});
}

std::string level_words(const FrameworkResult& framework, const Messages& m) {
  if (!framework.level) return {};
  const std::string low = level_name(*framework.ruleset, framework.level->low, m.language());
  const std::string high = level_name(*framework.ruleset, framework.level->high, m.language());
  std::string text = low == high ? low : fmt::format("{}..{}", low, high);
  const Node* aggregate = framework.ruleset->document->root.find("aggregate");
  const Node* indicative = aggregate != nullptr ? aggregate->find("indicative") : nullptr;
  if (indicative != nullptr && indicative->boolean) text += fmt::format(" ({})", m("frameworks.indicative"));
  return text;
}

Words gate_words(const FrameworkResult& framework, const Messages& m) {
  if (!framework.gate) return {};
  if (framework.applies == Truth::no) return {m("frameworks.not-due"), Tone::faint};
  if (framework.applies == Truth::unknown)
    return {m("frameworks.perhaps-due",
              m(*framework.gate == Truth::yes ? "gate.met"
                                              : (*framework.gate == Truth::no ? "gate.not-met" : "gate.unknown"))),
            Tone::warn};
  switch (*framework.gate) {
    case Truth::yes: return {m("gate.met"), Tone::good};
    case Truth::no: return {m("gate.not-met"), Tone::bad};
    case Truth::unknown: break;
  }
  return {m("gate.unknown"), Tone::warn};
}

std::string counts_words(const FrameworkResult& framework, const Messages& m) {
  const auto count = [&](Status status) {
    return std::count_if(framework.criteria.begin(), framework.criteria.end(),
                         [&](const CriterionResult& criterion) { return criterion.status == status; });
  };
  return m("frameworks.counts", count(Status::met), count(Status::partly_met), count(Status::not_met),
           count(Status::unknown));
}

Words rating_words(const Rating& rating, const Method& method, std::string_view names, const Messages& m) {
  const Node* list = method.document->root.find(names);
  const auto name = [&](double level) {
    const auto at = static_cast<std::size_t>(level) - 1;
    return list != nullptr && at < list->items.size() ? fmt::format("{:g} {}", level, m.text(&list->items[at]))
                                                      : fmt::format("{:g}", level);
  };
  const Tone tone = rating.level.high >= 4 ? Tone::bad : (rating.level.high >= 3 ? Tone::warn : Tone::plain);
  if (rating.level.decided()) return {name(rating.level.low), tone};
  return {fmt::format("{} .. {}", name(rating.level.low), name(rating.level.high)), tone};
}

std::string said(const Statement& statement, const Messages& m) {
  return statement.node != nullptr ? m.text(statement.node) : statement.text;
}

std::string listed(const std::vector<std::string>& items, std::size_t most, const Messages& m) {
  const std::vector<std::string> shown(items.begin(),
                                       items.begin() + static_cast<std::ptrdiff_t>(std::min(items.size(), most)));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (items.size() > most) text += m("and-more", items.size() - most);
  return text;
}

std::optional<Date> due_date(const ConditionRule& rule, const Assessment& assessment) {
  const Node* due = rule.node->find("due");
  if (due == nullptr) return std::nullopt;
  if (const Node* end = due->find("at_end"); end != nullptr && end->boolean) return assessment.verdict.until;
  if (const Node* months = due->find("months"))
    return add(assessment.as_of, {static_cast<int>(std::lround(months->number)), Duration::Unit::month});
  return std::nullopt;
}

namespace {

/// One fact of a proof with where it comes from.
Line fact_line(const UsedFact& fact, bool missing, const Messages& m, std::set<std::string>& used) {
  Line line{{missing ? m("proof.missing", fact.path) : m("proof.step", fact.path, fact.value)}};
  if (missing) line.front().to = fmt::format("fact {}", fact.path);
  if (fact.origin == nullptr) return line;
  const Origin& origin = *fact.origin;
  if (!origin.derived.empty()) line.push_back({fmt::format(" ({})", origin.derived), Tone::faint});
  cite(line, origin.sources);
  used.insert(origin.sources.begin(), origin.sources.end());
  if (origin.confidence == "claim" || origin.confidence == "inferred" || origin.confidence == "unverified")
    line.push_back({fmt::format(" {}", m(fmt::format("confidence.{}", origin.confidence))), Tone::warn});
  return line;
}

}  // namespace

void proof_blocks(const Exposure& exposure, const Assessment& assessment, const Messages& m, bool all, Page& page,
                  std::set<std::string>& used) {
  if (exposure.path.size() > 1) {
    page.emplace_back(Paragraph{{{m("proof.path", via_words(exposure, assessment, m))}}, 2});
    Bullets links;
    for (const UsedFact& link : exposure.links)
      links.items.push_back(fact_line(link, false, m, used));
    if (!links.items.empty()) page.emplace_back(std::move(links));
  }
  if (!exposure.mitigations.empty())
    page.emplace_back(Paragraph{
        {{fmt::format("{}{} {}", m("laws.mitigations"), m("colon"), fmt::join(exposure.mitigations, ", "))}}, 2});
  for (const Match& match : exposure.matches) {
    const bool missing = match.truth == Truth::unknown;
    const bool tells = missing ? match.rule->certainty > exposure.least : match.rule->certainty == exposure.least;
    if (!all && !tells) continue;
    const std::string who = match.via.empty() ? std::string() : entity_words(assessment, match.via, m);
    Line line{
        {fmt::format("{}{} ",
                     m(missing ? "certainty.unknown" : fmt::format("certainty.{}", name_of(match.rule->certainty))),
                     m("colon")),
         missing ? Tone::warn : Tone::plain}};
    if (!who.empty()) line.push_back({who + m("colon") + " ", Tone::strong});
    if (missing) line.push_back({m("proof.open") + " ", Tone::warn});
    line.push_back({m.text(match.rule->because)});
    if (match.rule->limit != nullptr)
      line.push_back({fmt::format(" {}{} {}", m("laws.limit"), m("colon"), m.text(match.rule->limit)), Tone::faint});
    cite(line, match.rule->sources);
    used.insert(match.rule->sources.begin(), match.rule->sources.end());
    page.emplace_back(Paragraph{std::move(line), 2});
    Bullets facts;
    for (const UsedFact& fact : match.facts)
      facts.items.push_back(fact_line(fact, missing, m, used));
    if (!facts.items.empty()) page.emplace_back(std::move(facts));
  }
}

}  // namespace sovrisk
