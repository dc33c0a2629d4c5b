// Functions, procedures and aggregates.
//
// A routine's body is never looked into: what it calls is known only as far as the database keeps
// it.
#pragma once

#include <string>
#include <vector>

#include "schema/field.h"

namespace limbeck {

struct Argument {
  std::string mode = "IN";
  std::string name = {};
  std::string type = {};
  std::string default_expression = {};

  bool operator==(const Argument&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("mode", &Argument::mode), field("name", &Argument::name),
                      field("type", &Argument::type),
                      field("default", &Argument::default_expression));
  }
};

struct Routine {
  bool procedure = false;
  bool window = false;
  std::vector<Argument> arguments = {};
  std::string result = {};  // "SETOF integer"; empty for a procedure
  std::string language = {};
  std::string definition = {};  // CREATE OR REPLACE FUNCTION ..., complete

  bool operator==(const Routine&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("procedure", &Routine::procedure), field("window", &Routine::window),
                      field("arguments", &Routine::arguments), field("result", &Routine::result),
                      field("language", &Routine::language),
                      field("definition", &Routine::definition));
  }
};

struct Aggregate {
  std::string arguments = {};  // as CREATE AGGREGATE writes them, with ORDER BY and names
  std::string result = {};
  std::string definition = {};  // CREATE OR REPLACE AGGREGATE ..., complete

  bool operator==(const Aggregate&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("arguments", &Aggregate::arguments),
                      field("result", &Aggregate::result),
                      field("definition", &Aggregate::definition));
  }
};

}  // namespace limbeck
