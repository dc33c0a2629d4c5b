// Pieces of generated SQL: names, texts and lists, quoted only where PostgreSQL needs it, because
// people read what is generated.
//
// It knows nothing of objects (object_name.h does).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/object_id.h"
#include "schema/table.h"

namespace limbeck::postgres {

std::string name_sql(const std::string& name);
// schema.name, or the name alone when the schema is empty.
std::string qualified_sql(const std::string& schema, const std::string& name);
std::string qualified_sql(const RelationName& relation);
// "PUBLIC" is everyone, "" the role that runs the statement.
std::string role_sql(const std::string& role);
std::string literal_sql(std::string_view text);

std::string joined(const std::vector<std::string>& items, std::string_view separator = ", ");
// a, b
std::string names_sql(const std::vector<std::string>& names);

// fillfactor=70, toast.autovacuum_enabled=false
std::string parameters_sql(const std::vector<Option>& options);
// host 'h', port '5432'
std::string foreign_options_sql(const std::vector<Option>& options);
// ADD host 'h', SET port '1', DROP dbname
std::string foreign_options_change_sql(const std::vector<Option>& from,
                                       const std::vector<Option>& to);

// The actions that bring the storage parameters from one state to another: "RESET (a)", "SET
// (b=1)".
std::vector<std::string> parameter_actions(const std::vector<Option>& from,
                                           const std::vector<Option>& to);

}  // namespace limbeck::postgres
