// What fmt and toml++ have in libraries of their own, compiled into the program: a shared library
// in C++ brings that of the language with it, whose thousands of symbols the dynamic linker would
// look up at each start. It is half a millisecond of the two and a half that a start took.
#include <fmt/format-inl.h>

#define TOML_IMPLEMENTATION
#include <toml++/toml.h>

// The templates of fmt that its headers take for compiled.
FMT_BEGIN_NAMESPACE
namespace detail {
template auto dragonbox::to_decimal(float) noexcept -> dragonbox::decimal_fp<float>;
template auto dragonbox::to_decimal(double) noexcept -> dragonbox::decimal_fp<double>;
template auto thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template auto decimal_point_impl<char>(locale_ref) -> char;
}  // namespace detail
FMT_END_NAMESPACE
