// What the topics share, and comments.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {

std::optional<ObjectId> find_folded(const Catalog& catalog, const Name& name) {
  std::vector<std::string> schemas = catalog.state().search_path;
  if (!name.schema.empty()) schemas = {name.schema};
  for (const std::string& schema : schemas)
    if (auto holder = catalog.relation_holder(schema, name.name);
        holder && (holder->kind == Kind::constraint || holder->kind == Kind::column))
      return holder;
  return std::nullopt;
}

namespace {

// "toast.fillfactor"
std::string name_of_option(const PgQuery__DefElem& option) {
  const std::string space = text(option.defnamespace);
  return space.empty() ? text(option.defname) : fmt::format("{}.{}", space, text(option.defname));
}

}  // namespace

Options options_of(Nodes nodes) {
  Options options;
  for (const Node* node : nodes) {
    const PgQuery__DefElem& option = *node->def_elem;
    std::string name = name_of_option(option);
    std::string value = option_text(option);
    if (option.arg == nullptr) value = "true";
    options.push_back({std::move(name), std::move(value)});
  }
  return options;
}

void change_options(Options& options, Nodes changes, bool reset) {
  for (const Node* node : changes) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string name = name_of_option(option);
    std::erase_if(options, [&](const Option& one) { return one.name == name; });
    if (reset || option.defaction == PG_QUERY__DEF_ELEM_ACTION__DEFELEM_DROP) continue;
    options.push_back({name, option.arg == nullptr ? "true" : option_text(option)});
  }
}

void note_expression(Catalog& catalog, const ObjectId& id, const Expression& expression) {
  for (const ObjectId& on : expression.uses) catalog.depend(id, on);
  catalog.set_uncertain(id, expression.doubt);
}

void depend_on_type(Catalog& catalog, const ObjectId& id, const Type& type) {
  if (type.object) catalog.depend(id, *type.object);
}

Nodes collation_names(const PgQuery__CollateClause* clause) {
  return clause == nullptr ? Nodes{} : Nodes{clause->collname, clause->n_collname};
}

void depend_on_collation(Catalog& catalog, const ObjectId& id, const Type& type, Nodes names) {
  const RelationName name =
      unquoted(names.empty() ? collation_of(catalog, type) : resolve_collation(catalog, names));
  const ObjectId collation{Kind::collation, name.schema, name.name, ""};
  if (catalog.find(collation) != nullptr) catalog.depend(id, collation);
}

ObjectId need_table(Catalog& catalog, const PgQuery__RangeVar& relation) {
  return catalog.need({Kind::table}, "relation", name_of(relation)).id;
}

namespace {

// The kinds that a word of COMMENT, DROP and others speaks of.
std::vector<Kind> kinds_of(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
      return {Kind::table};
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
      return {Kind::view};
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
      return {Kind::materialized_view};
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
      return {Kind::sequence};
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
      return {Kind::index};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
      return {Kind::enumeration, Kind::composite, Kind::range, Kind::domain};
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
      return {Kind::domain};
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
      return {Kind::collation};
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
      return {Kind::statistics};
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
      return {Kind::schema};
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION:
      return {Kind::extension};
    case PG_QUERY__OBJECT_TYPE__OBJECT_FDW:
      return {Kind::foreign_data_wrapper};
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER:
      return {Kind::server};
    case PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION:
      return {Kind::publication};
    case PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER:
      return {Kind::event_trigger};
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
      return {Kind::routine, Kind::aggregate};
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
      return {Kind::aggregate};
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      return {Kind::column};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
      return {Kind::constraint};
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
      return {Kind::domain_constraint};
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
      return {Kind::trigger};
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
      return {Kind::rule};
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
      return {Kind::policy};
    default:
      return {};
  }
}

// table.part, as a list of names whose last one is the part's.
Object* find_part(Catalog& catalog, Kind kind, Nodes names) {
  if (names.size() < 2) return nullptr;
  const std::string part = text(names[names.size() - 1]);
  const Object* owner =
      catalog.search({Kind::table, Kind::view, Kind::materialized_view, Kind::domain},
                     name_of(Nodes{names.first, names.count - 1}));
  if (owner == nullptr) return nullptr;
  return catalog.find(ObjectId{kind, owner->id.schema, owner->id.name, part});
}

// COMMENT ON CONSTRAINT ... ON DOMAIN: a type and a name.
Object* find_domain_part(Catalog& catalog, Nodes pair) {
  if (pair.size() != 2) return nullptr;
  const Object* owner = catalog.search({Kind::domain}, name_of(pair[0]));
  if (owner == nullptr) return nullptr;
  return catalog.find(
      ObjectId{Kind::domain_constraint, owner->id.schema, owner->id.name, text(pair[1])});
}

template <class Columns>
bool comment_column(Columns& columns, const std::string& name, const std::string& words) {
  for (auto& column : columns)
    if (column.name == name) {
      if constexpr (requires { column.comment; }) column.comment = words;
      return true;
    }
  return false;
}

// A column of a view or of a composite type is no object.
bool comment_view_column(Catalog& catalog, Nodes names, const std::string& words) {
  const std::string column = text(names[names.size() - 1]);
  Object* owner = catalog.search({Kind::view, Kind::materialized_view, Kind::composite},
                                 name_of(Nodes{names.first, names.count - 1}));
  if (owner == nullptr) return false;
  if (auto* view = std::get_if<View>(&owner->definition))
    return comment_column(view->columns, column, words);
  if (auto* filled = std::get_if<MaterializedView>(&owner->definition))
    return comment_column(filled->columns, column, words);
  return comment_column(as<Composite>(*owner).attributes, column, words);
}

}  // namespace

Object* find_named(Catalog& catalog, PgQuery__ObjectType type, const Node* name) {
  if (name == nullptr) return nullptr;
  if (name->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS) {
    return find_routine(catalog, *name->object_with_args, {Kind::routine, Kind::aggregate});
  }
  if (type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT)
    return find_domain_part(catalog, items(name));
  for (const Kind kind : kinds_of(type)) {
    if (is_part(kind)) return find_part(catalog, kind, items(name));
    const Name written = name_of(name);
    const bool in_schema = kind != Kind::schema && kind != Kind::extension &&
                           kind != Kind::foreign_data_wrapper && kind != Kind::server &&
                           kind != Kind::publication && kind != Kind::event_trigger;
    Object* found = in_schema ? catalog.search({kind}, written)
                              : catalog.find(ObjectId{kind, "", written.name, ""});
    if (found != nullptr) return found;
  }
  return nullptr;
}

void comment(Catalog& catalog, const PgQuery__CommentStmt& statement) {
  const std::string words = text(statement.comment);
  if (Object* object = find_named(catalog, statement.objtype, statement.object)) {
    object->comment = words;
    return;
  }
  switch (statement.objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
      if (comment_view_column(catalog, items(statement.object), words)) return;
      break;
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE:
      return;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: {
      const Name name = name_of(statement.object);
      if (catalog.search({Kind::table, Kind::view, Kind::materialized_view}, name) == nullptr)
        catalog.fail_missing("relation", name);
      break;
    }
    default:
      break;
  }
  catalog.not_interpreted("COMMENT ON", "the object is not one that is known here");
}

}  // namespace limbeck::postgres::memory
