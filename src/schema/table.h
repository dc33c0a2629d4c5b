// Tables and their parts: columns, defaults, constraints; and sequences.
//
// A table holds none of its parts: each is an object of its own under the table's name, because
// each has dependencies of its own. Expressions and types are in the database's canonical text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/field.h"
#include "schema/object_id.h"
#include "schema/option.h"

namespace limbeck {

struct SequenceOptions {
  std::string type = "bigint";
  std::int64_t start = 1;
  std::int64_t increment = 1;
  std::int64_t minimum = 1;
  std::int64_t maximum = INT64_MAX;
  std::int64_t cache = 1;
  bool cycle = false;

  bool operator==(const SequenceOptions&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(
        field("type", &SequenceOptions::type), field("start", &SequenceOptions::start),
        field("increment", &SequenceOptions::increment),
        field("minimum", &SequenceOptions::minimum), field("maximum", &SequenceOptions::maximum),
        field("cache", &SequenceOptions::cache), field("cycle", &SequenceOptions::cycle));
  }
};

enum class Persistence { permanent, unlogged };

// The sequence of an identity column is no Sequence: it is in Column::identity.
struct Sequence {
  SequenceOptions options = {};
  Persistence persistence = Persistence::permanent;
  std::optional<ObjectId> owned_by = {};  // a column: dropped with it

  bool operator==(const Sequence&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("options", &Sequence::options),
                      field("persistence", &Sequence::persistence),
                      field("owned_by", &Sequence::owned_by));
  }
};

struct ForeignTable {
  std::string server = {};
  Options options = {};

  bool operator==(const ForeignTable&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("server", &ForeignTable::server),
                      field("options", &ForeignTable::options));
  }
};

struct PartitionOf {
  RelationName parent = {};
  std::string bound = {};  // "FOR VALUES FROM (1) TO (10)", "DEFAULT"

  bool operator==(const PartitionOf&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("parent", &PartitionOf::parent), field("bound", &PartitionOf::bound));
  }
};

enum class ReplicaIdentity { primary_key, nothing, full, index };

struct Table {
  Persistence persistence = Persistence::permanent;
  std::string partition_key = {};  // "RANGE (created_at)"; empty: not partitioned
  std::optional<PartitionOf> partition_of = {};
  std::vector<RelationName> inherits = {};  // in their order; never a partition's parent
  std::string of_type = {};                 // CREATE TABLE ... OF
  Options options = {};                     // those of the TOAST table as "toast.x"
  std::string access_method = {};           // empty: heap
  std::string tablespace = {};              // empty: the database's
  bool row_security = false;
  bool force_row_security = false;
  ReplicaIdentity replica_identity = ReplicaIdentity::primary_key;
  std::string replica_identity_index = {};
  std::string cluster_index = {};  // ALTER TABLE ... CLUSTER ON
  std::optional<ForeignTable> foreign = {};
  bool strict = false;         // SQLite
  bool without_rowid = false;  // SQLite

  bool operator==(const Table&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(
        field("persistence", &Table::persistence), field("partition_key", &Table::partition_key),
        field("partition_of", &Table::partition_of), field("inherits", &Table::inherits),
        field("of_type", &Table::of_type), field("options", &Table::options),
        field("access_method", &Table::access_method), field("tablespace", &Table::tablespace),
        field("row_security", &Table::row_security),
        field("force_row_security", &Table::force_row_security),
        field("replica_identity", &Table::replica_identity),
        field("replica_identity_index", &Table::replica_identity_index),
        field("cluster_index", &Table::cluster_index), field("foreign", &Table::foreign),
        field("strict", &Table::strict), field("without_rowid", &Table::without_rowid));
  }
};

struct Identity {
  bool always = false;  // GENERATED ALWAYS; else BY DEFAULT
  SequenceOptions options = {};
  std::string sequence = {};  // its name, in the schema of the table

  bool operator==(const Identity&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("always", &Identity::always), field("options", &Identity::options),
                      field("sequence", &Identity::sequence));
  }
};

struct Generated {
  std::string expression = {};
  bool stored = true;  // SQLite also has VIRTUAL

  bool operator==(const Generated&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("expression", &Generated::expression),
                      field("stored", &Generated::stored));
  }
};

// Its default is an object of its own (Kind::column_default).
struct Column {
  int position = 0;  // from 1, without gaps: dropped columns do not count
  std::string type = {};
  std::string collation = {};  // qualified and quoted; empty: the type's own
  bool not_null = false;
  std::optional<Identity> identity = {};
  std::optional<Generated> generated = {};
  std::string storage = {};      // "plain", "main", ...; empty: the type's own
  std::string compression = {};  // "pglz", "lz4"; empty: the server's default
  int statistics = -1;
  Options options = {};          // n_distinct=...
  Options foreign_options = {};  // of a foreign table
  bool inherited = false;        // from a parent table or partitioned table
  bool local = true;             // declared in the table itself

  bool operator==(const Column&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("position", &Column::position, FieldRole::carried),
                      field("type", &Column::type), field("collation", &Column::collation),
                      field("not_null", &Column::not_null), field("identity", &Column::identity),
                      field("generated", &Column::generated), field("storage", &Column::storage),
                      field("compression", &Column::compression),
                      field("statistics", &Column::statistics), field("options", &Column::options),
                      field("foreign_options", &Column::foreign_options),
                      field("inherited", &Column::inherited), field("local", &Column::local));
  }
};

struct ColumnDefault {
  std::string expression = {};

  bool operator==(const ColumnDefault&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("expression", &ColumnDefault::expression));
  }
};

}  // namespace limbeck
