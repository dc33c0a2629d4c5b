#include "alembic/ini.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "unit/alembic/cases.h"

using namespace limbeck;
using alembic::IniFile;

namespace {

std::string found_error(const AlembicCase& each) {
  try {
    IniFile ini = IniFile::parse(each.input, "x.ini");
    ini.set_default("here", "/HERE");
    for (const std::string& section : ini.sections()) {
      for (const std::string& name : ini.names(section)) ini.get(section, name);
    }
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    const Place& place = *error.report().place;
    return fmt::format("error {}:{} {}", place.line, place.column, error.report().message);
  }
  return "no error";
}

}  // namespace

TEST_CASE("ini files are read as Python's configparser reads them") {
  const std::vector<AlembicCase> cases = read_alembic_cases("ini.case");
  CHECK(cases.size() > 20);
  for (const AlembicCase& each : cases) {
    CAPTURE(each.name);
    for (const std::string& expected : each.expected) {
      if (expected.starts_with("error ")) {
        const std::size_t text = expected.find(' ', 6) + 1;
        const std::string error = found_error(each);
        CAPTURE(error);
        CHECK(error.starts_with(expected.substr(0, text)));
        CHECK(error.find(expected.substr(text)) != std::string::npos);
        continue;
      }
      IniFile ini = IniFile::parse(each.input, "x.ini");
      ini.set_default("here", "/HERE");
      const std::size_t equals = expected.find('=');
      const std::size_t space = expected.rfind(' ', equals);
      const auto value =
          ini.get(expected.substr(0, space), expected.substr(space + 1, equals - space - 1));
      REQUIRE(value);
      CHECK(value->value == unescaped(expected.substr(equals + 1)));
    }
  }
}

TEST_CASE("a line that may hold a password is not shown") {
  try {
    IniFile::parse("[alembic]\nsqlalchemy.url postgresql//u/secret\n", "x.ini");
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.report().place->line == 2);
    CHECK(error.report().place->source_line.empty());
  }
}

TEST_CASE("names that stand for ever more names come to an end") {
  std::string text = "[a]\nx0 = y\n";
  for (int i = 1; i < 9; ++i) {
    text += fmt::format("x{} =", i);
    for (int k = 0; k < 50; ++k) text += fmt::format(" %(x{})s", i - 1);
    text += "\n";
  }
  const IniFile ini = IniFile::parse(text, "x.ini");
  CHECK_THROWS_AS(ini.get("a", "x8"), Error);
}
