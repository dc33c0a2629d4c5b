#include "verify/said.h"

#include <algorithm>
#include <initializer_list>

#include "base/letter_case.h"
#include "dialect/tokens.h"

namespace limbeck {
namespace {

using Words = std::vector<std::string>;

constexpr int max_depth = 3;  // of SQL in strings

void collect(std::string_view sql, Words& words, int depth = 0) {
  for (const Token& token : first_tokens(sql, sql.size())) {
    if (token.kind == Token::Kind::string && depth < max_depth) {
      collect(token.text, words, depth + 1);
    } else {
      words.push_back(lower_case(token.text));
    }
  }
}

bool has(const Words& words, std::string_view name) {
  return std::find(words.begin(), words.end(), lower_case(name)) != words.end();
}

// Passes over the words that may stand there, in their order.
std::size_t skip(const Words& words, std::size_t at,
                 std::initializer_list<std::string_view> optional) {
  for (const std::string_view word : optional) {
    if (at < words.size() && words[at] == word) ++at;
  }
  return at;
}

// The last part of a name that begins there, "public"."users"; empty when there is none.
std::string name_at(const Words& words, std::size_t& at) {
  if (at >= words.size()) return {};
  while (at + 2 < words.size() && words[at + 1] == ".") at += 2;
  return words[at++];
}

bool names_at(const Words& words, std::size_t at, std::string_view name) {
  return name_at(words, at) == lower_case(name);
}

// UPDATE as a statement, not ON UPDATE or FOR UPDATE or a trigger's.
bool begins_update(const Words& words, std::size_t at) {
  if (words[at] == "merge" || words[at] == "replace") return at == 0 || words[at - 1] != "or";
  if (words[at] != "update") return false;
  if (at == 0) return true;
  const std::string& before = words[at - 1];
  return before != "on" && before != "for" && before != "after" && before != "before" &&
         before != "of";
}

// What stands between commas, up to this word outside of parentheses; at is then at that word.
std::vector<Words> parts_at(const Words& words, std::size_t& at, std::string_view end) {
  std::vector<Words> parts(1);
  int depth = 0;
  for (; at < words.size() && (depth > 0 || words[at] != end); ++at) {
    if (words[at] == "(") ++depth;
    if (words[at] == ")") --depth;
    if (depth == 0 && words[at] == ",")
      parts.emplace_back();
    else
      parts.back().push_back(words[at]);
  }
  return parts;
}

// Whether an expression is the column of this name, as it is or cast: name, t.name, name::text.
bool is_column(Words expression, std::string_view column) {
  const auto cast = std::find(expression.begin(), expression.end(), ":");
  expression.erase(cast, expression.end());
  if (expression.size() > 4 && expression[0] == "cast" && expression[1] == "(") {
    const auto as = std::find(expression.begin(), expression.end(), "as");
    expression = Words(expression.begin() + 2, as);
  }
  const bool qualified = expression.size() == 3 && expression[1] == ".";
  return (expression.size() == 1 || qualified) && expression.back() == column;
}

template <class Test>
bool any_position(const std::vector<Words>& statements, const Test& test) {
  return std::any_of(statements.begin(), statements.end(), [&](const Words& words) {
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (test(words, at)) return true;
    }
    return false;
  });
}

}  // namespace

Said::Said(std::span<const std::string> statements) {
  for (const std::string& text : statements) {
    statements_.emplace_back();
    collect(text, statements_.back());
  }
}

bool Said::updates(std::string_view table, std::string_view column) const {
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    return begins_update(words, at) && has(words, table) && has(words, column);
  });
}

bool Said::updates_table(std::string_view table) const {
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    return begins_update(words, at) && has(words, table);
  });
}

bool Said::deletes_from(std::string_view table) const {
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    if (words[at] == "truncate") return has(words, table);
    return words[at] == "delete" && at + 1 < words.size() && words[at + 1] == "from" &&
           has(words, table);
  });
}

bool Said::inserts_into(std::string_view table) const {
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    const bool copies = words[at] == "copy";
    if (!copies && words[at] != "insert") return false;
    std::size_t next = skip(words, at + 1, {"or", "ignore", "replace", "into"});
    if (name_at(words, next) != lower_case(table)) return false;
    if (next < words.size() && words[next] == "(") {
      parts_at(words, ++next, ")");
      ++next;
    }
    next = skip(words, next, {"overriding", "system", "user", "value", "default"});
    return next < words.size() && words[next] == (copies ? "from" : "values");
  });
}

bool Said::drops_table(std::string_view table) const {
  const std::string renamed = name_of_table(table);
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    return words[at] == "drop" && at + 1 < words.size() && words[at + 1] == "table" &&
           (has(words, table) || has(words, renamed));
  });
}

bool Said::drops_column(std::string_view table, std::string_view column) const {
  if (drops_table(table)) return true;  // as a table that is built anew without it
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    if (words[at] != "drop" || !has(words, table)) return false;
    return names_at(words, skip(words, at + 1, {"column", "if", "exists"}), column);
  });
}

Said::Conversion Said::copies(std::string_view table, std::string_view column) const {
  Conversion found = Conversion::plain;
  any_position(statements_, [&](const Words& words, std::size_t at) {
    if (words[at] != "insert" || at + 1 >= words.size() || words[at + 1] != "into") return false;
    std::size_t next = at + 2;
    if (name_at(words, next) != lower_case(table) || next >= words.size() || words[next] != "(")
      return false;
    const std::vector<Words> columns = parts_at(words, ++next, ")");
    const auto named = std::find(columns.begin(), columns.end(), Words{lower_case(column)});
    if (named == columns.end() || ++next >= words.size() || words[next] != "select") return false;
    const std::vector<Words> values = parts_at(words, ++next, "from");
    const auto index = static_cast<std::size_t>(named - columns.begin());
    if (index >= values.size() || is_column(values[index], lower_case(column))) return false;
    found = has(values[index], "case") ? Conversion::mapped : Conversion::computed;
    return true;
  });
  return found;
}

Said::Conversion Said::conversion(std::string_view table, std::string_view column) const {
  Conversion found = copies(table, column);
  if (found != Conversion::plain) return found;
  any_position(statements_, [&](const Words& words, std::size_t at) {
    if (words[at] != "using" || !has(words, table) || !has(words, column)) return false;
    // A function of the column; a cast is none.
    for (std::size_t i = at + 1; i + 1 < words.size() && words[i] != ","; ++i) {
      const bool is_name = !words[i].empty() && words[i].find_first_of("():") == std::string::npos;
      const bool of_type = i > 0 && words[i - 1] == ":";  // varchar(3), numeric(10, 2)
      if (words[i] == "case") {
        found = Conversion::mapped;
        return true;
      }
      if (is_name && words[i + 1] == "(" && words[i] != "cast" && words[i] != "using" && !of_type &&
          !(i > 1 && words[i - 1] == "as"))
        found = Conversion::computed;
    }
    return found != Conversion::plain;
  });
  return found;
}

bool Said::drops_by_cascade() const {
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    // Not ON DELETE CASCADE.
    return words[at] == "cascade" && at > 0 && words[at - 1] != "delete" &&
           words[at - 1] != "update" && has(words, "drop");
  });
}

bool Said::names(std::string_view name) const {
  return std::any_of(statements_.begin(), statements_.end(),
                     [&](const Words& words) { return has(words, name); });
}

bool Said::makes_if_missing(std::string_view name) const {
  return any_position(statements_, [&](const Words& words, std::size_t at) {
    if (words[at] != "if" || at + 2 >= words.size()) return false;
    if (words[at + 1] != "not" || words[at + 2] != "exists") return false;
    return names_at(words, at + 3, name);
  });
}

bool Said::renames_value(std::string_view from, std::string_view to) const {
  Words pair{"rename", "value"};
  collect(from, pair);
  pair.emplace_back("to");
  collect(to, pair);
  return std::any_of(statements_.begin(), statements_.end(), [&](const Words& words) {
    return std::search(words.begin(), words.end(), pair.begin(), pair.end()) != words.end();
  });
}

std::string Said::name_of_table(std::string_view table) const {
  for (const Words& words : statements_) {
    for (std::size_t at = 0; at + 1 < words.size(); ++at) {
      if (words[at] != "rename" || words[at + 1] != "to" || at == 0) continue;
      if (words[at - 1] != lower_case(table)) continue;
      std::size_t name = at + 2;
      return name_at(words, name);
    }
  }
  return std::string(table);
}

std::string Said::name_of_column(std::string_view table, std::string_view column) const {
  std::string current(column);
  for (const Words& words : statements_) {
    if (!has(words, table)) continue;
    for (std::size_t at = 0; at + 2 < words.size(); ++at) {
      if (words[at] != "rename") continue;
      const std::size_t name = skip(words, at + 1, {"column"});
      if (name + 2 < words.size() && words[name] == lower_case(current) && words[name + 1] == "to")
        current = words[name + 2];
    }
  }
  return current;
}

}  // namespace limbeck
