#include "dialect/postgres/observer.h"

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
  RowWork rows = {};  // up to now; only what is added to it means anything
};
using Relations = std::map<std::int64_t, Relation>;  // by oid
using Locks = std::map<std::int64_t, LockLevel>;     // the strongest, by oid

LockLevel level_of(const std::string& mode) {
  constexpr std::array modes = std::to_array<std::string_view>(
      {"AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock",
       "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"});
  const auto* found = std::find(modes.begin(), modes.end(), mode);
  if (found == modes.end()) return LockLevel::none;
  return static_cast<LockLevel>(found - modes.begin() + 1);
}

class PostgresObserver final : public Observer {
 public:
  explicit PostgresObserver(Connection& connection)
      : connection_(dynamic_cast<PostgresConnection&>(connection)) {
    connection_.listen(receive, this);
  }
  ~PostgresObserver() override { connection_.listen(pass_over, nullptr); }

  void look_around() override { known_ = relations(); }

  void begin(bool alone) override {
    locks_.clear();
    now_ = relations();
    set_level("debug1", alone);
    said_.clear();
  }

  Observation after(const sql::Statement& statement, bool alone) override {
    const std::vector<Said> said = std::exchange(said_, {});
    if (alone) set_level("error", alone);
    const Locks held = alone ? Locks{} : locks();
    const Relations before = std::exchange(now_, relations());
    Observation seen;
    see_locks(held, seen);
    if (!alone) see_rows(before, seen);
    // TRUNCATE begins a new file and empty indexes, and writes nothing into them.
    if (!sql::starts_with(statement, "TRUNCATE")) {
      see_files(before, seen.impacts);
      see_work(before, said, alone, seen.impacts);
    }
    // It may have asked for fewer messages.
    if (!alone && (sql::starts_with(statement, "SET") || sql::starts_with(statement, "RESET")))
      set_level("debug1", alone);
    locks_ = held;
    said_.clear();
    return seen;
  }

 private:
  static void receive(void* listener, const PGresult* result) noexcept {
    try {
      const char* function = libpq().PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
      const char* message = libpq().PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
      if (function == nullptr || message == nullptr) return;
      static_cast<PostgresObserver*>(listener)->said_.push_back({function, quoted_names(message)});
    } catch (...) {
      return;  // libpq is C: no exception may pass through it
    }
  }
  static void pass_over(void* /*listener*/, const PGresult* /*result*/) noexcept {}

  // Within a transaction until its end.
  void set_level(const std::string& level, bool alone) {
    if (alone) return connection_.run_alone("SET client_min_messages = " + level);
    const Command command{.sql = "SET LOCAL client_min_messages = " + level};
    connection_.run({&command, 1}, Wrap::open_transaction);
  }

  Relations relations() {
    const ResultSet found = connection_.query(
        {.sql = "SELECT c.oid::bigint, n.nspname::pg_catalog.text, c.relname::pg_catalog.text, "
                "c.relfilenode::bigint, pg_catalog.pg_stat_get_xact_tuples_returned(c.oid), "
                "pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid), "
                "pg_catalog.pg_stat_get_xact_tuples_updated(c.oid), "
                "pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) "
                "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n "
                "ON n.oid OPERATOR(pg_catalog.=) c.relnamespace WHERE c.relkind "
                "OPERATOR(pg_catalog.=) ANY ('{r,p,m}'::pg_catalog.\"char\"[]) AND n.nspname "
                "OPERATOR(pg_catalog.!~) '^(pg_|information_schema$)'"});
    Relations relations;
    for (const Row& row : found.rows)
      relations[integer_of(row.at(0))] = {
          {text_of(row.at(1)), text_of(row.at(2))},
          integer_of(row.at(3)),
          {.read = integer_of(row.at(4)),
           .written = integer_of(row.at(5)) + integer_of(row.at(6)) + integer_of(row.at(7))}};
    return relations;
  }

  Locks locks() {
    const ResultSet found = connection_.query(
        {.sql = "SELECT l.relation::bigint, l.mode FROM pg_catalog.pg_locks l WHERE l.pid "
                "OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.locktype "
                "OPERATOR(pg_catalog.=) 'relation' AND l.database OPERATOR(pg_catalog.=) (SELECT "
                "d.oid FROM pg_catalog.pg_database d WHERE d.datname OPERATOR(pg_catalog.=) "
                "pg_catalog.current_database())"});
    Locks held;
    for (const Row& row : found.rows) {
      LockLevel& level = held[integer_of(row.at(0))];
      level = std::max(level, level_of(text_of(row.at(1))));
    }
    return held;
  }

  // Partitions that the statement leaves alone have one of the same name: theirs is not changed.
  std::vector<std::int64_t> owners_of_constraint(const std::string& name, bool alone) {
    const ResultSet found = connection_.query(
        {.sql = "SELECT c.oid::bigint FROM "
                "pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid "
                "OPERATOR(pg_catalog.=) k.conrelid WHERE k.contype OPERATOR(pg_catalog.=) 'f' AND "
                "c.relkind OPERATOR(pg_catalog.=) 'r' AND k.conname OPERATOR(pg_catalog.=) "
                "$1::pg_catalog.name AND ($2::pg_catalog.bool OR k.xmin OPERATOR(pg_catalog.=) "
                "pg_catalog.pg_current_xact_id()::pg_catalog.xid)",
         .parameters = {name, std::string(alone ? "t" : "f")}});
    std::vector<std::int64_t> owners;
    for (const Row& row : found.rows) owners.push_back(integer_of(row.at(0)));
    return owners;
  }

  void see_locks(const Locks& held, Observation& seen) const {
    for (const auto& [oid, level] : held) {
      const auto known = known_.find(oid);
      if (known == known_.end()) continue;
      seen.held[known->second.name] = level;
      const auto before = locks_.find(oid);
      if (before == locks_.end() || before->second < level)
        seen.impacts[known->second.name].add({.lock = level});
    }
  }

  void see_rows(const Relations& before, Observation& seen) const {
    for (const auto& [oid, relation] : now_) {
      const auto known = known_.find(oid);
      if (known == known_.end()) continue;
      const auto then = before.find(oid);
      const RowWork old = then == before.end() ? RowWork{} : then->second.rows;
      const RowWork work{.read = relation.rows.read - old.read,
                         .written = relation.rows.written - old.written};
      if (work.read > 0 || work.written > 0) seen.rows[known->second.name] = work;
    }
  }

  void see_files(const Relations& before, Impacts& impacts) const {
    for (const auto& [oid, relation] : before) {
      const auto known = known_.find(oid);
      const auto now = now_.find(oid);
      if (known == known_.end() || now == now_.end()) continue;
      if (now->second.file != relation.file && relation.file != 0)
        impacts[known->second.name].rewrite = true;
    }
  }

  void see_work(const Relations& before, const std::vector<Said>& said, bool alone,
                Impacts& impacts) {
    const auto with = [&](std::int64_t oid, const auto& change) {
      const auto known = known_.find(oid);
      if (known != known_.end()) change(impacts[known->second.name]);
    };
    const auto named = [&](const std::string& table, const auto& change) {
      for (const auto& [oid, relation] : before)
        if (relation.name.name == table) with(oid, change);
    };
    for (const Said& each : said) {
      if (each.function == "ATRewriteTable" && !each.names.empty())
        named(each.names[0], [](TableImpact& it) { it.scan = !it.rewrite; });
      if (each.function == "index_build" && each.names.size() > 1)
        named(each.names[1], [](TableImpact& it) { it.index_build = !it.rewrite; });
      if (each.function == "validateForeignKeyConstraint" && !each.names.empty())
        for (const std::int64_t owner : owners_of_constraint(each.names[0], alone))
          with(owner, [](TableImpact& it) { it.foreign_key_scan = true; });
    }
  }

  PostgresConnection& connection_;
  Relations known_;  // when it last looked around
  Relations now_;    // after the statement before
  Locks locks_;      // the same
  std::vector<Said> said_;
};

}  // namespace

std::unique_ptr<Observer> make_observer(Connection& connection) {
  return std::make_unique<PostgresObserver>(connection);
}

}  // namespace limbeck::postgres
