#include <fmt/format.h>

#include <algorithm>

#include "report/gate_parts.h"

namespace sovrisk {

namespace {

/// Half of what GitHub takes: escaped cells are counted as they are written, the rest is small.
constexpr std::size_t most_bytes = 400'000;
constexpr std::size_t most_rows = 200;

/// A table that stops before it is too large, and then says how much is left.
class Rows {
 public:
  Rows(Table& table, std::size_t& bytes) : table_(table), bytes_(bytes) {}

  void add(const std::vector<std::string>& cells) {
    std::size_t size = 0;
    for (const std::string& cell : cells)
      size += escape_markdown(cell).size() + 3;
    if (left_ > 0 || table_.rows.size() >= most_rows || bytes_ + size > most_bytes) {
      ++left_;
      return;
    }
    bytes_ += size;
    std::vector<Line> row;
    row.reserve(cells.size());
    for (const std::string& cell : cells)
      row.push_back({{cell}});
    table_.rows.push_back(std::move(row));
  }
  [[nodiscard]] std::size_t left() const { return left_; }

 private:
  Table& table_;
  std::size_t& bytes_;
  std::size_t left_ = 0;
};

std::string state_of(const PolicyException& exception, const Messages& m) {
  std::string_view state = "in-force";
  if (exception.state == PolicyException::State::not_yet) state = "not-yet";
  if (exception.state == PolicyException::State::expired) state = "expired";
  if (exception.state == PolicyException::State::in_force && exception.expiring) state = "expiring";
  const std::string words = m(fmt::format("gate.out.state.{}", state));
  return exception.used == 0 ? m("gate.out.state.unused", words) : words;
}

class Writer {
 public:
  Writer(const GateResult& result, const Messages& messages, const SourceMap& sources, const GateFormatOptions& options)
      : r_(result), m_(messages), sources_(sources), options_(options) {}

  std::string run() {
    const Outcome ends = r_.outcome();
    page_.emplace_back(Heading{2, {{m_("gate.out.title", m_.date(r_.as_of))}}});
    std::string_view word = let_pass() ? "warned" : "passed";
    if (ends == Outcome::failed) word = "failed";
    if (ends == Outcome::open) word = "open";
    page_.emplace_back(Paragraph{{{m_(fmt::format("gate.out.ends.{}", word)), Tone::strong}}, 0});
    page_.emplace_back(Paragraph{{{gate::counts_of(r_, m_)}}, 0});
    for (const Outcome outcome : {Outcome::failed, Outcome::open, Outcome::warned, Outcome::excepted})
      table_of(outcome);
    exceptions();
    page_.emplace_back(Paragraph{{{m_("disclaimer"), Tone::faint}}, 0});
    return render_markdown(page_);
  }

 private:
  /// Whether something that is not established was let pass: that is no proof that the policy holds.
  [[nodiscard]] bool let_pass() const {
    if (r_.counts.warned > 0) return true;
    return std::any_of(r_.subjects.begin(), r_.subjects.end(), [](const GateSubject& subject) {
      return std::any_of(subject.checks.begin(), subject.checks.end(), [](const GateCheck& check) {
        return check.outcome == Outcome::passed && check.result != Truth::yes;
      });
    });
  }

  void table_of(Outcome outcome) {
    Table table;
    for (const std::string_view column : {"subject", "check", "account", "place"})
      table.head.push_back(m_(fmt::format("gate.out.column.{}", column)));
    Rows rows(table, bytes_);
    for (const Finding& finding : findings(r_)) {
      if (finding.check->outcome != outcome) continue;
      const gate::Where where = gate::where(*finding.subject, *finding.check, r_, sources_, options_);
      rows.add({gate::line(finding.subject->id, 200), gate::title_of(*finding.check, m_),
                gate::line(gate::account_of(*finding.check, m_), 600),
                fmt::format("{}:{}", gate::line(where.path, 200), where.span.line)});
    }
    show(m_(fmt::format("gate.out.outcome.{}", name_of(outcome))), std::move(table), rows.left());
  }

  void exceptions() {
    Table table;
    for (const std::string_view column : {"rule", "subject", "until", "state", "used", "reason"})
      table.head.push_back(m_(fmt::format("gate.out.column.{}", column)));
    Rows rows(table, bytes_);
    for (const PolicyException& exception : r_.exceptions)
      rows.add({gate::line(exception.rule, 200), gate::line(exception.subject, 200), m_.date(exception.expires),
                state_of(exception, m_), fmt::format("{}", exception.used), gate::line(exception.reason, 300)});
    show(m_("gate.out.exceptions"), std::move(table), rows.left());
  }

  void show(const std::string& title, Table table, std::size_t left) {
    if (table.rows.empty() && left == 0) return;
    page_.emplace_back(Heading{3, {{fmt::format("{} ({})", title, table.rows.size() + left)}}});
    if (!table.rows.empty()) page_.emplace_back(std::move(table));
    if (left > 0) page_.emplace_back(Paragraph{{{m_("gate.out.and-more", left)}}, 0});
  }

  const GateResult& r_;
  const Messages& m_;
  const SourceMap& sources_;
  const GateFormatOptions& options_;
  Page page_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::string gate_summary(const GateResult& result, const Messages& messages, const SourceMap& sources,
                         const GateFormatOptions& options) {
  return Writer(result, messages, sources, options).run();
}

}  // namespace sovrisk
