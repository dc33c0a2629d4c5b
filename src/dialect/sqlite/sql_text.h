// SQL text as SQLite keeps it, read token by token, and its canonical form.
//
// Two texts with one canonical form mean the same. Comments, blanks, the letter case of keywords
// and functions, and the kind of quotes around a name are no differences. It never checks grammar.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/lexer.h"

namespace limbeck::sqlite {

struct SqlToken {
  sql::TokenKind kind = sql::TokenKind::end;  // never a comment; an operator is one symbol
  std::string_view text = {};
  std::size_t begin = 0;  // in the text that was read
  std::size_t end = 0;

  bool is(std::string_view word) const;  // a word in whatever case, or a symbol
};

// All tokens of the text, without the final semicolon. Throws Error for what is not closed. The
// text must outlive them.
std::vector<SqlToken> tokens_of(std::string_view sql);

// Whether the token can be a name: a word, a quoted name, or 'a string' in a name's place.
bool can_be_name(const SqlToken& token);
// The name that the token stands for, without quotes.
std::string name_of(const SqlToken& token);

// ASCII letters alone are folded, as SQLite does it.
std::string folded(std::string_view name);
bool same_name(std::string_view left, std::string_view right);

// names: of the columns of the table that the text belongs to. A word or quoted name that means one
// of them is written as the table writes it. Elsewhere a name loses quotes that it does not need
// only where it is sure to be a name: "x" is a string where x is no column.
std::string canonical(std::span<const SqlToken> tokens, std::span<const std::string> names = {});
std::string canonical(std::string_view sql, std::span<const std::string> names = {});

// Which of the names the text mentions, in the order of the names. It may find too many, as a name
// can also be an alias or a function; never too few.
std::vector<std::string> mentioned(std::string_view sql, std::span<const std::string> names);

// The name as SQL: without quotes where it needs none.
std::string name_sql(std::string_view name);
// Always with quotes.
std::string quoted_name(std::string_view name);
// "a, b".
std::string list_sql(std::span<const std::string> names);

}  // namespace limbeck::sqlite
