// New revisions: what "limbeck revision" and "limbeck merge" write. In an Alembic project they are
// scripts.
//
// Nothing is written before the graph has been checked with the new revision in it, and no file is
// ever overwritten. It never connects.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "project/project.h"
#include "revision/template.h"
#include "run/chain.h"

namespace limbeck {

// Now, in the project's time zone. Throws Error (ExitCode::invalid_project) when that is not known.
ZoneTime now_in(const Project& project);

struct NewRevision {
  std::string message = {};
  std::vector<std::string> parents = {};  // selectors: "head", "base", ids, labels
  bool splice = false;  // the parent may have children already: a new branch begins
  std::vector<std::string> labels = {};      // new ones
  std::vector<std::string> depends_on = {};  // selectors or labels
  std::string id = {};                       // empty: a random one
  // One of the project's migrations folders. Empty: the parent's; without one, the first, but in an
  // Alembic project with several it has to be said.
  std::string folder = {};
  RevisionBody body = {};
};

struct WrittenRevision {
  Revision revision;
  std::filesystem::path file;
  std::string warning = {};  // for people; mostly empty
};

// Throws Error, usage: a selector that is wrong or names several heads, a parent that is no head
// without splice, an id that is not allowed, too long for the version table or taken, a label that
// is taken, a folder that is not one of the project's; invalid_project: the template;
// internal_error: the file cannot be written.
WrittenRevision write_revision(const Project& project, const Chain& chain,
                               const NewRevision& wanted);

// Runs the project's hooks on the new file, in their order, their output on standard error.
// Throws Error (ExitCode::invalid_project) when one fails; the file stays.
void run_hooks(const Project& project, const std::filesystem::path& file);

}  // namespace limbeck
