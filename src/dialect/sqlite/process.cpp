#include "dialect/sqlite/process.h"

#include <sqlite3.h>

namespace limbeck::sqlite {

void spare_memory_statistics() noexcept {
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace limbeck::sqlite
