#include "alembic/script_reader.h"

#include <algorithm>
#include <compare>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>

#include "alembic/delegation.h"
#include "alembic/engines.h"
#include "alembic/python_environment.h"
#include "alembic/reader_process.h"
#include "alembic/recording_cache.h"
#include "base/source.h"
#include "dialect/dialect.h"
#include "plan/script_imports.h"

namespace limbeck {
namespace {

// Whether an exception of the script's is what the database said.
bool tells_of(const ReaderRaised& raised, const DatabaseError& error) {
  return !error.failure().message.empty() &&
         raised.message.find(error.failure().message) != std::string::npos;
}

// What a recording is of.
struct Subject {
  std::string id;
  Direction direction = Direction::upgrade;
  bool offline = false;
  bool only_load = false;
  std::string dialect;
  std::string hash;

  Subject(const ScriptRequest& request, const Dialect& of)
      : id(request.id),
        direction(request.direction),
        offline(request.offline),
        only_load(request.only_load),
        dialect(of.name()),
        hash(request.hash) {}
  auto operator<=>(const Subject&) const = default;

  // In the cache of its dialect.
  std::string text() const {
    return fmt::format("{}\n{} {} {}\n{}", id, to_string(direction), offline, only_load, hash);
  }
};

// A process, and what it is asked to record: not all at once, for it would not be heard meanwhile.
struct Lane {
  explicit Lane(const ScriptReaderSettings& settings) : process(settings) {}

  struct Request {
    Subject subject;
    const Dialect& dialect;
    std::string line;
  };
  ReaderProcess process;
  std::deque<Request> waiting = {};
  std::deque<Subject> expected = {};  // in the order of its answers

  bool is_idle() const { return waiting.empty() && expected.empty(); }
};

constexpr std::size_t most_asked_at_once = 64;
constexpr std::size_t most_lanes = 4;
constexpr std::size_t scripts_for_a_lane = 100;  // fewer are read sooner than Python starts
constexpr std::size_t scripts_in_a_row = 8;      // of one lane: they are wanted in their order

ErrorReport engine_refusal(const ScriptCall& call, const ReaderWantsEngine& wants,
                           const std::vector<std::string>& listed) {
  std::vector<std::string> engines = listed;
  if (listed.empty())
    for (const std::string& name : wants.engines) engines.push_back(shown_engine(name));
  return {.code = ExitCode::invalid_project,
          .message = fmt::format("revision {} is for several databases: {}, the name of the one "
                                 "that is meant, and none is named",
                                 call.file.revision.id, wants.text),
          .place = place_of_line(call.file, wants.line),
          .state = "nothing of this revision was run",
          .hint = how_to_name_engine(engines)};
}

class ScriptReader final : public Scripts {
 public:
  explicit ScriptReader(ScriptReaderSettings settings) : settings_(std::move(settings)) {}

  void announce(std::span<const ScriptRequest> requests, const Dialect& dialect) override {
    const std::lock_guard turn(turn_);
    learn_naming();
    std::vector<const ScriptRequest*> unknown;
    for (const ScriptRequest& request : requests)
      if (cache(dialect).find(Subject(request, dialect).text()).empty())
        unknown.push_back(&request);
    request_recordings(unknown, dialect);
  }

  Recording record(const ScriptCall& call) override {
    const std::lock_guard turn(turn_);
    learn_naming();
    const Subject subject(call.request, call.dialect);
    if (auto known = find_kept(subject, call.dialect)) return finish(*std::move(known));
    if (!results_.contains(subject)) request_recordings({&call.request}, call.dialect, call.stop);
    while (!results_.contains(subject)) take_result(lanes_.at(lane_of_.at(subject)), call);
    ReaderEvent result = std::move(results_.at(subject));
    results_.erase(subject);
    if (auto* done = std::get_if<ReaderDone>(&result)) return finish(std::move(*done));
    if (const auto* wants = std::get_if<ReaderWantsEngine>(&result)) return without(call, *wants);
    throw failure(call, std::get<ReaderRaised>(result));
  }

  Recording run(const ScriptCall& call, ScriptHost& host) override {
    const std::lock_guard turn(turn_);
    learn_naming();
    if (lanes_.empty()) lanes_.emplace_back(settings_);
    Lane& lane = lanes_.front();
    while (!lane.expected.empty()) hear(lane, call);  // what was asked and nobody wanted yet
    or_forget([&] {
      lane.process.prepare(call.dialect);
      lane.process.send(script_line("live", call.request));
    });
    database_error_ = nullptr;
    for (;;) {
      ReaderEvent event = next_event(lane, call).event;
      if (auto* done = std::get_if<ReaderDone>(&event)) return finish(std::move(*done));
      if (const auto* raised = std::get_if<ReaderRaised>(&event)) fail_live(call, *raised);
      if (const auto* wants = std::get_if<ReaderWantsEngine>(&event)) return without(call, *wants);
      const std::string said = answer(host, event, call);
      or_forget([&] { lane.process.send(said); });
    }
  }

  bool names_engine() const override { return settings_.engine.has_value(); }

  bool delegates() const override { return settings_.delegate_arguments.has_value(); }

  std::optional<ScriptDelegation> delegation(const ScriptCall& call) override {
    if (!delegates()) return std::nullopt;
    return delegation_of(settings_, call);
  }

  void check_delegation() override {
    if (!has_alembic_) need_alembic(settings_);
    has_alembic_ = true;
  }

 private:
  // Where no script is read, nobody has to wait for it.
  void learn_naming() {
    if (!settings_.find_naming) return;
    EnvNaming naming = std::exchange(settings_.find_naming, {})();
    if (!naming.unknown.empty())
      settings_.unknown_naming =
          fmt::format("{}: {}", shown_place(naming, settings_.folder), naming.unknown);
    settings_.naming_convention = std::move(naming.names);
  }

  // ---- recordings ----

  void request_recordings(std::vector<const ScriptRequest*> requests, const Dialect& dialect,
                          StopSignals::Flag stop = nullptr) {
    std::erase_if(requests, [&](const ScriptRequest* request) {
      const Subject subject(*request, dialect);
      return results_.contains(subject) || lane_of_.contains(subject);
    });
    if (requests.empty()) return;
    const std::size_t lanes = lanes_for(requests);
    while (lanes_.size() < lanes) lanes_.emplace_back(settings_);
    // They start while the requests are written.
    for (std::size_t i = 0; i < lanes; ++i)
      if (lanes_[i].is_idle()) or_forget([&] { lanes_[i].process.prepare(dialect); });
    for (std::size_t i = 0; i < requests.size(); ++i) {
      const std::size_t lane = i / scripts_in_a_row % lanes;
      Subject subject(*requests[i], dialect);
      lane_of_.insert_or_assign(subject, lane);
      lanes_[lane].waiting.push_back(
          {std::move(subject), dialect,
           script_line(requests[i]->only_load ? "load" : "record", *requests[i])});
    }
    for (std::size_t i = 0; i < lanes; ++i) ask(lanes_[i], stop);
  }

  // Scripts that import more than migrations need may do anything, also to each other: these are
  // run one after the other. While they run on a database, that keeps a processor busy.
  static std::size_t lanes_for(const std::vector<const ScriptRequest*>& requests) {
    const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t idle = requests.front()->offline ? processors : processors - 1;
    const std::size_t lanes = std::min({requests.size() / scripts_for_a_lane, idle, most_lanes});
    const bool apart =
        lanes > 1 && std::all_of(requests.begin(), requests.end(), [](auto* it) {
          return uses_only_migration_modules(it->source) && !may_reach_others(it->source);
        });
    return apart ? lanes : 1;
  }

  // As much of what is waiting as the process may have before it.
  void ask(Lane& lane, StopSignals::Flag stop) {
    or_forget([&] {
      std::string lines;
      while (!lane.waiting.empty() && lane.expected.size() < most_asked_at_once) {
        Lane::Request& next = lane.waiting.front();
        if (!lane.expected.empty() && lane.expected.back().dialect != next.subject.dialect) break;
        if (lane.expected.empty()) lane.process.prepare(next.dialect);
        lines += next.line;
        lane.expected.push_back(std::move(next.subject));
        lane.waiting.pop_front();
      }
      lane.process.send(lines, stop);
    });
  }

  // The next answer belongs to the oldest request.
  void hear(Lane& lane, const ScriptCall& call) {
    ReaderProcess::Heard heard = next_event(lane, call);
    if (lane.expected.empty()) return;
    const Subject subject = std::move(lane.expected.front());
    lane.expected.pop_front();
    lane_of_.erase(subject);
    const auto* done = std::get_if<ReaderDone>(&heard.event);
    if (done != nullptr && done->pure && !done->recording.needs)
      cache(dialect_named(subject.dialect)).keep(subject.text(), heard.line);
    results_.insert_or_assign(subject, std::move(heard.event));
  }

  void take_result(Lane& lane, const ScriptCall& call) {
    if (lane.expected.size() <= most_asked_at_once / 2) ask(lane, call.stop);
    hear(lane, call);
  }

  std::optional<ReaderDone> find_kept(const Subject& subject, const Dialect& dialect) {
    const std::string_view line = cache(dialect).find(subject.text());
    if (line.empty()) return std::nullopt;
    auto event = read_event(line);
    if (!event || !std::holds_alternative<ReaderDone>(*event)) return std::nullopt;
    return std::get<ReaderDone>(*std::move(event));
  }

  RecordingCache& cache(const Dialect& dialect) {
    const auto known = caches_.find(dialect.name());
    if (known != caches_.end()) return known->second;
    const std::string inputs = settings_.cache.empty()
                                   ? std::string()
                                   : fmt::format("{}\n{}\n{}", reader_identity(),
                                                 alembic::interpreter_identity(settings_.python),
                                                 configure_line(settings_, dialect));
    return caches_.try_emplace(std::string(dialect.name()), settings_.cache, inputs).first->second;
  }

  Recording finish(ReaderDone done) {
    for (std::string& note : type_uses_.take(done.types))
      done.recording.notes.push_back(std::move(note));
    return std::move(done.recording);
  }

  // What takes an argument in a project that lists no engines may be a matter of its env.py alone.
  Recording without(const ScriptCall& call, const ReaderWantsEngine& wants) const {
    if (!delegates() || !settings_.engines.empty())
      throw EngineNeeded(engine_refusal(call, wants, settings_.engines));
    return {.needs = ScriptNeed{
                .what = ScriptNeed::What::application, .text = wants.text, .line = wants.line}};
  }

  // ---- the processes ----

  template <class Work>
  std::invoke_result_t<Work> or_forget(const Work& work) {
    try {
      return work();
    } catch (...) {
      forget();
      throw;
    }
  }

  ReaderProcess::Heard next_event(Lane& lane, const ScriptCall& call) {
    return or_forget([&] { return lane.process.next_event(call.file, call.stop); });
  }

  // What an error leaves behind are processes in an unknown state.
  void forget() {
    lanes_.clear();
    lane_of_.clear();
    results_.clear();
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
      std::string operator()(const ReaderWantsEngine& /*it*/) const { return ""; }
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

  Error failure(const ScriptCall& call, const ReaderRaised& raised) const {
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
    } else if (raised.type == "RolledBack") {
      report.message = fmt::format("revision {} {}", id, raised.message);
      report.hint = "to undo the revision, let the script raise an exception";
    } else {
      report.message = fmt::format("revision {} raised {}{}", id, raised.type,
                                   raised.message.empty() ? "" : ": " + raised.message);
      // globals()["upgrade_%s" % engine_name]
      const std::string function =
          fmt::format("{}_{}", to_string(call.request.direction), settings_.engine.value_or(""));
      if (settings_.engine && raised.type == "KeyError" && raised.message == "'" + function + "'")
        report.hint = fmt::format(
            "the script has no function {}() for the engine {}, and Alembic "
            "needs one, too",
            function, shown_engine(*settings_.engine));
      if (!settings_.engine_argument.empty() && raised.type == "TypeError" &&
          raised.message.ends_with("unexpected keyword argument '" + settings_.engine_argument +
                                   "'"))
        report.hint = fmt::format(
            "env.py calls the scripts of all of its databases with {0}: write def {1}({0}), and "
            "what "
            "is for each of them; Alembic refuses it, too",
            settings_.engine_argument, to_string(call.request.direction));
    }
    for (const ReaderFrame& frame : raised.traceback)
      report.context.push_back(
          fmt::format("{}:{} in {}: {}", frame.file, frame.line, frame.function, frame.text));
    if (!raised.output.empty()) report.detail = "it printed:\n" + raised.output;
    return Error(std::move(report));
  }

  ScriptReaderSettings settings_;
  std::mutex turn_;  // two sides of a comparison may be read at the same time
  std::deque<Lane> lanes_;
  std::map<Subject, std::size_t> lane_of_;  // what is asked for and not heard yet
  std::map<Subject, ReaderEvent> results_;
  std::map<std::string, RecordingCache, std::less<>> caches_;  // by dialect
  TypeUses type_uses_;
  bool has_alembic_ = false;  // asked for, and found
  std::exception_ptr database_error_;
};

}  // namespace

std::shared_ptr<Scripts> make_script_reader(ScriptReaderSettings settings) {
  return std::make_shared<ScriptReader>(std::move(settings));
}

}  // namespace limbeck
