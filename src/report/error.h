// Errors for people and for programs.
//
// Everything that an error carries from outside is made printable. It never writes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "limbeck/error.h"

#include "base/json_writer.h"
#include "base/terminal.h"

namespace limbeck {

struct ExitMeaning {
  ExitCode code;
  std::string_view name;     // "lock_not_acquired"
  std::string_view meaning;  // as include/limbeck/exit_code.h says it
};
// Every code, in the order of the numbers.
std::span<const ExitMeaning> exit_meanings();

// The name of a code: "pending", "lock_not_acquired".
std::string_view to_string(ExitCode code);

//   error: relation "user" does not exist (SQLSTATE 42P01)
//     --> migrations/5b1d_add.sql:12:13
//      |
//   12 | ALTER TABLE user ADD COLUMN ...
//      |             ^
//   detail: ...
//   while applying revision 5b1d
//   state: ...
//   what to do: ...
std::string error_text(const Error& error, const Painter& paint);

// {"error": {...}}
std::string error_json(const Error& error);

// Any other exception, as an Error of ExitCode::internal_error.
Error unexpected(const std::exception& exception);

}  // namespace limbeck
