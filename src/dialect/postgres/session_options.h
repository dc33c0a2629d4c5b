// The "options" that a connection begins with: those of the url, and its session settings.
#pragma once

#include <string>
#include <string_view>

#include "dialect/database_url.h"

namespace limbeck::postgres {

// said: the "options" of the url; empty: PGOPTIONS has them. What they set, stays as it is. Empty
// where the url has no session settings: libpq does the rest.
std::string session_options(const DatabaseUrl& url, std::string_view said);

}  // namespace limbeck::postgres
