#include "alembic/env_engine.h"

#include <algorithm>
#include <utility>

#include "alembic/env_source.h"

namespace limbeck::alembic {
namespace {

struct EngineCall {
  const EnvText::Line* line = nullptr;
  PythonTokens url = {};   // empty: what it is given is no url
  bool overrides = false;  // engine_from_config(..., url=...)
};

bool defines(const EnvText::Line& line) {
  const PythonTokens tokens = line.tokens;
  return tokens.front().text == "def" || (tokens.size() > 1 && tokens[1].text == "def");
}

// The value of the option "name=" of a call whose arguments begin at a position.
PythonTokens named_argument(PythonTokens line, std::size_t begin, std::string_view name) {
  for (std::size_t at = begin; at < line.size();) {
    const PythonTokens argument = argument_at(line, at);
    if (argument.empty()) break;
    if (argument.size() > 2 && argument[0].text == name && argument[1].is("="))
      return argument.subspan(2);
    at += argument.size() + 1;
  }
  return {};
}

// {"sqlalchemy.url": ...}, {"url": ...}
PythonTokens url_of_dictionary(PythonTokens dictionary) {
  for (std::size_t at = 0; at + 2 < dictionary.size(); ++at) {
    const auto key = text_of(dictionary[at]);
    if (key && key->ends_with("url") && dictionary[at + 1].is(":"))
      return argument_at(dictionary, at + 2);
  }
  return {};
}

EngineCall engine_call(const EnvText::Line& line, std::size_t at) {
  EngineCall call;
  call.line = &line;
  const PythonTokens named = named_argument(line.tokens, at + 2, "url");
  const PythonTokens first = argument_at(line.tokens, at + 2);
  const bool of_config = line.tokens[at].text.ends_with("_from_config");
  call.overrides = of_config && !named.empty();
  if (!named.empty()) {
    call.url = named;
  } else if (of_config) {
    call.url = first.empty() || !first.front().is("{") ? PythonTokens() : url_of_dictionary(first);
  } else {
    call.url = first;
  }
  return call;
}

std::vector<EngineCall> engine_calls(const EnvText& text) {
  std::vector<EngineCall> calls;
  for (const EnvText::Line& line : text.lines()) {
    if (defines(line)) continue;
    for (std::size_t at = 0; at + 1 < line.tokens.size(); ++at)
      if (makes_engine(line.tokens[at].text) && line.tokens[at + 1].is("("))
        calls.push_back(engine_call(line, at));
  }
  return calls;
}

// What the values of "connection=" are, wherever they stand: configure(connection=...),
// options = {"connection": ...}.
struct Connection {
  const EnvText::Line* line = nullptr;
  PythonTokens value = {};
};

std::vector<Connection> connections(const EnvText& text) {
  std::vector<Connection> result;
  for (const EnvText::Line& line : text.lines()) {
    if (defines(line)) continue;
    for (std::size_t at = 1; at + 2 < line.tokens.size(); ++at) {
      const bool is_option = line.tokens[at].text == "connection" && line.tokens[at + 1].is("=");
      const bool is_key = text_of(line.tokens[at]) == "connection" && line.tokens[at + 1].is(":");
      if (is_option || is_key) result.push_back({&line, argument_at(line.tokens, at + 2)});
    }
  }
  return result;
}

int line_of_connecting(const EnvText& text, const Connection& otherwise) {
  for (const EnvText::Line& line : text.lines()) {
    for (std::size_t at = 1; at + 1 < line.tokens.size(); ++at) {
      const std::string_view name = line.tokens[at].text;
      if ((name == "connect" || name == "begin") && line.tokens[at - 1].is(".") &&
          line.tokens[at + 1].is("("))
        return line.number;
    }
  }
  return otherwise.line->number;
}

bool is_configured(const EnvText& text, const EngineCall& call) {
  return trace_value(text, call.overrides ? call.url : call.line->tokens, call.line->function)
      .is_configured;
}

OwnEngine made_by(const EnvText& text, const std::vector<EngineCall>& calls, bool is_sure) {
  OwnEngine engine;
  engine.is_made_here = true;
  for (const EngineCall& call : calls) {
    const auto constant = text.constant(call.url, call.line->function);
    const bool written_out =
        is_sure && constant && constant->kind == PythonConstant::Kind::text && !call.url.empty();
    const bool same = engine.line == 0 || (written_out && constant->text == engine.literal);
    engine.literal = written_out && same ? constant->text : std::string();
    is_sure = is_sure && same && written_out;
    if (engine.line == 0) engine.line = call.line->number;
    for (std::string& variable : trace_value(text, call.url, call.line->function).variables)
      engine.variables.push_back(std::move(variable));
  }
  return engine;
}

}  // namespace

OwnEngine find_own_engine(const EnvText& text) {
  const std::vector<Connection> given = connections(text);
  if (given.empty()) return {};
  ValueSource source;
  for (const Connection& connection : given) {
    const ValueSource one = trace_value(text, connection.value, connection.line->function);
    source.is_configured = source.is_configured || one.is_configured;
    source.is_elsewhere = source.is_elsewhere || one.is_elsewhere;
    source.engines.insert(source.engines.end(), one.engines.begin(), one.engines.end());
  }
  std::vector<EngineCall> calls = engine_calls(text);
  const auto overriding = std::find_if(calls.begin(), calls.end(),
                                       [](const EngineCall& call) { return call.overrides; });
  const bool is_overridden = overriding != calls.end() && !is_configured(text, *overriding);
  if (source.is_configured && !is_overridden) return {};
  if (is_overridden) calls = {*overriding};
  if (!calls.empty() && (!source.engines.empty() || !source.is_elsewhere || is_overridden)) {
    const bool asks = std::any_of(calls.begin(), calls.end(), [&](const EngineCall& call) {
      return is_configured(text, call);
    });
    if (asks && source.engines.empty()) return {};
    return made_by(text, calls, !source.is_elsewhere);
  }
  if (!source.is_elsewhere) return {};
  OwnEngine engine;
  engine.line = line_of_connecting(text, given.front());
  return engine;
}

}  // namespace limbeck::alembic
