// What a program made of C++ models prints: which tables its sets declare, and where, and their SQL
// for each database. docs/models.md describes the JSON.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/declared.h"

namespace limbeck {

struct ModelTable {
  std::string set = {};
  std::string schema = {};
  std::string name = {};
  std::string struct_name = {};
  std::string file = {};
  int line = 0;
};

// Made by one statement and needed by several tables, perhaps of several sets: a type, a schema.
struct ModelShared {
  std::string set = {};  // that needs it first
  std::string name = {};
  std::string sql = {};
};

struct ModelSql {
  std::string error = {};  // why the declaration cannot be one of this database; empty: it can
  std::vector<ModelShared> shared = {};
  std::string sql = {};  // what belongs to one table, and all else
};

struct ModelsDocument {
  std::string program = {};  // for places
  std::vector<ModelTable> tables = {};
  std::map<std::string, ModelSql> sql = {};  // by the dialect's name
};

std::string to_json(const ModelsDocument& models);
// Nothing for JSON of another kind. Throws Error (ExitCode::invalid_project) for a document of a
// later version or with a fault.
std::optional<ModelsDocument> read_models(std::string_view json, const std::string& program);

// The SQL of all of them together. Throws Error (ExitCode::invalid_project) for a table or a type
// that two sets declare, naming both and where they do it; and for what the database cannot have.
std::vector<SqlText> models_sql(std::span<const ModelsDocument> models, const std::string& dialect);

}  // namespace limbeck
