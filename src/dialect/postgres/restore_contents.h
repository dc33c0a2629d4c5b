// Which of a backup's contents are restored into a database that is not empty.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "dialect/connection.h"

namespace limbeck::postgres {

struct BackupContents {
  const std::filesystem::path& program;  // pg_restore
  const std::string& file;
  const std::atomic<bool>* interrupt = nullptr;
};

// As pg_restore lists them, without the schemas that are there: those stay, with what else stands
// in them by now.
std::string contents_for(Connection& connection, const BackupContents& backup);

}  // namespace limbeck::postgres
