#include "interchange/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "interchange/entry.h"
#include "load/suggest.h"

namespace sovrisk {

namespace {

/// Lower-case (ASCII) with single spaces: what people retype and spreadsheets break.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (space) {
      if (!result.empty() && result.back() != ' ') result += ' ';
    } else {
      result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (!result.empty() && result.back() == ' ') result.pop_back();
  return result;
}

std::optional<double> number_of(std::string text) {
  std::replace(text.begin(), text.end(), ',', '.');
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class Importer {
 public:
  Importer(const std::vector<CsvRow>& rows, const Document& ruleset, const AnswersRequest& request,
           Diagnostics& diagnostics)
      : rows_(rows), ruleset_(ruleset), request_(request), diagnostics_(diagnostics) {
    for (const Node& criterion : ruleset.root.find("criteria")->items)
      if (criterion.find("ladder") != nullptr) criteria_.emplace_back(criterion.text_of("id"));
  }

  std::optional<ImportedAnswers> run() {
    const std::size_t before = diagnostics_.error_count();
    if (!head()) return std::nullopt;
    const Node* criterion = nullptr;
    for (std::size_t i = first_; i < rows_.size(); ++i) {
      const CsvCell* named = cell(rows_[i], columns_.at("criterion"));
      if (named != nullptr && !plain(named->text).empty()) criterion = criterion_of(*named);
      if (criterion != nullptr) answer(rows_[i], *criterion);
    }
    if (diagnostics_.error_count() != before) return std::nullopt;
    return result();
  }

 private:
  static const CsvCell* cell(const CsvRow& row, std::optional<std::size_t> column) {
    return column && *column < row.size() ? &row[*column] : nullptr;
  }

  /// The row that names the columns.
  bool head() {
    const Node& sheet = *ruleset_.root.find("answer_sheet");
    constexpr std::string_view keys[] = {"criterion", "answer", "points", "chosen", "evidence"};
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      for (const std::string_view key : keys) {
        columns_[key].reset();
        const Node* names = sheet.find(key);
        for (std::size_t c = 0; names != nullptr && c < rows_[i].size() && !columns_[key]; ++c)
          for (const Node& name : names->items)
            if (plain(name.text) == plain(rows_[i][c].text)) columns_[key] = c;
      }
      first_ = i + 1;
      if (columns_["criterion"] && (columns_["answer"] || columns_["points"])) return true;
    }
    std::string wanted;
    for (const std::string_view key : {"criterion", "answer"})
      if (const Node* names = sheet.find(key))
        for (const Node& name : names->items)
          wanted += fmt::format("{}`{}`", wanted.empty() ? "" : ", ", name.text);
    diagnostics_.error("no-answer-columns", rows_.empty() ? Span{} : rows_.front().front().span,
                       "no row names the columns of criteria and answers", fmt::format("one of: {}", wanted));
    return false;
  }

  /// The criterion whose id the cell is or begins with. What looks like none is a heading.
  const Node* criterion_of(const CsvCell& named) {
    const std::string text = plain(named.text);
    const std::string first = text.substr(0, text.find(' '));
    for (const Node& criterion : ruleset_.root.find("criteria")->items)
      if (plain(criterion.text_of("id")) == first || plain(criterion.text_of("id")) + ":" == first) return &criterion;
    const bool id = first.find_first_of("0123456789") != std::string::npos && first.find('.') != std::string::npos;
    if (id)
      diagnostics_.error("unknown-criterion", named.span, fmt::format("no criterion has the id `{}`", named.text),
                         did_you_mean(named.text, criteria_));
    return nullptr;
  }

  void answer(const CsvRow& row, const Node& criterion) {
    if (columns_["chosen"]) {
      const CsvCell* mark = cell(row, columns_["chosen"]);
      if (mark == nullptr || plain(mark->text).empty() || plain(mark->text) == "0") return;
    }
    const CsvCell* told = cell(row, columns_["answer"]);
    if (told == nullptr || plain(told->text).empty()) told = cell(row, columns_["points"]);
    if (told == nullptr || plain(told->text).empty()) return;
    const Node* ladder = criterion.find("ladder");
    const std::size_t choice = ladder != nullptr ? choice_of(*ladder, row, *told) : 0;
    const std::string id(criterion.text_of("id"));
    if (choice == 0) {
      std::vector<std::string> labels;
      if (ladder != nullptr)
        for (const Node& rung : ladder->items)
          labels.push_back(localized(rung.find("label"), "en"));
      diagnostics_.error("unknown-answer", told->span, fmt::format("`{}` is no answer to {}", told->text, id),
                         did_you_mean(told->text, labels));
      return;
    }
    if (answers_.contains(id)) {
      diagnostics_.error("second-answer", told->span, fmt::format("{} has an answer already", id),
                         "one row of a criterion is chosen");
      return;
    }
    Node entry = map_node();
    set(entry, "choice", number(choice));
    set(entry, "by", text_node(request_.by));
    set(entry, "on", text_node(request_.seen.text()));
    set(entry, "source", text_node("sheet"));
    if (const CsvCell* evidence = cell(row, columns_["evidence"]); evidence != nullptr)
      interchange::put(entry, "note", interchange::cut_text(evidence->text, interchange::longest_text));
    answers_[id] = std::move(entry);
  }

  /// The rung that is meant, counted from 1; 0: none, or more than one.
  std::size_t choice_of(const Node& ladder, const CsvRow& row, const CsvCell& told) {
    const CsvCell* text = cell(row, columns_["answer"]);
    std::size_t found = 0;
    for (std::size_t i = 0; i < ladder.items.size(); ++i) {
      const Node* label = ladder.items[i].find("label");
      for (const char* language : {"en", "fr"})
        if (text == &told && plain(localized(label, language)) == plain(told.text)) return i + 1;
      const auto points = number_of(plain(told.text));
      const Node* worth = ladder.items[i].find("points");
      constexpr double rounding = 0.005;
      if (text != &told && points && worth != nullptr && std::abs(worth->number - *points) < rounding)
        found = found == 0 ? i + 1 : ladder.items.size() + 1;
    }
    if (text != &told) return found > ladder.items.size() ? 0 : found;
    const auto choice = number_of(plain(told.text));
    const bool fits =
        choice && *choice >= 1 && *choice <= static_cast<double>(ladder.items.size()) && std::floor(*choice) == *choice;
    return fits ? static_cast<std::size_t>(*choice) : 0;
  }

  static Node number(std::size_t value) {
    Node node;
    node.kind = Node::Kind::number;
    node.number = static_cast<double>(value);
    node.text = std::to_string(value);
    return node;
  }

  ImportedAnswers result() {
    ImportedAnswers made;
    made.answered = answers_.size();
    Node recorded = map_node();
    for (const std::string& id : criteria_) {
      const auto found = answers_.find(id);
      if (found == answers_.end()) {
        made.open.push_back(id);
      } else {
        set(recorded, id, std::move(found->second));
      }
    }
    Node& overlay = made.overlay;
    overlay = map_node();
    set(overlay, "format", text_node("sovrisk-overlay/1"));
    set(overlay, "id", text_node(fmt::format("{}-{}-answers", request_.offering, ruleset_.id)));
    set(overlay, "kind", text_node("correction"));
    set(overlay, "title",
        interchange::cut_text(fmt::format("Answers of {} to {}", request_.offering, ruleset_.id),
                              fmt::format("Réponses de {} à {}", request_.offering, ruleset_.id)));
    set(overlay, "offering", text_node(request_.offering));
    set(map_under(overlay, "set"), fmt::format("offering.answers.{}", ruleset_.id), std::move(recorded));
    Node source = map_node();
    set(source, "title", interchange::cut_text(request_.file));
    set(source, "seen", text_node(request_.seen.text()));
    set(source, "kind", text_node("claim"));
    set(map_under(overlay, "sources"), "sheet", std::move(source));
    return made;
  }

  const std::vector<CsvRow>& rows_;
  const Document& ruleset_;
  const AnswersRequest& request_;
  Diagnostics& diagnostics_;
  std::vector<std::string> criteria_;
  std::map<std::string_view, std::optional<std::size_t>> columns_;
  std::size_t first_ = 0;  ///< the first row below the head
  std::map<std::string, Node> answers_;
};

}  // namespace

const Document* answer_sheet_of(const Catalogue& catalogue, std::string_view name) {
  for (const Document* document : catalogue.all("ruleset"))
    if (const Node* sheet = document->root.find("answer_sheet"); sheet != nullptr && sheet->text_of("name") == name)
      return document;
  return nullptr;
}

std::vector<std::string> answer_sheets(const Catalogue& catalogue) {
  std::vector<std::string> names;
  for (const Document* document : catalogue.all("ruleset"))
    if (const Node* sheet = document->root.find("answer_sheet")) names.emplace_back(sheet->text_of("name"));
  return names;
}

std::optional<ImportedAnswers> import_answers(const std::vector<CsvRow>& rows, const Document& ruleset,
                                              const AnswersRequest& request, Diagnostics& diagnostics) {
  return Importer(rows, ruleset, request, diagnostics).run();
}

}  // namespace sovrisk
