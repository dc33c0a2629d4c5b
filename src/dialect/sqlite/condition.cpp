#include "dialect/sqlite/condition.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "dialect/sqlite/compiling.h"
#include "dialect/sqlite/handle.h"
#include "dialect/sqlite/sql_text.h"
#include "dialect/sqlite/statement_text.h"

namespace limbeck::sqlite {
namespace {

using Condition = std::span<const SqlToken>;

constexpr int deepest_condition = 200;

// How deep the next token stands within parentheses and CASE ... END.
class Nesting {
 public:
  bool outside(const SqlToken& token) {
    if (token.is("(")) ++parentheses_;
    if (token.is("case")) ++cases_;
    const bool is_outside = parentheses_ == 0 && cases_ == 0;
    if (token.is(")")) --parentheses_;
    if (token.is("end") && cases_ > 0) --cases_;  // else a column
    return is_outside;
  }

 private:
  int parentheses_ = 0;
  int cases_ = 0;
};

// The parts between the words that stand outside of everything; of a BETWEEN, the AND is its own.
std::vector<Condition> parts_between(Condition condition, std::string_view word) {
  std::vector<Condition> parts;
  Nesting nesting;
  bool between = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    if (!nesting.outside(condition[i])) continue;
    if (condition[i].is("between")) between = true;
    if (!condition[i].is(word)) continue;
    if (word == "and" && std::exchange(between, false)) continue;
    parts.push_back(condition.subspan(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(condition.subspan(begin));
  return parts;
}

// Behind the parenthesis that closes the first one; 0: it begins with none.
std::size_t end_of_parentheses(Condition condition) {
  int depth = 0;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    depth += condition[i].is("(") ? 1 : 0;
    depth -= condition[i].is(")") ? 1 : 0;
    if (depth == 0) return condition[i].is(")") ? i + 1 : 0;
  }
  return 0;
}

bool reads(Condition condition, std::initializer_list<std::string_view> words) {
  return std::equal(condition.begin(), condition.end(), words.begin(), words.end(),
                    [](const SqlToken& token, std::string_view word) { return token.is(word); });
}

bool asks_for_null(Condition test) {
  return reads(test, {"is", "null"}) || reads(test, {"isnull"});
}

bool asks_for_value(Condition test) {
  return reads(test, {"is", "not", "null"}) || reads(test, {"notnull"}) ||
         reads(test, {"not", "null"});
}

// A query may take hours, and a function do anything.
bool may_be_evaluated(Condition condition) {
  constexpr auto operators = std::to_array<std::string_view>(
      {"and", "or", "not", "in", "is", "like", "glob", "between", "when", "then", "else", "case"});
  for (std::size_t i = 0; i < condition.size(); ++i) {
    if (condition[i].is("select") || condition[i].is("values")) return false;
    const bool calls = i > 0 && condition[i].is("(") && can_be_name(condition[i - 1]) &&
                       std::none_of(operators.begin(), operators.end(),
                                    [&](std::string_view it) { return condition[i - 1].is(it); });
    if (calls) return false;
  }
  return true;
}

class RowCondition {
 public:
  RowCondition(sqlite3* database, const std::string& table, std::string_view sql,
               std::string_view with, std::string_view source)
      : database_(database), table_(table), sql_(sql), with_(with), source_(source) {}

  RowChoice choice(Condition condition, int depth = 0) {
    if (condition.empty()) return RowChoice::some;
    if (depth == deepest_condition) return RowChoice::either;
    if (end_of_parentheses(condition) == condition.size())
      return choice(condition.subspan(1, condition.size() - 2), depth + 1);
    std::vector<RowChoice> choices;
    for (const std::string_view word : {"or", "and"}) {
      const std::vector<Condition> parts = parts_between(condition, word);
      if (parts.size() == 1) continue;
      for (const Condition part : parts) choices.push_back(choice(part, depth + 1));
      return word == "or" ? any_of(choices) : all_of(choices);
    }
    if (condition.front().is("not")) return negated(choice(condition.subspan(1), depth + 1));
    if (const auto known = of_test(condition, depth)) return *known;
    return of_one(condition);
  }

 private:
  // Of a part in parentheses, when that is known: (...) IS NOT TRUE, (...) NOTNULL.
  std::optional<RowChoice> of_test(Condition condition, int depth) {
    const std::size_t end = end_of_parentheses(condition);
    const Condition test = condition.subspan(end);
    if (end == 0 || test.empty() || !can_be_name(test.front())) return std::nullopt;
    const RowChoice tested = choice(condition.first(end), depth + 1);
    if (tested == RowChoice::some) return std::nullopt;
    if (tested == RowChoice::either) return tested;
    if (asks_for_null(test)) return RowChoice::none;
    if (asks_for_value(test)) return RowChoice::every;
    if (reads(test, {"is", "true"}) || reads(test, {"is", "not", "false"})) return tested;
    if (reads(test, {"is", "false"}) || reads(test, {"is", "not", "true"})) return negated(tested);
    return std::nullopt;
  }

  RowChoice of_one(Condition condition) {
    if (const auto known = of_column(condition)) return *known;
    if (asks_for_row(condition)) return RowChoice::some;
    return may_be_evaluated(condition) ? value_of(condition) : RowChoice::either;
  }

  std::string text_of(Condition condition) const {
    const std::size_t begin = condition.front().begin;
    return std::string(sql_.substr(begin, condition.back().end - begin));
  }

  std::string query_of(Condition condition) const {
    return fmt::format("{} SELECT ({})", with_, text_of(condition));
  }

  bool asks_for_row(Condition condition) const {
    const std::string query = query_of(condition);
    const auto compiles = [&](const std::string& sql, bool texts) {
      return failure_of(database_, sql, texts).empty();
    };
    if (compiles(query, false)) return false;
    // A "name" that is no column of the table is a text.
    return compiles(fmt::format("{} FROM {}", query, source_), false) ||
           !compiles(fmt::format("{} FROM {}", query, source_), true) || !compiles(query, true);
  }

  RowChoice value_of(Condition condition) const {
    sqlite3_stmt* raw = nullptr;
    const std::string query = query_of(condition);
    if (sqlite3_prepare_v2(database_, query.c_str(), -1, &raw, nullptr) != SQLITE_OK)
      return RowChoice::either;
    const Handle<sqlite3_stmt> prepared(raw);
    if (sqlite3_step(raw) != SQLITE_ROW) return RowChoice::either;
    if (sqlite3_column_type(raw, 0) == SQLITE_NULL) return RowChoice::some;
    return sqlite3_column_double(raw, 0) != 0 ? RowChoice::every : RowChoice::none;
  }

  // Of a column that is never NULL: x IS NOT NULL, x = x.
  std::optional<RowChoice> of_column(Condition condition) const {
    if (!can_be_name(condition.front())) return std::nullopt;
    std::size_t end = 1;
    while (end + 1 < condition.size() && condition[end].is(".") && can_be_name(condition[end + 1]))
      end += 2;
    const Condition column = condition.first(end);
    const Condition rest = condition.subspan(end);
    const bool null = asks_for_null(rest);
    const bool not_null = asks_for_value(rest);
    const bool itself = rest.size() == column.size() + 1 &&
                        (rest.front().is("=") || rest.front().is("==") || rest.front().is("is")) &&
                        same(column, rest.subspan(1));
    if ((!null && !not_null && !itself) || !is_never_null(name_of(column.back())))
      return std::nullopt;
    return null ? RowChoice::none : RowChoice::every;
  }

  static bool same(Condition left, Condition right) {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const SqlToken& a, const SqlToken& b) {
                        return a.is(".") ? b.is(".") : same_name(name_of(a), name_of(b));
                      });
  }

  // NOT NULL, or the number of the row.
  bool is_never_null(const std::string& column) const {
    constexpr std::string_view query =
        "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 COLLATE nocase AND (\"notnull\" OR "
        "(pk AND type = 'INTEGER' COLLATE nocase AND (SELECT sum(pk) FROM pragma_table_info(?1)) = "
        "1)) UNION ALL SELECT 1 WHERE ?2 COLLATE nocase IN ('rowid', 'oid', '_rowid_') AND NOT "
        "EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2 COLLATE nocase)";
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database_, query.data(), -1, &raw, nullptr) != SQLITE_OK) return false;
    const Handle<sqlite3_stmt> prepared(raw);
    sqlite3_bind_text(raw, 1, table_.c_str(), -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(raw, 2, column.c_str(), -1, SQLITE_TRANSIENT);
    return sqlite3_step(raw) == SQLITE_ROW;
  }

  sqlite3* database_;
  const std::string& table_;
  std::string_view sql_;     // of the tokens
  std::string_view with_;    // before it
  std::string_view source_;  // the table as the statement names it
};

// Where a word stands outside of everything, from a token on; the number of tokens: nowhere.
std::size_t place_of(const std::vector<SqlToken>& tokens, std::size_t from,
                     std::initializer_list<std::string_view> words) {
  Nesting nesting;
  for (std::size_t i = from; i < tokens.size(); ++i)
    if (nesting.outside(tokens[i]) &&
        std::any_of(words.begin(), words.end(),
                    [&](std::string_view word) { return tokens[i].is(word); }))
      return i;
  return tokens.size();
}

}  // namespace

RowChoice chosen_rows(sqlite3* database, const std::string& table, const std::string& sql) {
  const std::string statement = without_with(sql);
  const std::vector<SqlToken> tokens = tokens_of(statement);
  const std::size_t where = place_of(tokens, 0, {"where"});
  if (where == tokens.size()) return RowChoice::every;
  const std::size_t end = place_of(tokens, where, {"returning", "order", "limit"});
  const Condition condition = Condition(tokens).subspan(where + 1, end - where - 1);
  const std::size_t from = place_of(tokens, 0, {"from", "set"});
  const bool deletes = tokens.front().is("delete");
  const std::string source =
      deletes && from + 1 < where
          ? statement.substr(tokens[from + 1].begin, tokens[where - 1].end - tokens[from + 1].begin)
          : quoted_name(table);
  const std::string with = sql.substr(0, sql.size() - statement.size());
  return RowCondition(database, table, statement, with, source).choice(condition);
}

}  // namespace limbeck::sqlite
