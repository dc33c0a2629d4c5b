#include "run/own_tables.h"

#include <fmt/format.h>
#include <string>

namespace limbeck {
namespace {

constexpr std::string_view insufficient_privilege = "42501";
constexpr std::string_view no_such_schema = "3F000";
constexpr std::string_view read_only_transaction = "25006";

bool is_missing_column(const SqlFailure& failure) {
  return failure.sqlstate == "42703" ||
         (failure.sqlstate == "SQLITE_ERROR" && failure.message.find("no such column") == 0);
}

std::string user(const TargetDatabase& database) {
  return database.dialect->quote(Identifier{database.connection->database_user()});
}

// A row of the version table that was there, or was not: another program has changed it. A deferred
// constraint of another table may fail at the same COMMIT.
bool is_moved_under_us(const SqlFailure& failure, const TargetDatabase& database) {
  if (failure.sqlstate == "LB001") return true;
  const bool is_double =
      failure.sqlstate == "23505" || failure.sqlstate == "SQLITE_CONSTRAINT_PRIMARYKEY";
  return is_double && failure.table == database.version_table.object.name;
}

// To be put before what is granted on a table: nobody sees into a schema without it.
std::string grant_usage(const TargetDatabase& database) {
  return fmt::format("GRANT USAGE ON SCHEMA {} TO {};",
                     database.dialect->quote(database.version_table.schema), user(database));
}

// A GRANT that names a table that is not there grants nothing. Who does not see into the schema
// takes the journal for there, as it nearly always is.
bool has_journal(TargetDatabase& database) {
  try {
    return database.dialect->table_exists(*database.connection, database.journal_table);
  } catch (const Error&) {
    return true;
  }
}

std::string present_tables(TargetDatabase& database) {
  const std::string version_table = database.dialect->quote(database.version_table);
  if (!has_journal(database)) return version_table;
  return fmt::format("{}, {}", version_table, database.dialect->quote(database.journal_table));
}

// A hint of ours says more than one of the server, which is shown beside it.
bool may_say_more(const DatabaseError& error) {
  return error.report().hint.empty() || error.report().hint == error.failure().hint;
}

std::string way_past_lock(const TargetDatabase& database) {
  const bool is_file = database.dialect->is_file();
  return fmt::format(
      "another {} holds a lock on {}; run the command again when that one has ended, or wait "
      "longer with {}",
      is_file ? "connection" : "session",
      is_file ? "the database"
              : "the version table or the journal (pg_blocking_pids() and pg_stat_activity say "
                "which while it waits)",
      database.options.read_only ? "timeouts.lock in limbeck.toml" : "--lock-wait");
}

void explain_missing_column(DatabaseError& error, const TargetDatabase& database) {
  ErrorReport& report = error.report();
  // No server translates the name.
  const bool is_version_table = report.message.find("version_num") != std::string::npos;
  const std::string table =
      database.dialect->quote(is_version_table ? database.version_table : database.journal_table);
  if (is_version_table) {
    report.message = fmt::format("{} is no version table: {}", table, report.message);
    report.hint =
        "when it is another program's, give version_table in limbeck.toml another name; when "
        "nothing needs it, drop it and say where the database stands with \"limbeck stamp "
        "REVISION\"";
  } else {
    report.message =
        fmt::format("{} is not the journal that this Limbeck knows: {}", table, report.message);
    report.hint =
        "rename it when it is another program's, or made by another version of Limbeck: a new one "
        "is made";
  }
}

}  // namespace

void explain_unreadable(DatabaseError& error, TargetDatabase& database) {
  ErrorReport& report = error.report();
  if (report.state.empty()) report.state = "nothing was changed";
  const bool is_locked = report.code == ExitCode::lock_not_acquired;
  if (report.code != ExitCode::failed_rolled_back && !is_locked) return;
  // Who may not read the tables cannot be told where the database is: no work has failed.
  if (!is_locked) report.code = ExitCode::cannot_connect;
  if (is_missing_column(error.failure())) return explain_missing_column(error, database);
  report.message = "the state of the database cannot be read: " + report.message;
  if (is_locked) {
    report.hint = way_past_lock(database);
    error.failure().hint.clear();  // which speaks of a statement of a revision
  }
  if (error.failure().sqlstate != insufficient_privilege) return;
  report.hint = fmt::format("their owner can allow it: {} GRANT SELECT ON {} TO {}",
                            grant_usage(database), present_tables(database), user(database));
}

void explain_unwritable(DatabaseError& error, const TargetDatabase& database) {
  ErrorReport& report = error.report();
  const std::string& sqlstate = error.failure().sqlstate;
  if (is_moved_under_us(error.failure(), database)) {
    report.message = "the version table was changed by another program";
    report.hint =
        "Alembic or a person changed it while this ran; look at \"limbeck current\" and run again";
    return;
  }
  if (!may_say_more(error)) return;
  if (sqlstate == no_such_schema) {
    report.hint = fmt::format(
        "version_table_schema in the configuration says where the version table and the journal "
        "stand: CREATE SCHEMA {}, or name another one",
        database.dialect->quote(database.version_table.schema));
  } else if (sqlstate == insufficient_privilege) {
    const std::string schema = database.dialect->quote(database.version_table.schema);
    report.hint = fmt::format(
        "the version table and the journal are written with every change; their owner can allow "
        "it: {} GRANT SELECT, INSERT, UPDATE, DELETE ON {}, {} TO {}; to make them where they are "
        "missing: GRANT CREATE ON SCHEMA {} TO {}",
        grant_usage(database), database.dialect->quote(database.version_table),
        database.dialect->quote(database.journal_table), user(database), schema, user(database));
  } else if (sqlstate == read_only_transaction) {
    report.hint = std::string(way_out_of_read_only);
  }
}

}  // namespace limbeck
