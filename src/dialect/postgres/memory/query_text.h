// The query of a view as the server writes it back: the plain ones, that select from tables and
// joins of them.
//
// What it does not understand has no text; it never guesses.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "dialect/postgres/memory/catalog.h"
#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

struct QueryText {
  std::string text = {};
  std::set<ObjectId> uses = {};
};

// names: what the view calls its columns, as far as it says so.
std::optional<QueryText> server_text(Catalog& catalog, const Node* query, Nodes names);

}  // namespace limbeck::postgres::memory
