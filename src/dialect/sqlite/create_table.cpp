#include "dialect/sqlite/create_table.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "base/letter_case.h"
#include "dialect/sqlite/cursor.h"

namespace limbeck::sqlite {
namespace {

// What a constraint without a name is called.
std::string description(const Constraint& constraint) {
  switch (constraint.type) {
    case ConstraintType::primary_key:
      return "(primary key)";
    case ConstraintType::unique:
      return fmt::format("(unique {})", list_sql(constraint.columns));
    case ConstraintType::foreign_key:
      return fmt::format("(foreign key {} references {})", list_sql(constraint.columns),
                         name_sql(constraint.foreign_key->table.name));
    default:
      return fmt::format("(check {})", constraint.expression);
  }
}

std::string modifiers_sql(const std::string& collation, bool descending) {
  std::string text = collation.empty() ? "" : "COLLATE " + name_sql(collation);
  if (descending) text += text.empty() ? "DESC" : " DESC";
  return text;
}

class Reader {
 public:
  explicit Reader(std::string_view sql) : at_(sql) {}

  std::vector<Object> run() {
    at_.expect("CREATE");
    if (!at_.accept("TEMP")) at_.accept("TEMPORARY");
    at_.expect("TABLE");
    at_.accept("IF", "NOT", "EXISTS");
    table_ = at_.qualified_name();
    at_.expect("(");
    column();
    while (at_.accept(",")) {
      if (begins_table_constraint()) break;
      column();
    }
    while (begins_table_constraint()) {
      table_constraint();
      at_.accept(",");
    }
    at_.expect(")");
    options();
    return objects();
  }

 private:
  // ---- columns ----

  void column() {
    const std::size_t start = at_.position();
    Object& object = columns_.emplace_back();
    object.definition = Column{.position = static_cast<int>(columns_.size())};
    object.id = {Kind::column, "", table_, at_.name()};
    constexpr std::array<std::string_view, 14> stops{
        "CONSTRAINT", "PRIMARY", "NOT",        "NULL",      "UNIQUE", "CHECK", "DEFAULT",
        "COLLATE",    "AS",      "REFERENCES", "GENERATED", "ON",     ",",     ")"};
    as<Column>(object).type = upper_case(canonical(at_.up_to(stops)));
    while (column_constraint(columns_.back())) {
    }
    columns_.back().source.text = std::string(at_.text_since(start));
  }

  bool column_constraint(Object& object) {
    auto& column = as<Column>(object);
    const std::string& name = object.id.part;
    if (at_.accept("CONSTRAINT")) {
      name_ = at_.name();
    } else if (at_.accept("NOT", "NULL")) {
      column.not_null = true;
      if (const std::string resolution = conflict(); !resolution.empty())
        column.options.push_back({"not null conflict", resolution});
      if (const auto given = take_name()) column.options.push_back({"not null name", *given});
    } else if (at_.accept("NULL")) {
      conflict();
    } else if (at_.accept("PRIMARY", "KEY")) {
      column_primary_key(column, name);
    } else if (at_.accept("UNIQUE")) {
      put({.type = ConstraintType::unique, .columns = {name}, .conflict = conflict()});
    } else if (at_.next_is("CHECK")) {
      check();
    } else if (at_.accept("DEFAULT")) {
      name_.reset();
      default_value(name);
    } else if (at_.accept("COLLATE")) {
      name_.reset();
      const std::string collation = upper_case(at_.name());
      column.collation = collation == "BINARY" ? "" : collation;
    } else if (at_.next_is("REFERENCES")) {
      references({name});
    } else if (at_.next_is("DEFERRABLE") || at_.next_is("NOT", "DEFERRABLE")) {
      // After another constraint it still belongs to the foreign key before.
      Constraint ignored;
      deferrable(constraints_.empty() ? ignored : as<Constraint>(constraints_.back()));
    } else if (at_.accept("GENERATED", "ALWAYS") || at_.next_is("AS")) {
      name_.reset();
      generated(object.id);
    } else {
      return false;
    }
    return true;
  }

  void column_primary_key(Column& column, const std::string& name) {
    Constraint key{.type = ConstraintType::primary_key, .columns = {name}};
    if (at_.accept("DESC"))
      key.options = {{column_option(name), "DESC"}, {"place", "column"}};
    else
      at_.accept("ASC");
    key.conflict = conflict();
    if (at_.accept("AUTOINCREMENT")) column.identity = Identity{};
    put(std::move(key));
  }

  void default_value(const std::string& column) {
    std::span<const SqlToken> tokens;
    const bool parentheses = at_.next_is("(");
    const std::size_t start = at_.position();
    if (parentheses) {
      tokens = at_.parenthesised();
    } else {
      if (!at_.accept("-")) at_.accept("+");
      at_.take();
    }
    std::string text = parentheses ? canonical(tokens) : canonical(at_.text_since(start));
    defaults_.push_back({.id = {Kind::column_default, "", table_, column},
                         .definition = ColumnDefault{std::move(text)}});
  }

  void generated(const ObjectId& column) {
    at_.expect("AS");
    generated_.emplace_back(column, at_.parenthesised());
    stored_.push_back(at_.accept("STORED"));
    if (!stored_.back()) at_.accept("VIRTUAL");
  }

  // ---- constraints ----

  bool begins_table_constraint() const {
    return at_.next_is("CONSTRAINT") || at_.next_is("PRIMARY", "KEY") || at_.next_is("UNIQUE") ||
           at_.next_is("CHECK") || at_.next_is("FOREIGN", "KEY");
  }

  void table_constraint() {
    if (at_.accept("CONSTRAINT")) name_ = at_.name();
    if (at_.accept("PRIMARY", "KEY")) {
      put(keys(ConstraintType::primary_key));
    } else if (at_.accept("UNIQUE")) {
      put(keys(ConstraintType::unique));
    } else if (at_.next_is("CHECK")) {
      check();
      conflict();
    } else if (at_.accept("FOREIGN", "KEY")) {
      references(at_.names());
    } else {
      name_.reset();  // CONSTRAINT x, and nothing
    }
  }

  Constraint keys(ConstraintType type) {
    Constraint constraint{.type = type};
    at_.expect("(");
    do {
      constraint.columns.push_back(at_.name());
      const std::string collation = at_.accept("COLLATE") ? upper_case(at_.name()) : "";
      const bool descending = at_.accept("DESC");
      if (!descending) at_.accept("ASC");
      const std::string modifiers = modifiers_sql(collation, descending);
      constraint.columns.back() = as_declared(constraint.columns.back());
      if (!modifiers.empty())
        constraint.options.push_back({column_option(constraint.columns.back()), modifiers});
    } while (at_.accept(","));
    if (at_.accept("AUTOINCREMENT")) autoincrement_ = constraint.columns.front();
    at_.expect(")");
    std::sort(constraint.options.begin(), constraint.options.end());
    constraint.conflict = conflict();
    return constraint;
  }

  void check() {
    at_.expect("CHECK");
    checks_.push_back({at_.parenthesised(), take_name()});
  }

  void references(std::vector<std::string> columns) {
    at_.expect("REFERENCES");
    ForeignKey key{.table = {"", at_.name()}};
    if (at_.next_is("(")) key.columns = at_.names();
    Constraint constraint{.type = ConstraintType::foreign_key, .columns = std::move(columns)};
    for (std::string& column : constraint.columns) column = as_declared(column);
    for (;;) {
      if (at_.accept("ON", "DELETE")) {
        key.on_delete = action();
      } else if (at_.accept("ON", "UPDATE")) {
        key.on_update = action();
      } else if (at_.accept("ON", "INSERT")) {
        action();  // SQLite reads it and forgets it
      } else if (at_.accept("MATCH")) {
        key.match = upper_case(at_.name());
      } else {
        break;
      }
    }
    deferrable(constraint);
    constraint.foreign_key = std::move(key);
    put(std::move(constraint));
  }

  void deferrable(Constraint& constraint) {
    const bool negated = at_.accept("NOT", "DEFERRABLE");
    if (!negated && !at_.accept("DEFERRABLE")) return;
    constraint.deferrable = !negated;
    if (!at_.accept("INITIALLY")) return;
    constraint.initially_deferred = at_.accept("DEFERRED") && !negated;
    if (!constraint.initially_deferred && !at_.accept("IMMEDIATE")) at_.accept("DEFERRED");
  }

  std::string action() {
    if (at_.accept("SET", "NULL")) return "SET NULL";
    if (at_.accept("SET", "DEFAULT")) return "SET DEFAULT";
    if (at_.accept("NO", "ACTION")) return "NO ACTION";
    return upper_case(at_.name());
  }

  std::string conflict() {
    if (!at_.accept("ON", "CONFLICT")) return "";
    std::string resolution = upper_case(at_.name());
    return resolution == "ABORT" ? "" : resolution;
  }

  // A constraint names the columns as the table does.
  std::string as_declared(const std::string& name) const {
    const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Object& column) {
      return same_name(column.id.part, name);
    });
    return found == columns_.end() ? name : found->id.part;
  }

  std::optional<std::string> take_name() { return std::exchange(name_, std::nullopt); }

  void put(Constraint constraint) { put(std::move(constraint), take_name()); }

  void put(Constraint constraint, const std::optional<std::string>& name) {
    const std::string stem = name ? *name : description(constraint);
    std::string part = stem;
    for (int number = 2; !taken_.insert(part).second; ++number)
      part = fmt::format("{} {}", stem, number);
    // Two constraints may have one name; the second one's id is not it.
    if (name && part != *name) constraint.options.push_back({"name", *name});
    if (!name) constraint.options.push_back({"unnamed", "true"});
    constraints_.push_back(
        {.id = {Kind::constraint, "", table_, part}, .definition = std::move(constraint)});
  }

  // ---- the result ----

  void options() {
    do {
      if (at_.accept("WITHOUT")) {
        at_.expect("ROWID");
        without_rowid_ = true;
      } else if (at_.accept("STRICT")) {
        strict_ = true;
      } else {
        break;
      }
    } while (at_.accept(","));
    if (!at_.at_end()) at_.expect("the end of the statement");
  }

  // What stands in parentheses may name columns that come later.
  void settle_expressions() {
    std::vector<std::string> names;
    for (const Object& column : columns_) names.push_back(column.id.part);
    for (std::size_t i = 0; i < generated_.size(); ++i) {
      for (Object& column : columns_) {
        if (column.id == generated_[i].first)
          as<Column>(column).generated =
              Generated{canonical(generated_[i].second, names), stored_[i]};
      }
    }
    for (const Check& check : checks_) {
      Constraint constraint{.expression = canonical(check.expression, names)};
      constraint.columns = mentioned(constraint.expression, names);
      put(std::move(constraint), check.name);
    }
    for (Object& column : columns_) {
      if (autoincrement_ && same_name(*autoincrement_, column.id.part))
        as<Column>(column).identity = Identity{};
    }
  }

  std::vector<Object> objects() {
    settle_expressions();
    std::vector<Object> all;
    all.push_back({.id = {Kind::table, "", table_, ""},
                   .definition = Table{.strict = strict_, .without_rowid = without_rowid_}});
    for (auto* parts : {&columns_, &defaults_, &constraints_})
      all.insert(all.end(), std::make_move_iterator(parts->begin()),
                 std::make_move_iterator(parts->end()));
    return all;
  }

  struct Check {
    std::span<const SqlToken> expression;
    std::optional<std::string> name;
  };

  Cursor at_;
  std::string table_;
  std::vector<Object> columns_, defaults_, constraints_;
  std::vector<std::pair<ObjectId, std::span<const SqlToken>>> generated_;
  std::vector<bool> stored_;
  std::vector<Check> checks_;
  std::set<std::string> taken_;
  std::optional<std::string> name_;  // after CONSTRAINT
  std::optional<std::string> autoincrement_;
  bool strict_ = false;
  bool without_rowid_ = false;
};

}  // namespace

std::vector<Object> read_create_table(std::string_view sql) {
  return Reader(sql).run();
}

std::string column_option(const std::string& column) {
  return "column " + column;
}

std::optional<std::string> constraint_name(const Object& object) {
  const auto& constraint = as<Constraint>(object);
  for (const Option& option : constraint.options) {
    if (option.name == "name") return option.value;
    if (option.name == "unnamed") return std::nullopt;
  }
  return object.id.part;
}

bool is_row_id(const Column& column, const Constraint& primary_key, const Table& table) {
  const bool descending_at_column =
      std::any_of(primary_key.options.begin(), primary_key.options.end(), [](const Option& option) {
        return option == Option{"place", "column"};
      });
  return primary_key.columns.size() == 1 && column.type == "INTEGER" && !table.without_rowid &&
         !descending_at_column;
}

}  // namespace limbeck::sqlite
