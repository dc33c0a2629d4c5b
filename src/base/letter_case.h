// The letters of ASCII in one case, whatever the locale says; all other bytes stay as they are.
#pragma once

#include <string>
#include <string_view>

namespace limbeck {

constexpr char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr char upper_case(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

}  // namespace limbeck
