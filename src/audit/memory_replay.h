// What a chain of revisions builds, replayed without a server: in memory for PostgreSQL, in a
// database in memory for SQLite.
//
// It goes on where a statement fails, and says which one did. What only a server knows (a DO block,
// a script that asks the database) leaves the result incomplete.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "limbeck/error.h"

#include "audit/schema_facts.h"
#include "revision/direction.h"

namespace limbeck {

struct AuditFacts;

// A statement that does not run on what stands before it.
struct ReplayFault {
  std::string revision = {};
  Direction direction = Direction::upgrade;
  std::string message = {};
  Place place = {};
};

// Where a table was made.
struct MadeTable {
  std::string revision = {};
  Place place = {};
};

// CREATE TABLE IF NOT EXISTS of a table that an earlier revision has made with other columns.
struct HiddenTable {
  RelationName table = {};
  std::string revision = {};
  Place place = {};
  MadeTable earlier = {};
};

struct MemoryReplay {
  std::optional<SchemaFacts> at_heads = {};
  std::optional<SchemaFacts> at_current = {};  // as far as the database is; nothing: not asked for
  std::vector<ReplayFault> faults = {};
  std::vector<HiddenTable> hidden = {};
  std::map<RelationName, MadeTable> made = {};
  std::set<std::string> no_change = {};   // revisions with an empty downgrade that make nothing
  std::vector<std::string> unknown = {};  // why what is built is not known for certain
  bool walked_back = false;               // whether the downgrades were tried, too
};

// Of the revisions of the facts in their order; current: how many of them the database has.
MemoryReplay replay_in_memory(const AuditFacts& facts, std::optional<std::size_t> current);

}  // namespace limbeck
