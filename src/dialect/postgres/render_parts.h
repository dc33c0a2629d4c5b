// Pieces that the statements of several kinds of objects have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/postgres/script.h"
#include "schema/object.h"

namespace limbeck::postgres {

// "name integer DEFAULT 1 NOT NULL"; `default_expression` may be empty.
std::string column_sql(const Object& column, const std::string& default_expression);
// What neither CREATE TABLE nor ADD COLUMN can say: storage, statistics, options.
void set_column_details(Script& script, const Object& column);
// "ALTER TABLE public.users ALTER COLUMN email", with ONLY where the table has children.
std::string alter_column_sql(const Script& script, const ObjectId& column);
// "ALTER TABLE public.users", with ONLY where the table has children.
std::string alter_table_only_sql(const Script& script, const ObjectId& part);
// Whether the parent table's statements make and change the part too.
bool comes_with_parent(const Object& part);

// "CONSTRAINT c CHECK (a > 0)", without NOT VALID.
std::string constraint_sql(const Object& constraint);

// What differs from the options that a new sequence of the type has: "START WITH 5", ...
std::vector<std::string> sequence_options(const SequenceOptions& options);
// What brings a sequence from one state to another.
std::vector<std::string> sequence_changes(const SequenceOptions& from, const SequenceOptions& to);
// The name that the server gives to the sequence of a column; empty when it would be cut.
std::string sequence_name_of(const ObjectId& column);
// Whether no value is within the limits of both, so that the sequence has to start again.
bool apart(const SequenceOptions& from, const SequenceOptions& to);
// A sequence that stands outside the new limits is set to the nearest value within.
void move_into_limits(Script& script, const RelationName& sequence, const SequenceOptions& from,
                      const SequenceOptions& to);

// How values of one type become another's in ALTER COLUMN ... TYPE: empty where the server knows
// by itself, else the expression that USING takes.
std::string conversion(const std::string& column, const std::string& from, const std::string& to);
// Whether the server converts by itself what was written for the old type: defaults, indexes,
// comparisons.
bool similar_types(const std::string& from, const std::string& to);

// Makes an index what the table says that it is: the one for replication, for CLUSTER.
void give_index_roles(Script& script, const Object& table_object, const Table& table,
                      const std::string& index);

}  // namespace limbeck::postgres
