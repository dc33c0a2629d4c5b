#include "cli/commands.h"
#include "cli/run_command.h"
#include "cli/scripts.h"

namespace limbeck::cli {
namespace {

ExitCode run_downgrade(Session& session, const Arguments& arguments) {
  return run_revisions(session, arguments, Direction::downgrade, arguments.value("REV"));
}

}  // namespace

CommandSpec downgrade_command() {
  return {
      .name = "downgrade",
      .summary = "Take revisions back, down to a revision",
      .description =
          "REV itself stays applied; base takes everything back.\n\n"
          "With --sql, REV is FROM:TO.",
      .positionals = {{.name = "REV",
                       .help = "where to go: base, an id, -1, ...",
                       .completion = Completion::revision}},
      .options = {sql_option, single_transaction_option, accept_changed_option,
                  accept_data_loss_option, backup_option, no_backup_option, lock_wait_option,
                  rehearse_option, delegate_option},
      .examples = {{"limbeck downgrade -1", "take the last revision back"},
                   {"limbeck downgrade base", "take everything back"}},
      .run = run_downgrade,
      .for_each_engine = true,
  };
}

}  // namespace limbeck::cli
