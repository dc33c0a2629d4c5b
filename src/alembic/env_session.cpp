#include "alembic/env_session.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "alembic/env_file.h"
#include "alembic/env_run.h"
#include "alembic/env_text.h"
#include "alembic/session_statement.h"
#include "base/letter_case.h"

namespace limbeck {
namespace {

using alembic::EnvRun;
using alembic::EnvText;
using alembic::PythonToken;
using Setting = alembic::SessionSetting;
using Tokens = alembic::PythonTokens;

// The same of a text with parts that are not known.
std::vector<Setting> settings_named_in(std::string_view text) {
  const std::string small = lower_case(text);
  if (small.find("search_path") != std::string::npos) return {{"search_path", {}}};
  if (small.find("set role") != std::string::npos) return {{"role", {}}};
  return {};
}

// schema_translate_map={None: None}
bool moves_nothing(Tokens behind) {
  constexpr std::array<std::string_view, 5> words{"{", "None", ":", "None", "}"};
  if (behind.size() < words.size() + 1) return false;
  for (std::size_t at = 0; at < words.size(); ++at)
    if (behind[at + 1].text != words[at]) return false;
  return true;
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
    read_rest();
    return std::move(result_);
  }

 private:
  // What the same statement sets on every way.
  void read_run() {
    if (run_.executed.empty()) return;
    for (const std::string& statement : run_.statements)
      for (const Setting& setting : alembic::session_settings_in(statement))
        seen_.insert(setting.name);
    for (std::size_t at = 0; at < run_.executed.size(); ++at) {
      std::map<std::string, std::string> way = alembic::session_settings_after(run_.executed[at]);
      if (at == 0) executed_ = way;
      for (auto& [name, value] : executed_)
        if (!way.contains(name) || way[name] != value) value.clear();
      for (const auto& [name, value] : way) executed_.emplace(name, std::string());
    }
    for (const auto& [name, value] : executed_)
      if (!value.empty() && value != "none") result_.settings.push_back({name, value});
  }

  // What no line of env.py says in so many words.
  void read_rest() {
    for (const auto& [name, value] : executed_) {
      const auto is_it = [&](const auto& known) { return known.name == name; };
      const bool is_told = !value.empty() ||
                           std::any_of(result_.settings.begin(), result_.settings.end(), is_it) ||
                           std::any_of(result_.unknown.begin(), result_.unknown.end(), is_it);
      if (!is_told) result_.unknown.push_back({name, run_.url.line});
    }
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
      if (is_translation && !moves_nothing(tokens.subspan(at + 1)))
        unknown("schema_translate_map", tokens[at]);
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
      return alembic::session_settings_in(constant->text);
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
    for (const EnvSession::Setting& known : result_.settings) {
      if (known.name != setting.name) continue;
      if (known.value != setting.value) unknown(setting.name, token);
      return;
    }
    result_.settings.push_back({std::move(setting.name), std::move(setting.value)});
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
    std::erase_if(result_.settings, [&](const auto& it) { return it.name == name; });
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
  const EnvRun nothing;
  const EnvRun* known = alembic::env_run_of(project);
  const EnvRun& run = known == nullptr ? nothing : *known;
  const bool is_set = std::any_of(
      run.executed.begin(), run.executed.end(),
      [](const auto& statements) { return !alembic::session_settings_after(statements).empty(); });
  if (!may_set && !is_set) return {};
  const EnvText text(*env, project.options);
  return SessionReader(text, run).read();
}

}  // namespace limbeck
