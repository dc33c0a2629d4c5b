// What runs the scripts of an Alembic project, set up as the project says.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "cli/arguments.h"
#include "plan/script.h"
#include "project/project.h"
#include "revision/script_format.h"

namespace limbeck::cli {

inline constexpr OptionSpec delegate_option{
    .name = "--delegate",
    .help = "let the project's own Alembic run the scripts that need the application"};
inline constexpr OptionSpec rehearse_option{
    .name = "--rehearse",
    .help =
        "first run it all in a scratch database with the same schema; change nothing when "
        "anything fails there"};

// nullptr for a project that is none of Alembic's. Nothing is started before a script is needed.
std::shared_ptr<Scripts> scripts_of(const Project& project, const Arguments& arguments,
                                    const std::atomic<bool>& interrupt);

// What of its scripts counts as a revision, and who is asked for a header that is computed.
std::optional<ScriptFormat> script_format_of(const Project& project, const Arguments& arguments,
                                             const std::atomic<bool>& interrupt);

}  // namespace limbeck::cli
