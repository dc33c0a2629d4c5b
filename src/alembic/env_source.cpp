#include "alembic/env_source.h"

#include <algorithm>
#include <array>
#include <set>

namespace limbeck::alembic {
namespace {

// What comes from these says nothing of the application.
bool is_of_library(std::string_view module) {
  constexpr std::array<std::string_view, 18> modules{
      "os",      "sys",    "re",       "logging",    "urllib",     "pathlib",
      "asyncio", "typing", "alembic",  "sqlalchemy", "contextlib", "collections",
      "json",    "time",   "warnings", "__future__", "dotenv",     "sqlmodel"};
  return std::find(modules.begin(), modules.end(), module) != modules.end();
}

bool is_word_of_python(std::string_view name) {
  constexpr std::array<std::string_view, 45> words{
      "if",    "else",   "elif",     "or",        "and",   "not",     "in",      "is",
      "for",   "with",   "as",       "while",     "try",   "except",  "finally", "return",
      "yield", "lambda", "await",    "async",     "def",   "class",   "raise",   "del",
      "pass",  "global", "None",     "True",      "False", "str",     "int",     "bool",
      "dict",  "list",   "tuple",    "set",       "len",   "getattr", "hasattr", "isinstance",
      "print", "format", "__file__", "Exception", "assert"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

// get_main_option("name"), of another name than the url's.
bool asks_other_option(PythonTokens tokens, std::size_t at) {
  if (tokens[at].text != "get_main_option" || at + 2 >= tokens.size()) return false;
  const auto option = text_of(tokens[at + 2]);
  return option && option != "sqlalchemy.url";
}

class Tracer {
 public:
  explicit Tracer(const EnvText& text) : text_(text) {}

  // The expressions that a name leads to wait for their turn: env.py decides how many they are.
  ValueSource trace(PythonTokens expression, std::size_t function) {
    waiting_.push_back({expression, function});
    for (std::size_t at = 0; at < waiting_.size(); ++at) {
      const auto [tokens, of] = waiting_[at];
      for (std::size_t i = 0; i < tokens.size(); ++i) look_at(tokens, i, of);
    }
    return std::move(result_);
  }

 private:
  void look_at(PythonTokens tokens, std::size_t at, std::size_t function);
  void look_at_text(const PythonToken& token);
  void follow(PythonTokens tokens, std::size_t at, std::size_t function);
  void follow_binding(const EnvText::Binding& binding, std::string_view name);
  void follow_function(std::size_t function);
  void follow_arguments(std::size_t function);

  const EnvText& text_;
  ValueSource result_;
  std::vector<std::pair<PythonTokens, std::size_t>> waiting_;
  std::set<std::pair<std::size_t, std::string_view>> seen_names_;
  std::set<std::size_t> seen_functions_;
  std::set<std::size_t> seen_calls_;
};

// f"{config.get_main_option('sqlalchemy.url')}?timeout=5"
void Tracer::look_at_text(const PythonToken& token) {
  const std::string_view text = token.text;
  if (text.find("get_main_option") != std::string_view::npos ||
      text.find("get_section") != std::string_view::npos)
    result_.is_configured = true;
}

void Tracer::look_at(PythonTokens tokens, std::size_t at, std::size_t function) {
  const PythonToken& token = tokens[at];
  if (token.kind == PythonToken::Kind::string) return look_at_text(token);
  if (token.kind != PythonToken::Kind::name) return;
  const bool is_called = at + 1 < tokens.size() && tokens[at + 1].is("(");
  if (is_called && makes_engine(token.text)) result_.engines.push_back(&token);
  if (asks_configuration(token) && !asks_other_option(tokens, at)) result_.is_configured = true;
  if (at + 2 < tokens.size() && (is_called || tokens[at + 1].is("["))) {
    const bool reads = token.text == "environ" || token.text == "getenv" ||
                       (token.text == "get" && at > 1 && tokens[at - 2].text == "environ");
    if (const auto variable = text_of(tokens[at + 2]); reads && variable)
      result_.variables.push_back(*variable);
  }
  const bool is_attribute = at > 0 && tokens[at - 1].is(".");
  if (token.text == "attributes" && is_attribute) result_.is_elsewhere = true;
  const bool is_given = at + 1 == tokens.size() || !tokens[at + 1].is(".");
  if (token.text == "config" && is_given && at > 1 && is_attribute &&
      tokens[at - 2].text == "context")
    result_.is_configured = true;  // given away as a whole: it may be asked there
  if (is_attribute || is_word_of_python(token.text)) return;
  const bool is_keyword = at > 0 && (tokens[at - 1].is("(") || tokens[at - 1].is(",")) &&
                          at + 1 < tokens.size() && tokens[at + 1].is("=");
  if (!is_keyword) follow(tokens, at, function);
}

void Tracer::follow(PythonTokens tokens, std::size_t at, std::size_t function) {
  const std::string_view name = tokens[at].text;
  const auto bindings = text_.bindings(name, function);
  const std::size_t own_function = text_.function_named(name);
  if (own_function != 0) follow_function(own_function);
  const bool is_library_name = makes_engine(name) || name == "context";
  if (bindings.empty() && own_function == 0 && !is_library_name) result_.is_elsewhere = true;
  for (const EnvText::Binding& binding : bindings) {
    const bool is_config = binding.kind == EnvText::Binding::Kind::value &&
                           binding.value.back().text == "config" && binding.value.size() <= 3;
    const bool is_given = at + 1 == tokens.size() || !tokens[at + 1].is(".");
    const bool is_imported_config = binding.module == "alembic" && name == "config";
    if (is_given && (is_config || is_imported_config)) result_.is_configured = true;
    if (!is_config) follow_binding(binding, name);
  }
}

void Tracer::follow_binding(const EnvText::Binding& binding, std::string_view name) {
  const EnvText::Line& line = text_.lines()[binding.line];
  switch (binding.kind) {
    case EnvText::Binding::Kind::import:
      if (!is_of_library(binding.module)) result_.is_elsewhere = true;
      return;
    case EnvText::Binding::Kind::parameter:
      for (std::size_t at = 1; at < text_.functions().size(); ++at) {
        const auto& parameters = text_.functions()[at].parameters;
        const bool has_it =
            std::find(parameters.begin(), parameters.end(), name) != parameters.end();
        if (has_it) follow_arguments(at);
      }
      return;
    case EnvText::Binding::Kind::value:
    case EnvText::Binding::Kind::part:
      if (seen_names_.insert({binding.line, name}).second)
        waiting_.emplace_back(binding.value, line.function);
  }
}

// Whatever it does: it may come back with any of it.
void Tracer::follow_function(std::size_t function) {
  if (!seen_functions_.insert(function).second) return;
  for (const EnvText::Line& line : text_.lines())
    if (line.function == function) waiting_.emplace_back(line.tokens, function);
}

// run(connection), connection.run_sync(run)
void Tracer::follow_arguments(std::size_t function) {
  if (!seen_calls_.insert(function).second) return;
  const std::string_view name = text_.functions()[function].name;
  for (const EnvText::Line& line : text_.lines()) {
    if (line.tokens.front().text == "def" || line.function == function) continue;
    const auto found = std::find_if(line.tokens.begin(), line.tokens.end(),
                                    [&](const PythonToken& it) { return it.text == name; });
    if (found == line.tokens.end()) continue;
    for (std::size_t at = 0; at < line.tokens.size(); ++at)
      if (line.tokens[at].text != name) look_at(line.tokens, at, line.function);
  }
}

}  // namespace

bool makes_engine(std::string_view name) {
  return name == "create_engine" || name == "create_async_engine" || name == "engine_from_config" ||
         name == "async_engine_from_config";
}

bool asks_configuration(const PythonToken& token) {
  return token.text == "get_main_option" || token.text.starts_with("get_section");
}

ValueSource trace_value(const EnvText& text, PythonTokens expression, std::size_t function) {
  return Tracer(text).trace(expression, function);
}

}  // namespace limbeck::alembic
