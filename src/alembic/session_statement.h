// What a statement says about the settings of its session that Limbeck takes over: search_path and
// role. Internal to src/alembic.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck::alembic {

struct SessionSetting {
  std::string name = {};   // "search_path", "role"
  std::string value = {};  // as the server takes it at the start of a session; empty: unknown
};

// Of all that a text of SQL, or the "options" of a connection, sets.
std::vector<SessionSetting> session_settings_in(std::string_view text);

// What is set behind the statements of one session, in their order.
std::map<std::string, std::string> session_settings_after(
    const std::vector<std::string>& statements);

}  // namespace limbeck::alembic
