// Rows that a revision copies into another table before it drops the one they were in: a table that
// is made anew, a column that moves.
#pragma once

#include <map>
#include <set>
#include <string>

#include "dialect/effect.h"

namespace limbeck {

class Copies {
 public:
  // Before the reader applies the statement. A DROP TABLE of a table whose rows were copied before,
  // all of them, gets Trait::copied, and in its place there is a drop_column for each column that
  // no copy speaks of.
  void look_at(const sql::Statement& statement, StatementEffects& effects, EffectReader& reader);
  // The tables into which rows were copied.
  const std::set<RelationName>& filled() const { return filled_; }
  void clear();

 private:
  // What is taken out of a table.
  struct Taken {
    std::set<std::string> words = {};  // columns, among others
    bool everything = false;           // SELECT *
  };

  void note_copy(const sql::Statement& statement, const Effect& effect);

  std::map<std::string, Taken> taken_;  // by the table's name, folded, without its schema
  std::set<RelationName> filled_;
};

}  // namespace limbeck
