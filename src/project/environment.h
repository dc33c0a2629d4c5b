// Environment variables in configured text.
#pragma once

#include <string>
#include <string_view>

#include "limbeck/error.h"

namespace limbeck {

// Replaces ${NAME} and ${NAME:-default} (the default holds when NAME is unset or empty); "$${"
// stands for "${". In a url, a variable before the "@" is user name or password and is
// percent-encoded, so that any password works as it is. Throws Error (ExitCode::invalid_project) at
// place: a variable that is not set and has no default, a "${" that is not closed or holds no name.
// The message never holds a value.
std::string expand_environment(std::string_view text, const Place& place);

// That its variables are written as they should be, whether they are set or not. Throws as above.
void check_environment(std::string_view text, const Place& place);

}  // namespace limbeck
