#include "source/source.h"

#include <array>
#include <fstream>
#include <system_error>

#include "limbeck/error.h"

#include "base/redact.h"
#include "operation/match.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view program_prefix = "cmd:";
constexpr std::string_view revisions_word = "revisions";

constexpr std::string_view known_forms =
    "a source is a database url, a .sql file or a folder of them, revisions[@SELECTOR], a .json "
    "snapshot, or cmd:PROGRAM";

[[noreturn]] void refuse(std::string message) {
  throw Error(
      {.code = ExitCode::usage, .message = std::move(message), .hint = std::string(known_forms)});
}

bool is_sqlite_file(const fs::path& path) {
  constexpr std::string_view magic = "SQLite format 3";
  std::array<char, magic.size()> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  return file.gcount() == static_cast<std::streamsize>(head.size()) &&
         std::string_view(head.data(), head.size()) == magic;
}

// A path: told apart by its name, and where that says nothing by what is there.
Source path_source(std::string_view text) {
  const fs::path path(text);
  const std::string extension = path.extension().string();
  if (extension == ".sql") return SqlSource{path};
  if (extension == ".json") return SnapshotSource{path};
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return SqlSource{path};
  if (fs::exists(path, ignored)) {
    if (is_sqlite_file(path))
      return DatabaseSource{DatabaseUrl::parse("sqlite:///" + path.string())};
    if (extension != ".db" && extension != ".sqlite" && extension != ".sqlite3")
      return SqlSource{path};
  }
  try {
    return DatabaseSource{DatabaseUrl::parse(text)};
  } catch (const Error&) {
    refuse("\"" + redact(text) + "\" is no source: there is no such file or folder");
  }
}

}  // namespace

Source parse_source(std::string_view text) {
  if (text.empty()) refuse("a source is empty");
  if (text.starts_with(program_prefix)) {
    const std::string_view command = text.substr(program_prefix.size());
    if (command.find_first_not_of(" \t") == std::string_view::npos) refuse("cmd: names no program");
    return ProgramSource{std::string(command)};
  }
  if (text == revisions_word) return RevisionsSource{};
  if (text.starts_with("revisions@")) {
    const std::string_view selector = text.substr(revisions_word.size() + 1);
    if (selector.empty()) refuse("revisions@ names no revision");
    return RevisionsSource{std::string(selector)};
  }
  if (text.find("://") != std::string_view::npos) return DatabaseSource{DatabaseUrl::parse(text)};
  return path_source(text);
}

std::string describe(const Source& source) {
  return match(
      source, [](const DatabaseSource& it) { return it.url.redacted(); },
      [](const SqlSource& it) { return it.path.string(); },
      [](const SnapshotSource& it) { return it.path.string(); },
      [](const RevisionsSource& it) { return "revisions@" + it.selector; },
      [](const ProgramSource& it) { return redact("cmd:" + it.command); });
}

}  // namespace limbeck
