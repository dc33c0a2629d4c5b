#include "dialect/live_facts.h"

#include "dialect/postgres/live_facts.h"

namespace limbeck {

LiveFacts read_live_facts(std::string_view dialect, Connection& connection) {
  if (dialect == "postgresql") return postgres::read_live_facts(connection);
  return {};  // SQLite keeps no estimate, and counting would read every row
}

}  // namespace limbeck
