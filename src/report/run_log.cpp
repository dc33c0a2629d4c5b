#include "report/run_log.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/counted.h"
#include "base/letter_case.h"
#include "base/redact.h"
#include "report/findings.h"

namespace limbeck {
namespace {

constexpr std::size_t bar_width = 30;

std::string describe(const LockHolder& holder) {
  std::string text;
  if (holder.pid != 0) text += fmt::format("process {}", holder.pid);
  if (!holder.user.empty()) text += fmt::format(", user {}", printable(holder.user));
  if (!holder.host.empty()) text += fmt::format(", host {}", printable(holder.host));
  if (!holder.since.empty()) text += fmt::format(", since {}", printable(holder.since));
  if (!holder.activity.empty()) text += fmt::format(", {}", printable(holder.activity));
  if (text.empty()) return "unknown";
  return text.starts_with(", ") ? text.substr(2) : text;
}

// A password may stand in any literal of a statement about passwords: in a DO block, in dollar
// quotes, in the argument of a function. Of a table with such a column nothing is hidden.
std::string shown_statement(std::string_view sql) {
  const std::string lower = lower_case(sql);
  const std::size_t key = lower.find("passw");
  const bool is_of_table = lower.starts_with("create table") || lower.starts_with("alter table");
  if (key == std::string::npos || is_of_table) return redact(sql);
  const std::size_t end = key + std::string_view("password").size();
  return fmt::format("{}{} *** (not shown)", redact(sql.substr(0, key)),
                     sql.substr(key, end - key));
}

std::string percentage(const BackfillProgress& event) {
  if (event.total <= 0) return {};
  const double part = static_cast<double>(event.seen) / static_cast<double>(event.total);
  return fmt::format("{} {:3.0f}% ", progress_bar(part, bar_width), std::fmin(part, 1) * 100);
}

std::string progress_text(const BackfillProgress& event) {
  return fmt::format("  {}{}: {} rows looked at, {} changed", percentage(event),
                     printable(event.table), event.seen, event.changed);
}

// How many there are is not always known.
std::string step_of(std::size_t number, std::size_t total) {
  return total == 0 ? fmt::format("step {}", number) : fmt::format("step {} of {}", number, total);
}

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(seconds);
  return fmt::format("{} min {} s", whole / 60, whole % 60);
}

void RunLog::show(const Event& event) {
  if (!std::holds_alternative<BackfillProgress>(event)) keep_progress();
  std::visit([this](const auto& it) { tell(it); }, event);
}

void RunLog::tell(const WaitingForLock& event) {
  const std::string text =
      fmt::format("Waiting for another run to finish ({})", describe(event.holder));
  if (!waiting_) printer_.line(text);
  waiting_ = true;
  if (event.waited_ms > 0) {
    printer_.transient(fmt::format("waited {}", duration_text(event.waited_ms / 1000.0)));
  }
}

void RunLog::tell(const WaitingForOrphan& event) {
  printer_.line(fmt::format("Waiting for what an earlier run left working in the server ({})",
                            describe(event.backend)));
}

void RunLog::tell(const BackupWritten& event) {
  printer_.line(fmt::format("Backup written to {}", printable(event.file)));
}

void RunLog::tell(const BackupRemoved& event) {
  const bool is_old = event.why == BackupRemoved::Why::old;
  printer_.line(fmt::format(
      "{}: {}", is_old ? "Old backup removed" : "Backup removed, as nothing was changed",
      printable(event.file)));
}

void RunLog::tell(const RevisionStarted& event) {
  std::string text = fmt::format("{} {} {} -> {}", event.resumed ? "Resuming" : "Running",
                                 to_string(event.direction), printable(event.from),
                                 paint_(Style::yellow, printable(event.to)));
  if (!event.message.empty()) text += ", " + printable(event.message);
  printer_.begin(text);
}

void RunLog::tell(const RevisionFinished& event) {
  const std::string time = paint_(Style::dim, fmt::format("({})", duration_text(event.seconds)));
  if (!printer_.end(" " + time)) printer_.line("  done " + time);
}

void RunLog::tell(const AllCommitted& event) {
  printer_.line(fmt::format("Committed {} as one transaction {}",
                            counted(event.revisions, "revision"),
                            paint_(Style::dim, fmt::format("({})", duration_text(event.seconds)))));
}

void RunLog::tell(const StepStarted& event) {
  printer_.line(
      fmt::format("  {}: {}", step_of(event.number, event.total), printable(event.summary)));
}

void RunLog::tell(const StatementSent& event) {
  if (!verbose_) return;
  const std::string text = shown_statement(event.sql);
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    printer_.line(paint_(Style::dim, "    " + printable(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void RunLog::tell(const StepSkipped& event) {
  printer_.line(fmt::format("  {}: {}", step_of(event.number, event.total),
                            paint_(Style::dim, "skipped, " + printable(event.reason))));
}

void RunLog::tell(const DebrisRemoved& event) {
  printer_.line(fmt::format("  removed what an earlier try left: {}", printable(event.found)));
}

void RunLog::tell(const BackfillProgress& event) {
  using Clock = std::chrono::steady_clock;
  if (!progress_) progress_line_ = Clock::now();
  progress_ = event;
  if (printer_.is_terminal()) {
    printer_.transient(progress_text(event));
  } else if (Clock::now() - progress_line_ >= std::chrono::seconds(10)) {
    printer_.line(progress_text(event));
    progress_line_ = Clock::now();
  }
}

void RunLog::keep_progress() {
  if (progress_) printer_.line(progress_text(*progress_));
  progress_.reset();
}

void RunLog::tell(const Retrying& event) {
  printer_.line(fmt::format("  {}; trying again in {} (try {})", printable(event.reason),
                            duration_text(event.pause_ms / 1000.0), event.attempt + 1));
}

void RunLog::tell(const ServerNotice& event) {
  printer_.line(paint_(Style::dim, "  " + printable(event.text)));
}

void RunLog::tell(const ScriptSaid& event) {
  std::string_view rest = event.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    printer_.line(paint_(Style::dim, "  " + printable(rest.substr(0, end))));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
}

void RunLog::tell(const RowsPurged& event) {
  std::vector<std::string> shown;
  for (const std::string& id : event.revisions)
    shown.push_back(id.empty() ? "\"\"" : printable(id));
  printer_.line(fmt::format("Removed from the version table: {}", fmt::join(shown, ", ")));
}

void RunLog::tell(const Stamped& event) {
  printer_.line(fmt::format("Running stamp_revision {} -> {}", printable(event.from),
                            paint_(Style::yellow, printable(event.to))));
}

std::string run_report_json(const RunReport& report, const std::vector<Finding>* findings) {
  JsonWriter json;
  json.begin_object().key("revisions").begin_array();
  for (const RanRevision& revision : report.revisions) {
    json.begin_object()
        .member("id", revision.id)
        .member("direction", to_string(revision.direction))
        .member("seconds", revision.seconds)
        .end_object();
  }
  json.end_array().member("heads", report.heads);
  if (report.stamped) json.member("stamped", true);
  json.optional_member("backup_file", report.backup_file);
  if (findings != nullptr) {
    json.key("findings");
    write_findings(json, *findings, lint_rules_page);
  }
  json.end_object();
  return json.text() + "\n";
}

}  // namespace limbeck
