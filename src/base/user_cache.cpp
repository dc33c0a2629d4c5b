#include "base/user_cache.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/file.h"
#include "base/random_id.h"
#include "base/sha256.h"

namespace limbeck {

namespace fs = std::filesystem;

constexpr auto kept_for = std::chrono::hours(24) * 90;
constexpr std::size_t hash_digits = 64;

fs::path user_cache_folder() {
  const char* configured = std::getenv("XDG_CACHE_HOME");
  if (configured != nullptr && *configured == '/') return fs::path(configured) / "limbeck";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".cache" / "limbeck";
  return {};
}

void write_cache_file(const fs::path& path, std::string_view bytes) noexcept {
  try {
    std::error_code error;
    if (fs::create_directories(path.parent_path(), error))
      fs::permissions(path.parent_path(), fs::perms::owner_all, error);
    const fs::path unfinished = path.string() + "." + random_hex(8) + ".tmp";
    bool whole = false;
    {
      const FileDescriptor file(
          open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
      if (!file) return;
      while (!bytes.empty()) {
        const ssize_t written = write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(written));
      }
      whole = bytes.empty();
    }
    if (whole) fs::rename(unfinished, path, error);
    if (!whole || error) fs::remove(unfinished, error);
  } catch (...) {
    return;
  }
}

void write_checked_cache_file(const fs::path& path, std::string_view body) noexcept {
  try {
    if (body.size() >= largest_cache_file - hash_digits - 1) return;
    write_cache_file(path, fmt::format("{}\n{}", sha256_hex(body), body));
  } catch (...) {
    return;
  }
}

std::string read_checked_cache_file(const fs::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || status.st_uid != geteuid()) return {};
  try {
    std::string text = read_file(path, largest_cache_file);
    if (text.size() <= hash_digits || text[hash_digits] != '\n') return {};
    const std::string hash = text.substr(0, hash_digits);
    text.erase(0, hash_digits + 1);
    return hash == sha256_hex(text) ? text : std::string();
  } catch (const Error&) {
    return {};
  }
}

void remove_old_cache_files(const fs::path& folder,
                            std::initializer_list<std::string_view> endings) noexcept {
  try {
    const auto oldest = fs::file_time_type::clock::now() - kept_for;
    std::error_code error;
    for (const auto& it : fs::directory_iterator(folder, error)) {
      const std::string name = it.path().filename().string();
      const bool ours = std::any_of(endings.begin(), endings.end(),
                                    [&](auto ending) { return name.ends_with(ending); });
      if (ours && it.last_write_time(error) < oldest && !error) fs::remove(it.path(), error);
    }
  } catch (...) {
    return;
  }
}

}  // namespace limbeck
