// What changing types and extensions does.
#include <set>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

// Tables whose columns are of the domain, or of one that stands on it.
void lock_users(EffectContext& context, const ObjectId& domain, Effect& effect) {
  for (const ObjectId& dependent : context.catalog.dependents_of(domain)) {
    if (dependent.kind == Kind::domain) lock_users(context, dependent, effect);
    if (dependent.kind == Kind::column && !is_partitioned(context.catalog, table_of(dependent)))
      context.lock_also(effect, table_of(dependent), {.lock = LockLevel::share});
  }
}

// What stands in the attribute goes, in each column of the type and of what is made of it.
void drop_attribute(EffectContext& context, const ObjectId& type, const std::string& attribute) {
  std::set<ObjectId> seen{type};
  std::vector<ObjectId> open{type};
  while (!open.empty()) {
    const ObjectId at = open.back();
    open.pop_back();
    for (const ObjectId& user : context.catalog.dependents_of(at)) {
      if (!seen.insert(user).second) continue;
      if (user.kind == Kind::composite || user.kind == Kind::domain) open.push_back(user);
      if (user.kind != Kind::column && user.kind != Kind::table) continue;
      context.found.effects.push_back(
          {.kind = EffectKind::drop_column,
           .table = {user.schema, user.name},
           .name = user.kind == Kind::table ? attribute : user.part + "." + attribute});
    }
  }
}

}  // namespace

void effects_of_composite(EffectContext& context, const Object& type, Nodes commands) {
  touch_typed(context, type);
  for (const Node* node : commands)
    if (node->alter_table_cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn)
      drop_attribute(context, type.id, text(node->alter_table_cmd->name));
}

void effects_of_types(EffectContext& context, const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT: {
      const PgQuery__AlterEnumStmt& statement = *node->alter_enum_stmt;
      const Name name = name_of(Nodes{statement.type_name, statement.n_type_name});
      const Object* type = context.catalog.search({Kind::enumeration}, name);
      Effect effect{
          .kind = EffectKind::add_enum_value,
          .table = type == nullptr ? RelationName{name.schema, name.name} : relation_name(type->id),
          .name = text(statement.new_val),
          .before = text(statement.old_val)};
      if (!effect.before.empty()) effect.kind = EffectKind::rename_enum_value;
      if (!text(statement.new_val_neighbor).empty()) effect.traits.add(Trait::ordered);
      if (statement.skip_if_new_val_exists != 0) effect.traits.add(Trait::if_exists);
      context.found.effects.push_back(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT: {
      const Name name =
          name_of(Nodes{node->create_enum_stmt->type_name, node->create_enum_stmt->n_type_name});
      context.found.effects.push_back(
          {.kind = EffectKind::create_enum, .table = {name.schema, name.name}, .name = name.name});
      return;
    }
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT: {
      const PgQuery__AlterDomainStmt& statement = *node->alter_domain_stmt;
      const Name name = name_of(Nodes{statement.type_name, statement.n_type_name});
      const std::string what = text(statement.subtype);
      Effect effect{.kind = EffectKind::alter_domain,
                    .table = {name.schema, name.name},
                    .name = text(statement.name)};
      effect.object = what == "C"   ? "ADD CONSTRAINT"
                      : what == "O" ? "SET NOT NULL"
                      : what == "V" ? "VALIDATE"
                                    : "";
      const bool skips = what == "C" && statement.def != nullptr &&
                         statement.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT &&
                         statement.def->constraint->skip_validation != 0;
      if (skips) effect.traits.add(Trait::not_valid);
      // Every column of the type is read.
      const Object* domain = context.catalog.search({Kind::domain}, name);
      if (domain != nullptr) {
        effect.table = relation_name(domain->id);
        const bool reads = !effect.object.empty() && !skips;
        if (reads) lock_users(context, domain->id, effect);
      }
      context.found.effects.push_back(std::move(effect));
      return;
    }
    default:
      context.found.effects.push_back(
          {.kind = EffectKind::alter_extension, .name = text(node->alter_extension_stmt->extname)});
  }
}

}  // namespace limbeck::postgres::memory
