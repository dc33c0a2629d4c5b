// Gives an object another id, and its new name to everything that speaks of it.
#pragma once

#include "dialect/postgres/memory/catalog.h"

namespace limbeck::postgres::memory {

// With its parts when it is a table, view or domain: their ids hold its name. Texts of what depends
// on it follow where the name stands for itself; an author's query that only the server can write
// down is in doubt anyway.
void rename_object(Catalog& catalog, const ObjectId& from, const ObjectId& to);

// The text with each identifier `from`, as the server quotes it, replaced by `to`. Both may have a
// schema: public.users.
std::string with_renamed(const std::string& text, const std::string& from, const std::string& to);

}  // namespace limbeck::postgres::memory
