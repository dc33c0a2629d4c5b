#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "alembic/env_machine.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;

bool is_in(std::string_view path, std::string_view module) {
  return path.starts_with(module) && (path.size() == module.size() || path[module.size()] == '.');
}

std::string shown_path(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return (normal.has_filename() || !normal.has_relative_path() ? normal : normal.parent_path())
      .string();
}

}  // namespace

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
    if (folder_is_unknown_ && fs::path(self->text).is_relative()) return unknown();
    result->text = shown_path(folder_ / self->text);
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
  if (name == "mkdir" || name == "touch" || name == "unlink") return none();
  if (folder_is_unknown_) return unknown();
  std::error_code ignored;
  const fs::path path = folder_ / self->text;
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
  const bool asks_folder = name != "join" && name != "normpath" && name != "dirname" &&
                           name != "basename" && name != "expandvars";
  if (asks_folder && folder_is_unknown_ && first.is_relative()) return unknown();
  if (name == "abspath" || name == "realpath") return text(shown_path(folder_ / first));
  if (name == "normpath") return text(shown_path(first));
  if (name == "dirname") return text(first.parent_path().string());
  if (name == "basename") return text(first.filename().string());
  if (name == "exists") return truth_value(fs::exists(folder_ / first, ignored));
  if (name == "isfile") return truth_value(is_file(folder_ / first));
  if (name == "isdir") return truth_value(fs::is_directory(folder_ / first, ignored));
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
  if (const auto patched = patched_.find(path); patched != patched_.end()) return patched->second;
  constexpr std::string_view config = "alembic.context.config";
  if (is_in(path, config)) {
    if (name == "attributes" && of->text == config) return attributes_;
    if (name == "config_ini_section") return text(section_);
    if (name == "config_file_name")
      return project_.ini.empty() ? none() : text(project_.ini.string());
    if (of->text.ends_with(".cmd_opts") && name == "x" && line_of_x_arguments_ == 0)
      line_of_x_arguments_ = line_;
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

// os.chdir()
void EnvMachine::change_folder(const Value* to) {
  const bool is_known = to != nullptr && (to->is(Kind::text) || to->is(Kind::path));
  if (is_known) folder_ = (folder_ / to->text).lexically_normal();
  folder_is_unknown_ = is_known ? folder_is_unknown_ && fs::path(to->text).is_relative() : true;
  // Alembic looks for the scripts there, too, and finds others or none.
  const auto scripts = project_.options.find("script_location");
  const bool moves_scripts =
      scripts != project_.options.end() && fs::path(scripts->second).is_relative();
  const fs::path before = (project_.working_folder / "").lexically_normal();
  const bool is_same = !folder_is_unknown_ && (folder_ / "").lexically_normal() == before;
  folder_is_lost_ = moves_scripts && !is_same;
}

EnvValue* EnvMachine::call_system(const std::string& path, EnvArguments& arguments) {
  Value* first = arguments.values.empty() ? nullptr : arguments.values.front();
  if (path == "os.getenv") return call_environment("get", arguments);
  if (path == "os.putenv") open_environment();
  if (path == "os.chdir" || path == "contextlib.chdir" || path == "os.fchdir") {
    change_folder(path == "os.chdir" ? arguments.at(0, "path") : nullptr);
    return none();
  }
  if (path == "os.getcwd") return folder_is_unknown_ ? unknown() : text(folder_.string());
  if (is_in(path, "os.environ"))
    return call_environment(std::string_view(path).substr(path.rfind('.') + 1), arguments);
  if (is_in(path, "os.path"))
    return call_path_function(path.substr(path.rfind('.') + 1), arguments);
  if (path == "os._exit" || path == "sys.exit") {
    end_itself("SystemExit");
    return none();
  }
  if (path == "pathlib.Path.cwd") {
    if (folder_is_unknown_) return unknown();
    Value* result = make(Kind::path);
    result->text = folder_.string();
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
  if (path == "alembic.config.Config") {
    const Value* file = arguments.at(0, "file_");
    const bool is_own = file != nullptr && (file->is(Kind::text) || file->is(Kind::path)) &&
                        !folder_is_unknown_ &&
                        (folder_ / file->text).lexically_normal() == project_.ini;
    return unknown(is_own);
  }
  if (is_in(path, "sqlalchemy") || is_in(path, "sqlmodel")) return call_sqlalchemy(path, arguments);
  if (is_in(path, "dotenv")) return call_dotenv(name(), arguments);
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
  if (path == "contextlib.chdir") return call_system(path, arguments);
  if (path == "contextlib.suppress") {
    Value* suppress = library("contextlib.suppress()");
    suppress->items = arguments.values;
    return suppress;
  }
  if ((path == "contextlib.closing" || path == "contextlib.nullcontext") && first != nullptr)
    return first;
  if (path == "logging.getLogger") return library("logging.logger");
  if (is_in(path, "logging")) return unknown();
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
