// Random ids for revisions and runs, from the operating system's own source of randomness.
#pragma once

#include <cstddef>
#include <string>

namespace limbeck {

// So many lower-case hexadecimal digits. A revision's id has revision_id_digits of them.
std::string random_hex(std::size_t digits);

inline constexpr std::size_t revision_id_digits = 12;

}  // namespace limbeck
