#include "alembic/script_reader.h"

#include <algorithm>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <tuple>
#include <utility>

#include "alembic/reader_source.h"
#include "alembic/script_protocol.h"
#include "base/dialogue.h"
#include "base/json_writer.h"
#include "base/source.h"
#include "dialect/dialect.h"

namespace limbeck {
namespace {

// Alembic as its own program starts it, but for one question to the database before it migrates:
// its env.py may lead to another one than ours.
constexpr std::string_view delegated_alembic = R"(import sys
from alembic.config import main
from alembic.runtime.environment import EnvironmentContext

query = sys.argv[1]
configure = EnvironmentContext.configure


def checked(self, connection=None, *arguments, **options):
    if connection is not None:
        try:
            found = connection.exec_driver_sql(query).fetchone()
        except Exception:
            found = None
        if hasattr(connection, "rollback"):
            connection.rollback()
        if found is None:
            sys.exit(77)
    return configure(self, connection, *arguments, **options)


EnvironmentContext.configure = checked
main(argv=sys.argv[2:], prog="alembic")
)";

// Whether an exception of the script's is what the database said.
bool tells_of(const ReaderRaised& raised, const DatabaseError& error) {
  return !error.failure().message.empty() &&
         raised.message.find(error.failure().message) != std::string::npos;
}

class ScriptReader final : public Scripts {
 public:
  explicit ScriptReader(ScriptReaderSettings settings) : settings_(std::move(settings)) {}

  void announce(std::span<const ScriptRequest> requests, const Dialect& dialect) override {
    const std::lock_guard turn(turn_);
    request_recordings(requests, dialect);
  }

  Recording record(const ScriptCall& call) override {
    const std::lock_guard turn(turn_);
    const Key wanted = key(call.request, call.dialect);
    if (!results_.contains(wanted)) request_recordings({&call.request, 1}, call.dialect);
    while (!results_.contains(wanted)) take_result(call);
    ReaderEvent result = std::move(results_.at(wanted));
    results_.erase(wanted);
    if (auto* done = std::get_if<ReaderDone>(&result)) return std::move(done->recording);
    throw failure(call, std::get<ReaderRaised>(result));
  }

  Recording run(const ScriptCall& call, ScriptHost& host) override {
    const std::lock_guard turn(turn_);
    start(call.dialect);
    while (!expected_.empty()) take_result(call);  // what was announced and nobody asked for
    send(script_line("live", call.request));
    database_error_ = nullptr;
    for (;;) {
      ReaderEvent event = next_event(call);
      if (auto* done = std::get_if<ReaderDone>(&event)) return std::move(done->recording);
      if (const auto* raised = std::get_if<ReaderRaised>(&event)) fail_live(call, *raised);
      send(answer(host, event, call));
    }
  }

  std::optional<ScriptDelegation> delegation(const ScriptCall& call) override {
    if (!settings_.delegate_arguments) return std::nullopt;
    const auto program = [&](std::vector<std::string> words) {
      std::vector<std::string> command{settings_.python, "-c", std::string(delegated_alembic),
                                       std::string(delegation_query)};
      command.insert(command.end(), settings_.delegate_arguments->begin(),
                     settings_.delegate_arguments->end());
      command.insert(command.end(), words.begin(), words.end());
      return ScriptProgram{.command = std::move(command), .folder = settings_.folder};
    };
    const Revision& revision = call.file.revision;
    ScriptDelegation result;
    if (call.request.direction == Direction::upgrade) {
      result.step = program({"upgrade", revision.id});
    } else if (revision.down_revisions.empty()) {
      result.step = program({"downgrade", revision.id + "@base"});
    } else {
      result.step = program({"downgrade", revision.id + "-1"});
    }
    return result;
  }

 private:
  using Key = std::tuple<std::string, Direction, bool, std::string>;

  static Key key(const ScriptRequest& request, const Dialect& dialect) {
    return {request.id, request.direction, request.offline, std::string(dialect.name())};
  }

  void request_recordings(std::span<const ScriptRequest> requests, const Dialect& dialect) {
    start(dialect);
    std::string lines;
    for (const ScriptRequest& request : requests) {
      const Key wanted = key(request, dialect);
      if (results_.contains(wanted) ||
          std::find(expected_.begin(), expected_.end(), wanted) != expected_.end())
        continue;
      lines += script_line("record", request);
      expected_.push_back(key(request, dialect));
    }
    send(lines);
  }

  // ---- the process ----

  void start(const Dialect& dialect) {
    if (!dialogue_) {
      std::vector<std::string> command{settings_.python, "-u", "-c",
                                       std::string(reader_bootstrap())};
      dialogue_.emplace(command, settings_.folder.string());
      if (!dialogue_->start_error().empty()) {
        const std::string reason = dialogue_->start_error();
        dialogue_.reset();
        throw Error({.code = ExitCode::invalid_project,
                     .message = fmt::format("the Python that reads the project's scripts ({}) "
                                            "could not be started: {}",
                                            settings_.python, reason),
                     .state = "nothing was changed",
                     .hint = "install Python 3.8 or later, or write python = \"PATH\" into the "
                             "table [alembic] of limbeck.toml"});
      }
      JsonWriter modules;
      modules.begin_object();
      for (const ReaderModule& module : reader_modules())
        modules.key(module.name).value(module.source);
      modules.end_object();
      send(fmt::format("{}\n{}", modules.text().size(), modules.text()));
      dialect_.clear();
    }
    if (dialect_ == dialect.name()) return;
    dialect_ = dialect.name();
    send(configure_line(settings_, dialect));
  }

  void send(const std::string& lines) {
    if (lines.empty() || dialogue_->send(lines, settings_.interrupt)) return;
    if (interrupted()) throw_stop();
    throw ended();
  }

  bool interrupted() const { return settings_.interrupt != nullptr && settings_.interrupt->load(); }

  // What an error leaves behind is a process in an unknown state.
  void forget() {
    dialogue_.reset();
    expected_.clear();
    results_.clear();
    dialect_.clear();
  }

  Error ended() {
    const ProcessResult result = dialogue_->stop();
    forget();
    return Error({.code = ExitCode::invalid_project,
                  .message = fmt::format("the Python that runs the project's scripts ({}) has "
                                         "ended: {}",
                                         settings_.python, describe(result)),
                  .hint = "what it said stands above; Python 3.8 or later is needed"});
  }

  // ---- what it says ----

  ReaderEvent next_event(const ScriptCall& call) {
    std::string line;
    for (;;) {
      switch (dialogue_->receive(line, settings_.timeout_ms, settings_.interrupt)) {
        case Dialogue::End::line:
          break;
        case Dialogue::End::ended: {
          Error error = ended();
          error.report().place = call.file.revision.place;
          throw error;
        }
        case Dialogue::End::interrupted:
          throw_stop();
        case Dialogue::End::timed_out:
          forget();
          throw Error(
              {.code = ExitCode::invalid_project,
               .message = fmt::format("revision {} has been silent for {} seconds, and was stopped",
                                      call.file.revision.id, settings_.timeout_ms / 1000),
               .place = call.file.revision.place,
               .hint = "if it needs that long, write script_timeout into the table [alembic] of "
                       "limbeck.toml"});
      }
      auto event = read_event(line);
      if (!event) {
        forget();
        throw Error({.code = ExitCode::internal_error,
                     .message = "the reader of scripts said what is not understood: " +
                                line.substr(0, 200)});
      }
      if (std::holds_alternative<ReaderReady>(*event)) continue;
      return *std::move(event);
    }
  }

  [[noreturn]] void throw_stop() {
    forget();
    throw Interrupted({.code = ExitCode::interrupted, .message = "interrupted"}, {});
  }

  // The next answer belongs to the oldest request.
  void take_result(const ScriptCall& call) {
    ReaderEvent event = next_event(call);
    if (expected_.empty()) return;
    results_.insert_or_assign(expected_.front(), std::move(event));
    expected_.pop_front();
  }

  // ---- a live run ----

  std::string answer(ScriptHost& host, const ReaderEvent& event, const ScriptCall& call) {
    struct Visitor {
      ScriptHost& host;
      std::string operator()(const ScriptStatement& it) const {
        return answer_line(host.execute(it));
      }
      std::string operator()(const ScriptAutocommit& it) const {
        host.autocommit(it);
        return empty_answer_line();
      }
      std::string operator()(const ScriptCommit& it) const {
        host.commit(it);
        return empty_answer_line();
      }
      std::string operator()(const ScriptTableChanges& it) const {
        host.change_table(it);
        return empty_answer_line();
      }
      std::string operator()(const ReaderReady& /*it*/) const { return ""; }
      std::string operator()(const ReaderDone& /*it*/) const { return ""; }
      std::string operator()(const ReaderRaised& /*it*/) const { return ""; }
    };
    try {
      return std::visit(Visitor{host}, event);
    } catch (const ConnectionLost&) {
      forget();
      throw;
    } catch (const Interrupted&) {
      forget();
      throw;
    } catch (DatabaseError& error) {
      if (const auto* statement = std::get_if<ScriptStatement>(&event))
        error.report().place = place_of_line(call.file, statement->line);
      database_error_ = std::make_exception_ptr(error);
      return answer_line(error);  // the script may know what to do
    } catch (Error& error) {
      if (!std::holds_alternative<ScriptTableChanges>(event) ||
          error.report().code != ExitCode::invalid_project) {
        forget();  // it waits for an answer that will not come
        throw;
      }
      // What a table does not have, which a script may expect.
      DatabaseError told(error.report(), {.message = error.report().message});
      told.report().place = place_of_line(call.file, std::get<ScriptTableChanges>(event).line);
      database_error_ = std::make_exception_ptr(told);
      return answer_line(told);
    } catch (...) {
      forget();
      throw;
    }
  }

  [[noreturn]] void fail_live(const ScriptCall& call, const ReaderRaised& raised) {
    if (database_error_ != nullptr) {
      try {
        std::rethrow_exception(database_error_);
      } catch (DatabaseError& error) {
        if (tells_of(raised, error)) throw;
      }
    }
    throw failure(call, raised);
  }

  static Error failure(const ScriptCall& call, const ReaderRaised& raised) {
    Place place = place_of_line(call.file, raised.line);
    if (!raised.file.empty() && raised.file != call.request.path.string()) {
      place = {.file = raised.file, .line = raised.line, .column = 1};
    }
    if (raised.column > 0) place.column = raised.column;
    ErrorReport report{.code = ExitCode::invalid_project, .place = std::move(place)};
    const std::string& id = call.file.revision.id;
    if (raised.type == "MissingFunction") {
      report.message =
          fmt::format("revision {} has no function {}()", id, to_string(call.request.direction));
    } else {
      report.message = fmt::format("revision {} raised {}{}", id, raised.type,
                                   raised.message.empty() ? "" : ": " + raised.message);
    }
    for (const ReaderFrame& frame : raised.traceback)
      report.context.push_back(
          fmt::format("{}:{} in {}: {}", frame.file, frame.line, frame.function, frame.text));
    if (!raised.output.empty()) report.detail = "it printed:\n" + raised.output;
    return Error(std::move(report));
  }

  ScriptReaderSettings settings_;
  std::mutex turn_;  // two sides of a comparison may be read at the same time
  std::optional<Dialogue> dialogue_;
  std::string dialect_;  // that the process is configured for
  std::deque<Key> expected_;
  std::map<Key, ReaderEvent> results_;
  std::exception_ptr database_error_;
};

}  // namespace

std::shared_ptr<Scripts> make_script_reader(ScriptReaderSettings settings) {
  return std::make_shared<ScriptReader>(std::move(settings));
}

}  // namespace limbeck
