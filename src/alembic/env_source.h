// Where a value of env.py comes from. Internal to src/alembic.
#pragma once

#include <string>
#include <vector>

#include "alembic/env_text.h"

namespace limbeck::alembic {

struct ValueSource {
  bool is_configured = false;  // the configuration is asked for a url on the way
  bool is_elsewhere = false;   // the application is asked, or the program that calls Alembic
  std::vector<std::string> variables = {};  // of the environment, that are asked by their names
  std::vector<const PythonToken*> engines = {};  // create_engine and the like, on the way
};

// Follows the names in an expression that stands in a function, as far as env.py itself goes.
ValueSource trace_value(const EnvText& text, PythonTokens expression, std::size_t function);

// create_engine, async_engine_from_config, ...
bool makes_engine(std::string_view name);

// get_main_option, get_section, ...
bool asks_configuration(const PythonToken& token);

}  // namespace limbeck::alembic
