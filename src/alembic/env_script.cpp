#include "alembic/env_script.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <deque>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include "alembic/python_constant.h"
#include "alembic/python_module.h"
#include "base/file.h"
#include "base/letter_case.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::PythonConstant;
using alembic::PythonConstants;
using alembic::PythonLines;
using alembic::PythonToken;
using Tokens = std::span<const PythonToken>;

constexpr std::size_t max_script_size = std::size_t{4} * 1024 * 1024;
constexpr std::size_t max_modules = 200;  // that are looked into for a naming convention

bool names_url(std::string_view variable) {
  const std::string name = upper_case(variable);
  return std::any_of(name.begin(), name.end(), [](char c) { return c == '_'; })
             ? name.ends_with("_URL") || name.ends_with("_URI") || name.ends_with("_DSN")
             : false;
}

std::optional<std::string> text_of(const PythonToken& token) {
  return token.kind == PythonToken::Kind::string ? alembic::python_string(token.text)
                                                 : std::nullopt;
}

// os.environ["X"], os.environ.get("X"), os.getenv("X"), config("X"); and settings.X, which as a
// rule is filled from a variable of that name.
void find_url_variables(Tokens line, std::vector<std::string>& result) {
  const auto add = [&](std::string name) {
    if (names_url(name) && std::find(result.begin(), result.end(), name) == result.end()) {
      result.push_back(std::move(name));
    }
  };
  for (std::size_t at = 0; at + 2 < line.size(); ++at) {
    const bool call = line[at + 1].is("(") || line[at + 1].is("[");
    if (line[at].kind == PythonToken::Kind::name && call) {
      const std::string_view name = line[at].text;
      const bool reads = name == "environ" || name == "get" || name == "getenv" ||
                         name == "config" || name == "env" || name == "str";
      if (const auto variable = text_of(line[at + 2]); reads && variable) add(*variable);
    }
    if (line[at + 1].is(".") && line[at + 2].kind == PythonToken::Kind::name) {
      add(upper_case(line[at + 2].text));
    }
  }
}

int line_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  return 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
}

// From a position to the "," or closing bracket that ends an argument.
Tokens argument_at(Tokens line, std::size_t begin) {
  int depth = 0;
  std::size_t end = begin;
  for (; end < line.size(); ++end) {
    const char c = line[end].kind == PythonToken::Kind::op ? line[end].text.front() : ' ';
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth < 0 || (depth == 0 && c == ',')) break;
  }
  return line.subspan(begin, end - begin);
}

// Whether it is what the section has, with another driver perhaps, whatever the environment says.
bool keeps_section_url(Tokens value) {
  const auto is_of_section = [](const PythonToken& token) {
    return token.text.starts_with("get_section") || text_of(token) == "sqlalchemy.url";
  };
  const auto is_elsewhere = [](const PythonToken& token) {
    constexpr std::array names{"or", "if", "environ", "getenv", "get_main_option"};
    return std::find(names.begin(), names.end(), token.text) != names.end();
  };
  return std::any_of(value.begin(), value.end(), is_of_section) &&
         std::none_of(value.begin(), value.end(), is_elsewhere);
}

// What is put into the place of the section's own: config.set_section_option(name,
// "sqlalchemy.url", ...), section["sqlalchemy.url"] = ..., {"sqlalchemy.url": ...}.
Tokens section_url_at(Tokens line, std::size_t at) {
  if (line[at].text == "set_section_option" && line[at + 1].is("(")) {
    const std::size_t option = at + 3 + argument_at(line, at + 2).size();
    if (option + 2 >= line.size() || text_of(line[option]) != "sqlalchemy.url") return {};
    return argument_at(line, option + 2);
  }
  if (text_of(line[at]) != "sqlalchemy.url") return {};
  if (line[at + 1].is(":")) return argument_at(line, at + 2);
  const bool is_assigned = line[at + 1].is("]") && line[at + 2].is("=");
  return is_assigned ? argument_at(line, at + 3) : Tokens();
}

void find_replaced_section_url(Tokens line, std::string_view text, EnvEngines& result) {
  for (std::size_t at = 0; at + 2 < line.size() && result.replaced_in == 0; ++at) {
    const Tokens value = section_url_at(line, at);
    if (!value.empty() && !keeps_section_url(value))
      result.replaced_in = line_at(text, line[at].offset);
  }
}

// The blocks around a line, by what their first lines begin with.
class Blocks {
 public:
  // lines: at its next line, which counts as the innermost block: it may be one in one line.
  void add(const PythonLines& lines) {
    while (!open_.empty() && open_.back().indent >= lines.indent()) open_.pop_back();
    open_.push_back({lines.indent(), lines.tokens().front().text});
  }
  // Whether the line is run whenever its module or function is.
  bool are_always_run() const {
    constexpr std::array conditions{"if", "elif", "else", "for", "while", "except"};
    return std::none_of(open_.begin(), open_.end(), [&](const Block& block) {
      return std::find(conditions.begin(), conditions.end(), block.word) != conditions.end();
    });
  }

 private:
  struct Block {
    std::size_t indent;
    std::string_view word;
  };
  std::vector<Block> open_;
};

bool asks_configuration(const PythonToken& token) {
  return token.text == "get_main_option" || token.text.starts_with("get_section");
}

// The functions of env.py that may come back to what is configured: get_url().
std::set<std::string, std::less<>> functions_of_configured_url(const std::string& text) {
  std::set<std::string, std::less<>> names;
  std::string_view function;
  PythonLines lines(text);
  while (lines.next()) {
    const Tokens line = lines.tokens();
    if (lines.indent() == 0) function = {};
    if (lines.indent() == 0 && line.size() > 1 && line[0].text == "def") function = line[1].text;
    if (!function.empty() && std::any_of(line.begin(), line.end(), asks_configuration))
      names.emplace(function);
  }
  return names;
}

// The same, and config.set_main_option("sqlalchemy.url", ...).
Tokens main_url_at(Tokens line, std::size_t at) {
  const bool is_main = at >= 2 && line[at - 2].text == "set_main_option" &&
                       text_of(line[at]) == "sqlalchemy.url" && line[at + 1].is(",");
  return is_main ? argument_at(line, at + 2) : section_url_at(line, at);
}

// What always comes into the place of sqlalchemy.url, unless it goes back to what is configured.
void find_replaced_url(Tokens line, const std::string& text,
                       const std::set<std::string, std::less<>>& keeping, EnvUrl& result) {
  for (std::size_t at = 0; at + 2 < line.size(); ++at) {
    const Tokens value = main_url_at(line, at);
    if (value.empty()) continue;
    const bool changes_itself =  // section["sqlalchemy.url"] = section["sqlalchemy.url"].replace()
        at >= 2 && line[at - 1].is("[") && line[at - 2].text == value.front().text;
    const bool asks = std::any_of(value.begin(), value.end(), [&](const PythonToken& token) {
      return asks_configuration(token) || keeping.find(token.text) != keeping.end();
    });
    if (changes_itself || asks) continue;
    result.replaced_in = line_at(text, line[at].offset);
    const auto constant = alembic::evaluate_python(value, {});
    const bool written_out = constant && constant->kind == PythonConstant::Kind::text;
    result.literal = written_out ? constant->text : std::string();
  }
}

// context.run_migrations(engine_name=name)
void find_run_arguments(Tokens line, EnvEngines& result) {
  for (std::size_t at = 0; at + 1 < line.size(); ++at) {
    if (line[at].text != "run_migrations" || !line[at + 1].is("(")) continue;
    if (at > 0 && line[at - 1].text == "def") continue;  // the project's own function
    const bool is_of_alembic = at > 0 && line[at - 1].is(".");
    if (is_of_alembic && at + 2 < line.size() && line[at + 2].is(")")) result.gives_nothing = true;
    for (std::size_t from = at + 2; from < line.size();) {
      const Tokens argument = argument_at(line, from);
      if (argument.empty()) break;
      from += argument.size() + 1;
      const bool named = argument.size() > 2 && argument[1].is("=");
      if (!named && !argument[0].is("*")) continue;  // Alembic's takes no other
      const std::string name(named ? argument[0].text : std::string_view("**"));
      auto& known = result.arguments;
      if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    }
  }
}

struct UnreadName {
  std::string_view name;
  std::string_view why;
};
constexpr std::array unread_names{
    UnreadName{"process_revision_directives",
               "it changes what --autogenerate writes; Limbeck's does not ask it"},
    UnreadName{"include_object",
               "it decides what is compared; name it with --include and --exclude instead"},
    UnreadName{"include_name",
               "it decides what is compared; name it with --include and --exclude instead"},
    UnreadName{"on_version_apply", "it is called for each revision, and Limbeck does not call it"},
    UnreadName{"render_item", "it changes how --autogenerate writes types; Limbeck writes SQL"},
    UnreadName{"version_table_pk", "Limbeck always gives the version table its primary key"},
    UnreadName{"SET", "what it sets on the connection is not set by Limbeck"},
    UnreadName{"event", "a listener of the engine or the connection is not called by Limbeck"},
    UnreadName{"schema_translate_map", "it moves objects to other schemas; Limbeck does not"},
    UnreadName{"search_path", "set it in the url: ?options=-csearch_path%3Dname"},
    UnreadName{"get_x_argument", "what -x changes in env.py is not changed for Limbeck"},
};

// Whether a text sets something for the session.
bool is_session_setting(const PythonToken& token) {
  if (token.kind != PythonToken::Kind::string) return false;
  const std::string text = upper_case(token.text);
  constexpr std::array<std::string_view, 7> settings{
      "SET SEARCH_PATH", "SET LOCK_TIMEOUT", "SET STATEMENT_TIMEOUT", "SET ROLE", "SET SESSION",
      "SET LOCAL",       "PRAGMA "};
  return std::any_of(settings.begin(), settings.end(), [&](std::string_view setting) {
    return text.find(setting) != std::string::npos;
  });
}

class EnvReader {
 public:
  // is_env: else a module that env.py imports, of which only the naming convention matters.
  EnvReader(EnvScript& result, fs::path file, bool is_env)
      : result_(result), file_(std::move(file)), is_env_(is_env) {}

  void read(const std::string& text) {
    text_ = text;
    PythonLines lines(text);
    while (lines.next()) read_line(lines);
  }

 private:
  void read_line(PythonLines& lines);
  void read_env_line(Tokens line);
  void read_setting(std::string_view name, Tokens value, std::size_t offset);
  void read_naming_convention(const PythonConstant& convention);
  void unread(std::string_view name, std::size_t offset, std::string_view why);

  EnvScript& result_;
  fs::path file_;
  bool is_env_;
  std::string_view text_;
  PythonConstants constants_;
};

void EnvReader::read_line(PythonLines& lines) {
  const Tokens line = lines.tokens();
  if (line.front().text == "import" || line.front().text == "from") return;
  if (lines.indent() == 0) {
    if (const auto assignment = alembic::assignment_in(line)) {
      const auto value = alembic::evaluate_python(assignment->value, constants_);
      for (const std::string_view name : assignment->names) {
        if (value) constants_.insert_or_assign(std::string(name), *value);
      }
    }
  }
  for (std::size_t at = 0; at + 2 < line.size(); ++at) {
    if (line[at].kind == PythonToken::Kind::name && line[at + 1].is("=")) {
      read_setting(line[at].text, argument_at(line, at + 2), line[at].offset);
    } else if (line[at + 1].is(":")) {
      if (const auto key = text_of(line[at])) {
        read_setting(*key, argument_at(line, at + 2), line[at].offset);
      }
    }
  }
  if (is_env_) read_env_line(line);
}

void EnvReader::read_env_line(Tokens line) {
  find_url_variables(line, result_.url_variables);
  for (const PythonToken& token : line) {
    if (token.text == "get_x_argument") read_setting(token.text, {}, token.offset);
    if (token.text == "listens_for") read_setting("event", {}, token.offset);
    if (is_session_setting(token)) read_setting("SET", {}, token.offset);
  }
}

void EnvReader::unread(std::string_view name, std::size_t offset, std::string_view why) {
  for (const UnreadSetting& known : result_.unread) {
    if (known.name == name) return;
  }
  UnreadSetting& setting = result_.unread.emplace_back();
  setting.name = name;
  setting.file = file_;
  setting.line = line_at(text_, offset);
  setting.why = why;
}

void EnvReader::read_naming_convention(const PythonConstant& convention) {
  for (std::size_t at = 0; at < convention.keys.size(); ++at) {
    if (convention.items[at].kind != PythonConstant::Kind::text) continue;
    result_.naming_convention[convention.keys[at]] = convention.items[at].text;
    result_.naming_convention_file = file_;
  }
}

void EnvReader::read_setting(std::string_view name, Tokens value, std::size_t offset) {
  const auto constant = alembic::evaluate_python(value, constants_);
  if (name == "naming_convention") {
    const bool literal = constant && !constant->keys.empty();
    if (literal && result_.naming_convention.empty()) read_naming_convention(*constant);
    if (!literal && value.size() != 1) {
      unread(name, offset, "it is computed; write it into [alembic.naming_convention]");
    }
    return;
  }
  if (!is_env_) return;
  for (const UnreadName& known : unread_names) {
    if (known.name != name) continue;
    if (constant && constant->kind == PythonConstant::Kind::none) return;
    unread(name, offset, known.why);
    return;
  }
  if (name == "compare_type" && constant && constant->text == "False") {
    unread(name, offset, "Limbeck always compares types");
  }
  const bool is_text = name == "version_table" || name == "version_table_schema";
  const bool is_truth = name == "include_schemas" || name == "transaction_per_migration";
  if (!is_text && !is_truth) return;
  if (!constant) {
    unread(name, offset, "its value is computed; write it into the table [alembic]");
  } else if (is_text && constant->kind == PythonConstant::Kind::text) {
    auto& known = name == "version_table" ? result_.version_table : result_.version_table_schema;
    if (known && *known != constant->text)
      unread(name, offset, "it has several values; write one into the table [alembic]");
    known = constant->text;
  } else if (is_truth && constant->kind == PythonConstant::Kind::truth) {
    (name == "include_schemas" ? result_.include_schemas : result_.transaction_per_migration) =
        constant->text == "True";
  }
}

// The modules that a module of the project imports, one after the other.
class ModuleSearch {
 public:
  explicit ModuleSearch(const AlembicProject& project) : roots_(project.python_paths) {
    const auto& fallbacks = project.fallback_python_paths;
    roots_.insert(roots_.end(), fallbacks.begin(), fallbacks.end());
    roots_.push_back(project.folder);
    roots_.push_back(project.folder / "src");
  }

  void add_imports(const std::string& text, const fs::path& file) {
    PythonLines lines(text);
    while (lines.next()) add_import(lines.tokens(), file);
  }
  std::optional<fs::path> next() {
    if (waiting_.empty() || seen_.size() > max_modules) return std::nullopt;
    fs::path file = std::move(waiting_.front());
    waiting_.pop_front();
    return file;
  }

 private:
  void add_import(Tokens line, const fs::path& importer);
  void add_module(const fs::path& path);

  std::vector<fs::path> roots_;
  std::deque<fs::path> waiting_;
  std::set<fs::path> seen_;
};

void ModuleSearch::add_module(const fs::path& path) {
  for (const fs::path& file : {fs::path(path.string() + ".py"), path / "__init__.py"}) {
    if (is_file(file) && seen_.insert(file.lexically_normal()).second) waiting_.push_back(file);
  }
}

// "import a.b", "from a.b import c", "from .b import c"; c may be a module, too.
void ModuleSearch::add_import(Tokens line, const fs::path& importer) {
  const bool from = line.front().text == "from";
  if (!from && line.front().text != "import") return;
  std::size_t at = 1;
  fs::path relative;
  std::size_t dots = 0;
  for (; at < line.size() && (line[at].is(".") || line[at].kind == PythonToken::Kind::name); ++at) {
    if (line[at].text == "import" || line[at].text == "as") break;
    if (line[at].is(".")) {
      if (relative.empty()) ++dots;
    } else {
      relative /= std::string(line[at].text);
    }
  }
  std::vector<fs::path> bases = roots_;
  if (dots > 0) {
    bases = {importer.parent_path()};
    for (std::size_t i = 1; i < dots; ++i) bases[0] = bases[0].parent_path();
  }
  for (const fs::path& base : bases) {
    if (!relative.empty()) add_module(base / relative);
    for (std::size_t i = at + 1; from && i < line.size(); ++i) {
      if (line[i].kind == PythonToken::Kind::name) {
        add_module(base / relative / std::string(line[i].text));
      }
    }
  }
}

void find_naming_convention(const AlembicProject& project, const std::string& env,
                            EnvScript& script) {
  ModuleSearch search(project);
  search.add_imports(env, script.file);
  while (script.naming_convention.empty()) {
    const auto file = search.next();
    if (!file) return;
    const std::string text = read_file(*file, max_script_size);
    EnvReader(script, *file, false).read(text);
    search.add_imports(text, *file);
  }
}

EnvScript settings_in(const fs::path& file, const std::string& text) {
  EnvScript script;
  script.file = file;
  EnvReader(script, file, true).read(text);
  return script;
}

}  // namespace

std::optional<EnvScript> read_env_settings(const AlembicProject& project) {
  const fs::path file = project.script_location / "env.py";
  if (!is_file(file)) return std::nullopt;
  return settings_in(file, read_file(file, max_script_size));
}

std::optional<EnvScript> read_env_script(const AlembicProject& project) {
  const fs::path file = project.script_location / "env.py";
  if (!is_file(file)) return std::nullopt;
  const std::string text = read_file(file, max_script_size);
  EnvScript script = settings_in(file, text);
  find_naming_convention(project, text, script);
  const EnvEngines engines = read_env_engines(project);
  const bool has_several = !project.engines.empty() || !engines.arguments.empty();
  if (has_several && engines.replaced_in > 0)
    script.unread.push_back({"sqlalchemy.url", file, engines.replaced_in,
                             "it computes the urls of several databases; write them into the table "
                             "[alembic.engines]"});
  return script;
}

EnvUrl read_env_url(const AlembicProject& project) {
  const fs::path file = project.script_location / "env.py";
  EnvUrl result;
  if (!is_file(file)) return result;
  const std::string text = read_file(file, max_script_size);
  const std::set<std::string, std::less<>> keeping = functions_of_configured_url(text);
  PythonLines lines(text);
  Blocks blocks;
  while (lines.next()) {
    find_url_variables(lines.tokens(), result.variables);
    blocks.add(lines);
    if (blocks.are_always_run()) find_replaced_url(lines.tokens(), text, keeping, result);
  }
  return result;
}

std::string EnvEngines::engine_argument() const {
  constexpr std::string_view usual = "engine_name";
  if (std::find(arguments.begin(), arguments.end(), usual) != arguments.end())
    return std::string(usual);
  return arguments.size() == 1 && arguments.front() != "**" ? arguments.front() : std::string();
}

EnvEngines read_env_engines(const AlembicProject& project) {
  const fs::path file = project.script_location / "env.py";
  EnvEngines result;
  if (!is_file(file)) return result;
  const std::string text = read_file(file, max_script_size);
  result.of_flask = text.find("SQLALCHEMY_BINDS") != std::string::npos ||
                    text.find("bind_names") != std::string::npos;
  PythonLines lines(text);
  while (lines.next()) {
    find_run_arguments(lines.tokens(), result);
    find_replaced_section_url(lines.tokens(), text, result);
  }
  if (!result.arguments.empty()) result.gives_nothing = false;
  const EnvScript script = settings_in(file, text);
  for (const UnreadSetting& unread : script.unread)
    if (unread.name.starts_with("version_table") && unread.name != "version_table_pk")
      result.table_in = unread.line;
  return result;
}

}  // namespace limbeck
