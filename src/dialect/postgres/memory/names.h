// Names in text as the server writes them: quoted only where they have to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect/postgres/memory/catalog.h"
#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

// As quote_ident() writes it: users, "User", "select".
std::string identifier(const std::string& name);
// As quote_literal() writes it.
std::string literal(std::string_view text);
// public.users
std::string qualified(const std::string& schema, const std::string& name);
std::string qualified(const ObjectId& id);

Name name_of(const PgQuery__RangeVar& relation);
// a, a.b or database.a.b
Name name_of(Nodes names);
Name name_of(const Node* list);

// The roles of GRANT and POLICY: "PUBLIC", "CURRENT_USER", a name.
std::string role_of(const PgQuery__RoleSpec& role);

// ---- the names that the server gives to what has none ----

// name1_name2_label, cut to 63 bytes as the server does: the longer one loses first.
std::string object_name(std::string name1, std::string name2, std::string_view label);
// The first of them, numbered from 1, that no relation of the schema has.
std::string free_relation_name(const Catalog& catalog, const std::string& schema,
                               const std::string& name1, const std::string& name2,
                               const std::string& label);
// The same for a constraint: no constraint of the schema's tables may have it.
std::string free_constraint_name(const Catalog& catalog, const std::string& schema,
                                 const std::string& name1, const std::string& name2,
                                 const std::string& label);
// "a_b_c": the columns of a constraint or index in its name.
std::string joined_columns(const std::vector<std::string>& columns);

}  // namespace limbeck::postgres::memory
