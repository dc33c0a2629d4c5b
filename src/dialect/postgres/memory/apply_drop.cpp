// DROP of everything.
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

Name written_name(const Node* name) {
  if (name->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS)
    return name_of(Nodes{name->object_with_args->objname, name->object_with_args->n_objname});
  return name_of(name);
}

std::string_view kind_of(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      return "table";
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      return "view";
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return "materialized view";
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      return "index";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return "sequence";
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return "type";
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return "function";
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return "schema";
    default:
      return "object";
  }
}

bool is_modelled(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_CAST:
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR:
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPCLASS:
    case PG_QUERY__OBJECT_TYPE__OBJECT_OPFAMILY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_CONVERSION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRANSFORM:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ACCESS_METHOD:
      return false;
    default:
      return true;
  }
}

}  // namespace

void drop(Catalog& catalog, const PgQuery__DropStmt& statement) {
  const bool cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  if (!is_modelled(statement.remove_type)) {
    catalog.not_interpreted("DROP", "objects of this kind are not known without a server");
    return;
  }
  for (const Node* name : Nodes{statement.objects, statement.n_objects}) {
    const Object* found = find_named(catalog, statement.remove_type, name);
    if (found == nullptr) {
      if (statement.missing_ok != 0) continue;
      // Made by what was not interpreted: the server may know it.
      catalog.fail_missing(kind_of(statement.remove_type), written_name(name));
    }
    const ObjectId id = found->id;
    const bool column = id.kind == Kind::column;
    if (id.kind == Kind::index) refuse_drop_of_index(catalog, *found, statement.concurrent != 0);
    catalog.drop(id, cascade);
    if (column) renumber(catalog, id);
  }
}

}  // namespace limbeck::postgres::memory
