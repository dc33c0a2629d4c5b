// What looking after tables does, and what only takes its lock.
#include <algorithm>
#include <utility>

#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

using enum LockLevel;

void vacuum(EffectContext& context, const PgQuery__VacuumStmt& statement) {
  bool full = false;
  for (const Node* option : Nodes{statement.options, statement.n_options})
    full = full || text(option->def_elem->defname) == "full";
  if (statement.n_rels == 0 && full)
    context.add({.kind = EffectKind::rewrite_table,
                 .object = "VACUUM FULL",
                 .traits = {Trait::whole_database}});
  for (const Node* node : Nodes{statement.rels, statement.n_rels}) {
    const PgQuery__RangeVar* relation = node->vacuum_relation->relation;
    if (relation == nullptr) continue;
    Effect effect{.table = name_of_table(context, *relation), .object = "maintenance"};
    effect.impact.lock = share_update_exclusive;
    if (full && statement.is_vacuumcmd != 0) {
      effect.kind = EffectKind::rewrite_table;
      effect.object = "VACUUM FULL";
      effect.impact = {.lock = access_exclusive, .rewrite = true};
    }
    if (const auto table = find_relation(context.catalog, *relation);
        table && is_partitioned(context.catalog, *table)) {
      const TableImpact whole = std::exchange(effect.impact, {.lock = effect.impact.lock});
      for (const ObjectId& child : descendants_of(context.catalog, *table))
        context.touch(child, is_partitioned(context.catalog, child) ? effect.impact : whole);
    }
    context.add(std::move(effect));
  }
}

void refresh(EffectContext& context, const PgQuery__RefreshMatViewStmt& statement) {
  const bool concurrently = statement.concurrent != 0;
  Effect effect{
      .kind = EffectKind::refresh_view,
      .table = name_of_table(context, *statement.relation),
      .impact = {.lock = concurrently ? exclusive : access_exclusive, .rewrite = !concurrently}};
  if (concurrently) effect.traits.add(Trait::concurrently);
  context.add(std::move(effect));
}

void lock_tables(EffectContext& context, const PgQuery__LockStmt& statement) {
  for (const Node* node : Nodes{statement.relations, statement.n_relations}) {
    const auto level = static_cast<LockLevel>(std::clamp(statement.mode, 1, 8));
    context.add({.kind = EffectKind::lock_table,
                 .table = name_of_table(context, *node->range_var),
                 .impact = {.lock = level}});
    touch_below(context, *node->range_var, {.lock = level});
  }
}

// What only takes its lock: CREATE TRIGGER, CREATE POLICY, CREATE RULE, COMMENT.
void take_lock(EffectContext& context, std::string object, std::string name,
               const PgQuery__RangeVar& relation, LockLevel lock) {
  Effect effect{.table = name_of_table(context, relation),
                .object = std::move(object),
                .name = std::move(name),
                .impact = {.lock = lock}};
  context.add(std::move(effect));
}

void create_view_effects(EffectContext& context, const PgQuery__ViewStmt& statement) {
  const bool there = find_relation(context.catalog, *statement.view).has_value();
  context.add(
      {.kind = there && statement.replace != 0 ? EffectKind::replace_view : EffectKind::other,
       .table = name_of_table(context, *statement.view),
       .object = "view",
       .name = text(statement.view->relname),
       .impact = {.lock = there ? access_exclusive : none}});
}

void publication(EffectContext& context, const PgQuery__CreatePublicationStmt& statement) {
  for (const Node* node : Nodes{statement.pubobjects, statement.n_pubobjects}) {
    const auto* published = node->publication_obj_spec->pubtable;
    if (published == nullptr || published->relation == nullptr) continue;
    take_lock(context, "publication", text(statement.pubname), *published->relation,
              share_update_exclusive);
    const auto table = find_relation(context.catalog, *published->relation);
    if (table && !is_partitioned(context.catalog, *table))
      touch_below(context, *published->relation, {.lock = share_update_exclusive});
  }
}

void comment_effects(EffectContext& context, const PgQuery__CommentStmt& statement) {
  const Nodes names = items(statement.object);
  Name table = name_of(names);
  if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN && names.size() >= 2)
    table = name_of(Nodes{names.first, names.size() - 1});
  else if (statement.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE &&
           statement.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW)
    return;
  const Object* found =
      context.catalog.search({Kind::table, Kind::view, Kind::materialized_view}, table);
  if (found == nullptr) return;
  context.add({.table = relation_name(found->id),
               .object = "comment",
               .impact = {.lock = share_update_exclusive}});
}

// What a role owns is known to the server alone.
void drop_owned(EffectContext& context, const PgQuery__DropOwnedStmt& statement) {
  for (const Node* node : Nodes{statement.roles, statement.n_roles}) {
    Effect effect{
        .kind = EffectKind::drop_object, .object = "owned", .name = role_of(*node->role_spec)};
    if (statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
      effect.traits.add(Trait::cascade);
    context.found.effects.push_back(std::move(effect));
  }
}

}  // namespace

void effects_of_maintenance(EffectContext& context, const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
      return vacuum(context, *node->vacuum_stmt);
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
      if (node->cluster_stmt->relation == nullptr)
        context.add({.kind = EffectKind::rewrite_table,
                     .object = "CLUSTER",
                     .traits = {Trait::whole_database}});
      else
        context.add({.kind = EffectKind::rewrite_table,
                     .table = name_of_table(context, *node->cluster_stmt->relation),
                     .object = "CLUSTER",
                     .impact = {.lock = access_exclusive, .rewrite = true}});
      return;
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
      return refresh(context, *node->refresh_mat_view_stmt);
    case PG_QUERY__NODE__NODE_LOCK_STMT:
      return lock_tables(context, *node->lock_stmt);
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      take_lock(context, "trigger", text(node->create_trig_stmt->trigname),
                *node->create_trig_stmt->relation, share_row_exclusive);
      if (const auto table = find_relation(context.catalog, *node->create_trig_stmt->relation);
          table && is_partitioned(context.catalog, *table) && node->create_trig_stmt->row != 0)
        touch_below(context, *node->create_trig_stmt->relation, {.lock = share_row_exclusive});
      return;
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      return take_lock(context, "policy", text(node->create_policy_stmt->policy_name),
                       *node->create_policy_stmt->table, access_exclusive);
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      return take_lock(context, "policy", text(node->alter_policy_stmt->policy_name),
                       *node->alter_policy_stmt->table, access_exclusive);
    case PG_QUERY__NODE__NODE_RULE_STMT:
      return take_lock(context, "rule", text(node->rule_stmt->rulename), *node->rule_stmt->relation,
                       access_exclusive);
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return create_view_effects(context, *node->view_stmt);
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      return comment_effects(context, *node->comment_stmt);
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
      for (const Node* relation :
           Nodes{node->create_stats_stmt->relations, node->create_stats_stmt->n_relations})
        if (relation->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
          take_lock(context, "statistics", "", *relation->range_var, share_update_exclusive);
      return;
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT: {
      const PgQuery__AlterObjectSchemaStmt& statement = *node->alter_object_schema_stmt;
      Effect effect{
          .kind = EffectKind::rename, .object = "schema of", .detail = text(statement.newschema)};
      if (statement.relation != nullptr) {
        effect.table = name_of_table(context, *statement.relation);
        effect.impact = {.lock = access_exclusive};
      }
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT:
      return publication(context, *node->create_publication_stmt);
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      context.found.effects.push_back({.kind = EffectKind::drop_object,
                                       .object = "database",
                                       .name = text(node->dropdb_stmt->dbname)});
      return;
    case PG_QUERY__NODE__NODE_DROP_OWNED_STMT:
      return drop_owned(context, *node->drop_owned_stmt);
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      context.add({.kind = EffectKind::privilege,
                   .object = node->grant_stmt->is_grant != 0 ? "GRANT" : "REVOKE"});
      return;
    default:
      return;
  }
}

}  // namespace limbeck::postgres::memory
