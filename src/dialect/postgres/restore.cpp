// The way back from a backup: into an empty database, beside the database that is there and then in
// its place, or, where neither can be, within it. Each of them is one transaction.
#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random_id.h"
#include "dialect/postgres/connection.h"
#include "dialect/postgres/database_options.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/dump_programs.h"
#include "dialect/postgres/restore_contents.h"
#include "dialect/postgres/restore_tables.h"

namespace limbeck::postgres {
namespace {

bool is_empty(Connection& connection) {
  const ResultSet found = connection.query(
      {.sql = "SELECT 1 FROM (SELECT relnamespace AS place, oid FROM pg_catalog.pg_class UNION ALL "
              "SELECT pronamespace, oid FROM pg_catalog.pg_proc UNION ALL SELECT typnamespace, oid "
              "FROM pg_catalog.pg_type) o JOIN pg_catalog.pg_namespace n ON n.oid "
              "OPERATOR(pg_catalog.=) o.place WHERE n.nspname OPERATOR(pg_catalog.!~) '^pg_' AND "
              "n.nspname OPERATOR(pg_catalog.<>) 'information_schema' LIMIT 1"});
  return found.rows.empty();
}

// "app_before_20261121T101500", cut where names end, between characters.
std::string kept_name(const std::string& database) {
  std::array<char, 32> time{};
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::strftime(time.data(), time.size(), "_before_%Y%m%dT%H%M%S", &parts);
  std::string name = database.substr(0, max_name - std::string(time.data()).size());
  while (!name.empty() && name.size() < database.size() &&
         (static_cast<unsigned char>(database[name.size()]) & 0xC0U) == 0x80U)
    name.pop_back();
  return name + time.data();
}

// Databases are renamed from another one.
std::unique_ptr<PostgresConnection> beside(const DatabaseUrl& url, const std::string& database) {
  const std::string first = database == "postgres" ? "template1" : "postgres";
  try {
    return std::make_unique<PostgresConnection>(url, ConnectOptions{.database = first});
  } catch (const Error&) {
    return std::make_unique<PostgresConnection>(url, ConnectOptions{.database = "template1"});
  }
}

void refuse_others(Connection& connection, const RestoreRequest& request) {
  const ResultSet found = connection.query(
      {.sql = "SELECT pg_catalog.count(*), pg_catalog.min(a.pid), "
              "pg_catalog.min(a.application_name) FROM pg_catalog.pg_stat_get_activity(NULL) a "
              "JOIN pg_catalog.pg_database d ON d.oid OPERATOR(pg_catalog.=) a.datid WHERE "
              "d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database() AND a.pid "
              "OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid() AND a.pid "
              "OPERATOR(pg_catalog.<>) $1::pg_catalog.int4 AND a.backend_type "
              "OPERATOR(pg_catalog.=) 'client backend'",
       .parameters = {request.own_process}});
  const std::int64_t others = integer_of(found.rows.at(0).at(0));
  if (others == 0) return;
  throw Error(
      {.code = ExitCode::failed_rolled_back,
       .message = fmt::format("{} other connection{} the database, which cannot be replaced "
                              "meanwhile",
                              others, others == 1 ? " uses" : "s use"),
       .detail = fmt::format("process {} {}", text_of(found.rows.at(0).at(1)),
                             text_of(found.rows.at(0).at(2))),
       .state = "nothing was changed",
       .hint = "stop what uses it, or restore into another database with --url"});
}

struct Restoring {
  const DatabaseUrl& url;
  const std::string& file;
  const RestoreRequest& request;
  std::filesystem::path program;
};

// contents: of the backup, those to restore; empty: all.
void load(const Restoring& work, const std::string& database, bool clean,
          std::string contents = {}) {
  DumpProgram program{.path = work.program,
                      .arguments = {"--exit-on-error", "--single-transaction"},
                      .url = &work.url,
                      .database = database,
                      .use_list = std::move(contents),
                      .interrupt = work.request.interrupt};
  if (clean) program.arguments.insert(program.arguments.end(), {"--clean", "--if-exists"});
  if (!work.request.owners)
    program.arguments.insert(program.arguments.end(), {"--no-owner", "--no-privileges"});
  program.arguments.push_back(work.file);
  run_dump_program(program, "the restore failed");
}

// A database that is dropped unless it has been given its place.
class FreshDatabase {
 public:
  FreshDatabase(PostgresConnection& administration, const std::string& options)
      : administration_(administration), name_("limbeck_restore_" + random_hex(16)) {
    try {
      administration_.run_alone(fmt::format("CREATE DATABASE {} {}", quoted_name(name_), options));
    } catch (DatabaseError& error) {
      if (error.failure().sqlstate != "42501") throw;
      error.report().message =
          "the login may not create databases, so that what is there cannot be put aside";
      error.report().state = "nothing was changed";
      error.report().hint =
          "ALTER ROLE ... CREATEDB; or restore into an empty database with --url; or take "
          "--in-place, which replaces what the backup holds and leaves what it does not hold";
      throw;
    }
  }
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;
  ~FreshDatabase() {
    if (placed_) return;
    try {
      administration_.rollback();
      administration_.run_alone("DROP DATABASE " + quoted_name(name_) + " WITH (FORCE)");
    } catch (...) {
      return;  // the server is gone
    }
  }

  const std::string& name() const { return name_; }
  void set_placed() { placed_ = true; }

 private:
  PostgresConnection& administration_;
  std::string name_;
  bool placed_ = false;
};

void swap(PostgresConnection& administration, const std::string& database, const std::string& fresh,
          const std::string& kept) {
  const std::array<Command, 2> renames{
      Command{.sql = fmt::format("ALTER DATABASE {} RENAME TO {}", quoted_name(database),
                                 quoted_name(kept))},
      Command{.sql = fmt::format("ALTER DATABASE {} RENAME TO {}", quoted_name(fresh),
                                 quoted_name(database))}};
  try {
    administration.run(renames, Wrap::own_transaction);
  } catch (Error& error) {
    error.report().state = "nothing was changed";
    if (error.report().hint.empty())
      error.report().hint =
          "the database has to belong to the login, and nobody may be connected with it";
    throw;
  }
}

RestoreResult restore_beside(const Restoring& work, std::unique_ptr<PostgresConnection> current) {
  refuse_others(*current, work.request);
  const std::string database = database_name(*current);
  const auto administration = beside(work.url, database);
  FreshDatabase fresh(*administration, database_options(*current));
  load(work, fresh.name(), false);
  for (const std::string& statement : database_properties(*current, fresh.name()))
    administration->run_alone(statement);
  RestoreResult result{.kept_database = kept_name(database)};
  current.reset();
  if (work.request.leave) work.request.leave();
  swap(*administration, database, fresh.name(), result.kept_database);
  fresh.set_placed();
  return result;
}

}  // namespace

RestoreResult restore(const DatabaseUrl& url, const std::string& file,
                      const RestoreRequest& request) {
  auto connection = std::make_unique<PostgresConnection>(url, ConnectOptions{});
  const int major = major_of_server(connection->server_version());
  const Restoring work{url, file, request, dump_programs(major) / "pg_restore"};
  try {
    if (!request.tables.empty()) {
      connection.reset();
      restore_tables(url, file, request, work.program);
      return {};
    }
    if (!request.in_place && !is_empty(*connection))
      return restore_beside(work, std::move(connection));
    const bool clean = !is_empty(*connection);
    std::string contents =
        clean ? contents_for(*connection, {work.program, file, request.interrupt}) : std::string();
    connection.reset();
    load(work, {}, clean, std::move(contents));
    return {};
  } catch (Error& error) {
    if (error.report().state.empty())
      error.report().state = "rolled back: the database is as it was";
    throw;
  }
}

}  // namespace limbeck::postgres
