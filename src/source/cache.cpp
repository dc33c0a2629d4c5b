#include "source/cache.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <system_error>

#include "limbeck/version.h"

#include "base/file.h"
#include "base/sha256.h"
#include "dialect/scratch.h"
#include "source/load.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_entry = std::size_t{1024} * 1024 * 1024;
constexpr std::size_t max_entries = 32;
constexpr std::size_t hash_digits = 64;

fs::path entry(const fs::path& folder, const std::string& key) {
  return folder / (key + ".json");
}

// The oldest ones go.
void make_room(const fs::path& folder) {
  std::error_code ignored;
  std::vector<std::pair<fs::file_time_type, fs::path>> entries;
  for (const auto& it : fs::directory_iterator(folder, ignored)) {
    if (it.path().extension() == ".json")
      entries.emplace_back(it.last_write_time(ignored), it.path());
  }
  if (entries.size() < max_entries) return;
  std::sort(entries.begin(), entries.end());
  for (std::size_t i = 0; i + max_entries <= entries.size(); ++i)
    fs::remove(entries[i].second, ignored);
}

}  // namespace

std::string cache_key(const std::vector<SqlFile>& files, const LoadOptions& options,
                      const LoadContext& context) {
  const ScratchDialect& dialect = scratch_dialect_named(options.dialect);
  std::optional<DatabaseUrl> server = context.server;
  if (server && server->dialect() != options.dialect) server.reset();
  std::string all =
      fmt::format("limbeck {} {}\n{} {}\n{} {}\n", version, schema_json_format, options.dialect,
                  dialect.identity(server, context.connect), options.owners, options.privileges);
  for (const SqlFile& file : files)
    all += fmt::format("{} {}\n{}", file.source.file, file.source.text.size(), file.source.text);
  return sha256_hex(all);
}

std::optional<Schema> read_cached(const fs::path& folder, const std::string& key) {
  try {
    const std::string text = read_file(entry(folder, key), max_entry);
    if (text.size() <= hash_digits) return std::nullopt;
    const std::string_view body = std::string_view(text).substr(hash_digits + 1);
    if (text.compare(0, hash_digits, sha256_hex(body)) != 0) return std::nullopt;
    return read_snapshot(body, "cache").schema;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void write_cached(const fs::path& folder, const std::string& key, const Snapshot& snapshot) {
  if (without_secrets(snapshot.schema) != snapshot.schema) return;
  std::error_code error;
  const bool is_new = fs::create_directories(folder, error);
  if (error) return;
  try {
    // No version control is to keep it.
    if (is_new) write_new_file(folder / ".gitignore", "*\n");
    make_room(folder);
    fs::remove(entry(folder, key), error);
    const std::string body = snapshot_json(snapshot);
    write_new_file(entry(folder, key), sha256_hex(body) + "\n" + body);
  } catch (const Error&) {
    return;
  }
}

}  // namespace limbeck
