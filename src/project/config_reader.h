// Reads limbeck.toml into a Project. Internal to src/project; the only place that knows TOML.
#pragma once

#include <string_view>

#include "project/project.h"

namespace limbeck {

// text: the content of project.file. Fills in what the file says and leaves the rest. Throws as
// load_project does.
void read_config(std::string_view text, Project& project);

}  // namespace limbeck
