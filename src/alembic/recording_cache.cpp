#include "alembic/recording_cache.h"

#include <algorithm>

#include "base/sha256.h"
#include "base/user_cache.h"

namespace limbeck {
namespace {

constexpr std::size_t digits = 64;

// The next line, which is taken away from the text.
std::string_view next_line(std::string_view& text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(line.size() + 1, text.size()));
  return line;
}

}  // namespace

RecordingCache::RecordingCache(const std::filesystem::path& folder, std::string_view inputs) {
  if (folder.empty()) return;
  file_ = folder / (sha256_hex(inputs) + ".recordings");
  read();
}

RecordingCache::~RecordingCache() {
  if (!file_.empty() && !added_.empty()) write();
}

// A line for each script: its key, a blank, what was said.
void RecordingCache::read() {
  text_ = read_checked_cache_file(file_);
  std::string_view rest = text_;
  while (!rest.empty()) {
    const std::string_view line = next_line(rest);
    if (line.size() > digits) known_.emplace(line.substr(0, digits), line.substr(digits + 1));
  }
}

std::string_view RecordingCache::find(const std::string& script) {
  const auto found = known_.find(sha256_hex(script));
  if (found == known_.end()) return {};
  used_.insert(found->first);
  return found->second;
}

void RecordingCache::keep(const std::string& script, std::string_view line) {
  if (!file_.empty()) added_.insert_or_assign(sha256_hex(script), line);
}

// With what was known before, as long as there is room: a run asks for one direction only.
void RecordingCache::write() noexcept {
  try {
    std::string body;
    const auto add = [&](std::string_view key, std::string_view line) {
      body.append(key).append(" ").append(line).append("\n");
    };
    for (const auto& [key, line] : added_) add(key, line);
    const bool has_room = body.size() + text_.size() < largest_cache_file;
    for (const auto& [key, line] : known_)
      if (!added_.contains(std::string(key)) && (has_room || used_.contains(key))) add(key, line);
    // Other versions of this program, and other projects, leave theirs behind.
    remove_old_cache_files(file_.parent_path(), {".recordings", ".code"});
    write_checked_cache_file(file_, body);
  } catch (...) {
    return;
  }
}

}  // namespace limbeck
