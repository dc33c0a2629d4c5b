#include "report/status.h"

#include <algorithm>
#include <fmt/format.h>

#include "alembic/engines.h"
#include "base/counted.h"
#include "base/json_writer.h"
#include "plan/plan.h"
#include "report/diagnosis.h"
#include "report/error.h"
#include "report/history.h"
#include "revision/walk.h"

namespace limbeck {
namespace {

constexpr std::size_t listed_revisions = 10;

std::optional<std::size_t> count_steps(const Chain& chain, const Dialect& dialect,
                                       const JournalEntry& open) {
  const auto index = chain.graph().find(open.revision);
  if (!index) return std::nullopt;
  const Direction direction =
      open.direction == to_string(Direction::downgrade) ? Direction::downgrade : Direction::upgrade;
  try {
    return chain.plan(*index, direction, dialect).steps.size();
  } catch (const Error&) {
    return std::nullopt;  // a file that is wrong now: how many steps there were is not known
  }
}

std::string_view to_string(StoppedFile file) {
  switch (file) {
    case StoppedFile::as_it_was:
      return "as_it_was";
    case StoppedFile::changed:
      return "changed";
    case StoppedFile::missing:
      return "missing";
  }
  return "";
}

StoppedRevision describe_stopped(const Chain& chain, TargetDatabase& database,
                                 const JournalEntry& open) {
  StoppedRevision stopped{.id = open.revision, .direction = open.direction};
  stopped.file = file_of_stopped(chain, open);
  if (open.kind == "apply") stopped.direction = open.kind;
  for (const JournalEntry& step : read_steps(database, open)) {
    if (step.outcome == "done") stopped.done += 1;
    stopped.message = step.message;  // of the last one: of an earlier run it says nothing any more
  }
  stopped.total = count_steps(chain, *database.dialect, open).value_or(0);
  return stopped;
}

std::vector<std::string> next_commands(const Status& status, const Chain& chain,
                                       const DatabaseState& state) {
  if (state.open_revision) {
    if (status.stopped && status.stopped->file == StoppedFile::missing) return {"limbeck repair"};
    return {resuming_command(chain.graph(), *state.open_revision), "limbeck repair"};
  }
  if (!status.ailments.empty()) return {"limbeck repair"};
  if (status.running) return {};
  if (!status.pending.empty()) {
    return {chain.graph().real_heads().size() > 1 ? "limbeck upgrade heads"
                                                  : "limbeck upgrade head"};
  }
  if (chain.graph().size() == 0) return {"limbeck revision -m \"...\""};
  return {};
}

void append_line(std::string& text, const Painter& paint, std::string_view name,
                 std::string_view content) {
  text += paint(Style::dim, padded(name, 12)) + std::string(content) + "\n";
}

std::string revision_line(const Chain& chain, RevisionGraph::Index index, const Painter& paint) {
  const Revision& revision = chain.graph().at(index);
  std::string line = paint(Style::yellow, printable(revision.id));
  if (!revision.message.empty()) line += ", " + printable(revision.message);
  return line;
}

void append_revisions(std::string& text, const Chain& chain, const Painter& paint,
                      std::string_view name, const std::vector<RevisionGraph::Index>& revisions,
                      std::size_t limit) {
  for (std::size_t i = 0; i < revisions.size() && i < limit; ++i) {
    append_line(text, paint, i == 0 ? name : "", revision_line(chain, revisions[i], paint));
  }
  if (revisions.size() > limit) {
    append_line(text, paint, "", fmt::format("... and {} more", revisions.size() - limit));
  }
}

// PostgreSQL writes "2026-11-20 10:00:00.5+00".
std::string iso_text(std::string time) {
  if (time.size() > 10 && time[10] == ' ') time[10] = 'T';
  if (time.ends_with("+00")) time.replace(time.size() - 3, 3, "Z");
  return time;
}

std::string last_change_text(const JournalEntry& entry) {
  std::string who = printable(entry.os_user);
  if (!entry.host.empty()) who += "@" + printable(entry.host);
  std::string what = entry.kind;
  if (entry.kind == "revision") what = fmt::format("{} of {}", entry.direction, entry.revision);
  if (entry.kind == "apply") what = fmt::format("apply of {}", entry.revision);
  return fmt::format(
      "{} by {} ({})",
      printable(iso_text(entry.finished_at.empty() ? entry.started_at : entry.finished_at)), who,
      printable(what));
}

void append_wrong(std::string& text, const Status& status, const Painter& paint) {
  if (status.stopped) {
    const StoppedRevision& stopped = *status.stopped;
    std::string what =
        fmt::format("the {} of {} stopped after step {}", printable(stopped.direction),
                    printable(stopped.id), stopped.done);
    if (stopped.total > 0) what += fmt::format(" of {}", stopped.total);
    if (!stopped.message.empty()) what += ": " + printable(stopped.message);
    append_line(text, paint, "wrong", paint(Style::red, what));
    if (stopped.file == StoppedFile::changed)
      append_line(text, paint, "", paint(Style::red, "its file has changed since"));
    if (stopped.file == StoppedFile::missing)
      append_line(text, paint, "", paint(Style::red, "its file is not in this project"));
  }
  for (const Ailment& ailment : status.ailments) {
    if (ailment.kind == Ailment::Kind::stopped_revision) continue;
    append_line(text, paint, "wrong", paint(Style::red, printable(ailment.what)));
  }
}

void write_unreachable(const std::optional<ErrorReport>& report, JsonWriter& json) {
  if (!report) {
    json.null();
    return;
  }
  json.begin_object()
      .member("message", report->message)
      .optional_member("detail", report->detail)
      .optional_member("hint", report->hint)
      .end_object();
}

std::string pending_summary(const Status& status) {
  if (!status.unknown.empty()) return "not known";
  if (status.stopped && status.pending.empty()) return "none";
  if (status.pending.empty()) return "none, the database is up to date";
  return counted(status.pending.size(), "revision");
}

void write_revisions(JsonWriter& json, const Chain& chain, std::string_view name,
                     const std::vector<RevisionGraph::Index>& revisions) {
  json.key(name).begin_array();
  for (const auto index : revisions) {
    json.begin_object()
        .member("id", chain.graph().id(index))
        .member("message", chain.graph().at(index).message)
        .end_object();
  }
  json.end_array();
}

}  // namespace

std::string unreachable_text(const ErrorReport& report, const Painter& paint) {
  std::string text;
  append_line(text, paint, "wrong", paint(Style::red, printable(report.message)));
  std::string_view detail = report.detail;
  while (!detail.empty()) {
    const std::size_t end = std::min(detail.find('\n'), detail.size());
    const std::string_view line = detail.substr(0, end);
    append_line(text, paint, "",
                printable(line.substr(std::min(line.find_first_not_of("\t "), line.size()))));
    detail.remove_prefix(std::min(end + 1, detail.size()));
  }
  if (!report.hint.empty()) append_line(text, paint, "what to do", printable(report.hint));
  return text;
}

Status project_status(const Project& project, const Chain& chain, const DatabaseUrl& url) {
  Status status;
  status.project_file = project.file.string();
  if (project.alembic && project.alembic->engine)
    status.engine = shown_engine(*project.alembic->engine);
  status.database = url.redacted();
  status.missing_file = is_missing_file(url);
  status.heads = chain.graph().heads();
  return status;
}

void read_database_status(const Chain& chain, TargetDatabase& database, Status& status) {
  status.server_version = database.connection->server_version();
  SeenDatabase seen = observe(database);
  const DatabaseState& state = seen.state;
  status.running = std::move(seen.running);
  const std::vector<std::string> current = known_current(chain, state);
  status.current = current_revisions(chain.graph(), current);
  status.unknown = unknown_revisions(chain, state);
  if (status.unknown.empty()) status.pending = pending_revisions(chain.graph(), current);
  if (state.open_revision) status.stopped = describe_stopped(chain, database, *state.open_revision);
  status.ailments = diagnose(chain, database, state);
  if (state.journal_exists) status.last_change = read_last_change(database);
  status.next = next_commands(status, chain, state);
}

ExitCode exit_code_of(const Status& status) {
  if (status.unreachable) return status.unreachable->code;
  if (status.stopped || !status.ailments.empty()) return ExitCode::findings;
  return status.pending.empty() && !status.running ? ExitCode::ok : ExitCode::pending;
}

std::string status_text(const Status& status, const Chain& chain, const Painter& paint, bool all) {
  std::string text;
  append_line(text, paint, "project", printable(status.project_file));
  if (!status.engine.empty()) append_line(text, paint, "engine", printable(status.engine));
  std::string database = printable(status.database);
  if (status.missing_file) {
    database += ", not there yet";
  } else if (!status.server_version.empty())
    database += ", " + printable(status.server_version);
  append_line(text, paint, "database", database);
  if (status.heads.size() > 1) {
    append_revisions(text, chain, paint, "heads", status.heads, status.heads.size());
  }
  if (status.unreachable) {
    text += unreachable_text(*status.unreachable, paint);
    append_line(text, paint, "revisions", fmt::format("{} in the project", chain.graph().size()));
    return text;
  }
  if (status.current.empty() && status.unknown.empty()) {
    append_line(text, paint, "current", "<base>");
  }
  append_revisions(text, chain, paint, "current", status.current, status.current.size());
  for (const std::string& id : status.unknown) {
    append_line(text, paint,
                status.current.empty() && id == status.unknown.front() ? "current" : "",
                paint(Style::red, printable(id)) + ", not in this project");
  }
  append_line(text, paint, "pending", pending_summary(status));
  append_revisions(text, chain, paint, "", status.pending,
                   all ? status.pending.size() : listed_revisions);
  if (status.last_change) {
    append_line(text, paint, "last change", last_change_text(*status.last_change));
  }
  if (status.running) append_line(text, paint, "running", printable(describe(*status.running)));
  append_wrong(text, status, paint);
  for (const std::string& command : status.next) {
    append_line(text, paint, "next", paint(Style::bold, command));
  }
  return text;
}

std::string status_json(const Status& status, const Chain& chain) {
  JsonWriter json;
  const ExitCode code = exit_code_of(status);
  json.begin_object()
      .member("status", code == ExitCode::ok ? "up_to_date" : to_string(code))
      .member("project", status.project_file);
  if (!status.engine.empty()) json.member("engine", status.engine);
  json.member("database", status.database)
      .member("exists", !status.missing_file)
      .optional_member("server_version", status.server_version)
      .key("unreachable");
  write_unreachable(status.unreachable, json);
  write_revisions(json, chain, "current", status.current);
  json.member("unknown", status.unknown);
  write_revisions(json, chain, "heads", status.heads);
  write_revisions(json, chain, "pending", status.pending);
  json.key("stopped");
  if (status.stopped) {
    json.begin_object()
        .member("id", status.stopped->id)
        .member("direction", status.stopped->direction)
        .member("steps_done", status.stopped->done)
        .member("steps", status.stopped->total)
        .member("file", to_string(status.stopped->file))
        .optional_member("message", status.stopped->message)
        .end_object();
  } else {
    json.null();
  }
  write_running(status.running, json.key("running"));
  json.key("ailments");
  write_ailments(status.ailments, json);
  json.key("last_change");
  if (status.last_change) {
    const JournalEntry& entry = *status.last_change;
    json.begin_object()
        .member("kind", entry.kind)
        .member("revision", entry.revision)
        .optional_member("direction", entry.direction)
        .member("outcome", entry.outcome)
        .member("user", entry.os_user)
        .member("host", entry.host)
        .member("started_at", iso_text(entry.started_at))
        .optional_member("finished_at", iso_text(entry.finished_at))
        .end_object();
  } else {
    json.null();
  }
  json.member("next", status.next).end_object();
  return json.text() + "\n";
}

}  // namespace limbeck
