// A script: a revision that is a program and not SQL, as Alembic's are, and what it asks of a
// database.
//
// Nothing here runs a program; alembic/ does. A script that never looks at what the database
// answers is recorded: its statements are known before anything runs, and become steps like those
// of an SQL revision. Any other runs live, against the connection of the runner.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "limbeck/error.h"

#include "dialect/connection.h"
#include "operation/table_changes.h"
#include "revision/direction.h"
#include "revision/revision_file.h"

namespace limbeck {

class Dialect;

struct ScriptStatement {
  std::string sql = {};
  int line = 0;  // of the script
  // The script's own words above the call, each line with its "#"; once for all that a call does.
  std::string comment = {};
  std::vector<Value> parameters = {};  // $1, $2, ...: of a single statement
};

// Enters or leaves a part in which each statement is committed alone.
struct ScriptAutocommit {
  bool enter = false;
  int line = 0;
};

// Commits what it has done up to here.
struct ScriptCommit {
  int line = 0;
};

// Changes of one table that the database's own ALTER TABLE cannot make.
struct ScriptTableChanges {
  TableChanges changes = {};
  int line = 0;
  std::string comment = {};  // as above
};

using ScriptItem =
    std::variant<ScriptStatement, ScriptAutocommit, ScriptCommit, ScriptTableChanges>;

// Why a script cannot be recorded.
struct ScriptNeed {
  enum class What {
    query,        // it uses what the database answers: it runs live
    application,  // it uses what no stand-in can do: the project's own Alembic can run it
  };
  What what = What::query;
  std::string text = {};  // what it asked for
  int line = 0;
};

struct Recording {
  std::vector<ScriptItem> items = {};
  std::optional<ScriptNeed> needs = {};  // the items are then not all
  std::vector<std::string> notes = {};   // for people
  std::string output = {};               // what the script printed
};

// A line of a script, for an error: with what stands there.
Place place_of_line(const RevisionFile& file, int line);

// As ResultSet::affected: an earlier run of the revision has done the statement, and what it
// answered is not known any more.
inline constexpr std::int64_t answer_not_known = -1;

// Where a live script works.
class ScriptHost {
 public:
  virtual ~ScriptHost() = default;

  // Throws DatabaseError, which the script may catch; anything else ends the script.
  virtual ResultSet execute(const ScriptStatement& statement) = 0;
  virtual void autocommit(const ScriptAutocommit& boundary) = 0;
  virtual void commit(const ScriptCommit& mark) = 0;
  virtual void change_table(const ScriptTableChanges& changes) = 0;
  // What follows is meant to take rows with it.
  virtual void accept_data_loss() {}
};

struct ScriptRequest {
  std::string id = {};
  std::filesystem::path path = {};
  Direction direction = Direction::upgrade;
  bool offline = false;     // for an offline script: the script is told so
  bool only_load = false;   // what it does is not wanted: whether it is a script that can be run
  std::string source = {};  // as RevisionFile::text
  std::string hash = {};    // of its file, as RevisionFile::hash
};

struct ScriptCall {
  const RevisionFile& file;
  const Dialect& dialect;
  ScriptRequest request;
  // Set when nobody waits for its recording any more: then Interrupted is thrown.
  const std::atomic<bool>* stop = nullptr;
};

// A program to be run beside us, in a folder.
struct ScriptProgram {
  std::vector<std::string> command = {};
  std::filesystem::path folder = {};
};

// In a program's command: the query that finds a row only in the database that is meant.
inline constexpr std::string_view delegation_query = "{query that finds our row}";
// How the program ends when there is no such row where it has connected: it has run nothing then.
inline constexpr int delegation_elsewhere = 77;

// The project's own Alembic, for a script that needs the application: runs this one script, and
// moves the version table.
struct ScriptDelegation {
  ScriptProgram step = {};
};

// A script is for several databases, and nobody has said which one is meant: so no other script
// would do better.
class EngineNeeded : public Error {
 public:
  using Error::Error;
};

// What runs a project's scripts. Both calls throw Error (ExitCode::invalid_project) with the
// script's line: it raises, it is no Python, it has no such function, it runs too long; and
// Interrupted.
class Scripts {
 public:
  virtual ~Scripts() = default;

  // These will be asked for: what runs scripts may begin with them.
  virtual void announce(std::span<const ScriptRequest> requests, const Dialect& dialect) = 0;
  // Runs it without a database, or only loads it: the recording has no items then.
  virtual Recording record(const ScriptCall& call) = 0;
  // Runs it against the host. The result has no items, and needs only an application.
  virtual Recording run(const ScriptCall& call, ScriptHost& host) = 0;
  // Whether it is known which of several databases is meant, when a script's function takes that.
  virtual bool names_engine() const { return false; }
  // Whether delegation() may give anything.
  virtual bool delegates() const = 0;
  // How the project's own Alembic runs it; nothing when it is not to be asked.
  virtual std::optional<ScriptDelegation> delegation(const ScriptCall& call) = 0;
  // Before what delegation() has given is run: whether Alembic is there at all.
  virtual void check_delegation() = 0;
};

}  // namespace limbeck
