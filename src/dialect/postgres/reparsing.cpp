#include "dialect/postgres/reparsing.h"

#include <optional>
#include <string_view>
#include <vector>

#include "sql/lexer.h"
#include "sql/lexical_rules.h"

namespace limbeck::postgres {
namespace {

using Tokens = std::vector<sql::Token>;

struct Insertion {
  std::size_t offset = 0;
  std::string text = {};
};

class Reader {
 public:
  explicit Reader(std::string_view sql) : lexer_(sql, sql::postgres_rules, Place{}) {
    for (sql::Token token = lexer_.next(); token.kind != sql::TokenKind::end; token = lexer_.next())
      tokens_.push_back(token);
  }

  std::vector<Insertion> insertions() const {
    std::vector<Insertion> found;
    for (std::size_t at = 0; at + 2 < tokens_.size(); ++at) {
      if (text(at) != "(" || text(at + 1) != "ARRAY" || text(at + 2) != "[") continue;
      const std::optional<std::size_t> end = closing(at + 2);
      if (!end || text(*end + 1) != ")" || text(*end + 2) != ":" || text(*end + 3) != ":") continue;
      const std::string type = element_type(at + 2, *end);
      if (!type.empty()) found.push_back({tokens_[*end].end, "::" + type + "[]"});
    }
    return found;
  }

 private:
  std::string_view text(std::size_t at) const {
    return at < tokens_.size() ? lexer_.text(tokens_[at]) : std::string_view();
  }

  // Where the bracket closes that opens here.
  std::optional<std::size_t> closing(std::size_t open) const {
    int depth = 0;
    for (std::size_t at = open; at < tokens_.size(); ++at) {
      if (text(at) == "[" || text(at) == "(") ++depth;
      if ((text(at) == "]" || text(at) == ")") && --depth == 0) return at;
    }
    return std::nullopt;
  }

  // What the first element is cast to: the text after its last "::", up to the comma. Nothing when
  // it is not a plain constant with its type.
  std::string element_type(std::size_t open, std::size_t close) const {
    const std::size_t first = open + 1;
    if (first + 3 >= close || tokens_[first].kind != sql::TokenKind::string) return {};
    if (text(first + 1) != ":" || text(first + 2) != ":") return {};
    std::size_t end = first + 3;
    for (int depth = 0; end < close; ++end) {
      if (text(end) == "(") ++depth;
      if (text(end) == ")") --depth;
      if (depth == 0 && text(end) == ",") break;
    }
    return std::string(lexer_.text().substr(tokens_[first + 3].begin,
                                            tokens_[end - 1].end - tokens_[first + 3].begin));
  }

  sql::Lexer lexer_;
  Tokens tokens_;
};

}  // namespace

std::string reparsable(std::string sql) {
  if (sql.find("(ARRAY[") == std::string::npos) return sql;
  const std::vector<Insertion> insertions = Reader(sql).insertions();
  for (auto insertion = insertions.rbegin(); insertion != insertions.rend(); ++insertion)
    sql.insert(insertion->offset, insertion->text);
  return sql;
}

}  // namespace limbeck::postgres
