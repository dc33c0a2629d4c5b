#include "run/damaged_file.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "base/file.h"
#include "base/time.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

// A log that stays beside the name would be applied to the file that comes there.
constexpr std::array<const char*, 4> ends_of_files{"", "-journal", "-wal", "-shm"};

}  // namespace

DamagedFile::DamagedFile(const DatabaseUrl& url) : original_(url.target()) {
  std::string time = iso8601(std::chrono::system_clock::now());
  std::replace(time.begin(), time.end(), ':', '-');
  renamed_ = fmt::format("{}.{}.damaged", original_, time);
  std::error_code ignored;
  try {
    for (const char* end : ends_of_files) {
      if (!fs::exists(original_ + end, ignored)) continue;
      move_file(original_ + end, renamed_ + end);
      ends_.emplace_back(end);
    }
  } catch (...) {
    put_back();
    throw;
  }
}

DamagedFile::~DamagedFile() {
  put_back();
}

void DamagedFile::put_back() const {
  for (const std::string& end : ends_)
    std::rename((renamed_ + end).c_str(), (original_ + end).c_str());
}

std::string DamagedFile::keep() {
  ends_.clear();
  return renamed_;
}

}  // namespace limbeck
