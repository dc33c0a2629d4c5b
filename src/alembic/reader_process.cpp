#include "alembic/reader_process.h"

#include <fmt/format.h>
#include <utility>

#include "alembic/reader_source.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "dialect/dialect.h"

namespace limbeck {

const std::string& reader_identity() {
  static const std::string identity = [] {
    std::string all(reader_bootstrap());
    for (const ReaderModule& module : reader_modules())
      all.append(module.name).append(module.content);
    return sha256_hex(all);
  }();
  return identity;
}

std::vector<std::string> reader_command(const ScriptReaderSettings& settings) {
  std::vector<std::string> command{settings.python, "-u", "-c", std::string(reader_bootstrap())};
  if (!settings.cache.empty())
    command.push_back((settings.cache / ("reader-" + reader_identity())).string());
  return command;
}

std::string reader_attachment() {
  std::string contents;
  JsonWriter index;
  const auto add = [&](std::string_view part, std::span<const ReaderModule> modules) {
    index.key(part).begin_object();
    for (const ReaderModule& module : modules) {
      index.key(module.name).begin_array();
      index.value(contents.size()).value(module.content.size()).end_array();
      contents += module.content;
    }
    index.end_object();
  };
  const CompiledReader compiled = compiled_reader();
  index.begin_object().member("magic", compiled.magic);
  add("code", compiled.modules);
  add("source", reader_modules());
  index.end_object();
  return index.text() + '\n' + contents;
}

void ReaderProcess::prepare(const Dialect& dialect) {
  if (!dialogue_) start();
  if (dialect_ == dialect.name()) return;
  dialect_ = dialect.name();
  send(configure_line(settings_, dialect));
}

void ReaderProcess::start() {
  dialogue_.emplace(reader_command(settings_), settings_.folder.string(), reader_attachment());
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
  dialect_.clear();
}

void ReaderProcess::send(const std::string& lines, StopSignals::Flag stop) {
  const StopSignals signals(settings_.interrupt, stop);
  if (lines.empty() || dialogue_->send(lines, signals)) return;
  if (signals.any()) throw_stop();
  throw ended();
}

ReaderProcess::Heard ReaderProcess::next_event(const RevisionFile& file, StopSignals::Flag stop) {
  const StopSignals signals(settings_.interrupt, stop);
  Heard heard;
  for (;;) {
    switch (dialogue_->receive(heard.line, settings_.timeout_ms, signals)) {
      case Dialogue::End::line:
        break;
      case Dialogue::End::ended: {
        Error error = ended();
        error.report().place = file.revision.place;
        throw error;
      }
      case Dialogue::End::interrupted:
        throw_stop();
      case Dialogue::End::timed_out:
        forget();
        throw Error(
            {.code = ExitCode::invalid_project,
             .message = fmt::format("revision {} has been silent for {} seconds, and was stopped",
                                    file.revision.id, settings_.timeout_ms / 1000),
             .place = file.revision.place,
             .hint = "if it needs that long, write script_timeout into the table [alembic] of "
                     "limbeck.toml"});
    }
    auto event = read_event(heard.line);
    if (!event) {
      forget();
      throw Error({.code = ExitCode::internal_error,
                   .message = "the reader of scripts said what is not understood: " +
                              heard.line.substr(0, 200)});
    }
    if (std::holds_alternative<ReaderReady>(*event)) continue;
    heard.event = *std::move(event);
    return heard;
  }
}

void ReaderProcess::forget() {
  dialogue_.reset();
  dialect_.clear();
}

void ReaderProcess::throw_stop() {
  forget();
  throw Interrupted({.code = ExitCode::interrupted, .message = "interrupted"}, {});
}

Error ReaderProcess::ended() {
  const ProcessResult result = dialogue_->stop();
  forget();
  return Error({.code = ExitCode::invalid_project,
                .message = fmt::format("the Python that runs the project's scripts ({}) has "
                                       "ended: {}",
                                       settings_.python, describe(result)),
                .hint = "what it said stands above; Python 3.8 or later is needed"});
}

}  // namespace limbeck
