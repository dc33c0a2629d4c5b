#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "unit/dialect/scratch_database.h"

namespace limbeck::test {
namespace {

constexpr const char* pgbouncer = "/usr/sbin/pgbouncer";

// A pgbouncer of the test's own, in front of one database.
class Pooler {
 public:
  Pooler(const ScratchDatabase& database, const std::string& mode) {
    std::array<char, 32> pattern{"/tmp/limbeck-pooler-XXXXXX"};
    folder_ = mkdtemp(pattern.data());
    const auto connection = database.connect();
    const std::string user = connection->database_user();
    const std::string socket = ask_text(*connection, "SHOW unix_socket_directories");
    const std::string port = ask_text(*connection, "SHOW port");
    std::ofstream(folder_ + "/users") << '"' << user << "\" \"\"\n";
    std::ofstream(folder_ + "/ini")
        << "[databases]\n* = host=" << socket.substr(0, socket.find(',')) << " port=" << port
        << "\n[pgbouncer]\nlisten_port = 6499\nunix_socket_dir = " << folder_
        << "\nauth_type = trust\nauth_file = " << folder_ << "/users\npool_mode = " << mode
        << "\nignore_startup_parameters = extra_float_digits\nlogfile = " << folder_ << "/log\n";
    url_ = fmt::format("postgresql://{}@/{}?host={}&port=6499", user, database.name(), folder_);
    start();
  }
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;
  ~Pooler() {
    if (process_ > 0) {
      kill(process_, SIGKILL);
      waitpid(process_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  const std::string& url() const { return url_; }
  bool wait_until_ready() const {
    for (int i = 0; i < 100; ++i) {
      if (std::filesystem::exists(folder_ + "/.s.PGSQL.6499")) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    return false;
  }

 private:
  void start() {
    process_ = fork();
    if (process_ != 0) return;
    // pgbouncer refuses to run as root.
    const passwd* nobody = geteuid() == 0 ? getpwnam("nobody") : nullptr;
    if (nobody != nullptr) {
      if (chown(folder_.c_str(), nobody->pw_uid, nobody->pw_gid) != 0) _exit(126);
      if (setgid(nobody->pw_gid) != 0 || setuid(nobody->pw_uid) != 0) _exit(126);
    }
    const int nothing = open("/dev/null", O_WRONLY);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    execl(pgbouncer, pgbouncer, (folder_ + "/ini").c_str(), nullptr);
    _exit(127);
  }

  std::string folder_;
  std::string url_;
  pid_t process_ = 0;
};

}  // namespace

TEST_CASE("a pooler that shares sessions is refused") {
  const auto server = server_url();
  if (!server) return;
  if (access(pgbouncer, X_OK) != 0) {
    MESSAGE("skipped: pgbouncer is not installed");
    return;
  }
  const ScratchDatabase database(*server);
  const Pooler pooler(database, "transaction");
  REQUIRE(pooler.wait_until_ready());
  try {
    ScratchDatabase::dialect().connect(DatabaseUrl::parse(pooler.url()), {});
    FAIL("connected through a pooler");
  } catch (const Error& error) {
    INFO(error.report().message, "; ", error.report().detail);
    CHECK(error.code() == ExitCode::cannot_connect);
    CHECK(error.report().message.find("pooler") != std::string::npos);
    CHECK(error.report().hint.find("directly") != std::string::npos);
  }
}

}  // namespace limbeck::test
