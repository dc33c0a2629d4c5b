#include "cli/ask_renames.h"

#include <fmt/format.h>
#include <set>
#include <unistd.h>

#include "base/terminal.h"
#include "cli/confirm.h"
#include "diff/advice.h"

namespace limbeck::cli {
namespace {

// Asks about the first one that was not asked about yet; whether the difference is another one now.
bool ask_next(SchemaChange& change, std::set<std::string>& asked,
              const std::atomic<bool>& interrupt) {
  for (const Advice& advice : advise(operations_of(change), change.from)) {
    if (!advice.rename) continue;
    const RenameRequest& rename = *advice.rename;
    if (!asked.insert(rename.from + "=" + rename.to).second) continue;
    const std::string question = fmt::format("Is {} renamed to {}, its values kept?",
                                             printable(rename.from), printable(rename.to));
    if (!confirmed(question, "", interrupt)) continue;
    change.renames.push_back(rename);
    return true;
  }
  return false;
}

}  // namespace

void ask_about_renames(SchemaChange& change, const std::atomic<bool>& interrupt) {
  if (!is_terminal(STDIN_FILENO) || !is_terminal(STDERR_FILENO)) return;
  std::set<std::string> asked;
  while (ask_next(change, asked, interrupt)) continue;
}

}  // namespace limbeck::cli
