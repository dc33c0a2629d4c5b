#include "dialect/postgres/trace.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres/connection.h"
#include "dialect/postgres/libpq.h"

namespace limbeck::postgres {
namespace {

struct Said {
  std::string function;
  std::vector<std::string> names;  // what stands between quotes in the message
};

// "building index "a" on table "b" serially": quotes of whatever language stand in pairs.
std::vector<std::string> quoted_names(std::string_view message) {
  std::vector<std::string> names;
  std::size_t open = message.find('"');
  while (open != std::string_view::npos) {
    const std::size_t close = message.find('"', open + 1);
    if (close == std::string_view::npos) break;
    names.emplace_back(message.substr(open + 1, close - open - 1));
    open = message.find('"', close + 1);
  }
  return names;
}

struct Relation {
  RelationName name;
  std::int64_t file = 0;
};
using Relations = std::map<std::int64_t, Relation>;  // by oid

LockLevel level_of(const std::string& mode) {
  constexpr std::array modes = std::to_array<std::string_view>(
      {"AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock",
       "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"});
  const auto* found = std::find(modes.begin(), modes.end(), mode);
  if (found == modes.end()) return LockLevel::none;
  return static_cast<LockLevel>(found - modes.begin() + 1);
}

class PostgresTracer final : public Tracer {
 public:
  PostgresTracer(const std::optional<DatabaseUrl>& server, const ConnectOptions& options)
      : dialect_(scratch_dialect_named("postgresql")) {
    ConnectOptions writing = options;
    writing.read_only = false;
    writing.notice = nullptr;
    scratch_ = dialect_.create(server, writing);
    dynamic_cast<PostgresConnection&>(connection()).listen(receive, this);
  }

  Impacts observe(const sql::Statement& statement, bool alone) override {
    const Relations before = relations();
    said_.clear();
    std::vector<std::pair<std::int64_t, LockLevel>> held;
    if (alone) {
      connection().run_alone("SET client_min_messages = debug1");
      connection().run_alone(statement.text);
      connection().run_alone("SET client_min_messages = error");
    } else {
      connection().begin();
      run("SET LOCAL client_min_messages = debug1");
      said_.clear();
      connection().run(
          std::vector<Command>{{.sql = statement.text, .copy_data = statement.copy_data}},
          Wrap::open_transaction);
      held = locks();
      run("SET LOCAL client_min_messages = error");
    }
    const std::vector<Said> said = std::exchange(said_, {});
    const Relations after = relations();
    Impacts impacts = impacts_of(before, after, held, said, statement, alone);
    if (!alone) connection().commit();
    return impacts;
  }

  void reset_session() override { dialect_.reset_session(connection()); }
  Scratch& scratch() override { return *scratch_; }

 private:
  static void receive(void* listener, const PGresult* result) noexcept {
    try {
      const char* function = libpq().PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
      const char* message = libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
      if (function == nullptr || message == nullptr) return;
      static_cast<PostgresTracer*>(listener)->said_.push_back({function, quoted_names(message)});
    } catch (...) {
      return;  // libpq is C: no exception may pass through it
    }
  }

  Connection& connection() { return scratch_->connection(); }
  void run(const std::string& sql) {
    connection().run(std::vector<Command>{{.sql = sql}}, Wrap::open_transaction);
  }

  Relations relations() {
    const ResultSet found = connection().query(
        {.sql = "SELECT c.oid::bigint, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, "
                "c.relfilenode::bigint FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
                "ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relkind "
                "OPERATOR(pg_catalog.=) ANY ('{r,p,m}'::pg_catalog.\"char\"[]) AND n.nspname "
                "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)'"});
    Relations relations;
    for (const Row& row : found.rows)
      relations[integer_of(row.at(0))] = {{text_of(row.at(1)), text_of(row.at(2))},
                                          integer_of(row.at(3))};
    return relations;
  }

  std::vector<std::pair<std::int64_t, LockLevel>> locks() {
    const ResultSet found = connection().query(
        {.sql = "SELECT l.relation::bigint, l.mode FROM pg_catalog.pg_locks l WHERE l.pid "
                "OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.locktype "
                "OPERATOR(pg_catalog.=) 'relation' AND l.database OPERATOR(pg_catalog.=) (SELECT "
                "d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) "
                "pg_catalog.current_database())"});
    std::vector<std::pair<std::int64_t, LockLevel>> held;
    for (const Row& row : found.rows)
      held.emplace_back(integer_of(row.at(0)), level_of(text_of(row.at(1))));
    return held;
  }

  // Partitions that the statement leaves alone have one of the same name: theirs is not changed.
  std::vector<RelationName> owners_of_constraint(const std::string& name, bool alone) {
    const ResultSet found = connection().query(
        {.sql =
             "SELECT n.nspname::pg_catalog.text, c.relname::pg_catalog.text FROM "
             "pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid "
             "OPERATOR(pg_catalog.=) k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid "
             "OPERATOR(pg_catalog.=) c.relnamespace WHERE k.contype OPERATOR(pg_catalog.=) 'f' AND "
             "c.relkind OPERATOR(pg_catalog.=) 'r' AND k.conname OPERATOR(pg_catalog.=) "
             "$1::pg_catalog.name AND ($2::pg_catalog.bool OR k.xmin OPERATOR(pg_catalog.=) "
             "pg_catalog.pg_current_xact_id()::pg_catalog.xid)",
         .parameters = {name, std::string(alone ? "t" : "f")}});
    std::vector<RelationName> owners;
    for (const Row& row : found.rows) owners.push_back({text_of(row.at(0)), text_of(row.at(1))});
    return owners;
  }

  Impacts impacts_of(const Relations& before, const Relations& after,
                     const std::vector<std::pair<std::int64_t, LockLevel>>& held,
                     const std::vector<Said>& said, const sql::Statement& statement, bool alone) {
    Impacts impacts;
    for (const auto& [oid, level] : held) {
      const auto found = before.find(oid);
      if (found != before.end() && level > LockLevel::access_share)
        impacts[found->second.name].add({.lock = level});
    }
    // TRUNCATE begins a new file and empty indexes, and writes nothing into them.
    if (sql::starts_with(statement, "TRUNCATE")) return impacts;
    for (const auto& [oid, relation] : before) {
      const auto now = after.find(oid);
      if (now != after.end() && now->second.file != relation.file && relation.file != 0)
        impacts[relation.name].rewrite = true;
    }
    const auto named = [&](const std::string& table, const auto& change) {
      for (const auto& [oid, relation] : before)
        if (relation.name.name == table) change(impacts[relation.name]);
    };
    for (const Said& each : said) {
      if (each.function == "ATRewriteTable" && !each.names.empty())
        named(each.names[0], [](TableImpact& it) { it.scan = !it.rewrite; });
      if (each.function == "index_build" && each.names.size() > 1)
        named(each.names[1], [](TableImpact& it) { it.index_build = !it.rewrite; });
      if (each.function == "validateForeignKeyConstraint" && !each.names.empty())
        for (const RelationName& owner : owners_of_constraint(each.names[0], alone))
          named(owner.name, [](TableImpact& it) { it.foreign_key_scan = true; });
    }
    return impacts;
  }

  const ScratchDialect& dialect_;
  std::unique_ptr<Scratch> scratch_;
  std::vector<Said> said_;
};

}  // namespace

std::unique_ptr<Tracer> make_tracer(const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options) {
  return std::make_unique<PostgresTracer>(server, options);
}

}  // namespace limbeck::postgres
