// UTF-8: whether bytes are it, and how long its code points are.
//
// It never changes or repairs text.
#pragma once

#include <cstddef>
#include <string_view>

namespace limbeck {

// The offset of the first byte that is not part of valid UTF-8 (overlong forms, surrogates and code
// points above U+10FFFF are not valid); npos when all of text is valid.
std::size_t find_invalid_utf8(std::string_view text);

// How many code points the valid UTF-8 text holds.
std::size_t code_points(std::string_view text);

// Whether byte is the second or a later one of a code point.
constexpr bool is_utf8_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace limbeck
