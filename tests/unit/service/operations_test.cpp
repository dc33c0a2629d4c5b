// Operations of revisions in C++: each on SQLite and PostgreSQL, up and down again.
#include "limbeck/operations.h"

#include <array>
#include <doctest/doctest.h>
#include <span>

#include "limbeck/upgrade.h"

#include "revision/revision_file.h"
#include "unit/model/databases.h"

namespace limbeck {
namespace {

using test::count_of;
using test::on_each_database;
using test::thrown_by;

constexpr std::array<std::string_view, 2> two_moods{"sad", "it's ok"};
constexpr std::array<std::string_view, 3> three_moods{"sad", "it's ok", "happy"};

model::SqlTypeSpec mood(std::span<const std::string_view> labels) {
  return {.kind = model::Kind::enumeration, .name = "mood", .labels = labels};
}

void make_tables(Operations& op) {
  op.create_enum("mood", {"sad", "it's ok"});
  op.create_table("team", {.columns = {{.name = "id",
                                        .type = model::bigint,
                                        .primary_key = true,
                                        .identity = model::Identity::by_default},
                                       {.name = "order", .type = model::varchar(20)}},
                           .uniques = {{.name = "uq_team_order", .columns = {"order"}}}});
  op.create_table(
      "member",
      {.columns =
           {{.name = "team",
             .type = model::bigint,
             .references = Reference{.table = "team", .on_delete = model::cascade}},
            {.name = "Name", .type = model::text, .default_sql = "'nobody'"},
            {.name = "feels", .type = mood(two_moods), .nullable = true},
            {.name = "points", .type = model::integer, .default_sql = "1 + 1"},
            {.name = "doubled", .type = model::integer, .nullable = true, .computed = "points * 2"},
            {.name = "size", .type = model::integer, .default_sql = "2"},
            {.name = "born", .type = model::date, .filled = model::Filled::now}},
       .primary_key = {"team", "Name"},
       .checks = {{.name = "ck_points", .expression = "points >= 0"}}});
  op.create_index("ix_member_points", "member", {"points", "Name"}, {.where = "points > 5"});
  op.insert_rows("team", {"id", "order"}, {{std::int64_t{1}, "it's"}, {std::int64_t{2}, "b"}});
  op.insert_rows("member", {"team", "Name", "feels"},
                 {{std::int64_t{1}, "Ada", "sad"}, {std::int64_t{1}, "Größe", Value()}});
}

void drop_tables(Operations& op) {
  op.drop_table("member");
  op.drop_table("team");
  op.drop_enum("mood");
}

void change_tables(Operations& op) {
  op.drop_index("ix_member_points");
  op.rename_table("member", "person");
  op.rename_column("person", "Name", "name");
  op.add_column("person", {.name = "note", .type = model::text, .nullable = true});
  op.add_column("person", {.name = "rank", .type = model::integer, .default_sql = "abs(-3)"});
  op.alter_column("person", "size",
                  {.type = model::text,
                   .using_sql = "size::text",
                   .nullable = true,
                   .default_sql = model::Sql("'none'")});
}

// What only a table that is built anew can take on SQLite, and an enum.
void change_constraints(Operations& op) {
  op.drop_constraint("team", "uq_team_order");
  op.add_unique("team", {.name = "uq_both", .columns = {"order", "id"}});
  op.add_check("team", {.name = "ck_order", .expression = "\"order\" <> ''"});
  op.create_table("place",
                  {.columns = {{.name = "id", .type = model::integer, .primary_key = true}}});
  op.add_column("team", {.name = "place", .type = model::integer, .nullable = true});
  op.add_foreign_key("team", {.name = "fk_place",
                              .columns = {"place"},
                              .references = {.table = "place", .columns = {"id"}}});
  op.add_enum_value("mood", "happy");
  if (op.dialect() == "sqlite") op.alter_column("member", "feels", {.type = mood(three_moods)});
}

Revisions one(CppRevision revision) {
  Revisions revisions;
  revisions.add({.id = "made", .upgrade = make_tables, .downgrade = drop_tables});
  revision.revises = {"made"};
  revisions.add(std::move(revision));
  return revisions;
}

bool refuses(Database& database, std::string_view sql) {
  try {
    database.execute(sql);
  } catch (const DatabaseError&) {
    return true;
  }
  return false;
}

// PostgreSQL always does.
void enforce_keys(Database& database) {
  if (database.dialect() == "sqlite") database.execute("PRAGMA foreign_keys = ON");
}

std::string text_at(Database& database, std::string_view sql) {
  return text_of(database.query(sql).rows.at(0).at(0));
}

}  // namespace

TEST_CASE("operations: tables as they were asked for, and gone again") {
  on_each_database([](Database& database) {
    enforce_keys(database);
    Revisions revisions;
    revisions.add({.id = "made", .upgrade = make_tables, .downgrade = drop_tables});
    CHECK(upgrade(database, revisions).outcome == UpgradeOutcome::done);
    CHECK(text_at(database, "SELECT doubled FROM member WHERE \"Name\" = 'Ada'") == "4");
    CHECK(text_at(database, "SELECT count(*) FROM member WHERE born IS NOT NULL") == "2");
    database.execute("INSERT INTO member (team, feels) VALUES (2, 'it''s ok')");
    CHECK(text_at(database, "SELECT \"Name\" FROM member WHERE team = 2") == "nobody");
    CHECK(refuses(database, "INSERT INTO member (team, feels) VALUES (1, 'happy')"));
    CHECK(refuses(database, "INSERT INTO member (team, points) VALUES (1, -1)"));
    CHECK(refuses(database, "INSERT INTO member (team) VALUES (9)"));
    CHECK(refuses(database, "INSERT INTO member (team, \"Name\") VALUES (1, 'Ada')"));
    CHECK(refuses(database, "INSERT INTO member (team, \"Name\") VALUES (1, NULL)"));
    CHECK(refuses(database, "INSERT INTO team (id, \"order\") VALUES (3, 'b')"));
    database.execute("DELETE FROM team WHERE id = 1");
    CHECK(count_of(database, "member") == 1);
    CHECK(downgrade(database, revisions, "base").revisions == std::vector<std::string>{"made"});
    CHECK(refuses(database, "SELECT * FROM team"));
    CHECK(upgrade(database, revisions).outcome == UpgradeOutcome::done);
  });
}

TEST_CASE("operations: columns and tables are changed, their rows kept") {
  on_each_database([](Database& database) {
    const Revisions revisions = one({.id = "changed", .upgrade = change_tables});
    CHECK(upgrade(database, revisions).outcome == UpgradeOutcome::done);
    CHECK(text_at(database, "SELECT size FROM person WHERE name = 'Ada'") == "2");
    CHECK(text_at(database, "SELECT rank FROM person WHERE name = 'Ada'") == "3");
    database.execute("INSERT INTO person (team, name, note) VALUES (1, 'c', 'd')");
    CHECK(text_at(database, "SELECT size FROM person WHERE name = 'c'") == "none");
    database.execute("UPDATE person SET size = NULL");
    CHECK(thrown_by([&] { static_cast<void>(downgrade(database, revisions, "made")); }).code() ==
          ExitCode::invalid_project);
  });
}

TEST_CASE("operations: constraints and the labels of an enum") {
  on_each_database([](Database& database) {
    enforce_keys(database);
    CHECK(upgrade(database, one({.id = "changed", .upgrade = change_constraints})).ok());
    database.execute("INSERT INTO team (id, \"order\") VALUES (3, 'b')");
    CHECK(refuses(database, "INSERT INTO team (id, \"order\") VALUES (4, '')"));
    CHECK(refuses(database, "UPDATE team SET place = 1"));
    database.execute("UPDATE member SET feels = 'happy'");
    CHECK(count_of(database, "member") == 2);
    CHECK(refuses(database, "UPDATE member SET feels = 'bored'"));
  });
}

TEST_CASE("operations: many rows at once") {
  on_each_database([](Database& database) {
    std::vector<Row> rows;
    for (std::int64_t i = 0; i < 5'001; ++i) rows.push_back({i, "row " + std::to_string(i)});
    Revisions revisions;
    revisions.add({.id = "rows", .upgrade = [&](Operations& op) {
                     op.execute("CREATE TABLE many (id BIGINT PRIMARY KEY, text TEXT)");
                     op.insert_rows("many", {"id", "text"}, rows);
                     op.insert_rows("many", {"id", "text"}, {});
                   }});
    CHECK(upgrade(database, revisions).ok());
    CHECK(count_of(database, "many") == 5'001);
    CHECK(text_at(database, "SELECT text FROM many WHERE id = 5000") == "row 5000");
  });
}

TEST_CASE("operations: what fails is rolled back, and the next try begins anew") {
  on_each_database([](Database& database) {
    bool narrow = true;
    const Revisions revisions =
        one({.id = "narrow", .upgrade = [&](Operations& op) {
               op.add_column("team", {.name = "half", .type = model::integer, .nullable = true});
               if (narrow) op.insert_rows("team", {"id", "order"}, {{std::int64_t{9}}});
             }});
    CHECK(thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).report().message ==
          "a row for table team has 1 values for 2 columns");
    CHECK(refuses(database, "SELECT half FROM team"));
    CHECK(revision_status(database, revisions).current == std::vector<std::string>{"made"});
    narrow = false;
    CHECK(upgrade(database, revisions).ok());
    CHECK(count_of(database, "team") == 2);
  });
}

TEST_CASE("operations: a failure that the revision swallows ends it all the same") {
  on_each_database([](Database& database) {
    const auto attempt = [](const std::function<void()>& work) {
      try {
        work();
      } catch (const DatabaseError&) {  // as a careless revision does
      }
    };
    for (const bool goes_on : {false, true}) {
      const Revisions revisions = one({.id = "careless", .upgrade = [&](Operations& op) {
                                         op.execute("CREATE TABLE half (x INTEGER)");
                                         attempt([&] { op.execute("DELETE FROM nowhere"); });
                                         if (!goes_on) return;
                                         attempt([&] { op.commit(); });
                                         attempt([&] { op.execute("DELETE FROM elsewhere"); });
                                       }});
      const auto error =
          thrown_by<DatabaseError>([&] { static_cast<void>(upgrade(database, revisions)); });
      CHECK(error.report().message.find("nowhere") != std::string::npos);
      CHECK(error.code() == ExitCode::failed_rolled_back);
      CHECK(refuses(database, "SELECT * FROM half"));
      CHECK(revision_status(database, revisions).current == std::vector<std::string>{"made"});
    }
  });
}

TEST_CASE("operations: whatever a revision throws, it is rolled back") {
  on_each_database([](Database& database) {
    bool fails = true;
    const Revisions revisions = one({.id = "odd", .upgrade = [&](Operations& op) {
                                       op.execute("CREATE TABLE half (x INTEGER)");
                                       if (fails) throw 42;
                                     }});
    CHECK(thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).report().message ==
          "revision odd threw what is not a std::exception");
    CHECK_FALSE(database.in_transaction());
    CHECK(refuses(database, "SELECT * FROM half"));
    fails = false;
    CHECK(upgrade(database, revisions).ok());
    CHECK(count_of(database, "half") == 0);
  });
}

TEST_CASE("upgrade of a database in memory: nothing else uses it meanwhile") {
  Database database("sqlite://");
  const Revisions revisions = one({.id = "more", .upgrade = [](Operations&) {}});
  const auto refused = [&](const std::function<void()>& use) {
    return thrown_by(use).code() == ExitCode::usage;
  };
  int told = 0;
  UpgradeOptions options;
  options.progress = [&](const Progress&) {
    ++told;
    CHECK(refused([&] { database.execute("SELECT 1"); }));
    CHECK(refused([&] { static_cast<void>(database.in_transaction()); }));
    CHECK(refused([&] { Transaction transaction(database); }));
    CHECK(refused([&] { static_cast<void>(upgrade(database, revisions)); }));
    CHECK(refused([&] { static_cast<void>(revision_status(database, revisions)); }));
  };
  CHECK(upgrade(database, revisions, options).ok());
  CHECK(told > 0);
  CHECK(count_of(database, "team") == 2);
}

TEST_CASE("upgrade of an open database: not within a transaction, and it works on afterwards") {
  on_each_database([](Database& database) {
    enforce_keys(database);
    Revisions revisions;
    revisions.add({.id = "made", .upgrade = make_tables, .downgrade = drop_tables});
    {
      Transaction transaction(database);
      CHECK(thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).code() ==
            ExitCode::usage);
    }
    CHECK(revision_status(database, revisions).pending.size() == 1);
    CHECK(upgrade(database, revisions).ok());
    CHECK(refuses(database, "INSERT INTO member (team) VALUES (77)"));  // keys are enforced again
    CHECK(revision_status(database, revisions).up_to_date());
  });
}

TEST_CASE("revisions: what is wrong with them is said before anything runs") {
  Database database("sqlite://");
  const auto refused = [&](const Revisions& revisions) {
    return thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).report();
  };
  const auto nothing = [](Operations&) {};
  Revisions no_parent;
  no_parent.add({.id = "child", .revises = {"parent"}, .upgrade = nothing});
  CHECK(refused(no_parent).code == ExitCode::invalid_project);
  Revisions twice;
  twice.add({.id = "same", .upgrade = nothing});
  twice.add_file("a.sql", "-- limbeck:revision same\n-- limbeck:upgrade\n");
  CHECK(refused(twice).message == "revision same is written in C++ and in SQL: a.sql");
  Revisions said_twice;
  said_twice.add({.id = "same", .revises = {"x"}, .upgrade = nothing});
  said_twice.add_file("a.sql", "-- limbeck:revision same\n-- limbeck:upgrade manual\n");
  CHECK(refused(said_twice).message ==
        "revision same has a file, which says what it revises: a.sql");
  Revisions empty;
  empty.add({.id = "empty"});
  CHECK(refused(empty).message == "revision empty has no upgrade");
  Revisions no_sql;
  no_sql.add_file("a.txt", "-- limbeck:revision a\n");
  CHECK(refused(no_sql).code == ExitCode::invalid_project);
  CHECK(upgrade(database, Revisions()).outcome == UpgradeOutcome::nothing_to_do);
}

TEST_CASE("revisions: a program is not given the passwords of a line that it may print") {
  on_each_database([](Database& database) {
    for (const char* statement : {"SELECT nonsense, 'postgresql://u:geheim@h/d'",
                                  "SELECT 'password=geheim' NONSENSE 1", "SELECT 1, 'pwd=geheim"}) {
      CAPTURE(statement);
      Revisions revisions;
      revisions.add_file(
          "a.sql", std::string("-- limbeck:revision a\n-- limbeck:upgrade\n") + statement + ";\n");
      const ErrorReport report =
          thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).report();
      REQUIRE(report.place);
      CHECK(report.place->line == 3);
      CHECK(report.place->source_line.find("SELECT") == 0);
      CHECK(report.place->source_line.find("******") != std::string::npos);
      for (const std::string& text : {report.place->source_line, report.message, report.detail})
        CHECK(text.find("geheim") == std::string::npos);
    }
  });
}

TEST_CASE("revisions: a database within a squash goes on with its parts") {
  on_each_database([](Database& database) {
    const std::string first =
        "-- limbeck:revision a\n-- limbeck:upgrade\nCREATE TABLE t (x INTEGER);\n";
    const std::string second =
        "-- limbeck:revision b\n-- limbeck:revises a\n-- limbeck:upgrade\n"
        "ALTER TABLE t ADD COLUMN y INTEGER;\n";
    Revisions before;
    before.add_file("a.sql", first);
    CHECK(upgrade(database, before).ok());
    Revisions after;
    after.add_file("b.sql",
                   "-- limbeck:revision b\n-- limbeck:squashed a, b\n-- limbeck:squashed-hash " +
                       revision_hash(second) +
                       "\n-- limbeck:upgrade\n"
                       "CREATE TABLE t (x INTEGER, y INTEGER);\n");
    after.add_squashed_file("squashed/a.sql", first).add_squashed_file("squashed/b.sql", second);
    after.add({.id = "c", .revises = {"b"}, .upgrade = [](Operations& op) {
                 op.insert_rows("t", {"x", "y"}, {{std::int64_t{1}, std::int64_t{2}}});
               }});
    CHECK(revision_status(database, after).pending.size() == 2);
    CHECK(upgrade(database, after).revisions == std::vector<std::string>{"b", "c"});
    CHECK(text_at(database, "SELECT y FROM t") == "2");
  });
}

TEST_CASE("upgrade: a version table of another name, and one revision at a time") {
  on_each_database([](Database& database) {
    const Revisions revisions = one({.id = "more", .upgrade = [](Operations&) {}});
    UpgradeOptions options;
    options.version_table = "app version";
    options.target = "+1";
    CHECK(upgrade(database, revisions, options).heads == std::vector<std::string>{"made"});
    CHECK(text_at(database, "SELECT version_num FROM \"app version\"") == "made");
    CHECK(upgrade(database, revisions, options).heads == std::vector<std::string>{"more"});
    options.target = "nowhere";
    CHECK(thrown_by([&] { static_cast<void>(upgrade(database, revisions, options)); }).code() ==
          ExitCode::usage);
  });
}

}  // namespace limbeck
