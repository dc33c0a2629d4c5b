#include "dialect/postgres/introspection.h"

#include <array>

#include "dialect/postgres/catalog_reader.h"

namespace limbeck::postgres {
namespace {

// Holds the snapshot; what was set for it ends with it.
class ReadTransaction {
 public:
  explicit ReadTransaction(Connection& connection) : connection_(connection) {
    connection_.begin();
    try {
      connection_.run(settings, Wrap::open_transaction);
    } catch (...) {
      connection_.rollback();
      throw;
    }
  }
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction() { connection_.rollback(); }

 private:
  // Everything that the server's own way of writing expressions down depends on.
  static inline const std::array<Command, 11> settings{{
      {.sql = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"},
      // With an empty one, a temporary table that is called as a catalog would be found first.
      {.sql = "SET LOCAL search_path = pg_catalog, pg_temp"},
      {.sql = "SET LOCAL quote_all_identifiers = off"},
      {.sql = "SET LOCAL datestyle = 'ISO, MDY'"},
      {.sql = "SET LOCAL intervalstyle = postgres"},
      {.sql = "SET LOCAL timezone = 'UTC'"},
      {.sql = "SET LOCAL extra_float_digits = 1"},
      {.sql = "SET LOCAL bytea_output = hex"},
      {.sql = "SET LOCAL lc_monetary = 'C'"},
      {.sql = "SET LOCAL xmlbinary = base64"},
      // Compiling a query costs more than any of these gains by it.
      {.sql = "SET LOCAL jit = off"},
  }};

  Connection& connection_;
};

// Names first: what comes later finds tables, columns and types by them.
constexpr std::array topics{
    read_namespaces,      read_extensions,
    read_relations,       read_columns,
    read_defaults,        read_sequences,
    read_types,           read_constraints,
    read_indexes,         read_constraint_parents,
    read_view_queries,    read_routines,
    read_aggregates,      read_triggers,
    read_rules,           read_policies,
    read_statistics,      read_event_triggers,
    read_foreign_servers, read_publications,
    read_subscriptions,   read_opaque_objects,
    read_text_search,     read_default_privileges,
    read_comments,        read_owners,
    read_privileges,      read_unmodelled,
    read_dependencies,
};

}  // namespace

Schema introspect(Connection& connection, const IntrospectionOptions& options) {
  const ReadTransaction transaction(connection);
  CatalogReader reader(connection, options);
  for (const auto read : topics) read(reader);
  return std::move(reader).finish();
}

}  // namespace limbeck::postgres
