#include "dialect/postgres/memory/carried.h"

#include "base/letter_case.h"

namespace limbeck::postgres::memory {
namespace {

// The last one that is written counts, as on the server.
bool runs_what_it_explains(const PgQuery__ExplainStmt& statement) {
  bool runs = false;
  for (const Node* node : Nodes{statement.options, statement.n_options}) {
    const PgQuery__DefElem& option = *node->def_elem;
    if (text(option.defname) != "analyze") continue;
    const std::string value = lower_case(option_text(option));
    runs = value != "false" && value != "off" && value != "0";
  }
  return runs;
}

}  // namespace

const Node* carried_statement(const Node* statement) {
  switch (statement->node_case) {
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT: {
      const PgQuery__ExplainStmt& explain = *statement->explain_stmt;
      return runs_what_it_explains(explain) ? explain.query : nullptr;
    }
    case PG_QUERY__NODE__NODE_COPY_STMT:
      return statement->copy_stmt->query;
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
      return statement->prepare_stmt->query;
    default:
      return nullptr;
  }
}

}  // namespace limbeck::postgres::memory
