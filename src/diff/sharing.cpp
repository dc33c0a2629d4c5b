#include "diff/sharing.h"

#include "diff/inheritance.h"
#include "diff/link.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

using Node = Nodes::Node;

// What the parent's change does not do to its heir stays the heir's own change, after it.
void follow(Nodes& nodes, Node heir, Node parent) {
  const auto& done = std::get<Alter>(nodes.work[parent].operation);
  auto& left = std::get<Alter>(nodes.work[heir].operation);
  if (left.from.id.kind == Kind::column && done.from.id.kind == Kind::column) {
    const auto& from = as<Column>(done.from);
    const auto& to = as<Column>(done.to);
    auto& column = as<Column>(left.from);
    if (from.type != to.type) {
      column.type = to.type;
      column.storage.clear();  // it becomes the type's own
      column.compression.clear();
    }
    if (from.collation != to.collation) column.collation = to.collation;
    if (from.not_null != to.not_null) column.not_null = to.not_null;
    if (from.generated != to.generated) column.generated = to.generated;
    column.inherited = as<Column>(left.to).inherited;
    column.local = as<Column>(left.to).local;
    if (!differing_fields(left.from, left.to).empty()) {
      nodes.graph.before(parent, heir);
      return;
    }
  }
  nodes.share(heir, parent);
}

void share_drops(Nodes& nodes) {
  for (const auto& [id, node] : nodes.dropping) {
    const auto parent = inherited_from(*nodes.old_side.find(id), nodes.old_side);
    if (!parent || nodes.dropping.contains(Nodes::table_of(*nodes.old_side.find(id)))) continue;
    if (parent->kind != id.kind) continue;  // a key that goes with an index (fold)
    if (!nodes.keeps_parent_of(*nodes.old_side.find(id), nodes.old_side)) {
      const auto leave = nodes.find(nodes.leaving, Nodes::table_of(*nodes.old_side.find(id)));
      if (id.kind == Kind::trigger && leave) nodes.share(node, *leave);  // detaching takes it away
      continue;
    }
    if (const auto other = nodes.find(nodes.dropping, *parent)) nodes.share(node, *other);
  }
}

void share_creations(Nodes& nodes) {
  for (const auto& [id, node] : nodes.creating) {
    const Object& object = *nodes.new_side.find(id);
    if (id.kind == Kind::index || link_of(object)) continue;  // made by itself, then linked
    const auto parent = inherited_from(object, nodes.new_side);
    if (!parent) continue;
    const bool with_table = nodes.creating.contains(Nodes::table_of(id)) &&
                            id.kind != Kind::trigger &&
                            !(id.kind == Kind::constraint &&
                              as<Constraint>(object).type == ConstraintType::foreign_key);
    if (with_table) continue;  // has to be there before the table is attached
    if (nodes.comes_from_joined(object) && !is_inherited(nodes.work_object(node)))
      continue;  // so has this
    if (const auto other = nodes.find(nodes.creating, *parent))
      nodes.share(node, *other);
    else if (const auto link = nodes.find(nodes.linking, Nodes::table_of(id)))
      nodes.share(node, *link);
    else if (const auto table = nodes.find(nodes.altering, Nodes::table_of(id)))
      nodes.share(node, *table);
    else if (const auto made = nodes.find(nodes.creating, Nodes::table_of(id)))
      nodes.share(node, *made);
  }
}

void share_changes(Nodes& nodes) {
  for (const auto& [id, node] : nodes.altering) {
    const auto parent = inherited_from(*nodes.new_side.find(id), nodes.new_side);
    if (!parent || nodes.comes_from_joined(*nodes.new_side.find(id)) ||
        nodes.comes_from_left(*nodes.old_side.find(id)))
      continue;
    if (const auto other = nodes.find(nodes.altering, *parent)) follow(nodes, node, *other);
  }
}

}  // namespace

void share_inherited(Nodes& nodes) {
  share_drops(nodes);
  share_creations(nodes);
  share_changes(nodes);
}

}  // namespace limbeck
