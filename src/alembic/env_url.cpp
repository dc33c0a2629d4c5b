#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "alembic/env_engine.h"
#include "alembic/env_file.h"
#include "alembic/env_run.h"
#include "alembic/env_script.h"
#include "alembic/env_source.h"
#include "alembic/env_text.h"
#include "base/file.h"
#include "base/letter_case.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::argument_at;
using alembic::EnvText;
using alembic::PythonConstant;
using alembic::PythonToken;
using alembic::text_of;
using Tokens = alembic::PythonTokens;

constexpr std::string_view section_url = "sqlalchemy.url";

bool names_url(std::string_view variable) {
  const std::string name = upper_case(variable);
  return std::any_of(name.begin(), name.end(), [](char c) { return c == '_'; })
             ? name.ends_with("_URL") || name.ends_with("_URI") || name.ends_with("_DSN")
             : false;
}

// os.environ["X"], os.environ.get("X"), os.getenv("X"), config("X"); and settings.X, which as a
// rule is filled from a variable of that name. Of those whose names say that they hold a url.
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

// Whether it is what the section has, with another driver perhaps, whatever the environment says.
bool keeps_section_url(Tokens value) {
  const auto is_of_section = [](const PythonToken& token) {
    return token.text.starts_with("get_section") || text_of(token) == section_url;
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
    if (option + 2 >= line.size() || text_of(line[option]) != section_url) return {};
    return argument_at(line, option + 2);
  }
  if (text_of(line[at]) != section_url) return {};
  if (line[at + 1].is(":")) return argument_at(line, at + 2);
  const bool is_assigned = line[at + 1].is("]") && line[at + 2].is("=");
  return is_assigned ? argument_at(line, at + 3) : Tokens();
}

// The same, and config.set_main_option("sqlalchemy.url", ...).
Tokens main_url_at(Tokens line, std::size_t at) {
  const bool is_main = at >= 2 && line[at - 2].text == "set_main_option" &&
                       text_of(line[at]) == section_url && line[at + 1].is(",");
  return is_main ? argument_at(line, at + 2) : section_url_at(line, at);
}

// The functions of env.py that may come back to what is configured: get_url().
std::set<std::string_view> functions_of_configured_url(const EnvText& text) {
  std::set<std::string_view> names;
  for (const EnvText::Line& line : text.lines()) {
    std::size_t function = line.function;
    while (text.functions()[function].parent != 0) function = text.functions()[function].parent;
    if (function != 0 &&
        std::any_of(line.tokens.begin(), line.tokens.end(), alembic::asks_configuration))
      names.insert(text.functions()[function].name);
  }
  return names;
}

// What comes into the place of sqlalchemy.url, line by line.
class ReplacedUrl {
 public:
  ReplacedUrl(const EnvText& text, EnvUrl& result)
      : text_(text), keeping_(functions_of_configured_url(text)), result_(result) {}

  void read(const EnvText::Line& line) {
    for (std::size_t at = 0; at + 2 < line.tokens.size(); ++at) {
      const Tokens value = main_url_at(line.tokens, at);
      if (!value.empty() && !keeps(line, at, value)) replace(line, at, value);
    }
  }

 private:
  // Whether it goes back to what is configured, or may.
  bool keeps(const EnvText::Line& line, std::size_t at, Tokens value) const;
  void replace(const EnvText::Line& line, std::size_t at, Tokens value);
  bool is_about_itself(const EnvText::Branch& branch, const EnvText::Line& line,
                       Tokens value) const;

  const EnvText& text_;
  std::set<std::string_view> keeping_;
  EnvUrl& result_;
  std::map<std::size_t, std::set<std::size_t>> branches_;  // of chains: those that replace it
};

bool ReplacedUrl::keeps(const EnvText::Line& line, std::size_t at, Tokens value) const {
  const Tokens tokens = line.tokens;
  const bool changes_itself =  // section["sqlalchemy.url"] = section["sqlalchemy.url"].replace()
      at >= 2 && tokens[at - 1].is("[") && tokens[at - 2].text == value.front().text;
  if (changes_itself) return true;
  const bool asks = std::any_of(value.begin(), value.end(), [&](const PythonToken& token) {
    return alembic::asks_configuration(token) || keeping_.contains(token.text);
  });
  // url = config.get_main_option("sqlalchemy.url").replace(...), a line before
  return asks || alembic::trace_value(text_, value, line.function).is_configured;
}

// "if url: config.set_main_option("sqlalchemy.url", url)", with a url of the application's, which
// has one.
bool ReplacedUrl::is_about_itself(const EnvText::Branch& branch, const EnvText::Line& line,
                                  Tokens value) const {
  Tokens condition = text_.condition_of(branch);
  if (!condition.empty() && condition.back().is(":"))
    condition = condition.first(condition.size() - 1);
  const auto is_word = [&](std::size_t from_end, std::string_view word) {
    return condition.size() > from_end && condition[condition.size() - from_end].text == word;
  };
  if (is_word(1, "None") && is_word(2, "not") && is_word(3, "is"))
    condition = condition.first(condition.size() - 3);
  const bool is_path = std::all_of(condition.begin(), condition.end(), [](const PythonToken& it) {
    return it.kind == PythonToken::Kind::name || it.is(".");
  });
  if (condition.empty() || !is_path || condition.front().text == "not") return false;
  const auto same = [](const PythonToken& a, const PythonToken& b) { return a.text == b.text; };
  if (std::search(value.begin(), value.end(), condition.begin(), condition.end(), same) ==
      value.end())
    return false;
  const alembic::ValueSource source = alembic::trace_value(text_, condition, line.function);
  return source.is_elsewhere && !source.is_configured && source.variables.empty();
}

void ReplacedUrl::replace(const EnvText::Line& line, std::size_t at, Tokens value) {
  bool is_always = line.is_always_run();
  const bool has_one_condition = line.conditions.size() == 1 && !line.is_repeated;
  if (has_one_condition) {
    const EnvText::Branch& branch = line.conditions.front();
    auto& branches = branches_[branch.chain];
    branches.insert(branch.number);
    is_always = text_.covers(branch.chain, branches) || is_about_itself(branch, line, value);
  }
  if (!is_always) return;
  result_.replaced_in = text_.line_number(line.tokens[at]);
  const auto constant = text_.constant(value, line.function);
  const bool written_out =
      !has_one_condition && constant && constant->kind == PythonConstant::Kind::text;
  result_.literal = written_out ? constant->text : std::string();
}

void take_engine(const alembic::OwnEngine& engine, EnvUrl& url) {
  if (engine.line == 0) return;
  url.replaced_in = engine.line;
  url.literal = engine.literal;
  url.is_of_engine = true;
  std::vector<std::string> variables = engine.variables;
  for (std::string& variable : url.variables)  // what else may hold it
    if (engine.literal.empty() &&
        std::find(variables.begin(), variables.end(), variable) == variables.end())
      variables.push_back(std::move(variable));
  url.variables = std::move(variables);
}

}  // namespace

namespace alembic {

int line_of_replaced_section_url(const EnvText& text) {
  for (const EnvText::Line& line : text.lines()) {
    for (std::size_t at = 0; at + 2 < line.tokens.size(); ++at) {
      const Tokens value = section_url_at(line.tokens, at);
      if (!value.empty() && !keeps_section_url(value)) return text.line_number(line.tokens[at]);
    }
  }
  return find_own_engine(text).line;
}

}  // namespace alembic

namespace {

// Whether a line of a file .env gives the variable a database's url: X=postgresql://..., with
// "export" before it, and quotes.
bool gives_url(std::string_view line, std::string_view variable) {
  const auto skip = [&](std::string_view characters) {
    line.remove_prefix(std::min(line.find_first_not_of(characters), line.size()));
  };
  skip(" \t");
  if (line.starts_with("export ")) line.remove_prefix(7);
  skip(" \t");
  if (!line.starts_with(variable)) return false;
  line.remove_prefix(variable.size());
  skip(" \t");
  if (!line.starts_with('=')) return false;
  skip("= \t\"'");
  return line.starts_with("postgres") || line.starts_with("sqlite");
}

// The variable that a file .env between env.py and the project's folder gives a url, and that is
// not set; empty: there is none.
std::string variable_of_dotenv(const AlembicProject& project,
                               const std::vector<std::string>& variables) {
  std::set<fs::path> folders{project.folder, project.working_folder};
  for (fs::path at = project.script_location; at.has_relative_path(); at = at.parent_path()) {
    folders.insert(at);
    if (at == project.folder) break;
  }
  for (const fs::path& folder : folders) {
    const fs::path file = folder / ".env";
    if (!is_file(file)) continue;
    const std::string text = read_file(file, alembic::max_module_size);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string_view line(text.data() + at, end - at);
      for (const std::string& variable : variables)
        if (std::getenv(variable.c_str()) == nullptr && gives_url(line, variable)) return variable;
      at = end + 1;
    }
  }
  return {};
}

void take_dotenv(const AlembicProject& project, const EnvText& text, EnvUrl& url) {
  for (const EnvText::Line& line : text.lines()) {
    for (std::size_t at = 0; at + 1 < line.tokens.size(); ++at) {
      if (line.tokens[at].text != "load_dotenv" || !line.tokens[at + 1].is("(")) continue;
      const std::string variable = variable_of_dotenv(project, url.variables);
      if (variable.empty()) return;
      std::erase(url.variables, variable);
      url.variables.insert(url.variables.begin(), variable);
      url.replaced_in = line.number;
      url.literal.clear();
      url.is_of_engine = false;
      url.is_of_dotenv = true;
      return;
    }
  }
}

// What is known because env.py was followed comes before what its words look like.
void take_run(const alembic::EnvRun& run, const AlembicProject& project, EnvUrl& url) {
  url.ends_in = run.ends_in;
  if (!run.is_followed) return;
  const auto configured = project.options.find(std::string(section_url));
  const auto is_configured = [&](const std::string& text) {
    return configured != project.options.end() && configured->second == text;
  };
  if (run.url.is_known) {
    url.is_decided = true;
    url.is_of_engine = false;
    url.replaced_in = is_configured(run.url.text) ? 0 : run.url.line;
    url.literal = url.replaced_in == 0 ? std::string() : run.url.text;
    return;
  }
  const bool only_configured =
      std::all_of(run.url.candidates.begin(), run.url.candidates.end(), is_configured);
  if (run.may_be_configured && only_configured) return;
  url.candidates = run.url.candidates;
  url.literal.clear();
  if (url.replaced_in > 0) return;
  url.replaced_in = run.url.line;
  url.is_of_engine = true;
}

}  // namespace

EnvUrl read_env_url(const AlembicProject& project) {
  EnvUrl result;
  const auto read = alembic::read_env_file(project);
  if (!read) return result;
  const EnvText text(*read, project.options);
  ReplacedUrl replaced(text, result);
  for (const EnvText::Line& line : text.lines()) {
    find_url_variables(line.tokens, result.variables);
    replaced.read(line);
  }
  take_engine(alembic::find_own_engine(text), result);
  take_run(alembic::env_run_of(project, *read), project, result);
  if (!result.is_decided) take_dotenv(project, text, result);
  return result;
}

int env_line_of_x_argument(const AlembicProject& project, std::string_view name) {
  const auto read = alembic::read_env_file(project);
  if (!read) return 0;
  const EnvText text(*read, project.options);
  bool asks = false;
  int line_of_name = 0;
  for (const EnvText::Line& line : text.lines()) {
    for (const PythonToken& token : line.tokens) {
      asks = asks || token.text == "get_x_argument" || token.text == "cmd_opts";
      if (line_of_name == 0 && text_of(token) == name) line_of_name = text.line_number(token);
    }
  }
  return asks ? line_of_name : 0;
}

}  // namespace limbeck
