// What a script asks of one table, as the building anew of that table: checks, triggers, expression
// indexes and the rows of other tables stay.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "dialect/sqlite/create_table.h"
#include "dialect/sqlite/schema_dialect.h"
#include "dialect/sqlite/sql_text.h"

namespace limbeck::sqlite {
namespace {

using Objects = std::vector<Object>;

class ChangedTable {
 public:
  ChangedTable(const Schema& now, const std::string& table) : now_(now) {
    for (const auto& [id, object] : now.objects) {
      if (id.kind == Kind::table && same_name(id.name, table)) name_ = id.name;
    }
    if (name_.empty()) refuse(fmt::format("there is no table {}", table));
    for (const auto& [id, object] : now.objects) {
      const bool index = id.kind == Kind::index && as<Index>(object).table.name == name_;
      if (!index && id.name != name_) continue;
      if (id.kind == Kind::table) from_.insert(from_.begin(), object);
      if (index || (id.kind != Kind::table && is_part(id.kind))) from_.push_back(object);
    }
    to_ = from_;
    sort_columns();
  }

  void change(const AddColumn& change) {
    Objects parsed = read(fmt::format("{} {}", quoted_name(change.name), change.definition));
    if (find_column(change.name) != nullptr)
      refuse(fmt::format("table {} has a column {} already", name_, change.name));
    for (Object& object : parsed) {
      if (object.id.kind == Kind::column) {
        const std::size_t at = place_of(change);
        columns_.insert(columns_.begin() + static_cast<std::ptrdiff_t>(at), object.id.part);
      }
      to_.push_back(std::move(object));
    }
    if (change.in_key) new_key_.push_back(change.name);
  }

  void change(const DropColumn& change) {
    const std::string column = column_called(change.name).id.part;
    refuse_users(column);
    if (change.key_stays) shrink_key(column);
    std::set<ObjectId> gone{{Kind::column, "", name_, column}};
    for (const Dependency& edge : now_.dependencies) {
      if (edge.on == *gone.begin()) gone.insert(edge.dependent);
    }
    std::erase_if(to_, [&](const Object& object) {
      if (change.key_stays && is_primary_key(object)) return false;
      if (gone.contains(object.id)) return true;
      if (object.id.kind == Kind::column_default) return object.id.part == column;
      if (object.id.kind != Kind::constraint) return false;
      const auto& names = as<Constraint>(object).columns;
      return std::find(names.begin(), names.end(), column) != names.end();
    });
    std::erase(columns_, column);
    dropped_.insert(column);
  }

  void change(const AlterColumn& change) {
    Object& object = column_called(change.name);
    const std::string name = object.id.part;
    auto& column = as<Column>(object);
    object.source = {};
    if (change.type) column.type = as<Column>(read("x " + *change.type).at(1)).type;
    if (change.nullable) {
      column.not_null = !*change.nullable;
      std::erase_if(column.options, [](const Option& option) {
        return option.name == "not null name" || option.name == "not null conflict";
      });
    }
    if (!change.default_value) return;
    std::erase_if(to_, [&](const Object& it) {
      return it.id.kind == Kind::column_default && it.id.part == name;
    });
    if (!*change.default_value) return;
    for (Object& it : read(fmt::format("{} DEFAULT {}", quoted_name(name), **change.default_value)))
      if (it.id.kind == Kind::column_default) to_.push_back(std::move(it));
  }

  void change(const DefineTable& change) {
    std::erase_if(to_, [](const Object& object) { return object.id.kind != Kind::index; });
    columns_.clear();
    for (Object& object : read_create_table(change.sql)) {
      if (object.id.kind == Kind::column) columns_.push_back(object.id.part);
      object.id.name = name_;
      to_.push_back(std::move(object));
    }
    std::stable_partition(to_.begin(), to_.end(),
                          [](const Object& object) { return object.id.kind == Kind::table; });
  }

  // As a sort of what has to come first: in each round, those that wait for none that is left.
  void change(const OrderColumns& change) {
    std::map<std::string, std::set<std::string>> before;
    for (const auto& list : change.lists) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string column = column_called(list[i]).id.part;
        if (i > 0) before[column].insert(column_called(list[i - 1]).id.part);
      }
    }
    std::vector<std::string> left = std::exchange(columns_, {});
    while (!left.empty()) {
      std::vector<std::string> waiting;
      std::vector<std::string> round;
      for (const std::string& column : left) {
        const bool waits = std::any_of(left.begin(), left.end(), [&](const std::string& other) {
          return before[column].contains(other);
        });
        (waits ? waiting : round).push_back(column);
      }
      if (round.empty())
        refuse(fmt::format("the columns of table {} cannot come before each other", name_));
      columns_.insert(columns_.end(), round.begin(), round.end());
      left = std::move(waiting);
    }
  }

  void change(const SetAutoincrement& change) {
    make_key();
    const Object* object = primary_key();
    if (object == nullptr)
      refuse(fmt::format("AUTOINCREMENT needs a primary key in table {}", name_));
    const auto& key = as<Constraint>(*object);
    if (key.columns.size() != 1)
      refuse(fmt::format("AUTOINCREMENT needs a key of one column in table {}", name_));
    Object& column = column_called(key.columns.front());
    column.source = {};
    as<Column>(column).identity = change.on ? std::optional(Identity{}) : std::nullopt;
  }

  void change(const AddConstraint& change) {
    if (change.unless_there && is_there(change)) return;
    // As under Alembic: the new one of a name takes the place of the old one.
    if (!change.name.empty()) {
      std::erase_if(to_, [&](const Object& object) {
        if (object.id.kind != Kind::constraint) return false;
        const auto name = constraint_name(object);
        return name && same_name(*name, change.name);
      });
    }
    for (Object& object : parse(change)) {
      if (object.id.kind != Kind::constraint) continue;
      if (as<Constraint>(object).type == ConstraintType::primary_key) drop_primary_key();
      to_.push_back(std::move(object));
    }
  }

  void change(const DropConstraint& change) {
    const auto matches = [&](const Object& object) {
      if (object.id.kind != Kind::constraint) return false;
      if (change.type && as<Constraint>(object).type != *change.type) return false;
      const auto name = constraint_name(object);
      if (change.name.empty()) return !name && as<Constraint>(object).columns == change.columns;
      return name && same_name(*name, change.name);
    };
    if (std::erase_if(to_, matches) > 0) return;
    if (change.type == ConstraintType::primary_key && drop_primary_key()) return;
    if (change.name.empty())
      refuse(fmt::format("table {} has no such constraint without a name", name_));
    refuse(fmt::format("table {} has no constraint {}", name_, change.name));
  }

  // They are statements of their own.
  void change(const RenameTable& /*change*/) {}
  void change(const IndexStatement& /*change*/) {}
  void change(const DropIndex& /*change*/) {}

  RebuildTable take() && {
    make_key();
    for (Object& object : to_) {
      if (object.id.kind != Kind::column) continue;
      const auto at = std::find(columns_.begin(), columns_.end(), object.id.part);
      as<Column>(object).position = static_cast<int>(at - columns_.begin()) + 1;
    }
    RebuildTable rebuild{.from = std::move(from_), .to = std::move(to_)};
    for (const std::string& column : columns_) {
      if (had_.contains(column) && !dropped_.contains(column))
        rebuild.copied.emplace_back(column, column);
    }
    return rebuild;
  }

 private:
  [[noreturn]] static void refuse(std::string message) {
    throw Error({.code = ExitCode::invalid_project, .message = std::move(message)});
  }

  // What would go with the column, or be left broken.
  void refuse_users(const std::string& column) const {
    for (const Dependency& edge : now_.dependencies) {
      const Kind kind = edge.dependent.kind;
      if (edge.on != ObjectId{Kind::column, "", name_, column}) continue;
      if (kind != Kind::trigger && kind != Kind::view) continue;
      refuse(fmt::format("column {} of table {} cannot be dropped: {} uses it", column, name_,
                         to_string(edge.dependent)));
    }
  }

  Objects read(const std::string& parts) const {
    return read_create_table(fmt::format("CREATE TABLE {} ({})", quoted_name(name_), parts));
  }

  void sort_columns() {
    for (const Object* column : columns_of(now_, "", name_)) {
      columns_.push_back(column->id.part);
      had_.insert(column->id.part);
    }
  }

  Object* find_column(const std::string& name) {
    const auto found = std::find_if(to_.begin(), to_.end(), [&](const Object& object) {
      return object.id.kind == Kind::column && same_name(object.id.part, name);
    });
    return found == to_.end() ? nullptr : &*found;
  }

  Object& column_called(const std::string& name) {
    Object* column = find_column(name);
    if (column == nullptr) refuse(fmt::format("table {} has no column {}", name_, name));
    return *column;
  }

  bool is_there(const AddConstraint& change) const {
    return std::any_of(to_.begin(), to_.end(), [&](const Object& object) {
      if (object.id.kind != Kind::constraint) return false;
      const auto name = constraint_name(object);
      if (!change.name.empty()) return name && same_name(*name, change.name);
      const std::vector<Object> parsed = parse(change);
      return !name && std::any_of(parsed.begin(), parsed.end(), [&](const Object& it) {
        return it.id.kind == Kind::constraint && it.definition == object.definition;
      });
    });
  }

  // As a constraint of this table.
  Objects parse(const AddConstraint& change) const {
    const std::string name =
        change.name.empty() ? "" : fmt::format("CONSTRAINT {} ", quoted_name(change.name));
    std::string columns;
    for (const std::string& column : columns_) columns += quoted_name(column) + ", ";
    return read(columns + name + change.definition);
  }

  std::size_t place_of(const AddColumn& change) const {
    const auto index_of = [&](const std::string& name) {
      return static_cast<std::size_t>(
          std::find_if(columns_.begin(), columns_.end(),
                       [&](const std::string& column) { return same_name(column, name); }) -
          columns_.begin());
    };
    if (!change.before.empty()) return index_of(change.before);
    if (!change.after.empty()) return std::min(index_of(change.after) + 1, columns_.size());
    return columns_.size();
  }

  static bool is_primary_key(const Object& object) {
    return object.id.kind == Kind::constraint &&
           as<Constraint>(object).type == ConstraintType::primary_key;
  }

  Object* primary_key() {
    const auto found = std::find_if(to_.begin(), to_.end(), is_primary_key);
    return found == to_.end() ? nullptr : &*found;
  }

  bool drop_primary_key() { return std::erase_if(to_, is_primary_key) > 0; }

  // Of the new columns that say so.
  void make_key() {
    if (new_key_.empty() || primary_key() != nullptr) return;
    const std::string definition = fmt::format("PRIMARY KEY ({})", list_sql(new_key_));
    for (Object& object : parse({.name = key_name_, .definition = definition}))
      if (object.id.kind == Kind::constraint) to_.push_back(std::move(object));
  }

  // What is left of a key of several columns is the key, and one of which nothing is left leaves
  // its name to the next.
  void shrink_key(const std::string& column) {
    Object* object = primary_key();
    if (object == nullptr) return;
    auto& key = as<Constraint>(*object);
    std::erase_if(key.options,
                  [&](const Option& option) { return option.name == column_option(column); });
    if (std::erase(key.columns, column) == 0 || !key.columns.empty()) return;
    key_name_ = constraint_name(*object).value_or("");
    drop_primary_key();
  }

  const Schema& now_;
  std::string name_;
  Objects from_;
  Objects to_;
  std::vector<std::string> columns_;  // of `to`, in their order
  std::set<std::string> had_;
  std::set<std::string> dropped_;
  std::vector<std::string> new_key_;
  std::string key_name_;
};

}  // namespace

std::vector<SqlStatement> change_table(const Schema& now, const TableChanges& changes) {
  ChangedTable table(now, changes.table);
  for (const TableChange& change : changes.changes)
    std::visit([&](const auto& it) { table.change(it); }, change);
  const Operation operation = std::move(table).take();
  const auto& rebuilt = std::get<RebuildTable>(operation);
  Schema to = now;
  for (const Object& object : rebuilt.from) to.objects.erase(object.id);
  for (const Object& object : rebuilt.to) to.put(object);
  // Rows are not held against a new foreign key: a script that runs under Alembic must run here,
  // and SQLite asks nobody.
  std::vector<SqlStatement> statements = rebuild(rebuilt, now, to);
  // A client that stops at an error needs no statement that ends its transaction.
  constexpr std::string_view ending = "INSERT OR ROLLBACK";
  for (SqlStatement& statement : statements)
    if (statement.sql.starts_with(ending)) statement.sql.replace(0, ending.size(), "INSERT");
  return statements;
}

}  // namespace limbeck::sqlite
