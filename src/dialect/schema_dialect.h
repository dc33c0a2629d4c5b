// What a dialect knows about schemas: reading one from a catalog, and turning operations into SQL.
//
// Apart from Dialect, which running revisions needs. It never orders operations (diff/ does) and
// never keeps state.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "dialect/connection.h"
#include "operation/operation.h"
#include "operation/table_changes.h"
#include "schema/schema.h"

namespace limbeck {

// What to leave out, or to read in addition, when a catalog is read.
struct IntrospectionOptions {
  std::vector<std::string> schemas = {};  // only these; empty: all but the database's own
  bool owners = false;                    // else every Object::owner is ""
  bool privileges = false;                // else every Object::privileges is nothing
  // Tables that belong to Limbeck or Alembic: the version table and the journal.
  std::vector<RelationName> without = {};
};

struct SqlStatement {
  std::string sql = {};  // without a final semicolon
  // What follows can use it only when it is committed: a new value of an enum.
  bool commit_after = false;
  bool outside_transaction = false;  // no transaction can hold it: CREATE INDEX CONCURRENTLY
};

// What stands around the statements of a whole plan.
struct PlanFrame {
  std::vector<SqlStatement> before = {};  // settings of the session; outside of any transaction
  std::vector<SqlStatement> after = {};   // the last ones of the plan's last transaction
  bool one_transaction = false;           // all between `before` and its end holds or nothing does
};

// How an object becomes another of the same id.
enum class Change {
  in_place,      // Alter
  replace,       // Drop and Create
  replace_type,  // ReplaceTypes, when columns use it; else Drop and Create
};

class SchemaDialect {
 public:
  virtual ~SchemaDialect() = default;

  // Everything that the user made, read in one consistent snapshot with a small fixed number of
  // queries. Throws DatabaseError; what may not be read is named in Schema::unmodelled.
  virtual Schema introspect(Connection& connection, const IntrospectionOptions& options) const = 0;

  // What every new database holds, with owners and privileges.
  virtual Schema new_database() const { return {}; }

  // Called only when from != to.
  virtual Change change(const Object& from, const Object& to) const = 0;
  // Whether something that depends on an altered object, and does not differ itself, must be
  // dropped before the change and made again after it: a view on a column whose type changes.
  virtual bool must_rebuild(const Object& dependent, const Alter& change) const = 0;
  // Whether there is a statement that gives an object of this kind another name.
  virtual bool can_rename(Kind kind) const = 0;
  // The names that the object takes from others, as opaque keys: a table, a view and an index of
  // one schema cannot have the same name.
  virtual std::vector<std::string> occupied_names(const Object& object) const = 0;
  // Whether the operation evaluates expressions that users wrote (a CHECK over rows, a view that is
  // filled), whose hidden calls must find everything already in place.
  virtual bool evaluates(const Operation& operation) const = 0;

  // Whether two quoted names that differ in letter case are two names.
  virtual bool case_sensitive_names() const { return true; }

  // Whether constraints can be added to a table that is there, and dropped from it. Where not, a
  // table is made with all of them at once, and built anew when they change.
  virtual bool alters_constraints() const { return true; }
  // Whether a table and its parts become others only by building the table anew. Called only
  // where constraints cannot be altered, and when something differs; change holds the table and its
  // parts, indexes and triggers of both sides.
  virtual bool needs_rebuild(const RebuildTable& /*change*/) const { return false; }

  // What has to stand around the statements of a plan: the settings under which a table can be
  // built anew, and the checks that nothing was broken by it.
  virtual PlanFrame frame(const std::vector<Operation>& /*operations*/, const Schema& /*from*/,
                          const Schema& /*to*/) const {
    return {};
  }

  // The statements that make changes of one table which its ALTER TABLE cannot make, but for the
  // renames and the indexes among them. Only where constraints cannot be altered. Throws Error
  // (ExitCode::invalid_project) for what the table does not have.
  virtual std::vector<SqlStatement> change_table(const Schema& now,
                                                 const TableChanges& changes) const;

  // The statements of one operation, in order. from and to: the whole schemas, where an operation
  // needs to know its surroundings.
  virtual std::vector<SqlStatement> render(const Operation& operation, const Schema& from,
                                           const Schema& to) const = 0;
};

// The one for a dialect's name: "postgresql", "sqlite". Throws Error (ExitCode::usage) for another.
const SchemaDialect& schema_dialect_named(std::string_view name);

}  // namespace limbeck
