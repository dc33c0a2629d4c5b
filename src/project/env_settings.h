// What env.py of an Alembic project sets for its session, for the sessions of Limbeck.
#pragma once

#include "alembic/project.h"
#include "dialect/database_url.h"

namespace limbeck {

// The url with the settings by which env.py chooses the schema and the owner of what is made, as
// far as the url does not say them itself. Throws Error (ExitCode::invalid_project) where env.py
// computes one that the url does not say: tables would be made in another schema.
DatabaseUrl with_env_settings(const DatabaseUrl& url, const AlembicProject& project);

}  // namespace limbeck
