// Offline scripts: what an upgrade, a downgrade or a stamp would run, as SQL text for psql or
// sqlite3.
//
// It never connects. The script keeps the version table; it cannot keep the journal's promise to
// resume.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "dialect/dialect.h"
#include "revision/direction.h"
#include "run/chain.h"
#include "run/target_database.h"

namespace limbeck {

// range: "target" or "from:target"; from may be several heads, comma separated, or base. A
// downgrade needs both. single_transaction: around all of it; throws Error (ExitCode::usage) for a
// revision that none can hold.
std::string offline_script(const Chain& chain, const Dialect& dialect,
                           const DatabaseSettings& settings, Direction direction,
                           std::string_view range, bool single_transaction);
// purge: the version table is there, and its rows are removed first, whatever they are.
std::string offline_stamp(const Chain& chain, const Dialect& dialect,
                          const DatabaseSettings& settings, std::span<const std::string> targets,
                          bool purge);

}  // namespace limbeck
