// Splits SQL text into its statements, by the lexical rules of a database.
//
// It never interprets a statement, and never changes a byte of one. It is told a dialect's rules as
// data, so that it needs no database. The PostgreSQL manual, chapter 4.1, and sqlite.org/lang.html
// are the sources of the rules.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "sql/statement.h"

namespace limbeck::sql {

// What differs between the databases' lexers. One constant for each database stands in
// lexical_rules.h.
struct LexicalRules {
  bool nested_comments = false;  // /* /* */ */ is one comment (PostgreSQL)
  bool dollar_quotes = false;    // $tag$ ... $tag$ (PostgreSQL)
  bool escape_strings = false;  // E'\'' (PostgreSQL; U&'' needs no rule, its escapes hide no quote)
  bool backtick_names = false;  // `name` (SQLite, MariaDB)
  bool bracket_names = false;   // [name] (SQLite)
  bool copy_data =
      false;  // COPY ... FROM STDIN; is followed by rows up to a line "\." (PostgreSQL scripts)
  bool atomic_bodies = false;       // BEGIN ATOMIC ... END in a function or procedure (PostgreSQL)
  bool trigger_bodies = false;      // CREATE TRIGGER ... BEGIN ... END (SQLite)
  bool backslash_commands = false;  // a \ outside of everything begins a client's command: refused,
                                    // also after a statement
  bool dump_fences = false;         // the lines "\restrict KEY" and "\unrestrict KEY" that pg_dump
                                    // writes around its scripts are passed over
  bool standard_strings = true;     // a backslash in '' is an ordinary character
  bool carriage_return_ends_comment =
      false;  // a lone CR ends a -- comment, as LF does (PostgreSQL)
};

// The statements of text, in order. A ';' inside of a string, name, comment, parenthesis, dollar
// quote, ATOMIC body or trigger body does not end a statement; the last statement needs none.
// Statements without a token are skipped.
//
// text: UTF-8, with LF or CRLF ends. start: the place of its first character, so that the places of
// the statements are those in the file it came from. Throws Error (ExitCode::invalid_project) with
// the place of: a NUL byte, bytes that are not UTF-8, a string, name, comment, dollar quote,
// parenthesis or body that is not closed (the place where it was opened), the data of a COPY
// without its "\." line (the place of the COPY), SQL on the line on which such a COPY ends, a
// backslash command.
std::vector<Statement> split(std::string_view text, const LexicalRules& rules, const Place& start);

// The offset of the first line comment of text whose words begin with prefix (in lower case; the
// case of the comment is ignored), npos when there is none. What looks like a comment inside of a
// string, a dollar quote, a block comment or the data of a COPY is none. Throws as split does, but
// looks no further than the comment it finds.
std::size_t find_comment(std::string_view text, std::string_view prefix, const LexicalRules& rules,
                         const Place& start);

}  // namespace limbeck::sql
