// The nodes of a difference: one for each change, with the operation that it is, found by the
// object that is changed.
//
// What one operation does for another (sharing.h), what waits for what (ordering.h) and which of
// them become one statement (folding.h) is said elsewhere.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "diff/change_set.h"
#include "diff/operation_graph.h"

namespace limbeck {

class Nodes {
 public:
  using Node = std::size_t;
  using Map = std::map<ObjectId, Node>;
  struct Work {
    Operation operation;
    bool silent = false;  // done by another operation
  };
  // Which operations go first where nothing else decides: names are freed, then made, then changed,
  // and what holds data goes last.
  enum class Turn { drop_light, create, replace_types, alter, link, evaluate, drop_heavy };

  // Keeps references to all three.
  Nodes(const Schema& from, const Schema& to, const SchemaDialect& dialect);

  static std::optional<Node> find(const Map& nodes, const ObjectId& id);
  const Object& work_object(Node created) const {
    return std::get<Create>(work[created].operation).object;
  }

  // Both take their turns at one time: the heir right after its parent, and whatever the heir waits
  // for before the parent. The heir's node stays in the graph, so that what depends on the heir
  // keeps its place.
  void share(Node heir, Node parent);
  void before(std::optional<Node> first, std::optional<Node> second);
  // By its number, whether a node has to wait for this one.
  std::vector<bool> after(Node node) const { return graph.after(doer(node)); }

  // ---- tables and their parents ----
  static ObjectId table_of(const ObjectId& id) { return {Kind::table, id.schema, id.name, ""}; }
  static ObjectId table_of(const Object& part);
  // Nothing when the table is not on both sides, all the time.
  const Object* staying_table(const ObjectId& id) const;
  // Whether the table of a part keeps the parent that the part is from.
  bool keeps_parent_of(const Object& part, const Schema& schema) const;
  // Whether a part that the old schema has comes from a parent that its table leaves.
  bool comes_from_left(const Object& old) const;
  // Whether a part that the new schema has comes from a parent that its table joins.
  bool comes_from_joined(const Object& object) const;

  const Schema& old_side;
  const Schema& new_side;
  const SchemaDialect& dialect;
  OperationGraph graph;
  std::vector<Work> work;
  Map dropping, creating, altering, retyping;
  // Tables that leave parents; what is tied to others; tables whose columns have privileges.
  Map leaving, linking, granting;
  std::set<Node> alone;  // created by a statement of its own

 private:
  Node add(Turn turn, Operation operation);
  void add_nodes();
  void add_rebuild(RebuildTable rebuild);
  void add_alter(const ObjectId& id, Alter change);
  void add_new_parents(const ObjectId& id, const Alter& change);
  void add_grants();
  void leave_privileges(Node node);
  Object on_its_own(Object object) const;
  void stand_alone(Object& from, Object& to) const;
  Node doer(Node node) const;

  ChangeSet changes_;
  std::map<Node, Node> stands_for_;
};

}  // namespace limbeck
