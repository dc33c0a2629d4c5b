#include "sql/splitter.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/letter_case.h"
#include "base/text_place.h"
#include "sql/lexer.h"

namespace limbeck::sql {
namespace {

// A body of statements inside a statement: BEGIN ATOMIC ... END, or BEGIN ... END of a trigger.
// Only END right after a semicolon, or right after the opening, closes it: the END of a CASE, or a
// name that is spelt so, stands elsewhere.
struct Body {
  bool open = false;
  bool may_close = false;  // the last token was the opening or a semicolon
  std::size_t opened = 0;  // the offset of BEGIN
};

// What COPY ... FROM STDIN has shown of itself so far.
enum class Copy { unknown, from, from_stdin, other };

class StatementReader {
 public:
  StatementReader(std::string_view text, const LexicalRules& rules, const Place& start)
      : lexer_(text, rules, start), rules_(rules), places_(text, start) {}

  // Reads on to the end of the next statement. Nothing when there is none left.
  std::optional<Statement> next();

  // Called by next() for each line comment; when it says so next() stops, and returns nothing.
  std::string_view wanted_comment = {};
  std::optional<std::size_t> found_comment = std::nullopt;

 private:
  struct Progress {
    std::size_t begin = 0;
    std::size_t end = 0;  // of the last token
    std::vector<std::string> words = {};
    std::vector<std::size_t> open_parentheses = {};  // offsets
    Body body = {};
    Copy copy = Copy::unknown;
    std::string_view last_word = {};  // the last token, when it is a word
    std::size_t last_word_begin = 0;
  };

  bool is_wanted(const Token& token) const;
  void take(Progress& progress, const Token& token) const;
  void follow_body(Progress& progress, const Token& token) const;
  static void follow_copy(Progress& progress, std::string_view word);
  Statement finish(Progress& progress, bool semicolon);
  std::string read_copy_data(std::size_t copy, bool semicolon);
  bool skip_restriction(const Token& backslash);

  Lexer lexer_;
  LexicalRules rules_;
  PlaceFinder places_;
};

// Bodies are looked for in the statements alone that can have one: a function may be called
// "atomic".
bool may_have_atomic_body(const std::vector<std::string>& words) {
  const std::size_t kind = words.size() > 3 && words[1] == "OR" && words[2] == "REPLACE" ? 3 : 1;
  return words.size() > kind && words[0] == "CREATE" &&
         (words[kind] == "FUNCTION" || words[kind] == "PROCEDURE");
}

bool may_have_trigger_body(const std::vector<std::string>& words) {
  std::size_t first = 0;
  if (!words.empty() && words[0] == "EXPLAIN") {
    first = words.size() > 2 && words[1] == "QUERY" && words[2] == "PLAN" ? 3 : 1;
  }
  const bool temporary =
      words.size() > first + 1 && (words[first + 1] == "TEMP" || words[first + 1] == "TEMPORARY");
  const std::size_t kind = first + (temporary ? 2 : 1);
  return words.size() > kind && words[first] == "CREATE" && words[kind] == "TRIGGER";
}

std::optional<Statement> StatementReader::next() {
  Progress progress;
  bool begun = false;
  for (;;) {
    const Token token = lexer_.next();
    if (token.kind == TokenKind::line_comment && is_wanted(token)) {
      found_comment = token.begin;
      return std::nullopt;
    }
    if (token.kind == TokenKind::line_comment || token.kind == TokenKind::block_comment) continue;
    if (token.kind == TokenKind::end) {
      if (!begun) return std::nullopt;
      return finish(progress, false);
    }
    if (token.kind == TokenKind::backslash && rules_.backslash_commands) {
      if (!begun && skip_restriction(token)) continue;
      throw lexer_.fault(
          token.begin, "a backslash command of a client program, which is no SQL",
          "remove it: Limbeck runs SQL alone, and never through psql or the sqlite3 shell");
    }
    if (lexer_.text(token) == ";" && progress.open_parentheses.empty() && !progress.body.open) {
      if (begun) return finish(progress, true);
      continue;
    }
    if (!begun) {
      progress.begin = token.begin;
      progress.words.reserve(Statement::max_words);
      begun = true;
    }
    take(progress, token);
  }
}

bool StatementReader::is_wanted(const Token& token) const {
  if (wanted_comment.empty()) return false;
  std::string_view comment = lexer_.text(token);
  comment.remove_prefix(std::min(comment.find_first_not_of('-'), comment.size()));
  comment.remove_prefix(std::min(comment.find_first_not_of(" \t"), comment.size()));
  return same_word(comment.substr(0, wanted_comment.size()), wanted_comment);
}

void StatementReader::take(Progress& progress, const Token& token) const {
  const std::string_view text = lexer_.text(token);
  const bool is_word = token.kind == TokenKind::word;
  progress.end = token.end;
  if (progress.words.size() < Statement::max_words) {
    progress.words.push_back(is_word ? upper_case(text) : std::string(text));
  }
  if (text == "(") progress.open_parentheses.push_back(token.begin);
  if (text == ")" && !progress.open_parentheses.empty()) progress.open_parentheses.pop_back();
  if (progress.open_parentheses.empty()) {
    follow_body(progress, token);
    if (rules_.copy_data && progress.words.front() == "COPY") {
      follow_copy(progress, is_word ? text : std::string_view());
    }
  }
  progress.last_word = is_word ? text : std::string_view();
  progress.last_word_begin = token.begin;
}

void StatementReader::follow_body(Progress& progress, const Token& token) const {
  const std::string_view text = lexer_.text(token);
  Body& body = progress.body;
  if (body.open) {
    if (body.may_close && token.kind == TokenKind::word && same_word(text, "END"))
      body = Body{};
    else
      body.may_close = text == ";";
    return;
  }
  if (token.kind != TokenKind::word) return;
  if (rules_.atomic_bodies && same_word(text, "ATOMIC") && same_word(progress.last_word, "BEGIN") &&
      may_have_atomic_body(progress.words)) {
    body = {.open = true, .may_close = true, .opened = progress.last_word_begin};
  } else if (rules_.trigger_bodies && same_word(text, "BEGIN") &&
             may_have_trigger_body(progress.words)) {
    body = {.open = true, .may_close = true, .opened = token.begin};
  }
}

// The first FROM outside of parentheses decides. STDOUT after it means STDIN to PostgreSQL as well.
void StatementReader::follow_copy(Progress& progress, std::string_view word) {
  if (progress.copy == Copy::unknown && same_word(word, "FROM")) {
    progress.copy = Copy::from;
  } else if (progress.copy == Copy::from) {
    const bool data = same_word(word, "STDIN") || same_word(word, "STDOUT");
    progress.copy = data ? Copy::from_stdin : Copy::other;
  }
}

Statement StatementReader::finish(Progress& progress, bool semicolon) {
  if (!progress.open_parentheses.empty()) {
    throw lexer_.fault(progress.open_parentheses.back(), "this parenthesis is not closed",
                       "add the missing )");
  }
  if (progress.body.open) {
    throw lexer_.fault(
        progress.body.opened, "this body is not closed",
        "add the missing END after its last statement, which itself ends with a semicolon");
  }
  Statement statement{
      .text = std::string(lexer_.text().substr(progress.begin, progress.end - progress.begin)),
      .place = places_.at(progress.begin),
      .copy_data = std::nullopt,
      .words = std::move(progress.words)};
  if (progress.copy == Copy::from_stdin) {
    statement.copy_data = read_copy_data(progress.begin, semicolon);
  }
  return statement;
}

// The fences ask psql to take no other backslash command: nothing that concerns us, as we take
// none. Whether it was such a line.
bool StatementReader::skip_restriction(const Token& backslash) {
  if (!rules_.dump_fences) return false;
  const std::string_view text = lexer_.text();
  std::string_view line =
      text.substr(backslash.begin, text.find('\n', backslash.begin) - backslash.begin);
  for (const std::string_view command : {"\\restrict ", "\\unrestrict "}) {
    if (!line.starts_with(command)) continue;
    lexer_.move_to(backslash.begin + line.size());
    return true;
  }
  return false;
}

// The rows begin on the line after the semicolon and end before the line "\.". They are no SQL: the
// lexer never sees them.
std::string StatementReader::read_copy_data(std::size_t copy, bool semicolon) {
  const std::string_view text = lexer_.text();
  const std::size_t line_end = std::min(text.find('\n', lexer_.position()), text.size());
  const std::size_t rest = text.find_first_not_of(" \t\f\v\r", lexer_.position());
  if (semicolon && rest < line_end && text.substr(rest, 2) != "--") {
    throw lexer_.fault(
        rest, "SQL on the line on which COPY ... FROM STDIN ends",
        "its rows begin on the next line: move this behind the line \"\\.\" that ends them");
  }
  const std::size_t begin = std::min(line_end + 1, text.size());
  for (std::size_t at = begin; semicolon && at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t after = end == text.size() ? end : end + 1;
    if (line == "\\." || line == "\\.\r") {
      lexer_.move_to(after);
      return std::string(text.substr(begin, at - begin));
    }
    at = after;
  }
  throw lexer_.fault(
      copy, "the rows of this COPY ... FROM STDIN have no end",
      "end the COPY with a semicolon, and its rows with a line that holds \\. alone");
}

}  // namespace

std::vector<Statement> split(std::string_view text, const LexicalRules& rules, const Place& start) {
  check_text(text, start);
  StatementReader reader(text, rules, start);
  std::vector<Statement> statements;
  while (std::optional<Statement> statement = reader.next()) {
    statements.push_back(std::move(*statement));
  }
  return statements;
}

std::size_t find_comment(std::string_view text, std::string_view prefix, const LexicalRules& rules,
                         const Place& start) {
  StatementReader reader(text, rules, start);
  reader.wanted_comment = prefix;
  while (reader.next()) {
  }
  return reader.found_comment.value_or(std::string_view::npos);
}

}  // namespace limbeck::sql
