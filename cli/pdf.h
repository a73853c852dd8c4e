// PDF by way of a program of the machine.
#pragma once

#include <string>

namespace sovrisk::cli {

/// The PDF that WeasyPrint, or else Chromium, makes of a page. Leaves with exit 2 when neither is there or when it
/// fails.
[[nodiscard]] std::string pdf_of(const std::string& html);

}  // namespace sovrisk::cli
