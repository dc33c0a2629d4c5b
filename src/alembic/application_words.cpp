#include "alembic/application_words.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "limbeck/error.h"

#include "alembic/env_file.h"
#include "alembic/env_modules.h"
#include "base/file.h"
#include "base/letter_case.h"

namespace limbeck::alembic {
namespace {

bool says_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool quotes(std::string_view text, const std::string& name) {
  return says_any(text, {"\"" + name + "\"", "'" + name + "'"});
}

// os.environ["X"] = ..., os.environ.setdefault("X", ...)
bool line_sets_variable(std::string_view line, const std::string& name, bool is_set) {
  if (!says_any(line, {"environ", "putenv"}) || !quotes(line, name)) return false;
  if (says_any(line, {"setdefault"})) return !is_set;
  if (says_any(line, {"putenv", "__setitem__"})) return true;
  const std::size_t close = line.find(']');
  const std::size_t sign = line.find_first_not_of(" \t", std::min(close, line.size() - 1) + 1);
  return close != std::string_view::npos && sign != std::string_view::npos && line[sign] == '=' &&
         line.substr(sign, 2) != "==";
}

bool text_sets_variable(std::string_view text, const std::string& name, bool is_set) {
  if (!quotes(text, name) && text.find(name + "=") == std::string_view::npos) return false;
  if (says_any(text, {"environ.update", "environ |="})) return true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (line_sets_variable(text.substr(at, end - at), name, is_set)) return true;
    at = end + 1;
  }
  return false;
}

bool text_loads_dotenv(std::string_view text) {
  return says_any(text, {"load_dotenv", "read_env(", "read_dotenv", "decouple", "environs",
                         "dynaconf", "env_file"});
}

bool sets_search_path(std::string_view text) {
  return says_any(text, {"search_path"}) &&
         says_any(lower_case(text), {"set search_path", "set session search_path",
                                     "set local search_path", "set_config("});
}

bool text_sets_options(std::string_view text) {
  return says_any(text, {"set_main_option", "set_section_option", "remove_main_option",
                         "file_config", "config_file_name =", "config_ini_section ="});
}

// Those that are imported from the text on.
std::vector<std::string> texts_from(ModuleSearch& search,
                                    std::set<std::filesystem::path>& folders) {
  std::vector<std::string> texts;
  while (const auto file = search.next()) {
    try {
      texts.push_back(read_file(*file, max_module_size));
    } catch (const Error&) {
      continue;  // Python will say so, where it is needed
    }
    search.add_imports(texts.back(), *file);
    folders.insert(file->parent_path());
  }
  return texts;
}

}  // namespace

const std::vector<std::string>& ApplicationWords::texts() {
  if (texts_) return *texts_;
  ModuleSearch search(project_);
  std::set<std::filesystem::path> folders;
  const auto env = read_env_file(project_);
  if (env) search.add_imports(*env, env_file(project_));
  // Flask's own command imports the application, which is around the folder of the scripts.
  if (env && env->find("current_app") != std::string::npos)
    search.add_folder(project_.script_location.parent_path());
  texts_ = texts_from(search, folders);
  folders_.assign(folders.begin(), folders.end());
  return *texts_;
}

const std::vector<std::filesystem::path>& ApplicationWords::folders() {
  texts();
  return folders_;
}

bool ApplicationWords::loads_dotenv() {
  if (!loads_dotenv_) {
    const auto env = read_env_file(project_);
    // "flask db upgrade" loads it.
    loads_dotenv_ = (env && says_any(*env, {"current_app"})) ||
                    std::any_of(texts().begin(), texts().end(), text_loads_dotenv);
  }
  return *loads_dotenv_;
}

bool ApplicationWords::may_set_variable(const std::string& name) {
  const auto [known, is_new] = set_variables_.emplace(name, false);
  const bool is_set = std::getenv(name.c_str()) != nullptr;
  if (is_new)
    known->second = std::any_of(texts().begin(), texts().end(), [&](const std::string& text) {
      return text_sets_variable(text, name, is_set);
    });
  return known->second;
}

bool ApplicationWords::changes_configuration() {
  if (!changes_configuration_)
    changes_configuration_ =
        std::any_of(texts().begin(), texts().end(), [](const std::string& text) {
          return says_any(text, {"context.config"}) && text_sets_options(text);
        });
  return *changes_configuration_;
}

bool ApplicationWords::listens_to_sessions() {
  if (!listens_to_sessions_)
    listens_to_sessions_ = std::any_of(texts().begin(), texts().end(), [](const std::string& text) {
      return says_any(text, {"listens_for", "event.listen"}) && sets_search_path(text) &&
             (quotes(text, "connect") || quotes(text, "checkout") || quotes(text, "begin"));
    });
  return *listens_to_sessions_;
}

std::optional<std::vector<std::string>> ApplicationWords::texts_of(
    const std::string& origin) const {
  std::string module = origin.substr(0, origin.find_first_of("(["));
  while (!find_module(project_, module)) {
    const std::size_t dot = module.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    module.resize(dot);
  }
  ModuleSearch search(project_);
  search.add_imports("import " + module + "\n", env_file(project_));
  std::set<std::filesystem::path> folders;
  return texts_from(search, folders);
}

bool ApplicationWords::may_say(const std::string& origin, std::string_view word) {
  const auto texts = texts_of(origin);
  return !texts || std::any_of(texts->begin(), texts->end(),
                               [&](const std::string& text) { return says_any(text, {word}); });
}

bool ApplicationWords::may_change_configuration(const std::string& origin) {
  const auto texts = texts_of(origin);  // of others nobody knows what it does
  return !texts || std::any_of(texts->begin(), texts->end(), text_sets_options);
}

}  // namespace limbeck::alembic
