// Reads one expression of Python out of tokens. Internal to src/alembic.
#pragma once

#include <span>
#include <string_view>

#include "alembic/python_lexer.h"
#include "alembic/python_tree.h"

namespace limbeck::alembic {

class PythonExpressionReader {
 public:
  explicit PythonExpressionReader(std::span<const PythonToken> tokens) : tokens_(tokens) {}

  // One with commas is a tuple. An expression that is not understood is of the kind unknown; what
  // is behind it in the tokens is skipped.
  PythonExpression read_all();
  // Without commas, up to whatever ends it.
  PythonExpression read_one() { return choice(); }
  // What stands before "in" or "=": names, attributes, items.
  PythonExpression read_targets();
  PythonExpression read_target() { return primary(); }
  // Of "case": values, one or the other; names.
  PythonExpression read_pattern() { return operation(0); }

  bool at_end() const { return at_ >= tokens_.size(); }
  bool at_op(std::string_view op) const { return !at_end() && tokens_[at_].is(op); }
  bool at_word(std::string_view word) const {
    return !at_end() && tokens_[at_].kind == PythonToken::Kind::name && tokens_[at_].text == word;
  }
  bool take_op(std::string_view op);
  bool take_word(std::string_view word);
  std::string take_name();  // empty when there is none
  bool failed() const { return failed_; }
  // name, name=default, *names, **names, up to the closing ")" or ":".
  std::vector<PythonParameter> read_parameters(std::string_view close);

 private:
  PythonExpression made(PythonExpression::Kind kind, std::size_t begin) const;
  PythonExpression fail();
  PythonExpression choice();
  using Part = PythonExpression (PythonExpressionReader::*)();
  // Parts with the word between them; a single one is itself.
  PythonExpression joined(std::string_view word, PythonExpression::Kind kind, Part part);
  PythonExpression either();
  PythonExpression both();
  PythonExpression negation();
  PythonExpression comparison();
  std::string comparison_operator();
  PythonExpression operation(int level);
  std::string operation_at(int level);
  PythonExpression sign();
  PythonExpression primary();
  PythonExpression atom();
  PythonExpression texts();
  PythonExpression f_string(const PythonToken& token);
  PythonExpression lambda();
  PythonExpression bracket(std::string_view close);
  PythonExpression braces();
  void read_arguments(PythonExpression& call);
  PythonExpression key();
  PythonExpression choice_or_tuple();
  void read_comprehension(PythonExpression& around, std::string_view close);
  void set_source(PythonExpression& expression, std::size_t begin) const;

  static constexpr int max_nesting_ = 60;

  std::span<const PythonToken> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
};

}  // namespace limbeck::alembic
