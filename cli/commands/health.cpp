#include "limbeck/health.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/session.h"
#include "report/status.h"
#include "run/own_tables.h"
#include "run/pause.h"
#include "service/health_check.h"

namespace limbeck::cli {
namespace {

using std::chrono::milliseconds;

// A probe that waits longer than its caller is of no use.
constexpr milliseconds longest_attempt{5'000};

// "30" and "30s".
milliseconds wait_option(const Arguments& arguments) {
  if (!arguments.has("--wait")) return {};
  const std::string text = arguments.value("--wait");
  int seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr int most = 1'000'000;
  if (error == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= most) {
    return std::chrono::seconds(seconds);
  }
  return milliseconds(duration_option(arguments, "--wait"));
}

// One attempt. chain: null without a project.
void check(Session& session, const DatabaseUrl& url, const Chain* chain, const Limits& limits,
           Health& health) {
  require_file(url);
  ConnectOptions options = session.connect_options(Access::read);
  options.lock_ms = 0;  // its own limits say how long anything may take
  options.limits = &limits;
  TargetDatabase database = open_database(url, session.database_settings(), options);
  measure_latency(*database.connection, health);
  try {
    read_revisions(*database.connection, *database.dialect, database.version_table, chain, health);
  } catch (DatabaseError& error) {
    explain_unreadable(error, database);
    throw;
  }
}

// Tries until the database answers or the time is over. The last error is thrown by nobody: it is
// what the check has found.
Health wait_for_health(Session& session, const Chain* chain, milliseconds wait) {
  const DatabaseUrl url = session.url();
  const Deadline deadline = Deadline::in(wait);
  const milliseconds shortest_attempt = wait.count() == 0 ? longest_attempt : milliseconds(1'000);
  Backoff backoff(milliseconds(100), milliseconds(1'000));
  for (;;) {
    Health health{.database = url.redacted()};
    const auto attempt = std::clamp(deadline.left(), shortest_attempt, longest_attempt);
    try {
      check(session, url, chain, {.deadline = Deadline::in(attempt), .stop = {}}, health);
      return health;
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& error) {
      const bool is_of_database = dynamic_cast<const DatabaseError*>(&error) != nullptr ||
                                  error.code() == ExitCode::cannot_connect;
      if (!is_of_database) throw;
      set_fault(health, error);
    }
    const milliseconds pause = std::min(backoff.next(), deadline.left());
    if (deadline.passed()) return health;
    if (!pause_for(pause, session.connect_options(Access::read).interrupt)) {
      throw Interrupted({.code = ExitCode::interrupted, .message = "interrupted while waiting"},
                        {});
    }
  }
}

std::string list(const std::vector<std::string>& ids, std::string_view none) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : ", ") + printable(id);
  return text.empty() ? std::string(none) : text;
}

std::string text_of(const Health& health, const Painter& paint) {
  std::string text = fmt::format("database    {}\n", printable(health.database));
  if (!health.reachable) {
    return text +
           unreachable_text({.message = health.fault, .detail = health.detail, .hint = health.hint},
                            paint);
  }
  const double latency = std::chrono::duration<double, std::milli>(health.latency).count();
  text += fmt::format("server      {}\n", printable(health.server_version));
  text += fmt::format("latency     {:.2f} ms\n", latency);
  text += fmt::format("current     {}\n", list(health.current, "<base>"));
  if (health.pending) text += fmt::format("pending     {}\n", list(*health.pending, "none"));
  if (!health.running.empty()) text += fmt::format("running     {}\n", printable(health.running));
  if (!health.unknown.empty()) {
    text += fmt::format("wrong       the database is newer: no revision file has {}\n",
                        list(health.unknown, ""));
    text +=
        "what to do  get the missing file, if the checkout is older than the database; \"limbeck "
        "repair\" says what else there is\n";
  }
  return text;
}

ExitCode run_health(Session& session, const Arguments& arguments) {
  const milliseconds wait = wait_option(arguments);
  const bool has_project = session.project_if_any() != nullptr;
  session.make_project_optional();
  const Chain* chain = has_project ? &session.chain() : nullptr;
  const Health health = wait_for_health(session, chain, wait);
  Session::print(session.json() ? to_json(health) + "\n" : text_of(health, session.paint()));
  return exit_code_of(health);
}

}  // namespace

CommandSpec health_command() {
  return {
      .name = "health",
      .summary = "Say whether the database answers and is up to date, for a container's probe",
      .description =
          "Exits with 0 when the database answers and is up to date, 3 when revisions are pending, "
          "4 when it is at revisions that the project does not have, and 9 when it does not "
          "answer. Without a project only the database named by --url is asked.\n\n"
          "An attempt takes five seconds at most. With --wait, it is repeated until the database "
          "answers or the time is over: for an entry point that starts beside its database.",
      .options = {{.name = "--wait",
                   .value = "SECONDS",
                   .help = "how long to wait until the database answers (30, 2m)"}},
      .examples = {{"limbeck health --wait 30 && limbeck upgrade",
                    "wait for the server, then upgrade"},
                   {"limbeck health --json", "what a probe or a dashboard reads"}},
      .run = run_health,
  };
}

}  // namespace limbeck::cli
