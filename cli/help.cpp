#include "cli/help.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace limbeck::cli {
namespace {

constexpr std::size_t text_width = 100;

using Row = std::pair<std::string, std::string_view>;

// Words broken into lines that leave room for indent; the first line has the indent already.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > indent && column + 1 + word.size() > text_width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      result += ' ';
      column += 1;
    }
    result += word;
    column += word.size();
  }
  return result;
}

void append_rows(std::string& text, std::string_view title, const std::vector<Row>& rows,
                 const Painter& paint) {
  if (rows.empty()) return;
  std::size_t width = 0;
  for (const Row& row : rows) width = std::max(width, row.first.size());
  text += fmt::format("\n{}\n", paint(Style::bold, title));
  for (const auto& [name, help] : rows) {
    text += fmt::format("  {}  {}\n", paint(Style::cyan, padded(name, width)),
                        wrapped(help, width + 4));
  }
}

std::vector<Row> option_rows(std::span<const OptionSpec> options) {
  std::vector<Row> rows;
  for (const OptionSpec& option : options) rows.emplace_back(option_heading(option), option.help);
  return rows;
}

std::string positional_text(const PositionalSpec& positional) {
  std::string text(positional.name);
  if (positional.most == many) text += "...";
  return positional.least == 0 ? "[" + text + "]" : text;
}

// Paragraphs, each wrapped.
std::string paragraphs(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    result += "\n" + wrapped(text.substr(0, end), 0) + "\n";
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return result;
}

}  // namespace

std::string usage_line(const CommandSpec& spec) {
  std::string text = fmt::format("limbeck {}", spec.name);
  if (!spec.options.empty()) text += " [OPTIONS]";
  for (const PositionalSpec& positional : spec.positionals) {
    text += " " + positional_text(positional);
  }
  return text;
}

std::string option_heading(const OptionSpec& option) {
  std::string text;
  if (!option.short_name.empty()) text += std::string(option.short_name) + ", ";
  text += option.name;
  if (!option.value.empty()) text += " " + std::string(option.value);
  return text;
}

std::string overview(const Painter& paint) {
  std::string text =
      "Limbeck changes database schemas, one reviewed revision after the other.\n\n"
      "usage: limbeck [OPTIONS] COMMAND\n";
  std::vector<Row> rows;
  for (const CommandSpec& spec : commands()) {
    if (!spec.hidden) rows.emplace_back(spec.name, spec.summary);
  }
  append_rows(text, "commands", rows, paint);
  std::vector<Row> options = option_rows(global_options());
  options.emplace_back("-h, --help", "show the help, of a command too");
  options.emplace_back("--version", "show the version");
  append_rows(text, "options, before or after the command", options, paint);
  text += "\nWithout a command, limbeck prints the status of the project.\n";
  return text;
}

std::string command_help(const CommandSpec& spec, const Painter& paint) {
  std::string text = fmt::format("{}\n\nusage: {}\n", spec.summary, usage_line(spec));
  if (!spec.alias.empty()) text += fmt::format("also called: {}\n", spec.alias);
  text += paragraphs(spec.description);
  std::vector<Row> positionals;
  for (const PositionalSpec& positional : spec.positionals) {
    positionals.emplace_back(positional.name, positional.help);
  }
  append_rows(text, "arguments", positionals, paint);
  append_rows(text, "options", option_rows(spec.options), paint);
  append_rows(text, "options of every command", option_rows(global_options()), paint);
  std::vector<Row> examples;
  for (const Example& example : spec.examples) {
    examples.emplace_back(example.command, example.meaning);
  }
  append_rows(text, "examples", examples, paint);
  return text;
}

}  // namespace limbeck::cli
