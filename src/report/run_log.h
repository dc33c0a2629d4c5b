// The log of a run: turns its events into lines while it works, and its report into text and JSON
// at the end.
//
// It never decides anything; the run goes on the same without it.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "report/line_printer.h"
#include "run/event.h"
#include "run/runner.h"

namespace limbeck {

class RunLog {
 public:
  explicit RunLog(LinePrinter& printer) : printer_(printer), paint_(printer.paint()) {}

  void show(const Event& event);

 private:
  void show(const WaitingForLock& event);
  void show(const WaitingForOrphan& event);
  void show(const BackupWritten& event);
  void show(const RevisionStarted& event);
  void show(const RevisionFinished& event);
  void show(const StepStarted& event);
  void show(const StepSkipped& event);
  void show(const DebrisRemoved& event);
  void show(const BackfillProgress& event);
  void show(const Retrying& event);
  void show(const ServerNotice& event);
  void show(const Stamped& event);

  LinePrinter& printer_;
  const Painter& paint_;
  bool waiting_ = false;
};

// "12 ms", "1.2 s", "3 min 5 s".
std::string duration_text(double seconds);

// {"revisions": [...], "heads": [...], "backup_file": null}
std::string run_report_json(const RunReport& report);

}  // namespace limbeck
