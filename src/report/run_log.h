// The log of a run: turns its events into lines while it works, and its report into text and JSON
// at the end.
//
// It never decides anything; the run goes on the same without it.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/json_writer.h"
#include "lint/finding.h"
#include "report/line_printer.h"
#include "run/event.h"
#include "run/runner.h"

namespace limbeck {

class RunLog {
 public:
  explicit RunLog(LinePrinter& printer) : printer_(printer), paint_(printer.paint()) {}
  RunLog(const RunLog&) = delete;
  RunLog& operator=(const RunLog&) = delete;
  ~RunLog() { keep_progress(); }

  // Statements are shown, too.
  void show_statements() { verbose_ = true; }
  void show(const Event& event);

 private:
  void tell(const WaitingForLock& event);
  void tell(const WaitingForOrphan& event);
  void tell(const BackupWritten& event);
  void tell(const BackupRemoved& event);
  void tell(const RevisionStarted& event);
  void tell(const RevisionFinished& event);
  void tell(const AllCommitted& event);
  void tell(const StepStarted& event);
  void tell(const StatementSent& event);
  void tell(const StepSkipped& event);
  void tell(const DebrisRemoved& event);
  void tell(const BackfillProgress& event);
  void tell(const Retrying& event);
  void tell(const ServerNotice& event);
  void tell(const ScriptSaid& event);
  void tell(const RowsPurged& event);
  void tell(const Stamped& event);

  // What a backfill has come to stays when something else begins.
  void keep_progress();

  LinePrinter& printer_;
  const Painter& paint_;
  bool waiting_ = false;
  bool verbose_ = false;
  std::optional<BackfillProgress> progress_ = {};
  std::chrono::steady_clock::time_point progress_line_ =
      {};  // when the last one was written where none can change
};

// "12 ms", "1.2 s", "3 min 5 s".
std::string duration_text(double seconds);

// {"revisions": [...], "heads": [...], "backup_file": null}, and with findings "findings": [...]
std::string run_report_json(const RunReport& report,
                            const std::vector<Finding>* findings = nullptr);

}  // namespace limbeck
