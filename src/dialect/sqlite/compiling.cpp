#include "dialect/sqlite/compiling.h"

#include "dialect/sqlite/handle.h"

namespace limbeck::sqlite {
namespace {

void allow_texts(sqlite3* database, bool texts) {
  const int on = texts ? 1 : 0;
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, on, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, on, nullptr);
}

}  // namespace

std::string failure_of(sqlite3* database, const std::string& sql, bool texts) {
  allow_texts(database, texts);
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.c_str(), -1, &raw, nullptr);
  const Handle<sqlite3_stmt> prepared(raw);
  std::string failure = code == SQLITE_OK ? "" : sqlite3_errmsg(database);
  allow_texts(database, true);
  return failure;
}

}  // namespace limbeck::sqlite
