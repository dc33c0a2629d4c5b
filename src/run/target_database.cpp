#include "run/target_database.h"

namespace limbeck {

TargetDatabase open_database(const DatabaseUrl& url, const DatabaseSettings& settings,
                             const ConnectOptions& options) {
  TargetDatabase database;
  database.url = url;
  database.dialect = &dialect_named(url.dialect());
  database.connection = database.dialect->connect(url, options);
  database.version_table = database.dialect->locate(*database.connection, settings.version_table);
  database.journal_table = {database.version_table.schema, {"limbeck_journal"}};
  database.version_width = settings.version_width;
  database.options = options;
  return database;
}

}  // namespace limbeck
