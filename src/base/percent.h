// Percent-encoding, RFC 3986.
#pragma once

#include <string>
#include <string_view>

namespace limbeck {

// Every byte but the letters and digits of ASCII and those in plain as "%" and two hexadecimal
// digits.
std::string percent_encoded(std::string_view text, std::string_view plain);

}  // namespace limbeck
