// Observes what statements do while they run: in a scratch database, never in another one.
//
// What it sees is what the server did: the locks that it took, the tables that it wrote again, the
// rows that it went through, the indexes that it built.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "dialect/connection.h"
#include "dialect/database_url.h"
#include "dialect/effect.h"
#include "dialect/scratch.h"

namespace limbeck {

class Tracer {
 public:
  Tracer() = default;
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;
  virtual ~Tracer() = default;

  // Runs the statement, in a transaction of its own unless alone, and says what it did to the
  // tables that were there before. Locks are not seen of a statement that runs alone. Throws
  // DatabaseError when it fails.
  virtual Impacts observe(const sql::Statement& statement, bool alone) = 0;
  virtual void reset_session() = 0;
  virtual Scratch& scratch() = 0;
};

// Null for a database that does not say what it does. Throws as ScratchDialect::create().
std::unique_ptr<Tracer> make_tracer(std::string_view dialect,
                                    const std::optional<DatabaseUrl>& server,
                                    const ConnectOptions& options);

}  // namespace limbeck
