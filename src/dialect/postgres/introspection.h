// Reads the catalog of a PostgreSQL database as a Schema.
//
// One consistent snapshot, a fixed number of queries for the whole database, whatever it holds. It
// never writes, and never asks for one object.
#pragma once

#include "dialect/connection.h"
#include "dialect/schema_dialect.h"
#include "schema/schema.h"

namespace limbeck::postgres {

// Throws DatabaseError. No transaction may be open. PostgreSQL 12 and later.
Schema introspect(Connection& connection, const IntrospectionOptions& options);

class CatalogReader;

// ---- its topics, one in each file introspection_*.cpp, in the order in which they are read ----
void read_namespaces(CatalogReader& reader);
void read_extensions(CatalogReader& reader);
void read_relations(CatalogReader& reader);  // tables, views, composite types
void read_columns(CatalogReader& reader);
void read_defaults(CatalogReader& reader);
void read_sequences(CatalogReader& reader);
void read_types(CatalogReader& reader);  // enums, domains, ranges, collations
void read_constraints(CatalogReader& reader);
void read_indexes(CatalogReader& reader);
void read_constraint_parents(CatalogReader& reader);
void read_view_queries(CatalogReader& reader);
void read_routines(CatalogReader& reader);
void read_aggregates(CatalogReader& reader);
void read_triggers(CatalogReader& reader);
void read_rules(CatalogReader& reader);
void read_policies(CatalogReader& reader);
void read_statistics(CatalogReader& reader);
void read_event_triggers(CatalogReader& reader);
void read_foreign_servers(CatalogReader& reader);
void read_publications(CatalogReader& reader);
void read_subscriptions(CatalogReader& reader);
void read_opaque_objects(CatalogReader& reader);
void read_text_search(CatalogReader& reader);
void read_default_privileges(CatalogReader& reader);
void read_comments(CatalogReader& reader);
void read_owners(CatalogReader& reader);
void read_privileges(CatalogReader& reader);
void read_unmodelled(CatalogReader& reader);
void read_dependencies(CatalogReader& reader);

}  // namespace limbeck::postgres
