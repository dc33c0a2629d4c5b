#include "dialect/postgres/connection.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "dialect/postgres/connect.h"
#include "dialect/tokens.h"

namespace limbeck::postgres {
namespace {

constexpr Oid bool_type = 16;
constexpr Oid int8_type = 20;
constexpr Oid int2_type = 21;
constexpr Oid int4_type = 23;

Value value_of(const PGresult* result, int row, int column) {
  if (libpq().PQgetisnull(result, row, column) == 1) return std::monostate{};
  const char* text = libpq().PQgetvalue(result, row, column);
  const Oid type = libpq().PQftype(result, column);
  if (type == bool_type) return std::int64_t{*text == 't' ? 1 : 0};
  if (type == int8_type || type == int4_type || type == int2_type) {
    return std::int64_t{std::strtoll(text, nullptr, 10)};
  }
  return std::string(text, static_cast<std::size_t>(libpq().PQgetlength(result, row, column)));
}

// Those that a client can read as something else than text.
struct NamedType {
  Oid oid;
  std::string_view name;
};
constexpr std::array<NamedType, 52> named_types{{
    {16, "bool"},       {17, "bytea"},          {20, "int8"},         {21, "int2"},
    {23, "int4"},       {25, "text"},           {26, "oid"},          {114, "json"},
    {700, "float4"},    {701, "float8"},        {1042, "bpchar"},     {1043, "varchar"},
    {1082, "date"},     {1083, "time"},         {1114, "timestamp"},  {1184, "timestamptz"},
    {1186, "interval"}, {1266, "timetz"},       {1700, "numeric"},    {2950, "uuid"},
    {3802, "jsonb"},    {1000, "_bool"},        {1005, "_int2"},      {1007, "_int4"},
    {1016, "_int8"},    {1009, "_text"},        {1015, "_varchar"},   {1021, "_float4"},
    {1022, "_float8"},  {1231, "_numeric"},     {2951, "_uuid"},      {1002, "_char"},
    {1003, "_name"},    {199, "_json"},         {3807, "_jsonb"},     {1001, "_bytea"},
    {1014, "_bpchar"},  {1028, "_oid"},         {1115, "_timestamp"}, {1182, "_date"},
    {1183, "_time"},    {1185, "_timestamptz"}, {1187, "_interval"},  {651, "_cidr"},
    {1040, "_macaddr"}, {1041, "_inet"},        {3904, "int4range"},  {3906, "numrange"},
    {3908, "tsrange"},  {3910, "tstzrange"},    {3912, "daterange"},  {3926, "int8range"},
}};

std::string_view type_name(Oid oid) {
  const auto found = std::find_if(named_types.begin(), named_types.end(),
                                  [&](const NamedType& type) { return type.oid == oid; });
  return found == named_types.end() ? "" : found->name;
}

ResultSet rows_of(const PGresult* result) {
  ResultSet rows;
  const int columns = libpq().PQnfields(result);
  for (int column = 0; column < columns; ++column)
    rows.columns.emplace_back(libpq().PQfname(result, column));
  for (int column = 0; column < columns; ++column)
    rows.types.push_back(type_name(libpq().PQftype(result, column)));
  rows.rows.resize(static_cast<std::size_t>(libpq().PQntuples(result)));
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    rows.rows[row].reserve(rows.columns.size());
    for (int column = 0; column < columns; ++column) {
      rows.rows[row].push_back(value_of(result, static_cast<int>(row), column));
    }
  }
  rows.affected = affected_rows(result);
  return rows;
}

// A pipeline cannot carry COPY.
bool holds_copy(std::span<const Command> commands) {
  for (const Command& command : commands) {
    if (command.copy_data || leading_word(command.sql) == "COPY") return true;
  }
  return false;
}

// A statement ends soon after its runner is gone, and a runner that is stopped inside of a
// transaction does not keep its locks for ever. What the server is set to already stays; only on
// Linux can every version that has the first setting use it.
std::vector<std::string> guard_settings(PGconn* connection, const ConnectOptions& options) {
  constexpr int first_with_both_functions = 90600;
  if (options.read_only || libpq().PQserverVersion(connection) < first_with_both_functions) {
    return {};
  }
  return {
      "SELECT CASE WHEN pg_catalog.current_setting('client_connection_check_interval', true) "
      "OPERATOR(pg_catalog.=) '0' AND pg_catalog.strpos(pg_catalog.version(), 'linux') "
      "OPERATOR(pg_catalog.>) 0 "
      "THEN pg_catalog.set_config('client_connection_check_interval', '10s', false) END, "
      "CASE WHEN pg_catalog.current_setting('idle_in_transaction_session_timeout') "
      "OPERATOR(pg_catalog.=) '0' "
      "THEN pg_catalog.set_config('idle_in_transaction_session_timeout', '5min', false) END"};
}

std::vector<std::string> baseline_settings(PGconn* connection, const ConnectOptions& options) {
  std::vector<std::string> settings;
  // The splitter reads strings as the standard does; the server must agree.
  const char* standard = libpq().PQparameterStatus(connection, "standard_conforming_strings");
  if (standard != nullptr && std::string_view(standard) != "on") {
    settings.emplace_back("SET standard_conforming_strings = on");
  }
  if (options.for_program) {
    // 3 is exact on every version.
    settings.emplace_back(
        "SELECT pg_catalog.set_config('datestyle', 'ISO, YMD', false), "
        "pg_catalog.set_config('intervalstyle', 'iso_8601', false), "
        "pg_catalog.set_config('bytea_output', 'hex', false), "
        "pg_catalog.set_config('extra_float_digits', '3', false)");
    for (std::string& guard : guard_settings(connection, options)) {
      settings.push_back(std::move(guard));  // what a program asks may take long, too
    }
  }
  if (options.read_only) settings.emplace_back("SET default_transaction_read_only = on");
  return settings;
}

}  // namespace

PostgresConnection::PostgresConnection(const DatabaseUrl& url, ConnectOptions options)
    : options_(std::move(options)),
      channel_(open(url, options_), options_),
      session_(baseline_settings(channel_.get(), options_),
               options_.for_program ? std::vector<std::string>()
                                    : guard_settings(channel_.get(), options_)) {
  options_.limits = nullptr;  // the channel has copied them
  if (options_.lock_ms > 0) session_.set_timeouts({.lock_ms = options_.lock_ms});
  identify();
}

PostgresConnection::~PostgresConnection() {
  rollback();
}

void PostgresConnection::identify() {
  const ResultSet facts = query(
      {.sql = "SELECT pg_catalog.pg_backend_pid(), SESSION_USER, pg_catalog.pg_is_in_recovery()"});
  const Row& row = facts.rows.at(0);
  backend_pid_ = integer_of(row.at(0));
  database_user_ = text_of(row.at(1));
  if (backend_pid_ != libpq().PQbackendPID(channel_.get())) {
    throw Error({.code = ExitCode::cannot_connect,
                 .message = "a connection pooler stands between Limbeck and the PostgreSQL server",
                 .detail = "locks and settings belong to a session. A pooler may give one to many "
                           "clients, and none "
                           "says whether it does",
                 .hint = "use a url that leads directly to the server, for migrations alone"});
  }
  if (integer_of(row.at(2)) != 0 && !options_.read_only) {
    throw Error(
        {.code = ExitCode::cannot_connect,
         .message = "the server is a standby, which cannot be written to",
         .hint = "use the url of the primary; target_session_attrs=primary finds it among hosts"});
  }
}

const std::string& PostgresConnection::backend_started() {
  if (backend_started_.empty()) {
    backend_started_ =
        text_of(query({.sql = "SELECT pg_catalog.to_char(a.backend_start AT TIME ZONE 'UTC', "
                              "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM "
                              "pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a"})
                    .rows.at(0)
                    .at(0));
  }
  return backend_started_;
}

std::string PostgresConnection::server_version() const {
  const char* version = libpq().PQparameterStatus(channel_.get(), "server_version");
  const std::string_view text = version != nullptr ? version : "";
  return fmt::format("PostgreSQL {}", text.substr(0, text.find(' ')));
}

// Not default_transaction_read_only: a statement may set it off.
bool PostgresConnection::can_only_read() const {
  const char* setting = libpq().PQparameterStatus(channel_.get(), "in_hot_standby");
  return setting != nullptr && std::string_view(setting) == "on";
}

bool PostgresConnection::is_superuser() const {
  const char* setting = libpq().PQparameterStatus(channel_.get(), "is_superuser");
  return setting != nullptr && std::string_view(setting) == "on";
}

void PostgresConnection::require_transaction(bool open) const {
  const PGTransactionStatusType status = libpq().PQtransactionStatus(channel_.get());
  // Between two calls nothing is under way, unless the server went away before it had answered to
  // the end.
  if (channel_.lost() || status == PQTRANS_UNKNOWN || status == PQTRANS_ACTIVE) {
    raise({.failure = {.message = "it was closed before"}}, {.connection_lost = true});
  }
  if (in_transaction() == open) return;
  throw Error({.code = ExitCode::internal_error,
               .message = open ? "no transaction is open" : "a transaction is open already"});
}

bool PostgresConnection::reusable() {
  return !channel_.watch().spent() && !channel_.closed_by_server();
}

void PostgresConnection::begin_call() {
  channel_.watch().begin_call();
  const Ending ending = channel_.watch().over();
  if (ending != Ending::none) refuse(ending);
}

namespace {

// Whether a statement may leave something behind that a later user of the session would meet. What
// functions of the user's own do inside is not seen.
bool may_leave_something(const std::string& sql) {
  static constexpr std::array<std::string_view, 20> harmless{
      "",          "ALTER",  "CLOSE",    "COMMENT", "COPY",    "DELETE", "DROP",
      "FETCH",     "GRANT",  "INSERT",   "MERGE",   "RELEASE", "REVOKE", "ROLLBACK",
      "SAVEPOINT", "SELECT", "TRUNCATE", "UPDATE",  "VALUES",  "WITH"};
  for (const std::string_view part : {"set_config", "advisory", "pg_temp"}) {
    if (contains_ignoring_case(sql, part)) return true;
  }
  if (contains_ignoring_case(sql, "into") && contains_ignoring_case(sql, "temp")) return true;
  const std::string word = leading_word(sql);
  if (word == "CREATE") return contains_ignoring_case(sql, "temp");
  // A cursor ends with its transaction, unless it is declared WITH HOLD.
  if (word == "DECLARE") return contains_ignoring_case(sql, "hold");
  return std::find(harmless.begin(), harmless.end(), word) == harmless.end();
}

}  // namespace

void PostgresConnection::clean_session() {
  require_transaction(false);
  if (!left_something_) return;
  query_simple("DISCARD ALL");
  prepared_.forget();
  session_.discarded();
  left_something_ = false;
}

void PostgresConnection::note(std::span<const Command> commands) {
  for (const Command& command : commands) {
    left_something_ = left_something_ || may_leave_something(command.sql);
    session_.ran(command);
    const std::string word = leading_word(command.sql);
    if (word == "DISCARD" || word == "DEALLOCATE") prepared_.forget();
  }
}

void PostgresConnection::settled(bool anything) {
  session_.applied();
  const bool open = libpq().PQtransactionStatus(channel_.get()) != PQTRANS_IDLE;
  settings_in_transaction_ = open && (settings_in_transaction_ || anything);
}

void PostgresConnection::settle() {
  const std::vector<std::string> pending = session_.pending();
  if (pending.empty()) return;
  Batch batch(channel_, prepared_);
  for (const std::string& sql : pending) batch.control(sql, 0);
  std::optional<Failed> failed = batch.finish([](std::size_t, const PGresult*) {});
  if (failed) fail(std::move(*failed));
  settled(true);
}

void PostgresConnection::fail(Failed failed, bool commit_sent) {
  fail(std::move(failed), channel_.watch().ending(), commit_sent);
}

void PostgresConnection::fail(Failed failed, Ending ending, bool commit_sent) {
  raise(std::move(failed), {.connection_lost = channel_.lost(),
                            .given_up = channel_.given_up(),
                            .ending = ending,
                            .commit_sent = commit_sent});
}

namespace {

// Whatever goes wrong with the connection from here on leaves open whether the server has got the
// COMMIT.
template <class Send>
std::optional<Failed> with_commit_under_way(const Send& send) {
  try {
    return send();
  } catch (const ConnectionLost& lost) {
    raise({.failure = lost.failure()}, {.connection_lost = true, .commit_sent = true});
  }
}

}  // namespace

std::optional<Failed> PostgresConnection::send_together(std::span<const Command> commands,
                                                        Wrap wrap, const OnResult& on_result) {
  const std::vector<std::string> pending = session_.pending();
  const bool own = wrap == Wrap::own_transaction;
  Batch batch(channel_, prepared_);
  for (const std::string& sql : pending) batch.control(sql, 0);
  if (own) batch.control("BEGIN", 0);
  for (std::size_t i = 0; i < commands.size(); ++i) batch.add(commands[i], i, true);
  std::optional<Failed> failed = !own ? batch.finish(on_result) : with_commit_under_way([&] {
    batch.commit(commands.size());
    return batch.finish(on_result);
  });
  if (!failed) settled(!pending.empty());
  return failed;
}

std::optional<Failed> PostgresConnection::send_alone(const Command& command, std::size_t index,
                                                     const OnResult& on_result) {
  channel_.send(sent_text(command), command.parameters);
  const Reply reply = receive_reply(channel_, command.copy_data);
  if (!reply.result || reply.failed || channel_.lost()) {
    if (!reply.result)
      return Failed{{.message = libpq().PQerrorMessage(channel_.get()), .command = index}};
    return translate(command, failure_of(reply.result.get(), index, sent_offset(command)));
  }
  on_result(index, reply.result.get());
  return std::nullopt;
}

std::optional<Failed> PostgresConnection::send_control(const std::string& sql, std::size_t index) {
  Batch batch(channel_, prepared_);
  batch.control(sql, index);
  return batch.finish([](std::size_t, const PGresult*) {});
}

std::optional<Failed> PostgresConnection::send_commit(std::size_t index) {
  return with_commit_under_way([&] {
    Batch batch(channel_, prepared_);
    batch.commit(index);
    return batch.finish([](std::size_t, const PGresult*) {});
  });
}

std::optional<Failed> PostgresConnection::send_one_by_one(std::span<const Command> commands,
                                                          Wrap wrap, const OnResult& on_result) {
  settle();
  const bool own = wrap == Wrap::own_transaction;
  std::optional<Failed> failed;
  if (own) failed = send_control("BEGIN", 0);
  for (std::size_t i = 0; i < commands.size() && !failed; ++i) {
    failed = send_alone(commands[i], i, on_result);
  }
  if (own && !failed) failed = send_commit(commands.size());
  return failed;
}

std::vector<std::int64_t> PostgresConnection::run(std::span<const Command> commands, Wrap wrap) {
  const bool own = wrap == Wrap::own_transaction;
  require_transaction(!own);
  for (const Command& command : commands) Channel::refuse_unsendable(command);
  session_.want_guards();
  const bool one_by_one = holds_copy(commands);
  for (int attempt = 0;; ++attempt) {
    begin_call();
    std::vector<std::int64_t> affected(commands.size(), 0);
    const OnResult on_result = [&](std::size_t command, const PGresult* result) {
      affected[command] = commands[command].must_affect_one_row ? 1 : affected_rows(result);
    };
    std::optional<Failed> failed = one_by_one ? send_one_by_one(commands, wrap, on_result)
                                              : send_together(commands, wrap, on_result);
    const Ending ending = channel_.watch().ending();
    note(commands);
    if (!failed) return affected;
    if (own) rollback();
    // A revision may throw away prepared statements in ways that its text does not show.
    if (failed->stale_plan) {
      prepared_.forget();
      failed->failure.retryable = true;
      if (own && attempt == 0) continue;
    }
    // What the server itself said of an earlier command it said instead of committing.
    const bool is_silence = failed->failure.sqlstate.empty();
    const bool at_commit = failed->failure.command == commands.size();
    const bool commit_sent = own && (at_commit || (is_silence && !one_by_one));
    fail(std::move(*failed), ending, commit_sent);
  }
}

ResultSet PostgresConnection::query(const Command& command) {
  Channel::refuse_unsendable(command);
  if (holds_copy({&command, 1})) {
    throw Error(
        {.code = ExitCode::internal_error, .message = "COPY gives no rows: run it instead"});
  }
  if (channel_.lost()) {
    raise({.failure = {.message = "it was closed before"}}, {.connection_lost = true});
  }
  begin_call();
  ResultSet rows;
  const std::vector<std::string> pending = session_.pending();
  Batch batch(channel_, prepared_);
  for (const std::string& sql : pending) batch.control(sql, 0);
  batch.add(command, 0, false);
  std::optional<Failed> failed =
      batch.finish([&](std::size_t, const PGresult* result) { rows = rows_of(result); });
  left_something_ = left_something_ || may_leave_something(command.sql);
  if (failed) fail(std::move(*failed));
  settled(!pending.empty());
  session_.queried(command);
  return rows;
}

ResultSet PostgresConnection::query_simple(const std::string& sql) {
  if (channel_.lost()) {
    raise({.failure = {.message = "it was closed before"}}, {.connection_lost = true});
  }
  Channel::refuse_unsendable({.sql = sql});
  begin_call();
  settle();
  channel_.send_simple(sql);
  const Reply reply = receive_reply(channel_, std::nullopt);
  if (!reply.result || reply.failed) {
    Failed failed = reply.result ? failure_of(reply.result.get(), 0, 0)
                                 : Failed{{.message = libpq().PQerrorMessage(channel_.get())}};
    fail(std::move(failed));
  }
  return rows_of(reply.result.get());
}

void PostgresConnection::run_alone(const std::string& sql) {
  require_transaction(false);
  session_.want_guards();
  const Command command{.sql = sql};
  try {
    query_simple(sql);
  } catch (...) {
    note({&command, 1});
    throw;
  }
  note({&command, 1});
}

void PostgresConnection::begin(const TransactionOptions& options) {
  static constexpr std::array<std::string_view, 4> isolations{"", " ISOLATION LEVEL READ COMMITTED",
                                                              " ISOLATION LEVEL REPEATABLE READ",
                                                              " ISOLATION LEVEL SERIALIZABLE"};
  require_transaction(false);
  begin_call();
  session_.want_guards();
  settle();
  std::string sql = "BEGIN";
  sql += isolations.at(static_cast<std::size_t>(options.isolation));
  if (options.read_only) sql += " READ ONLY";
  if (std::optional<Failed> failed = send_control(sql, 0)) fail(std::move(*failed));
}

bool PostgresConnection::in_transaction() const {
  const PGTransactionStatusType status = libpq().PQtransactionStatus(channel_.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

void PostgresConnection::commit() {
  require_transaction(true);
  try {
    begin_call();
  } catch (...) {
    rollback();
    throw;
  }
  if (std::optional<Failed> failed = send_commit(0)) {
    const Ending ending = channel_.watch().ending();
    rollback();
    fail(std::move(*failed), ending, true);
  }
  settings_in_transaction_ = false;
}

void PostgresConnection::rollback() noexcept {
  // A cancel request that came late may hit the first ROLLBACK.
  for (int attempt = 0; attempt < 2 && !channel_.lost(); ++attempt) {
    if (libpq().PQtransactionStatus(channel_.get()) == PQTRANS_IDLE) break;
    try {
      channel_.watch().begin_rollback();
      send_control("ROLLBACK", 0);
    } catch (...) {
      // The connection is gone, and the server rolls back by itself.
    }
  }
  if (std::exchange(settings_in_transaction_, false)) session_.undone();
}

}  // namespace limbeck::postgres
