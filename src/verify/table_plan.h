// What the rows of a table have to satisfy, as far as the schema says.
//
// It knows no values and asks no database.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "schema/schema.h"
#include "verify/contents.h"

namespace limbeck {

constexpr std::size_t least_rows = 3;

struct ColumnPlan {
  std::string name = {};
  std::string type = {};
  bool not_null = false;
  bool filled_there = false;            // no row of the database in use holds NULL, as is known
  bool is_key = false;                  // of whatever key: small values, that others can refer to
  bool unique = false;                  // it, or it together with others
  bool bounded = false;                 // a check, a domain or a partition says what it may hold
  bool partitions = false;              // it says in which partition a row is
  std::size_t variant = 0;              // SampleOf::variant
  std::vector<std::string> hints = {};  // the expressions of its checks, the bounds of partitions
};

struct KeyPlan {  // a foreign key
  std::vector<std::size_t> columns = {};
  RelationName table = {};
  std::vector<std::string> refers_to = {};
  bool may_be_null = false;
  std::size_t variant = 0;  // how many keys before it would refer to the same rows otherwise
  std::vector<std::vector<Cell>> parents = {};
};

struct TablePlan {
  RelationName name = {};
  std::vector<ColumnPlan> columns = {};
  std::vector<KeyPlan> keys = {};
  std::map<std::string, std::vector<std::size_t>> checks = {};  // by name: their columns
  std::vector<std::string> checks_to_come = {};
  std::size_t rows = least_rows;
  std::string signature = {};
};

// later: the constraints that are still to come, which rows satisfy from the beginning.
TablePlan plan_of(const Schema& schema, const Schema& later, const ObjectId& table);

// What others refer to before them. Tables that refer to each other in a circle, with keys that may
// not be NULL, are a group: there is no order among them.
std::vector<std::vector<TablePlan>> in_order(std::vector<TablePlan> plans);
// Whether the first row of one of them needs another one, or itself.
bool is_circle(const std::vector<TablePlan>& group);

}  // namespace limbeck
