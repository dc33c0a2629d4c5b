// Observes what statements do while they run: in a scratch database, never in another one.
//
// What it sees is what the server did: the locks that it took, the tables that it wrote again, the
// rows that it went through, the indexes that it built.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/effect.h"
#include "dialect/scratch.h"

namespace limbeck {

struct RowWork {
  std::int64_t read = 0;     // one after the other; not through an index
  std::int64_t written = 0;  // inserted, updated, deleted

  bool operator==(const RowWork&) const = default;
};

// What a statement did to the tables that were there when the observer last looked around, by the
// names that they had then.
struct Observation {
  Impacts impacts = {};                         // with the locks that it took itself
  std::map<RelationName, LockLevel> held = {};  // by its transaction when it had ended
  std::map<RelationName, RowWork> rows = {};
};

// Watches the statements that somebody else runs on a connection. Of a statement that runs alone,
// outside a transaction, it sees neither locks nor rows.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;

  // The tables that are there now are those that the next statements are seen to work on.
  virtual void look_around() = 0;
  // Before the first statement of a transaction that has just begun, or before one that runs alone.
  virtual void begin(bool alone) = 0;
  // After a statement that did not fail, and before its transaction ends.
  virtual Observation after(const sql::Statement& statement, bool alone) = 0;
};

// Null for a database that does not say what it does. The connection is a scratch database's, and
// outlives the observer.
std::unique_ptr<Observer> make_observer(std::string_view dialect, Connection& connection);

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  virtual ~Tracer() = default;

  // Runs the statement, in a transaction of its own unless alone, in which holds what those before
  // it have set until the commit, and says what it did to the tables that were there before. Locks
  // are not seen of a statement that runs alone. Throws DatabaseError when it fails.
  virtual Impacts observe(const sql::Statement& statement, bool alone) = 0;
  // The author's transaction ends here: what was set until the commit holds no longer.
  virtual void end_transaction() = 0;
  virtual void reset_session() = 0;
  virtual Scratch& scratch() = 0;
};

// Null for a database that does not say what it does. Throws as ScratchDialect::create().
std::unique_ptr<Tracer> make_tracer(std::string_view dialect,
                                    const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options);

}  // namespace limbeck
