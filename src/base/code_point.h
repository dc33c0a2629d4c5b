// Characters one by one: what a code point is, whether it may be shown, how wide it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace limbeck {

struct CodePoint {
  std::uint32_t value = 0;  // of an invalid byte: the byte
  std::size_t length = 1;   // in bytes
  bool valid = false;
};

// REQUIRES: text is not empty. A byte that is not UTF-8 counts alone, as invalid.
CodePoint first_code_point(std::string_view text);

// Whether it changes how the text around it is shown: control characters, marks that reorder text,
// line separators, tags.
bool is_unsafe(std::uint32_t value);

// Columns on a terminal: 0 for combining characters, 2 for wide ones.
std::size_t width_of(std::uint32_t value);

}  // namespace limbeck
