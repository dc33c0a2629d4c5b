// A program that is spoken to line by line, over a socket that it finds as its descriptor 3. What
// it may have to read once is a file in memory, its descriptor 4.
//
// Nothing is on its standard input; its standard output goes to our standard error, so that ours
// holds nothing but our own result. It is killed, with every process that it has started and that
// has stayed in its group, when this ends.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "base/file.h"
#include "base/process.h"

namespace limbeck {

// What may ask to stop waiting: each one that is set does.
class StopSignals {
 public:
  using Flag = const std::atomic<bool>*;  // nullptr: none
  StopSignals(Flag one, Flag other = nullptr) : flags_{one, other} {}

  bool any() const {
    return std::any_of(flags_.begin(), flags_.end(),
                       [](Flag flag) { return flag != nullptr && flag->load(); });
  }

 private:
  std::array<Flag, 2> flags_;
};

class Dialogue {
 public:
  // command: the program is looked up in PATH. folder: where it runs; empty: where we do.
  // attachment: the bytes of its descriptor 4.
  Dialogue(const std::vector<std::string>& command, const std::string& folder,
           std::string_view attachment);
  Dialogue(const Dialogue&) = delete;
  Dialogue& operator=(const Dialogue&) = delete;
  ~Dialogue();

  // Why it could not be started; empty: it runs.
  const std::string& start_error() const { return start_error_; }

  enum class End { line, ended, timed_out, interrupted };

  // Everything, and what the program says meanwhile is kept for receive(). Not longer than the
  // program takes it: false when it has ended or is not to be waited for any more.
  bool send(std::string_view bytes, const StopSignals& stop);
  // One line, without its end.
  End receive(std::string& line, int timeout_ms, const StopSignals& stop);
  // How it ended. It is killed first when it has not.
  ProcessResult stop();

 private:
  bool take_input();

  FileDescriptor socket_;
  pid_t child_ = 0;
  std::string start_error_;
  std::string input_;
  std::size_t seen_ = 0;  // of input_: without an end of line
  bool closed_ = false;
};

}  // namespace limbeck
