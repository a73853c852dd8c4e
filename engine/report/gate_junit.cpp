#include <fmt/format.h>

#include <set>

#include "load/utf8.h"
#include "report/gate_parts.h"

namespace sovrisk {

namespace {

/// Text of XML 1.0 (section 2.2): control characters are visible already, and two code points of the plane's end have
/// no place in it either.
std::string xml(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto [code, length] = utf8::decode(text, at);
    switch (code) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case 0xfffe:
      case 0xffff: out += fmt::format("\\u{{{:x}}}", code); break;
      default: out += text.substr(at, length);
    }
    at += length;
  }
  return out;
}

std::string xml_line(std::string_view text, std::size_t most = 1000) { return xml(gate::line(text, most)); }

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
};

class Writer {
 public:
  Writer(const GateResult& result, const Messages& messages, const SourceMap& sources, JunitFlavour flavour,
         const GateFormatOptions& options)
      : r_(result), m_(messages), sources_(sources), flavour_(flavour), options_(options) {}

  std::string run() {
    std::string suites;
    Counts all;
    for (const GateSubject& subject : r_.subjects) {
      if (subject.checks.empty() && subject.passed == 0) continue;
      Counts counts;
      const std::string cases = this->cases(subject, counts);
      suites += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}",
                            xml_line(subject.id), counts.tests, counts.failures, counts.errors, counts.skipped, cases);
      suites += "  </testsuite>\n";
      all.tests += counts.tests;
      all.failures += counts.failures;
      all.errors += counts.errors;
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"sovrisk gate\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n{}</testsuites>\n",
        all.tests, all.failures, all.errors, suites);
  }

 private:
  std::string cases(const GateSubject& subject, Counts& counts) {
    const std::string classname = xml_line(subject.id);
    std::string text;
    for (const GateCheck& check : subject.checks) {
      ++counts.tests;
      text += opening(classname, xml_line(check.rule), gate::where(subject, check, r_, sources_, options_).path);
      const std::string inside = outcome(check, counts);
      text += inside.empty() ? "/>\n" : fmt::format(">\n{}    </testcase>\n", inside);
    }
    if (subject.passed > 0) {
      ++counts.tests;
      const auto place = gate::place_of(subject.span, sources_, options_);
      text += opening(classname, "other-checks", place ? place->path : std::string());
      text += fmt::format(">\n      <system-out>{}</system-out>\n    </testcase>\n",
                          xml(m_("gate.out.other-checks", subject.passed)));
    }
    return text;
  }

  /// Readers drop the second of two cases with the same names.
  std::string opening(const std::string& classname, const std::string& rule, const std::string& file) {
    std::string name = rule;
    for (std::size_t n = 2; !names_.insert(fmt::format("{}\n{}", classname, name)).second; ++n)
      name = fmt::format("{} #{}", rule, n);
    std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", classname, name);
    if (flavour_ == JunitFlavour::gitlab && !file.empty()) text += fmt::format(" file=\"{}\"", xml_line(file));
    return text;
  }

  std::string outcome(const GateCheck& check, Counts& counts) {
    const std::string account =
        fmt::format("{}{} {}", gate::title_of(check, m_), m_("colon"), gate::account_of(check, m_));
    switch (check.outcome) {
      case Outcome::passed:
        if (check.result == Truth::yes) return {};
        break;  // of a policy that passes what is not established
      case Outcome::failed: ++counts.failures; return element("failure", "failed", account, {});
      case Outcome::open: ++counts.errors; return element("error", "not-established", account, {});
      case Outcome::warned:
      case Outcome::excepted: break;
    }
    ++counts.skipped;
    if (check.outcome != Outcome::excepted)
      return element("skipped", "let-pass", m_("gate.out.outcome.warned"), account);
    const std::string reason =
        check.exception != nullptr ? gate::acceptance_of(*check.exception, m_) : m_("gate.out.outcome.excepted");
    return element("skipped", "excepted", reason, account);
  }

  static std::string element(std::string_view name, std::string_view type, const std::string& message,
                             const std::string& text) {
    const std::string start = fmt::format("      <{} type=\"{}\" message=\"{}\"", name, type, xml_line(message, 4000));
    // Some readers show the text of a failure, some the message.
    return fmt::format("{}>{}</{}>\n", start, xml_line(text.empty() ? message : text, 4000), name);
  }

  const GateResult& r_;
  const Messages& m_;
  const SourceMap& sources_;
  JunitFlavour flavour_;
  const GateFormatOptions& options_;
  std::set<std::string> names_;
};

}  // namespace

std::string gate_junit(const GateResult& result, const Messages& messages, const SourceMap& sources,
                       JunitFlavour flavour, const GateFormatOptions& options) {
  return Writer(result, messages, sources, flavour, options).run();
}

}  // namespace sovrisk
