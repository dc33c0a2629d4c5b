// Which rows a WHERE takes of the table that a statement changes.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/letter_case.h"
#include "dialect/postgres/memory/condition.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

// By what name a query calls it.
std::string called(const PgQuery__RangeVar& relation) {
  if (relation.alias != nullptr) return text(relation.alias->aliasname);
  return text(relation.relname);
}

std::vector<std::string> fields_of(const PgQuery__ColumnRef& reference) {
  return texts({reference.fields, reference.n_fields});
}

// Within its casts; null: it is none.
const PgQuery__AConst* constant_in(const Node* node) {
  if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return constant_in(node->type_cast->arg);
  return node->node_case == PG_QUERY__NODE__NODE_A_CONST ? node->a_const : nullptr;
}

// As it stands: a cast may make another one of it. An integer 0 is not written into the tree.
std::string number_in(const Node* node) {
  if (node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->isnull != 0) return {};
  switch (node->a_const->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
    case PG_QUERY__A__CONST__VAL_FVAL:
      return constant_of(node);
    case PG_QUERY__A__CONST__VAL__NOT_SET:
      return "0";
    default:
      return {};
  }
}

class RowCondition {
 public:
  RowCondition(Catalog& catalog, const PgQuery__RangeVar& relation)
      : catalog_(catalog), table_(find_relation(catalog, relation)), name_(called(relation)) {}

  RowChoice choice(const Node* where) {
    switch (where->node_case) {
      case PG_QUERY__NODE__NODE_TYPE_CAST:
        return choice(where->type_cast->arg);
      case PG_QUERY__NODE__NODE_A_CONST:
        return of_constant(where);
      case PG_QUERY__NODE__NODE_BOOL_EXPR:
        return of_parts(*where->bool_expr);
      case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
        return of_truth(*where->boolean_test);
      case PG_QUERY__NODE__NODE_NULL_TEST:
        return of_null(*where->null_test, where);
      case PG_QUERY__NODE__NODE_A_EXPR:
        return of_comparison(*where->a_expr, where);
      case PG_QUERY__NODE__NODE_CURRENT_OF_EXPR:
        return RowChoice::some;
      default:
        return depends_on_row(where) ? RowChoice::some : RowChoice::either;
    }
  }

 private:
  // A text is read as the server does it: 'f' is false, and so is 'of'; of numbers 0 is.
  static RowChoice of_constant(const Node* node) {
    if (node->a_const->isnull != 0) return RowChoice::some;
    if (node->a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL)
      return node->a_const->boolval->boolval != 0 ? RowChoice::every : RowChoice::none;
    if (const std::string number = number_in(node); !number.empty())
      return number == "0" ? RowChoice::none : RowChoice::every;
    constexpr std::array refusals = std::to_array<std::string_view>(
        {"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"});
    const std::string value = lower_case(constant_of(node));
    const bool refused = std::find(refusals.begin(), refusals.end(), value) != refusals.end();
    return refused ? RowChoice::none : RowChoice::every;
  }

  RowChoice of_parts(const PgQuery__BoolExpr& expression) {
    std::vector<RowChoice> parts;
    for (const Node* part : Nodes{expression.args, expression.n_args})
      parts.push_back(choice(part));
    switch (expression.boolop) {
      case PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR:
        return all_of(parts);
      case PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR:
        return any_of(parts);
      default:
        return of_negation(parts.front(), expression.args[0]);
    }
  }

  // Of what may be NULL, and is so for every row, nothing is known; NULL itself stays what it is.
  RowChoice of_negation(RowChoice choice, const Node* condition) {
    const bool open = choice == RowChoice::some && constant_in(condition) == nullptr;
    return open && !depends_on_row(condition) ? RowChoice::either : limbeck::negated(choice);
  }

  RowChoice of_truth(const PgQuery__BooleanTest& test) {
    const RowChoice tested = choice(test.arg);
    const bool known = tested == RowChoice::every || tested == RowChoice::none;
    switch (test.booltesttype) {
      case PG_QUERY__BOOL_TEST_TYPE__IS_TRUE:
      case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE:
        return known || depends_on_row(test.arg) ? tested : RowChoice::either;
      case PG_QUERY__BOOL_TEST_TYPE__IS_FALSE:
      case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE:
        return known || depends_on_row(test.arg) ? limbeck::negated(tested) : RowChoice::either;
      case PG_QUERY__BOOL_TEST_TYPE__IS_UNKNOWN:
        if (known) return RowChoice::none;
        break;
      default:
        if (known) return RowChoice::every;
    }
    return depends_on_row(test.arg) ? RowChoice::some : RowChoice::either;
  }

  RowChoice of_null(const PgQuery__NullTest& test, const Node* whole) {
    const bool wants_null = test.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
    const PgQuery__AConst* constant = constant_in(test.arg);
    if (never_null(test.arg) || constant != nullptr) {
      const bool is_null = constant != nullptr && constant->isnull != 0;
      return wants_null == is_null ? RowChoice::every : RowChoice::none;
    }
    return depends_on_row(whole) ? RowChoice::some : RowChoice::either;
  }

  RowChoice of_comparison(const PgQuery__AExpr& it, const Node* whole) {
    if (it.kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP && it.lexpr != nullptr && it.n_name == 1) {
      const std::string name = text(it.name[0]);
      if (name == "=" && never_null(it.lexpr) &&
          expression_text(it.lexpr) == expression_text(it.rexpr))
        return RowChoice::every;
      if (constant_in(it.lexpr) != nullptr && constant_in(it.rexpr) != nullptr)
        return of_constants(it, name);
    }
    return depends_on_row(whole) ? RowChoice::some : RowChoice::either;
  }

  // Of numbers it is known also that it is false: texts that differ may mean the same.
  static RowChoice of_constants(const PgQuery__AExpr& it, const std::string& comparison) {
    constexpr auto known = std::to_array<std::string_view>({"<", "<=", "=", ">=", ">", "<>"});
    if (std::find(known.begin(), known.end(), comparison) == known.end()) return RowChoice::either;
    const std::string left = number_in(it.lexpr);
    const std::string right = number_in(it.rexpr);
    const bool numbers = !left.empty() && !right.empty();
    const Condition is_left{.kind = Condition::Kind::comparison,
                            .subject = "it",
                            .comparison = "=",
                            .value = numbers ? left : constant_of(it.lexpr)};
    const Condition asked{.kind = Condition::Kind::comparison,
                          .subject = "it",
                          .comparison = comparison,
                          .value = numbers ? right : constant_of(it.rexpr)};
    if (implies(is_left, asked)) return RowChoice::every;
    if (numbers && implies(is_left, limbeck::postgres::memory::negated(asked)))
      return RowChoice::none;
    return RowChoice::either;
  }

  bool never_null(const Node* node) const {
    if (!table_ || node == nullptr || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF)
      return false;
    const Column* column = column_of(catalog_, *table_, subject_of(node));
    return column != nullptr && column->not_null;
  }

  // Whether it asks for something of the table's row. A name alone, outside of a query within, is
  // taken to be the table's.
  bool depends_on_row(const Node* node) {
    const References all = references_in(node);
    std::set<const PgQuery__ColumnRef*> within;
    for (const PgQuery__SubLink* query : all.subqueries)
      for (const PgQuery__ColumnRef* column : references_in(query->subselect).columns)
        within.insert(column);
    return std::any_of(all.columns.begin(), all.columns.end(), [&](const auto* column) {
      return within.count(column) != 0 ? leads_outside(*column, all.relations)
                                       : is_of_table(*column);
    });
  }

  bool is_of_table(const PgQuery__ColumnRef& column) const {
    const std::vector<std::string> fields = fields_of(column);
    return fields.size() < 2 || fields[fields.size() - 2] == name_;
  }

  // Of a query within, whose own tables come first: what they cannot be known to have is taken to
  // be the row's.
  bool leads_outside(const PgQuery__ColumnRef& column,
                     const std::vector<const PgQuery__RangeVar*>& relations) {
    const std::vector<std::string> fields = fields_of(column);
    if (fields.empty() || fields.back().empty()) return false;  // *
    if (fields.size() >= 2) {
      const std::string& qualifier = fields[fields.size() - 2];
      return qualifier == name_ &&
             std::none_of(relations.begin(), relations.end(),
                          [&](const auto* relation) { return called(*relation) == name_; });
    }
    const auto has = [&](const std::optional<ObjectId>& table) {
      return table && column_of(catalog_, *table, fields.front()) != nullptr;
    };
    if (table_ && !has(table_)) return false;
    return std::none_of(relations.begin(), relations.end(), [&](const auto* relation) {
      return has(find_relation(catalog_, *relation));
    });
  }

  Catalog& catalog_;
  const std::optional<ObjectId> table_;
  const std::string name_;
};

}  // namespace

RowChoice chosen_rows(Catalog& catalog, const PgQuery__RangeVar& relation, const Node* where) {
  return where == nullptr ? RowChoice::every : RowCondition(catalog, relation).choice(where);
}

}  // namespace limbeck::postgres::memory
