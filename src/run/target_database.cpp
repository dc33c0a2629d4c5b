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

TargetDatabase stand_in_for(const DatabaseUrl& url, const DatabaseSettings& settings,
                            const ConnectOptions& options) {
  TargetDatabase database = open_database(DatabaseUrl::parse("sqlite://"), settings, options);
  database.url = url;
  database.stands_in = true;
  return database;
}

void require_itself(TargetDatabase& database) {
  if (!database.stands_in || database.is_damaged) return;
  database.connection = database.dialect->connect(database.url, database.options);
  database.stands_in = false;
}

}  // namespace limbeck
