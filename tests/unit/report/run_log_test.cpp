#include "report/run_log.h"

#include <array>
#include <doctest/doctest.h>
#include <optional>
#include <unistd.h>

using namespace limbeck;

namespace {

// What is written to a pipe, as a terminal or as a file would get it.
class Log {
 public:
  explicit Log(bool terminal) {
    std::array<int, 2> ends{};
    REQUIRE(pipe(ends.data()) == 0);
    read_end_ = ends[0];
    write_end_ = ends[1];
    printer_.emplace(write_end_, terminal, Painter());
    log_.emplace(*printer_);
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log() { close(read_end_); }

  RunLog& operator*() { return *log_; }
  std::string text() {
    log_.reset();
    printer_.reset();
    close(write_end_);
    std::string result;
    std::array<char, 4096> buffer{};
    ssize_t size = 0;
    while ((size = read(read_end_, buffer.data(), buffer.size())) > 0) {
      result.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return result;
  }

 private:
  int read_end_ = -1;
  int write_end_ = -1;
  std::optional<LinePrinter> printer_;
  std::optional<RunLog> log_;
};

const RevisionStarted started{.from = "aaa", .to = "bbb\x1b", .message = "two\nlines"};

}  // namespace

TEST_CASE("a revision is one line, with its time at the end") {
  Log log(false);
  (*log).show(Event{started});
  (*log).show(Event{RevisionFinished{.revision = "bbb", .seconds = 0.0124}});
  CHECK(log.text() == "Running upgrade aaa -> bbb\\x1b, two\\nlines (12 ms)\n");
}

TEST_CASE("a revision of a single transaction is not done before all of them are committed") {
  Log log(false);
  (*log).show(Event{started});
  (*log).show(Event{AllCommitted{.revisions = 1, .seconds = 2.4}});
  CHECK(log.text() ==
        "Running upgrade aaa -> bbb\\x1b, two\\nlines\n"
        "Committed 1 revision as one transaction (2.4 s)\n");
}

TEST_CASE("a line that something came in between is ended, and so is one that never finished") {
  Log log(false);
  (*log).show(Event{started});
  (*log).show(Event{StepStarted{.number = 1, .total = 2, .summary = "CREATE INDEX"}});
  (*log).show(Event{RevisionFinished{.revision = "bbb", .seconds = 61}});
  (*log).show(Event{RevisionStarted{
      .from = "b", .to = "a", .message = "", .direction = Direction::downgrade, .resumed = true}});
  CHECK(log.text() ==
        "Running upgrade aaa -> bbb\\x1b, two\\nlines\n  step 1 of 2: CREATE INDEX\n"
        "  done (1 min 1 s)\nResuming downgrade b -> a\n");
}

TEST_CASE("progress changes a line on a terminal alone") {
  const BackfillProgress half{.table = "t", .seen = 50, .total = 100, .changed = 7};
  const BackfillProgress all{.table = "t", .seen = 100, .total = 100, .changed = 9};
  Log file(false);
  (*file).show(Event{half});
  (*file).show(Event{all});
  (*file).show(Event{Retrying{.reason = "a lock", .pause_ms = 100, .attempt = 1}});
  CHECK(file.text() ==
        "  [############################] 100% t: 100 rows looked at, 9 changed\n"
        "  a lock; trying again in 100 ms (try 2)\n");
  Log terminal(true);
  (*terminal).show(Event{half});
  (*terminal).show(Event{all});
  const std::string drawn = terminal.text();
  CHECK(drawn.starts_with("\r\x1b[K  [##############..............]  50% t: 50 rows"));
  CHECK(drawn.ends_with(
      "\r\x1b[K  [############################] 100% t: 100 rows looked at, 9 changed\n"));
}

TEST_CASE("who holds the lock is said once") {
  Log log(false);
  const WaitingForLock waiting{.holder = {.pid = 7, .user = "ann", .host = "h\x07"},
                               .waited_ms = 0};
  (*log).show(Event{waiting});
  (*log).show(Event{waiting});
  CHECK(log.text() == "Waiting for another run to finish (process 7, user ann, host h\\x07)\n");
}

TEST_CASE("durations for people") {
  CHECK(duration_text(0) == "0 ms");
  CHECK(duration_text(0.4) == "400 ms");
  CHECK(duration_text(1.25) == "1.2 s");
  CHECK(duration_text(185) == "3 min 5 s");
}

TEST_CASE("bars") {
  CHECK(progress_bar(0, 12) == "[..........]");
  CHECK(progress_bar(0.5, 12) == "[#####.....]");
  CHECK(progress_bar(7, 12) == "[##########]");
  CHECK(progress_bar(-1, 12) == "[..........]");
  CHECK(progress_bar(1, 2).empty());
}
