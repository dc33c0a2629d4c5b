#include "alembic/env_settings.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "alembic/python_constant.h"
#include "base/letter_case.h"

namespace limbeck::alembic {
namespace {

namespace fs = std::filesystem;
using Tokens = PythonTokens;

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
    UnreadName{"CREATE SCHEMA", "the schema has to be there before Limbeck's first run"},
    UnreadName{"event", "a listener of the engine or the connection is not called by Limbeck"},
    UnreadName{"schema_translate_map", "it moves objects to other schemas; Limbeck does not"},
    UnreadName{"search_path", "set it in the url: ?options=-csearch_path%3Dname"},
    UnreadName{"get_x_argument", "what -x changes in env.py is not changed for Limbeck"},
};

// Whether a text sets something for the session.
bool is_session_setting(const PythonToken& token) {
  if (token.kind != PythonToken::Kind::string) return false;
  const std::string text = upper_case(token.text);
  if (text.find("SEARCH_PATH") != std::string::npos || text.find("ROLE") != std::string::npos)
    return false;  // see env_session.h
  constexpr std::array<std::string_view, 5> settings{"SET LOCK_TIMEOUT", "SET STATEMENT_TIMEOUT",
                                                     "SET SESSION", "SET LOCAL", "PRAGMA "};
  return std::any_of(settings.begin(), settings.end(), [&](std::string_view setting) {
    return text.find(setting) != std::string::npos;
  });
}

class EnvReader {
 public:
  EnvReader(EnvScript& result, fs::path file, const EnvText& text)
      : result_(result), file_(std::move(file)), text_(text) {}

  void read() {
    for (const EnvText::Line& line : text_.lines()) read_line(line);
  }

 private:
  void read_line(const EnvText::Line& line);
  void read_env_line(const EnvText::Line& line);
  void read_setting(const EnvText::Line& line, const PythonToken& at, std::string_view name,
                    Tokens value);
  void unread(std::string_view name, const PythonToken& at, std::string_view why) {
    add_unread(name, text_.line_number(at), why);
  }
  void add_unread(std::string_view name, int line, std::string_view why);

  EnvScript& result_;
  fs::path file_;
  const EnvText& text_;
};

void EnvReader::read_line(const EnvText::Line& env_line) {
  const Tokens line = env_line.tokens;
  if (line.front().text == "import" || line.front().text == "from") return;
  for (std::size_t at = 0; at + 2 < line.size(); ++at) {
    if (line[at].kind == PythonToken::Kind::name && line[at + 1].is("=")) {
      read_setting(env_line, line[at], line[at].text, argument_at(line, at + 2));
    } else if (const auto key = text_of(line[at])) {  // {"name": ...}, options["name"] = ...
      const bool is_key = line[at + 1].is(":");
      const bool is_item = line[at + 1].is("]") && line[at + 2].is("=") && at + 3 < line.size();
      if (is_key || is_item)
        read_setting(env_line, line[at], *key, argument_at(line, at + (is_key ? 2 : 3)));
    }
  }
  read_env_line(env_line);
}

void EnvReader::read_env_line(const EnvText::Line& line) {
  for (const PythonToken& token : line.tokens) {
    if (token.text == "get_x_argument") read_setting(line, token, token.text, {});
    if (token.text == "listens_for") read_setting(line, token, "event", {});
    if (is_session_setting(token)) read_setting(line, token, "SET", {});
    const bool is_text = token.kind == PythonToken::Kind::string;
    if (is_text && upper_case(token.text).find("CREATE SCHEMA") != std::string::npos)
      read_setting(line, token, "CREATE SCHEMA", {});
  }
}

void EnvReader::add_unread(std::string_view name, int line, std::string_view why) {
  for (const UnreadSetting& known : result_.unread) {
    if (known.name == name) return;
  }
  UnreadSetting& setting = result_.unread.emplace_back();
  setting.name = name;
  setting.file = file_;
  setting.line = line;
  setting.why = why;
}

void EnvReader::read_setting(const EnvText::Line& line, const PythonToken& at,
                             std::string_view name, Tokens value) {
  const auto constant = text_.constant(value, line.function);
  for (const UnreadName& known : unread_names) {
    if (known.name != name) continue;
    if (constant && constant->kind == PythonConstant::Kind::none) return;
    unread(name, at, known.why);
    return;
  }
  const bool is_false = constant && constant->text == "False";
  if (name == "compare_type" && (!constant || is_false))
    unread(name, at, "Limbeck always compares types");
  if (name == "transactional_ddl" && (!constant || is_false))
    unread(name, at, "Limbeck runs each revision as one transaction wherever the database can");
  if (name != "include_schemas" && name != "transaction_per_migration") return;
  if (!constant) {
    unread(name, at, "its value is computed; write it into the table [alembic]");
  } else if (constant->kind == PythonConstant::Kind::truth) {
    auto& known =
        name == "include_schemas" ? result_.include_schemas : result_.transaction_per_migration;
    if (!line.is_always_run() || known.value_or(!is_false) != !is_false)
      unread(name, at, "it is not the same always; write it into the table [alembic]");
    known = !is_false;
  }
}

}  // namespace

void read_settings(EnvScript& result, const fs::path& file, const EnvText& text) {
  EnvReader(result, file, text).read();
}

}  // namespace limbeck::alembic
