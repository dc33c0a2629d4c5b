// What a run tells while it works: typed events, for progress bars and logs.
//
// An event is never needed for correctness; the journal holds what matters.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dialect/dialect.h"
#include "plan/step.h"
#include "revision/direction.h"

namespace limbeck {

// Another runner holds the lock. Sent when the waiting begins, and every few seconds.
struct WaitingForLock {
  LockHolder holder;
  int waited_ms = 0;
};
// An earlier runner died, and its server process works on.
struct WaitingForOrphan {
  LockHolder backend;
};
struct BackupWritten {
  std::string file;
};
struct BackupRemoved {
  enum class Why {
    old,         // by the rule of the settings
    not_needed,  // the run that it was made for ended before it changed anything
  };
  std::string file;
  Why why = Why::old;
};
struct RevisionStarted {
  std::string from;  // as logs print it: ids, comma separated, empty for base
  std::string to;
  std::string message;
  Direction direction = Direction::upgrade;
  std::size_t number = 0;  // from 1
  std::size_t total = 0;
  bool resumed = false;
};
struct RevisionFinished {  // and committed
  std::string revision;
  Direction direction = Direction::upgrade;
  double seconds = 0;
};
// The revisions that were started are one transaction, and it is committed.
struct AllCommitted {
  std::size_t revisions = 0;
  double seconds = 0;
};
// Only of revisions that have several steps.
struct StepStarted {
  std::size_t number = 0;
  std::size_t total = 0;
  StepKind kind = StepKind::transaction;
  std::string summary;  // the first words of its first statement
};
struct StatementSent {  // it is about to run; its text may hold passwords
  std::string_view sql;
};
struct StepSkipped {  // a resumed revision: done before
  std::size_t number = 0;
  std::size_t total = 0;
  std::string reason;
};
struct DebrisRemoved {
  std::string found;
};
struct BackfillProgress {
  std::string table;
  std::int64_t seen = 0;  // rows looked at
  std::int64_t total = 0;
  std::int64_t changed = 0;
};
struct Retrying {
  std::string reason;
  int pause_ms = 0;
  int attempt = 0;
};
struct ServerNotice {
  std::string text;
};
struct ScriptSaid {  // what an Alembic script printed, or what there is to say of it
  std::string text;
};
struct RowsPurged {  // all that the version table held
  std::vector<std::string> revisions;
};
struct Stamped {
  std::string from;
  std::string to;
};

using Event = std::variant<WaitingForLock, WaitingForOrphan, BackupWritten, BackupRemoved,
                           RevisionStarted, RevisionFinished, AllCommitted, StepStarted,
                           StatementSent, StepSkipped, DebrisRemoved, BackfillProgress, Retrying,
                           ServerNotice, ScriptSaid, RowsPurged, Stamped>;
using EventSink = std::function<void(const Event&)>;

}  // namespace limbeck
