// Lines of source text without the passwords in them.
#pragma once

#include <string>
#include <string_view>

namespace limbeck {

// As redact() (database_url.h), with a star in place of each character of a password, so that
// columns stay what they are.
std::string masked(std::string_view text);

}  // namespace limbeck
