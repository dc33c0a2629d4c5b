#include "model/ddl.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "limbeck/model_checks.h"

#include "dialect/model_dialect.h"

namespace limbeck {
namespace {

using model::ColumnSpec;
using model::ConstraintKind;
using model::ConstraintSpec;
using model::ForeignKeySpec;
using model::KeyTarget;
using model::TableSpec;

constexpr std::array dialect_names{"postgresql", "sqlite"};

// A literal stands for itself in DEFAULT; SQLite wants all else in parentheses.
bool is_simple(std::string_view expression) {
  constexpr std::array<std::string_view, 9> words{
      "NULL",         "TRUE",         "FALSE",
      "null",         "true",         "false",
      "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"};
  if (std::find(words.begin(), words.end(), expression) != words.end()) return true;
  if (expression.size() > 1 && expression.front() == '\'')
    return expression.find('\'', 1) == expression.size() - 1;
  if (expression.starts_with('-')) expression.remove_prefix(1);
  return expression.find_first_not_of("0123456789.") == std::string_view::npos;
}

// One table, of one set, in one dialect.
class TableWriter {
 public:
  TableWriter(const ModelDialect& dialect, std::span<const TableSpec> set, const TableSpec& table)
      : dialect_(dialect), set_(set), table_(table), key_(sole_key(table)) {}

  // There so far: the tables that a foreign key may lead to.
  std::string create(const std::set<QualifiedName>& there) {
    for (std::size_t i = 0; i < table_.columns.size(); ++i) column(i);
    for (const ConstraintSpec& it : table_.constraints) constraint(it);
    std::vector<std::string> keys;
    for (const ColumnSpec& column : table_.columns) {
      if (column.primary) keys.push_back(dialect_.quote(column.name));
    }
    if (keys.size() > 1) lines_.push_back(fmt::format("PRIMARY KEY ({})", fmt::join(keys, ", ")));
    foreign_keys(there);
    std::string sql;
    if (!table_.renamed_from.empty())
      sql += fmt::format("-- limbeck:renamed-from {}\n", old_name(table_.renamed_from));
    sql += fmt::format("CREATE TABLE {} (\n  {}\n)", name(), fmt::join(lines_, ",\n  "));
    if (!text(table_.raw).empty()) sql += fmt::format(" {}", text(table_.raw));
    return sql;
  }

  // What create() could not say yet.
  std::vector<std::string> later() && { return std::move(later_); }

 private:
  std::string_view text(const model::Sql& sql) const { return dialect_.text(sql); }
  std::string name() const {
    return dialect_.dialect().quote(dialect_.table(table_.schema, table_.name));
  }
  std::string old_name(std::string_view name) const { return dialect_.quote(name); }

  void column(std::size_t position) {
    const ColumnSpec& column = table_.columns[position];
    const std::string quoted = dialect_.quote(column.name);
    const bool is_sole_key = key_ == position;
    std::string line;
    if (!column.renamed_from.empty())
      line += fmt::format("-- limbeck:renamed-from {}\n  ", old_name(column.renamed_from));
    line += fmt::format("{} {}", quoted, dialect_.column_type(column, is_sole_key));
    if (!text(column.collation).empty())
      line += " COLLATE " + dialect_.quote(text(column.collation));
    if (!text(column.computed).empty()) {
      const bool is_virtual = column.virtual_column && dialect_.has_virtual_columns();
      line += fmt::format(" GENERATED ALWAYS AS ({}) {}", text(column.computed),
                          is_virtual ? "VIRTUAL" : "STORED");
    }
    if (!column.nullable) line += " NOT NULL";
    if (const std::string value = default_of(column); !value.empty())
      line += " DEFAULT " + (is_simple(value) ? value : "(" + value + ")");
    if (is_sole_key && column.primary)
      line += fmt::format(" PRIMARY KEY{}", dialect_.key_suffix(column));
    if (column.unique) line += named(column.unique_name) + " UNIQUE";
    if (!text(column.check.expression).empty())
      line += named(column.check.name) + fmt::format(" CHECK ({})", text(column.check.expression));
    if (text(column.native_type).empty()) {
      if (const std::string check = dialect_.value_check(column.type, quoted); !check.empty())
        line += fmt::format(" CHECK ({})", check);
    }
    if (!text(column.raw).empty()) line += fmt::format(" {}", text(column.raw));
    lines_.push_back(std::move(line));
  }

  std::string default_of(const ColumnSpec& column) const {
    if (column.filled != model::Filled::by_default_sql)
      return dialect_.filled(column.filled, column.type.kind);
    return std::string(text(column.default_sql));
  }

  std::string named(std::string_view name) const {
    return name.empty() ? "" : fmt::format(" CONSTRAINT {}", dialect_.quote(name));
  }
  // The same at the beginning of a line.
  std::string starting(std::string_view name) const {
    return name.empty() ? "" : fmt::format("CONSTRAINT {} ", dialect_.quote(name));
  }
  static std::string deferral(bool deferrable, bool initially_deferred) {
    if (!deferrable) return {};
    return initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
  }

  std::vector<std::string> columns_of(const ConstraintSpec& it) const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < it.count; ++i)
      names.push_back(dialect_.quote(table_.columns[it.columns[i]].name));
    return names;
  }

  void constraint(const ConstraintSpec& it) {
    if (it.kind == ConstraintKind::foreign_key) return;  // foreign_keys
    if (it.kind == ConstraintKind::check) {
      if (!text(it.expression).empty())
        lines_.push_back(fmt::format("{}CHECK ({})", starting(it.name), text(it.expression)));
      return;
    }
    std::string line =
        starting(it.name) + (it.kind == ConstraintKind::unique ? "UNIQUE" : "PRIMARY KEY");
    if (it.nulls_not_distinct && dialect_.extends_keys()) line += " NULLS NOT DISTINCT";
    line += fmt::format(" ({})", fmt::join(columns_of(it), ", "));
    if (dialect_.extends_keys()) line += deferral(it.deferrable, it.initially_deferred);
    lines_.push_back(std::move(line));
  }

  void foreign_keys(const std::set<QualifiedName>& there) {
    for (const ColumnSpec& column : table_.columns) {
      if (!column.is_foreign) continue;
      foreign_key(there, column.foreign, {dialect_.quote(column.name)},
                  {&column.foreign_member, 1});
    }
    for (const ConstraintSpec& it : table_.constraints) {
      if (it.kind != ConstraintKind::foreign_key) continue;
      foreign_key(there, it.foreign, columns_of(it), {it.foreign_members.data(), it.count});
    }
  }

  void foreign_key(const std::set<QualifiedName>& there, const ForeignKeySpec& key,
                   const std::vector<std::string>& columns,
                   std::span<const std::string_view> members) {
    const KeyTarget target = model::key_target(set_, key, members);
    const QualifiedName table = dialect_.table(target.schema, target.table);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < target.count; ++i)
      names.push_back(dialect_.quote(target.columns[i]));
    std::string line = fmt::format("{}FOREIGN KEY ({}) REFERENCES {} ({})", starting(key.name),
                                   fmt::join(columns, ", "), dialect_.dialect().quote(table),
                                   fmt::join(names, ", "));
    line += referential_actions(key.on_delete, key.on_update);
    line += deferral(key.deferrable, key.initially_deferred);
    const bool is_there = there.count(table) > 0 ||
                          table == dialect_.table(table_.schema, table_.name) ||
                          !dialect_.foreign_keys_need_tables();
    if (is_there) {
      lines_.push_back(std::move(line));
    } else {
      later_.push_back(fmt::format("ALTER TABLE {} ADD {}", name(), line));
    }
  }

  const ModelDialect& dialect_;
  std::span<const TableSpec> set_;
  const TableSpec& table_;
  std::optional<std::size_t> key_;
  std::vector<std::string> lines_;
  std::vector<std::string> later_;
};

// Every set, in one dialect.
class SetWriter {
 public:
  explicit SetWriter(const ModelDialect& dialect) : dialect_(dialect) {}

  void add(const Metadata& set) {
    for (const model::Extra& extra : set.extras) {
      need(set, dialect_.needed_for(extra));
      if (extra.kind == model::Extra::Kind::sql && !dialect_.text(extra.text).empty())
        last_.emplace_back(dialect_.text(extra.text));
    }
    for (const TableSpec& table : set.tables) {
      need(set, dialect_.needed_by(table));
      add(set, table);
    }
  }

  ModelSql take() && {
    for (const std::string& statement : later_) append(statement);
    for (const std::string& text : last_) result_.sql += separator() + text + "\n";
    return std::move(result_);
  }

 private:
  void need(const Metadata& set, const std::vector<SharedSql>& needed) {
    for (const SharedSql& it : needed) {
      const auto same = [&](const ModelShared& made) {
        return made.name == it.name && made.sql == it.sql;
      };
      if (std::none_of(result_.shared.begin(), result_.shared.end(), same))
        result_.shared.push_back({std::string(set.name), it.name, it.sql});
    }
  }

  void add(const Metadata& set, const TableSpec& table) {
    try {
      TableWriter writer(dialect_, set.tables, table);
      append(writer.create(there_));
      there_.insert(dialect_.table(table.schema, table.name));
      for (std::string& statement : std::move(writer).later())
        later_.push_back(std::move(statement));
    } catch (Error& error) {
      error.report().message +=
          fmt::format(" (table {}, struct {} at {}:{})", table.name, table.struct_name,
                      table.declared_at.file, table.declared_at.line);
      throw;
    }
    for (const model::IndexSpec& index : table.indexes) {
      std::string sql = dialect_.index(table, index);
      if (sql.empty()) continue;
      if (!dialect_.text(index.raw).empty()) sql += fmt::format(" {}", dialect_.text(index.raw));
      if (!dialect_.text(index.where).empty())
        sql += fmt::format(" WHERE {}", dialect_.text(index.where));
      append(sql);
    }
    for (const std::string& statement : dialect_.after(table)) append(statement);
  }

  std::string separator() const { return result_.sql.empty() ? "" : "\n"; }
  void append(const std::string& statement) { result_.sql += separator() + statement + ";\n"; }

  const ModelDialect& dialect_;
  ModelSql result_;
  std::set<QualifiedName> there_;
  std::vector<std::string> later_;  // foreign keys of tables in a ring
  std::vector<std::string> last_;
};

ModelSql models_sql(std::span<const Metadata> sets, std::string_view dialect) {
  try {
    SetWriter writer(model_dialect_named(dialect));
    for (const Metadata& set : sets) writer.add(set);
    return std::move(writer).take();
  } catch (const Error& error) {
    return {.error = error.report().message};
  }
}

}  // namespace

ModelsDocument models_document(std::span<const Metadata> sets, const std::string& program) {
  ModelsDocument document{.program = program};
  for (const Metadata& set : sets) {
    for (const TableSpec& table : set.tables) {
      document.tables.push_back({std::string(set.name), std::string(table.schema),
                                 std::string(table.name), std::string(table.struct_name),
                                 table.declared_at.file, table.declared_at.line});
    }
  }
  for (const char* dialect : dialect_names) document.sql[dialect] = models_sql(sets, dialect);
  return document;
}

std::string schema_sql(std::span<const Metadata> sets, const std::string& dialect) {
  const ModelsDocument document = models_document(sets, "models");
  std::string sql;
  for (const SqlText& text : limbeck::models_sql({&document, 1}, dialect)) {
    if (!sql.empty() && !text.text.empty()) sql += "\n";
    sql += text.text;
  }
  return sql;
}

}  // namespace limbeck
