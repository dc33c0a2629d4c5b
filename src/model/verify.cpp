#include "limbeck/verify.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "dialect/model_dialect.h"
#include "dialect/schema_dialect.h"
#include "model/database_state.h"
#include "model/ddl.h"
#include "source/load.h"

namespace limbeck {
namespace {

// What the sets declare, read by the same authority as the database; no server makes it. place:
// the schema of tables that are declared without one.
LoadedSchema expected_schema(std::span<const Metadata> sets, const Dialect& dialect,
                             const std::string& place) {
  ModelsDocument document = models_document(sets, "models");
  const std::string name(dialect.name());
  ModelSql& sql = document.sql[name];
  const std::string prefix = model_dialect_named(name).in_schema(place);
  for (ModelShared& it : sql.shared) it.sql = prefix + it.sql;
  sql.sql = prefix + sql.sql;
  const PreparedSources prepared = prepare({std::move(document)}, name);
  LoadContext context;
  context.offline = true;
  return load_schema(prepared, {.dialect = name}, context);
}

// Where an unqualified name is created; empty where there are no schemas, or none can be.
std::string current_schema(Connection& connection, const Dialect& dialect) {
  return dialect.locate(connection, {{}, {"limbeck_verify"}}).schema.name;
}

std::vector<std::string> schemas_of(const Schema& schema) {
  std::set<std::string> names;
  for (const auto& [id, object] : schema.objects) {
    if (!id.schema.empty()) names.insert(id.schema);
  }
  return {names.begin(), names.end()};
}

std::string key_text(const Index& index) {
  std::vector<std::string> keys;
  for (const IndexKey& key : index.keys)
    keys.push_back((key.column.empty() ? key.expression : key.column) +
                   (key.descending ? " DESC" : ""));
  return fmt::format("{}({})", index.unique ? "unique " : "", fmt::join(keys, ", "));
}

std::string constraint_text(const Constraint& it) {
  const std::string columns = fmt::format("({})", fmt::join(it.columns, ", "));
  switch (it.type) {
    case ConstraintType::primary_key:
      return "primary key " + columns;
    case ConstraintType::unique:
      return "unique " + columns;
    case ConstraintType::check:
      return "check " + it.expression;
    case ConstraintType::exclusion:
      return "exclusion " + it.exclusion;
    case ConstraintType::foreign_key:
      break;
  }
  const ForeignKey& key = *it.foreign_key;
  return fmt::format("foreign key {} to {} ({}), on delete {}, on update {}", columns,
                     key.table.name, fmt::join(key.columns, ", "), key.on_delete, key.on_update);
}

std::string generation_of(const Column& column) {
  if (column.identity) return "identity";
  if (column.generated) return "computed as " + column.generated->expression;
  return "an ordinary column";
}

class Verification {
 public:
  Verification(const LoadedSchema& expected, const Schema& found)
      : expected_(expected), found_(found) {
    for (const auto& [id, object] : found.objects) {
      if (id.kind == Kind::constraint) constraints_[{id.schema, id.name}].push_back(&object);
      if (id.kind == Kind::index) indexes_[as<Index>(object).table].push_back(&object);
    }
  }

  std::vector<Mismatch> run() && {
    for (const auto& [id, object] : expected_.schema.objects) {
      if (id.kind == Kind::enumeration) enumeration(id, object);
      if (id.kind == Kind::table && found_.find(id) == nullptr)
        add(MismatchKind::missing_table, id, "a table", {});
      if (id.kind == Kind::index) {
        if (has_table(as<Index>(object).table)) index(id, object);
      } else if (is_part(id.kind) && has_table({id.schema, id.name})) {
        part(id, object);
      }
    }
    for (const auto& [id, object] : found_.objects) {
      if (id.kind == Kind::column && expected_.schema.find(table_id(id)) != nullptr &&
          expected_.schema.find(id) == nullptr)
        unexpected(id, as<Column>(object));
    }
    return std::move(mismatches_);
  }

 private:
  static ObjectId table_id(const ObjectId& part) { return {Kind::table, part.schema, part.name}; }
  bool has_table(const RelationName& table) const {
    return found_.find({Kind::table, table.schema, table.name}) != nullptr;
  }
  bool is_uncertain(const ObjectId& id) const { return expected_.uncertain.count(id) > 0; }

  void add(MismatchKind kind, const ObjectId& id, std::string expected, std::string found) {
    mismatches_.push_back({kind, to_string(id), std::move(expected), std::move(found)});
  }

  void enumeration(const ObjectId& id, const Object& object) {
    const Object* const found = found_.find(id);
    for (const std::string& label : as<Enumeration>(object).labels) {
      if (found != nullptr) {
        const std::vector<std::string>& labels = as<Enumeration>(*found).labels;
        if (std::find(labels.begin(), labels.end(), label) != labels.end()) continue;
      }
      add(MismatchKind::missing_label, id, "label " + label, {});
    }
  }

  void part(const ObjectId& id, const Object& object) {
    if (id.kind == Kind::column) column(id, as<Column>(object));
    if (id.kind == Kind::constraint) constraint(id, as<Constraint>(object));
    if (id.kind == Kind::column_default && found_.find(id) == nullptr && has_column(id))
      add(MismatchKind::missing_default, id, as<ColumnDefault>(object).expression, {});
    if (id.kind == Kind::trigger && found_.find(id) == nullptr)
      add(MismatchKind::missing_trigger, id, "a trigger", {});
  }

  bool has_column(ObjectId id) const {
    id.kind = Kind::column;
    return found_.find(id) != nullptr;
  }

  void column(const ObjectId& id, const Column& column) {
    const Object* const object = found_.find(id);
    if (object == nullptr) return add(MismatchKind::missing_column, id, column.type, {});
    const Column& found = as<Column>(*object);
    if (column.type != found.type && !is_uncertain(id))
      add(MismatchKind::other_type, id, column.type, found.type);
    if (column.not_null != found.not_null)
      add(MismatchKind::other_nullability, id, column.not_null ? "NOT NULL" : "NULL",
          found.not_null ? "NOT NULL" : "NULL");
    if (column.identity.has_value() != found.identity.has_value() ||
        column.generated.has_value() != found.generated.has_value() ||
        (column.generated && !is_uncertain(id) && *column.generated != *found.generated))
      add(MismatchKind::other_generation, id, generation_of(column), generation_of(found));
  }

  // No row can leave it out, and the program does not know it.
  void unexpected(ObjectId id, const Column& column) {
    const bool is_filled = column.identity || column.generated;
    ObjectId value = id;
    value.kind = Kind::column_default;
    if (!column.not_null || is_filled || found_.find(value) != nullptr) return;
    add(MismatchKind::unexpected_column, id, {}, column.type + " NOT NULL without a default");
  }

  void constraint(const ObjectId& id, const Constraint& wanted) {
    const std::string text = constraint_text(wanted);
    const RelationName table{id.schema, id.name};
    const auto same = [&](const Object* it) {
      const Constraint& found = as<Constraint>(*it);
      if (wanted.type == ConstraintType::check && is_uncertain(id))
        return found.type == ConstraintType::check && it->id.part == id.part;
      return constraint_text(found) == text;
    };
    const std::vector<const Object*>& there = constraints_[table];
    if (std::any_of(there.begin(), there.end(), same)) return;
    if (wanted.type == ConstraintType::unique && has_unique_index(table, wanted.columns)) return;
    add(MismatchKind::missing_constraint, table_id(id), text, {});
  }

  bool has_unique_index(const RelationName& table, const std::vector<std::string>& columns) {
    const std::vector<const Object*>& there = indexes_[table];
    return std::any_of(there.begin(), there.end(), [&](const Object* it) {
      const Index& index = as<Index>(*it);
      const auto is_column = [](const IndexKey& key, const std::string& column) {
        return key.column == column;
      };
      return index.unique && index.predicate.empty() &&
             std::equal(index.keys.begin(), index.keys.end(), columns.begin(), columns.end(),
                        is_column);
    });
  }

  void index(const ObjectId& id, const Object& object) {
    const Index& wanted = as<Index>(object);
    const std::vector<const Object*>& there = indexes_[wanted.table];
    const auto same = [&](const Object* it) {
      const Index& found = as<Index>(*it);
      if (!found.valid) return false;
      if (is_uncertain(id)) return it->id == id;
      return found.method == wanted.method && found.predicate == wanted.predicate &&
             key_text(found) == key_text(wanted);
    };
    if (std::any_of(there.begin(), there.end(), same)) return;
    add(MismatchKind::missing_index, id, key_text(wanted), {});
  }

  const LoadedSchema& expected_;
  const Schema& found_;
  std::map<RelationName, std::vector<const Object*>> constraints_;
  std::map<RelationName, std::vector<const Object*>> indexes_;
  std::vector<Mismatch> mismatches_;
};

}  // namespace

std::string to_string(const Mismatch& mismatch) {
  if (mismatch.found.empty())
    return fmt::format("{}: {} is missing", mismatch.object, mismatch.expected);
  if (mismatch.expected.empty())
    return fmt::format("{}: not expected: {}", mismatch.object, mismatch.found);
  return fmt::format("{}: {} is expected, {} is there", mismatch.object, mismatch.expected,
                     mismatch.found);
}

std::vector<Mismatch> verify(Database& database, std::span<const Metadata> sets) {
  if (database.in_transaction()) {
    throw Error({.code = ExitCode::usage,
                 .message = "a database cannot be verified inside of a transaction",
                 .hint = "verify it at start, before the first transaction"});
  }
  Connection& connection = detail::connection_of(database);
  const Dialect& dialect = detail::dialect_of(database);
  const LoadedSchema expected = expected_schema(sets, dialect, current_schema(connection, dialect));
  IntrospectionOptions options;
  options.schemas = schemas_of(expected.schema);
  const Schema found = schema_dialect_named(dialect.name()).introspect(connection, options);
  return Verification(expected, found).run();
}

}  // namespace limbeck
