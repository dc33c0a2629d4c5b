#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "alembic/env_file.h"
#include "alembic/env_machine.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;

bool is_in(std::string_view path, std::string_view module) {
  return path.starts_with(module) && (path.size() == module.size() || path[module.size()] == '.');
}

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

std::string shown_path(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return (normal.has_filename() || !normal.has_relative_path() ? normal : normal.parent_path())
      .string();
}

}  // namespace

// The environment ---------------------------------------------------------------------------------

// Null: it is not set.
EnvValue* EnvMachine::environment_variable(const std::string& name) {
  if (const auto own = environment_.find(name); own != environment_.end()) return own->second;
  if (environment_is_open_) return environment_[name] = unknown();
  if (const char* value = std::getenv(name.c_str())) {
    Value* set = text(value);
    set->variable = name;
    return set;
  }
  if (!reads_dotenv_) return nullptr;
  DotenvLine line = dotenv_is_unknown_ ? DotenvLine::names : DotenvLine::none;
  const auto look_into = [&](const fs::path& folder) {
    line = std::max(line, dotenv_line(folder / ".env", name));
  };
  for (fs::path at = project_.script_location; at.has_relative_path(); at = at.parent_path())
    look_into(at);
  look_into(project_.working_folder);
  if (line == DotenvLine::none) return nullptr;
  if (line == DotenvLine::gives_url) dotenv_variables_.insert(name);
  environment_[name] = unknown();
  environment_[name]->variable = name;
  return environment_[name];
}

// What is known of it may be something else now.
void EnvMachine::open_environment() {
  environment_is_open_ = true;
  for (auto& [name, value] : environment_) value = unknown();
}

EnvValue* EnvMachine::call_environment(std::string_view name, EnvArguments& arguments) {
  if (name == "update") {
    const Value* all = arguments.values.empty() ? nullptr : arguments.values.front();
    const bool is_known =
        !arguments.is_open && (all == nullptr || (all->is(Kind::dictionary) && !all->is_open));
    if (!is_known) open_environment();
    for (std::size_t at = 0; is_known && all != nullptr && at < all->keys.size(); ++at)
      environment_[all->keys[at]] = all->items[at];
    for (const auto& [key, value] : arguments.named) environment_[key] = value;
    return none();
  }
  const Value* key = arguments.at(0, "key");
  Value* otherwise = arguments.at(1, "default");
  if (key == nullptr || !key->is(Kind::text)) {
    if (name == "setdefault" || name == "__setitem__") open_environment();
    Value* all = make(Kind::dictionary);
    all->is_open = true;
    return name == "copy" || name == "items" ? all : unknown_of(arguments);
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

// Paths -------------------------------------------------------------------------------------------

EnvValue* EnvMachine::path_attribute(Value* of, const std::string& name) {
  const fs::path path(of->text);
  if (name == "name") return text(path.filename().string());
  if (name == "stem") return text(path.stem().string());
  const auto made = [&](const fs::path& at) {
    Value* value = make(Kind::path);
    value->text = at.empty() ? "." : at.string();
    return value;
  };
  if (name == "parent") return made(path.parent_path());
  Value* all = make(Kind::list);
  for (fs::path at = path; at.has_relative_path(); at = at.parent_path())
    all->items.push_back(made(at.parent_path()));
  return all;
}

EnvValue* EnvMachine::path_method(Value* self, const std::string& name, EnvArguments& arguments) {
  Value* result = make(Kind::path);
  if (name == "resolve" || name == "absolute") {
    result->text = shown_path(project_.working_folder / self->text);
    return result;
  }
  if (name == "joinpath" || name == "with_name") {
    const fs::path start =
        name == "joinpath" ? fs::path(self->text) : fs::path(self->text).parent_path();
    result->text = start.string();
    for (const Value* part : arguments.values) {
      const auto piece = text_of_value(part);
      if (!piece) return unknown();
      result->text = (fs::path(result->text) / *piece).string();
    }
    return result;
  }
  if (name == "as_posix" || name == "__str__") return text(self->text);
  std::error_code ignored;
  const fs::path path = project_.working_folder / self->text;
  if (name == "exists") return truth_value(fs::exists(path, ignored));
  if (name == "is_file") return truth_value(is_file(path));
  return unknown();
}

// os.path
EnvValue* EnvMachine::call_path_function(std::string_view name, EnvArguments& arguments) {
  std::vector<std::string> texts;
  for (const Value* value : arguments.values) {
    auto piece =
        value->is(Kind::text) || value->is(Kind::path) ? text_of_value(value) : std::nullopt;
    if (!piece) return unknown_of(arguments);
    texts.push_back(*std::move(piece));
  }
  if (texts.empty() || arguments.is_open) return unknown();
  const fs::path first(texts.front());
  std::error_code ignored;
  if (name == "join") {
    fs::path all = first;
    for (std::size_t at = 1; at < texts.size(); ++at) all /= texts[at];
    return text(all.string());
  }
  if (name == "abspath" || name == "realpath")
    return text(shown_path(project_.working_folder / first));
  if (name == "normpath") return text(shown_path(first));
  if (name == "dirname") return text(first.parent_path().string());
  if (name == "basename") return text(first.filename().string());
  if (name == "exists") return truth_value(fs::exists(project_.working_folder / first, ignored));
  if (name == "isfile") return truth_value(is_file(project_.working_folder / first));
  if (name == "isdir")
    return truth_value(fs::is_directory(project_.working_folder / first, ignored));
  if (name != "expandvars") return unknown_of(arguments);
  std::string result;
  const std::string& own = texts.front();
  for (std::size_t at = 0; at < own.size(); ++at) {
    if (own[at] != '$') {
      result += own[at];
      continue;
    }
    const bool is_braced = own.substr(at + 1, 1) == "{";
    const std::size_t begin = at + (is_braced ? 2 : 1);
    std::size_t end = begin;
    while (end < own.size() &&
           (std::isalnum(static_cast<unsigned char>(own[end])) != 0 || own[end] == '_'))
      ++end;
    const Value* value = environment_variable(own.substr(begin, end - begin));
    if (value != nullptr && !value->is(Kind::text)) return unknown_of(arguments);
    if (value == nullptr || (is_braced && own.substr(end, 1) != "}")) {
      result += own[at];
      continue;
    }
    result += value->text;
    at = is_braced ? end : end - 1;
  }
  return text(std::move(result));
}

// Modules -----------------------------------------------------------------------------------------

EnvValue* EnvMachine::library_attribute(const Value* of, const std::string& name) {
  const std::string path = of->text + "." + name;
  constexpr std::string_view config = "alembic.context.config";
  if (is_in(path, config)) {
    if (name == "attributes" && of->text == config) return attributes_;
    if (name == "config_ini_section") return text(project_.section);
    if (name == "config_file_name")
      return project_.ini.empty() ? none() : text(project_.ini.string());
    if (of->text.ends_with(".cmd_opts")) return name == "x" ? none() : unknown();
  }
  if (path == "os.sep" || path == "os.path.sep") return text("/");
  if (path == "os.name") return text("posix");
  if (path == "typing.TYPE_CHECKING") return truth_value(false);
  if (path == "sys.platform") return text("linux");
  if (path == "sqlmodel.SQLModel.metadata") {
    Value* metadata = make(Kind::metadata);
    metadata->self = none();
    return metadata;
  }
  if (path == "sys.path" || path == "sys.argv") {
    Value* all = make(Kind::list);
    all->is_open = true;
    return all;
  }
  return library(path);
}

EnvValue* EnvMachine::call_system(const std::string& path, EnvArguments& arguments) {
  Value* first = arguments.values.empty() ? nullptr : arguments.values.front();
  if (path == "os.getenv") return call_environment("get", arguments);
  if (path == "os.getcwd") return text(project_.working_folder.string());
  if (is_in(path, "os.environ"))
    return call_environment(path.substr(path.rfind('.') + 1), arguments);
  if (is_in(path, "os.path"))
    return call_path_function(path.substr(path.rfind('.') + 1), arguments);
  if (path == "os._exit" || path == "sys.exit") {
    end_itself("SystemExit");
    return none();
  }
  if (path == "pathlib.Path.cwd") {
    Value* result = make(Kind::path);
    result->text = project_.working_folder.string();
    return result;
  }
  if (path == "pathlib.Path" || path == "pathlib.PurePath") {
    fs::path all;
    for (const Value* part : arguments.values) {
      const bool is_text = part->is(Kind::text) || part->is(Kind::path);
      if (!is_text) return unknown_of(arguments);
      all /= part->text;
    }
    Value* result = make(Kind::path);
    result->text = all.empty() ? "." : all.string();
    return result;
  }
  const bool is_quoting = path == "urllib.parse.quote_plus" || path == "urllib.parse.quote";
  if (is_quoting && arguments.values.size() + arguments.named.size() == 1)
    return quoted(std::string_view(path).substr(13), first);
  return unknown_of(arguments);
}

// re.split(r",\s*", config.get_main_option("databases"))
EnvValue* EnvMachine::split_by_pattern(const EnvArguments& arguments) {
  struct Pattern {
    std::string_view text;
    std::string_view before = {};  // the characters around the comma that belong to it
    std::string_view behind = {};
  };
  constexpr std::string_view spaces = " \t\r\n\f\v";
  constexpr std::array<Pattern, 5> patterns{{{","},
                                             {", *", {}, " "},
                                             {R"(,\s*)", {}, spaces},
                                             {R"(\s*,\s*)", spaces, spaces},
                                             {" *, *", " ", " "}}};
  const Value* pattern = arguments.at(0, "pattern");
  const Value* all = arguments.at(1, "string");
  const bool are_texts = pattern != nullptr && all != nullptr && pattern->is(Kind::text) &&
                         all->is(Kind::text) &&
                         arguments.values.size() + arguments.named.size() == 2;
  const auto known = std::find_if(patterns.begin(), patterns.end(), [&](const Pattern& it) {
    return are_texts && it.text == pattern->text;
  });
  if (known == patterns.end()) return unknown_of(arguments);
  Value* result = list_of({});
  std::string_view rest = all->text;
  for (;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const bool is_last = comma == rest.size();
    const std::string_view part = rest.substr(0, comma);
    const std::size_t size =
        is_last ? part.size() : part.find_last_not_of(known->before) + 1;  // all of it for none
    result->items.push_back(text(std::string(part.substr(0, size))));
    if (is_last) return result;
    rest.remove_prefix(comma + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(known->behind), rest.size()));
  }
}

// urllib.parse.quote and quote_plus
EnvValue* EnvMachine::quoted(std::string_view maker, const Value* value) {
  if (value == nullptr || !value->is(Kind::text)) return unknown();
  if (maker == "quote") return text(quoted_for_url(value->text, "/"));
  std::string result = quoted_for_url(value->text, " ");
  std::replace(result.begin(), result.end(), ' ', '+');
  return text(std::move(result));
}

EnvValue* EnvMachine::call_library(const std::string& path, EnvArguments& arguments,
                                   std::string_view source) {
  Value* first = arguments.values.empty() ? nullptr : arguments.values.front();
  const auto name = [&] { return std::string_view(path).substr(path.rfind('.') + 1); };
  if (is_in(path, "builtins"))
    return call_builtin(std::string_view(path).substr(9), arguments, source);
  constexpr std::string_view config = "alembic.context.config.";
  if (path.starts_with(config))
    return call_config(std::string_view(path).substr(config.size()), arguments);
  if (is_in(path, "alembic.context")) return call_context(name(), arguments);
  if (path == "alembic.config.Config") return unknown(true);
  if (is_in(path, "sqlalchemy") || is_in(path, "sqlmodel")) return call_sqlalchemy(path, arguments);
  if (is_in(path, "dotenv")) {
    if (name() != "load_dotenv") return unknown();
    reads_dotenv_ = true;
    dotenv_is_unknown_ = dotenv_is_unknown_ || first != nullptr || !arguments.named.empty();
    return truth_value(true);
  }
  if (path == "re.split") return split_by_pattern(arguments);
  if (is_in(path, "os") || is_in(path, "sys") || is_in(path, "pathlib") || is_in(path, "urllib"))
    return call_system(path, arguments);
  if (path == "functools.partial" && first != nullptr) {
    Value* partial = make(Kind::partial);
    partial->self = first;
    partial->items.assign(arguments.values.begin() + 1, arguments.values.end());
    for (const auto& [key, value] : arguments.named) partial->attributes[key] = value;
    return partial;
  }
  if (path == "contextlib.suppress") return library("contextlib.suppress()");
  if ((path == "contextlib.closing" || path == "contextlib.nullcontext") && first != nullptr)
    return first;
  if (path == "logging.getLogger") return library("logging.logger");
  if (is_in(path, "logging")) return none();
  if (is_in(path, "asyncio")) {
    if (name().ends_with("loop")) return library("asyncio.loop");
    if (name() == "to_thread" || name() == "run_in_executor") {
      if (name() == "run_in_executor" && first != nullptr)
        arguments.values.erase(arguments.values.begin());
      if (arguments.values.empty()) return unknown();
      Value* function = arguments.values.front();
      arguments.values.erase(arguments.values.begin());
      return invoke(function, arguments, source);
    }
    return first == nullptr ? unknown() : first;
  }
  if (path == "threading.Thread") {
    const auto target = arguments.named.find("target");
    const auto given = arguments.named.find("args");
    if (target == arguments.named.end()) return unknown();
    EnvArguments own;
    if (given != arguments.named.end()) own.values = items_of(given->second);
    return invoke(target->second, std::move(own), source);
  }
  return unknown_of(arguments);
}

}  // namespace limbeck::alembic
