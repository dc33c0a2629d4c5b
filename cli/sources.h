// What the commands that read schemas have in common: their options, and the sources that these
// name.
#pragma once

#include <set>
#include <string>

#include "cli/arguments.h"
#include "cli/session.h"
#include "report/generated_revision.h"
#include "source/compare.h"

namespace limbeck::cli {

inline constexpr OptionSpec schema_option{
    .name = "--schema",
    .value = "PATTERN",
    .help = "only schemas of these names; * and ? stand for any text and one character",
    .repeatable = true};
inline constexpr OptionSpec include_option{.name = "--include",
                                           .value = "PATTERN",
                                           .help = "only these objects: users, shop.*, view:*",
                                           .repeatable = true};
inline constexpr OptionSpec exclude_option{
    .name = "--exclude", .value = "PATTERN", .help = "not these objects", .repeatable = true};
inline constexpr OptionSpec dialect_option{
    .name = "--dialect",
    .value = "NAME",
    .help = "what SQL files are written for: postgresql, sqlite"};
inline constexpr OptionSpec owners_option{
    .name = "--owners", .value = "WHEN", .help = "auto (when declared SQL states them), on or off"};
inline constexpr OptionSpec privileges_option{
    .name = "--privileges",
    .value = "WHEN",
    .help = "auto (when declared SQL states them, or between two databases), on or off"};
inline constexpr OptionSpec program_timeout_option{
    .name = "--program-timeout",
    .value = "DURATION",
    .help = "how long a cmd: program may take (1m); 0: any time"};
inline constexpr OptionSpec offline_option{
    .name = "--offline",
    .help = "interpret declared SQL and revisions in memory, without a scratch database"};
inline constexpr OptionSpec no_cache_option{.name = "--no-cache",
                                            .help = "neither read nor keep elaborated schemas"};

inline constexpr OptionSpec declared_option{
    .name = "--to",
    .value = "SOURCE",
    .help = "the declared schema, instead of the project's; several together declare one",
    .repeatable = true,
    .completion = Completion::file};
inline constexpr OptionSpec rename_option{
    .name = "--rename",
    .value = "OLD=NEW",
    .help = "what has another name now: users=people, users.mail=email",
    .repeatable = true};

CompareOptions compare_options(Session& session, const Arguments& arguments);
LoadContext load_context(Session& session, const Arguments& arguments);
// The same for a project's declared schema: its programs run in the project's folder.
LoadContext project_load_context(Session& session, const Arguments& arguments);

// A source that the command line names; a relative path counts from here. "database" is that of
// --url or the project.
Source named_source(Session& session, const std::string& text);
Sources named_sources(Session& session, const std::vector<std::string>& texts);

// The declared schema for a dialect: of --to, or of the project, from whose folder paths count.
// Empty when neither says one.
Sources declared_sources(Session& session, const Arguments& arguments, const std::string& dialect);
// The same. Throws Error (ExitCode::usage) when there is none.
Sources required_declared_sources(Session& session, const Arguments& arguments,
                                  const std::string& dialect);

// Of --rename, then those that the declared SQL states.
std::vector<RenameRequest> stated_renames(const Arguments& arguments,
                                          const std::vector<RenameRequest>& declared = {});

// What leads from one side to the other, with the renames that are stated.
SchemaChange stated_change(Comparison sides, const Arguments& arguments);

// A "not compared:" line on standard error for each; --quiet does not take them away.
void say_not_compared(Session& session, const std::set<std::string>& not_compared);

// The value of --format, one of known; json with --json; the first one when it was not given.
std::string output_format(Session& session, const Arguments& arguments,
                          const std::vector<std::string>& known);

}  // namespace limbeck::cli
