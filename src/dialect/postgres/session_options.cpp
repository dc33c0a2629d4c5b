#include "dialect/postgres/session_options.h"

#include <cstdlib>

#include "base/letter_case.h"

namespace limbeck::postgres {

// https://www.postgresql.org/docs/current/libpq-connect.html, "options": a space ends an argument,
// and a backslash takes a character as it is.
std::string session_options(const DatabaseUrl& url, std::string_view said) {
  if (url.session().empty()) return {};
  std::string options(said);
  if (const char* environment = std::getenv("PGOPTIONS"); said.empty() && environment != nullptr)
    options = environment;
  const std::string known = lower_case(options);
  for (const auto& [name, value] : url.session()) {
    if (known.find(name + "=") != std::string::npos) continue;
    options += (options.empty() ? "-c" : " -c") + name + "=";
    for (const char c : value) {
      if (c == ' ' || c == '\\') options += '\\';
      options += c;
    }
  }
  return options;
}

}  // namespace limbeck::postgres
