// DROP of everything.
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

std::string shown(const Node* name) {
  if (name->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS)
    return name_of(Nodes{name->object_with_args->objname, name->object_with_args->n_objname}).name;
  const Name written = name_of(name);
  return written.schema.empty() ? written.name : written.schema + "." + written.name;
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
      catalog.fail(fmt::format("there is no {} to drop", shown(name)));
    }
    const ObjectId id = found->id;
    const bool column = id.kind == Kind::column;
    catalog.drop(id, cascade);
    if (column) renumber(catalog, id);
  }
}

}  // namespace limbeck::postgres::memory
