// What changing rows and settings does.
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

// Reading and writing rows locks what the query names, too; that blocks no one.
Effect change_of(EffectContext& context, EffectKind kind, const PgQuery__RangeVar& relation) {
  Effect effect{
      .kind = kind, .table = name_of_table(context, relation), .impact = {.lock = row_exclusive}};
  if (!find_relation(context.catalog, relation)) effect.traits.add(Trait::missing);
  return effect;
}

// With the condition that says which rows are changed.
Effect change_of(EffectContext& context, EffectKind kind, const PgQuery__RangeVar& relation,
                 const Node* where) {
  Effect effect = change_of(context, kind, relation);
  if (!may_take_every_row(chosen_rows(context.catalog, relation, where)))
    effect.traits.add(Trait::has_where);
  return effect;
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

void make_table(EffectContext& context, const PgQuery__IntoClause& into) {
  Effect effect{.kind = EffectKind::create_table,
                .table = {made_in(context, *into.rel), name_of(*into.rel).name},
                .traits = {Trait::as_query}};
  if (text(into.rel->relpersistence) == "t") effect.traits.add(Trait::temporary);
  context.add(std::move(effect));
}

void select(EffectContext& context, const Node* node) {
  const PgQuery__SelectStmt& statement = *node->select_stmt;
  effects_of_with(context, statement.with_clause);
  if (statement.into_clause != nullptr) make_table(context, *statement.into_clause);
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

void merge(EffectContext& context, const PgQuery__MergeStmt& statement) {
  effects_of_with(context, statement.with_clause);
  Effect effect = change_of(context, EffectKind::update_rows, *statement.relation);
  effect.traits.add(Trait::has_where);
  effect.traits.add(Trait::as_query);
  context.add(std::move(effect));
  const bool every_row = may_take_every_row(
      chosen_rows(context.catalog, *statement.relation, statement.join_condition));
  for (const Node* node : Nodes{statement.merge_when_clauses, statement.n_merge_when_clauses}) {
    const PgQuery__MergeWhenClause& clause = *node->merge_when_clause;
    if (clause.command_type != PG_QUERY__CMD_TYPE__CMD_DELETE) continue;
    Effect gone =
        change_of(context, EffectKind::delete_rows, *statement.relation, clause.condition);
    if (!every_row) gone.traits.add(Trait::has_where);
    context.add(std::move(gone));
  }
}

}  // namespace

void effects_of_rows(EffectContext& context, const Node* node) {
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT: {
      const PgQuery__InsertStmt& statement = *node->insert_stmt;
      effects_of_with(context, statement.with_clause);
      Effect effect = change_of(context, EffectKind::insert_rows, *statement.relation);
      const Node* query = statement.select_stmt;
      if (query != nullptr && query->node_case == PG_QUERY__NODE__NODE_SELECT_STMT) {
        effects_of_with(context, query->select_stmt->with_clause);
        if (query->select_stmt->n_from_clause != 0) effect.traits.add(Trait::as_query);
      }
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_UPDATE_STMT: {
      effects_of_with(context, node->update_stmt->with_clause);
      Effect effect = change_of(context, EffectKind::update_rows, *node->update_stmt->relation,
                                node->update_stmt->where_clause);
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
      Effect effect = change_of(context, EffectKind::delete_rows, *node->delete_stmt->relation,
                                node->delete_stmt->where_clause);
      if (!has_instead_rule(context, effect.table, "DELETE"))
        touch_below(context, *node->delete_stmt->relation, effect.impact);
      context.add(std::move(effect));
      return;
    }
    case PG_QUERY__NODE__NODE_MERGE_STMT:
      return merge(context, *node->merge_stmt);
    case PG_QUERY__NODE__NODE_COPY_STMT:
      if (node->copy_stmt->relation != nullptr && node->copy_stmt->is_from != 0)
        context.add(change_of(context, EffectKind::insert_rows, *node->copy_stmt->relation));
      return;
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
      return truncate(context, *node->truncate_stmt);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      if (const Node* query = node->create_table_as_stmt->query;
          query->node_case == PG_QUERY__NODE__NODE_SELECT_STMT)
        effects_of_with(context, query->select_stmt->with_clause);
      return make_table(context, *node->create_table_as_stmt->into);
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

}  // namespace limbeck::postgres::memory
