// What the modules that env.py imports do when they are imported, as far as their words say it.
// Internal to src/alembic.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/project.h"

namespace limbeck::alembic {

// Read when it is asked for the first time: most never ask.
class ApplicationWords {
 public:
  // It must outlive this.
  explicit ApplicationWords(const AlembicProject& project) : project_(project) {}

  // Whether any of them loads a file .env.
  bool loads_dotenv();
  // Where the modules stand.
  const std::vector<std::filesystem::path>& folders();
  // Whether any of them may set the variable of the environment.
  bool may_set_variable(const std::string& name);
  // Whether any of them changes Alembic's configuration as it is imported.
  bool changes_configuration();
  // Whether any of them sets search_path when a session begins.
  bool listens_to_sessions();
  // Whether the module that something comes from may say the word.
  bool may_say(const std::string& origin, std::string_view word);
  // Whether a function of the module, which is given the configuration, may change it.
  bool may_change_configuration(const std::string& origin);

 private:
  using Says = std::function<bool(std::string_view)>;

  const std::vector<std::string>& texts();
  // Of the module that it comes from, and of those that this imports; nothing: it is none of the
  // project's.
  std::optional<std::vector<std::string>> texts_of(const std::string& origin) const;

  const AlembicProject& project_;
  std::optional<std::vector<std::string>> texts_ = {};
  std::vector<std::filesystem::path> folders_ = {};
  std::optional<bool> loads_dotenv_ = {};
  std::optional<bool> changes_configuration_ = {};
  std::optional<bool> listens_to_sessions_ = {};
  std::map<std::string, bool> set_variables_ = {};
};

}  // namespace limbeck::alembic
