#include "run/table_change.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "dialect/schema_dialect.h"

namespace limbeck {
namespace {

template <class... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <class... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

class TableChangeRun {
 public:
  TableChangeRun(Connection& connection, const Dialect& dialect, const TableChanges& changes,
                 const std::function<void(const std::string&)>& on_statement)
      : connection_(connection),
        dialect_(dialect),
        changes_(changes),
        on_statement_(on_statement) {}

  // A script may catch the error and go on.
  void go() {
    all_or_nothing([&] {
      if (!drop_in_place()) change();
    });
  }

 private:
  template <class Do>
  void all_or_nothing(const Do& act) {
    const auto control = [&](const char* sql) {
      const Command command{.sql = sql};
      connection_.run({&command, 1}, Wrap::open_transaction);
    };
    control("SAVEPOINT limbeck_table_change");
    try {
      act();
    } catch (...) {
      control("ROLLBACK TO limbeck_table_change");
      control("RELEASE limbeck_table_change");
      throw;
    }
    control("RELEASE limbeck_table_change");
  }

  // False: there is more to do, or something speaks of the column.
  bool drop_in_place() {
    if (changes_.changes.size() != 1) return false;
    const auto* dropped = std::get_if<DropColumn>(&changes_.changes.front());
    if (dropped == nullptr || !dropped->in_place) return false;
    rebuilding(changes_);  // SQLite would leave behind a trigger that cannot run any more
    try {
      all_or_nothing([&] {
        run(fmt::format("ALTER TABLE {} DROP COLUMN {}", quote(changes_.table),
                        quote(dropped->name)));
      });
    } catch (const DatabaseError&) {
      return false;
    }
    return true;
  }

  void change() {
    each<DropIndex>([&](const DropIndex& it) { run("DROP INDEX " + quote(it.name)); });
    // It has the names of before.
    if (renames()) each<DefineTable>([&](const DefineTable& it) { rebuild(only(it)); });
    const bool names_meet = takes_name_of_dropped();
    if (names_meet) rebuild(drops());
    each<AlterColumn>([&](const AlterColumn& it) { rename(it); });
    TableChanges others = rest();
    if (names_meet)
      std::erase_if(others.changes,
                    [](const TableChange& it) { return std::holds_alternative<DropColumn>(it); });
    rebuild(others);
    each<IndexStatement>([&](const IndexStatement& it) { run(it.sql); });
    each<RenameTable>([&](const RenameTable& it) {
      run(fmt::format("ALTER TABLE {} RENAME TO {}", quote(changes_.table), quote(it.new_name)));
    });
  }

  // drop a, rename b to a
  bool takes_name_of_dropped() const {
    bool found = false;
    each<AlterColumn>([&](const AlterColumn& renamed) {
      each<DropColumn>(
          [&](const DropColumn& dropped) { found = found || renamed.new_name == dropped.name; });
    });
    return found;
  }

  bool renames() const {
    bool found = false;
    each<AlterColumn>([&](const AlterColumn& it) { found = found || it.new_name.has_value(); });
    return found;
  }

  TableChanges only(const TableChange& change) const {
    return {.table = changes_.table, .changes = {change}};
  }

  TableChanges drops() const {
    TableChanges result{.table = changes_.table};
    each<DropColumn>([&](const DropColumn& it) { add(result, it); });
    return result;
  }

  template <class Change, class Do>
  void each(const Do& act) const {
    for (const TableChange& change : changes_.changes)
      if (const auto* it = std::get_if<Change>(&change)) act(*it);
  }

  std::string quote(const std::string& name) const { return dialect_.quote(Identifier{name}); }

  void run(const std::string& sql) {
    const Command command{.sql = sql};
    connection_.run({&command, 1}, Wrap::open_transaction);
    if (on_statement_) on_statement_(sql);
  }

  // In place: what speaks of the column follows it.
  void rename(const AlterColumn& change) {
    if (!change.new_name || *change.new_name == change.name) return;
    run(fmt::format("ALTER TABLE {} RENAME COLUMN {} TO {}", quote(changes_.table),
                    quote(change.name), quote(*change.new_name)));
    renamed_[change.name] = *change.new_name;
  }

  std::string now_called(const std::string& column) const {
    const auto found = renamed_.find(column);
    return found == renamed_.end() ? column : found->second;
  }

  // The others, under the names that the columns have now.
  TableChanges rest() const {
    TableChanges rest{.table = changes_.table};
    for (const TableChange& change : changes_.changes) {
      std::visit(Overloaded{
                     [&](const AddColumn& it) {
                       AddColumn& added = add(rest, it);
                       added.after = now_called(it.after);
                       added.before = now_called(it.before);
                     },
                     [&](const DropColumn& it) { add(rest, it).name = now_called(it.name); },
                     [&](const AlterColumn& it) {
                       if (!it.type && !it.nullable && !it.default_value) return;
                       add(rest, it).name = now_called(it.name);
                     },
                     [&](const AddConstraint& it) { add(rest, it); },
                     [&](const DropConstraint& it) { add(rest, it); },
                     [](const RenameTable&) {},
                     [](const IndexStatement&) {},
                     [](const DropIndex&) {},
                     [&](const DefineTable& it) {
                       if (!renames()) add(rest, it);
                     },
                     [&](const SetAutoincrement& it) { add(rest, it); },
                     [&](const OrderColumns& it) {
                       for (auto& list : add(rest, it).lists)
                         for (std::string& column : list) column = now_called(column);
                     },
                 },
                 change);
    }
    return rest;
  }

  template <class Change>
  static Change& add(TableChanges& changes, const Change& change) {
    changes.changes.emplace_back(change);
    return std::get<Change>(changes.changes.back());
  }

  // Throws what stands against it: a trigger that uses a column that goes.
  std::vector<SqlStatement> rebuilding(const TableChanges& changes) {
    const SchemaDialect& schemas = schema_dialect_named(dialect_.name());
    return schemas.change_table(schemas.introspect(connection_, {}), changes);
  }

  void rebuild(const TableChanges& changes) {
    if (changes.changes.empty()) return;
    for (const SqlStatement& statement : rebuilding(changes)) run(statement.sql);
  }

  Connection& connection_;
  const Dialect& dialect_;
  const TableChanges& changes_;
  const std::function<void(const std::string&)>& on_statement_;
  std::map<std::string, std::string> renamed_;
};

}  // namespace

void change_table(Connection& connection, const Dialect& dialect, const TableChanges& changes,
                  const std::function<void(const std::string&)>& on_statement) {
  TableChangeRun(connection, dialect, changes, on_statement).go();
}

std::vector<std::string> plain_table_change(const Dialect& dialect, const TableChanges& changes) {
  std::vector<std::string> statements;
  const auto quote = [&](const std::string& name) { return dialect.quote(Identifier{name}); };
  const std::string table = quote(changes.table);
  for (const TableChange& change : changes.changes) {
    if (const auto* drop = std::get_if<DropColumn>(&change)) {
      statements.push_back(fmt::format("ALTER TABLE {} DROP COLUMN {}", table, quote(drop->name)));
    } else if (const auto* index = std::get_if<DropIndex>(&change)) {
      statements.push_back("DROP INDEX " + quote(index->name));
    } else if (const auto* made = std::get_if<IndexStatement>(&change)) {
      statements.push_back(made->sql);
    } else {
      return {};
    }
  }
  return statements;
}

}  // namespace limbeck
