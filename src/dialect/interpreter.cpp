#include "dialect/interpreter.h"

#include "dialect/postgres/memory/interpret.h"

namespace limbeck {

bool has_interpreter(std::string_view dialect) {
  return dialect == "postgresql";
}

std::unique_ptr<Interpreter> make_interpreter(std::string_view dialect) {
  return make_interpreter(dialect, postgres::new_database());
}

std::unique_ptr<Interpreter> make_interpreter(std::string_view dialect, Interpreted from) {
  if (!has_interpreter(dialect)) return nullptr;
  return postgres::make_interpreter(std::move(from));
}

}  // namespace limbeck
