// Partitions: keys, bounds, and what a partition gets from its parent.
#include <algorithm>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/constants.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/quoting.h"

namespace limbeck::postgres::memory {
namespace {

// The types of the columns of a key like "RANGE (a, b)"; unknown ones for expressions.
std::vector<Type> key_types(const Catalog& catalog, const Object& parent) {
  std::vector<Type> types;
  const std::string& key = as<Table>(parent).partition_key;
  const std::size_t open = key.find('(');
  if (open == std::string::npos || key.size() < open + 2) return types;
  std::string_view list = std::string_view(key).substr(open + 1, key.size() - open - 2);
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(", "), list.size());
    const std::string_view each = list.substr(0, comma);
    Type type = built_in("unknown");
    for (const Object* column : columns_of(catalog.schema(), parent.id.schema, parent.id.name)) {
      const std::string name = identifier(column->id.part);
      if (each == name || each.substr(0, name.size() + 1) == name + " ")
        type = parse_type(catalog, as<Column>(*column).type);
    }
    types.push_back(std::move(type));
    list.remove_prefix(std::min(comma + 2, list.size()));
  }
  return types;
}

// A bound is a constant without the name of its type.
std::string bound_value(Catalog& catalog, const ObjectId& partition, const Node* node,
                        const Type& type) {
  if (node->node_case == PG_QUERY__NODE__NODE_PARTITION_RANGE_DATUM) {
    const PgQuery__PartitionRangeDatum& datum = *node->partition_range_datum;
    if (datum.kind == PG_QUERY__PARTITION_RANGE_DATUM_KIND__PARTITION_RANGE_DATUM_MINVALUE)
      return "MINVALUE";
    if (datum.kind == PG_QUERY__PARTITION_RANGE_DATUM_KIND__PARTITION_RANGE_DATUM_MAXVALUE)
      return "MAXVALUE";
    return bound_value(catalog, partition, datum.value, type);
  }
  if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF) {
    const std::string word =
        upper_case(texts({node->column_ref->fields, node->column_ref->n_fields}).front());
    if (word == "MINVALUE" || word == "MAXVALUE") return word;
  }
  const Node* constant = node;
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) constant = node->type_cast->arg;
  if (constant->node_case != PG_QUERY__NODE__NODE_A_CONST || type.unknown()) {
    catalog.set_uncertain(partition, "a bound that the server computes");
    return expression_text(node);
  }
  const PgQuery__AConst& value = *constant->a_const;
  if (value.isnull != 0) return "NULL";
  std::string raw;
  if (value.val_case == PG_QUERY__A__CONST__VAL_IVAL) raw = std::to_string(value.ival->ival);
  if (value.val_case == PG_QUERY__A__CONST__VAL_FVAL) raw = text(value.fval->fval);
  if (value.val_case == PG_QUERY__A__CONST__VAL_SVAL) raw = text(value.sval->sval);
  if (value.val_case == PG_QUERY__A__CONST__VAL_BOOLVAL)
    raw = value.boolval->boolval != 0 ? "true" : "false";
  const auto canonical = canonical_value(catalog, type, raw);
  if (!canonical) {
    catalog.set_uncertain(partition, "a bound that only the server writes down");
    return in_quotes(raw, '\'');
  }
  const Type base = base_type(catalog, type);
  const bool number = (base.is("int4") || base.is("numeric")) && (*canonical)[0] != '-';
  if (number || base.is("bool")) return *canonical;
  return in_quotes(*canonical, '\'');
}

std::string bound_list(Catalog& catalog, const ObjectId& partition, Nodes nodes,
                       const std::vector<Type>& types, bool list) {
  std::string written;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const std::size_t at = list ? 0 : i;
    const Type type = at < types.size() ? types[at] : built_in("unknown");
    written += (written.empty() ? "" : ", ") + bound_value(catalog, partition, nodes[i], type);
  }
  return written;
}

}  // namespace

std::vector<ObjectId> children_of(const Catalog& catalog, const ObjectId& table) {
  std::vector<ObjectId> children;
  if (!catalog.has_children(table)) return children;
  for (const ObjectId& dependent : catalog.dependents_of({Kind::table, table.schema, table.name}))
    if (dependent.kind == Kind::table) {
      const auto& child = as<Table>(*catalog.schema().find(dependent));
      const RelationName name{table.schema, table.name};
      const bool inherits =
          std::find(child.inherits.begin(), child.inherits.end(), name) != child.inherits.end();
      if (inherits || (child.partition_of && child.partition_of->parent == name))
        children.push_back(dependent);
    }
  return children;
}

std::string partition_key(Catalog& catalog, const ObjectId& table,
                          const PgQuery__PartitionSpec& spec) {
  std::string list;
  for (const Node* node : Nodes{spec.part_params, spec.n_part_params}) {
    const PgQuery__PartitionElem& element = *node->partition_elem;
    std::string each;
    if (!text(element.name).empty()) {
      const ObjectId column{Kind::column, table.schema, table.name, text(element.name)};
      if (catalog.find(column) == nullptr)
        catalog.fail(
            fmt::format("there is no column {} in {}.{}", column.part, table.schema, table.name));
      each = identifier(column.part);
    } else {
      const Expression expression =
          write_expression(catalog, element.expr, scope_of(catalog, table));
      note_expression(catalog, table, expression);
      each = expression.is_call ? expression.text : "(" + expression.text + ")";
    }
    if (element.n_collation != 0) {
      std::string collation = resolve_collation(catalog, {element.collation, element.n_collation});
      if (collation.compare(0, 11, "pg_catalog.") == 0) collation.erase(0, 11);
      each += " COLLATE " + collation;
    }
    if (element.n_opclass != 0)
      each += " " + identifier(name_of(Nodes{element.opclass, element.n_opclass}).name);
    list += (list.empty() ? "" : ", ") + each;
  }
  return fmt::format("{} ({})", upper_case(text(spec.strategy)), list);
}

std::string partition_bound(Catalog& catalog, const ObjectId& partition, const Object& parent,
                            const PgQuery__PartitionBoundSpec& bound) {
  if (bound.is_default != 0) return "DEFAULT";
  const std::vector<Type> types = key_types(catalog, parent);
  const std::string strategy = text(bound.strategy);
  if (strategy == "h")
    return fmt::format("FOR VALUES WITH (modulus {}, remainder {})", bound.modulus,
                       bound.remainder);
  if (strategy == "l")
    return fmt::format(
        "FOR VALUES IN ({})",
        bound_list(catalog, partition, {bound.listdatums, bound.n_listdatums}, types, true));
  return fmt::format(
      "FOR VALUES FROM ({}) TO ({})",
      bound_list(catalog, partition, {bound.lowerdatums, bound.n_lowerdatums}, types, false),
      bound_list(catalog, partition, {bound.upperdatums, bound.n_upperdatums}, types, false));
}

void adopt_partition(Catalog& catalog, const ObjectId& partition, const Object& parent) {
  const ObjectId from = parent.id;
  std::vector<Object> constraints;
  for (const Object* each : parts_of(catalog.schema(), Kind::constraint, from.schema, from.name))
    constraints.push_back(*each);
  for (Object& constraint : constraints) as<Constraint>(constraint).validated = true;
  std::stable_sort(constraints.begin(), constraints.end(),
                   [](const Object& left, const Object& right) {
                     return as<Constraint>(left).type < as<Constraint>(right).type;
                   });
  for (const Object& constraint : constraints)
    inherit_constraint(catalog, partition, constraint, true);
  std::vector<Object> indexes;
  for (const ObjectId& id : catalog.dependents_of(from))
    if (id.kind == Kind::index) indexes.push_back(*catalog.find(id));
  for (const Object& index : indexes) inherit_index(catalog, partition, index);
  std::vector<Object> triggers;
  for (const Object* each : parts_of(catalog.schema(), Kind::trigger, from.schema, from.name))
    triggers.push_back(*each);
  for (const Object& trigger : triggers) inherit_trigger(catalog, partition, trigger);
}

void detach_partition(Catalog& catalog, const ObjectId& partition) {
  auto& table = as<Table>(*catalog.find(partition));
  if (!table.partition_of) return;
  const RelationName parent = table.partition_of->parent;
  table.partition_of.reset();
  catalog.undepend(partition, {Kind::table, parent.schema, parent.name, ""});
  for (auto& [id, object] : catalog.schema().objects) {
    if (id.schema != partition.schema) continue;
    if (auto* column = std::get_if<Column>(&object.definition);
        column != nullptr && id.name == partition.name) {
      column->inherited = false;
      column->local = true;
    }
    if (auto* constraint = std::get_if<Constraint>(&object.definition);
        constraint != nullptr && id.name == partition.name && constraint->inherited) {
      constraint->inherited = false;
      constraint->local = true;
      if (constraint->parent) catalog.undepend(id, *constraint->parent);
      constraint->parent.reset();
    }
    if (auto* index = std::get_if<Index>(&object.definition);
        index != nullptr && index->table.name == partition.name && index->partition_of) {
      catalog.undepend(id,
                       {Kind::index, index->partition_of->schema, index->partition_of->name, ""});
      index->partition_of.reset();
    }
  }
  std::vector<ObjectId> triggers;
  for (const Object* each :
       parts_of(catalog.schema(), Kind::trigger, partition.schema, partition.name))
    if (as<Trigger>(*each).inherited) triggers.push_back(each->id);
  for (const ObjectId& trigger : triggers) catalog.drop(trigger, true);
}

}  // namespace limbeck::postgres::memory
