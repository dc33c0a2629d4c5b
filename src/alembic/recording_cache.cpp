#include "alembic/recording_cache.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>

#include "limbeck/error.h"

#include "base/file.h"
#include "base/sha256.h"
#include "base/user_cache.h"

namespace limbeck {
namespace {

constexpr std::size_t digits = 64;
constexpr std::size_t largest = std::size_t{64} * 1024 * 1024;

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

// The hash of the rest, then a line for each script: its key, a blank, what was said.
void RecordingCache::read() {
  struct stat status {};
  if (stat(file_.c_str(), &status) != 0 || status.st_uid != geteuid()) return;
  try {
    text_ = read_file(file_, largest);
  } catch (const Error&) {
    return;
  }
  std::string_view rest = text_;
  const std::string_view hash = next_line(rest);
  if (hash != sha256_hex(rest)) return;
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
    const bool has_room = body.size() + text_.size() < largest;
    for (const auto& [key, line] : known_)
      if (!added_.contains(std::string(key)) && (has_room || used_.contains(key))) add(key, line);
    // Other versions of this program, and other projects, leave theirs behind.
    remove_old_cache_files(file_.parent_path(), {".recordings", ".code"});
    if (body.size() < largest - digits) write_cache_file(file_, sha256_hex(body) + "\n" + body);
  } catch (...) {
    return;
  }
}

}  // namespace limbeck
