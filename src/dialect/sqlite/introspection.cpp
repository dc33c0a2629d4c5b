#include "dialect/sqlite/introspection.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dialect/sqlite/create_table.h"
#include "dialect/sqlite/sql_text.h"
#include "dialect/sqlite/statements.h"

namespace limbeck::sqlite {
namespace {

struct Entry {
  std::string type;
  std::string name;
  std::string table;
  std::string sql;
};

class Introspection {
 public:
  Introspection(Connection& connection, const IntrospectionOptions& options)
      : connection_(connection) {
    for (const RelationName& name : options.without) left_out_.insert(folded(name.name));
  }

  Schema run() {
    read_entries();
    // Indexes, triggers and views are read when the names of all tables and columns are known.
    for (const Entry& entry : entries_) {
      if (entry.type == "table") guarded(entry, [&] { table(entry); });
    }
    for (const Entry& entry : entries_) {
      if (entry.type == "view") guarded(entry, [&] { view(entry); });
    }
    for (const Entry& entry : entries_) {
      if (entry.type == "index") guarded(entry, [&] { index(entry); });
      if (entry.type == "trigger") guarded(entry, [&] { trigger(entry); });
    }
    view_dependencies();
    return std::move(schema_);
  }

 private:
  void read_entries() {
    // One statement sees one state of the database. The list of tables is made once; in a join it
    // would be made for each row.
    const ResultSet result = connection_.query(
        {.sql = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL "
                "AND NOT (type = 'table' AND name IN (SELECT name FROM pragma_table_list WHERE "
                "schema = 'main' AND type = 'shadow')) ORDER BY rowid"});
    for (const Row& row : result.rows) {
      Entry entry{text_of(row[0]), text_of(row[1]), text_of(row[2]), text_of(row[3])};
      if (folded(entry.name).starts_with("sqlite_")) continue;
      if (left_out_.contains(folded(entry.table))) continue;
      entries_.push_back(std::move(entry));
    }
  }

  // What is not understood is said, and stops nothing.
  template <class Read>
  void guarded(const Entry& entry, const Read& read) {
    try {
      read();
    } catch (const Error& error) {
      schema_.unmodelled.insert({fmt::format("{} {}, whose definition cannot be read: {}",
                                             entry.type, entry.name, error.report().message)});
    }
  }

  void depends(const ObjectId& dependent, const ObjectId& on) {
    schema_.dependencies.insert({dependent, on});
  }

  // ---- tables ----

  void table(const Entry& entry) {
    if (tokens_of(entry.sql).at(1).is("VIRTUAL")) {
      Object object = read_create_virtual_table(entry.sql);
      object.source.text = statement(entry.sql);
      schema_.put(std::move(object));
      schema_.unmodelled.insert({fmt::format("the contents of virtual table {}", entry.name)});
      return;
    }
    std::vector<Object> objects = read_create_table(entry.sql);
    const ObjectId id = objects.front().id;
    objects.front().source.text = statement(entry.sql);
    std::vector<std::string>& columns = columns_[folded(id.name)];
    for (const Object& object : objects) {
      if (object.id.kind == Kind::column) columns.push_back(object.id.part);
    }
    relations_.emplace(folded(id.name), id);
    for (Object& object : objects) {
      part_dependencies(object, id, columns);
      schema_.put(std::move(object));
    }
  }

  void part_dependencies(const Object& object, const ObjectId& table,
                         const std::vector<std::string>& columns) {
    if (object.id == table) return;
    depends(object.id, table);
    if (object.id.kind == Kind::column_default)
      depends(object.id, {Kind::column, "", table.name, object.id.part});
    if (object.id.kind == Kind::constraint) {
      for (const std::string& column : as<Constraint>(object).columns)
        depends(object.id, {Kind::column, "", table.name, column});
    }
    if (object.id.kind != Kind::column || !as<Column>(object).generated) return;
    for (const std::string& column : mentioned(as<Column>(object).generated->expression, columns)) {
      if (column != object.id.part) depends(object.id, {Kind::column, "", table.name, column});
    }
  }

  // ---- what stands on tables ----

  // The table or view as it calls itself; others may write its name in another case.
  ObjectId relation(const std::string& name) const {
    const auto found = relations_.find(folded(name));
    return found == relations_.end() ? ObjectId{Kind::table, "", name, ""} : found->second;
  }

  void depends_on_mentioned_columns(const ObjectId& dependent, std::string_view sql,
                                    const ObjectId& table) {
    const auto columns = columns_.find(folded(table.name));
    if (columns == columns_.end()) return;
    for (const std::string& column : mentioned(sql, columns->second))
      depends(dependent, {Kind::column, "", table.name, column});
  }

  void index(const Entry& entry) {
    const ObjectId table = relation(entry.table);
    Object object = read_create_index(entry.sql, columns_[folded(table.name)]);
    object.source.text = statement(entry.sql);
    as<Index>(object).table.name = table.name;
    depends(object.id, table);
    const std::size_t list = entry.sql.find('(');
    if (list != std::string::npos)
      depends_on_mentioned_columns(object.id, std::string_view(entry.sql).substr(list), table);
    schema_.put(std::move(object));
  }

  void trigger(const Entry& entry) {
    Object object = read_create_trigger(entry.sql);
    const ObjectId table = relation(entry.table);
    object.source.text = statement(entry.sql);
    object.id.name = table.name;
    as<Trigger>(object).table.name = table.name;
    depends(object.id, table);
    depends_on_mentioned_columns(object.id, entry.sql, table);
    schema_.put(std::move(object));
  }

  // ---- views ----

  void view(const Entry& entry) {
    Object object = read_create_view(entry.sql);
    object.source.text = statement(entry.sql);
    relations_.emplace(folded(object.id.name), object.id);
    views_.push_back(object.id);
    schema_.put(std::move(object));
  }

  void view_dependencies() {
    std::vector<std::string> names;
    for (const auto& [name, id] : relations_) names.push_back(name);
    std::set<ObjectId> before;
    for (const ObjectId& id : views_) {
      const std::string& query = as<View>(schema_.objects.at(id)).query;
      for (const std::string& name : mentioned(query, names)) {
        const ObjectId& on = relations_.at(name);
        // SQLite lets views use each other in a circle, as long as nobody asks them.
        if (on.kind == Kind::view && !before.contains(on)) continue;
        depends(id, on);
        depends_on_mentioned_columns(id, query, on);
      }
      before.insert(id);
    }
  }

  // Without comments after the last token.
  static std::string statement(const std::string& sql) {
    const std::vector<SqlToken> tokens = tokens_of(sql);
    return tokens.empty() ? sql : sql.substr(0, tokens.back().end);
  }

  Connection& connection_;
  std::set<std::string> left_out_;
  std::vector<Entry> entries_;
  Schema schema_;
  std::map<std::string, ObjectId> relations_;                // by folded name
  std::map<std::string, std::vector<std::string>> columns_;  // of tables, by folded name
  std::vector<ObjectId> views_;
};

}  // namespace

Schema introspect(Connection& connection, const IntrospectionOptions& options) {
  return Introspection(connection, options).run();
}

}  // namespace limbeck::sqlite
