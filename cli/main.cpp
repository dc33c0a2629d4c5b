#include <atomic>
#include <csignal>
#include <exception>
#include <fmt/format.h>
#include <malloc.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "limbeck/version.h"

#include "base/json_writer.h"
#include "cli/arguments.h"
#include "cli/each_engine.h"
#include "cli/help.h"
#include "cli/hide_passwords.h"
#include "cli/session.h"
#include "dialect/sqlite/process.h"
#include "report/error.h"

namespace limbeck::cli {
namespace {

// What is said of a revision that is left in part, as a handler can say it.
struct LastWords {
  int descriptor = STDERR_FILENO;
  std::string text = {};
};

// The globals: a signal handler can be given nothing else.
Signals signals;
LastWords last_words;

// The first signal asks the command to stop, the second one stops it.
extern "C" void on_signal(int number) {
  if (!signals.interrupted.exchange(true)) return;
  if (signals.done_in_part.load()) {
    const ssize_t ignored =
        write(last_words.descriptor, last_words.text.data(), last_words.text.size());
    static_cast<void>(ignored);
    _exit(static_cast<int>(ExitCode::failed_between_steps));
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void watch_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);  // writing fails instead, and the command ends in order
}

// A short command spends a good part of its time in getting memory from the kernel piece by piece
// and giving it back: it is got in large pieces, and kept up to a bound.
void keep_memory() {
  constexpr int mebibyte = 1 << 20;
  mallopt(M_TOP_PAD, mebibyte);
  mallopt(M_MMAP_THRESHOLD, 4 * mebibyte);
  mallopt(M_TRIM_THRESHOLD, 8 * mebibyte);
}

std::string version_json() {
  JsonWriter json;
  json.begin_object().member("version", version).end_object();
  return json.text() + "\n";
}

ExitCode run_command(const CommandSpec& command, Session& session, const Arguments& arguments) {
  std::vector<std::string> engines;
  if (command.for_each_engine) engines = engines_of_command(session, arguments);
  if (engines.empty()) return command.run(session, arguments);
  return run_for_each_engine(engines, command, arguments, signals);
}

ExitCode run(const Arguments& arguments) {
  Session session(arguments, signals);
  if (arguments.version) {
    Session::print(session.json() ? version_json() : fmt::format("limbeck {}\n", version));
    return ExitCode::ok;
  }
  if (arguments.help) {
    Session::print(arguments.command == nullptr
                       ? overview(session.paint())
                       : command_help(*arguments.command, session.paint()));
    return ExitCode::ok;
  }
  // Whoever asks for JSON is told in JSON that there is no project.
  const bool asks_status = session.project_file() || session.json();
  const CommandSpec* command =
      arguments.command == nullptr && asks_status ? find_command("status") : arguments.command;
  if (command != nullptr) return run_command(*command, session, arguments);
  Session::print(overview(session.paint()));
  return ExitCode::ok;
}

// What the error's own report needs of the command line, which may be what is wrong.
struct ErrorStyle {
  bool json = false;
  ColorChoice color = ColorChoice::automatic;
};

ErrorStyle error_style(const std::vector<std::string>& words) {
  constexpr std::string_view option = "--color";
  ErrorStyle style;
  for (std::size_t i = 0; i < words.size(); ++i) {
    style.json = style.json || words[i] == "--json";
    std::string when;
    if (words[i] == option && i + 1 < words.size()) when = words[i + 1];
    if (words[i].starts_with("--color=")) when = words[i].substr(option.size() + 1);
    style.color = parse_color_choice(when).value_or(style.color);
  }
  return style;
}

// Before there are signals.
void prepare_last_words(const ErrorStyle& style) {
  const Error error({.code = ExitCode::failed_between_steps,
                     .message = "stopped at once",
                     .state = "a revision stopped between its steps or batches; what was done of "
                              "it before stays",
                     .hint = "run the same command again: it goes on where it stopped"});
  if (style.json) {
    last_words = {.descriptor = STDOUT_FILENO, .text = error_json(error)};
  } else {
    const Painter paint(use_color(style.color, STDERR_FILENO));
    last_words = {.text = "\n" + error_text(error, paint)};  // a line of progress may be open
  }
}

void report(const Error& error, const ErrorStyle& style) noexcept {
  try {
    if (style.json) {
      Session::print(error_json(error));
    } else {
      const Painter paint(use_color(style.color, STDERR_FILENO));
      LinePrinter(STDERR_FILENO, false, paint).text(error_text(error, paint));
    }
  } catch (...) {  // nobody is left to be told
    return;
  }
}

// Of what has stopped a command from outside: a layer that knows more has said more.
void say_way_on(Error& error) {
  std::string& hint = error.report().hint;
  if (!hint.empty()) return;
  if (error.code() == ExitCode::interrupted) hint = "run the same command again to go on";
  if (dynamic_cast<const ConnectionLost*>(&error) != nullptr)
    hint = "when the server is back, \"limbeck status\" says where the database is";
}

int main_of(const std::vector<std::string>& words) {
  const ErrorStyle style = error_style(words);
  prepare_last_words(style);
  watch_signals();
  try {
    return static_cast<int>(run(parse_arguments(words)));
  } catch (Error& error) {
    say_way_on(error);
    report(error, style);
    return static_cast<int>(error.code());
  } catch (const std::exception& exception) {
    report(unexpected(exception), style);
    return static_cast<int>(ExitCode::internal_error);
  }
}

}  // namespace
}  // namespace limbeck::cli

int main(int argc, char** argv) {
  limbeck::sqlite::spare_memory_statistics();
  limbeck::cli::keep_memory();
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  limbeck::cli::hide_passwords({argv, static_cast<std::size_t>(argc)});
  return limbeck::cli::main_of(words);
}
