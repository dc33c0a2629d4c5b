// Names of database objects, kept apart from text so that none reaches SQL unquoted.
//
// It never decides how a name is quoted: Dialect::quote does, the only place that turns a name into
// SQL.
#pragma once

#include <string>

namespace limbeck {

struct Identifier {
  std::string name;

  auto operator<=>(const Identifier&) const = default;
};

struct QualifiedName {
  Identifier schema;  // empty: the database's default place
  Identifier object;

  auto operator<=>(const QualifiedName&) const = default;
};

}  // namespace limbeck
