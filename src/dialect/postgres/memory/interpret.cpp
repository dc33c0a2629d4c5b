#include "dialect/postgres/memory/interpret.h"

#include "base/source.h"
#include "base/text_place.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/carried.h"

namespace limbeck::postgres {
namespace memory {
namespace {

std::string first_words(const sql::Statement& statement) {
  std::string words;
  const std::size_t count = starts_with(statement, "DO") ? 1 : 2;
  for (std::size_t i = 0; i < statement.words.size() && i < count; ++i)
    words += (i == 0 ? "" : " ") + statement.words[i];
  return words;
}

// What changes rows, roles, the server or the session, and no object of a schema.
bool changes_no_schema(const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT:
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
    case PG_QUERY__NODE__NODE_LOCK_STMT:
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
    case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
    case PG_QUERY__NODE__NODE_CREATE_ROLE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_ROLE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT:
    case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT:
    case PG_QUERY__NODE__NODE_NOTIFY_STMT:
    case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
    case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
    case PG_QUERY__NODE__NODE_EXECUTE_STMT:
    case PG_QUERY__NODE__NODE_DEALLOCATE_STMT:
    // Owners and privileges are compared only between databases.
    case PG_QUERY__NODE__NODE_GRANT_STMT:
    case PG_QUERY__NODE__NODE_ALTER_OWNER_STMT:
    case PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT:
      return true;
    default:
      return false;
  }
}

}  // namespace

void apply(Catalog& catalog, const Node* node) {
  if (const Node* carried = carried_statement(node)) return apply(catalog, carried);
  if (changes_no_schema(node)) return;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return create_table(catalog, *node->create_stmt);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
      return create_foreign_table(catalog, *node->create_foreign_table_stmt);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return alter_table(catalog, *node->alter_table_stmt);
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return create_index(catalog, *node->index_stmt);
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return create_sequence(catalog, *node->create_seq_stmt);
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT:
      return alter_sequence(catalog, *node->alter_seq_stmt);
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
      return create_enum(catalog, *node->create_enum_stmt);
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      return alter_enum(catalog, *node->alter_enum_stmt);
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      return create_composite(catalog, *node->composite_type_stmt);
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
      return create_range(catalog, *node->create_range_stmt);
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
      return create_domain(catalog, *node->create_domain_stmt);
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
      return alter_domain(catalog, *node->alter_domain_stmt);
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return create_view(catalog, *node->view_stmt);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      return create_table_as(catalog, *node->create_table_as_stmt);
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      return refresh(catalog, *node->refresh_mat_view_stmt);
    case PG_QUERY__NODE__NODE_RULE_STMT:
      return create_rule(catalog, *node->rule_stmt);
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT:
      return create_routine(catalog, *node->create_function_stmt);
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      return create_trigger(catalog, *node->create_trig_stmt);
    case PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT:
      return create_event_trigger(catalog, *node->create_event_trig_stmt);
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      return create_policy(catalog, *node->create_policy_stmt);
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      return alter_policy(catalog, *node->alter_policy_stmt);
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
      return create_statistics(catalog, *node->create_stats_stmt);
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
      return create_schema(catalog, *node->create_schema_stmt);
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      return create_extension(catalog, *node->create_extension_stmt);
    case PG_QUERY__NODE__NODE_CREATE_FDW_STMT:
      return create_wrapper(catalog, *node->create_fdw_stmt);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT:
      return create_server(catalog, *node->create_foreign_server_stmt);
    case PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT:
      return create_user_mapping(catalog, *node->create_user_mapping_stmt);
    case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
      return create_publication(catalog, *node->create_publication_stmt);
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      return set_variable(catalog, *node->variable_set_stmt);
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      return comment(catalog, *node->comment_stmt);
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return drop(catalog, *node->drop_stmt);
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      return rename(catalog, *node->rename_stmt);
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      return set_schema(catalog, *node->alter_object_schema_stmt);
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
      return define(catalog, *node->define_stmt);
    case PG_QUERY__NODE__NODE_ALTER_EVENT_TRIG_STMT:
      return alter_event_trigger(catalog, *node->alter_event_trig_stmt);
    case PG_QUERY__NODE__NODE_ALTER_FOREIGN_SERVER_STMT:
      return alter_server(catalog, *node->alter_foreign_server_stmt);
    case PG_QUERY__NODE__NODE_ALTER_FDW_STMT:
      return alter_wrapper(catalog, *node->alter_fdw_stmt);
    case PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT:
      return alter_user_mapping(catalog, *node->alter_user_mapping_stmt);
    case PG_QUERY__NODE__NODE_DROP_USER_MAPPING_STMT:
      return drop_user_mapping(catalog, *node->drop_user_mapping_stmt);
    case PG_QUERY__NODE__NODE_ALTER_STATS_STMT:
      return alter_statistics(catalog, *node->alter_stats_stmt);
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      if (node->select_stmt->into_clause != nullptr) return select_into(catalog, node);
      if (select(catalog, node)) return;
      break;
    case PG_QUERY__NODE__NODE_DO_STMT:
      if (makes_roles_alone(*node->do_stmt)) return;
      break;
    default:
      break;
  }
  const std::string what = first_words(catalog.statement());
  catalog.not_interpreted(what, node->node_case == PG_QUERY__NODE__NODE_DO_STMT
                                    ? "what it does is known only when it runs"
                                    : "its effect is not known without a server");
}

SyntaxError not_parsed(const sql::Statement& statement, const Tree& tree) {
  const std::size_t offset = byte_of_character(statement.text, tree.failure_position());
  ErrorReport report;
  report.code = ExitCode::invalid_project;
  report.message = tree.failure();
  report.place = place_at(statement.text, offset, statement.place);
  report.hint = "--offline reads the syntax of PostgreSQL 15";
  return SyntaxError(std::move(report));
}

namespace {

class PostgresInterpreter final : public Interpreter {
 public:
  explicit PostgresInterpreter(Interpreted from) : catalog_(std::move(from)) {}

  void apply(const sql::Statement& statement) override {
    catalog_.begin(statement);
    const Tree tree(statement.text);
    if (!tree.failure().empty()) {
      throw not_parsed(statement, tree);
    }
    try {
      for (const Node* node : tree.statements()) memory::apply(catalog_, node);
    } catch (const Error&) {
      catalog_.take_back();
      throw;
    }
  }

  void reset_session() override { catalog_.search_path() = {"public"}; }
  const Interpreted& state() const override { return catalog_.state(); }
  Interpreted take() override { return std::move(catalog_).take(); }

 private:
  Catalog catalog_;
};

}  // namespace
}  // namespace memory

Interpreted new_database() {
  Interpreted empty;
  empty.schema.put({.id = {Kind::schema, "", "public", ""}, .definition = Namespace{}});
  empty.search_path = {"public"};
  return empty;
}

std::unique_ptr<Interpreter> make_interpreter(Interpreted from) {
  return std::make_unique<memory::PostgresInterpreter>(std::move(from));
}

Interpreted interpret(std::span<const sql::Statement> statements, Interpreted from) {
  memory::PostgresInterpreter interpreter(std::move(from));
  for (const sql::Statement& statement : statements) interpreter.apply(statement);
  return interpreter.take();
}

}  // namespace limbeck::postgres
