#include "cli/man_page.h"

#include <algorithm>
#include <fmt/format.h>

#include "limbeck/version.h"

#include "cli/help.h"
#include "report/error.h"

namespace limbeck::cli {
namespace {

// Text that roff shows as it stands: a hyphen that can be copied, no control line at the beginning
// of a line.
std::string roff(std::string_view text) {
  std::string result;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
    line_begins = c == '\n';
  }
  return result;
}

void append_item(std::string& page, std::string_view heading, std::string_view text) {
  page += fmt::format(".TP\n.B {}\n{}\n", roff(heading), roff(text));
}

void append_options(std::string& page, std::span<const OptionSpec> options) {
  for (const OptionSpec& option : options) append_item(page, option_heading(option), option.help);
}

void append_paragraphs(std::string& page, std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    page += fmt::format(".PP\n{}\n", roff(text.substr(0, end)));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
}

void append_command(std::string& page, const CommandSpec& spec) {
  page += fmt::format(".SS {}\n{}.\n.PP\n.B {}\n", roff(spec.name), roff(spec.summary),
                      roff(usage_line(spec)));
  append_paragraphs(page, spec.description);
  for (const PositionalSpec& positional : spec.positionals) {
    append_item(page, positional.name, positional.help);
  }
  append_options(page, spec.options);
  for (const Example& example : spec.examples) {
    append_item(page, example.command, example.meaning);
  }
}

constexpr std::string_view ending = R"(.SH FILES
.TP
.B limbeck.toml
the configuration, in the working directory or above it
.SH ENVIRONMENT
.TP
.B LIMBECK_CONFIG
the configuration, unless \-\-config names it
.TP
.B NO_COLOR
no colour when it is set to something
.TP
.B VISUAL, EDITOR
the editor of "limbeck edit"
)";

}  // namespace

std::string man_page() {
  std::string page = fmt::format(
      ".TH LIMBECK 1 \"\" \"limbeck {}\" \"User Commands\"\n.SH NAME\nlimbeck \\- change database "
      "schemas, one reviewed revision after the other\n.SH SYNOPSIS\n.B limbeck\n[OPTIONS] "
      "COMMAND\n"
      ".SH OPTIONS\nThey may stand before or after the command.\n",
      version);
  append_options(page, global_options());
  append_item(page, "-h, --help", "show the help, of a command too");
  append_item(page, "--version", "show the version");
  page += ".SH COMMANDS\n";
  for (const CommandSpec& spec : commands()) {
    if (!spec.hidden) append_command(page, spec);
  }
  page += ".SH EXIT STATUS\n";
  for (const ExitMeaning& row : exit_meanings()) {
    append_item(page, std::to_string(static_cast<int>(row.code)), row.meaning);
  }
  page += ending;
  return page;
}

}  // namespace limbeck::cli
