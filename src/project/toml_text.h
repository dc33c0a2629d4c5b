// Texts as TOML has them, for files and hints.
#pragma once

#include <string>
#include <string_view>

namespace limbeck {

// As a basic string.
std::string toml_text(std::string_view text);
// As a key: bare where it can be.
std::string toml_key(std::string_view name);

}  // namespace limbeck
