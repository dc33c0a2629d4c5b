// The run lock: a session's advisory lock on the connection that does the work.
//
// A runner that is killed in the middle of a statement leaves its backend behind, which keeps the
// lock for as long as the statement goes on: nobody can resume too early. It is only ever tried
// for: a blocking wait in the server would stop CREATE INDEX CONCURRENTLY of the one who holds it.
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "base/sha256.h"
#include "dialect/postgres/connection.h"
#include "dialect/postgres/dialect.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

std::uint64_t lock_key(const QualifiedName& name) {
  const std::string digits =
      sha256_hex(fmt::format("limbeck:{}.{}", name.schema.name, name.object.name)).substr(0, 16);
  std::uint64_t key = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), key, 16);
  return key;
}

// How pg_locks shows the lock of a 64-bit key in this database.
std::string is_lock(std::uint64_t key) {
  return fmt::format(
      "l.locktype OPERATOR(pg_catalog.=) 'advisory' AND l.database "
      "OPERATOR(pg_catalog.=) (SELECT d.oid FROM pg_catalog.pg_database d WHERE "
      "d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()) AND "
      "l.classid::pg_catalog.int8 OPERATOR(pg_catalog.=) {} AND l.objid::pg_catalog.int8 "
      "OPERATOR(pg_catalog.=) {} AND l.objsubid OPERATOR(pg_catalog.=) 1 AND l.granted",
      key >> 32U, key & 0xFFFFFFFFU);
}

constexpr std::string_view holder_columns =
    "a.pid, a.usename::pg_catalog.text, a.application_name, "
    "coalesce(a.client_addr::pg_catalog.text, ''), "
    "coalesce(pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), ''), coalesce(a.state, ''), coalesce(a.query, '')";

// The words that a statement begins with: enough to recognise it, too few to hold a password.
std::string first_words(const std::string& query) {
  constexpr std::size_t most = 4;
  std::string words;
  for (const Token& token : first_tokens(query, most)) {
    if (token.kind != Token::Kind::word) break;
    words += (words.empty() ? "" : " ") + token.text;
  }
  return words;
}

LockHolder holder_of(const Row& row) {
  LockHolder holder;
  holder.pid = integer_of(row.at(0));
  holder.user = text_of(row.at(1));
  holder.host = text_of(row.at(3));
  holder.since = text_of(row.at(4));
  // "limbeck/<run> user@host" is how runs name themselves.
  const std::string application = text_of(row.at(2));
  const std::size_t at = application.find('@');
  if (application.compare(0, 8, "limbeck/") == 0 && at != std::string::npos) {
    const std::size_t blank = application.find(' ');
    if (blank < at) holder.user = application.substr(blank + 1, at - blank - 1);
    holder.host = application.substr(at + 1);
  } else if (!application.empty()) {
    holder.host += holder.host.empty() ? application : fmt::format(" ({})", application);
  }
  const std::string state = text_of(row.at(5));
  const std::string words = first_words(text_of(row.at(6)));
  holder.activity = words.empty() || state.empty() ? state : fmt::format("{}: {}", state, words);
  return holder;
}

class AdvisoryLock final : public RunLock {
 public:
  AdvisoryLock(PostgresConnection& connection, std::uint64_t key)
      : connection_(connection), key_(key), seen_touches_(connection.session_touches()) {}

  ~AdvisoryLock() override {
    try {
      if (!connection_.usable()) return;
      connection_.rollback();
      connection_.query_simple(
          fmt::format("SELECT pg_catalog.pg_advisory_unlock({})", static_cast<std::int64_t>(key_)));
    } catch (...) {
      // The connection is gone, and the lock with it.
    }
  }

  // Nothing takes the lock away but the end of the connection and statements that a revision runs:
  // only after such statements is the server asked.
  bool held() override {
    const std::uint64_t touches = connection_.session_touches();
    if (connection_.usable() && touches == seen_touches_) return true;
    const ResultSet found = connection_.query(
        {.sql = fmt::format("SELECT 1 FROM pg_catalog.pg_locks l WHERE {} AND l.pid "
                            "OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()",
                            is_lock(key_))});
    if (found.rows.empty()) return false;
    seen_touches_ = touches;
    return true;
  }

 private:
  PostgresConnection& connection_;
  std::uint64_t key_;
  std::uint64_t seen_touches_;
};

}  // namespace

std::optional<LockHolder> lock_holder(Connection& connection, const QualifiedName& name) {
  const ResultSet found = connection.query(
      {.sql = fmt::format("SELECT {} FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a "
                          "ON a.pid OPERATOR(pg_catalog.=) l.pid WHERE {}",
                          holder_columns, is_lock(lock_key(name)))});
  if (found.rows.empty()) return std::nullopt;
  return holder_of(found.rows.front());
}

LockAttempt try_lock(Connection& connection, const QualifiedName& name) {
  auto& work = static_cast<PostgresConnection&>(connection);
  const std::uint64_t key = lock_key(name);
  const std::string attempt =
      fmt::format("SELECT pg_catalog.pg_try_advisory_lock({})", static_cast<std::int64_t>(key));
  // Twice: whoever held it may be gone before it is looked for.
  for (int i = 0; i < 2; ++i) {
    if (integer_of(work.query_simple(attempt).rows.at(0).at(0)) != 0) {
      return std::make_unique<AdvisoryLock>(work, key);
    }
    if (auto holder = lock_holder(work, name)) return *std::move(holder);
  }
  return LockHolder{};
}

std::optional<LockHolder> orphan(Connection& connection, std::int64_t pid,
                                 const std::string& started) {
  if (pid == 0 || started.empty() || pid == connection.backend_pid()) return std::nullopt;
  const ResultSet found = connection.query(
      {.sql = fmt::format("SELECT {} FROM pg_catalog.pg_stat_activity a WHERE a.pid "
                          "OPERATOR(pg_catalog.=) $1::pg_catalog.int4 AND a.backend_start "
                          "OPERATOR(pg_catalog.=) $2::pg_catalog.timestamptz AND a.state "
                          "OPERATOR(pg_catalog.<>) 'idle'",
                          holder_columns),
       .parameters = {pid, started}});
  if (found.rows.empty()) return std::nullopt;
  return holder_of(found.rows.front());
}

}  // namespace limbeck::postgres
