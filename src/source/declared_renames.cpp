#include "source/declared_renames.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <utility>

#include "base/letter_case.h"
#include "base/source.h"
#include "base/text_place.h"
#include "sql/lexer.h"

namespace limbeck {
namespace {

constexpr std::string_view marker = "limbeck:renamed-from";

struct RenameComment {
  std::size_t begin = 0;  // of its token
  std::size_t end = 0;
  std::string_view old_name = {};
};

// A statement's tokens without comments, in the whole text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Around what a comment says.
constexpr std::string_view blanks = " \t\r\n";

class FileReader {
 public:
  FileReader(SqlFile& file, const sql::LexicalRules& rules)
      : file_(file), text_(file.source.text), rules_(rules) {}

  void read(std::vector<RenameRequest>& requests) {
    if (text_.find(marker) == std::string_view::npos) return;
    find_statements();
    for (const RenameComment& comment : comments()) {
      requests.push_back(request_of(comment));
      make_ordinary(comment);
    }
  }

 private:
  [[noreturn]] void refuse(const RenameComment& comment, std::string message) const {
    throw fault_at(text_, comment.begin, start(), std::move(message),
                   "write -- limbeck:renamed-from OLD_NAME above the CREATE statement, or at the "
                   "line of the column or label");
  }

  Place start() const { return {file_.source.file, 1, 1, {}}; }

  // A statement's text is a part of the file's text, and its line is known.
  void find_statements() {
    std::size_t at = 0;
    int line = 1;
    for (const sql::Statement& statement : file_.statements) {
      while (line < statement.place.line) {
        at = text_.find('\n', at) + 1;
        ++line;
      }
      const std::size_t begin = text_.find(statement.text, at);
      if (begin == std::string_view::npos) continue;
      statements_.push_back({begin, begin + statement.text.size()});
    }
  }

  std::vector<RenameComment> comments() const {
    std::vector<RenameComment> found;
    for (const auto& [begin, end] : comment_areas()) {
      sql::Lexer lexer(text_, rules_, start());
      lexer.move_to(begin);
      for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end && token.begin < end;
           token = lexer.next()) {
        if (token.kind == sql::TokenKind::line_comment ||
            token.kind == sql::TokenKind::block_comment)
          add_comment(lexer.text(token), token, found);
      }
    }
    return found;
  }

  // Everything but the rows of a COPY, which are no SQL: the statements, and what stands before
  // each.
  std::vector<std::pair<std::size_t, std::size_t>> comment_areas() const {
    std::vector<std::pair<std::size_t, std::size_t>> areas;
    std::size_t from = 0;
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      areas.emplace_back(from, statements_[i].end);
      from = statements_[i].end;
      const auto& rows = file_.statements[i].copy_data;
      if (rows) from = std::min(text_.size(), text_.find(*rows, from) + rows->size());
    }
    areas.emplace_back(from, text_.size());
    return areas;
  }

  void add_comment(std::string_view comment, const sql::Token& token,
                   std::vector<RenameComment>& found) const {
    const bool block = token.kind == sql::TokenKind::block_comment;
    std::string_view inside = trimmed(comment.substr(2, comment.size() - (block ? 4 : 2)), blanks);
    if (!inside.starts_with(marker)) return;
    const RenameComment result{token.begin, token.end,
                               trimmed(inside.substr(marker.size()), blanks)};
    if (result.old_name.empty()) refuse(result, "this comment says no old name");
    found.push_back(result);
  }

  RenameRequest request_of(const RenameComment& comment) const {
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const Span& span = statements_[i];
      if (comment.begin >= span.end) continue;
      const std::string object = created_name(i, comment);
      // On the statement's first line, or above it, the comment is about the whole.
      const bool inside =
          comment.begin > span.begin &&
          text_.substr(span.begin, comment.begin - span.begin).find('\n') != std::string_view::npos;
      if (!inside) return {std::string(comment.old_name), last_of(object), true};
      const std::string part = part_at(comment, span);
      return {fmt::format("{}.{}", object, comment.old_name), part, true};
    }
    refuse(comment, "this comment stands at nothing that could have been renamed");
  }

  // "-- renamed from mail": of the same length, so that places in the statement stay what they are.
  void make_ordinary(const RenameComment& comment) {
    constexpr std::string_view ordinary = "renamed from ";
    for (std::size_t i = 0; i < statements_.size(); ++i) {
      const Span& span = statements_[i];
      if (comment.begin < span.begin || comment.end > span.end) continue;
      const std::size_t at = text_.find(marker, comment.begin);
      const std::size_t end = static_cast<std::size_t>(comment.old_name.data() - text_.data()) +
                              comment.old_name.size();
      std::string words = fmt::format("{}{}", ordinary, comment.old_name);
      words.resize(end - at, ' ');
      file_.statements[i].text.replace(at - span.begin, end - at, words);
    }
  }

  // What the statement creates, with its schema if that is written.
  std::string created_name(std::size_t statement, const RenameComment& comment) const {
    constexpr std::array<std::string_view, 14> before_kind{
        "CREATE", "OR",        "REPLACE", "UNLOGGED", "FOREIGN",   "MATERIALIZED", "UNIQUE",
        "TEMP",   "RECURSIVE", "VIRTUAL", "TABLE",    "TEMPORARY", "CONCURRENTLY", "GLOBAL"};
    constexpr std::array<std::string_view, 12> kinds{"TABLE",  "VIEW",     "TYPE",   "INDEX",
                                                     "DOMAIN", "SEQUENCE", "SCHEMA", "FUNCTION",
                                                     "IF",     "NOT",      "EXISTS", "PROCEDURE"};
    sql::Lexer lexer(text_, rules_, start());
    lexer.move_to(statements_[statement].begin);
    std::string name;
    bool first = true;
    bool any_kind = false;
    while (lexer.position() < statements_[statement].end) {
      const sql::Token token = lexer.next();
      if (token.kind == sql::TokenKind::line_comment || token.kind == sql::TokenKind::block_comment)
        continue;
      const std::string_view word = lexer.text(token);
      const auto is = [&](std::string_view other) { return sql::same_word(word, other); };
      if (first && !is("CREATE")) break;
      first = false;
      const bool keyword = token.kind == sql::TokenKind::word && name.empty();
      if (keyword && std::any_of(kinds.begin(), kinds.end(), is)) {
        any_kind = true;
        continue;
      }
      if (keyword && !any_kind && std::any_of(before_kind.begin(), before_kind.end(), is)) continue;
      if (!any_kind) break;
      const bool is_name = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::name;
      if (is_name && (name.empty() || name.back() == '.')) {
        name += folded(word, token.kind);
      } else if (word == "." && !name.empty()) {
        name += '.';
      } else {
        break;
      }
    }
    if (name.empty()) refuse(comment, "the statement at this comment creates nothing with a name");
    return name;
  }

  // The column or label of the comment's line, or of the next one when the line is its own.
  std::string part_at(const RenameComment& comment, const Span& span) const {
    const std::size_t line = text_.rfind('\n', comment.begin) + 1;
    const bool own_line = trimmed(text_.substr(line, comment.begin - line), blanks).empty();
    sql::Lexer lexer(text_, rules_, start());
    lexer.move_to(own_line ? comment.end : line);
    while (lexer.position() < span.end) {
      const sql::Token token = lexer.next();
      if (token.kind == sql::TokenKind::line_comment || token.kind == sql::TokenKind::block_comment)
        continue;
      const std::string_view word = lexer.text(token);
      if (word == "," || word == "(") continue;
      if (token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::name)
        return folded(word, token.kind);
      if (token.kind == sql::TokenKind::string)
        return in_double_quotes(word.substr(1, word.size() - 2));
      break;
    }
    refuse(comment, "this comment stands at no column and no label");
  }

  // As the database keeps it, in double quotes.
  std::string folded(std::string_view word, sql::TokenKind kind) const {
    if (kind == sql::TokenKind::name) {
      if (word.front() == '"') return std::string(word);
      return in_double_quotes(word.substr(1, word.size() - 2));
    }
    std::string name(word);
    if (rules_.dollar_quotes)  // PostgreSQL keeps a name without quotes in lower case
      name = lower_case(name);
    return in_double_quotes(name);
  }

  // The last component of a path of quoted names.
  static std::string last_of(const std::string& path) {
    bool in_quotes = false;
    std::size_t last = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (path[i] == '"') in_quotes = !in_quotes;
      if (path[i] == '.' && !in_quotes) last = i + 1;
    }
    return path.substr(last);
  }

  SqlFile& file_;
  std::string_view text_;
  const sql::LexicalRules& rules_;
  std::vector<Span> statements_;
};

}  // namespace

std::vector<RenameRequest> declared_renames(std::span<SqlFile> files,
                                            const sql::LexicalRules& rules) {
  std::vector<RenameRequest> requests;
  for (SqlFile& file : files) FileReader(file, rules).read(requests);
  return requests;
}

}  // namespace limbeck
