// What is said between the program and its reader of Alembic scripts: one JSON object a line.
// Internal to src/alembic.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "alembic/script_reader.h"
#include "alembic/type_uses.h"

namespace limbeck {

// ---- what the program says ----

std::string configure_line(const ScriptReaderSettings& settings, const Dialect& dialect);
// what: "record", "load" or "live".
std::string script_line(std::string_view what, const ScriptRequest& request);
std::string answer_line(const ResultSet& result);
std::string answer_line(const DatabaseError& error);
std::string empty_answer_line();

// ---- what the reader says ----

struct ReaderReady {};
// An answer to a recording, or the end of a live run.
struct ReaderDone {
  Recording recording = {};
  std::vector<TypeEvent> types = {};
  bool pure = false;  // nothing but the script and the configuration has gone into it
};
struct ReaderFrame {
  std::string file = {};
  int line = 0;
  std::string function = {};
  std::string text = {};
};
struct ReaderRaised {
  std::string type = {};
  std::string message = {};
  std::string file = {};
  int line = 0;
  int column = 0;
  std::vector<ReaderFrame> traceback = {};
  std::string output = {};
};
// Nothing was run: the script is for several databases, and has to be told which one is meant.
struct ReaderWantsEngine {
  std::string text = {};                  // "upgrade() takes engine_name"
  std::vector<std::string> engines = {};  // for which it has functions
  int line = 0;
};
// In a live run: to be done, and answered.
using ReaderEvent =
    std::variant<ReaderReady, ReaderDone, ReaderRaised, ReaderWantsEngine, ScriptStatement,
                 ScriptAutocommit, ScriptCommit, ScriptTableChanges>;

// Nothing when the line is none of these: the reader is broken.
std::optional<ReaderEvent> read_event(std::string_view line);

}  // namespace limbeck
