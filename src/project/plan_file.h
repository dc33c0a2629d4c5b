// A plan of changes in a file: what "limbeck apply" will run, made now and run later, after
// somebody has read it.
//
// It holds the fingerprint of the schema that it was made for, and a hash of itself: a plan is run
// as it was reviewed, on the database that it was made for, or not at all. It never holds a url.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "revision/revision_file.h"

namespace limbeck {

struct PlanFile {
  std::string dialect = {};
  std::string fingerprint = {};  // of the schema before
  // With what the schema was read.
  bool owners = false;
  bool privileges = false;
  std::vector<std::string> schemas = {};
  std::vector<std::string> include = {};
  std::vector<std::string> exclude = {};
  std::vector<std::string> changes = {};  // a line for each, for people
  std::string sql = {};                   // upgrade sections of a revision file
};

// "plan_" and 12 digits of the hash of all its members.
std::string plan_id(const PlanFile& plan);

std::string plan_json(const PlanFile& plan);
// Throws Error (ExitCode::invalid_project): no such file, no JSON, of a newer format, changed since
// it was written.
PlanFile read_plan(const std::filesystem::path& path);
// The same of its text. path: for errors.
PlanFile parse_plan(std::string_view text, const std::filesystem::path& path);

// What is run. file: for the places of errors.
RevisionFile plan_revision_file(const PlanFile& plan, const std::string& file);

}  // namespace limbeck
