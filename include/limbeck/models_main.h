// A program out of declared tables, which the command line can ask for their schema:
//
//   #include "limbeck/models_main.h"
//   #include "user.h"
//
//   int main(int argc, char** argv) {
//     return limbeck::models_main(argc, argv, limbeck::metadata<Team, User>("app"));
//   }
//
// and in limbeck.toml: models = ["cmd:./build/app-models"]
#pragma once

#include <span>

#include "limbeck/model.h"

namespace limbeck {

// Without an argument it prints the JSON that the command line reads, with --sql DIALECT the SQL
// for people. Returns the program's exit code (limbeck/exit_code.h); errors go to standard error.
int models_main(int argc, const char* const* argv, std::span<const Metadata> sets);

template <class... Sets>
int models_main(int argc, const char* const* argv, const Metadata& first, const Sets&... others) {
  const Metadata sets[] = {first, others...};
  return models_main(argc, argv, std::span<const Metadata>(sets));
}

}  // namespace limbeck
