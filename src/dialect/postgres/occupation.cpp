// The names that objects take from each other, and the operations that run what users wrote.
#include <string>

#include "dialect/postgres/change.h"
#include "operation/match.h"

namespace limbeck::postgres {
namespace {

using Names = std::vector<std::string>;

std::string key(const char* space, const std::string& schema, const std::string& name) {
  return std::string(space) + " " + schema + "." + name;
}

Names relation(const ObjectId& id) {
  return {key("relation", id.schema, id.name)};
}

Names type(const ObjectId& id) {
  return {key("type", id.schema, id.name)};
}

// Its rows have a type of its name; a sequence has none, but is refused beside one.
Names relation_with_rows(const ObjectId& id) {
  return {key("relation", id.schema, id.name), key("type", id.schema, id.name)};
}

std::string in_table(const char* what, const ObjectId& part) {
  return std::string(what) + " " + part.schema + "." + part.name + "." + part.part;
}

Names constraint(const ObjectId& id, const Constraint& definition) {
  Names names{in_table("constraint", id)};
  const bool has_index =
      definition.type != ConstraintType::check && definition.type != ConstraintType::foreign_key;
  if (has_index) names.push_back(key("relation", id.schema, id.part));
  return names;
}

Names range(const ObjectId& id, const Range& definition) {
  Names names = type(id);
  if (!definition.multirange.empty())
    names.push_back(key("type", id.schema, definition.multirange));
  return names;
}

Names column(const ObjectId& id, const Column& definition) {
  Names names{in_table("column", id)};
  if (definition.identity && !definition.identity->sequence.empty())
    names.push_back(key("relation", id.schema, definition.identity->sequence));
  return names;
}

// Every list of types that it can be called with: an argument with a default can be left out, and
// a call that two functions could answer is refused.
Names calls(const ObjectId& id, const std::vector<Argument>& arguments) {
  Names names{key("routine", id.schema, id.name) + "(" + id.part + ")"};
  std::string types;
  for (const Argument& argument : arguments) {
    if (argument.mode == "OUT" || argument.mode == "TABLE") continue;
    if (!argument.default_expression.empty())
      names.push_back(key("routine", id.schema, id.name) + "(" + types + ")");
    types += (types.empty() ? "" : ", ") + argument.type;
  }
  return names;
}

// The checks of a domain run for every row that the new column comes to.
bool fills(const Column& column) {
  const bool user_type = column.type.find('.') != std::string::npos;
  return column.generated.has_value() || column.identity.has_value() || user_type;
}

bool create_evaluates(const Create& create) {
  return match(
      create.object.definition, [](const Column& column) { return fills(column); },
      [](const ColumnDefault& value) { return value.expression.find('(') != std::string::npos; },
      [](const Constraint& constraint) {
        return constraint.type == ConstraintType::check ||
               constraint.type == ConstraintType::exclusion;
      },
      [](const DomainConstraint& /*constraint*/) { return true; },
      [](const Index& index) {
        bool expression = !index.predicate.empty();
        for (const IndexKey& item : index.keys) expression = expression || item.column.empty();
        return expression;
      },
      [](const MaterializedView& view) { return view.populated; },
      [](const auto& /*other*/) { return false; });
}

bool alter_evaluates(const Alter& alter) {
  if (alter.to.id.kind == Kind::column)
    return as<Column>(alter.from).type != as<Column>(alter.to).type;
  if (alter.to.id.kind == Kind::constraint)
    return as<Constraint>(alter.from).validated != as<Constraint>(alter.to).validated;
  if (alter.to.id.kind == Kind::domain_constraint) return true;
  // A partition's rows are checked against its bound.
  return alter.to.id.kind == Kind::table &&
         as<Table>(alter.from).partition_of != as<Table>(alter.to).partition_of;
}

}  // namespace

std::vector<std::string> occupied_names(const Object& object) {
  const ObjectId& id = object.id;
  return match(
      object.definition, [&](const Sequence&) { return relation_with_rows(id); },
      [&](const Index&) { return relation(id); },
      [&](const Table&) { return relation_with_rows(id); },
      [&](const View&) { return relation_with_rows(id); },
      [&](const MaterializedView&) { return relation_with_rows(id); },
      [&](const Composite&) { return relation_with_rows(id); },
      [&](const Enumeration&) { return type(id); }, [&](const Domain&) { return type(id); },
      [&](const Range& definition) { return range(id, definition); },
      [&](const Column& definition) { return column(id, definition); },
      [&](const Constraint& definition) { return constraint(id, definition); },
      [&](const Routine& definition) { return calls(id, definition.arguments); },
      [&](const Aggregate&) { return calls(id, {}); },
      [&](const Trigger&) { return Names{in_table("trigger", id)}; },
      [&](const auto& /*other*/) { return Names{}; });
}

bool evaluates(const Operation& operation) {
  return match(
      operation, [](const Create& create) { return create_evaluates(create); },
      [](const Alter& alter) { return alter_evaluates(alter); },
      [](const ReplaceTypes&) { return true; }, [](const Drop&) { return false; },
      [](const Rename&) { return false; }, [](const RebuildTable&) { return true; });
}

}  // namespace limbeck::postgres
