// Backups of a database by pg_dump, in its custom format.
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

#include "base/file.h"
#include "dialect/postgres/connection.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/dump_programs.h"

namespace limbeck::postgres {
namespace {

[[noreturn]] void fail_backup(std::string message, std::string hint = {}) {
  throw Error({.code = ExitCode::failed_rolled_back,
               .message = std::move(message),
               .hint = std::move(hint)});
}

// Open to nobody else from its first byte; removed unless it has been moved.
class PartialFile {
 public:
  explicit PartialFile(std::string path) : path_(std::move(path)) {
    unlink(path_.c_str());
    const FileDescriptor file(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file) fail_backup(fmt::format("cannot create {}: {}", path_, std::strerror(errno)));
  }
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile() { unlink(path_.c_str()); }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// pg_dump takes a pattern: a name in double quotes stands for itself.
std::string table_argument(const QualifiedName& table) {
  return "--table=" + dialect().quote(table);
}

std::string beginning_of(const std::string& file) {
  std::array<char, 16> bytes{};
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail_backup(fmt::format("{} cannot be read: {}", file, std::strerror(errno)));
  stream.read(bytes.data(), bytes.size());
  return {bytes.data(), static_cast<std::size_t>(stream.gcount())};
}

}  // namespace

void backup(const DatabaseUrl& url, const std::string& file, const BackupRequest& request) {
  const ConnectOptions options{.interrupt = request.interrupt, .read_only = true};
  const int major = major_of_server(PostgresConnection(url, options).server_version());
  const std::filesystem::path programs = dump_programs(major);
  const PartialFile partial(fmt::format("{}.partial-{}", file, getpid()));
  DumpProgram dump{.path = programs / "pg_dump",
                   .arguments = {"--format=custom", "--file=" + partial.path()},
                   .url = &url,
                   .interrupt = request.interrupt};
  if (request.lock_wait_ms > 0)
    dump.arguments.push_back(fmt::format("--lock-wait-timeout={}", request.lock_wait_ms));
  for (const QualifiedName& table : request.tables) dump.arguments.push_back(table_argument(table));
  run_dump_program(dump, "the backup failed");
  check_backup(partial.path());
  move_file(partial.path(), file);
}

void check_backup(const std::string& file) {
  const std::string begins = beginning_of(file);
  if (begins.starts_with("SQLite format 3"))
    fail_backup(file + " is a backup of an SQLite database",
                "name an SQLite database with --url to restore it");
  if (!begins.starts_with("PGDMP")) fail_backup(file + " is no backup that pg_dump has written");
  try {
    run_dump_program({.path = dump_programs(0) / "pg_restore", .arguments = {"--list", file}},
                     file + " cannot be read");
    // Every block of it, and not its table of contents alone.
    run_dump_program(
        {.path = dump_programs(0) / "pg_restore", .arguments = {"--file=/dev/null", file}},
        file + " is damaged");
  } catch (Error& error) {
    if (error.report().hint.empty()) error.report().hint = "use another backup";
    throw;
  }
}

}  // namespace limbeck::postgres
