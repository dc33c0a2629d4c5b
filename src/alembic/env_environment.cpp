#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "alembic/env_file.h"
#include "alembic/env_machine.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;

// What a file .env says of a variable.
enum class DotenvLine { none, names, gives_url };

// X=postgresql://..., with "export" before it, and quotes.
DotenvLine dotenv_line_of(std::string_view line, std::string_view variable) {
  const auto skip = [&](std::string_view characters) {
    line.remove_prefix(std::min(line.find_first_not_of(characters), line.size()));
  };
  skip(" \t");
  if (line.starts_with("export ")) line.remove_prefix(7);
  skip(" \t");
  if (!line.starts_with(variable)) return DotenvLine::none;
  line.remove_prefix(variable.size());
  skip(" \t");
  if (!line.starts_with('=')) return DotenvLine::none;
  skip("= \t\"'");
  const bool is_url = line.starts_with("postgres") || line.starts_with("sqlite");
  return is_url ? DotenvLine::gives_url : DotenvLine::names;
}

DotenvLine dotenv_line(const fs::path& file, const std::string& variable) {
  if (!is_file(file)) return DotenvLine::none;
  const std::string text = read_file(file, max_module_size);
  DotenvLine said = DotenvLine::none;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    said = std::max(said, dotenv_line_of(std::string_view(text).substr(at, end - at), variable));
    at = end + 1;
  }
  return said;
}

}  // namespace

// Whether a file .env that is loaded, by env.py or by the application, gives it a value.
bool EnvMachine::dotenv_gives(const std::string& name) {
  if (dotenv_is_unknown_) return true;
  std::vector<fs::path> files;
  for (const std::string& file : dotenv_files_) files.push_back(project_.working_folder / file);
  const bool is_of_application = imports_application_ && application_.loads_dotenv();
  if (reads_dotenv_ || is_of_application) {
    std::vector<fs::path> folders{project_.working_folder};
    for (fs::path at = project_.script_location; at.has_relative_path(); at = at.parent_path())
      folders.push_back(at);
    if (is_of_application)
      folders.insert(folders.end(), application_.folders().begin(), application_.folders().end());
    for (const fs::path& folder : folders) {
      files.push_back(folder / ".env");
      files.push_back(folder / ".flaskenv");
    }
  }
  DotenvLine line = DotenvLine::none;
  for (const fs::path& file : files) line = std::max(line, dotenv_line(file, name));
  if (line == DotenvLine::gives_url) dotenv_variables_.insert(name);
  return line != DotenvLine::none;
}

EnvValue* EnvMachine::unknown_variable(const std::string& name) {
  environment_[name] = unknown();
  environment_[name]->variable = name;
  return environment_[name];
}

// Null: it is not set.
EnvValue* EnvMachine::environment_variable(const std::string& name) {
  if (const auto own = environment_.find(name); own != environment_.end()) return own->second;
  if (environment_is_open_) return environment_[name] = unknown();
  const bool is_set_by_application = imports_application_ && application_.may_set_variable(name);
  if (is_set_by_application || (dotenv_overrides_ && dotenv_gives(name)))
    return unknown_variable(name);
  if (const char* value = std::getenv(name.c_str())) {
    Value* set = text(value);
    set->variable = name;
    return set;
  }
  return dotenv_gives(name) ? unknown_variable(name) : nullptr;
}

// What is known of it may be something else now.
void EnvMachine::open_environment() {
  environment_is_open_ = true;
  for (auto& [name, value] : environment_) value = unknown();
}

// os.environ.update(), and |=
void EnvMachine::update_environment(const Value* with) {
  const bool is_known = with->is(Kind::dictionary) && !with->is_open;
  if (!is_known) open_environment();
  for (std::size_t at = 0; is_known && at < with->keys.size(); ++at)
    environment_[with->keys[at]] = with->items[at];
}

EnvValue* EnvMachine::call_environment(std::string_view name, EnvArguments& arguments) {
  if (name == "update" || name == "clear") {
    if (arguments.is_open || name == "clear") open_environment();
    if (!arguments.values.empty()) update_environment(arguments.values.front());
    for (const auto& [key, value] : arguments.named) environment_[key] = value;
    return none();
  }
  const Value* key = arguments.at(0, "key");
  Value* otherwise = arguments.at(1, "default");
  if (key == nullptr || !key->is(Kind::text)) {
    const bool changes = name == "setdefault" || name == "__setitem__" || name == "pop";
    if (changes) open_environment();
    Value* all = make(Kind::dictionary);
    all->is_open = true;
    return name == "copy" || name == "items" ? all : unknown_of(arguments);
  }
  if (name == "__setitem__") {
    environment_[key->text] = otherwise == nullptr ? unknown() : otherwise;
    return none();
  }
  Value* value = environment_variable(key->text);
  if (name == "setdefault" && value == nullptr)
    return environment_[key->text] = otherwise == nullptr ? none() : otherwise;
  if (name == "pop") environment_[key->text] = nullptr;
  if (value != nullptr) return value;
  const bool is_text = otherwise != nullptr && otherwise->is(Kind::text);
  if (otherwise != nullptr && !is_text) return otherwise;
  Value* result = is_text ? copied(otherwise) : none();
  result->variable = key->text;
  return result;
}

EnvValue* EnvMachine::call_dotenv(std::string_view name, EnvArguments& arguments) {
  if (name == "find_dotenv") {
    Value* found = unknown();
    found->text = "dotenv.find_dotenv()";
    return found;
  }
  if (name != "load_dotenv") return unknown();
  const Value* file = arguments.at(0, "dotenv_path");
  const Value* overrides = arguments.at(3, "override");
  if (arguments.is_open || arguments.named.contains("stream")) {
    dotenv_is_unknown_ = true;
  } else if (file == nullptr || file->is(Kind::none) || file->text == "dotenv.find_dotenv()") {
    reads_dotenv_ = true;
  } else if (file->is(Kind::text) || file->is(Kind::path)) {
    dotenv_files_.push_back(file->text);
  } else {
    dotenv_is_unknown_ = true;
  }
  const bool is_over = overrides != nullptr && known_truth(overrides) != false;
  dotenv_overrides_ = dotenv_overrides_ || is_over || arguments.is_open;
  if (is_over && dotenv_is_unknown_) open_environment();
  return truth_value(true);
}

}  // namespace limbeck::alembic
