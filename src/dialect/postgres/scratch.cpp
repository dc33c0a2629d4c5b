#include "dialect/postgres/scratch.h"

#include <array>
#include <fmt/format.h>

#include "base/random_id.h"
#include "dialect/postgres/connection.h"
#include "dialect/postgres/database_options.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/private_cluster.h"
#include "dialect/postgres/scratch_use.h"
#include "dialect/postgres/statistics.h"

namespace limbeck::postgres {
namespace {

constexpr std::string_view name_prefix = "limbeck_scratch_";
constexpr std::size_t name_digits = 16;
constexpr std::string_view mark = "Limbeck's scratch database, made at ";

const std::string& session_settings() {
  static const std::string settings =
      "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; SET check_function_bodies = off; SET "
      "synchronous_commit = off; SET client_min_messages = error; SET standard_conforming_strings "
      "= on; SET statement_timeout = 0; SET lock_timeout = 0; SET "
      "idle_in_transaction_session_timeout = 0; SET row_security = on; SET "
      "default_transaction_read_only = off";
  return settings;
}

ConnectOptions administrator(const ConnectOptions& options) {
  ConnectOptions result = options;
  result.read_only = false;
  result.notice = nullptr;
  // Ctrl-C ends the work in the scratch database; what removes it is not to be cancelled.
  result.interrupt = nullptr;
  return result;
}

ConnectOptions reader(const ConnectOptions& options) {
  ConnectOptions result = options;
  result.read_only = true;
  return result;
}

// Databases that runs left behind which were killed: ours by name and by mark, and older than an
// hour. One that is still in use stays.
void remove_leftovers(Connection& connection) {
  const ResultSet found = connection.query(
      {.sql =
           "SELECT d.datname FROM pg_catalog.pg_database d JOIN pg_catalog.pg_shdescription s ON "
           "s.objoid OPERATOR(pg_catalog.=) d.oid AND s.classoid OPERATOR(pg_catalog.=) "
           "'pg_catalog.pg_database'::pg_catalog.regclass WHERE d.datname OPERATOR(pg_catalog.~) "
           "$1::pg_catalog.text AND s.description OPERATOR(pg_catalog.~) $2::pg_catalog.text AND "
           "pg_catalog.substr(s.description, $3::integer)::pg_catalog.timestamptz "
           "OPERATOR(pg_catalog.<) (pg_catalog.now() OPERATOR(pg_catalog.-) interval '1 hour') AND "
           "NOT EXISTS (SELECT FROM pg_catalog.pg_stat_get_activity(NULL) a WHERE a.datid "
           "OPERATOR(pg_catalog.=) d.oid)",
       .parameters = {fmt::format("^{}[0-9a-f]{{{}}}$", name_prefix, name_digits),
                      fmt::format("^{}[0-9-]{{10}}T[0-9:]{{8}}Z$", mark),
                      std::to_string(mark.size() + 1)}});
  for (const Row& row : found.rows) {
    try {
      connection.run_alone("DROP DATABASE IF EXISTS " + quoted_name(text_of(row.at(0))));
    } catch (const ConnectionLost&) {
      throw;
    } catch (const DatabaseError&) {
      continue;  // another one has come into it, or has dropped it
    }
  }
}

class DatabaseScratch final : public Scratch {
 public:
  DatabaseScratch(const DatabaseUrl& url, const ConnectOptions& options, bool owns_server)
      : owns_server_(owns_server), administration_(url, administrator(options)) {
    name_ = std::string(name_prefix) + random_hex(name_digits);
    const std::string database = database_options(administration_);
    administration_.run_alone(fmt::format("CREATE DATABASE {} {}", quoted_name(name_), database));
    try {
      if (!owns_server) {
        label();
        remove_leftovers(administration_);
      }
      ConnectOptions inside = options;
      inside.read_only = false;
      inside.database = name_;
      connection_ = std::make_unique<PostgresConnection>(url, inside);
      connection_->run_alone(session_settings());
    } catch (...) {
      drop();
      throw;
    }
  }

  ~DatabaseScratch() override { drop(); }

  Connection& connection() override { return *connection_; }
  bool owns_server() const override { return owns_server_; }

 private:
  void label() {
    const ResultSet now = administration_.query(
        {.sql = "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', "
                "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"});
    administration_.run_alone(
        fmt::format("COMMENT ON DATABASE {} IS {}", quoted_name(name_),
                    quoted_text(std::string(mark) + text_of(now.rows.at(0).at(0)))));
  }

  void drop() noexcept {
    try {
      drop_subscriptions();
      connection_.reset();
      if (owns_server_) return;  // it goes with its server
      administration_.run_alone(fmt::format("DROP DATABASE {} WITH (FORCE)", quoted_name(name_)));
    } catch (...) {
      return;  // the server is gone; a later run removes what is left
    }
  }

  // A subscription, even one without a connection, keeps its database from being dropped.
  void drop_subscriptions() {
    if (!connection_ || !connection_->usable()) return;
    connection_->rollback();
    const ResultSet found = connection_->query(
        {.sql = "SELECT s.subname FROM pg_catalog.pg_subscription s JOIN pg_catalog.pg_database d "
                "ON d.oid OPERATOR(pg_catalog.=) s.subdbid WHERE d.datname "
                "OPERATOR(pg_catalog.=) pg_catalog.current_database()"});
    for (const Row& row : found.rows) {
      const std::string name = quoted_name(text_of(row.at(0)));
      connection_->run_alone(fmt::format("ALTER SUBSCRIPTION {} DISABLE", name));
      connection_->run_alone(fmt::format("ALTER SUBSCRIPTION {} SET (slot_name = NONE)", name));
      connection_->run_alone(fmt::format("DROP SUBSCRIPTION {}", name));
    }
  }

  bool owns_server_;
  PostgresConnection administration_;
  std::string name_;
  std::unique_ptr<PostgresConnection> connection_;
};

class ClusterScratch final : public Scratch {
 public:
  ClusterScratch(const std::string& major, const ConnectOptions& options)
      : cluster_(major, options.interrupt), database_(cluster_.url(), options, true) {}

  Connection& connection() override { return database_.connection(); }
  bool owns_server() const override { return true; }

 private:
  PrivateCluster cluster_;
  DatabaseScratch database_;
};

constexpr std::array<std::string_view, 14> missing_states{
    "42P01",  // undefined table
    "42703",  // undefined column
    "42704",  // undefined object
    "42883",  // undefined function
    "3F000",  // invalid schema name
    "42P02",  // undefined parameter
    "42830",  // no unique constraint for a foreign key to refer to
    "42809",  // wrong object type: a function that is to be replaced by the table's
    "42P10",  // invalid column reference
    "42P17",  // invalid object definition: a partition bound without its key
    "55000",  // not in the state that is needed: an extension's schema
    "0A000",  // an extension that needs another one
    "42501",  // a privilege that a later GRANT gives
    "55P04",  // a new value of an enum before its commit
};

class PostgresScratchDialect final : public ScratchDialect {
 public:
  std::unique_ptr<Scratch> create(const std::optional<DatabaseUrl>& server,
                                  const ConnectOptions& options) const override {
    if (!server) return create_apart(server, options);
    std::string refusal;
    try {
      return std::make_unique<DatabaseScratch>(*server, options, false);
    } catch (const Interrupted&) {
      throw;
    } catch (const DatabaseError& error) {
      // No right to create databases; a standby, or a server that is read-only.
      if (error.failure().sqlstate != "42501" && error.failure().sqlstate != "25006") throw;
      refusal = error.failure().message;
    } catch (const Error& error) {
      if (error.report().message.find("standby") == std::string::npos) throw;
      refusal = error.report().message;
    }
    try {
      return create_apart(server, options);
    } catch (Error& error) {
      error.report().detail =
          fmt::format("on the server no scratch database can be made: {}{}{}", refusal,
                      error.report().detail.empty() ? "" : "\n", error.report().detail);
      throw;
    }
  }

  std::unique_ptr<Scratch> create_apart(const std::optional<DatabaseUrl>& server,
                                        const ConnectOptions& options) const override {
    std::string major;
    if (server) {
      const std::string version = PostgresConnection(*server, reader(options)).server_version();
      major = version.substr(version.find(' ') + 1);
      major = major.substr(0, major.find('.'));
    }
    return std::make_unique<ClusterScratch>(major, options);
  }

  std::string identity(const std::optional<DatabaseUrl>& server,
                       const ConnectOptions& options) const override {
    if (!server) return PrivateCluster::identity();
    PostgresConnection connection(*server, reader(options));
    return connection.server_version() + " " + database_options(connection);
  }

  ScratchUse use_of(const sql::Statement& statement, bool owns_server) const override {
    return postgres::use_of(statement, owns_server);
  }

  void run_together(Connection& connection,
                    std::span<const sql::Statement* const> statements) const override {
    std::size_t size = 0;
    for (const sql::Statement* statement : statements) size += statement->text.size() + 3;
    std::string script;
    script.reserve(size);
    // A line end, as a statement may end with a comment.
    for (const sql::Statement* statement : statements) script += statement->text + "\n;\n";
    connection.run_alone(script);
  }

  void reset_session(Connection& connection) const override {
    connection.run_alone(session_settings());
  }

  std::vector<DrawnColumn> drawn_columns(Connection& connection) const override {
    const ResultSet found = connection.query(
        {.sql =
             "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text, "
             "a.attname::pg_catalog.text, s.seqincrement, pg_catalog.format('%I.%I', m.nspname, "
             "q.relname) FROM (SELECT refobjid AS relation, refobjsubid AS number, objid AS "
             "sequence FROM pg_catalog.pg_depend WHERE classid OPERATOR(pg_catalog.=) "
             "1259::pg_catalog.oid AND refclassid OPERATOR(pg_catalog.=) 1259::pg_catalog.oid "
             "AND deptype OPERATOR(pg_catalog.=) 'i' AND refobjsubid OPERATOR(pg_catalog.>) 0 "
             "UNION SELECT f.adrelid, f.adnum, p.refobjid FROM pg_catalog.pg_attrdef f JOIN "
             "pg_catalog.pg_depend p ON p.classid OPERATOR(pg_catalog.=) 2604::pg_catalog.oid "
             "AND p.objid OPERATOR(pg_catalog.=) f.oid AND p.refclassid OPERATOR(pg_catalog.=) "
             "1259::pg_catalog.oid) d JOIN pg_catalog.pg_sequence s ON s.seqrelid "
             "OPERATOR(pg_catalog.=) d.sequence JOIN pg_catalog.pg_class q ON q.oid "
             "OPERATOR(pg_catalog.=) d.sequence JOIN pg_catalog.pg_namespace m ON m.oid "
             "OPERATOR(pg_catalog.=) q.relnamespace JOIN pg_catalog.pg_class c ON c.oid "
             "OPERATOR(pg_catalog.=) d.relation JOIN pg_catalog.pg_namespace n ON n.oid "
             "OPERATOR(pg_catalog.=) c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid "
             "OPERATOR(pg_catalog.=) c.oid AND a.attnum OPERATOR(pg_catalog.=) d.number WHERE "
             "s.seqincrement OPERATOR(pg_catalog.>) 0 AND NOT s.seqcycle AND n.nspname "
             "OPERATOR(pg_catalog.!~) '^pg_'"});
    std::vector<DrawnColumn> columns;
    for (const Row& row : found.rows) {
      const ResultSet at = connection.query(
          {.sql = "SELECT last_value, is_called::integer FROM " + text_of(row.at(4))});
      columns.push_back({text_of(row.at(0)), text_of(row.at(1)), text_of(row.at(2)),
                         integer_of(at.rows.at(0).at(0)) +
                             integer_of(at.rows.at(0).at(1)) * integer_of(row.at(3)),
                         text_of(row.at(4))});
    }
    return columns;
  }

  std::int64_t draw(Connection& connection, const DrawnColumn& column) const override {
    const ResultSet drawn = connection.query(
        {.sql = "SELECT pg_catalog.nextval($1::pg_catalog.text::pg_catalog.regclass)",
         .parameters = {column.sequence}});
    return integer_of(drawn.rows.at(0).at(0));
  }

  void defer_foreign_keys(Connection& connection) const override {
    const Command command{.sql = "SET CONSTRAINTS ALL DEFERRED"};
    connection.run({&command, 1}, Wrap::open_transaction);
  }

  std::vector<TableStatistics> statistics(Connection& connection) const override {
    return table_statistics(connection);
  }

  bool may_succeed_later(const SqlFailure& failure) const override {
    for (const std::string_view state : missing_states) {
      if (failure.sqlstate == state) return true;
    }
    return false;
  }

  std::optional<std::string> missing_role(const SqlFailure& failure) const override {
    constexpr std::string_view before = "role \"";
    constexpr std::string_view after = "\" does not exist";
    const std::string_view message = failure.message;
    if (failure.sqlstate != "42704" || !message.starts_with(before) || !message.ends_with(after))
      return std::nullopt;
    return std::string(
        message.substr(before.size(), message.size() - before.size() - after.size()));
  }

  void create_role(Connection& connection, const std::string& role) const override {
    connection.run_alone("CREATE ROLE " + quoted_name(role));
  }
};

}  // namespace

std::pair<std::string_view, const ScratchDialect&> scratch_dialect() {
  static const PostgresScratchDialect dialect;
  return {"postgresql", dialect};
}

}  // namespace limbeck::postgres
