// New revisions of Alembic projects, as scripts in the project's own style. Internal to
// new_revision.cpp.
#pragma once

#include <string>

#include "project/new_revision.h"

namespace limbeck {

// Whether new revisions in this folder are scripts.
bool holds_scripts(const Project& project, const std::filesystem::path& folder);

struct RenderedScript {
  std::string text = {};
  std::string warning = {};   // about a template that could not be used
  bool holds_upgrade = true;  // the statements of the body's upgrade, if there are any
};

// From script.py.mako of the project. Throws Error (ExitCode::invalid_project) when the template
// leaves out a part of the header.
RenderedScript render_script(const Project& project, const Revision& revision,
                             const RevisionBody& body, const ZoneTime& now);

}  // namespace limbeck
