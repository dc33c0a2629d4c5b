#include "run/target_database.h"

namespace limbeck {

void place_tables(TargetDatabase& database, const DatabaseSettings& settings) {
  database.version_table = database.dialect->locate(*database.connection, settings.version_table);
  database.journal_table = {database.version_table.schema, {"limbeck_journal"}};
  database.version_width = settings.version_width;
}

TargetDatabase open_database(const DatabaseUrl& url, const DatabaseSettings& settings,
                             const ConnectOptions& options) {
  TargetDatabase database;
  database.url = url;
  database.dialect = &dialect_named(url.dialect());
  database.connection = database.dialect->connect(url, options);
  database.options = options;
  place_tables(database, settings);
  return database;
}

}  // namespace limbeck
