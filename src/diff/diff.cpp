#include "diff/diff.h"

#include <algorithm>
#include <string>
#include <utility>

#include "diff/folding.h"
#include "diff/link.h"
#include "diff/nodes.h"
#include "diff/ordering.h"
#include "diff/sharing.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

// Whether it is a check that comes with the parent's alone, and more is known of the rows than has
// to be.
bool is_more_valid(const Alter& change) {
  if (change.to.id.kind != Kind::constraint) return false;
  const auto& to = as<Constraint>(change.to);
  return to.inherited && !to.local && as<Constraint>(change.from).validated && !to.validated;
}

// Whether a part only says otherwise where it comes from: attaching and inheriting do that.
bool follows_from_parent(const Operation& operation) {
  const auto* change = std::get_if<Alter>(&operation);
  if (!change || link_of(change->from) != link_of(change->to)) return false;
  const auto fields = differing_fields(change->from, change->to);
  return std::all_of(fields.begin(), fields.end(), [&](std::string_view field) {
    return field == "inherited" || field == "local" || field == "parent" ||
           (field == "validated" && is_more_valid(*change));
  });
}

void take_part(Operation& whole, Nodes::Work& part) {
  if (part.silent) return;
  if (auto* create = std::get_if<Create>(&whole))
    create->parts.push_back(std::get<Create>(part.operation).object);
  else if (auto* drop = std::get_if<Drop>(&whole))
    drop->parts.push_back(std::get<Drop>(part.operation).object);
}

[[noreturn]] void refuse(const Nodes& nodes, const std::vector<Nodes::Node>& cycle) {
  std::string names;
  for (const Nodes::Node node : cycle) {
    if (!names.empty()) names += "; ";
    names += describe(nodes.work[node].operation);
  }
  throw Error(ErrorReport{
      .code = ExitCode::internal_error,
      .message = "the changes cannot be put in an order: they need each other",
      .detail = names,
      .hint = "compare in two steps, leaving out some of these objects with --exclude"});
}

std::vector<Operation> in_order(Nodes& nodes) {
  OperationGraph::Sorted sorted = nodes.graph.sort();
  if (!sorted.cycle.empty()) refuse(nodes, sorted.cycle);
  std::vector<Operation> result;
  for (const OperationGraph::Group& group : sorted.groups) {
    Nodes::Work& first = nodes.work[group.front()];
    if (first.silent || follows_from_parent(first.operation)) continue;
    for (std::size_t member = 1; member < group.size(); ++member)
      take_part(first.operation, nodes.work[group[member]]);
    result.push_back(std::move(first.operation));
  }
  return result;
}

}  // namespace

std::vector<Operation> diff(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                            const DiffOptions& options) {
  if (options.renames.empty() && from.objects == to.objects) return {};
  Renamed declared = rename(from, to, options.renames, options.rules);
  const Schema& asked = declared.schema_or(from);
  Renamed equal = rename_equal_parts(asked, to, dialect, options.rules);
  std::vector<Operation> operations = std::move(declared.operations);
  operations.insert(operations.end(), equal.operations.begin(), equal.operations.end());
  Nodes nodes(equal.schema_or(asked), to, dialect);
  share_inherited(nodes);
  order(nodes);
  fold(nodes);
  for (Operation& operation : in_order(nodes)) operations.push_back(std::move(operation));
  return operations;
}

}  // namespace limbeck
