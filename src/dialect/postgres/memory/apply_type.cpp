// Enums, composite types, ranges and domains.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

ObjectId new_type(Catalog& catalog, Kind kind, const Name& written) {
  ObjectId id{kind, catalog.creation_schema(written.schema), written.name, ""};
  if (catalog.has_type(id.schema, id.name))
    catalog.fail(fmt::format("type {}.{} already exists", id.schema, id.name));
  return id;
}

// As it is kept of what is of the type: empty where it is the type's own.
std::string other_collation(Catalog& catalog, const Type& type, Nodes names) {
  if (names.empty()) return {};
  std::string collation = resolve_collation(catalog, names);
  return collation == collation_of(catalog, type) ? "" : collation;
}

Attribute attribute_of(Catalog& catalog, const ObjectId& id, const PgQuery__ColumnDef& definition) {
  const Type type = resolve(catalog, *definition.type_name);
  depend_on_type(catalog, id, type);
  Attribute attribute;
  attribute.name = text(definition.colname);
  attribute.type = format(type);
  const Nodes collation = collation_names(definition.coll_clause);
  attribute.collation = other_collation(catalog, type, collation);
  depend_on_collation(catalog, id, type, collation);
  return attribute;
}

void add_domain_check(Catalog& catalog, const ObjectId& domain,
                      const PgQuery__Constraint& constraint) {
  Scope scope;
  const Type type = parse_type(catalog, as<Domain>(*catalog.find(domain)).type);
  scope.value = type;
  const Expression expression =
      write_expression(catalog, constraint.raw_expr, scope, built_in("bool"));
  std::string name = text(constraint.conname);
  if (name.empty()) name = free_constraint_name(catalog, domain.schema, domain.name, "", "check");
  const ObjectId id{Kind::domain_constraint, domain.schema, domain.name, std::move(name)};
  if (catalog.find(id) != nullptr)
    catalog.fail(fmt::format("constraint {} of {}.{} already exists", id.part, id.schema, id.name));
  catalog.add(id, DomainConstraint{.expression = expression.text,
                                   .validated = constraint.skip_validation == 0 ||
                                                constraint.initially_valid != 0});
  note_expression(catalog, id, expression);
}

void set_domain_default(Catalog& catalog, const ObjectId& id, const Node* node) {
  if (node == nullptr) {
    as<Domain>(*catalog.find(id)).default_expression.clear();
    return;
  }
  const Type type = parse_type(catalog, as<Domain>(*catalog.find(id)).type);
  const Expression expression = write_expression(catalog, node, Scope{}, type);
  as<Domain>(*catalog.find(id)).default_expression = expression.is_null ? "" : expression.text;
  note_expression(catalog, id, expression);
}

// A domain over another begins with the default of that, and with what it uses.
void take_over_default(Catalog& catalog, const ObjectId& id, const ObjectId& from) {
  const std::string text = as<Domain>(*catalog.find(from)).default_expression;
  if (text.empty()) return;
  as<Domain>(*catalog.find(id)).default_expression = text;
  if (const std::string* why = catalog.uncertain(from)) catalog.set_uncertain(id, *why);
  const auto& edges = catalog.schema().dependencies;
  std::vector<ObjectId> uses;
  for (auto at = edges.lower_bound({from, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == from; ++at)
    if (text.find(qualified(at->on)) != std::string::npos) uses.push_back(at->on);
  for (const ObjectId& on : uses) catalog.depend(id, on);
}

}  // namespace

void create_enum(Catalog& catalog, const PgQuery__CreateEnumStmt& statement) {
  const ObjectId id = new_type(catalog, Kind::enumeration,
                               name_of(Nodes{statement.type_name, statement.n_type_name}));
  catalog.add(id, Enumeration{.labels = texts({statement.vals, statement.n_vals})});
}

void alter_enum(Catalog& catalog, const PgQuery__AlterEnumStmt& statement) {
  Object& object = catalog.need({Kind::enumeration}, "type",
                                name_of(Nodes{statement.type_name, statement.n_type_name}));
  std::vector<std::string>& labels = as<Enumeration>(object).labels;
  const auto at = [&](const std::string& label) {
    const auto found = std::find(labels.begin(), labels.end(), label);
    if (found == labels.end())
      catalog.fail(fmt::format("'{}' is not a value of enum {}", label, object.id.name));
    return found;
  };
  const std::string added = text(statement.new_val);
  const std::string old = text(statement.old_val);
  if (!old.empty()) {
    *at(old) = added;
    return;
  }
  if (std::find(labels.begin(), labels.end(), added) != labels.end()) {
    if (statement.skip_if_new_val_exists != 0) return;
    catalog.fail(fmt::format("'{}' is a value of enum {} already", added, object.id.name));
  }
  const std::string neighbour = text(statement.new_val_neighbor);
  auto place = labels.end();
  if (!neighbour.empty()) place = at(neighbour) + (statement.new_val_is_after != 0 ? 1 : 0);
  labels.insert(place, added);
}

void create_composite(Catalog& catalog, const PgQuery__CompositeTypeStmt& statement) {
  const ObjectId id = new_type(catalog, Kind::composite, name_of(*statement.typevar));
  catalog.add(id, Composite{});
  Composite composite;
  for (const Node* node : Nodes{statement.coldeflist, statement.n_coldeflist})
    composite.attributes.push_back(attribute_of(catalog, id, *node->column_def));
  as<Composite>(*catalog.find(id)) = std::move(composite);
}

void alter_composite(Catalog& catalog, Object& object, const PgQuery__AlterTableStmt& statement) {
  const ObjectId id = object.id;
  for (const Node* node : Nodes{statement.cmds, statement.n_cmds}) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    auto& attributes = as<Composite>(*catalog.find(id)).attributes;
    const std::string name = text(command.name);
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const Attribute& one) { return one.name == name; });
    switch (command.subtype) {
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn: {
        Attribute added = attribute_of(catalog, id, *command.def->column_def);
        as<Composite>(*catalog.find(id)).attributes.push_back(std::move(added));
        break;
      }
      case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
        if (found != attributes.end())
          attributes.erase(found);
        else if (command.missing_ok == 0)
          catalog.fail(fmt::format("there is no attribute {} in {}", name, id.name));
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
        if (found == attributes.end())
          catalog.fail(fmt::format("there is no attribute {} in {}", name, id.name));
        found->type = format(resolve(catalog, *command.def->column_def->type_name));
        break;
      case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
        break;
      default:
        catalog.not_interpreted("ALTER TYPE", "a form that is not known");
        break;
    }
  }
}

void create_range(Catalog& catalog, const PgQuery__CreateRangeStmt& statement) {
  const ObjectId id =
      new_type(catalog, Kind::range, name_of(Nodes{statement.type_name, statement.n_type_name}));
  Range range;
  std::optional<Type> subtype;
  std::optional<Name> opclass;
  Nodes collation;
  for (const Node* node : Nodes{statement.params, statement.n_params}) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string name = text(option.defname);
    const bool typed =
        option.arg != nullptr && option.arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
    if (name == "subtype" && typed) {
      subtype = resolve(catalog, *option.arg->type_name);
      range.subtype = label(*subtype);
    } else if (name == "subtype_diff" && typed) {
      const Name function =
          name_of(Nodes{option.arg->type_name->names, option.arg->type_name->n_names});
      const Object* routine = nullptr;
      for (const auto& [other, object] : catalog.schema().objects)
        if (other.kind == Kind::routine && other.name == function.name) routine = &object;
      range.subtype_diff = routine != nullptr ? qualified(routine->id) : identifier(function.name);
    } else if (name == "subtype_opclass" && typed) {
      opclass = name_of(Nodes{option.arg->type_name->names, option.arg->type_name->n_names});
    } else if (name == "collation" && typed) {
      collation = {option.arg->type_name->names, option.arg->type_name->n_names};
    } else if (name == "multirange_type_name" && typed) {
      range.multirange =
          name_of(Nodes{option.arg->type_name->names, option.arg->type_name->n_names}).name;
    } else {
      catalog.set_uncertain(id, fmt::format("the option {} of a range type", name));
    }
  }
  if (range.multirange.empty()) {
    // "range" in the name becomes "multirange"; else it is added.
    std::string name = id.name;
    const std::size_t at = name.find("range");
    range.multirange = at == std::string::npos ? name + "_multirange" : name.insert(at, "multi");
  }
  if (subtype) range.collation = other_collation(catalog, *subtype, collation);
  if (subtype && opclass && opclass->name != default_class(catalog, *subtype))
    range.subtype_opclass = (opclass->schema.empty() ? "pg_catalog" : identifier(opclass->schema)) +
                            "." + identifier(opclass->name);
  catalog.add(id, std::move(range));
  if (!subtype) return;
  depend_on_type(catalog, id, *subtype);
  depend_on_collation(catalog, id, *subtype, collation);
}

void create_domain(Catalog& catalog, const PgQuery__CreateDomainStmt& statement) {
  const ObjectId id =
      new_type(catalog, Kind::domain, name_of(Nodes{statement.domainname, statement.n_domainname}));
  const Type type = resolve(catalog, *statement.type_name);
  const Nodes collation = collation_names(statement.coll_clause);
  catalog.add(id,
              Domain{.type = format(type), .collation = other_collation(catalog, type, collation)});
  depend_on_collation(catalog, id, type, collation);
  depend_on_type(catalog, id, type);
  catalog.set_uncertain(id, type.doubt);
  const Nodes constraints{statement.constraints, statement.n_constraints};
  const bool own_default =
      std::any_of(constraints.begin(), constraints.end(), [](const Node* node) {
        return node->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT;
      });
  if (!own_default && !type.array && type.object && type.object->kind == Kind::domain)
    take_over_default(catalog, id, *type.object);
  for (const Node* node : constraints) {
    const PgQuery__Constraint& constraint = *node->constraint;
    switch (constraint.contype) {
      case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL:
        as<Domain>(*catalog.find(id)).not_null = true;
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        set_domain_default(catalog, id, constraint.raw_expr);
        break;
      case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK:
        add_domain_check(catalog, id, constraint);
        break;
      default:
        break;
    }
  }
}

void alter_domain(Catalog& catalog, const PgQuery__AlterDomainStmt& statement) {
  Object& object = catalog.need({Kind::domain}, "domain",
                                name_of(Nodes{statement.type_name, statement.n_type_name}));
  const ObjectId id = object.id;
  auto& domain = as<Domain>(object);
  const ObjectId constraint{Kind::domain_constraint, id.schema, id.name, text(statement.name)};
  switch (text(statement.subtype)[0]) {
    case 'T':
      set_domain_default(catalog, id, statement.def);
      break;
    case 'N':
      domain.not_null = false;
      break;
    case 'O':
      domain.not_null = true;
      break;
    case 'C':
      add_domain_check(catalog, id, *statement.def->constraint);
      break;
    case 'X':
      if (catalog.find(constraint) != nullptr)
        catalog.drop(constraint, statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
      else if (statement.missing_ok == 0)
        catalog.fail(
            fmt::format("there is no constraint {} of domain {}", constraint.part, id.name));
      break;
    case 'V':
      if (Object* found = catalog.find(constraint)) as<DomainConstraint>(*found).validated = true;
      break;
    default:
      catalog.not_interpreted("ALTER DOMAIN", "a form that is not known");
      break;
  }
}

}  // namespace limbeck::postgres::memory
