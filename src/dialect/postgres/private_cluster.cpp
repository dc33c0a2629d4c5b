#include "dialect/postgres/private_cluster.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <pwd.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "limbeck/error.h"

#include "base/file.h"
#include "base/process.h"
#include "dialect/postgres/connection.h"
#include "dialect/postgres/programs.h"

namespace limbeck::postgres {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::size_t max_log = std::size_t{1024} * 1024;
constexpr int program_ms = 60'000;
constexpr auto patience = std::chrono::seconds(30);

[[noreturn]] void fail_cluster(std::string message, std::string detail) {
  throw Error({.code = ExitCode::cannot_connect,
               .message = std::move(message),
               .detail = std::move(detail),
               .hint = "give the login the right to create databases (ALTER ROLE ... CREATEDB), or "
                       "install PostgreSQL's server programs on this machine (Debian: "
                       "postgresql-15), so that a server can be started for the purpose"});
}

fs::path find_programs(const std::string& major) {
  const std::vector<fs::path> found = folders_with({"initdb", "postgres"});
  if (found.empty())
    fail_cluster("there is no place for a scratch database", "no initdb was found");
  if (major.empty()) return found.front();
  for (const fs::path& folder : found) {
    if (major_version(folder / "initdb") == major) return folder;
  }
  fail_cluster("there is no place for a scratch database",
               fmt::format("no initdb of PostgreSQL {} was found", major));
}

// The server refuses to run as root.
const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  for (const char* name : {"postgres", "nobody"}) {
    if (const passwd* user = getpwnam(name)) return user;
  }
  fail_cluster("there is no place for a scratch database",
               "PostgreSQL does not run as root, and there is no user postgres or nobody");
}

// The command as that user, and ended when we are.
std::vector<std::string> as_server(const passwd* user, std::vector<std::string> command) {
  std::vector<std::string> whole{"setpriv", "--pdeathsig=QUIT"};
  if (user != nullptr) {
    whole.push_back(fmt::format("--reuid={}", user->pw_uid));
    whole.push_back(fmt::format("--regid={}", user->pw_gid));
    whole.emplace_back("--clear-groups");
  }
  whole.emplace_back("--");
  whole.insert(whole.end(), std::make_move_iterator(command.begin()),
               std::make_move_iterator(command.end()));
  return whole;
}

fs::path make_folder(const passwd* user) {
  // A socket's path has little room: not below a long TMPDIR.
  const char* configured = std::getenv("TMPDIR");
  std::string pattern = configured != nullptr && std::strlen(configured) < 60 ? configured : "/tmp";
  pattern += "/limbeck-scratch.XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr)
    fail_cluster("there is no place for a scratch database", pattern + " cannot be made");
  if (user != nullptr && chown(pattern.c_str(), user->pw_uid, user->pw_gid) != 0)
    fail_cluster("there is no place for a scratch database", pattern + " cannot be given away");
  return pattern;
}

std::string log_text(const fs::path& file) {
  try {
    return read_file(file, max_log);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

PrivateCluster::PrivateCluster(const std::string& major, const std::atomic<bool>* interrupt) {
  const fs::path programs = find_programs(major);
  const passwd* user = server_user();
  folder_ = make_folder(user);
  try {
    const Captured made = capture_process(
        as_server(user, {(programs / "initdb").string(), "-D", (folder_ / "data").string(), "-U",
                         "limbeck", "-A", "trust", "--no-sync", "--no-instructions",
                         "--encoding=UTF8", "--locale=C.UTF-8"}),
        {.timeout_ms = program_ms, .interrupt = interrupt}, folder_.string());
    if (made.end == Captured::End::interrupted)
      throw Error({.code = ExitCode::interrupted, .message = "interrupted"});
    if (!made.result.ok())
      fail_cluster("a server for the scratch database could not be made: initdb failed, " +
                       describe(made.result),
                   made.errors);
    start(programs, interrupt);
  } catch (...) {
    stop();
    throw;
  }
}

void PrivateCluster::start(const fs::path& programs, const std::atomic<bool>* interrupt) {
  const std::string log = (folder_ / "log").string();
  std::vector<std::string> command{(programs / "postgres").string(), "-D",
                                   (folder_ / "data").string()};
  for (const std::string& setting :
       {std::string("listen_addresses="), "unix_socket_directories=" + folder_.string(),
        std::string("fsync=off"), std::string("full_page_writes=off"),
        std::string("synchronous_commit=off"), std::string("autovacuum=off"),
        std::string("lc_messages=C"), std::string("max_connections=20"),
        std::string("max_locks_per_transaction=1024"), std::string("wal_level=logical")}) {
    command.insert(command.end(), {"-c", setting});
  }
  server_ = start_process(as_server(server_user(), std::move(command)), log);
  if (server_ == 0) fail_cluster("a server for the scratch database could not be started", {});
  const auto deadline = Clock::now() + patience;
  for (;;) {
    try {
      PostgresConnection(url(), {});
      return;
    } catch (const Error&) {
      const bool ended = waitpid(server_, nullptr, WNOHANG) == server_;
      if (ended) server_ = 0;
      if (interrupt != nullptr && interrupt->load())
        throw Error({.code = ExitCode::interrupted, .message = "interrupted"});
      if (ended || Clock::now() > deadline)
        fail_cluster("a server for the scratch database did not start", log_text(log));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

PrivateCluster::~PrivateCluster() {
  stop();
}

std::string PrivateCluster::identity() {
  return version_of(find_programs({}) / "initdb");
}

DatabaseUrl PrivateCluster::url() const {
  return DatabaseUrl::parse("postgresql://limbeck@/postgres?host=" + folder_.string());
}

void PrivateCluster::stop() noexcept {
  if (server_ != 0) {
    kill(server_, SIGQUIT);  // at once: there is nothing to keep
    while (waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
    }
    server_ = 0;
  }
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

}  // namespace limbeck::postgres
