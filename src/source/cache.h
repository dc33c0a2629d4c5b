// The cache of elaborated schemas: a declaration that has not changed costs no scratch database.
//
// It is only ever a shortcut: what is missing, damaged or cannot be written is as if there were no
// cache. It never holds a secret.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "schema/json.h"
#include "source/declared.h"

namespace limbeck {

struct LoadContext;
struct LoadOptions;

// Everything that the result depends on, hashed: the SQL, the options, the server.
std::string cache_key(const std::vector<SqlFile>& files, const LoadOptions& options,
                      const LoadContext& context);

std::optional<Schema> read_cached(const std::filesystem::path& folder, const std::string& key);
void write_cached(const std::filesystem::path& folder, const std::string& key,
                  const Snapshot& snapshot);

}  // namespace limbeck
