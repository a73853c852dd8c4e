// Pages as HTML.
#pragma once

#include <string>
#include <string_view>

#include "report/page.h"

namespace sovrisk {

/// Text as text of HTML, in elements and in quoted attributes; control characters come out harmless.
[[nodiscard]] std::string escape_html(std::string_view text);

/// Blocks as HTML. `name` names tables that scroll and starts the ids of headings, so that they are unique in the
/// whole document. Headings start at `level`.
[[nodiscard]] std::string render_html(const Page& page, std::string_view name, int level);

/// Blocks with the tags `p`, `strong`, `ul`, `ol` and `li` alone, without attributes: for tools that take little else.
[[nodiscard]] std::string render_plain_html(const Page& page);

}  // namespace sovrisk
