// The errors of rows, told in the program's words: which table, column, struct and member.
#pragma once

#include <string_view>

#include "limbeck/rows.h"

namespace limbeck::detail {

// A value of the row does not fit into the struct, or the other way round.
void tell_reading(Error& error, const RowMapping& mapping, std::size_t column);
void tell_writing(Error& error, const RowMapping& mapping, std::size_t column);

// What the database said about a statement; doing: "inserting into". A table or a column that the
// database does not have is named.
void tell_statement(DatabaseError& error, const RowMapping& mapping, std::string_view doing);

}  // namespace limbeck::detail
