#include "cli/help.h"

#include <doctest/doctest.h>
#include <fstream>
#include <set>
#include <sstream>

#include "limbeck/version.h"

#include "cli/completion.h"
#include "cli/man_page.h"

using namespace limbeck;
using namespace limbeck::cli;

namespace {

std::string without_backslashes(std::string text) {
  std::erase(text, '\\');
  return text;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string file_in_project(const std::string& name) {
  std::ifstream file(std::string(LIMBECK_TESTS_FOLDER) + "/../" + name);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The rows of a page that link a command to its section in docs/commands.md, one after the other.
std::string rows_of_commands(const std::string& page) {
  std::istringstream lines(page);
  std::string rows;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| [") && contains(line, "](docs/commands.md#")) rows += line + "\n";
  }
  return rows;
}

}  // namespace

TEST_CASE("docs/commands.md is what the table of commands says") {
  const std::string page = file_in_project("docs/commands.md");
  CHECK_MESSAGE(page.ends_with("-->\n\n" + markdown_reference()),
                "write it anew from \"limbeck help --markdown\"");
}

TEST_CASE("the table in README.md has every command, with the text of its help") {
  std::string expected;
  for (const CommandSpec& spec : commands()) {
    if (spec.hidden) continue;
    expected += "| [" + std::string(spec.name) + "](docs/commands.md#" + std::string(spec.name) +
                ") | " + std::string(spec.summary) + " |\n";
  }
  CHECK_EQ(rows_of_commands(file_in_project("README.md")), expected);
}

TEST_CASE("every command and option stands in the help, the man page and the reference") {
  const std::string man = without_backslashes(man_page());
  const std::string reference = without_backslashes(markdown_reference());
  const std::string all = overview(Painter());
  for (const CommandSpec& spec : commands()) {
    if (spec.hidden) {
      CHECK_FALSE(contains(all, spec.name));
      continue;
    }
    CAPTURE(spec.name);
    CHECK(contains(all, spec.summary));
    CHECK(contains(man, spec.summary));
    CHECK_FALSE(spec.summary.ends_with('.'));
    CHECK((spec.run != nullptr));
    const std::string help = command_help(spec, Painter());
    for (const OptionSpec& option : spec.options) {
      CAPTURE(option.name);
      CHECK(contains(help, option_heading(option)));
      CHECK(contains(man, option_heading(option)));
      CHECK(contains(reference, option_heading(option)));
    }
  }
}

TEST_CASE("no name means two things") {
  std::set<std::string_view> global;
  for (const OptionSpec& option : global_options()) {
    CHECK(global.insert(option.name).second);
    if (!option.short_name.empty()) CHECK(global.insert(option.short_name).second);
  }
  std::set<std::string_view> names;
  for (const CommandSpec& spec : commands()) {
    CHECK(names.insert(spec.name).second);
    if (!spec.alias.empty()) CHECK(names.insert(spec.alias).second);
    std::set<std::string_view> seen = global;
    for (const OptionSpec& option : spec.options) {
      CAPTURE(option.name);
      CHECK(seen.insert(option.name).second);
      if (!option.short_name.empty()) CHECK(seen.insert(option.short_name).second);
    }
  }
}

TEST_CASE("the help fits a terminal and begins no line of the man page with a control") {
  for (const CommandSpec& spec : commands()) {
    std::string help = command_help(spec, Painter());
    while (!help.empty()) {
      const std::size_t end = help.find('\n');
      CAPTURE(help.substr(0, end));
      CHECK(end <= 100);
      help.erase(0, end + 1);
    }
  }
  CHECK(contains(man_page(), std::string("limbeck ") + std::string(version)));
}
