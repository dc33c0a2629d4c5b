// What the files that write expressions share: one value of an expression, and the walk.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dialect/postgres/memory/expression.h"
#include "dialect/postgres/memory/resolution.h"

namespace limbeck::postgres::memory {

// A part of an expression. Lines of CASE are kept as marks until the whole is known: \x01 begins a
// line, \x02 and \x03 change its indentation.
struct Value {
  std::string text = {};
  Type type = {};
  bool constant = false;  // text is a constant's; `raw` its value without a label
  std::string raw = {};
  bool is_null = false;
  bool certain = true;  // its type is known
};

class ExpressionWriter {
 public:
  ExpressionWriter(Catalog& catalog, const Scope& scope) : catalog_(catalog), scope_(scope) {}

  Value write(const Node* node);
  // As the server does where no cast is written; shown where it shows such casts.
  Value cast_implicitly(Value value, const Type& target);
  Value cast(Value value, Type target);
  Expression finish(Value value) &&;
  void doubt(const std::string& why) {
    if (doubt_.empty()) doubt_ = why;
  }

 private:
  Value write_any_length(const Node* node);
  Value write_constant(const PgQuery__AConst& constant);
  Value write_column(const Node* node);
  Value write_boolean(const PgQuery__BoolExpr& node);
  Value write_operation(const Node* node);
  Value write_in(const PgQuery__AExpr& node, const std::string& name);
  Value write_any(const PgQuery__AExpr& node, const std::string& name, const char* quantifier);
  Value write_between(const PgQuery__AExpr& node);
  Value write_distinct(const PgQuery__AExpr& node, const char* words);
  Value write_nullif(const PgQuery__AExpr& node);
  Value write_rows(const PgQuery__AExpr& node, const std::string& name);
  Value write_case(const PgQuery__CaseExpr& node);
  Value write_list(std::string_view word, Nodes nodes);
  Value write_array(const PgQuery__AArrayExpr& node, const std::optional<Type>& target);
  Value write_call(const Node* node);
  Value write_cast(const PgQuery__TypeCast& node);
  Value write_subscript(const Node* node);
  Value write_value_function(const PgQuery__SQLValueFunction& node);
  Value keep(const Node* node, const std::string& why);

  void use_relation(const std::string& written);
  Value operation(const std::string& name, Value left, Value right);
  Value compare_with_array(const std::string& name, Value left, Value array,
                           const char* quantifier);
  static std::string literal_text(const Value& value);
  static bool references_column(const Node* node);
  Value prefix(const std::string& name, Value operand);
  std::vector<Value> write_all(Nodes nodes);
  std::optional<Type> common(const std::vector<Value>& values);
  Value sql_syntax(const std::string& function, std::vector<Value>& arguments, const Type& result,
                   const Node* node);
  std::vector<Candidate> candidates(const Name& name, std::vector<const Object*>& routines);

  Catalog& catalog_;
  const Scope& scope_;
  std::set<ObjectId> uses_;
  std::vector<std::string> columns_;
  std::string doubt_;
};

// Lines of CASE as the server indents them.
std::string laid_out(const std::string& marked);

}  // namespace limbeck::postgres::memory
