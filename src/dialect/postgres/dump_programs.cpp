#include "dialect/postgres/dump_programs.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fmt/format.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limbeck/error.h"

#include "base/file.h"
#include "base/process.h"
#include "base/redact.h"
#include "dialect/postgres/handle.h"
#include "dialect/postgres/programs.h"
#include "dialect/postgres/session_options.h"
#include "dialect/postgres/tls.h"

namespace limbeck::postgres {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_dump(std::string message, std::string detail, std::string hint) {
  throw Error({.code = ExitCode::failed_rolled_back,
               .message = std::move(message),
               .detail = std::move(detail),
               .hint = std::move(hint)});
}

int number_of(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// As libpq's keyword strings want it.
std::string setting(std::string_view keyword, std::string_view value) {
  std::string text = fmt::format("{}='", keyword);
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "' ";
}

// A file in memory alone; none when it cannot be made.
FileDescriptor memory_file(const char* name, std::string_view content) {
  FileDescriptor file(memfd_create(name, MFD_CLOEXEC));
  constexpr mode_t for_nobody_else = 0600;  // libpq reads no other password
  if (!file || fchmod(file.get(), for_nobody_else) != 0) return {};
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return {};
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return file;
}

// A password file as libpq reads it.
FileDescriptor password_file(std::string_view password) {
  if (password.find_first_of("\r\n") != std::string_view::npos)
    fail_dump("pg_dump can be given no password with a line end in it", {}, {});
  std::string line = "*:*:*:*:";  // any host, port, database and user
  for (const char c : password) {
    if (c == ':' || c == '\\') line += '\\';
    line += c;
  }
  line += '\n';
  FileDescriptor file = memory_file("limbeck-password", line);
  if (!file) fail_dump("pg_dump cannot be given its password", std::strerror(errno), {});
  return file;
}

struct Access {
  std::string argument = {};
  FileDescriptor password = {};  // a file with it; none when the url holds none
};

Access access_to(const DatabaseUrl& url, const std::string& database) {
  const Handle<PQconninfoOption> options(libpq().PQconninfoParse(url.target().c_str(), nullptr));
  if (!options) fail_dump("libpq does not understand the database url " + url.redacted(), {}, {});
  Access access{.argument = "--dbname="};
  std::string session = session_options(url, {});
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view keyword = option->keyword;
    if (option->val == nullptr || (keyword == "dbname" && !database.empty())) continue;
    if (keyword == "options" && !url.session().empty()) {
      session = session_options(url, option->val);
    } else if (keyword == "password") {
      access.password = password_file(option->val);
    } else if (keyword == "sslpassword") {
      fail_dump("the url holds sslpassword, which pg_dump could only be given where others see it",
                {}, "put it into a service file (service=... in the url)");
    } else {
      access.argument += setting(keyword, option->val);
    }
  }
  if (!session.empty()) access.argument += setting("options", session);
  for (const auto& [keyword, value] : tls_defaults(url)) access.argument += setting(keyword, value);
  if (!database.empty()) access.argument += setting("dbname", database);
  return access;
}

}  // namespace

int major_of_server(const std::string& server_version) {
  const std::size_t begin = server_version.find_first_of("0123456789");
  return begin == std::string::npos ? 0 : number_of(std::string_view(server_version).substr(begin));
}

fs::path dump_programs(int major) {
  const std::vector<fs::path> folders = folders_with({"pg_dump", "pg_restore"});
  if (folders.empty()) {
    fail_dump("there is no pg_dump, which makes and restores backups of PostgreSQL",
              "neither PATH nor pg_config names a folder with pg_dump and pg_restore",
              "install PostgreSQL's client programs (Debian: postgresql-client)");
  }
  std::vector<int> majors;
  majors.reserve(folders.size());
  for (const fs::path& folder : folders)
    majors.push_back(number_of(major_version(folder / "pg_dump")));
  // A newer pg_restore may set what an older server does not know.
  const auto same = std::find(majors.begin(), majors.end(), major);
  const auto best = same != majors.end() ? same : std::max_element(majors.begin(), majors.end());
  if (*best >= major) return folders[static_cast<std::size_t>(best - majors.begin())];
  const std::string newest = version_of(folders.front() / "pg_dump");
  fail_dump(
      fmt::format("pg_dump is older than the server, which is PostgreSQL {}", major),
      newest.substr(0, newest.find('\n')),
      fmt::format("install the client programs of PostgreSQL {} (Debian: postgresql-client-{})",
                  major, major));
}

std::string run_dump_program(const DumpProgram& program, const std::string& what) {
  std::vector<std::string> command{program.path.string()};
  std::vector<std::string> environment;
  std::vector<int> kept_open;
  Access access;
  if (program.url != nullptr) {
    access = access_to(*program.url, program.database);
    command.insert(command.end(), {"--no-password", access.argument});
  }
  if (access.password) {
    // A password of the environment would come before that of a file.
    environment = {"PGPASSWORD=",
                   fmt::format("PGPASSFILE=/proc/self/fd/{}", access.password.get())};
    kept_open = {access.password.get()};
  }
  FileDescriptor list;
  if (!program.use_list.empty()) {
    list = memory_file("limbeck-contents", program.use_list);
    if (!list) fail_dump("pg_restore cannot be told what to restore", std::strerror(errno), {});
    command.push_back(fmt::format("--use-list=/proc/self/fd/{}", list.get()));
    kept_open.push_back(list.get());
  }
  command.insert(command.end(), program.arguments.begin(), program.arguments.end());
  const Captured ran = capture_process(
      command, {.interrupt = program.interrupt, .take = program.take}, {}, environment, kept_open);
  if (ran.end == Captured::End::interrupted)
    throw Interrupted({.code = ExitCode::interrupted, .message = "interrupted"}, {});
  if (ran.result.ok()) return ran.output;
  fail_dump(fmt::format("{}: {}: {}", what, program.path.filename().string(), describe(ran.result)),
            redact(ran.errors), {});
}

}  // namespace limbeck::postgres
