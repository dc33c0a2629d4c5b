#include "alembic/header.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "unit/alembic/cases.h"

using namespace limbeck;

namespace {

std::vector<std::string> described(const Revision& revision) {
  std::vector<std::string> result;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) result.push_back(fmt::format("{} {}", name, value));
  };
  add("id", revision.id);
  add("down", fmt::format("{}", fmt::join(revision.down_revisions, ", ")));
  add("labels", fmt::format("{}", fmt::join(revision.labels, ", ")));
  add("depends", fmt::format("{}", fmt::join(revision.depends_on, ", ")));
  add("message", revision.message);
  add("created", revision.created);
  return result;
}

std::vector<std::string> read(const AlembicCase& each) {
  const std::string file = "versions/" + each.name.substr(0, each.name.find(' '));
  try {
    const auto header = alembic::read_script_header(each.input, file, true);
    if (header->computed) return {fmt::format("computed {}", header->computed->line)};
    return described(header->revision);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    const Place& place = *error.report().place;
    CHECK(place.file == file);
    return {fmt::format("error {}:{} {}", place.line, place.column, error.report().message)};
  }
}

}  // namespace

TEST_CASE("headers of scripts are read as Python reads them") {
  const std::vector<AlembicCase> cases = read_alembic_cases("headers.case");
  CHECK(cases.size() > 40);
  for (const AlembicCase& each : cases) {
    CAPTURE(each.name);
    std::vector<std::string> found = read(each);
    REQUIRE_FALSE(each.expected.empty());
    if (each.expected.front().starts_with("error ")) {
      // The place, and a part of the message.
      const std::string& expected = each.expected.front();
      const std::size_t text = expected.find(' ', 6) + 1;
      CAPTURE(found.front());
      CHECK(found.front().starts_with(expected.substr(0, text)));
      CHECK(found.front().find(expected.substr(text)) != std::string::npos);
    } else {
      CHECK(fmt::format("{}", fmt::join(found, "\n")) ==
            fmt::format("{}", fmt::join(each.expected, "\n")));
    }
  }
}

TEST_CASE("a beginning gives the same header as the whole script, or none") {
  for (const AlembicCase& each : read_alembic_cases("headers.case")) {
    if (each.expected.front().starts_with("error ")) continue;
    CAPTURE(each.name);
    const std::string text = each.input + "\n\n\ndef upgrade():\n    pass\n";
    const std::string file = each.name.substr(0, each.name.find(' '));
    const auto whole = alembic::read_script_header(text, file, true);
    bool found = false;
    for (std::size_t size = 0; size <= text.size(); ++size) {
      const auto part =
          alembic::read_script_header(std::string_view(text).substr(0, size), file, false);
      if (!part || each.name == "names_below_the_functions.py") continue;
      found = true;
      CHECK(part->revision == whole->revision);
      CHECK(part->computed == whole->computed);
    }
    CHECK((found || whole->computed || each.name.starts_with("3a1f") ||
           each.name == "names_below_the_functions.py"));
  }
}

TEST_CASE("which files are scripts") {
  for (const char* name : {"a.py", "2024_x.py", "_a.py"}) CHECK(alembic::is_script_name(name));
  for (const char* name : {"__init__.py", "__init__x.py", ".#a.py", ".a.py", "a.pyc", "a.sql"}) {
    CHECK_FALSE(alembic::is_script_name(name));
  }
}
