// The lexical rules of each database, as data for the splitter.
#pragma once

#include "sql/splitter.h"

namespace limbeck::sql {

inline constexpr LexicalRules postgres_rules{.nested_comments = true,
                                             .dollar_quotes = true,
                                             .escape_strings = true,
                                             .copy_data = true,
                                             .atomic_bodies = true,
                                             .backslash_commands = true,
                                             .carriage_return_ends_comment = true};

inline constexpr LexicalRules sqlite_rules{.backtick_names = true,
                                           .bracket_names = true,
                                           .trigger_bodies = true,
                                           .backslash_commands = true};

}  // namespace limbeck::sql
