#include "cli/commands.h"
#include "cli/run_command.h"
#include "cli/scripts.h"

namespace limbeck::cli {
namespace {

ExitCode run_upgrade(Session& session, const Arguments& arguments) {
  const std::string target = arguments.value("REV");
  return run_revisions(session, arguments, Direction::upgrade, target.empty() ? "head" : target);
}

}  // namespace

CommandSpec upgrade_command() {
  return {
      .name = "upgrade",
      .summary = "Run the pending revisions up to a revision",
      .description =
          "Each revision is run once, in the order of the graph, and recorded together with what "
          "it did. A "
          "run that was killed is resumed by the next one at the step where it stopped.\n\n"
          "Before anything is changed, standard error says what \"limbeck lint\" finds in what is "
          "about to run. A statement that would take rows with it which a table holds (DROP TABLE, "
          "DROP COLUMN, ...) is refused with exit code 4, unless a comment at it allows that.\n\n"
          "With --sql, REV may be FROM:TO; FROM is where the database is (base when it is left "
          "out).",
      .positionals = {{.name = "REV",
                       .help = "where to go: head (the default), heads, an id, +1, ...",
                       .least = 0,
                       .completion = Completion::revision}},
      .options = {sql_option, single_transaction_option, accept_changed_option,
                  accept_data_loss_option, backup_option, no_backup_option, lock_wait_option,
                  rehearse_option, delegate_option},
      .examples = {{"limbeck upgrade", "everything that is pending"},
                   {"limbeck upgrade +1", "one revision"},
                   {"limbeck upgrade 5b1d:head --sql", "the SQL from 5b1d on"}},
      .run = run_upgrade,
      .for_each_engine = true,
  };
}

}  // namespace limbeck::cli
