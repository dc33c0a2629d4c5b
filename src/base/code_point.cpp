#include "base/code_point.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/utf8.h"

namespace limbeck {
namespace {

std::size_t sequence_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xF0) return 4;
  if (first >= 0xE0) return 3;
  return first >= 0xC2 ? 2 : 1;
}

struct CodePoints {
  std::uint32_t first;
  std::uint32_t last;
};

template <std::size_t size>
bool contains(const std::array<CodePoints, size>& ranges, std::uint32_t value) {
  const auto found =
      std::upper_bound(ranges.begin(), ranges.end(), value,
                       [](std::uint32_t v, const CodePoints& r) { return v < r.first; });
  return found != ranges.begin() && value <= std::prev(found)->last;
}

// Characters that no name needs and that change how the text around them looks.
constexpr std::array<CodePoints, 9> unsafe{{{0x00, 0x1F},
                                            {0x7F, 0x9F},
                                            {0x061C, 0x061C},
                                            {0x200E, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2066, 0x206F},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFF9, 0xFFFB},
                                            {0xE0000, 0xE007F}}};

constexpr std::array<CodePoints, 14> wide{{{0x1100, 0x115F},
                                           {0x2E80, 0x303E},
                                           {0x3041, 0x33FF},
                                           {0x3400, 0x4DBF},
                                           {0x4E00, 0x9FFF},
                                           {0xA000, 0xA4CF},
                                           {0xAC00, 0xD7A3},
                                           {0xF900, 0xFAFF},
                                           {0xFE30, 0xFE6F},
                                           {0xFF00, 0xFF60},
                                           {0xFFE0, 0xFFE6},
                                           {0x1F300, 0x1F64F},
                                           {0x1F680, 0x1F9FF},
                                           {0x20000, 0x3FFFD}}};

constexpr std::array<CodePoints, 7> combining{{{0x0300, 0x036F},
                                               {0x0483, 0x0489},
                                               {0x0591, 0x05BD},
                                               {0x1AB0, 0x1AFF},
                                               {0x200B, 0x200D},
                                               {0x20D0, 0x20FF},
                                               {0xFE00, 0xFE0F}}};

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = sequence_length(first);
  if (length > text.size() || find_invalid_utf8(text.substr(0, length)) != std::string_view::npos) {
    return {first, 1, false};
  }
  if (length == 1) return {first, 1, true};
  std::uint32_t value = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  return {value, length, true};
}

bool is_unsafe(std::uint32_t value) {
  return contains(unsafe, value);
}

std::size_t width_of(std::uint32_t value) {
  if (contains(combining, value)) return 0;
  return contains(wide, value) ? 2 : 1;
}

}  // namespace limbeck
