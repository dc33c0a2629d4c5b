#include "dialect/postgres/memory/tree.h"

#include <pg_query.h>

#include "dialect/postgres/memory/nesting.h"

namespace limbeck::postgres::memory {
namespace {

// The text of a tree that is put together of borrowed nodes.
std::string deparse(Node* statement) {
  PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
  raw.stmt = statement;
  PgQuery__RawStmt* statements = &raw;
  PgQuery__ParseResult result = PG_QUERY__PARSE_RESULT__INIT;
  result.version = PG_VERSION_NUM;
  result.n_stmts = 1;
  result.stmts = &statements;
  std::string packed(pg_query__parse_result__get_packed_size(&result), '\0');
  pg_query__parse_result__pack(&result, reinterpret_cast<uint8_t*>(packed.data()));
  const PgQueryDeparseResult deparsed =
      pg_query_deparse_protobuf({.len = packed.size(), .data = packed.data()});
  std::string sql = deparsed.error == nullptr ? text(deparsed.query) : "";
  pg_query_free_deparse_result(deparsed);
  return sql;
}

void* allocate(void* memory, std::size_t size) {
  return static_cast<std::pmr::monotonic_buffer_resource*>(memory)->allocate(size);
}

void keep_all(void*, void*) {}

}  // namespace

Tree::Tree(const std::string& sql) {
  if (nests_too_deep(sql)) {
    failure_ = "the statement nests too deep";
    return;
  }
  const PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(sql.c_str());
  if (parsed.error != nullptr) {
    failure_ = text(parsed.error->message);
    failure_position_ = parsed.error->cursorpos;
  } else {
    memory_ =
        std::make_unique<std::pmr::monotonic_buffer_resource>(4 * parsed.parse_tree.len + 1024);
    ProtobufCAllocator allocator{allocate, keep_all, memory_.get()};
    result_ =
        pg_query__parse_result__unpack(&allocator, parsed.parse_tree.len,
                                       reinterpret_cast<const uint8_t*>(parsed.parse_tree.data));
  }
  pg_query_free_protobuf_parse_result(parsed);
  if (result_ == nullptr && failure_.empty()) failure_ = "the parser's answer cannot be read";
}

std::vector<const Node*> Tree::statements() const {
  std::vector<const Node*> statements;
  if (result_ == nullptr) return statements;
  for (std::size_t i = 0; i < result_->n_stmts; ++i)
    if (result_->stmts[i]->stmt != nullptr) statements.push_back(result_->stmts[i]->stmt);
  return statements;
}

Nodes items(const Node* list) {
  if (list == nullptr || list->node_case != PG_QUERY__NODE__NODE_LIST) return {};
  return {list->list->items, list->list->n_items};
}

std::string text(const Node* node) {
  if (node == nullptr) return {};
  if (node->node_case == PG_QUERY__NODE__NODE_STRING) return text(node->string->sval);
  return {};
}

std::vector<std::string> texts(Nodes nodes) {
  std::vector<std::string> all;
  all.reserve(nodes.size());
  for (const Node* node : nodes) all.push_back(text(node));
  return all;
}

std::string expression_text(const Node* node) {
  if (node == nullptr) return {};
  PgQuery__ResTarget target = PG_QUERY__RES_TARGET__INIT;
  target.val = const_cast<Node*>(node);
  Node column = PG_QUERY__NODE__INIT;
  column.node_case = PG_QUERY__NODE__NODE_RES_TARGET;
  column.res_target = &target;
  Node* columns = &column;
  PgQuery__SelectStmt select = PG_QUERY__SELECT_STMT__INIT;
  select.n_target_list = 1;
  select.target_list = &columns;
  select.limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
  select.op = PG_QUERY__SET_OPERATION__SETOP_NONE;
  Node statement = PG_QUERY__NODE__INIT;
  statement.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
  statement.select_stmt = &select;
  std::string sql = deparse(&statement);
  constexpr std::string_view start = "SELECT ";
  if (sql.compare(0, start.size(), start) == 0) sql.erase(0, start.size());
  return sql;
}

std::string query_text(const Node* query) {
  return query == nullptr ? "" : deparse(const_cast<Node*>(query));
}

std::string option_text(const PgQuery__DefElem& option) {
  const Node* value = option.arg;
  if (value == nullptr) return {};
  switch (value->node_case) {
    case PG_QUERY__NODE__NODE_STRING:
      return text(value->string->sval);
    case PG_QUERY__NODE__NODE_INTEGER:
      return std::to_string(value->integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT:
      return text(value->float_->fval);
    case PG_QUERY__NODE__NODE_BOOLEAN:
      return value->boolean->boolval != 0 ? "true" : "false";
    case PG_QUERY__NODE__NODE_TYPE_NAME: {
      const auto names = texts({value->type_name->names, value->type_name->n_names});
      return names.empty() ? "" : names.back();
    }
    default:
      return {};
  }
}

}  // namespace limbeck::postgres::memory
