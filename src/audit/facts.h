// What an audit knows of a project: its revisions, its graph, how each revision is run, what they
// build, what is declared and what the database holds.
//
// Pure data, gathered once (gather.h) and then only looked at. What could not be found out is not
// there, and `not_looked_at` says so.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/column_text.h"
#include "audit/comparison.h"
#include "audit/declared.h"
#include "audit/graph_faults.h"
#include "audit/memory_replay.h"
#include "project/project.h"
#include "run/observation.h"
#include "run/state.h"

namespace limbeck {

// How a revision is run in one direction.
enum class HowRun {
  sql,        // it is SQL
  recorded,   // a script whose statements are known before it runs
  live,       // a script that asks the database
  delegated,  // a script that the project's own Alembic runs
  cannot,     // it cannot be run: see `fault`
};
std::string_view to_string(HowRun how);

struct DirectionFacts {
  HowRun how = HowRun::sql;
  std::vector<Step> steps = {};           // of sql and recorded
  std::string because = {};               // of live and delegated
  std::optional<ErrorReport> fault = {};  // of cannot
  bool missing = false;                   // there is no downgrade at all
  bool irreversible = false;              // says of itself that there is no way back
};

struct RevisionFacts {
  Revision revision = {};
  std::filesystem::path path = {};  // as to be shown
  bool is_script = false;
  std::string text = {};  // empty when it could not be read
  DirectionFacts up = {};
  DirectionFacts down = {};
  std::vector<ColumnText> columns = {};  // that the statements of its upgrade write out
};

// Whether it does anything to a database, as far as that is known.
bool has_statements(const DirectionFacts& way);

struct DatabaseFacts {
  std::string url = {};  // without a password
  std::string version = {};
  bool missing_file = false;  // of SQLite: the first upgrade makes it
  DatabaseState state = {};
  std::optional<RunAtWork> running = {};
  std::vector<ChangedRevision> changed = {};
  std::optional<int> width = {};  // of the version table's column
  SchemaFacts schema = {};
  std::string between = {};  // why the schema is that of no revision now; empty: it is that of one
};

struct AuditFacts {
  const Project* project = nullptr;
  std::string dialect = {};

  std::vector<ErrorReport> unreadable = {};  // files of revisions
  std::vector<GraphFault> graph_faults = {};
  RevisionGraph graph = {};                      // what is left without the faults
  std::vector<RevisionFacts> revisions = {};     // by the index in the graph
  std::vector<RevisionGraph::Index> order = {};  // of the upgrade of all of them
  std::vector<bool> applied = {};                // by the index: whether the database has it
  std::optional<ErrorReport> no_python = {};     // why no script could be read

  MemoryReplay replay = {};
  std::optional<DatabaseFacts> database = {};
  std::optional<ErrorReport> unreachable = {};  // why the database was not read
  bool database_required = false;

  std::optional<DeclaredFacts> declared = {};
  std::optional<ErrorReport> declared_fault = {};

  AuditComparison comparison = {};

  std::vector<std::string> not_looked_at = {};  // "the way back: ...", for people

  bool graph_is_whole() const { return unreadable.empty() && graph_faults.empty(); }
};

// "orders", "sales.orders": for people.
std::string shown_name(const RelationName& table);

}  // namespace limbeck
