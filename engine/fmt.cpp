// fmt's functions, compiled once. Debian ships fmt as a shared library and as headers: the first would make the
// program two files, the second compiles them again in every file that formats a text.
#include <fmt/format-inl.h>

FMT_BEGIN_NAMESPACE
namespace detail {
template FMT_API char decimal_point_impl(locale_ref);
template FMT_API thousands_sep_result<char> thousands_sep_impl(locale_ref);
}  // namespace detail
FMT_END_NAMESPACE
