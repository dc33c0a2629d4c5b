// One Python process that runs scripts: started, told what it has to know, spoken with.
// Internal to src/alembic.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "alembic/script_protocol.h"
#include "base/dialogue.h"

namespace limbeck {

class ReaderProcess {
 public:
  // What it said, as it said it.
  struct Heard {
    std::string line = {};
    ReaderEvent event = {};
  };

  // The settings must outlive it.
  explicit ReaderProcess(const ScriptReaderSettings& settings) : settings_(settings) {}

  // Starts it when it does not run. Throws Error (ExitCode::invalid_project).
  void prepare(const Dialect& dialect);
  // Throws Error when it has ended, and Interrupted, which stop asks for, too. Whatever is thrown
  // leaves no process.
  void send(const std::string& lines, StopSignals::Flag stop = nullptr);
  // file: whose script it should be busy with, for errors.
  Heard next_event(const RevisionFile& file, StopSignals::Flag stop = nullptr);
  // Kills it: the next one knows nothing of what this one was asked.
  void forget();

 private:
  void start();
  [[noreturn]] void throw_stop();
  Error ended();

  const ScriptReaderSettings& settings_;
  std::optional<Dialogue> dialogue_;
  std::string dialect_;  // that it is configured for
};

// The hash of the reader's own code.
const std::string& reader_identity();
// The command that starts it.
std::vector<std::string> reader_command(const ScriptReaderSettings& settings);
// The attachment that it wants: its modules.
std::string reader_attachment();

}  // namespace limbeck
