#include "dialect/sqlite/named.h"

#include "limbeck/error.h"

#include "dialect/sqlite/create_table.h"
#include "dialect/sqlite/handle.h"
#include "dialect/sqlite/statements.h"

namespace limbeck::sqlite {
namespace {

std::vector<Object> read_entries_of_table(sqlite3_stmt* entries) {
  std::vector<Object> found;
  std::vector<std::string> columns;
  while (sqlite3_step(entries) == SQLITE_ROW) {
    const std::string sql = reinterpret_cast<const char*>(sqlite3_column_text(entries, 0));
    if (found.empty()) {  // the table stands first
      found = read_create_table(sql);
      std::erase_if(found, [](const Object& it) {
        return it.id.kind != Kind::table && it.id.kind != Kind::column &&
               it.id.kind != Kind::constraint;
      });
      for (const Object& it : found)
        if (it.id.kind == Kind::column) columns.push_back(it.id.part);
      continue;
    }
    Object index = read_create_index(sql, columns);
    as<Index>(index).table.name = found.front().id.name;
    found.push_back(std::move(index));
  }
  return found;
}

}  // namespace

std::vector<Object> named_in(sqlite3* database, const std::string& table) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v2(
      database,
      "SELECT sql FROM main.sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL AND "
      "tbl_name = ?1 COLLATE nocase ORDER BY type DESC, rowid",
      -1, &raw, nullptr);
  const Handle<sqlite3_stmt> entries(raw);
  if (code != SQLITE_OK) return {};
  sqlite3_bind_text(raw, 1, table.c_str(), -1, SQLITE_TRANSIENT);
  try {
    return read_entries_of_table(raw);
  } catch (const Error&) {
    return {};  // a virtual table, or the copy of a query
  }
}

}  // namespace limbeck::sqlite
