#include <fmt/format.h>

#include "cli/help.h"

namespace limbeck::cli {
namespace {

std::string in_cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

void append_option_table(std::string& text, std::span<const OptionSpec> options) {
  text += "| option | meaning |\n|---|---|\n";
  for (const OptionSpec& option : options) {
    text += fmt::format("| `{}` | {}{} |\n", in_cell(option_heading(option)), in_cell(option.help),
                        option.repeatable ? "; may be given several times" : "");
  }
  text += '\n';
}

void append_command_section(std::string& text, const CommandSpec& spec) {
  text += fmt::format("## {}\n\n{}.\n\n    {}\n\n", spec.name, spec.summary, usage_line(spec));
  if (!spec.alias.empty()) text += fmt::format("Also called `{}`.\n\n", spec.alias);
  if (!spec.description.empty()) text += fmt::format("{}\n\n", spec.description);
  if (!spec.positionals.empty()) {
    text += "| argument | meaning |\n|---|---|\n";
    for (const PositionalSpec& positional : spec.positionals) {
      text += fmt::format("| `{}` | {} |\n", positional.name, in_cell(positional.help));
    }
    text += '\n';
  }
  if (!spec.options.empty()) append_option_table(text, spec.options);
  for (const Example& example : spec.examples) {
    text += fmt::format("- `{}`: {}\n", example.command, example.meaning);
  }
  if (!spec.examples.empty()) text += '\n';
}

}  // namespace

std::string markdown_reference() {
  std::string text;
  text += "| command | what it does |\n|---|---|\n";
  for (const CommandSpec& spec : commands()) {
    if (!spec.hidden)
      text += fmt::format("| [{0}](#{0}) | {1} |\n", spec.name, in_cell(spec.summary));
  }
  text += "\n## Options of every command\n\nThey may stand before or after the command.\n\n";
  append_option_table(text, global_options());
  for (const CommandSpec& spec : commands()) {
    if (!spec.hidden) append_command_section(text, spec);
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace limbeck::cli
