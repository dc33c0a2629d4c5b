// The error of a file that says wrongly how an Alembic project is built.
#pragma once

#include <string>

#include "limbeck/error.h"

namespace limbeck::alembic {

[[noreturn]] inline void fail_project(std::string message, const Place& place,
                                      std::string hint = {}) {
  throw Error({.code = ExitCode::invalid_project,
               .message = std::move(message),
               .place = place,
               .hint = std::move(hint)});
}

}  // namespace limbeck::alembic
