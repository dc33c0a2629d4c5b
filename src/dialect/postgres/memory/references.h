// The names, and the nodes of some kinds, anywhere in a tree: for what is too large to be
// understood, such as a view's query.
#pragma once

#include <vector>

#include "dialect/postgres/memory/tree.h"

namespace limbeck::postgres::memory {

struct References {
  std::vector<const PgQuery__ColumnRef*> columns = {};
  std::vector<const PgQuery__RangeVar*> relations = {};
  std::vector<const PgQuery__FuncCall*> functions = {};
  std::vector<const PgQuery__TypeName*> types = {};
  std::vector<const PgQuery__TypeCast*> casts = {};
  std::vector<const PgQuery__AExpr*> operators = {};
  std::vector<const PgQuery__CaseExpr*> choices = {};
  std::vector<const PgQuery__ColumnDef*> definitions = {};
  std::vector<const PgQuery__Constraint*> constraints = {};
  std::vector<const PgQuery__IndexElem*> keys = {};  // of indexes
  std::vector<const PgQuery__SubLink*> subqueries = {};
};

References references_in(const Node* node);

}  // namespace limbeck::postgres::memory
