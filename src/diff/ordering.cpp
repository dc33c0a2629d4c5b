#include "diff/ordering.h"

#include <algorithm>

#include "diff/dependents.h"
#include "diff/inheritance.h"
#include "diff/link.h"
#include "diff/rival_index.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

using Node = Nodes::Node;

class Ordering {
 public:
  explicit Ordering(Nodes& nodes) : nodes_(nodes) {}

  void run() {
    order_by_dependencies();
    order_links();
    order_parents();
    order_grants();
    order_by_names();
    order_heirs_that_go();
    order_evaluations();
  }

 private:
  // Whether the dependency is the link itself.
  static bool is_link(const Object& dependent, const ObjectId& on) {
    const auto link = link_of(dependent);
    if (!link) return false;
    return *link == on || (link->kind == Kind::column && on == Nodes::table_of(*link)) ||
           (link->kind == Kind::constraint && on == Nodes::table_of(*link));
  }

  // Whether the table stays and the dependency is a parent that it has on this side only.
  bool is_changed_parent(const ObjectId& dependent, const ObjectId& on, const Schema& side) const {
    if (dependent.kind != Kind::table || on.kind != Kind::table) return false;
    const Object* table = nodes_.staying_table(dependent);
    if (!table) return false;
    const RelationName parent{.schema = on.schema, .name = on.name};
    const std::vector<RelationName> parents = parents_of(*side.find(dependent));
    return std::find(parents.begin(), parents.end(), parent) != parents.end() &&
           !keeps_parent(*table, *nodes_.new_side.find(dependent), parent);
  }

  // The change of an object that others may have to wait for: never of what is only said about it.
  std::optional<Node> changing(const ObjectId& id, const ObjectId& dependent) const {
    const auto node = nodes_.find(nodes_.altering, id);
    if (!node || nodes_.work[*node].silent) return node;
    const auto* change = std::get_if<Alter>(&nodes_.work[*node].operation);
    if (!change) return node;
    const auto fields = differing_fields(change->from, change->to);
    const bool matters = std::any_of(fields.begin(), fields.end(), [&](std::string_view field) {
      if (field == "comment" || field == "owner" || field == "privileges") return false;
      return id.kind != Kind::table || dependent.kind != Kind::column || field == "of_type";
    });
    return matters ? node : std::nullopt;
  }

  void order_by_dependencies() {
    for (const auto& [dependent, on] : nodes_.old_side.dependencies) {
      const auto gone = nodes_.find(nodes_.dropping, on);
      if (is_changed_parent(dependent, on, nodes_.old_side)) {
        nodes_.before(nodes_.find(nodes_.leaving, dependent), gone);
        continue;
      }
      const auto retyped = nodes_.find(nodes_.retyping, on);
      const auto dropped = nodes_.find(nodes_.dropping, dependent);
      nodes_.before(dropped, gone);
      nodes_.before(dropped, retyped);
      nodes_.before(dropped, changing(on, dependent));
      nodes_.before(nodes_.find(nodes_.altering, dependent), gone);
      nodes_.before(nodes_.find(nodes_.retyping, dependent), gone);
      // What stays lets go of what it is linked to, an index when its table leaves; what is
      // replaced is dropped.
      const bool index = dependent.kind == Kind::index || dependent.kind == Kind::constraint;
      if (!dropped && !index && is_link(*nodes_.old_side.find(dependent), on))
        nodes_.before(nodes_.find(nodes_.linking, dependent), gone);
      if (retyped && !nodes_.new_side.dependencies.contains({dependent, on}))
        nodes_.before(nodes_.find(nodes_.altering, dependent), retyped);
    }
    for (const auto& [dependent, on] : nodes_.new_side.dependencies) {
      const Object* object = nodes_.new_side.find(dependent);
      if (!object) continue;
      const bool link = is_link(*object, on) || is_changed_parent(dependent, on, nodes_.new_side);
      for (const auto& made : {nodes_.find(nodes_.creating, on), changing(on, dependent),
                               nodes_.find(nodes_.retyping, on)}) {
        if (link) {
          nodes_.before(made, nodes_.find(nodes_.linking, dependent));
          continue;
        }
        nodes_.before(made, nodes_.find(nodes_.creating, dependent));
        nodes_.before(made, nodes_.find(nodes_.altering, dependent));
        // A column that is recast stands beside its type in one operation.
        if (made != nodes_.find(nodes_.retyping, on))
          nodes_.before(made, nodes_.find(nodes_.retyping, dependent));
      }
    }
    for (const auto& [id, dropped] : nodes_.dropping)
      nodes_.before(dropped, nodes_.find(nodes_.creating, id));
    for (const auto& [id, created] : nodes_.creating)
      nodes_.before(created, nodes_.find(nodes_.linking, id));
    for (const auto& [id, altered] : nodes_.altering)
      nodes_.before(altered, nodes_.find(nodes_.linking, id));
  }

  void order_links() {
    const Dependents users(nodes_.new_side);
    const std::map<ObjectId, std::vector<Node>> attached = attached_with_tables();
    for (const auto& [id, link] : nodes_.linking) {
      const Object& object = *nodes_.new_side.find(id);
      if (id.kind == Kind::table)
        for (const ObjectId& rival : rival_indexes(id, nodes_.new_side, users)) {
          const auto created = nodes_.find(nodes_.creating, rival);
          nodes_.before(link, created);
          if (created) nodes_.alone.insert(*created);
        }
      if (id.kind == Kind::index) {
        const RelationName& table = as<Index>(object).table;
        nodes_.before(nodes_.find(nodes_.linking, {Kind::table, table.schema, table.name, ""}),
                      link);
      }
      if (id.kind == Kind::constraint)
        nodes_.before(nodes_.find(nodes_.linking, Nodes::table_of(id)), link);
      if (const auto made = attached.find(id); made != attached.end())
        for (const Node created : made->second) nodes_.before(created, link);
      if (const auto target = link_of(object);
          target && (id.kind == Kind::index || id.kind == Kind::constraint)) {
        nodes_.before(nodes_.find(nodes_.creating, *target), link);
        nodes_.before(link, nodes_.find(nodes_.linking,
                                        *target));  // complete before it completes another one
        // A foreign key to a partitioned table needs its key complete, with every partition's.
        for (const ObjectId* user : users.of(*target)) {
          const auto created = nodes_.find(nodes_.creating, *user);
          if (created && user->kind == Kind::constraint && *user != id &&
              !nodes_.work[*created].silent && !link_of(*nodes_.new_side.find(*user)))
            nodes_.before(link, created);
        }
      }
    }
  }

  // Leaving comes first and joining last: in between, what is done to a table is done to it alone.
  void order_parents() {
    std::map<ObjectId, std::vector<Node>> leaves, joins;  // of parents
    for (const auto& [id, leave] : nodes_.leaving) {
      for (const RelationName& parent : parents_of(*nodes_.old_side.find(id)))
        if (!keeps_parent(*nodes_.old_side.find(id), *nodes_.new_side.find(id), parent))
          leaves[{Kind::table, parent.schema, parent.name, ""}].push_back(leave);
      leaves[id].push_back(leave);
    }
    for (const auto& [id, join] : nodes_.linking) {
      if (id.kind != Kind::table) continue;
      for (const RelationName& parent : parents_of(*nodes_.new_side.find(id)))
        joins[{Kind::table, parent.schema, parent.name, ""}].push_back(join);
      joins[id].push_back(join);
    }
    const auto order = [&](const std::map<ObjectId, Node>& nodes, const Schema& schema) {
      for (const auto& [id, node] : nodes) {
        const Object* part = schema.find(id);
        if (!part) continue;
        const ObjectId table = Nodes::table_of(*part);
        for (const Node leave : leaves[table]) nodes_.before(leave, node);
        if (!is_asked_for(*part)) continue;
        for (const Node join : joins[table]) nodes_.before(node, join);
      }
    };
    order(nodes_.dropping, nodes_.old_side);
    order(nodes_.altering, nodes_.new_side);
    order(nodes_.creating, nodes_.new_side);
    order(nodes_.retyping, nodes_.new_side);
    order(nodes_.linking, nodes_.new_side);
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
    for (const auto& [id, node] : nodes_.dropping) {
      if (id.kind != Kind::table || !as<Table>(*nodes_.old_side.find(id)).partition_of) continue;
      const RelationName& parent = as<Table>(*nodes_.old_side.find(id)).partition_of->parent;
      gone[{Kind::table, parent.schema, parent.name, ""}].push_back(node);
    }
    for (const auto& [parent, drops] : gone)
      for (const Node drop : drops)
        for (const Node join : joins[parent]) nodes_.before(drop, join);
    for (const auto& [id, node] : nodes_.creating) {
      if (id.kind != Kind::index && id.kind != Kind::constraint) continue;
      const auto found = gone.find(Nodes::table_of(*nodes_.new_side.find(id)));
      if (found == gone.end()) continue;
      for (const Node drop : found->second) nodes_.before(drop, node);
    }
  }

  // A table that is made takes the defaults that its parents have at that moment.
  void order_defaults() {
    std::map<ObjectId, std::vector<Node>> heirs;
    for (const auto& [id, node] : nodes_.creating) {
      if (id.kind != Kind::table) continue;
      for (const RelationName& parent : as<Table>(*nodes_.new_side.find(id)).inherits)
        heirs[{Kind::table, parent.schema, parent.name, ""}].push_back(node);
    }
    for (const auto* nodes :
         {&nodes_.dropping, &nodes_.altering, &nodes_.creating, &nodes_.retyping})
      for (const auto& [id, node] : *nodes)
        if (id.kind == Kind::column_default || id.kind == Kind::column)
          if (const auto found = heirs.find(Nodes::table_of(id)); found != heirs.end())
            for (const Node heir : found->second) nodes_.before(node, heir);
  }

  // By the tables above them, the old ones.
  std::map<ObjectId, std::vector<ObjectId>> dropped_heirs() const {
    std::map<ObjectId, std::vector<ObjectId>> heirs;
    for (const auto& [id, node] : nodes_.dropping) {
      if (id.kind != Kind::table) continue;
      std::set<ObjectId> above;
      std::vector<ObjectId> open{id};
      while (!open.empty()) {
        const Object* table = nodes_.old_side.find(open.back());
        open.pop_back();
        if (!table) continue;
        for (const RelationName& parent : parents_of(*table))
          if (const ObjectId next{Kind::table, parent.schema, parent.name, ""};
              above.insert(next).second)
            open.push_back(next);
      }
      for (const ObjectId& table : above) heirs[table].push_back(id);
    }
    return heirs;
  }

  // What is done to a column, or added as a check, is done to every table below. One that goes is
  // in the way: its rows need not fit, and its defaults of the old type may not become the new one.
  // It goes first, or its default where it cannot.
  void order_heirs_that_go() {
    const std::map<ObjectId, std::vector<ObjectId>> heirs = dropped_heirs();
    if (heirs.empty()) return;
    for (const auto* nodes : {&nodes_.altering, &nodes_.creating, &nodes_.retyping})
      for (const auto& [id, node] : *nodes) {
        const Object* part = nodes_.new_side.find(id);
        if (!part || !is_asked_for(*part)) continue;
        const auto found = heirs.find(Nodes::table_of(id));
        if (found == heirs.end()) continue;
        const std::vector<bool> later = nodes_.after(node);
        for (const ObjectId& heir : found->second) {
          const Node dropped = nodes_.dropping.at(heir);
          if (!later[dropped]) {
            nodes_.before(dropped, node);
            continue;
          }
          const ObjectId value{Kind::column_default, heir.schema, heir.name, id.part};
          nodes_.before(nodes_.find(nodes_.dropping, value), node);
        }
      }
  }

  void order_grants() {
    for (const auto& [id, granted] : nodes_.granting) {
      nodes_.before(nodes_.find(nodes_.altering, id), granted);
      for (const Privilege& privilege : *nodes_.new_side.find(id)->privileges) {
        if (privilege.column.empty()) continue;
        const ObjectId column{Kind::column, id.schema, id.name, privilege.column};
        nodes_.before(nodes_.find(nodes_.dropping, column), granted);
        nodes_.before(nodes_.find(nodes_.creating, column), granted);
      }
    }
  }

  // Attaching a partition makes the indexes that it lacks, under names of its own choice: ours come
  // first.
  std::map<ObjectId, std::vector<Node>> attached_with_tables() const {
    std::map<ObjectId, std::vector<Node>> attached;
    for (const auto& [id, created] : nodes_.creating) {
      if (nodes_.work[created].silent) continue;
      const Object& object = *nodes_.new_side.find(id);
      if (id.kind == Kind::index && link_of(object)) {
        const RelationName& table = as<Index>(object).table;
        attached[{Kind::table, table.schema, table.name, ""}].push_back(created);
      } else if (id.kind == Kind::constraint && (link_of(object) || is_inherited(object))) {
        attached[Nodes::table_of(id)].push_back(created);
      }
    }
    return attached;
  }

  void order_by_names() {
    std::map<std::string, std::vector<Node>> freed;
    for (const auto& [id, dropped] : nodes_.dropping)
      for (const std::string& name : nodes_.dialect.occupied_names(*nodes_.old_side.find(id)))
        freed[name].push_back(dropped);
    for (const auto& [id, created] : nodes_.creating)
      for (const std::string& name : nodes_.dialect.occupied_names(*nodes_.new_side.find(id)))
        if (const auto found = freed.find(name); found != freed.end())
          for (const Node dropped : found->second) nodes_.before(dropped, created);
  }

  // A function's quoted body may call any other: those that can be made before a query runs are.
  void order_evaluations() {
    std::vector<Node> routines;
    for (const auto& [id, created] : nodes_.creating)
      if (id.kind == Kind::routine) routines.push_back(created);
    for (const auto& [id, created] : nodes_.creating) {
      if (id.kind != Kind::materialized_view || !calls_routine(id)) continue;
      if (!as<MaterializedView>(*nodes_.new_side.find(id)).populated) continue;
      const std::vector<bool> later = nodes_.after(created);
      for (const Node routine : routines)
        if (!later[routine]) nodes_.before(routine, created);
    }
  }

  // Directly, or through the views that it selects from.
  bool calls_routine(const ObjectId& view) const {
    const std::set<Dependency>& edges = nodes_.new_side.dependencies;
    std::set<ObjectId> seen{view};
    std::vector<ObjectId> open{view};
    while (!open.empty()) {
      const ObjectId at = std::move(open.back());
      open.pop_back();
      for (auto edge = edges.lower_bound({at, {Kind::schema, "", "", ""}});
           edge != edges.end() && edge->dependent == at; ++edge) {
        if (edge->on.kind == Kind::routine) return true;
        const bool is_view =
            edge->on.kind == Kind::view || edge->on.kind == Kind::materialized_view;
        if (is_view && seen.insert(edge->on).second) open.push_back(edge->on);
      }
    }
    return false;
  }

  Nodes& nodes_;
};

}  // namespace

void order(Nodes& nodes) {
  Ordering(nodes).run();
}

}  // namespace limbeck
