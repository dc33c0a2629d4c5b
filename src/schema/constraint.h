// Constraints of a table, and indexes.
//
// The index that a primary key, unique or exclusion constraint makes is no Index: it belongs to the
// constraint. Expressions are in the database's canonical text, and stand without the parentheses
// that the syntax asks for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema/field.h"
#include "schema/object_id.h"
#include "schema/table.h"

namespace limbeck {

enum class ConstraintType { primary_key, unique, foreign_key, check, exclusion };

struct ForeignKey {
  RelationName table = {};  // that it refers to
  std::vector<std::string> columns = {};
  std::string on_update = "NO ACTION";
  std::string on_delete = "NO ACTION";
  std::vector<std::string> on_delete_columns = {};  // SET NULL (a, b)
  std::string match = "SIMPLE";

  bool operator==(const ForeignKey&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &ForeignKey::table), field("columns", &ForeignKey::columns),
                      field("on_update", &ForeignKey::on_update),
                      field("on_delete", &ForeignKey::on_delete),
                      field("on_delete_columns", &ForeignKey::on_delete_columns),
                      field("match", &ForeignKey::match));
  }
};

struct Constraint {
  ConstraintType type = ConstraintType::check;
  std::vector<std::string> columns = {};  // in order; of a check, those that it names
  std::vector<std::string> include = {};
  bool nulls_not_distinct = false;
  std::optional<ForeignKey> foreign_key = {};
  std::string expression = {};  // of a check
  std::string exclusion = {};   // "USING gist (room WITH =, during WITH &&) WHERE (...)"
  Options options = {};         // of the index
  std::string tablespace = {};  // of the index
  bool deferrable = false;
  bool initially_deferred = false;
  bool validated = true;
  bool no_inherit = false;
  bool inherited = false;  // comes with the parent table's constraint of the same name
  bool local = true;
  // Of a partition's primary key, unique constraint or foreign key: the partitioned table's
  // constraint that it belongs to.
  std::optional<ObjectId> parent = {};
  std::string conflict = {};  // SQLite: "IGNORE" of ON CONFLICT IGNORE

  bool operator==(const Constraint&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(
        field("type", &Constraint::type), field("columns", &Constraint::columns),
        field("include", &Constraint::include),
        field("nulls_not_distinct", &Constraint::nulls_not_distinct),
        field("foreign_key", &Constraint::foreign_key),
        field("expression", &Constraint::expression), field("exclusion", &Constraint::exclusion),
        field("options", &Constraint::options), field("tablespace", &Constraint::tablespace),
        field("deferrable", &Constraint::deferrable),
        field("initially_deferred", &Constraint::initially_deferred),
        field("validated", &Constraint::validated), field("no_inherit", &Constraint::no_inherit),
        field("inherited", &Constraint::inherited), field("local", &Constraint::local),
        field("parent", &Constraint::parent), field("conflict", &Constraint::conflict));
  }
};

struct IndexKey {
  std::string column = {};      // its name; empty when it is an expression
  std::string expression = {};  // as it stands between the commas, with parentheses where needed
  std::string collation = {};   // qualified and quoted; empty: the column's own
  std::string opclass = {};     // with its parameters; empty: the default one of the type
  bool descending = false;
  bool nulls_first = false;  // as stated or as it follows from the order

  bool operator==(const IndexKey&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(
        field("column", &IndexKey::column), field("expression", &IndexKey::expression),
        field("collation", &IndexKey::collation), field("opclass", &IndexKey::opclass),
        field("descending", &IndexKey::descending), field("nulls_first", &IndexKey::nulls_first));
  }
};

struct Index {
  RelationName table = {};  // or materialized view
  std::string method = "btree";
  bool unique = false;
  bool nulls_not_distinct = false;
  std::vector<IndexKey> keys = {};
  std::vector<std::string> include = {};
  std::string predicate = {};
  Options options = {};
  std::string tablespace = {};
  bool valid = true;                              // false: what a failed concurrent build left
  bool only = false;                              // on a partitioned table, not on its partitions
  std::optional<RelationName> partition_of = {};  // the partitioned index that it is attached to
  std::vector<Option> statistics = {};            // of expression columns: "1" = "500"

  bool operator==(const Index&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &Index::table), field("method", &Index::method),
                      field("unique", &Index::unique),
                      field("nulls_not_distinct", &Index::nulls_not_distinct),
                      field("keys", &Index::keys), field("include", &Index::include),
                      field("predicate", &Index::predicate), field("options", &Index::options),
                      field("tablespace", &Index::tablespace), field("valid", &Index::valid),
                      field("only", &Index::only), field("partition_of", &Index::partition_of),
                      field("statistics", &Index::statistics));
  }
};

}  // namespace limbeck
