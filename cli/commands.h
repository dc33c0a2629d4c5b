// The commands, one function and one file in cli/commands/ each, and the options that several of
// them share.
#pragma once

#include "cli/command.h"

namespace limbeck::cli {

CommandSpec init_command();
CommandSpec status_command();
CommandSpec revision_command();
CommandSpec merge_command();
CommandSpec squash_command();
CommandSpec upgrade_command();
CommandSpec downgrade_command();
CommandSpec stamp_command();
CommandSpec health_command();
CommandSpec current_command();
CommandSpec heads_command();
CommandSpec history_command();
CommandSpec branches_command();
CommandSpec show_command();
CommandSpec edit_command();
CommandSpec inspect_command();
CommandSpec diff_command();
CommandSpec check_command();
CommandSpec lint_command();
CommandSpec audit_command();
CommandSpec apply_command();
CommandSpec import_command();
CommandSpec ensure_version_command();
CommandSpec repair_command();
CommandSpec verify_command();
CommandSpec backup_command();
CommandSpec restore_command();
CommandSpec help_command();
CommandSpec completion_command();
CommandSpec man_command();
CommandSpec complete_command();

inline constexpr OptionSpec sql_option{
    .name = "--sql", .help = "print the SQL instead of running it; never connects"};
inline constexpr OptionSpec lock_wait_option{
    .name = "--lock-wait",
    .value = "DURATION",
    .help = "how long to wait for another run to finish (10m); 0: not at all"};
inline constexpr OptionSpec accept_changed_option{
    .name = "--accept-changed",
    .help = "go on although the file of an applied revision has changed"};
inline constexpr OptionSpec accept_data_loss_option{
    .name = "--accept-data-loss",
    .help = "go on where a statement takes rows with it that a table holds"};
inline constexpr OptionSpec backup_option{
    .name = "--backup",
    .help = "first back the database up; --backup=touched: only the tables that are touched",
    .may_have_value = true};
inline constexpr OptionSpec no_backup_option{
    .name = "--no-backup", .help = "make no backup first, of an SQLite file either"};
inline constexpr OptionSpec single_transaction_option{
    .name = "--single-transaction",
    .help = "run all revisions in one transaction: all of them or none"};

}  // namespace limbeck::cli
