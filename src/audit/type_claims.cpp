#include "audit/type_claims.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "audit/column_text.h"
#include "base/letter_case.h"
#include "base/source.h"
#include "sql/lexer.h"

namespace limbeck {
namespace {

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '"';
}

// Words of names and of all else: "user.id", "(", "INTEGER", ")".
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == ' ' || line[i] == '\t') {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < line.size() && is_name_byte(line[end])) ++end;
    if (end == i) ++end;
    std::string_view word = line.substr(i, end - i);
    i = end;
    // The full stop at the end of a sentence is no part of a name.
    while (word.size() > 1 && word.back() == '.') word.remove_suffix(1);
    words.push_back(word);
  }
  return words;
}

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c != '"') result += lower_case(c);
  return result;
}

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& all) {
  return std::any_of(all.begin(), all.end(),
                     [&](std::string_view it) { return sql::same_word(word, it); });
}

constexpr std::array<std::string_view, 5> before_type{"a", "an", "of", "type", "still"};
constexpr std::array<std::string_view, 5> verbs{"is", "are", "=", ":", "has"};
constexpr std::array<std::string_view, 2> joins{"and", ","};
// In sentences these are seldom types.
constexpr std::array<std::string_view, 5> weak_types{"text", "string", "character", "real",
                                                     "double"};

bool is_name(std::string_view word) {
  return !word.empty() && is_name_byte(word.front()) && word != ".";
}

class LineReader {
 public:
  LineReader(std::string_view comment, int line)
      : comment_(trimmed(comment, " \t\r")), line_(line), words_(words_of(comment_)) {}

  void read(std::vector<TypeClaim>& claims) const {
    for (std::size_t i = 1; i < words_.size(); ++i) {
      if (type_family(words_[i]).empty()) continue;
      if (words_[i - 1] == "(") {
        if (i >= 2 && is_name(words_[i - 2])) add(claims, words_[i - 2], words_[i]);
        continue;
      }
      if (is_one_of(words_[i], weak_types)) continue;
      std::size_t verb = i - 1;
      while (verb > 0 && is_one_of(words_[verb], before_type)) --verb;
      if (!is_one_of(words_[verb], verbs)) continue;
      // "a, b and c are UUID"
      for (std::size_t name = verb; name > 0 && is_name(words_[name - 1]);) {
        add(claims, words_[name - 1], words_[i]);
        if (name < 3 || !is_one_of(words_[name - 2], joins)) break;
        name -= 2;
      }
    }
  }

 private:
  void add(std::vector<TypeClaim>& claims, std::string_view name, std::string_view type) const {
    const std::size_t dot = name.rfind('.');
    TypeClaim claim{.column = lower(name.substr(dot == std::string_view::npos ? 0 : dot + 1)),
                    .type = std::string(type),
                    .line = line_,
                    .comment = std::string(comment_)};
    if (dot != std::string_view::npos) {
      const std::string_view table = name.substr(0, dot);
      claim.table = lower(table.substr(table.rfind('.') + 1));  // without its schema
    }
    claims.push_back(std::move(claim));
  }

  std::string_view comment_;
  int line_;
  std::vector<std::string_view> words_;
};

void read_lines(std::string_view comment, int line, std::vector<TypeClaim>& claims) {
  while (!comment.empty()) {
    const std::size_t end = std::min(comment.find('\n'), comment.size());
    LineReader(comment.substr(0, end), line++).read(claims);
    comment.remove_prefix(std::min(end + 1, comment.size()));
  }
}

}  // namespace

std::vector<TypeClaim> type_claims_of_sql(std::string_view text, const sql::LexicalRules& rules) {
  std::vector<TypeClaim> claims;
  std::size_t counted = 0;
  int line = 1;
  try {
    sql::Lexer lexer(text, rules, Place{.line = 1, .column = 1});
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      const bool is_line = token.kind == sql::TokenKind::line_comment;
      if (!is_line && token.kind != sql::TokenKind::block_comment) continue;
      line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                          text.begin() + static_cast<std::ptrdiff_t>(token.begin),
                                          '\n'));
      counted = token.begin;
      std::string_view comment = lexer.text(token).substr(2);
      if (!is_line && comment.ends_with("*/")) comment.remove_suffix(2);
      read_lines(comment, line, claims);
    }
  } catch (const Error&) {
    return claims;  // the rows of a COPY, say: what stands above them counts
  }
  return claims;
}

namespace {

constexpr std::size_t quotes = 3;  // around a text of several lines

std::size_t find_quotes(std::string_view line) {
  return std::min(line.find("\"\"\""), line.find("'''"));
}

std::size_t count_quotes(std::string_view line) {
  std::size_t count = 0;
  for (std::size_t at = find_quotes(line); at != std::string_view::npos; at = find_quotes(line)) {
    line.remove_prefix(at + quotes);
    ++count;
  }
  return count;
}

}  // namespace

std::vector<TypeClaim> type_claims_of_script(std::string_view text) {
  enum class Inside { code, docstring, string };
  std::vector<TypeClaim> claims;
  Inside inside = Inside::code;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view bare = trimmed(line, " \t\r");
    const std::size_t marks = count_quotes(bare);
    const bool opens = inside == Inside::code && marks > 0;
    const bool is_text = opens && count_quotes(bare.substr(0, quotes)) > 0;
    if (inside == Inside::docstring || is_text) {
      const std::string_view behind = is_text ? bare.substr(quotes) : bare;
      LineReader(behind.substr(0, find_quotes(behind)), number).read(claims);
    } else {
      const std::size_t mark = std::min(
          inside == Inside::code ? line.find("# ") : std::string_view::npos, line.find("-- "));
      if (mark != std::string_view::npos) LineReader(line.substr(mark + 2), number).read(claims);
    }
    if (marks % 2 == 0) continue;
    if (inside != Inside::code)
      inside = Inside::code;
    else
      inside = is_text ? Inside::docstring : Inside::string;
  }
  return claims;
}

}  // namespace limbeck
