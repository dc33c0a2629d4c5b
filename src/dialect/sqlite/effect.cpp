#include "dialect/sqlite/effect.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <utility>

#include "limbeck/error.h"

#include "dialect/connection.h"
#include "dialect/quoting.h"
#include "dialect/sqlite/compiling.h"
#include "dialect/sqlite/condition.h"
#include "dialect/sqlite/dialect.h"
#include "dialect/sqlite/handle.h"
#include "dialect/sqlite/named.h"
#include "dialect/sqlite/sql_text.h"
#include "dialect/sqlite/statement_text.h"
#include "dialect/tokens.h"

namespace limbeck::sqlite {
namespace {

constexpr std::size_t effect_tokens = 400;

// SQLite has one lock for the whole file: whatever changes the schema or rows holds it.
constexpr TableImpact writes{.lock = LockLevel::share_row_exclusive};
constexpr TableImpact builds_index{.lock = LockLevel::share_row_exclusive, .index_build = true};
constexpr TableImpact rewrites{.lock = LockLevel::share_row_exclusive, .rewrite = true};

std::string name_of(const std::optional<QualifiedName>& name) {
  return name ? name->object.name : "";
}

// The words behind a new column's name that say more than its type.
void read_column(TokenReader& reader, Effect& effect) {
  while (!reader.at_end()) {
    if (reader.accept("NOT NULL")) {
      effect.traits.add(Trait::not_null);
    } else if (reader.accept("DEFAULT NULL") || reader.accept("GENERATED ALWAYS AS") ||
               reader.accept("STORED")) {
      continue;
    } else if (reader.accept("DEFAULT")) {
      effect.traits.add(Trait::has_default);
      const bool moving = reader.accept("CURRENT_TIMESTAMP") || reader.accept("CURRENT_DATE") ||
                          reader.accept("CURRENT_TIME") || reader.accept_symbol('(');
      if (moving) effect.traits.add(Trait::volatile_default);
    } else if (reader.accept("REFERENCES")) {
      effect.traits.add(Trait::references);
    } else if (reader.accept("CHECK")) {
      effect.traits.add(Trait::has_check);
    } else if (!reader.name() && !reader.string()) {
      constexpr std::string_view symbols = "(),.-+*/%=<>|!0123456789";
      if (std::none_of(symbols.begin(), symbols.end(),
                       [&](char symbol) { return reader.accept_symbol(symbol); }))
        return;
    }
  }
}

class SqliteEffectReader final : public EffectReader {
 public:
  explicit SqliteEffectReader(bool assumes)
      : database_(open(":memory:", false, true)), assumes_(assumes) {}

  StatementEffects effects(const sql::Statement& statement) override {
    StatementEffects found;
    read(statement, found.effects);
    if (const auto name = misspelt(statement.text)) {
      found.effects.push_back({.kind = EffectKind::misspelt_string, .name = *name});
    }
    return found;
  }

  void apply(const sql::Statement& statement) override {
    const StatementNature nature = dialect().nature(statement);
    const bool beyond =
        sql::starts_with(statement, "ATTACH") || sql::starts_with(statement, "DETACH") ||
        sql::starts_with(statement, "VACUUM") || sql::starts_with(statement, "PRAGMA");
    if (beyond) note_setting(statement);
    if (beyond || nature == StatementNature::transaction_control) return;
    const std::vector<std::string> gone = gone_by(statement);
    if (can_follow(statement)) {
      gone_.insert(gone.begin(), gone.end());
      return;
    }
    const std::string failure = sqlite3_errmsg(database_.get());
    if (assumes_ && is_assumed(failure)) return;
    throw Error({.code = ExitCode::invalid_project, .message = failure, .place = statement.place});
  }

  void reset_session() override {
    enforced_ = false;
    for (const std::string& table : ask("SELECT name FROM sqlite_temp_master WHERE type = ?1 AND "
                                        "name NOT LIKE 'sqlite!_%' ESCAPE '!'",
                                        "table"))
      sqlite3_exec(database_.get(),
                   fmt::format("DROP TABLE temp.{}", in_quotes(table, '"')).c_str(), nullptr,
                   nullptr, nullptr);
  }

  std::vector<std::string> take_assumed() override { return std::exchange(told_, {}); }

  std::vector<std::string> columns(const RelationName& table) override {
    return ask("SELECT name FROM pragma_table_info(?1)", table.name);
  }

  std::vector<Object> named_in(const RelationName& name) override {
    if (folded(name.schema) == "temp") return {};
    return sqlite::named_in(database_.get(), name.name);
  }

  // What cannot be made here (a table of a module that is not there) is left out.
  void take_over(Connection& live) {
    const ResultSet made = live.query(
        {.sql = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' "
                "ESCAPE '!' ORDER BY type <> 'table', type <> 'index', rowid"});
    for (const Row& row : made.rows)
      sqlite3_exec(database_.get(), text_of(row.at(0)).c_str(), nullptr, nullptr, nullptr);
  }

 private:
  // PRAGMA foreign_keys = ON, which is off unless a revision says so.
  void note_setting(const sql::Statement& statement) {
    const auto setting = session_setting(statement);
    if (setting && setting->undo == "PRAGMA foreign_keys = OFF") enforced_ = setting->changed;
  }

  // The name that is no more when the statement has run: what it drops or renames.
  static std::vector<std::string> gone_by(const sql::Statement& statement) {
    TokenReader reader(statement.text, effect_tokens, false);
    if (reader.accept("DROP")) {
      for (const std::string_view kind : {"TABLE", "INDEX", "VIEW", "TRIGGER"}) {
        if (!reader.accept(kind)) continue;
        reader.accept("IF EXISTS");
        return {folded(name_of(reader.name()))};
      }
    } else if (reader.accept("ALTER TABLE")) {
      std::string name = folded(name_of(reader.name()));
      if (reader.accept("RENAME TO")) return {std::move(name)};
    }
    return {};
  }

  // Whether it failed for want of something that may have been there before the first statement.
  bool is_assumed(const std::string& failure) {
    for (const std::string_view kind : {"table", "index", "view", "trigger"}) {
      const std::string start = fmt::format("no such {}: ", kind);
      if (!failure.starts_with(start)) continue;
      std::string name = failure.substr(start.size());
      if (const std::size_t dot = name.find('.'); dot != std::string::npos) name.erase(0, dot + 1);
      if (gone_.count(folded(name)) != 0) return false;
      if (known_.insert(folded(name)).second) told_.push_back(fmt::format("{} {}", kind, name));
      return true;
    }
    return false;
  }

  // A temporary table hides one of the file.
  RelationName table_of(const std::optional<QualifiedName>& name) {
    const std::string table = name_of(name);
    const std::string schema = name ? folded(name->schema.name) : "";
    if (schema == "temp") return {"temp", table};
    const bool hidden =
        schema.empty() && !ask("SELECT name FROM sqlite_temp_master WHERE type = 'table' AND name "
                               "= ?1 COLLATE nocase",
                               table)
                               .empty();
    return {hidden ? "temp" : "", table};
  }

  void read(const sql::Statement& statement, std::vector<Effect>& effects) {
    TokenReader reader(statement.text, effect_tokens, false);
    if (reader.accept("ALTER TABLE")) return alter_table(reader, effects);
    if (reader.accept("CREATE")) return create(reader, statement, effects);
    if (reader.accept("DROP")) return drop(reader, effects);
    if (reader.accept("VACUUM")) {
      effects.push_back({.kind = EffectKind::rewrite_table,
                         .object = "VACUUM",
                         .impact = rewrites,
                         .traits = {Trait::whole_database}});
      return;
    }
    if (reader.accept("REINDEX")) {
      effects.push_back({.kind = EffectKind::reindex, .impact = builds_index});
      return;
    }
    rows(statement, effects);
  }

  // Nothing here looks at rows, and to make them may take hours: a statement about rows is compiled
  // and not run, and a table that is made of a query gets its columns alone.
  bool can_follow(const sql::Statement& statement) {
    constexpr std::array<std::string_view, 7> about_rows{"INSERT", "REPLACE", "UPDATE", "DELETE",
                                                         "SELECT", "VALUES",  "WITH"};
    const std::string word = leading_word(statement.text);
    if (std::find(about_rows.begin(), about_rows.end(), word) != about_rows.end()) {
      sqlite3_stmt* raw = nullptr;
      const int code =
          sqlite3_prepare_v2(database_.get(), statement.text.c_str(), -1, &raw, nullptr);
      const Handle<sqlite3_stmt> compiled(raw);
      return code == SQLITE_OK;
    }
    std::string sql = statement.text;
    if (const auto query = query_of_table(statement)) {
      sql =
          fmt::format("{} SELECT * FROM ({}\n) LIMIT 0", sql.substr(0, *query), sql.substr(*query));
    }
    return sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  }

  void alter_table(TokenReader& reader, std::vector<Effect>& effects) {
    Effect effect{.table = table_of(reader.name()), .impact = writes};
    if (reader.accept("RENAME TO")) {
      effect.kind = EffectKind::rename;
      effect.object = "table";
      effect.detail = name_of(reader.name());
    } else if (reader.accept("RENAME")) {
      reader.accept("COLUMN");
      effect.kind = EffectKind::rename;
      effect.object = "column";
      effect.name = name_of(reader.name());
      reader.accept("TO");
      effect.detail = name_of(reader.name());
    } else if (reader.accept("DROP")) {
      reader.accept("COLUMN");
      effect.kind = EffectKind::drop_column;
      effect.name = name_of(reader.name());
      effect.impact = rewrites;  // every row is written again without it
    } else if (reader.accept("ADD")) {
      reader.accept("COLUMN");
      effect.kind = EffectKind::add_column;
      effect.name = name_of(reader.name());
      read_column(reader, effect);
      const bool filled = effect.has(Trait::has_default);
      if (effect.has(Trait::not_null) && !filled) effect.traits.add(Trait::fails_on_rows);
      if (filled && effect.has(Trait::volatile_default)) effect.traits.add(Trait::fails_on_rows);
      effect.impact.scan = effect.has(Trait::has_check) || effect.has(Trait::not_null);
    }
    effects.push_back(std::move(effect));
  }

  void create(TokenReader& reader, const sql::Statement& statement, std::vector<Effect>& effects) {
    const bool temporary = reader.accept("TEMP") || reader.accept("TEMPORARY");
    const bool unique = reader.accept("UNIQUE");
    if (reader.accept("TABLE")) {
      Effect effect{.kind = EffectKind::create_table};
      if (reader.accept("IF NOT EXISTS")) effect.traits.add(Trait::if_exists);
      const auto name = reader.name();
      const bool apart = temporary || (name && folded(name->schema.name) == "temp");
      effect.table = {apart ? "temp" : "", name_of(name)};
      if (apart) effect.traits.add(Trait::temporary);
      if (reader.accept("AS")) effect.traits.add(Trait::as_query);
      effects.push_back(std::move(effect));
      return;
    }
    if (!reader.accept("INDEX")) return;
    Effect effect{.kind = EffectKind::create_index, .impact = builds_index};
    if (reader.accept("IF NOT EXISTS")) effect.traits.add(Trait::if_exists);
    if (unique) effect.traits.add(Trait::unique);
    effect.name = name_of(reader.name());
    reader.accept("ON");
    effect.table = table_of(reader.name());
    read_key(reader, effect);
    if (contains_ignoring_case(statement.text, "where")) effect.traits.add(Trait::has_where);
    effects.push_back(std::move(effect));
  }

  // As far as it is of columns: each as its table spells it.
  void read_key(TokenReader& reader, Effect& effect) {
    if (!reader.accept_symbol('(')) return;
    const std::vector<std::string> known = columns(effect.table);
    const auto spelt = [&](const std::vector<std::string>& names, const std::string& name) {
      const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& each) {
        return same_name(each, name);
      });
      return found == names.end() ? name : *found;
    };
    for (bool more = true; more;) {
      const auto column = reader.name();
      if (!reader.accept("ASC")) reader.accept("DESC");
      more = reader.accept_symbol(',');
      if (!column || (!more && !reader.accept_symbol(')'))) return;  // an expression
      effect.columns.push_back(spelt(effect.columns, spelt(known, column->object.name)));
    }
  }

  void drop(TokenReader& reader, std::vector<Effect>& effects) {
    Effect effect{.impact = writes};
    if (reader.accept("TABLE")) {
      effect.kind = EffectKind::drop_table;
    } else if (reader.accept("INDEX")) {
      effect.kind = EffectKind::drop_index;
    } else {
      return;
    }
    if (reader.accept("IF EXISTS")) effect.traits.add(Trait::if_exists);
    const auto written = reader.name();
    const std::string name = name_of(written);
    if (effect.kind == EffectKind::drop_table) {
      effect.table = table_of(written);
      for (std::string& other : ask("SELECT DISTINCT m.name FROM sqlite_master m, "
                                    "pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND "
                                    "f.\"table\" = ?1 COLLATE nocase AND m.name <> ?1",
                                    name))
        effect.also.push_back({"", std::move(other)});
      if (effect.table.schema == "temp") effect.also.clear();
      if (!effect.also.empty()) effect.traits.add(enforced_ ? Trait::referenced : Trait::dangling);
      const bool there =
          effect.table.schema == "temp" ||
          !ask("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?1 COLLATE nocase",
               name)
               .empty();
      if (!there)
        effect.traits.add(assumes_ && gone_.count(folded(name)) == 0 ? Trait::assumed
                                                                     : Trait::missing);
    } else {
      effect.name = name;
    }
    effects.push_back(std::move(effect));
  }

  void rows(const sql::Statement& statement, std::vector<Effect>& effects) {
    const std::string text = without_with(statement.text);
    TokenReader reader(text, effect_tokens, false);
    Effect effect{.impact = writes};
    if (reader.accept("UPDATE")) {
      effect.kind = EffectKind::update_rows;
      if (reader.accept("OR")) reader.name();
    } else if (reader.accept("DELETE FROM")) {
      effect.kind = EffectKind::delete_rows;
    } else if (reader.accept("INSERT") || reader.accept("REPLACE")) {
      effect.kind = EffectKind::insert_rows;
      if (reader.accept("OR")) reader.name();
      reader.accept("INTO");
      if (contains_ignoring_case(text, "select") && contains_ignoring_case(text, "from"))
        effect.traits.add(Trait::as_query);
    } else {
      return;
    }
    effect.table = table_of(reader.name());
    if (effect.kind != EffectKind::insert_rows &&
        !may_take_every_row(chosen_rows(database_.get(), effect.table.name, statement.text)))
      effect.traits.add(Trait::has_where);
    effects.push_back(std::move(effect));
  }

  std::vector<std::string> ask(const char* query, const std::string& parameter) {
    std::vector<std::string> found;
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database_.get(), query, -1, &raw, nullptr) != SQLITE_OK) return found;
    const Handle<sqlite3_stmt> prepared(raw);
    sqlite3_bind_text(raw, 1, parameter.c_str(), -1, SQLITE_TRANSIENT);
    while (sqlite3_step(raw) == SQLITE_ROW)
      found.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(raw, 0)));
    return found;
  }

  // SQLite takes a "name" that is no column for a text. Told not to, it names the first one.
  std::optional<std::string> misspelt(const std::string& sql) {
    if (sql.find('"') == std::string::npos) return std::nullopt;
    if (!failure_of(database_.get(), sql, true).empty()) return std::nullopt;
    const std::string failure = failure_of(database_.get(), sql, false);
    constexpr std::string_view start = "no such column: ";
    if (!failure.starts_with(start)) return std::nullopt;
    std::string name = failure.substr(start.size());
    std::erase(name, '"');
    return name.substr(0, name.find(" - "));
  }

  Handle<sqlite3> database_;
  const bool assumes_;
  bool enforced_ = false;  // foreign keys
  std::set<std::string> gone_;
  std::set<std::string> known_;  // what was told once
  std::vector<std::string> told_;
};

}  // namespace

std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings) {
  return std::make_unique<SqliteEffectReader>(settings.assumes);
}

std::unique_ptr<EffectReader> make_effect_reader(Connection& live) {
  auto reader = std::make_unique<SqliteEffectReader>(false);
  reader->take_over(live);
  return reader;
}

}  // namespace limbeck::sqlite
