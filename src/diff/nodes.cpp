#include "diff/nodes.h"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <utility>

#include "diff/inheritance.h"
#include "diff/link.h"
#include "diff/rebuild.h"
#include "schema/difference.h"

namespace limbeck {

namespace {

using Turn = Nodes::Turn;

bool holds_data_or_names(Kind kind) {
  switch (kind) {
    case Kind::schema:
    case Kind::extension:
    case Kind::collation:
    case Kind::enumeration:
    case Kind::composite:
    case Kind::domain:
    case Kind::range:
    case Kind::sequence:
    case Kind::table:
    case Kind::column:
    case Kind::routine:
    case Kind::aggregate:
    case Kind::foreign_data_wrapper:
    case Kind::server:
      return true;
    default:
      return false;
  }
}

std::string order_of(Turn turn, const ObjectId& id, std::size_t number) {
  // Drops go from the parts to the whole: the kinds are listed from the whole to the parts.
  const bool drop = turn == Turn::drop_light || turn == Turn::drop_heavy;
  const int kind = drop ? 99 - static_cast<int>(id.kind) : static_cast<int>(id.kind);
  return fmt::format("{}{:02}{}\x01{}\x01{}\x01{:08}", static_cast<int>(turn), kind, id.schema,
                     id.name, id.part, number);
}

std::map<ObjectId, const Object*> by_id(const std::vector<Object>& objects) {
  std::map<ObjectId, const Object*> found;
  for (const Object& object : objects) found.emplace(object.id, &object);
  return found;
}

// The differences outside of the tables that are built anew.
ChangeSet changes_beside(const std::vector<RebuildTable>& rebuilds, const Schema& from,
                         const Schema& to, const SchemaDialect& dialect) {
  Apart apart;
  for (const RebuildTable& rebuild : rebuilds) {
    for (const Object& object : rebuild.from) apart.from.insert(object.id);
    for (const Object& object : rebuild.to) apart.to.insert(object.id);
  }
  return change_set(from, to, dialect, apart);
}

void set_alone(Object& part) {
  if (part.id.kind == Kind::column) {
    as<Column>(part).inherited = false;
    as<Column>(part).local = true;
  } else if (part.id.kind == Kind::constraint &&
             as<Constraint>(part).type == ConstraintType::check) {
    as<Constraint>(part).inherited = false;
    as<Constraint>(part).local = true;
  }
}

bool is_relation_part(Kind kind) {
  return kind == Kind::column || kind == Kind::constraint || kind == Kind::trigger;
}

bool parents_differ(const Alter& change) {
  const auto& from = as<Table>(change.from);
  const auto& to = as<Table>(change.to);
  return from.inherits != to.inherits || from.partition_of != to.partition_of;
}

}  // namespace

Nodes::Nodes(const Schema& from, const Schema& to, const SchemaDialect& changing_dialect)
    : old_side(from), new_side(to), dialect(changing_dialect) {
  std::vector<RebuildTable> rebuilds = table_rebuilds(from, to, dialect);
  changes_ = changes_beside(rebuilds, from, to, dialect);
  add_nodes();
  for (RebuildTable& rebuild : rebuilds) add_rebuild(std::move(rebuild));
}

std::optional<Nodes::Node> Nodes::find(const Map& nodes, const ObjectId& id) {
  const auto found = nodes.find(id);
  return found == nodes.end() ? std::nullopt : std::optional(found->second);
}

ObjectId Nodes::table_of(const Object& part) {
  if (part.id.kind != Kind::index) return table_of(part.id);
  const RelationName& table = as<Index>(part).table;
  return {Kind::table, table.schema, table.name, ""};
}

Nodes::Node Nodes::add(Turn turn, Operation operation) {
  const ObjectId id = subject(operation);
  if (turn != Turn::drop_light && turn != Turn::drop_heavy && turn != Turn::replace_types &&
      dialect.evaluates(operation))
    turn = Turn::evaluate;
  const Node node = graph.add(order_of(turn, id, work.size()));
  work.push_back({std::move(operation)});
  return node;
}

void Nodes::add_nodes() {
  for (const ObjectId& id : changes_.drops) {
    const Turn turn = holds_data_or_names(id.kind) ? Turn::drop_heavy : Turn::drop_light;
    Object object = *old_side.find(id);
    if (comes_from_left(object)) set_alone(object);
    dropping[id] = add(turn, Drop{std::move(object), {}});
  }
  for (const ObjectId& id : changes_.creates) {
    const Object& object = *new_side.find(id);
    Object bare = without_link(object);
    if (link_of(object)) linking[id] = add(Turn::link, Alter{bare, object});
    creating[id] = add(Turn::create, Create{on_its_own(std::move(bare)), {}});
  }
  for (const auto& [id, change] : changes_.alters) add_alter(id, change);
  add_grants();
  for (ReplaceTypes& types : changes_.retypes) {
    for (RecastColumn& column : types.columns) stand_alone(column.from, column.to);
    const std::vector<TypePair> replaced = types.types;
    const std::vector<RecastColumn> recast = types.columns;
    const std::vector<Object> constraints = types.new_constraints;
    const Node node = add(Turn::replace_types, std::move(types));
    for (const TypePair& type : replaced) retyping[type.from.id] = node;
    for (const RecastColumn& column : recast) retyping[column.from.id] = node;
    for (const Object& constraint : constraints) creating[constraint.id] = node;
  }
}

// What only one side of the table has comes and goes with it.
void Nodes::add_rebuild(RebuildTable rebuild) {
  const auto old_objects = by_id(rebuild.from);
  const auto new_objects = by_id(rebuild.to);
  std::vector<ObjectId> gone, made;
  for (const auto& [id, object] : old_objects)
    if (!new_objects.contains(id)) gone.push_back(id);
  for (const auto& [id, object] : new_objects)
    if (!old_objects.contains(id)) made.push_back(id);
  const ObjectId old_table = rebuild.from.front().id;
  const ObjectId new_table = rebuild.to.front().id;
  const Node node = add(Turn::alter, std::move(rebuild));
  // What stands on it, and is no part of it, goes before and comes after.
  if (old_table == new_table) altering[new_table] = node;
  for (const ObjectId& id : gone) dropping[id] = node;
  for (const ObjectId& id : made) creating[id] = node;
}

// A partition is made as a table of its own, and attached by its link; a table that is there
// joins its parents when it has what they ask for. Until then its columns and checks come from
// nowhere else.
Object Nodes::on_its_own(Object object) const {
  const Object* table = new_side.find(table_of(object.id));
  if (!table) return object;
  const bool attached = changes_.creates.contains(table->id) && as<Table>(*table).partition_of;
  if (attached || comes_from_joined(object)) set_alone(object);
  return object;
}

const Object* Nodes::staying_table(const ObjectId& id) const {
  if (changes_.drops.contains(id) || changes_.creates.contains(id)) return nullptr;
  return new_side.find(id) ? old_side.find(id) : nullptr;
}

bool Nodes::keeps_parent_of(const Object& part, const Schema& schema) const {
  const auto source = inherited_from(part, schema);
  if (!source) return true;
  const Object* original = schema.find(*source);
  const ObjectId id = table_of(part);
  const Object* table = staying_table(id);
  if (!original || !table) return true;
  const ObjectId parent = table_of(*original);
  return keeps_parent(*table, *new_side.find(id), {.schema = parent.schema, .name = parent.name});
}

bool Nodes::comes_from_left(const Object& old) const {
  return is_relation_part(old.id.kind) && !keeps_parent_of(old, old_side);
}

bool Nodes::comes_from_joined(const Object& object) const {
  return is_relation_part(object.id.kind) && !keeps_parent_of(object, new_side);
}

// Between leaving and joining a part is its table's own.
void Nodes::stand_alone(Object& from, Object& to) const {
  if (!comes_from_left(from) && !comes_from_joined(to)) return;
  set_alone(from);
  set_alone(to);
}

// A table leaves its old parents before anything is done to it or to them, and joins the new
// ones when both are ready.
void Nodes::add_new_parents(const ObjectId& id, const Alter& change) {
  Object apart = with_kept_parents(change.from, change.to);
  Object ready = with_kept_parents(change.to, change.from);
  if (!differing_fields(change.from, apart).empty())
    leaving[id] = add(Turn::drop_light, Alter{change.from, apart});
  if (!differing_fields(ready, change.to).empty())
    linking[id] = add(Turn::link, Alter{ready, change.to});
  if (!differing_fields(apart, ready).empty())
    altering[id] = add(Turn::alter, Alter{std::move(apart), std::move(ready)});
}

// What is granted on columns is granted when they are there; with a column that goes, or is made
// anew, it goes.
void Nodes::add_grants() {
  for (const auto& [id, table] : new_side.objects) {
    if (id.kind != Kind::table || !table.privileges || !staying_table(id)) continue;
    const Object& old = *old_side.find(id);
    const auto of_column = [](const Privilege& privilege) { return !privilege.column.empty(); };
    if (!old.privileges ||
        (std::none_of(table.privileges->begin(), table.privileges->end(), of_column) &&
         std::none_of(old.privileges->begin(), old.privileges->end(), of_column)))
      continue;
    Object before = table;
    before.privileges = old.privileges;
    std::erase_if(*before.privileges, [&, table_id = id](const Privilege& privilege) {
      return of_column(privilege) &&
             dropping.contains({Kind::column, table_id.schema, table_id.name, privilege.column});
    });
    if (const auto altered = find(altering, id)) leave_privileges(*altered);
    if (before.privileges != table.privileges) granting[id] = add(Turn::link, Alter{before, table});
  }
}

void Nodes::leave_privileges(Node node) {
  auto& change = std::get<Alter>(work[node].operation);
  change.to.privileges = change.from.privileges;
  if (differing_fields(change.from, change.to).empty()) work[node].silent = true;
}

void Nodes::add_alter(const ObjectId& id, Alter change) {
  if (id.kind == Kind::table && parents_differ(change)) {
    add_new_parents(id, change);
    return;
  }
  stand_alone(change.from, change.to);
  if (link_of(change.from) == link_of(change.to)) {
    altering[id] = add(Turn::alter, change);
    return;
  }
  Object middle = with_link_of(change.to, change.from);
  linking[id] = add(Turn::link, Alter{middle, change.to});
  if (!differing_fields(change.from, middle).empty())
    altering[id] = add(Turn::alter, Alter{change.from, std::move(middle)});
}

void Nodes::share(Node heir, Node parent) {
  work[heir].silent = true;
  stands_for_[heir] = parent;
}

// The node that does the work of a node.
Nodes::Node Nodes::doer(Node node) const {
  for (auto found = stands_for_.find(node); found != stands_for_.end();
       found = stands_for_.find(node))
    node = found->second;
  return node;
}

void Nodes::before(std::optional<Node> first, std::optional<Node> second) {
  if (first && second) graph.before(doer(*first), doer(*second));
}

}  // namespace limbeck
