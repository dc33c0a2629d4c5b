// What lint says where it was not asked: before a command runs or writes revisions.
#pragma once

#include <memory>
#include <string>

#include "cli/arguments.h"
#include "cli/session.h"
#include "lint/run_review.h"

namespace limbeck::cli {

// Looks at a run before it changes anything. Findings go to standard error, and to `told`, which
// must outlive it.
std::unique_ptr<RunReview> run_review(Session& session, const Arguments& arguments,
                                      LintReport& told);

// What there is to say of a script that is written and not run: of FROM:TO, where FROM is not base.
// A chain that is long before it is not looked at.
LintReport findings_of_script(Session& session, const Chain& chain, const std::string& target);

// Of a revision that was just written, for a dialect.
LintReport findings_of_new_revision(Session& session, const std::string& id,
                                    const std::string& dialect);

}  // namespace limbeck::cli
