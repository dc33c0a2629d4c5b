// The way back from a backup of some tables, which take the place of those that are there.
#pragma once

#include <filesystem>
#include <string>

#include "dialect/backup.h"
#include "dialect/database_url.h"

namespace limbeck::postgres {

// In one transaction. Foreign keys of other tables to these are dropped and made again, which looks
// each of their rows up. program: pg_restore. Throws Error; then nothing was changed.
void restore_tables(const DatabaseUrl& url, const std::string& file, const RestoreRequest& request,
                    const std::filesystem::path& program);

}  // namespace limbeck::postgres
