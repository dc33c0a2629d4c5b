// What changing rows, settings and the rest does.
#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <utility>

#include "dialect/postgres/memory/built_in.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

using enum LockLevel;

RelationName name_of_table(EffectContext& context, const PgQuery__RangeVar& relation) {
  if (const auto table = find_relation(context.catalog, relation)) return relation_name(*table);
  const Name name = name_of(relation);
  return {name.schema, name.name};
}

// Reading and writing rows locks what the query names, too; that blocks no one.
Effect change_of(EffectContext& context, EffectKind kind, const PgQuery__RangeVar& relation) {
  Effect effect{
      .kind = kind, .table = name_of_table(context, relation), .impact = {.lock = row_exclusive}};
  if (!find_relation(context.catalog, relation)) effect.traits.add(Trait::missing);
  return effect;
}

// Partitions and inheriting tables, unless the statement says ONLY.
void touch_below(EffectContext& context, const PgQuery__RangeVar& relation,
                 const TableImpact& impact) {
  if (relation.inh == 0) return;
  if (const auto table = find_relation(context.catalog, relation))
    for (const ObjectId& child : descendants_of(context.catalog, *table))
      context.touch(child, impact);
}

void truncate(EffectContext& context, const PgQuery__TruncateStmt& statement) {
  for (const Node* node : Nodes{statement.relations, statement.n_relations}) {
    Effect effect = change_of(context, EffectKind::truncate, *node->range_var);
    effect.impact.lock = access_exclusive;
    touch_below(context, *node->range_var, {.lock = access_exclusive});
    if (statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE) {
      effect.traits.add(Trait::cascade);
      std::vector<ObjectId> pile;
      if (const auto table = find_relation(context.catalog, *node->range_var))
        pile.push_back(*table);
      for (std::size_t i = 0; i < pile.size(); ++i)
        for (const Object* key : references_to(context.catalog, pile[i])) {
          const ObjectId table = table_of(key->id);
          if (std::find(pile.begin(), pile.end(), table) != pile.end()) continue;
          pile.push_back(table);
          context.lock_also(effect, table, {.lock = access_exclusive});
        }
    }
    context.add(std::move(effect));
  }
}

// A query that calls nothing but what is known to change nothing.
bool calls_unknown_code(EffectContext& context, const Node* node) {
  const References found = references_in(node);
  return std::any_of(found.functions.begin(), found.functions.end(), [&](const auto* call) {
    const Name name = name_of(Nodes{call->funcname, call->n_funcname});
    if (!name.schema.empty() && name.schema != "pg_catalog") return true;
    constexpr std::array harmless = std::to_array<std::string_view>(
        {"setval", "set_config", "nextval", "pg_advisory_xact_lock", "pg_notify", "to_regclass"});
    if (std::find(harmless.begin(), harmless.end(), name.name) != harmless.end()) return false;
    return functions_named(name.name).empty() ||
           context.catalog.find(Kind::routine, "public", name.name) != nullptr;
  });
}

// Statements within a WITH change rows, too.
void effects_of_with(EffectContext& context, const PgQuery__WithClause* with) {
  if (with == nullptr) return;
  for (const Node* node : Nodes{with->ctes, with->n_ctes}) {
    const Node* query = node->common_table_expr->ctequery;
    if (query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) effects_of_rows(context, query);
  }
}

// A rule that puts something else in the place of what the statement does.
bool has_instead_rule(EffectContext& context, const RelationName& table, std::string_view event) {
  const auto rules = parts_of(context.catalog.schema(), Kind::rule, table.schema, table.name);
  return std::any_of(rules.begin(), rules.end(), [&](const Object* rule) {
    const std::string& text = as<Rule>(*rule).definition;
    return text.find(fmt::format("ON {} TO", event)) != std::string::npos &&
           text.find("DO INSTEAD") != std::string::npos;
  });
}

void select(EffectContext& context, const Node* node) {
  const PgQuery__SelectStmt& statement = *node->select_stmt;
  effects_of_with(context, statement.with_clause);
  if (statement.n_locking_clause != 0) {
    for (const PgQuery__RangeVar* relation : references_in(node).relations)
      if (const auto table = find_relation(context.catalog, *relation)) {
        context.touch(*table, {.lock = row_share});
        touch_below(context, *relation, {.lock = row_share});
      }
  }
  for (const PgQuery__FuncCall* call : references_in(node).functions) {
    if (name_of(Nodes{call->funcname, call->n_funcname}).name != "set_config" || call->n_args < 2)
      continue;
    context.add(
        {.kind = EffectKind::timeout,
         .name = text(call->args[0]->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                              call->args[0]->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL
                          ? call->args[0]->a_const->sval->sval
                          : nullptr)});
  }
  if (calls_unknown_code(context, node))
    context.add({.kind = EffectKind::code, .object = "SELECT of a function"});
}

std::string value_of(const PgQuery__VariableSetStmt& statement) {
  if (statement.n_args == 0) return "";
  const Node* value = statement.args[0];
  if (value->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) value = value->type_cast->arg;
  if (value->node_case != PG_QUERY__NODE__NODE_A_CONST) return "";
  switch (value->a_const->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(value->a_const->ival->ival);
    case PG_QUERY__A__CONST__VAL_SVAL:
      return text(value->a_const->sval->sval);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return text(value->a_const->fval->fval);
    default:
      return "0";  // an integer 0 is not written into the tree
  }
}

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
void other(EffectContext& context, std::string object, std::string name,
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
    other(context, "publication", text(statement.pubname), *published->relation,
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

}  // namespace

void effects_of_rows(EffectContext& context, const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT: {
      const PgQuery__InsertStmt& statement = *node->insert_stmt;
      effects_of_with(context, statement.with_clause);
      Effect effect = change_of(context, EffectKind::insert_rows, *statement.relation);
      const Node* query = statement.select_stmt;
      if (query != nullptr && query->node_case == PG_QUERY__NODE__NODE_SELECT_STMT &&
          query->select_stmt->n_from_clause != 0)
        effect.traits.add(Trait::as_query);
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_UPDATE_STMT: {
      effects_of_with(context, node->update_stmt->with_clause);
      Effect effect = change_of(context, EffectKind::update_rows, *node->update_stmt->relation);
      if (node->update_stmt->where_clause != nullptr) effect.traits.add(Trait::has_where);
      for (const Node* target :
           Nodes{node->update_stmt->target_list, node->update_stmt->n_target_list})
        effect.columns.push_back(text(target->res_target->name));
      if (!has_instead_rule(context, effect.table, "UPDATE"))
        touch_below(context, *node->update_stmt->relation, effect.impact);
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_DELETE_STMT: {
      effects_of_with(context, node->delete_stmt->with_clause);
      Effect effect = change_of(context, EffectKind::delete_rows, *node->delete_stmt->relation);
      if (node->delete_stmt->where_clause != nullptr) effect.traits.add(Trait::has_where);
      if (!has_instead_rule(context, effect.table, "DELETE"))
        touch_below(context, *node->delete_stmt->relation, effect.impact);
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_MERGE_STMT: {
      Effect effect = change_of(context, EffectKind::update_rows, *node->merge_stmt->relation);
      effect.traits.add(Trait::has_where);
      effect.traits.add(Trait::as_query);
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_COPY_STMT:
      if (node->copy_stmt->relation != nullptr && node->copy_stmt->is_from != 0)
        context.add(change_of(context, EffectKind::insert_rows, *node->copy_stmt->relation));
      return;
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      return truncate(context, *node->truncate_stmt);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: {
      const PgQuery__IntoClause& into = *node->create_table_as_stmt->into;
      const Name name = name_of(*into.rel);
      context.add({.kind = EffectKind::create_table,
                   .table = {context.catalog.creation_schema(name.schema), name.name},
                   .traits = {Trait::as_query}});
      return;
    }
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      return select(context, node);
    case PG_QUERY__NODE__NODE_DO_STMT:
      if (!makes_roles_alone(*node->do_stmt))
        context.add({.kind = EffectKind::code, .object = "DO block"});
      return;
    default:
      context.add({.kind = EffectKind::code, .object = "CALL"});
  }
}

void effects_of_setting(EffectContext& context, const PgQuery__VariableSetStmt& statement) {
  const std::string name = text(statement.name);
  const bool set = statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE;
  if (name == "role" || name == "session_authorization") {
    context.add({.kind = EffectKind::role, .name = name, .detail = value_of(statement)});
    return;
  }
  context.add({.kind = EffectKind::timeout,
               .name = statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ? "all" : name,
               .detail = set ? value_of(statement) : ""});
}

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
      other(context, "trigger", text(node->create_trig_stmt->trigname),
            *node->create_trig_stmt->relation, share_row_exclusive);
      if (const auto table = find_relation(context.catalog, *node->create_trig_stmt->relation);
          table && is_partitioned(context.catalog, *table) && node->create_trig_stmt->row != 0)
        touch_below(context, *node->create_trig_stmt->relation, {.lock = share_row_exclusive});
      return;
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      return other(context, "policy", text(node->create_policy_stmt->policy_name),
                   *node->create_policy_stmt->table, access_exclusive);
    case PG_QUERY__NODE__NODE_ALTER_POLICY_STMT:
      return other(context, "policy", text(node->alter_policy_stmt->policy_name),
                   *node->alter_policy_stmt->table, access_exclusive);
    case PG_QUERY__NODE__NODE_RULE_STMT:
      return other(context, "rule", text(node->rule_stmt->rulename), *node->rule_stmt->relation,
                   access_exclusive);
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return create_view_effects(context, *node->view_stmt);
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      return comment_effects(context, *node->comment_stmt);
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT:
      for (const Node* relation :
           Nodes{node->create_stats_stmt->relations, node->create_stats_stmt->n_relations})
        if (relation->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
          other(context, "statistics", "", *relation->range_var, share_update_exclusive);
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
    case PG_QUERY__NODE__NODE_GRANT_STMT:
      context.add({.kind = EffectKind::privilege,
                   .object = node->grant_stmt->is_grant != 0 ? "GRANT" : "REVOKE"});
      return;
    default:
      return;
  }
}

}  // namespace limbeck::postgres::memory
