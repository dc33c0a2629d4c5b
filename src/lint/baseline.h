// A baseline: the findings that an old project has already, kept in a file so that only new ones
// are reported.
//
// A line for each: its fingerprint, its rule and its place, for people. A fingerprint does not
// depend on lines, so that edits elsewhere in a file change nothing.
#pragma once

#include <filesystem>
#include <string>

#include "lint/lint.h"

namespace limbeck {

// Takes the findings away that the file holds, and counts them, and its lines that match none:
// mended, or in a revision that was not looked at. Throws Error
// (ExitCode::invalid_project) when the file is not there or no baseline.
void leave_out_known(LintReport& report, const std::filesystem::path& file);

// The file that holds all of the report's findings.
std::string baseline_text(const LintReport& report, const std::filesystem::path& folder);

}  // namespace limbeck
