#include "alembic/mako.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "limbeck/error.h"

#include "unit/alembic/cases.h"

using namespace limbeck;
using namespace limbeck::alembic;

namespace {

PythonConstant text(const std::string& value) {
  PythonConstant constant;
  constant.kind = PythonConstant::Kind::text;
  constant.text = value;
  return constant;
}

PythonConstant tuple(const std::vector<std::string>& values) {
  PythonConstant constant;
  constant.kind = PythonConstant::Kind::collection;
  for (const std::string& value : values) constant.items.push_back(text(value));
  return constant;
}

MakoValues values() {
  MakoValues result;
  result.names["message"] = text("Add it");
  result.names["up_revision"] = text("abc");
  result.names["down_revision"] = tuple({"x", "y"});
  result.names["branch_labels"] = tuple({"l"});
  result.names["depends_on"] = {};
  result.names["upgrades"] = text("up()");
  result.names["downgrades"] = text("");
  result.names["imports"] = text("");
  result.names["one_upgrades"] = text("up_one()");
  result.options["databases"] = "one,  two";
  result.created = {2024, 5, 6, 7, 8, 9, 0, 0};
  result.microseconds = 10;
  return result;
}

std::string rendered(const std::string& source) {
  try {
    return render_mako(source, "t.mako", values());
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    const Place& place = *error.report().place;
    return fmt::format("error {}:{} {}", place.line, place.column, error.report().message);
  }
}

}  // namespace

TEST_CASE("templates are rendered as Mako renders them") {
  const std::vector<AlembicCase> cases = read_alembic_cases("mako.case");
  CHECK(cases.size() > 15);
  for (const AlembicCase& each : cases) {
    CAPTURE(each.name);
    REQUIRE(each.expected.size() == 1);
    const std::string& expected = each.expected.front();
    const std::string found = rendered(each.input);
    if (expected.starts_with("error ")) {
      const std::size_t message = expected.find(' ', 6) + 1;
      CAPTURE(found);
      CHECK(found.starts_with(expected.substr(0, message)));
      CHECK(found.find(expected.substr(message)) != std::string::npos);
    } else {
      CHECK(found == unescaped(expected));
    }
  }
}

TEST_CASE("texts as Python writes them") {
  CHECK(python_repr("a") == "'a'");
  CHECK(python_repr("it's") == "\"it's\"");
  CHECK(python_repr("it's \"x\"") == R"('it\'s "x"')");
  CHECK(python_repr("a\\b\n\t\x01") == R"('a\\b\n\t\x01')");
  CHECK(python_repr(tuple({"a"})) == "('a',)");
}

TEST_CASE("what Flask's application is asked for comes from the configuration") {
  MakoValues given = values();
  given.flask_engines = {"", "users"};
  CHECK(
      render_mako("<%\n    from flask import current_app\n    if current_app:\n        x = 1\n%>\n"
                  "% for n in db_names:\n[${n}]\n% endfor\n${', '.join(bind_names)}",
                  "t.mako", given) == "\n[]\n[users]\nusers");
}

TEST_CASE("the standard template for several databases") {
  MakoValues given = values();
  given.names["db_names"] = tuple({"one", ""});
  const std::string text = render_mako(standard_engines_template, "standard", given);
  CHECK(text.find("\n\n\ndef upgrade_one():\n    up_one()\n\n\ndef downgrade_one():\n    pass\n"
                  "\n\ndef upgrade_():\n    pass\n\n\ndef downgrade_():\n    pass\n") !=
        std::string::npos);
  CHECK(text.ends_with("downgrade_():\n    pass\n"));
}

TEST_CASE("the standard template") {
  const std::string text = render_mako(standard_mako_template, "standard", values());
  CHECK(text.find("    up()\n") != std::string::npos);
  CHECK(text.find("def downgrade():\n    pass\n") != std::string::npos);
}
