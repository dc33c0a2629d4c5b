#include "cli/hide_passwords.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/redact.h"

namespace limbeck::cli {

void hide_passwords(std::span<char* const> arguments) {
  for (char* const argument : arguments) {
    const std::string_view text = argument;
    std::string hidden = redact(text);
    if (hidden == text) continue;
    hidden.resize(text.size(), ' ');
    std::copy(hidden.begin(), hidden.end(), argument);
  }
}

}  // namespace limbeck::cli
