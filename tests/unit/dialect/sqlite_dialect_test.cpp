#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "unit/dialect/scratch_database.h"
#include "unit/dialect/scratch_folder.h"

namespace limbeck::test {
namespace {

using Commands = std::vector<Command>;

const Dialect& dialect() {
  return dialect_named("sqlite");
}

void run(Connection& connection, const std::vector<std::string>& texts) {
  Commands commands;
  for (const std::string& text : texts) commands.push_back({.sql = text});
  connection.run(commands, Wrap::own_transaction);
}

LockAttempt try_lock(const ScratchFolder& folder, Connection& connection) {
  return dialect().try_lock(connection, folder.url(), {{"main"}, {"v"}});
}

bool is_held(const LockAttempt& attempt) {
  return std::holds_alternative<std::unique_ptr<RunLock>>(attempt);
}

RunLock& lock_of(const LockAttempt& attempt) {
  REQUIRE(is_held(attempt));
  return *std::get<std::unique_ptr<RunLock>>(attempt);
}

}  // namespace

TEST_CASE("the lock of a file says who holds it, and leaves nothing behind") {
  const ScratchFolder folder;
  const auto first = folder.connect();
  const auto second = folder.connect();
  const std::string lock_file = folder.file() + "-limbeck.lock";
  {
    const LockAttempt mine = try_lock(folder, *first);
    CHECK(lock_of(mine).held());
    const LockAttempt theirs = try_lock(folder, *second);
    REQUIRE_FALSE(is_held(theirs));
    const auto& holder = std::get<LockHolder>(theirs);
    CHECK(holder.pid == getpid());
    CHECK_FALSE(holder.user.empty());
    CHECK_FALSE(holder.host.empty());
    CHECK(holder.since.size() == 24);
    CHECK(std::filesystem::exists(lock_file));
  }
  CHECK_FALSE(std::filesystem::exists(lock_file));
  CHECK(is_held(try_lock(folder, *second)));
}

TEST_CASE("the file by another name has the same lock") {
  const ScratchFolder folder;
  const auto first = folder.connect();
  run(*first, {"CREATE TABLE t (a)"});
  std::filesystem::create_symlink(folder.file(), folder.file("link.db"));
  const auto second = dialect().connect(folder.url("link.db"), {});
  const LockAttempt mine = try_lock(folder, *first);
  CHECK(is_held(mine));
  CHECK_FALSE(is_held(try_lock(folder, *second)));
}

TEST_CASE("the lock of a process that was killed is free") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  const pid_t child = fork();
  if (child == 0) {
    const auto own = folder.connect();
    LockAttempt lock = try_lock(folder, *own);
    while (!is_held(lock)) lock = try_lock(folder, *own);  // the parent may be trying just now
    pause();
    _exit(0);
  }
  for (int i = 0; i < 200 && is_held(try_lock(folder, *connection)); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  const LockAttempt attempt = try_lock(folder, *connection);
  REQUIRE_FALSE(is_held(attempt));
  CHECK(std::get<LockHolder>(attempt).pid == child);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(std::filesystem::exists(folder.file() + "-limbeck.lock"));
  CHECK(is_held(try_lock(folder, *connection)));
}

TEST_CASE("many who come and go never hold the lock together") {
  const ScratchFolder folder;
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      const auto connection = folder.connect();
      for (int got = 0; got < 100;) {
        const LockAttempt attempt = try_lock(folder, *connection);
        if (!is_held(attempt)) continue;
        // Whoever is inside alone can create this file.
        const int inside = open(folder.file("inside").c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
        if (inside < 0) _exit(1);
        close(inside);
        unlink(folder.file("inside").c_str());
        ++got;
      }
      _exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
}

TEST_CASE("a lock file that someone removed is a lost lock, and no other's is removed") {
  const ScratchFolder folder;
  const auto first = folder.connect();
  const auto second = folder.connect();
  std::optional<LockAttempt> mine = try_lock(folder, *first);
  std::filesystem::remove(folder.file() + "-limbeck.lock");
  CHECK_FALSE(lock_of(*mine).held());
  const LockAttempt theirs = try_lock(folder, *second);
  mine.reset();
  CHECK(lock_of(theirs).held());
}

TEST_CASE("where no lock file can be, the error says so") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  run(*connection, {"CREATE TABLE t (a)"});
  std::filesystem::create_symlink("/etc/passwd", folder.file() + "-limbeck.lock");
  try {
    try_lock(folder, *connection);
    FAIL("followed a symbolic link");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::failed_rolled_back);
    CHECK(error.report().message.find("-limbeck.lock") != std::string::npos);
  }
}

TEST_CASE("a database in memory needs no lock") {
  const DatabaseUrl url = DatabaseUrl::parse("sqlite://");
  const auto connection = dialect().connect(url, {});
  const LockAttempt lock = dialect().try_lock(*connection, url, {{}, {"v"}});
  CHECK(lock_of(lock).held());
}

TEST_CASE("the runner's tables in SQLite") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  const QualifiedName table = dialect().locate(*connection, {{}, {"odd \"'table"}});
  CHECK(table.schema.name == "main");
  CHECK_FALSE(dialect().table_exists(*connection, table));
  run(*connection, {"CREATE TEMP TABLE \"odd \"\"'table\" (a)"});
  CHECK_FALSE(dialect().table_exists(*connection, table));
  run(*connection, dialect().create_version_table(table, 32));
  CHECK(dialect().table_exists(*connection, table));
  CHECK_FALSE(dialect().column_width(*connection, table, {"version_num"}));
  CHECK(dialect().widen_version_table(table, 255).empty());
  const QualifiedName journal{{"main"}, {"limbeck_journal"}};
  run(*connection, dialect().create_journal_table(journal));
  const std::string insert = fmt::format(
      "INSERT INTO {} (version_table, run_id, kind, direction, outcome, started_at) VALUES ('v', "
      "'r', 'k', 'd', 'o', {}) "
      "RETURNING id",
      dialect().quote(journal), dialect().now());
  CHECK(ask_integer(*connection, insert) == 1);
  CHECK(ask_integer(*connection, insert) == 2);
  CHECK(ask_text(*connection, "SELECT started_at FROM limbeck_journal LIMIT 1").size() == 24);
}

TEST_CASE("the primary key of a table in SQLite") {
  const ScratchFolder folder;
  const auto connection = folder.connect();
  run(*connection, {"CREATE TABLE \"Two Keys\" (x, b DATE, a BIGINT, PRIMARY KEY (a, b))",
                    "CREATE TABLE none (a)"});
  for (const char* name : {"\"Two Keys\"", "main.[Two Keys]", "`two keys`"}) {
    CAPTURE(name);
    const auto key = dialect().primary_key(*connection, name);
    REQUIRE(key.size() == 2);
    CHECK(key[0].name == "a");
    CHECK(key[1].name == "b");
  }
  CHECK(dialect().primary_key(*connection, "none").empty());
  CHECK(dialect().primary_key(*connection, "").empty());
  CHECK(dialect().probe(*connection, statement_of(dialect(), "VACUUM")).state ==
        ProbeResult::State::not_done);
  CHECK(dialect().probe(*connection, statement_of(dialect(), "CREATE TABLE a (b)")).state ==
        ProbeResult::State::unknown);
}

TEST_CASE("a backup is whole, and a restore brings it back") {
  for (const char* mode : {"delete", "wal"}) {
    const ScratchFolder folder;
    const auto connection = folder.connect();
    connection->run_alone(std::string("PRAGMA journal_mode = ") + mode);
    run(*connection, {"CREATE TABLE t (a)", "INSERT INTO t VALUES (1)"});
    dialect().backup(folder.url(), folder.file("copy"));
    // Another reader does not hinder it.
    CHECK(ask_integer(*connection, "SELECT count(*) FROM t") == 1);
    run(*connection, {"DROP TABLE t", "CREATE TABLE u (a)"});
    dialect().restore(folder.url(), folder.file("copy"));
    CHECK(ask_integer(*folder.connect(), "SELECT a FROM t") == 1);
    CHECK(ask_integer(*folder.connect(), "SELECT count(*) FROM sqlite_master") == 1);
    // No file of its own is left.
    for (const auto& entry : std::filesystem::directory_iterator(folder.file("."))) {
      CHECK(entry.path().string().find("partial") == std::string::npos);
    }
  }
}

TEST_CASE("a damaged database is replaced by its backup") {
  const ScratchFolder folder;
  run(*folder.connect(), {"CREATE TABLE t (a)"});
  dialect().backup(folder.url(), folder.file("copy"));
  std::ofstream(folder.file()) << std::string(8'192, 'x');
  dialect().restore(folder.url(), folder.file("copy"));
  CHECK(ask_integer(*folder.connect(), "SELECT count(*) FROM t") == 0);
}

TEST_CASE("what is no sound database is never restored") {
  const ScratchFolder folder;
  {
    const auto connection = folder.connect();
    run(*connection, {"CREATE TABLE t (a)", "CREATE INDEX i ON t (a)",
                      "INSERT INTO t VALUES (randomblob(9000))"});
  }
  const auto restore = [&] { dialect().restore(folder.url(), folder.file("copy")); };
  CHECK_THROWS_AS(restore(), Error);  // not there
  std::ofstream(folder.file("copy")) << "no database";
  CHECK_THROWS_AS(restore(), Error);
  std::ofstream(folder.file("copy")) << "";
  CHECK_THROWS_AS(restore(), Error);
  CHECK_THROWS_AS(dialect().backup(folder.url(), folder.file("copy")), Error);  // a file is there
  std::filesystem::remove(folder.file("copy"));
  dialect().backup(folder.url(), folder.file("copy"));
  {
    std::fstream file(folder.file("copy"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4'096);
    file << std::string(4'096, '\xff');
  }
  CHECK_THROWS_AS(restore(), Error);
  CHECK(ask_integer(*folder.connect(), "SELECT count(*) FROM t") == 1);
  CHECK_THROWS_AS(dialect().backup(folder.url("nowhere.db"), folder.file("copy2")), Error);
  CHECK_FALSE(std::filesystem::exists(folder.file("copy2")));
  CHECK_FALSE(std::filesystem::exists(folder.file("nowhere.db")));
  CHECK_THROWS_AS(dialect().backup(folder.url(), folder.file()), Error);
  CHECK_THROWS_AS(dialect().backup(DatabaseUrl::parse("sqlite://"), folder.file("copy2")), Error);
}

}  // namespace limbeck::test
