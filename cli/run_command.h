// What upgrade and downgrade have in common.
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/session.h"
#include "lint/finding.h"
#include "revision/direction.h"

namespace limbeck::cli {

// Runs up or down to the target, or prints the SQL of that with --sql.
ExitCode run_revisions(Session& session, const Arguments& arguments, Direction direction,
                       const std::string& target);

// Prints SQL, or {"sql": ...}, and with findings "findings": [...].
void print_sql(Session& session, const std::string& sql,
               const std::vector<Finding>* findings = nullptr);

// Where a run has left the database: "5b1d, 77ab", "<base>".
std::string heads_text(const RunReport& report);

// Prints what a run did: JSON when asked, and otherwise a word where there was nothing to do.
void print_run(Session& session, const RunReport& report,
               const std::vector<Finding>* findings = nullptr);

}  // namespace limbeck::cli
