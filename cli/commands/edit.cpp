#include <cstdlib>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "base/json_writer.h"
#include "base/process.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "revision/selector.h"

namespace limbeck::cli {
namespace {

std::string editor() {
  for (const char* name : {"VISUAL", "EDITOR"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "vi";
}

// The variables hold a command with arguments ("code --wait"), which a shell takes apart.
std::vector<std::string> editor_command(const std::string& file) {
  return {"/bin/sh", "-c", editor() + " \"$1\"", "limbeck", file};
}

ExitCode run_edit(Session& session, const Arguments& arguments) {
  const std::string selector = arguments.value("REV");
  std::vector<std::string> current;
  if (needs_current(selector)) current = session.current();
  const Chain& chain = session.chain_at(current);
  JsonWriter json;
  json.begin_object().key("files").begin_array();
  for (const auto index : select_files(chain.graph(), selector, current)) {
    const std::string file = chain.path(index);
    const ProcessResult result =
        run_process(editor_command(file),
                    session.json() ? ProcessOutput::to_standard_error : ProcessOutput::inherited);
    if (!result.ok()) {
      throw Error({.code = ExitCode::usage,
                   .message = fmt::format("the editor {} failed: {}", editor(), describe(result)),
                   .hint = "set VISUAL or EDITOR to the editor that you want"});
    }
    json.value(file);
  }
  json.end_array().end_object();
  if (session.json()) Session::print(json.text() + "\n");
  return ExitCode::ok;
}

}  // namespace

CommandSpec edit_command() {
  return {
      .name = "edit",
      .summary = "Open the file of a revision in $VISUAL or $EDITOR",
      .positionals = {{.name = "REV",
                       .help = "an id, a label, head, current, ...",
                       .completion = Completion::revision}},
      .run = run_edit,
  };
}

}  // namespace limbeck::cli
