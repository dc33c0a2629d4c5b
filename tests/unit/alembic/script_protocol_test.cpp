#include "alembic/script_protocol.h"

#include <doctest/doctest.h>

#include "dialect/dialect.h"

using namespace limbeck;

namespace {

template <class Event>
Event read(std::string_view line) {
  const auto event = read_event(line);
  REQUIRE(event);
  REQUIRE(std::holds_alternative<Event>(*event));
  return std::get<Event>(*event);
}

}  // namespace

TEST_CASE("what the program says") {
  ScriptReaderSettings settings;
  settings.python_paths = {"/app"};
  settings.script_location = "/app/alembic";
  settings.version_locations = {"/app/alembic/versions"};
  settings.types = {{"app.GUID", "uuid"}};
  settings.x_arguments = {"a=b"};
  CHECK(
      configure_line(settings, dialect_named("sqlite")) ==
      R"({"do":"configure","dialect":"sqlite","server_version":null,"paths":["/app"],"fallback_paths":[],)"
      R"("script_location":"/app/alembic","version_locations":["/app/alembic/versions"],)"
      R"("types":{"app.GUID":"uuid"},"naming_convention":{},"config":{},"x":["a=b"],"version_table":"alembic_version",)"
      R"("version_table_schema":null})"
      "\n");
  settings.engine = "";
  settings.engine_argument = "name";
  settings.engines = {"<default>"};
  CHECK(configure_line(settings, dialect_named("sqlite"))
            .ends_with(R"("engine":"","engine_argument":"name","has_engines":true})"
                       "\n"));
  CHECK(script_line("record", {.id = "a1",
                               .path = "/v/\"a\".py",
                               .direction = Direction::downgrade,
                               .offline = true}) ==
        R"({"do":"record","id":"a1","path":"/v/\"a\".py","direction":"downgrade","offline":true})"
        "\n");
}

TEST_CASE("a script goes with its text when it is UTF-8") {
  const auto sends = [](std::string source) {
    return script_line("record", {.id = "a", .path = "/a.py", .source = std::move(source)})
               .find("\"source\":") != std::string::npos;
  };
  CHECK(sends("x = 'gr\xc3\xbc\xc3\x9f'"));
  CHECK(sends("1\n2\n# coding: latin-1"));
  CHECK_FALSE(sends("#!python\n# -*- coding: latin-1 -*-\n"));
  CHECK_FALSE(sends("x = '\xfc'"));
  CHECK_FALSE(sends(""));
}

TEST_CASE("values go as PostgreSQL writes them, and as SQLite has them") {
  ResultSet rows;
  rows.columns = {"n", "b", "t", "x"};
  rows.types = {"int4", "bool", "text", ""};
  rows.rows = {{std::int64_t{5}, std::int64_t{1}, std::string("a\"b"), std::monostate{}}};
  rows.affected = 1;
  CHECK(
      answer_line(rows) ==
      R"({"columns":["n","b","t","x"],"types":["int4","bool","text",""],"rows":[["5","t","a\"b",null]],"affected":1})"
      "\n");
  ResultSet lite;
  lite.columns = {"n", "r", "whole", "d"};
  lite.rows = {{std::int64_t{5}, 1.5, 2.0, Blob{std::string("\x00\xff", 2)}}};
  CHECK(
      answer_line(lite) ==
      R"({"columns":["n","r","whole","d"],"types":["","","",""],"rows":[[5,1.5,{"real":"2"},{"bytes":"00ff"}]],"affected":0})"
      "\n");
}

TEST_CASE("a recording") {
  const auto done = read<ReaderDone>(
      R"({"event":"recorded","id":"a1","items":[{"sql":"SELECT 1","line":3,"comment":"# why"},{"autocommit":true,"line":4},)"
      R"({"commit":true,"line":5}],"notes":["n"],"output":"o","types":[["gone","","t"]],"pure":true})");
  REQUIRE(done.recording.items.size() == 3);
  const auto& statement = std::get<ScriptStatement>(done.recording.items[0]);
  CHECK(statement.sql == "SELECT 1");
  CHECK(statement.line == 3);
  CHECK(statement.comment == "# why");
  CHECK(std::get<ScriptAutocommit>(done.recording.items[1]).enter);
  CHECK(std::get<ScriptCommit>(done.recording.items[2]).line == 5);
  CHECK(done.recording.notes == std::vector<std::string>{"n"});
  CHECK(done.types == std::vector<TypeEvent>{{"gone", "", "t"}});
  CHECK(done.pure);
  CHECK(done.recording.output == "o");
  CHECK_FALSE(done.recording.needs);
}

TEST_CASE("the changes of a table") {
  const auto event = read<ScriptTableChanges>(
      R"({"event":"batch","line":9,"batch":{"table":"t","schema":null,"recreate":"auto","changes":[)"
      R"({"change":"add_column","name":"c","definition":"TEXT","after":"a","before":null,"in_key":true},)"
      R"({"change":"alter_column","name":"a","new_name":"b","nullable":false,"default":null},)"
      R"({"change":"alter_column","name":"d","type":"INTEGER"},)"
      R"({"change":"add_constraint","name":null,"type":"foreignkey","definition":"FOREIGN KEY (a) REFERENCES p"},)"
      R"({"change":"drop_constraint","name":"u","type":null},{"change":"drop_index","name":"i"}]}})");
  CHECK(event.line == 9);
  CHECK(event.changes.table == "t");
  REQUIRE(event.changes.changes.size() == 6);
  CHECK(std::get<AddColumn>(event.changes.changes[0]).after == "a");
  CHECK(std::get<AddColumn>(event.changes.changes[0]).in_key);
  const auto& altered = std::get<AlterColumn>(event.changes.changes[1]);
  CHECK(altered.new_name == "b");
  CHECK(altered.nullable == false);
  REQUIRE(altered.default_value);  // dropped
  CHECK_FALSE(*altered.default_value);
  CHECK_FALSE(altered.type);
  CHECK_FALSE(std::get<AlterColumn>(event.changes.changes[2]).default_value);  // as it is
  const auto& added = std::get<AddConstraint>(event.changes.changes[3]);
  CHECK(added.name.empty());
  CHECK(added.type == ConstraintType::foreign_key);
  CHECK_FALSE(std::get<DropConstraint>(event.changes.changes[4]).type);
}

TEST_CASE("what a script needs, and what it raised") {
  const auto needs = read<ReaderDone>(
      R"({"event":"needs","id":"a","what":"application","text":"app.User","file":"/a.py","line":7,"output":"","notes":[]})");
  REQUIRE(needs.recording.needs);
  CHECK(needs.recording.needs->what == ScriptNeed::What::application);
  CHECK(needs.recording.needs->line == 7);
  const auto wants = read<ReaderWantsEngine>(
      R"({"event":"needs","id":"a","what":"engine","text":"upgrade() takes name","line":3,"engines":["one",""],"notes":[]})");
  CHECK(wants.text == "upgrade() takes name");
  CHECK(wants.line == 3);
  CHECK(wants.engines == std::vector<std::string>{"one", ""});
  const auto raised = read<ReaderRaised>(
      R"({"event":"raised","type":"ValueError","message":"m","file":"/a.py","line":2,"traceback":[{"file":"/a.py","line":2,"function":"upgrade","text":"x"}]})");
  CHECK(raised.type == "ValueError");
  REQUIRE(raised.traceback.size() == 1);
  CHECK(raised.traceback[0].function == "upgrade");
}

TEST_CASE("what is not understood is nothing") {
  for (const char* const line :
       {"", "nonsense", "{}", "[]", "5", R"({"event":"dance"})", R"({"event":"batch","batch":{}})",
        R"({"event":"recorded","items":[{"what":1}]})",
        R"({"event":"batch","batch":{"table":"t","changes":[{"change":"fly"}]}})"})
    CHECK_FALSE(read_event(line));
}
