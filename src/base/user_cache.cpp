#include "base/user_cache.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "base/file.h"
#include "base/random_id.h"

namespace limbeck {

namespace fs = std::filesystem;

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

}  // namespace limbeck
