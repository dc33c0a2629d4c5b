// The schema that statements are applied to, with what applying them needs: adding, finding,
// dropping and renaming objects with everything that hangs on them.
//
// It never reads a tree.
#pragma once

#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "limbeck/error.h"

#include "dialect/interpreter.h"

namespace limbeck::postgres::memory {

// Where the temporary tables of a session are; it is searched first.
inline constexpr std::string_view temporary_schema = "pg_temp";

// A name as written: without a schema it is searched for.
struct Name {
  std::string schema = {};
  std::string name = {};
};

// A statement names what is not there.
class MissingObject : public Error {
 public:
  MissingObject(ErrorReport report, std::string kind, Name name)
      : Error(std::move(report)), kind_(std::move(kind)), name_(std::move(name)) {}

  const std::string& kind() const { return kind_; }  // "type"
  const Name& name() const { return name_; }

 private:
  std::string kind_;
  Name name_;
};

class Catalog {
 public:
  explicit Catalog(Interpreted start);

  const Interpreted& state() const { return state_; }
  Interpreted take() && { return std::move(state_); }
  Schema& schema() { return state_.schema; }
  const Schema& schema() const { return state_.schema; }
  std::vector<std::string>& search_path() { return state_.search_path; }
  // As the server counts: what it refuses differs.
  int server_version() const { return server_version_; }
  void set_server_version(int version) { server_version_ = version; }

  // The statement that is applied: its place is that of every error.
  void begin(const sql::Statement& statement) {
    statement_ = &statement;
    added_.clear();
  }
  // Takes away what the statement has added so far.
  void take_back();
  const sql::Statement& statement() const { return *statement_; }
  [[noreturn]] void fail(std::string message, std::string hint = {}) const;
  // Throws MissingObject.
  [[noreturn]] void fail_missing(std::string_view what, const Name& name) const;
  // Whether something of that name was there and is gone: dropped, or renamed.
  bool was_there(const std::string& name) const { return gone_.count(name) != 0; }
  // Temporary tables are kept, in the schema pg_temp, as the session that makes them sees them.
  // Without that there are none: they are no part of a schema.
  bool keeps_temporary() const { return keeps_temporary_; }
  void keep_temporary() { keeps_temporary_ = true; }
  void end_session();
  // ON COMMIT DROP: it goes with the transaction that has made it.
  void drop_at_commit(const ObjectId& table) { until_commit_.push_back(table); }
  void end_transaction();
  void not_interpreted(std::string what, std::string why);
  // Empty: it is certain (again).
  void set_uncertain(const ObjectId& id, const std::string& why);
  const std::string* uncertain(const ObjectId& id) const;

  // ---- finding ----
  const Object* find(Kind kind, const std::string& schema, const std::string& name,
                     const std::string& part = {}) const {
    return state_.schema.find({kind, schema, name, part});
  }
  Object* find(const ObjectId& id);
  // The first of the kinds that the search path leads to; null when there is none.
  Object* search(std::initializer_list<Kind> kinds, const Name& name);
  Object& need(std::initializer_list<Kind> kinds, std::string_view what, const Name& name);
  // Whatever pg_class holds under the name: a table, view, index, sequence, composite type; the
  // index of a constraint and the sequence of an identity column.
  bool has_relation(const std::string& schema, const std::string& name) const;
  // The object that has the name: the relation itself, or the constraint or column that it is of.
  std::optional<ObjectId> relation_holder(const std::string& schema, const std::string& name) const;
  // Whether a table or domain of the schema has a constraint of that name.
  bool has_constraint(const std::string& schema, const std::string& name) const {
    return constraints_.count({schema, name}) != 0;
  }
  bool has_type(const std::string& schema, const std::string& name) const;
  // Where an object without a schema in its name is made.
  std::string creation_schema(const std::string& written) const;

  // Whether tables inherit from it or are its partitions.
  bool has_children(const ObjectId& table) const {
    return parents_.count({table.schema, table.name}) != 0;
  }

  // ---- changing ----
  // Adds the edges to the object's schema or table too.
  Object& add(ObjectId id, Definition definition);
  void depend(const ObjectId& dependent, const ObjectId& on);
  void undepend(const ObjectId& dependent, const ObjectId& on);
  void forget_dependencies(const ObjectId& dependent);  // but for its table or schema
  const std::set<ObjectId>& dependents_of(const ObjectId& on) const;
  // With its parts, and what only it owns. Throws Error when something else depends on it and
  // cascade is false.
  void drop(const ObjectId& id, bool cascade);
  // Moves the object and everything whose id holds its name.
  void rename(const ObjectId& from, const ObjectId& to);

  // Names of relations that are not objects: the indexes of constraints, sequences of identities.
  void take_relation_name(const std::string& schema, const std::string& name,
                          const ObjectId& holder);

 private:
  ErrorReport report_of(std::string message, std::string hint) const;
  void erase(const ObjectId& id);
  void erase_all(const std::set<ObjectId>& gone);
  void note_relation(const Object& object, bool present);
  void read_dependents();

  Interpreted state_;
  int server_version_ = 150000;
  bool keeps_temporary_ = false;
  std::vector<ObjectId> until_commit_;
  std::set<std::string> gone_at_commit_;  // names
  std::set<std::string> gone_;
  std::map<RelationName, ObjectId> relations_;
  std::multiset<RelationName> constraints_;
  std::set<RelationName> parents_;                     // at least
  std::map<ObjectId, std::set<ObjectId>> dependents_;  // the edges from their other end
  const sql::Statement* statement_ = nullptr;
  std::vector<ObjectId> added_;
};

}  // namespace limbeck::postgres::memory
