// Whether a database is what a program's declared tables expect: asked at start, before the first
// row is read.
//
//   for (const limbeck::Mismatch& it : limbeck::verify(database, limbeck::metadata<User>("app")))
//     std::cerr << to_string(it) << "\n";
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "limbeck/database.h"
#include "limbeck/model_spec.h"

namespace limbeck {

enum class MismatchKind : std::uint8_t {
  missing_table,
  missing_column,
  other_type,
  other_nullability,
  other_generation,    // an identity or computed column here, an ordinary one there
  missing_default,     // the declaration has the database fill in a value
  unexpected_column,   // NOT NULL and without a default: no row of the program can be inserted
  missing_label,       // of an enum
  missing_constraint,  // a key, a foreign key, a check
  missing_index,
  missing_trigger,  // that keeps an updated_at
};

struct Mismatch {
  MismatchKind kind = MismatchKind::missing_table;
  std::string object = {};    // "column public.users.email", "type public.role"
  std::string expected = {};  // "character varying(255)"
  std::string found = {};     // empty: nothing
};

// "column public.users.email: character varying(255) is expected, text is there"
std::string to_string(const Mismatch& mismatch);

// What the database lacks or has in another way; empty: it fits. Constraints and indexes are
// compared by what they do and not by their names. What the program does not need is no mismatch:
// further tables, labels and indexes, columns that may be left out. Nothing is changed, and no
// other database is asked. Throws Error for two sets with one table, inside of a Transaction, and
// for what the database does not let be read.
std::vector<Mismatch> verify(Database& database, std::span<const Metadata> sets);

template <class... Sets>
std::vector<Mismatch> verify(Database& database, const Metadata& first, const Sets&... others) {
  const Metadata sets[] = {first, others...};
  return verify(database, std::span<const Metadata>(sets));
}

}  // namespace limbeck
