#include "cli/commands.h"

#include <algorithm>
#include <array>

namespace limbeck::cli {

std::span<const CommandSpec> commands() {
  static const std::array all{
      init_command(),    status_command(),  revision_command(),       merge_command(),
      squash_command(),  upgrade_command(), downgrade_command(),      stamp_command(),
      current_command(), heads_command(),   history_command(),        branches_command(),
      show_command(),    edit_command(),    inspect_command(),        diff_command(),
      check_command(),   lint_command(),    audit_command(),          health_command(),
      apply_command(),   import_command(),  ensure_version_command(), repair_command(),
      verify_command(),  backup_command(),  restore_command(),        completion_command(),
      man_command(),     help_command(),    complete_command(),
  };
  return all;
}

std::span<const OptionSpec> global_options() {
  static constexpr std::array all{
      OptionSpec{.name = "--config",
                 .short_name = "-c",
                 .value = "FILE",
                 .help = "the configuration; else LIMBECK_CONFIG, else the nearest limbeck.toml "
                         "or alembic.ini",
                 .completion = Completion::file},
      OptionSpec{.name = "--name",
                 .short_name = "-n",
                 .value = "SECTION",
                 .help = "the section of alembic.ini to use (default: alembic)"},
      OptionSpec{
          .name = "--url", .value = "URL", .help = "the database, instead of the configured one"},
      OptionSpec{.name = "--engine",
                 .value = "NAME",
                 .help =
                     "which of the databases of an Alembic project with several is meant; upgrade, "
                     "downgrade, stamp, current and status go through all of them without it"},
      OptionSpec{.name = "-x",
                 .value = "KEY=VALUE",
                 .help = "for Alembic scripts that call get_x_argument()",
                 .repeatable = true},
      OptionSpec{.name = "--json", .help = "print one JSON object"},
      OptionSpec{.name = "--quiet", .short_name = "-q", .help = "no log on standard error"},
      OptionSpec{
          .name = "--verbose",
          .short_name = "-v",
          .help = "say more; upgrade, downgrade and stamp show every statement that they run"},
      OptionSpec{.name = "--color",
                 .value = "WHEN",
                 .help = "auto, always or never",
                 .completion = Completion::color},
  };
  return all;
}

const CommandSpec* find_command(std::string_view name) {
  const auto all = commands();
  const auto found = std::find_if(all.begin(), all.end(), [&](const CommandSpec& spec) {
    return spec.name == name || (!spec.alias.empty() && spec.alias == name);
  });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace limbeck::cli
