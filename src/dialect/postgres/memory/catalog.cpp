#include "dialect/postgres/memory/catalog.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace limbeck::postgres::memory {
namespace {

constexpr std::array relation_kinds{Kind::table,    Kind::view,  Kind::materialized_view,
                                    Kind::sequence, Kind::index, Kind::composite};
constexpr std::array type_kinds{
    Kind::enumeration, Kind::composite, Kind::domain,           Kind::range,
    Kind::table,       Kind::view,      Kind::materialized_view};

bool is_owner_kind(Kind kind) {
  return kind == Kind::table || kind == Kind::view || kind == Kind::materialized_view ||
         kind == Kind::domain;
}

// Whether the dependent goes with what it depends on without being asked.
bool goes_silently(const Schema& schema, const ObjectId& dependent, const ObjectId& on) {
  const bool same_table = dependent.schema == on.schema && dependent.name == on.name;
  // That of a partition goes with the one above it.
  if (dependent.kind == Kind::index && on.kind == Kind::index) return true;
  if (dependent.kind == Kind::index || dependent.kind == Kind::statistics)
    return on.kind == Kind::table || on.kind == Kind::materialized_view || on.kind == Kind::column;
  if (is_part(dependent.kind)) {
    if (same_table && is_owner_kind(on.kind)) return true;
    if (dependent.kind == Kind::constraint && on.kind == Kind::column) return same_table;
    if (dependent.kind == Kind::column_default && on.kind == Kind::column)
      return same_table && dependent.part == on.part;
  }
  const Object* object = schema.find(dependent);
  if (object == nullptr) return true;
  if (const auto* sequence = std::get_if<Sequence>(&object->definition))
    return sequence->owned_by && *sequence->owned_by == on;
  if (const auto* table = std::get_if<Table>(&object->definition))
    return table->partition_of && RelationName{on.schema, on.name} == table->partition_of->parent;
  if (const auto* constraint = std::get_if<Constraint>(&object->definition))
    return constraint->parent && *constraint->parent == on;
  return false;
}

}  // namespace

Catalog::Catalog(Interpreted start) : state_(std::move(start)) {
  for (const auto& [id, object] : state_.schema.objects) note_relation(object, true);
  for (const Dependency& edge : state_.schema.dependencies)
    if (edge.dependent.kind == Kind::table && edge.on.kind == Kind::table)
      parents_.insert({edge.on.schema, edge.on.name});
  read_dependents();
}

void Catalog::read_dependents() {
  dependents_.clear();
  for (const Dependency& edge : state_.schema.dependencies)
    dependents_[edge.on].insert(edge.dependent);
}

ErrorReport Catalog::report_of(std::string message, std::string hint) const {
  ErrorReport report;
  report.code = ExitCode::invalid_project;
  report.message = std::move(message);
  if (statement_ != nullptr) report.place = statement_->place;
  report.hint = std::move(hint);
  return report;
}

void Catalog::fail(std::string message, std::string hint) const {
  throw Error(report_of(std::move(message), std::move(hint)));
}

void Catalog::fail_missing(std::string_view what, const Name& name) const {
  throw MissingObject(
      report_of(fmt::format("there is no {} {}", what,
                            name.schema.empty() ? name.name : name.schema + "." + name.name),
                gone_at_commit_.count(name.name) == 0
                    ? ""
                    : "the temporary table went with the transaction that made it (ON COMMIT "
                      "DROP): work on it in that one, or leave ON COMMIT DROP away"),
      std::string(what), name);
}

void Catalog::end_transaction() {
  for (const ObjectId& table : until_commit_) {
    if (find(table) == nullptr) continue;
    drop(table, true);
    gone_.insert(table.name);
    gone_at_commit_.insert(table.name);
  }
  until_commit_.clear();
}

void Catalog::end_session() {
  const ObjectId temporary{Kind::schema, "", std::string(temporary_schema), ""};
  if (find(temporary) != nullptr) drop(temporary, true);
}

void Catalog::not_interpreted(std::string what, std::string why) {
  state_.not_interpreted.push_back(
      {std::move(what), std::move(why), statement_ == nullptr ? Place{} : statement_->place});
}

void Catalog::set_uncertain(const ObjectId& id, const std::string& why) {
  if (why.empty())
    state_.uncertain.erase(id);
  else
    state_.uncertain[id] = why;
}

const std::string* Catalog::uncertain(const ObjectId& id) const {
  const auto found = state_.uncertain.find(id);
  return found == state_.uncertain.end() ? nullptr : &found->second;
}

Object* Catalog::find(const ObjectId& id) {
  const auto found = state_.schema.objects.find(id);
  return found == state_.schema.objects.end() ? nullptr : &found->second;
}

Object* Catalog::search(std::initializer_list<Kind> kinds, const Name& name) {
  const auto in = [&](const std::string& schema) -> Object* {
    for (const Kind kind : kinds)
      if (Object* object = find(ObjectId{kind, schema, name.name, ""})) return object;
    return nullptr;
  };
  if (!name.schema.empty()) return in(name.schema);
  if (keeps_temporary_)
    if (Object* object = in(std::string(temporary_schema))) return object;
  for (const std::string& schema : state_.search_path)
    if (Object* object = in(schema)) return object;
  return nullptr;
}

Object& Catalog::need(std::initializer_list<Kind> kinds, std::string_view what, const Name& name) {
  if (Object* object = search(kinds, name)) return *object;
  fail_missing(what, name);
}

bool Catalog::has_relation(const std::string& schema, const std::string& name) const {
  return relations_.count({schema, name}) != 0;
}

bool Catalog::has_type(const std::string& schema, const std::string& name) const {
  return std::any_of(type_kinds.begin(), type_kinds.end(), [&](Kind kind) {
    return state_.schema.find({kind, schema, name, ""}) != nullptr;
  });
}

std::string Catalog::creation_schema(const std::string& written) const {
  if (!written.empty()) {
    if (find(Kind::schema, "", written) == nullptr) fail_missing("schema", {"", written});
    return written;
  }
  for (const std::string& schema : state_.search_path)
    if (find(Kind::schema, "", schema) != nullptr) return schema;
  fail("no schema has been selected to create in");
}

void Catalog::note_relation(const Object& object, bool present) {
  std::optional<RelationName> name;
  const ObjectId& id = object.id;
  if (std::find(relation_kinds.begin(), relation_kinds.end(), id.kind) != relation_kinds.end())
    name = RelationName{id.schema, id.name};
  if (id.kind == Kind::constraint || id.kind == Kind::domain_constraint) {
    const RelationName own{id.schema, id.part};
    if (present)
      constraints_.insert(own);
    else if (const auto found = constraints_.find(own); found != constraints_.end())
      constraints_.erase(found);
  }
  if (const auto* constraint = std::get_if<Constraint>(&object.definition);
      constraint != nullptr && constraint->type != ConstraintType::check &&
      constraint->type != ConstraintType::foreign_key)
    name = RelationName{id.schema, id.part};
  if (const auto* column = std::get_if<Column>(&object.definition);
      column != nullptr && column->identity && !column->identity->sequence.empty())
    name = RelationName{id.schema, column->identity->sequence};
  if (!name) return;
  if (present)
    relations_.insert_or_assign(std::move(*name), id);
  else
    relations_.erase(*name);
}

void Catalog::take_relation_name(const std::string& schema, const std::string& name,
                                 const ObjectId& holder) {
  relations_.insert_or_assign({schema, name}, holder);
}

std::optional<ObjectId> Catalog::relation_holder(const std::string& schema,
                                                 const std::string& name) const {
  const auto found = relations_.find({schema, name});
  if (found == relations_.end()) return std::nullopt;
  return found->second;
}

Object& Catalog::add(ObjectId id, Definition definition) {
  if (find(id) == nullptr) added_.push_back(id);
  Object object{.id = id, .definition = std::move(definition)};
  note_relation(object, true);
  Object& added =
      state_.schema.objects.insert_or_assign(std::move(id), std::move(object)).first->second;
  if (added.id.kind == Kind::column_default) {
    depend(added.id, {Kind::column, added.id.schema, added.id.name, added.id.part});
  } else if (is_part(added.id.kind)) {
    for (const Kind owner : {Kind::table, Kind::view, Kind::materialized_view, Kind::domain})
      if (find(owner, added.id.schema, added.id.name) != nullptr)
        depend(added.id, {owner, added.id.schema, added.id.name, ""});
  } else if (!added.id.schema.empty()) {
    depend(added.id, {Kind::schema, "", added.id.schema, ""});
  }
  return added;
}

void Catalog::depend(const ObjectId& dependent, const ObjectId& on) {
  if (dependent == on || find(on) == nullptr) return;
  if (!state_.schema.dependencies.insert({dependent, on}).second) return;
  dependents_[on].insert(dependent);
  if (dependent.kind == Kind::table && on.kind == Kind::table)
    parents_.insert({on.schema, on.name});
}

void Catalog::undepend(const ObjectId& dependent, const ObjectId& on) {
  if (state_.schema.dependencies.erase({dependent, on}) != 0) dependents_[on].erase(dependent);
}

void Catalog::forget_dependencies(const ObjectId& dependent) {
  auto& edges = state_.schema.dependencies;
  for (auto at = edges.lower_bound({dependent, {Kind::schema, "", "", ""}});
       at != edges.end() && at->dependent == dependent;) {
    const bool own_column = dependent.kind == Kind::column_default && at->on.kind == Kind::column &&
                            at->on.name == dependent.name && at->on.schema == dependent.schema;
    const bool home = at->on.kind == Kind::schema || own_column ||
                      (is_part(dependent.kind) && is_owner_kind(at->on.kind) &&
                       at->on.schema == dependent.schema && at->on.name == dependent.name);
    if (!home) dependents_[at->on].erase(dependent);
    at = home ? std::next(at) : edges.erase(at);
  }
}

const std::set<ObjectId>& Catalog::dependents_of(const ObjectId& on) const {
  static const std::set<ObjectId> none;
  const auto found = dependents_.find(on);
  return found == dependents_.end() ? none : found->second;
}

void Catalog::erase(const ObjectId& id) {
  const auto found = state_.schema.objects.find(id);
  if (found == state_.schema.objects.end()) return;
  note_relation(found->second, false);
  state_.schema.objects.erase(found);
  state_.uncertain.erase(id);
}

void Catalog::take_back() {
  const std::set<ObjectId> gone(added_.begin(), added_.end());
  added_.clear();
  erase_all(gone);
}

void Catalog::erase_all(const std::set<ObjectId>& gone) {
  auto& edges = state_.schema.dependencies;
  for (const ObjectId& id : gone) {
    erase(id);
    for (const ObjectId& dependent : dependents_of(id)) edges.erase({dependent, id});
    dependents_.erase(id);
    const auto first = edges.lower_bound({id, {Kind::schema, "", "", ""}});
    auto last = first;
    for (; last != edges.end() && last->dependent == id; ++last)
      if (const auto on = dependents_.find(last->on); on != dependents_.end()) on->second.erase(id);
    edges.erase(first, last);
  }
}

void Catalog::drop(const ObjectId& id, bool cascade) {
  // First what goes silently, so that nothing of it stands in the way of the rest.
  std::set<ObjectId> gone{id};
  std::vector<ObjectId> work{id};
  std::vector<Dependency> others;
  const auto add_silent = [&] {
    while (!work.empty()) {
      const ObjectId on = std::move(work.back());
      work.pop_back();
      for (const ObjectId& dependent : dependents_of(on)) {
        if (gone.count(dependent) != 0) continue;
        if (goes_silently(state_.schema, dependent, on)) {
          gone.insert(dependent);
          work.push_back(dependent);
        } else {
          others.push_back({dependent, on});
        }
      }
    }
  };
  add_silent();
  while (!others.empty()) {
    const Dependency edge = std::move(others.back());
    others.pop_back();
    if (gone.count(edge.dependent) != 0) continue;
    if (!cascade)
      fail(fmt::format("cannot drop {} because {} depends on {}", to_string(id),
                       to_string(edge.dependent), to_string(edge.on)),
           "drop that first, or drop with CASCADE");
    gone.insert(edge.dependent);
    work.push_back(edge.dependent);
    add_silent();
  }
  for (const ObjectId& each : gone)
    if (each.schema != temporary_schema) gone_.insert(each.part.empty() ? each.name : each.part);
  erase_all(gone);
}

}  // namespace limbeck::postgres::memory
