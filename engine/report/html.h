// Pages as HTML.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "report/page.h"

namespace sovrisk {

/// Text as text of HTML, in elements and in quoted attributes; control characters come out harmless.
[[nodiscard]] std::string escape_html(std::string_view text);

/// The findings that a document introduces, each with an id of its own. Pages are announced in their order before any
/// is rendered, so that a reference may come before what it leads to.
class Anchors {
 public:
  void announce(const Page& page);
  /// The id of a finding, letters, digits and dashes; empty when no page introduces it.
  [[nodiscard]] std::string_view id(const std::string& finding) const;
  /// True for the first who asks: a finding that is introduced twice has its id at the first place.
  [[nodiscard]] bool take(const std::string& finding) { return taken_.insert(finding).second; }

 private:
  std::map<std::string, std::string, std::less<>> ids_;
  std::set<std::string, std::less<>> used_;
  std::set<std::string, std::less<>> taken_;
};

/// Blocks as HTML. `name` names tables that scroll and starts the ids of headings, so that they are unique in the
/// whole document. Headings start at `level`. Findings get the ids of `anchors` and are linked; without, they are
/// words.
[[nodiscard]] std::string render_html(const Page& page, std::string_view name, int level, Anchors* anchors = nullptr);

/// Blocks with the tags `p`, `strong`, `ul`, `ol` and `li` alone, without attributes: for tools that take little else.
[[nodiscard]] std::string render_plain_html(const Page& page);

}  // namespace sovrisk
