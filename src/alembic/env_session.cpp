#include "alembic/env_session.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "alembic/env_file.h"
#include "alembic/env_run.h"
#include "alembic/env_text.h"
#include "base/letter_case.h"
#include "base/source.h"
#include "dialect/dialect.h"

namespace limbeck {
namespace {

using alembic::EnvRun;
using alembic::EnvText;
using alembic::PythonToken;
using Setting = EnvSession::Setting;
using Tokens = alembic::PythonTokens;

constexpr std::string_view spaces = " \t\r\n";

// Takes the word at the beginning, in small letters.
std::string take_word(std::string_view& text) {
  text = trimmed(text, spaces);
  std::size_t size = 0;
  while (size < text.size() &&
         (std::isalnum(static_cast<unsigned char>(text[size])) != 0 || text[size] == '_'))
    ++size;
  std::string word = lower_case(text.substr(0, size));
  text = trimmed(text.substr(size), spaces);
  return word;
}

// A name or text of SQL at the beginning: its value. Nothing for anything else.
std::optional<std::string> take_name(std::string_view& text) {
  text = trimmed(text, spaces);
  if (text.empty()) return std::nullopt;
  const char quote = text.front();
  if (quote != '"' && quote != '\'') {
    std::string word = take_word(text);
    return word.empty() ? std::nullopt : std::optional(std::move(word));
  }
  std::string name;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] != quote) {
      name += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == quote) {
      name += text[++at];
    } else {
      text = trimmed(text.substr(at + 1), spaces);
      return name;
    }
  }
  return std::nullopt;
}

// A name of none of the schemas has no characters.
std::string quoted(const std::string& name) {
  return name.empty() ? "\"\"" : dialect_named("postgresql").quote(Identifier{name});
}

// The value of SET search_path, as a list of names.
std::string path_of(std::string_view text) {
  std::string path;
  for (;;) {
    const auto name = take_name(text);
    if (!name) return {};
    path += (path.empty() ? "" : ", ") + quoted(*name);
    if (text.empty()) return path;
    if (text.front() != ',') return {};
    text.remove_prefix(1);
  }
}

std::string role_of(std::string_view text) {
  auto name = take_name(text);
  return name && text.empty() ? *std::move(name) : std::string();
}

// Behind SET or RESET.
std::string take_setting_name(std::string_view& text) {
  std::string name = take_word(text);
  if (name == "session" || name == "local") name = take_word(text);
  return name == "schema" ? "search_path" : name;
}

// "SET [SESSION | LOCAL] search_path { TO | = } ...", "SET ROLE ...", "SET SCHEMA '...'". Without a
// value: it is not known.
std::optional<Setting> set_statement(std::string_view text) {
  if (take_word(text) != "set") return std::nullopt;
  std::string name = take_setting_name(text);
  if (name != "search_path" && name != "role") return std::nullopt;
  std::string_view value = text;
  if (!value.empty() && value.front() == '=')
    value.remove_prefix(1);
  else if (std::string_view behind = value; take_word(behind) == "to")
    value = behind;
  if (lower_case(trimmed(value, spaces)) == "default") return std::nullopt;
  const bool is_filled_in = value.find_first_of("%{}:") != std::string_view::npos;
  Setting setting{std::move(name), {}};
  if (!is_filled_in) setting.value = setting.name == "role" ? role_of(value) : path_of(value);
  return setting;
}

// Those of "-c search_path=app,public -c role=owner".
void find_options(std::string_view text, std::vector<Setting>& found) {
  for (std::size_t at = text.find("-c"); at != std::string_view::npos;
       at = text.find("-c", at + 2)) {
    std::string_view rest = text.substr(at + 2);
    const std::string name = take_word(rest);
    if ((name != "search_path" && name != "role") || rest.empty() || rest.front() != '=') continue;
    std::string value;
    for (std::size_t i = 1; i < rest.size() && spaces.find(rest[i]) == std::string_view::npos;
         ++i) {
      if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
      value += rest[i];
    }
    if (value.find_first_of("%{}") != std::string::npos) value.clear();
    found.push_back({name, value});
  }
}

std::vector<Setting> settings_in(std::string_view text) {
  std::vector<Setting> found;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(';', begin), text.size());
    if (auto setting = set_statement(text.substr(begin, end - begin)))
      found.push_back(*std::move(setting));
    begin = end + 1;
  }
  find_options(text, found);
  if (lower_case(text).find("set_config('search_path'") != std::string::npos)
    found.push_back({"search_path", {}});
  return found;
}

// The same of a text with parts that are not known.
std::vector<Setting> settings_named_in(std::string_view text) {
  const std::string small = lower_case(text);
  if (small.find("search_path") != std::string::npos) return {{"search_path", {}}};
  if (small.find("set role") != std::string::npos) return {{"role", {}}};
  return {};
}

// "RESET ROLE", "SET search_path TO DEFAULT", "RESET ALL": what was set before is gone.
void take_back(std::string_view statement, std::map<std::string, std::string>& settings) {
  const std::string verb = take_word(statement);
  const std::string name = take_setting_name(statement);
  const std::string small = lower_case(statement);
  const bool is_reset = verb == "reset";
  const bool is_default = verb == "set" && (small.ends_with("default") || small == "none");
  if (is_reset && name == "all") settings.clear();
  if (is_reset || is_default) settings.erase(name);
}

// What one way sets. Two values of one setting: it is not known.
std::map<std::string, std::string> settings_of_way(const std::vector<std::string>& executed) {
  std::map<std::string, std::string> result;
  for (const std::string& statement : executed) {
    take_back(statement, result);
    for (const Setting& setting : settings_in(statement)) {
      if (setting.value == "none") continue;
      const auto [known, is_new] = result.emplace(setting.name, setting.value);
      if (!is_new && known->second != setting.value) known->second.clear();
    }
  }
  return result;
}

class SessionReader {
 public:
  // run: what is known because env.py was followed.
  SessionReader(const EnvText& text, const EnvRun& run) : text_(text), run_(run) {}

  EnvSession read() {
    read_run();
    for (const EnvText::Line& line : text_.lines())
      for (const PythonToken& token : line.tokens)
        has_listeners_ = has_listeners_ || token.text == "listens_for" || token.text == "listen";
    for (const EnvText::Line& line : text_.lines()) {
      const bool is_docstring =
          line.tokens.size() == 1 && line.tokens[0].kind == PythonToken::Kind::string;
      const std::string_view function = text_.functions()[line.function].name;
      if (is_docstring || function.find("offline") != std::string_view::npos) continue;
      read_line(line);
    }
    return std::move(result_);
  }

 private:
  // What the same statement sets on every way.
  void read_run() {
    for (std::size_t at = 0; at < run_.executed.size(); ++at) {
      for (const std::string& statement : run_.executed[at])
        for (const Setting& setting : settings_in(statement)) seen_.insert(setting.name);
      std::map<std::string, std::string> way = settings_of_way(run_.executed[at]);
      if (at == 0) executed_ = way;
      for (auto& [name, value] : executed_)
        if (!way.contains(name) || way[name] != value) value.clear();
      for (const auto& [name, value] : way) executed_.emplace(name, std::string());
    }
    for (const auto& [name, value] : executed_)
      if (!value.empty() && value != "none") result_.settings.push_back({name, value});
  }

  // Nobody calls the function of a listener but the engine.
  bool is_never_run(const EnvText::Line& line) const {
    return run_.is_followed() && !run_.reached.contains(line.number) && !has_listeners_;
  }

  void read_line(const EnvText::Line& line) {
    if (is_never_run(line)) return;
    const Tokens tokens = line.tokens;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      const bool is_translation = tokens[at].text == "schema_translate_map" ||
                                  alembic::text_of(tokens[at]) == "schema_translate_map";
      if (is_translation) unknown("schema_translate_map", tokens[at]);
      if (tokens[at].kind != PythonToken::Kind::string) continue;
      for (Setting& setting : settings_of(line, at)) add(line, tokens[at], std::move(setting));
    }
  }

  std::vector<Setting> settings_of(const EnvText::Line& line, std::size_t at) const {
    const Tokens tokens = line.tokens;
    const auto is_part = [&](std::size_t other) {
      return other < tokens.size() &&
             (tokens[other].is("%") || tokens[other].is("+") || tokens[other].is(".") ||
              tokens[other].kind == PythonToken::Kind::string);
    };
    const bool is_whole = !is_part(at + 1) && (at == 0 || !is_part(at - 1));
    const auto constant = is_whole ? text_.constant(tokens.subspan(at, 1), line.function)
                                   : std::optional<alembic::PythonConstant>();
    if (constant && constant->kind == alembic::PythonConstant::Kind::text)
      return settings_in(constant->text);
    return settings_named_in(tokens[at].text);
  }

  void add(const EnvText::Line& line, const PythonToken& token, Setting setting) {
    const auto executed = executed_.find(setting.name);
    if (executed == executed_.end() && seen_.contains(setting.name)) return;  // it was taken back
    if (executed != executed_.end()) {
      const bool is_known = !executed->second.empty();
      const bool is_of_postgres = !line.conditions.empty() && is_always_run_on_postgres(line);
      if (!is_known && (!is_of_postgres || setting.value.empty())) unknown(setting.name, token);
      if (is_known || !is_of_postgres) return;
    }
    if (setting.value.empty() || line.is_repeated || !is_always_run_on_postgres(line))
      return unknown(setting.name, token);
    if (setting.name == "role" && setting.value == "none") return;
    for (const EnvSession::Unknown& known : result_.unknown)
      if (known.name == setting.name) return;
    for (const Setting& known : result_.settings) {
      if (known.name != setting.name) continue;
      if (known.value != setting.value) unknown(setting.name, token);
      return;
    }
    result_.settings.push_back(std::move(setting));
  }

  // 'if connection.dialect.name == "postgresql":' is no condition there.
  bool is_always_run_on_postgres(const EnvText::Line& line) const {
    return std::all_of(line.conditions.begin(), line.conditions.end(),
                       [&](const EnvText::Branch& branch) {
                         bool is_about = false;
                         for (const PythonToken& token : text_.condition_of(branch)) {
                           if (token.text == "not" || token.is("!=") || token.text == "and")
                             return false;
                           const auto word = alembic::text_of(token);
                           is_about = is_about || word == "postgresql" || word == "postgres";
                         }
                         return is_about;
                       });
  }

  void unknown(std::string_view name, const PythonToken& token) {
    std::erase_if(result_.settings, [&](const Setting& it) { return it.name == name; });
    for (const EnvSession::Unknown& known : result_.unknown)
      if (known.name == name) return;
    result_.unknown.push_back({std::string(name), text_.line_number(token)});
  }

  const EnvText& text_;
  const EnvRun& run_;
  bool has_listeners_ = false;
  std::map<std::string, std::string> executed_;  // an empty value: not the same on every way
  std::set<std::string> seen_;                   // what any way sets, also for a while
  EnvSession result_;
};

}  // namespace

EnvSession read_env_session(const AlembicProject& project) {
  const auto env = alembic::read_env_file(project);
  if (!env) return {};
  // Most set nothing.
  const std::string small = lower_case(*env);
  constexpr std::array<std::string_view, 4> words{"search_path", "role", "schema", "options"};
  const bool may_set = std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return small.find(word) != std::string::npos;
  });
  if (!may_set) return {};
  const EnvText text(*env, project.options);
  const EnvRun* run = alembic::env_run_of(project);
  const EnvRun nothing;
  return SessionReader(text, run == nullptr ? nothing : *run).read();
}

}  // namespace limbeck
