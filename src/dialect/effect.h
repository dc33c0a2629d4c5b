// What a statement does to what is there: the tables that it locks, what the server does under the
// locks, and each single thing that it changes.
//
// It says what is known without running the statement. It judges nothing: src/lint does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/object_id.h"
#include "schema/schema.h"
#include "sql/statement.h"

namespace limbeck {

class Connection;

// PostgreSQL's table locks, from the weakest to the strongest.
enum class LockLevel : std::uint8_t {
  none,
  access_share,
  row_share,
  row_exclusive,
  share_update_exclusive,
  share,
  share_row_exclusive,
  exclusive,
  access_exclusive,
};

// "ACCESS EXCLUSIVE"
std::string_view to_string(LockLevel lock);
// What others wait for meanwhile: "reads and writes", "writes"; empty: nothing of an application.
std::string_view blocked_by(LockLevel lock);

// What the server does with a table under the lock.
struct TableImpact {
  LockLevel lock = LockLevel::none;
  bool scan = false;              // reads every row: "verifying"
  bool foreign_key_scan = false;  // looks every row of a foreign key up
  bool index_build = false;
  bool rewrite = false;  // the table and all its indexes

  bool operator==(const TableImpact&) const = default;
  bool is_long() const { return scan || foreign_key_scan || index_build || rewrite; }
  void add(const TableImpact& other);
};

using Impacts = std::map<RelationName, TableImpact>;

enum class EffectKind : std::uint8_t {
  create_table,
  drop_table,
  truncate,
  rename,  // of a table, column, schema; see `object`
  create_index,
  drop_index,
  reindex,
  add_column,
  drop_column,
  alter_type,
  set_not_null,
  drop_not_null,
  change_default,
  add_check,
  add_foreign_key,
  add_key,  // unique, primary key, exclusion: see traits
  drop_constraint,
  validate_constraint,
  create_partition,
  attach_partition,
  detach_partition,
  rewrite_table,  // CLUSTER, VACUUM FULL, SET LOGGED, SET ACCESS METHOD
  refresh_view,
  replace_view,
  alter_domain,
  create_enum,
  add_enum_value,
  use_enum_value,  // `name`: the label; empty: all of them. Said once a label was added
  rename_enum_value,
  insert_rows,
  update_rows,
  delete_rows,
  lock_table,
  drop_object,  // a schema, a type, a sequence, a function: see `object`
  alter_extension,
  privilege,
  timeout,          // SET lock_timeout, SET statement_timeout: `name` and `detail`
  role,             // SET ROLE, RESET ROLE, SET SESSION AUTHORIZATION
  code,             // DO, CALL, a SELECT of functions: what it does is known when it runs
  misspelt_string,  // SQLite: "name" that is no column and becomes a text
  other,            // a lock and nothing more: CREATE TRIGGER, OWNER TO, COMMENT
};

enum class Trait : std::uint8_t {
  if_exists,  // or IF NOT EXISTS
  concurrently,
  unnamed,
  not_valid,
  using_index,
  cascade,
  unique,
  primary_key,
  exclusion,
  has_where,
  not_null,
  has_default,
  volatile_default,
  unknown_default,  // whether it is volatile is not known
  serial,
  identity,
  stored,      // GENERATED ALWAYS AS (...) STORED
  references,  // a foreign key, written with the column or the table
  has_check,
  constrained_domain,
  proven,        // by a check: nothing has to be read
  ordered,       // an enum's value with BEFORE or AFTER
  as_query,      // rows come from a query
  on_partition,  // the table is a partition
  on_partitioned,
  default_partition,
  has_default_partition,
  missing,         // the table is not known
  referenced,      // other tables have foreign keys to it
  dangling,        // they have, and nothing looks after them meanwhile
  holds_enum,      // the value would have to be committed first
  whole_database,  // no table is named
  temporary,
  fails_on_rows,  // wherever the table has a row
  time_zone,      // depends on the session's TimeZone
  copied,         // its rows are in another table, too
  loses_values,   // what the new type cannot hold goes without an error
  assumed,        // no statement has made it: what is said of it is from the text alone
};

class Traits {
 public:
  Traits() = default;
  Traits(std::initializer_list<Trait> all) {
    for (const Trait each : all) add(each);
  }
  void add(Trait trait) { bits_ |= bit(trait); }
  void remove(Trait trait) { bits_ &= ~bit(trait); }
  bool has(Trait trait) const { return (bits_ & bit(trait)) != 0; }
  bool operator==(const Traits&) const = default;

 private:
  static std::uint64_t bit(Trait trait) { return std::uint64_t{1} << static_cast<unsigned>(trait); }
  std::uint64_t bits_ = 0;
};

struct Effect {
  EffectKind kind = EffectKind::other;
  RelationName table = {};
  std::string object = {};  // what it is, for `other`, `rename`, `drop_object`: "trigger"
  std::string name = {};    // of the column, constraint, index, label
  std::string detail = {};  // a type, an expression, a setting's value
  std::string before = {};  // the type that was, the label that was
  TableImpact impact = {};  // on the table
  std::vector<RelationName> also = {};      // other tables that it locks
  std::vector<std::string> columns = {};    // of a key, an index, a foreign key
  std::vector<std::string> rebuilt = {};    // indexes that are built again
  std::vector<std::string> rechecked = {};  // constraints that are checked again
  // Of a check: of each of these lists, one column at least is not NULL in a row that it accepts.
  std::vector<std::vector<std::string>> given = {};
  Traits traits = {};
  std::size_t offset = 0;  // in the statement, in bytes

  bool has(Trait trait) const { return traits.has(trait); }
};

struct StatementEffects {
  std::vector<Effect> effects = {};
  Impacts impacts = {};  // on every table that was there before
};

// What the database is told or known to be, beside its schema.
struct EffectSettings {
  std::string time_zone = {};  // of the session; empty: not known
  int version = 150000;        // as the server counts: 150004
  // What no statement has made was there before the first one, and holds rows.
  bool assumes = false;
};

// Follows statements one after the other on a schema without touching any database of a user's.
class EffectReader {
 public:
  EffectReader() = default;
  EffectReader(const EffectReader&) = delete;
  EffectReader& operator=(const EffectReader&) = delete;
  virtual ~EffectReader() = default;

  // Of the next statement, before apply(). A text that cannot be read has none.
  virtual StatementEffects effects(const sql::Statement& statement) = 0;
  // Throws Error when the statement would fail on what is there. What is assumed fails nothing.
  virtual void apply(const sql::Statement& statement) = 0;
  virtual void reset_session() = 0;
  // What the statements so far have done is committed.
  virtual void end_transaction() {}
  // As it stands before the next statement; null where it is kept in a database in memory.
  virtual const Schema* schema() const { return nullptr; }
  // "table orders", "type mood": what was assumed since it was asked last.
  virtual std::vector<std::string> take_assumed() = 0;
  // Of a table as it stands before the next statement; none when it is not there.
  virtual std::vector<std::string> columns(const RelationName& table) = 0;
  // The table as it stands before the next statement, its columns, constraints and indexes; the
  // index, where the name is one's. Of a partition, only itself; nothing of a temporary table.
  virtual std::vector<Object> named_in(const RelationName& name) = 0;
};

// Whether the reader of the dialect knows the grammar of the statement: of a newer server's, it
// says nothing of what the statement does.
bool can_be_read(std::string_view dialect, const sql::Statement& statement);

// Of a dialect by its name, beginning with a new database. Throws Error (ExitCode::usage) for a
// dialect without one.
std::unique_ptr<EffectReader> make_effect_reader(std::string_view dialect,
                                                 const EffectSettings& settings);
// The same, beginning with what a database holds. Only reads; no transaction may be open.
std::unique_ptr<EffectReader> make_effect_reader(std::string_view dialect,
                                                 const EffectSettings& settings, Connection& live);
// The same with no more than the one statement may be about; a transaction may be open.
std::unique_ptr<EffectReader> make_effect_reader(std::string_view dialect,
                                                 const EffectSettings& settings, Connection& live,
                                                 const sql::Statement& statement);

}  // namespace limbeck
