#include "dialect/postgres/programs.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "base/process.h"

namespace limbeck::postgres {
namespace {

namespace fs = std::filesystem;

constexpr int answer_ms = 60'000;

std::vector<fs::path> known_folders() {
  std::vector<fs::path> folders;
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "";
  while (!rest.empty()) {
    const std::string_view entry = rest.substr(0, rest.find(':'));
    if (!entry.empty()) folders.emplace_back(entry);
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
  }
  const Captured said = capture_process({"pg_config", "--bindir"}, {.timeout_ms = answer_ms});
  if (said.result.ok()) folders.emplace_back(said.output.substr(0, said.output.find('\n')));
  std::vector<fs::path> installed;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
    installed.push_back(entry.path() / "bin");
  std::sort(installed.rbegin(), installed.rend());
  folders.insert(folders.end(), installed.begin(), installed.end());
  return folders;
}

}  // namespace

std::vector<fs::path> folders_with(std::initializer_list<std::string_view> programs) {
  std::vector<fs::path> folders = known_folders();
  std::erase_if(folders, [&](const fs::path& folder) {
    return std::any_of(programs.begin(), programs.end(), [&](std::string_view program) {
      return access((folder / program).c_str(), X_OK) != 0;
    });
  });
  return folders;
}

std::string version_of(const fs::path& program) {
  return capture_process({program.string(), "--version"}, {.timeout_ms = answer_ms}).output;
}

std::string major_version(const fs::path& program) {
  const std::string said = version_of(program);
  const std::size_t begin = said.find_first_of("0123456789");
  if (begin == std::string::npos) return {};
  return said.substr(begin, said.find_first_not_of("0123456789", begin) - begin);
}

}  // namespace limbeck::postgres
