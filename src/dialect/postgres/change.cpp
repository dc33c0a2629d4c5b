#include "dialect/postgres/change.h"

#include <algorithm>

namespace limbeck::postgres {
namespace {

Change in_place_if(bool possible) {
  return possible ? Change::in_place : Change::replace;
}

template <class T>
Change between(const T& /*from*/, const T& /*to*/) {
  return Change::replace;
}

Change between(const Namespace&, const Namespace&) {
  return Change::in_place;
}

Change between(const Extension& from, const Extension& to) {
  return in_place_if(from.schema == to.schema || from.relocatable);
}

// Labels can be added anywhere, and that is all.
Change between(const Enumeration& from, const Enumeration& to) {
  auto at = to.labels.begin();
  for (const std::string& label : from.labels) {
    at = std::find(at, to.labels.end(), label);
    if (at == to.labels.end()) return Change::replace_type;
    ++at;
  }
  return Change::in_place;
}

// Attributes can be dropped, and added at the end.
Change between(const Composite& from, const Composite& to) {
  std::vector<Attribute> kept;
  for (const Attribute& attribute : from.attributes)
    if (std::any_of(to.attributes.begin(), to.attributes.end(),
                    [&](const Attribute& other) { return other.name == attribute.name; }))
      kept.push_back(attribute);
  const bool starts_with_kept = kept.size() <= to.attributes.size() &&
                                std::equal(kept.begin(), kept.end(), to.attributes.begin());
  return starts_with_kept ? Change::in_place : Change::replace_type;
}

Change between(const Domain& from, const Domain& to) {
  return from.type == to.type && from.collation == to.collation ? Change::in_place
                                                                : Change::replace_type;
}

Change between(const DomainConstraint& from, const DomainConstraint& to) {
  return in_place_if(from.expression == to.expression && to.validated);
}

Change between(const Range& /*from*/, const Range& /*to*/) {
  return Change::replace_type;
}

Change between(const Sequence& /*from*/, const Sequence& /*to*/) {
  return Change::in_place;
}

Change between(const Table& from, const Table& to) {
  const bool same_server = from.foreign.has_value() == to.foreign.has_value() &&
                           (!from.foreign || from.foreign->server == to.foreign->server);
  return in_place_if(from.partition_key == to.partition_key && same_server);
}

Change between(const Column& from, const Column& to) {
  if (!to.generated || from.generated == to.generated) return Change::in_place;
  return Change::replace;
}

Change between(const ColumnDefault& /*from*/, const ColumnDefault& /*to*/) {
  return Change::in_place;
}

Change between(const Constraint& from, const Constraint& to) {
  Constraint altered = from;
  altered.inherited = to.inherited;
  altered.local = to.local;
  altered.parent = to.parent;
  // One that comes with the parent's alone is valid in a child that was made after it.
  const bool of_parent = to.type == ConstraintType::check && to.inherited && !to.local;
  if (to.validated || of_parent) altered.validated = to.validated;
  if (from.type == ConstraintType::foreign_key) {
    altered.deferrable = to.deferrable;
    altered.initially_deferred = to.initially_deferred;
  }
  altered.options = to.options;
  altered.tablespace = to.tablespace;
  return in_place_if(altered == to);
}

Change between(const Index& from, const Index& to) {
  Index altered = from;
  altered.options = to.options;
  altered.tablespace = to.tablespace;
  altered.statistics = to.statistics;
  altered.partition_of = to.partition_of;
  altered.only = to.only;
  return in_place_if(altered == to);
}

// New columns can be added at the end.
Change between(const View& from, const View& to) {
  if (from.columns.size() > to.columns.size()) return Change::replace;
  for (std::size_t at = 0; at < from.columns.size(); ++at) {
    const ViewColumn& old = from.columns[at];
    const ViewColumn& column = to.columns[at];
    if (old.name != column.name || old.type != column.type || old.collation != column.collation)
      return Change::replace;
  }
  return Change::in_place;
}

Change between(const MaterializedView& from, const MaterializedView& to) {
  return in_place_if(from.query == to.query);
}

bool same_arguments(const std::vector<Argument>& from, const std::vector<Argument>& to) {
  return std::equal(from.begin(), from.end(), to.begin(), to.end(),
                    [](const Argument& old, const Argument& argument) {
                      const bool named = old.name == argument.name || old.name.empty();
                      const bool default_kept =
                          old.default_expression.empty() || !argument.default_expression.empty();
                      return old.mode == argument.mode && old.type == argument.type && named &&
                             default_kept;
                    });
}

Change between(const Routine& from, const Routine& to) {
  return in_place_if(from.procedure == to.procedure && from.window == to.window &&
                     from.result == to.result && same_arguments(from.arguments, to.arguments));
}

Change between(const Aggregate& from, const Aggregate& to) {
  return in_place_if(from.result == to.result && from.arguments == to.arguments);
}

Change between(const Trigger& from, const Trigger& to) {
  if (from.definition == to.definition && from.inherited == to.inherited) return Change::in_place;
  if (from.inherited && to.inherited) return Change::in_place;
  return in_place_if(!from.constraint && !to.constraint && from.inherited == to.inherited);
}

Change between(const EventTrigger& from, const EventTrigger& to) {
  return in_place_if(from.event == to.event && from.tags == to.tags &&
                     from.function == to.function);
}

Change between(const Rule& /*from*/, const Rule& /*to*/) {
  return Change::in_place;
}

Change between(const Policy& from, const Policy& to) {
  const bool keeps_using = from.using_expression.empty() || !to.using_expression.empty();
  const bool keeps_check = from.check_expression.empty() || !to.check_expression.empty();
  return in_place_if(from.command == to.command && from.permissive == to.permissive &&
                     keeps_using && keeps_check);
}

Change between(const Statistics& from, const Statistics& to) {
  return in_place_if(from.definition == to.definition);
}

Change between(const ForeignDataWrapper& /*from*/, const ForeignDataWrapper& /*to*/) {
  return Change::in_place;
}

Change between(const Server& from, const Server& to) {
  return in_place_if(from.wrapper == to.wrapper && from.type == to.type);
}

Change between(const UserMapping& /*from*/, const UserMapping& /*to*/) {
  return Change::in_place;
}

Change between(const Publication& from, const Publication& to) {
  return in_place_if(from.all_tables == to.all_tables);
}

Change between(const Subscription& /*from*/, const Subscription& /*to*/) {
  return Change::in_place;
}

Change between(const DefaultPrivileges& /*from*/, const DefaultPrivileges& /*to*/) {
  return Change::in_place;
}

}  // namespace

Change change(const Object& from, const Object& to) {
  if (from.definition.index() != to.definition.index()) return Change::replace;
  if (from.definition == to.definition) return Change::in_place;
  return std::visit(
      [&](const auto& definition) {
        return between(definition, std::get<std::decay_t<decltype(definition)>>(to.definition));
      },
      from.definition);
}

}  // namespace limbeck::postgres
