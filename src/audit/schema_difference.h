// What two schemas do not have in common, object by object, for people: which table is missing,
// which column has another type.
//
// Unlike diff() it does not say how one becomes the other, and so needs no order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/schema_facts.h"

namespace limbeck {

enum class DifferenceKind : std::uint8_t {
  no_table,    // expected, and not there
  more_table,  // there, and not expected
  no_column,   // of a table that both have; so with all that follow
  more_column,
  column_type,
  column_null,
  column_default,
  enum_labels,  // of an enum that both have
  no_object,    // of any other kind
  more_object,
  other_object,  // the same name, something else
};

struct SchemaDifference {
  DifferenceKind kind = DifferenceKind::other_object;
  ObjectId id = {};
  RelationName table = {};    // that it belongs to; no name: none
  std::string expected = {};  // the type, the labels, the fields that differ
  std::string found = {};
};

// In the order of the ids. Texts that are not certain are no difference.
std::vector<SchemaDifference> schema_differences(SchemaFacts expected, SchemaFacts found);

// The type of the column that a foreign key of this column refers to, and that column for people
// ("user.id"); empty when it has no foreign key.
struct ReferredColumn {
  std::string name = {};
  std::string type = {};
};
ReferredColumn referred_column(const Schema& schema, const RelationName& table,
                               const std::string& column);

}  // namespace limbeck
