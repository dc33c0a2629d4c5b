// A number and what it counts: "1 revision", "2 revisions".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace limbeck {

// The word that agrees with the number: "is" of one, "are" of any other.
constexpr std::string_view agreeing(std::size_t number, std::string_view one,
                                    std::string_view several) {
  return number == 1 ? one : several;
}

// For words whose plural takes an s.
std::string counted(std::size_t number, std::string_view what);

}  // namespace limbeck
