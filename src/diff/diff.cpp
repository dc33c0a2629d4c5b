#include "diff/diff.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "diff/change_set.h"
#include "diff/dependents.h"
#include "diff/inheritance.h"
#include "diff/link.h"
#include "diff/operation_graph.h"
#include "diff/rebuild.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

using Node = std::size_t;
using Bond = OperationGraph::Bond;

// Which operations go first where nothing else decides: names are freed, then made, then changed,
// and what holds data goes last.
enum class Turn { drop_light, create, replace_types, alter, link, evaluate, drop_heavy };

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

// What a part is made with and goes with; nothing for what stands alone.
std::optional<ObjectId> holder_of(const Object& object, const Schema& schema) {
  const ObjectId& id = object.id;
  switch (id.kind) {
    case Kind::column:
    case Kind::constraint:
      return ObjectId{Kind::table, id.schema, id.name, ""};
    case Kind::domain_constraint:
      return ObjectId{Kind::domain, id.schema, id.name, ""};
    case Kind::column_default: {
      ObjectId table{Kind::table, id.schema, id.name, ""};
      if (schema.find(table)) return table;
      return std::nullopt;  // of a view's column
    }
    default:
      return std::nullopt;
  }
}

class Planner {
 public:
  Planner(const Schema& from, const Schema& to, const SchemaDialect& dialect)
      : from_(from),
        to_(to),
        dialect_(dialect),
        rebuilds_(table_rebuilds(from, to, dialect)),
        changes_(changes_beside(rebuilds_, from, to, dialect)) {}

  std::vector<Operation> run() {
    add_nodes();
    share_inherited();
    order_by_dependencies();
    order_links();
    order_parents();
    order_grants();
    order_by_names();
    fold();
    return operations();
  }

 private:
  struct Work {
    Operation operation;
    bool silent = false;  // done by another operation
  };

  Node add(Turn turn, Operation operation) {
    const ObjectId id = subject(operation);
    if (turn != Turn::drop_light && turn != Turn::drop_heavy && turn != Turn::replace_types &&
        dialect_.evaluates(operation))
      turn = Turn::evaluate;
    const Node node = graph_.add(order_of(turn, id, work_.size()));
    work_.push_back({std::move(operation)});
    return node;
  }

  // ---- one node for each change ----

  void add_nodes() {
    for (const ObjectId& id : changes_.drops) {
      const Turn turn = holds_data_or_names(id.kind) ? Turn::drop_heavy : Turn::drop_light;
      Object object = *from_.find(id);
      if (comes_from_left(object)) set_alone(object);
      dropping_[id] = add(turn, Drop{std::move(object), {}});
    }
    for (const ObjectId& id : changes_.creates) {
      const Object& object = *to_.find(id);
      Object bare = without_link(object);
      if (link_of(object)) linking_[id] = add(Turn::link, Alter{bare, object});
      creating_[id] = add(Turn::create, Create{on_its_own(std::move(bare)), {}});
    }
    for (const auto& [id, change] : changes_.alters) add_alter(id, change);
    add_grants();
    for (ReplaceTypes& types : changes_.retypes) {
      for (RecastColumn& column : types.columns) stand_alone(column.from, column.to);
      const std::vector<TypePair> replaced = types.types;
      const std::vector<RecastColumn> recast = types.columns;
      const std::vector<Object> constraints = types.new_constraints;
      const Node node = add(Turn::replace_types, std::move(types));
      for (const TypePair& type : replaced) retyping_[type.from.id] = node;
      for (const RecastColumn& column : recast) retyping_[column.from.id] = node;
      for (const Object& constraint : constraints) creating_[constraint.id] = node;
    }
    for (RebuildTable& rebuild : rebuilds_) add_rebuild(std::move(rebuild));
  }

  // What only one side of the table has comes and goes with it.
  void add_rebuild(RebuildTable rebuild) {
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
    if (old_table == new_table) altering_[new_table] = node;
    for (const ObjectId& id : gone) dropping_[id] = node;
    for (const ObjectId& id : made) creating_[id] = node;
  }

  // A partition is made as a table of its own, and attached by its link; a table that is there
  // joins its parents when it has what they ask for. Until then its columns and checks come from
  // nowhere else.
  Object on_its_own(Object object) const {
    const Object* table = to_.find(table_of(object.id));
    if (!table) return object;
    const bool attached = changes_.creates.contains(table->id) && as<Table>(*table).partition_of;
    if (attached || comes_from_joined(object)) set_alone(object);
    return object;
  }

  static void set_alone(Object& part) {
    if (part.id.kind == Kind::column) {
      as<Column>(part).inherited = false;
      as<Column>(part).local = true;
    } else if (part.id.kind == Kind::constraint &&
               as<Constraint>(part).type == ConstraintType::check) {
      as<Constraint>(part).inherited = false;
      as<Constraint>(part).local = true;
    }
  }

  // Nothing when the table is not on both sides, all the time.
  const Object* staying_table(const ObjectId& id) const {
    if (changes_.drops.contains(id) || changes_.creates.contains(id)) return nullptr;
    return to_.find(id) ? from_.find(id) : nullptr;
  }

  static ObjectId table_of(const Object& part) {
    if (part.id.kind != Kind::index) return table_of(part.id);
    const RelationName& table = as<Index>(part).table;
    return {Kind::table, table.schema, table.name, ""};
  }

  bool keeps_parent_of(const Object& part, const Schema& schema) const {
    const auto source = inherited_from(part, schema);
    if (!source) return true;
    const Object* original = schema.find(*source);
    const ObjectId id = table_of(part);
    const Object* table = staying_table(id);
    if (!original || !table) return true;
    const ObjectId parent = table_of(*original);
    return keeps_parent(*table, *to_.find(id), {.schema = parent.schema, .name = parent.name});
  }

  // Whether a part that the old schema has comes from a parent that its table leaves.
  bool comes_from_left(const Object& old) const {
    return is_relation_part(old.id.kind) && !keeps_parent_of(old, from_);
  }

  // Whether a part that the new schema has comes from a parent that its table joins.
  bool comes_from_joined(const Object& object) const {
    return is_relation_part(object.id.kind) && !keeps_parent_of(object, to_);
  }

  static bool is_relation_part(Kind kind) {
    return kind == Kind::column || kind == Kind::constraint || kind == Kind::trigger;
  }

  // Between leaving and joining a part is its table's own.
  void stand_alone(Object& from, Object& to) const {
    if (!comes_from_left(from) && !comes_from_joined(to)) return;
    set_alone(from);
    set_alone(to);
  }

  // A table leaves its old parents before anything is done to it or to them, and joins the new
  // ones when both are ready.
  void add_new_parents(const ObjectId& id, const Alter& change) {
    Object apart = with_kept_parents(change.from, change.to);
    Object ready = with_kept_parents(change.to, change.from);
    if (!differing_fields(change.from, apart).empty())
      leaving_[id] = add(Turn::drop_light, Alter{change.from, apart});
    if (!differing_fields(ready, change.to).empty())
      linking_[id] = add(Turn::link, Alter{ready, change.to});
    if (!differing_fields(apart, ready).empty())
      altering_[id] = add(Turn::alter, Alter{std::move(apart), std::move(ready)});
  }

  // What is granted on columns is granted when they are there; with a column that goes, or is made
  // anew, it goes.
  void add_grants() {
    for (const auto& [id, table] : to_.objects) {
      if (id.kind != Kind::table || !table.privileges || !staying_table(id)) continue;
      const Object& old = *from_.find(id);
      const auto of_column = [](const Privilege& privilege) { return !privilege.column.empty(); };
      if (!old.privileges ||
          (std::none_of(table.privileges->begin(), table.privileges->end(), of_column) &&
           std::none_of(old.privileges->begin(), old.privileges->end(), of_column)))
        continue;
      Object before = table;
      before.privileges = old.privileges;
      std::erase_if(*before.privileges, [&](const Privilege& privilege) {
        return of_column(privilege) &&
               dropping_.contains({Kind::column, id.schema, id.name, privilege.column});
      });
      if (const auto altered = find(altering_, id)) leave_privileges(*altered);
      if (before.privileges != table.privileges)
        granting_[id] = add(Turn::link, Alter{before, table});
    }
  }

  void leave_privileges(Node node) {
    auto& change = std::get<Alter>(work_[node].operation);
    change.to.privileges = change.from.privileges;
    if (differing_fields(change.from, change.to).empty()) work_[node].silent = true;
  }

  void add_alter(const ObjectId& id, Alter change) {
    if (id.kind == Kind::table && parents_differ(change)) {
      add_new_parents(id, change);
      return;
    }
    stand_alone(change.from, change.to);
    if (link_of(change.from) == link_of(change.to)) {
      altering_[id] = add(Turn::alter, change);
      return;
    }
    Object middle = with_link_of(change.to, change.from);
    linking_[id] = add(Turn::link, Alter{middle, change.to});
    if (!differing_fields(change.from, middle).empty())
      altering_[id] = add(Turn::alter, Alter{change.from, std::move(middle)});
  }

  static bool parents_differ(const Alter& change) {
    const auto& from = as<Table>(change.from);
    const auto& to = as<Table>(change.to);
    return from.inherits != to.inherits || from.partition_of != to.partition_of;
  }

  // ---- what a parent's change does to its heirs ----

  static std::optional<Node> find(const std::map<ObjectId, Node>& nodes, const ObjectId& id) {
    const auto found = nodes.find(id);
    return found == nodes.end() ? std::nullopt : std::optional(found->second);
  }

  // The heir's node stays in the graph, so that what depends on the heir keeps its place, but is
  // done by the other's.
  void share(Node heir, Node parent) {
    work_[heir].silent = true;
    shared_.emplace_back(heir, parent);
  }

  // What the parent's change does not do to its heir stays the heir's own change, after it.
  void follow(Node heir, Node parent) {
    const auto& done = std::get<Alter>(work_[parent].operation);
    auto& left = std::get<Alter>(work_[heir].operation);
    if (left.from.id.kind == Kind::column && done.from.id.kind == Kind::column) {
      const auto& from = as<Column>(done.from);
      const auto& to = as<Column>(done.to);
      auto& column = as<Column>(left.from);
      if (from.type != to.type) column.type = to.type;
      if (from.collation != to.collation) column.collation = to.collation;
      if (from.not_null != to.not_null) column.not_null = to.not_null;
      if (from.generated != to.generated) column.generated = to.generated;
      column.inherited = as<Column>(left.to).inherited;
      column.local = as<Column>(left.to).local;
      if (!differing_fields(left.from, left.to).empty()) {
        graph_.before(parent, heir);
        return;
      }
    }
    share(heir, parent);
  }

  void share_inherited() {
    for (const auto& [id, node] : dropping_) {
      const auto parent = inherited_from(*from_.find(id), from_);
      if (!parent || dropping_.contains(table_of(*from_.find(id)))) continue;
      if (parent->kind != id.kind) continue;  // a key of an index that is no constraint's
      if (!keeps_parent_of(*from_.find(id), from_)) {
        const auto leave = find(leaving_, table_of(*from_.find(id)));
        if (id.kind == Kind::trigger && leave) share(node, *leave);  // detaching takes it away
        continue;
      }
      if (const auto other = find(dropping_, *parent)) share(node, *other);
    }
    for (const auto& [id, node] : creating_) {
      const Object& object = *to_.find(id);
      if (id.kind == Kind::index || link_of(object)) continue;  // made by itself, then linked
      const auto parent = inherited_from(object, to_);
      if (!parent) continue;
      const bool with_table = creating_.contains(table_of(id)) && id.kind != Kind::trigger &&
                              !(id.kind == Kind::constraint &&
                                as<Constraint>(object).type == ConstraintType::foreign_key);
      if (with_table) continue;  // has to be there before the table is attached
      if (comes_from_joined(object) && !is_inherited(work_object(node))) continue;  // so has this
      if (const auto other = find(creating_, *parent))
        share(node, *other);
      else if (const auto link = find(linking_, table_of(id)))
        share(node, *link);
      else if (const auto table = find(altering_, table_of(id)))
        share(node, *table);
      else if (const auto made = find(creating_, table_of(id)))
        share(node, *made);
    }
    for (const auto& [id, node] : altering_) {
      const auto parent = inherited_from(*to_.find(id), to_);
      if (!parent || comes_from_joined(*to_.find(id)) || comes_from_left(*from_.find(id))) continue;
      if (const auto other = find(altering_, *parent)) follow(node, *other);
    }
    // Both sides of a share take their turns at one time: the heir right after its parent, and
    // whatever the heir waits for before the parent (order_by_dependencies).
    for (const auto& [heir, parent] : shared_) stands_for_[heir] = parent;
  }

  static ObjectId table_of(const ObjectId& id) { return {Kind::table, id.schema, id.name, ""}; }

  const Object& work_object(Node created) const {
    return std::get<Create>(work_[created].operation).object;
  }

  // The node that does the work of a node.
  Node doer(Node node) const {
    for (auto found = stands_for_.find(node); found != stands_for_.end();
         found = stands_for_.find(node))
      node = found->second;
    return node;
  }

  void before(std::optional<Node> first, std::optional<Node> second) {
    if (first && second) graph_.before(doer(*first), doer(*second));
  }

  // ---- the order ----

  // Whether the dependency is the link itself.
  static bool is_link(const Object& dependent, const ObjectId& on) {
    const auto link = link_of(dependent);
    if (!link) return false;
    return *link == on || (link->kind == Kind::column && on == table_of(*link)) ||
           (link->kind == Kind::constraint && on == table_of(*link));
  }

  // Whether the table stays and the dependency is a parent that it has on this side only.
  bool is_changed_parent(const ObjectId& dependent, const ObjectId& on, const Schema& side) const {
    if (dependent.kind != Kind::table || on.kind != Kind::table) return false;
    const Object* table = staying_table(dependent);
    if (!table) return false;
    const RelationName parent{.schema = on.schema, .name = on.name};
    const std::vector<RelationName> parents = parents_of(*side.find(dependent));
    return std::find(parents.begin(), parents.end(), parent) != parents.end() &&
           !keeps_parent(*table, *to_.find(dependent), parent);
  }

  // The change of an object that others may have to wait for: never of what is only said about it.
  std::optional<Node> changing(const ObjectId& id, const ObjectId& dependent) const {
    const auto node = find(altering_, id);
    if (!node || work_[*node].silent) return node;
    const auto* change = std::get_if<Alter>(&work_[*node].operation);
    if (!change) return node;
    const auto fields = differing_fields(change->from, change->to);
    const bool matters = std::any_of(fields.begin(), fields.end(), [&](std::string_view field) {
      if (field == "comment" || field == "owner" || field == "privileges") return false;
      return id.kind != Kind::table || dependent.kind != Kind::column || field == "of_type";
    });
    return matters ? node : std::nullopt;
  }

  void order_by_dependencies() {
    for (const auto& [dependent, on] : from_.dependencies) {
      const auto gone = find(dropping_, on);
      if (is_changed_parent(dependent, on, from_)) {
        before(find(leaving_, dependent), gone);
        continue;
      }
      const auto retyped = find(retyping_, on);
      const auto dropped = find(dropping_, dependent);
      before(dropped, gone);
      before(dropped, retyped);
      before(dropped, changing(on, dependent));
      before(find(altering_, dependent), gone);
      before(find(retyping_, dependent), gone);
      // What stays lets go of what it is linked to; what is replaced is dropped.
      if (!dropped && is_link(*from_.find(dependent), on)) before(find(linking_, dependent), gone);
      if (retyped && !to_.dependencies.contains({dependent, on}))
        before(find(altering_, dependent), retyped);
    }
    for (const auto& [dependent, on] : to_.dependencies) {
      const Object* object = to_.find(dependent);
      if (!object) continue;
      const bool link = is_link(*object, on) || is_changed_parent(dependent, on, to_);
      for (const auto& made : {find(creating_, on), changing(on, dependent), find(retyping_, on)}) {
        if (link) {
          before(made, find(linking_, dependent));
          continue;
        }
        before(made, find(creating_, dependent));
        before(made, find(altering_, dependent));
        // A column that is recast stands beside its type in one operation.
        if (made != find(retyping_, on)) before(made, find(retyping_, dependent));
      }
    }
    for (const auto& [id, dropped] : dropping_) before(dropped, find(creating_, id));
    for (const auto& [id, created] : creating_) before(created, find(linking_, id));
    for (const auto& [id, altered] : altering_) before(altered, find(linking_, id));
  }

  void order_links() {
    const Dependents users(to_);
    const std::map<ObjectId, std::vector<Node>> attached = attached_with_tables();
    for (const auto& [id, link] : linking_) {
      const Object& object = *to_.find(id);
      if (id.kind == Kind::index) {
        const RelationName& table = as<Index>(object).table;
        before(find(linking_, {Kind::table, table.schema, table.name, ""}), link);
      }
      if (id.kind == Kind::constraint) before(find(linking_, table_of(id)), link);
      if (const auto made = attached.find(id); made != attached.end())
        for (const Node created : made->second) before(created, link);
      if (const auto target = link_of(object);
          target && (id.kind == Kind::index || id.kind == Kind::constraint)) {
        before(find(creating_, *target), link);
        before(link, find(linking_, *target));  // complete before it completes another one
        // A foreign key to a partitioned table needs its key complete, with every partition's.
        for (const ObjectId* user : users.of(*target)) {
          const auto created = find(creating_, *user);
          if (created && user->kind == Kind::constraint && *user != id && !work_[*created].silent &&
              !link_of(*to_.find(*user)))
            before(link, created);
        }
      }
    }
  }

  // Leaving comes first and joining last: in between, what is done to a table is done to it alone.
  void order_parents() {
    std::map<ObjectId, std::vector<Node>> leaves, joins;  // of parents
    for (const auto& [id, leave] : leaving_) {
      for (const RelationName& parent : parents_of(*from_.find(id)))
        if (!keeps_parent(*from_.find(id), *to_.find(id), parent))
          leaves[{Kind::table, parent.schema, parent.name, ""}].push_back(leave);
      leaves[id].push_back(leave);
    }
    for (const auto& [id, join] : linking_) {
      if (id.kind != Kind::table) continue;
      for (const RelationName& parent : parents_of(*to_.find(id)))
        joins[{Kind::table, parent.schema, parent.name, ""}].push_back(join);
      joins[id].push_back(join);
    }
    const auto order = [&](const std::map<ObjectId, Node>& nodes, const Schema& schema) {
      for (const auto& [id, node] : nodes) {
        const Object* part = schema.find(id);
        if (!part) continue;
        const ObjectId table = table_of(*part);
        for (const Node leave : leaves[table]) before(leave, node);
        if (!is_asked_for(*part)) continue;
        for (const Node join : joins[table]) before(node, join);
      }
    };
    order(dropping_, from_);
    order(altering_, to_);
    order(creating_, to_);
    order(retyping_, to_);
    order(linking_, to_);
    order_partitions(joins);
    order_defaults();
  }

  // Whether a child has to have the like before it joins.
  static bool is_asked_for(const Object& part) {
    return part.id.kind == Kind::column ||
           (part.id.kind == Kind::constraint && as<Constraint>(part).type == ConstraintType::check);
  }

  // A partition makes room for those that come, and is in the way of the whole table's indexes.
  void order_partitions(std::map<ObjectId, std::vector<Node>>& joins) {
    std::map<ObjectId, std::vector<Node>> gone;  // of the whole tables
    for (const auto& [id, node] : dropping_) {
      if (id.kind != Kind::table || !as<Table>(*from_.find(id)).partition_of) continue;
      const RelationName& parent = as<Table>(*from_.find(id)).partition_of->parent;
      gone[{Kind::table, parent.schema, parent.name, ""}].push_back(node);
    }
    for (const auto& [parent, drops] : gone)
      for (const Node drop : drops)
        for (const Node join : joins[parent]) before(drop, join);
    for (const auto& [id, node] : creating_) {
      if (id.kind != Kind::index && id.kind != Kind::constraint) continue;
      const auto found = gone.find(table_of(*to_.find(id)));
      if (found == gone.end()) continue;
      for (const Node drop : found->second) before(drop, node);
    }
  }

  // A table that is made takes the defaults that its parents have at that moment.
  void order_defaults() {
    std::map<ObjectId, std::vector<Node>> heirs;
    for (const auto& [id, node] : creating_) {
      if (id.kind != Kind::table) continue;
      for (const RelationName& parent : as<Table>(*to_.find(id)).inherits)
        heirs[{Kind::table, parent.schema, parent.name, ""}].push_back(node);
    }
    for (const auto* nodes : {&dropping_, &altering_, &creating_, &retyping_})
      for (const auto& [id, node] : *nodes)
        if (id.kind == Kind::column_default || id.kind == Kind::column)
          if (const auto found = heirs.find(table_of(id)); found != heirs.end())
            for (const Node heir : found->second) before(node, heir);
  }

  void order_grants() {
    for (const auto& [id, granted] : granting_) {
      before(find(altering_, id), granted);
      for (const Privilege& privilege : *to_.find(id)->privileges) {
        if (privilege.column.empty()) continue;
        const ObjectId column{Kind::column, id.schema, id.name, privilege.column};
        before(find(dropping_, column), granted);
        before(find(creating_, column), granted);
      }
    }
  }

  // Attaching a partition makes the indexes that it lacks, under names of its own choice: ours come
  // first.
  std::map<ObjectId, std::vector<Node>> attached_with_tables() const {
    std::map<ObjectId, std::vector<Node>> attached;
    for (const auto& [id, created] : creating_) {
      if (work_[created].silent) continue;
      const Object& object = *to_.find(id);
      if (id.kind == Kind::index) {
        const RelationName& table = as<Index>(object).table;
        attached[{Kind::table, table.schema, table.name, ""}].push_back(created);
      } else if (id.kind == Kind::constraint && (link_of(object) || is_inherited(object))) {
        attached[table_of(id)].push_back(created);
      }
    }
    return attached;
  }

  void order_by_names() {
    std::map<std::string, std::vector<Node>> freed;
    for (const auto& [id, dropped] : dropping_)
      for (const std::string& name : dialect_.occupied_names(*from_.find(id)))
        freed[name].push_back(dropped);
    for (const auto& [id, created] : creating_)
      for (const std::string& name : dialect_.occupied_names(*to_.find(id)))
        if (const auto found = freed.find(name); found != freed.end())
          for (const Node dropped : found->second) before(dropped, created);
  }

  // ---- one statement for an object and its parts ----

  void fold() {
    for (const auto& [id, node] : creating_) {
      if (work_[node].silent) continue;
      const Object& object = *to_.find(id);
      const auto holder = holder_of(object, to_);
      if (!holder || (is_foreign_key(object) && dialect_.alters_constraints())) continue;
      const bool loose = id.kind == Kind::constraint || id.kind == Kind::domain_constraint ||
                         id.kind == Kind::column_default;
      const Bond bond = loose ? Bond::loose : Bond::fixed;
      if (const auto made = find(creating_, *holder)) {
        graph_.fold(node, *made, bond);
      } else if (id.kind == Kind::column_default) {
        if (const auto column = find(creating_, column_of(id))) {
          if (!work_[*column].silent) graph_.fold(node, *column, Bond::loose);
        }
      }
    }
    for (const auto& [id, node] : dropping_) {
      if (work_[node].silent) continue;
      const Object& object = *from_.find(id);
      for (const ObjectId& holder : goes_with(object)) {
        const auto gone = find(dropping_, holder);
        if (!gone || work_[*gone].silent) continue;
        graph_.fold(node, *gone, bond_of(object));
        break;
      }
    }
  }

  static Bond bond_of(const Object& dropped) {
    if (is_foreign_key(dropped) || dropped.id.kind == Kind::sequence) return Bond::loose;
    return dropped.id.kind == Kind::column ? Bond::fixed : Bond::firm;
  }

  static bool is_foreign_key(const Object& object) {
    return object.id.kind == Kind::constraint &&
           as<Constraint>(object).type == ConstraintType::foreign_key;
  }

  static ObjectId column_of(const ObjectId& id) {
    return {Kind::column, id.schema, id.name, id.part};
  }

  // Whose DROP takes the object away, the widest first.
  static std::vector<ObjectId> goes_with(const Object& object) {
    const ObjectId& id = object.id;
    const auto relations = [](const std::string& schema, const std::string& name) {
      return std::vector<ObjectId>{{Kind::table, schema, name, ""},
                                   {Kind::view, schema, name, ""},
                                   {Kind::materialized_view, schema, name, ""}};
    };
    switch (id.kind) {
      case Kind::column:
      case Kind::constraint:
      case Kind::trigger:
      case Kind::rule:
      case Kind::policy:
        return relations(id.schema, id.name);
      case Kind::column_default: {
        auto holders = relations(id.schema, id.name);
        holders.push_back(column_of(id));
        return holders;
      }
      case Kind::domain_constraint:
        return {{Kind::domain, id.schema, id.name, ""}};
      case Kind::index:
        return relations(as<Index>(object).table.schema, as<Index>(object).table.name);
      case Kind::sequence: {
        const auto& owner = as<Sequence>(object).owned_by;
        if (!owner) return {};
        return {table_of(*owner), *owner};
      }
      default:
        return {};
    }
  }

  // ---- the result ----

  std::vector<Operation> operations() {
    OperationGraph::Sorted sorted = graph_.sort();
    if (!sorted.cycle.empty()) refuse(sorted.cycle);
    std::vector<Operation> result;
    for (const OperationGraph::Group& group : sorted.groups) {
      Work& first = work_[group.front()];
      if (first.silent || follows_from_parent(first.operation)) continue;
      for (std::size_t member = 1; member < group.size(); ++member)
        take_part(first.operation, work_[group[member]]);
      result.push_back(std::move(first.operation));
    }
    return result;
  }

  // Whether a part only says otherwise where it comes from: attaching and inheriting do that.
  static bool follows_from_parent(const Operation& operation) {
    const auto* change = std::get_if<Alter>(&operation);
    if (!change || link_of(change->from) != link_of(change->to)) return false;
    const auto fields = differing_fields(change->from, change->to);
    return std::all_of(fields.begin(), fields.end(), [](std::string_view field) {
      return field == "inherited" || field == "local" || field == "parent";
    });
  }

  static void take_part(Operation& whole, Work& part) {
    if (part.silent) return;
    if (auto* create = std::get_if<Create>(&whole))
      create->parts.push_back(std::get<Create>(part.operation).object);
    else if (auto* drop = std::get_if<Drop>(&whole))
      drop->parts.push_back(std::get<Drop>(part.operation).object);
  }

  [[noreturn]] void refuse(const std::vector<Node>& cycle) const {
    std::string names;
    for (const Node node : cycle) {
      if (!names.empty()) names += "; ";
      names += describe(work_[node].operation);
    }
    throw Error(ErrorReport{
        .code = ExitCode::internal_error,
        .message = "the changes cannot be put in an order: they need each other",
        .detail = names,
        .hint = "compare in two steps, leaving out some of these objects with --exclude"});
  }

  const Schema& from_;
  const Schema& to_;
  const SchemaDialect& dialect_;
  std::vector<RebuildTable> rebuilds_;
  ChangeSet changes_;
  OperationGraph graph_;
  std::vector<Work> work_;
  std::map<ObjectId, Node> dropping_, creating_, altering_, retyping_;
  // Tables that leave parents; what is tied to others; tables whose columns have privileges.
  std::map<ObjectId, Node> leaving_, linking_, granting_;
  std::vector<std::pair<Node, Node>> shared_;
  std::map<Node, Node> stands_for_;
};

}  // namespace

std::vector<Operation> diff(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                            const DiffOptions& options) {
  if (options.renames.empty() && from.objects == to.objects) return {};
  Renamed declared = rename(from, to, options.renames, options.rules);
  const Schema& asked = declared.schema_or(from);
  Renamed equal = rename_equal_parts(asked, to, dialect, options.rules);
  std::vector<Operation> operations = std::move(declared.operations);
  operations.insert(operations.end(), equal.operations.begin(), equal.operations.end());
  for (Operation& operation : Planner(equal.schema_or(asked), to, dialect).run())
    operations.push_back(std::move(operation));
  return operations;
}

}  // namespace limbeck
