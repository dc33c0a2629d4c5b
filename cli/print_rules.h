// What lint and audit print of their own rules: "--rules" all of them, "--explain NAME" one.
#pragma once

#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>

#include "limbeck/error.h"

#include "base/json_writer.h"
#include "base/terminal.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/sources.h"

namespace limbeck::cli {

template <class Rule>
struct RuleForms {
  std::string_view command;  // whose rules they are
  std::span<const Rule> all;
  const Rule* (*find)(std::string_view name);
  std::string (*markdown)(const Rule&);
  std::string (*text)(const Rule&, const Painter&);
  void (*write)(const Rule&, JsonWriter&);
  std::string (*all_markdown)();
  std::string (*all_text)(const Painter&);
};

// Throws Error (ExitCode::usage) when there is no such rule.
template <class Rule>
void explain_rule(Session& session, const RuleForms<Rule>& forms, const std::string& name,
                  std::string_view format) {
  const Rule* rule = forms.find(name);
  if (rule == nullptr)
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("there is no rule {}", printable(name)),
                 .hint = fmt::format("\"limbeck {} --rules\" lists them", forms.command)});
  if (format == "markdown") return Session::print(forms.markdown(*rule));
  if (format == "text") return Session::print(forms.text(*rule, session.paint()));
  JsonWriter json;
  forms.write(*rule, json);
  Session::print(json.text() + "\n");
}

template <class Rule>
void print_rules(Session& session, const Arguments& arguments, const RuleForms<Rule>& forms) {
  const std::string format = output_format(session, arguments, {"text", "json", "markdown"});
  if (arguments.has("--explain"))
    return explain_rule(session, forms, arguments.value("--explain"), format);
  if (format == "markdown") return Session::print(forms.all_markdown());
  if (format == "text") return Session::print(forms.all_text(session.paint()));
  JsonWriter json;
  json.begin_object().key("rules").begin_array();
  for (const Rule& rule : forms.all) forms.write(rule, json);
  json.end_array().end_object();
  Session::print(json.text() + "\n");
}

}  // namespace limbeck::cli
