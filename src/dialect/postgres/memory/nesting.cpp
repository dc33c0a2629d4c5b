#include "dialect/postgres/memory/nesting.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sql/lexer.h"
#include "sql/lexical_rules.h"

namespace limbeck::postgres::memory {
namespace {

constexpr int deepest_sql = 2000;

// Operators that are words.
constexpr std::array chaining =
    std::to_array<std::string_view>({"at", "collate", "except", "intersect", "is", "isnull", "join",
                                     "not", "notnull", "operator", "union"});
// What begins another operand of a list, so that nothing before it is above what follows.
constexpr std::array separating =
    std::to_array<std::string_view>({"and", "else", "or", "then", "when"});

template <class Words>
bool is_one_of(std::string_view word, const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view each) { return sql::same_word(word, each); });
}

// One level for each open bracket and CASE: how many operators may stand above the place.
class Depth {
 public:
  void open(char kind) {
    levels_.push_back({kind, 2});
    sum_ += 2;
  }
  void close(char kind) {
    while (levels_.size() > 1) {
      const bool found = levels_.back().kind == kind;
      if (kind == 'c' && !found) return;  // the END of something else
      sum_ -= levels_.back().count;
      levels_.pop_back();
      if (found) return;
    }
  }
  void chain() {
    ++levels_.back().count;
    ++sum_;
  }
  void separate() {
    sum_ -= levels_.back().count;
    levels_.back().count = levels_.size() == 1 ? 0 : 2;
    sum_ += levels_.back().count;
  }
  int sum() const { return sum_; }

 private:
  struct Level {
    char kind = ' ';
    int count = 0;
  };
  std::vector<Level> levels_{{}};
  int sum_ = 0;
};

void add_word(Depth& depth, std::string_view word) {
  if (sql::same_word(word, "case"))
    depth.open('c');
  else if (sql::same_word(word, "end"))
    depth.close('c');
  else if (is_one_of(word, separating))
    depth.separate();
  else if (is_one_of(word, chaining))
    depth.chain();
}

void add_symbol(Depth& depth, char symbol) {
  switch (symbol) {
    case '(':
    case '[':
      depth.open(symbol);
      break;
    case ')':
      depth.close('(');
      break;
    case ']':
      depth.close('[');
      break;
    case ',':
    case ';':
      depth.separate();
      break;
    case '.':
      break;
    default:
      depth.chain();
      break;
  }
}

}  // namespace

bool nests_too_deep(std::string_view sql) {
  if (sql.size() <= deepest_sql) return false;  // each level takes a byte
  sql::Lexer lexer(sql, sql::postgres_rules, {});
  Depth depth;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (token.kind == sql::TokenKind::word)
      add_word(depth, lexer.text(token));
    else if (token.kind == sql::TokenKind::symbol)
      add_symbol(depth, lexer.text(token).front());
    if (depth.sum() > deepest_sql) return true;
  }
  return false;
}

}  // namespace limbeck::postgres::memory
