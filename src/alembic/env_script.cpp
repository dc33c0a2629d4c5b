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

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::PythonConstant;
using alembic::PythonConstants;
using alembic::PythonLines;
using alembic::PythonToken;
using Tokens = std::span<const PythonToken>;

constexpr std::size_t max_file_size = std::size_t{4} * 1024 * 1024;
constexpr std::size_t max_modules = 200;  // that are looked into for a naming convention

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

bool names_url(std::string_view variable) {
  const std::string name = upper(variable);
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
      add(upper(line[at + 2].text));
    }
  }
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

class EnvReader {
 public:
  explicit EnvReader(const AlembicProject& project) : project_(project) {}

  EnvScript read(const std::string& text) {
    PythonLines lines(text);
    text_ = text;
    while (lines.next()) read_line(lines);
    return std::move(result_);
  }

 private:
  void read_line(PythonLines& lines);
  void read_setting(std::string_view name, Tokens value, std::size_t offset);
  void unread(std::string_view name, std::size_t offset, std::string_view why);
  void count_engine(std::size_t offset);

  const AlembicProject& project_;
  std::string_view text_;
  PythonConstants constants_;
  EnvScript result_;
  int configures_ = 0;
};

void EnvReader::read_line(PythonLines& lines) {
  const Tokens line = lines.tokens();
  if (line.front().text == "import" || line.front().text == "from") return;
  find_url_variables(line, result_.url_variables);
  if (lines.indent() == 0) {
    if (const auto assignment = alembic::assignment_in(line)) {
      const auto value = alembic::evaluate_python(assignment->value, constants_);
      for (const std::string_view name : assignment->names) {
        if (value) constants_.insert_or_assign(std::string(name), *value);
      }
    }
  }
  for (std::size_t at = 0; at + 2 < line.size(); ++at) {
    const bool keyword = line[at].kind == PythonToken::Kind::name && line[at + 1].is("=");
    if (keyword) {
      read_setting(line[at].text, argument_at(line, at + 2), line[at].offset);
    } else if (line[at + 1].is(":")) {
      if (const auto key = text_of(line[at])) {
        read_setting(*key, argument_at(line, at + 2), line[at].offset);
      }
    }
  }
  for (const PythonToken& token : line) {
    if (token.text == "get_x_argument") read_setting(token.text, {}, token.offset);
    if (token.text == "listens_for") read_setting("event", {}, token.offset);
    if (token.kind == PythonToken::Kind::string && upper(token.text).find("SET ") <= 4) {
      read_setting("SET", {}, token.offset);
    }
  }
}

void EnvReader::unread(std::string_view name, std::size_t offset, std::string_view why) {
  for (const UnreadSetting& known : result_.unread) {
    if (known.name == name) return;
  }
  const std::string_view before = text_.substr(0, offset);
  UnreadSetting& setting = result_.unread.emplace_back();
  setting.name = name;
  setting.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  setting.why = why;
}

void EnvReader::read_setting(std::string_view name, Tokens value, std::size_t offset) {
  for (const UnreadName& known : unread_names) {
    if (known.name != name) continue;
    if (value.size() == 1 && value.front().text == "None") return;
    unread(name, offset, known.why);
    return;
  }
  const bool is_text = name == "version_table" || name == "version_table_schema";
  const bool is_truth = name == "include_schemas" || name == "transaction_per_migration";
  const bool is_names = name == "naming_convention";
  if (!is_text && !is_truth && !is_names) return;
  const auto constant = alembic::evaluate_python(value, constants_);
  if (!constant) {
    unread(name, offset, "its value is computed; say it in the table [alembic]");
  } else if (is_text && constant->kind == PythonConstant::Kind::text) {
    (name == "version_table" ? result_.version_table : result_.version_table_schema) =
        constant->text;
  } else if (is_truth && constant->kind == PythonConstant::Kind::truth) {
    (name == "include_schemas" ? result_.include_schemas : result_.transaction_per_migration) =
        constant->text == "True";
  } else if (is_names) {
    for (std::size_t at = 0; at < constant->keys.size(); ++at) {
      if (constant->items[at].kind == PythonConstant::Kind::text) {
        result_.naming_convention[constant->keys[at]] = constant->items[at].text;
      }
    }
    result_.naming_convention_file = result_.file;
  }
}

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

}  // namespace

std::optional<EnvScript> read_env_script(const AlembicProject& project) {
  const fs::path file = project.script_location / "env.py";
  if (!is_file(file)) return std::nullopt;
  const std::string text = read_file(file, max_file_size);
  EnvScript script = EnvReader(project).read(text);
  script.file = file;
  return script;
}

std::vector<std::string> url_variables(const AlembicProject& project) {
  const fs::path file = project.script_location / "env.py";
  std::vector<std::string> result;
  if (!is_file(file)) return result;
  const std::string text = read_file(file, max_file_size);
  PythonLines lines(text);
  while (lines.next()) find_url_variables(lines.tokens(), result);
  return result;
}

}  // namespace limbeck
