// Revisions of a program that would take rows with them: refused until somebody approves.
#include <doctest/doctest.h>
#include <functional>
#include <utility>
#include <vector>

#include "limbeck/operations.h"
#include "limbeck/upgrade.h"

#include "unit/model/databases.h"

namespace limbeck::test {
namespace {

using Work = std::function<void(Operations&)>;

void make_notes(Operations& op) {
  op.create_table("note", {.columns = {{.name = "id", .type = model::integer, .primary_key = true},
                                       {.name = "text", .type = model::text, .nullable = true}}});
}

Revisions notes() {
  Revisions revisions;
  revisions.add({.id = "made", .upgrade = make_notes, .downgrade = [](Operations& op) {
                   op.drop_table("note");
                 }});
  return revisions;
}

Revisions notes_and(Work work) {
  Revisions revisions = notes();
  revisions.add({.id = "loses", .revises = {"made"}, .upgrade = std::move(work)});
  return revisions;
}

// The table stands, as before every case with or without its rows.
void make_table(Database& database, bool rows = true) {
  REQUIRE(upgrade(database, notes()).ok());
  if (rows) database.execute("INSERT INTO note (id, text) VALUES (1, 'a'), (2, 'b')");
}

ErrorReport refused(Database& database, const Revisions& revisions,
                    const UpgradeOptions& options = {}) {
  ErrorReport report =
      thrown_by([&] { static_cast<void>(upgrade(database, revisions, options)); }).report();
  CHECK(report.code == ExitCode::findings);
  CHECK(revision_status(database, revisions).current == std::vector<std::string>{"made"});
  CHECK(count_of(database, "note") == 2);
  CHECK(database.query("SELECT text FROM note WHERE id = 1").rows.at(0).at(0) == Value("a"));
  return report;
}

struct Losing {
  const char* rule;
  Work work;
};

std::vector<Losing> losing_operations() {
  return {
      {"drop-table", [](Operations& op) { op.drop_table("note"); }},
      {"drop-column", [](Operations& op) { op.drop_column("note", "text"); }},
      {"delete-all-rows", [](Operations& op) { op.execute("DELETE FROM note"); }},
      {"drop-table",
       [](Operations& op) {
         op.rename_table("note", "other");
         op.drop_table("other");
       }},
  };
}

Work after_approval(Work work) {
  return [work = std::move(work)](Operations& op) {
    op.accept_data_loss("the notes are in their own program now");
    work(op);
  };
}

}  // namespace

TEST_CASE("data loss: an operation on a table that holds rows is refused, and rolled back") {
  on_each_database([](Database& database) {
    make_table(database);
    for (const Losing& it : losing_operations()) {
      CAPTURE(it.rule);
      const ErrorReport report = refused(database, notes_and([&](Operations& op) {
                                           op.execute("CREATE TABLE half (id INTEGER)");
                                           it.work(op);
                                         }));
      CHECK(report.message.find(it.rule) != std::string::npos);
      CHECK(report.hint.find("Operations::accept_data_loss()") != std::string::npos);
      CHECK(report.hint.find("UpgradeOptions::accept_data_loss") != std::string::npos);
      CHECK(report.state.find("rolled back") != std::string::npos);
      REQUIRE(report.place);
      CHECK(report.place->file.find("data_loss_test.cpp") != std::string::npos);
      CHECK_THROWS_AS(database.query("SELECT * FROM half"), DatabaseError);
    }
  });
}

TEST_CASE("data loss: an empty table, and one that the revision has made, lose nothing") {
  on_each_database([](Database& database) {
    make_table(database, false);
    CHECK(upgrade(database, notes_and([](Operations& op) {
                    op.create_table("scratch",
                                    {.columns = {{.name = "id", .type = model::integer},
                                                 {.name = "n", .type = model::integer}}});
                    op.insert_rows("scratch", {"id", "n"}, {{std::int64_t{1}, std::int64_t{2}}});
                    op.drop_column("scratch", "n");
                    op.drop_table("scratch");
                    op.drop_column("note", "text");
                    op.drop_table("note");
                  }))
              .ok());
  });
}

TEST_CASE("data loss: a revision that approves of it runs") {
  on_each_database([](Database& database) {
    for (const Losing& it : losing_operations()) {
      CAPTURE(it.rule);
      make_table(database);
      CHECK(upgrade(database, notes_and(after_approval(it.work))).ok());
      // From the beginning again, whatever is left of it.
      database.execute("DROP TABLE IF EXISTS note");
      database.execute("DELETE FROM limbeck_version");
      database.execute("DELETE FROM limbeck_journal");
    }
  });
}

TEST_CASE("data loss: an approval is for what follows in its own revision") {
  on_each_database([](Database& database) {
    make_table(database);
    const auto drop = [](Operations& op) { op.drop_column("note", "text"); };
    refused(database, notes_and([&](Operations& op) {
              drop(op);
              op.accept_data_loss("too late");
            }));
    Revisions revisions = notes_and(after_approval([](Operations&) {}));
    revisions.add({.id = "next", .revises = {"loses"}, .upgrade = drop});
    const ErrorReport report =
        thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).report();
    CHECK(report.code == ExitCode::findings);
    CHECK(revision_status(database, revisions).current == std::vector<std::string>{"loses"});
  });
}

TEST_CASE("data loss: an approval without a reason is a mistake") {
  on_each_database([](Database& database) {
    make_table(database);
    const Revisions revisions = notes_and([](Operations& op) {
      op.accept_data_loss("  ");
      op.drop_table("note");
    });
    const ErrorReport report =
        thrown_by([&] { static_cast<void>(upgrade(database, revisions)); }).report();
    CHECK(report.code == ExitCode::failed_rolled_back);
    CHECK(report.message == "accept_data_loss() needs a reason");
    CHECK(count_of(database, "note") == 2);
  });
}

TEST_CASE("data loss: the program's own option approves of everything") {
  on_each_database([](Database& database) {
    make_table(database);
    UpgradeOptions options;
    options.accept_data_loss = true;
    CHECK(
        upgrade(database, notes_and([](Operations& op) { op.drop_table("note"); }), options).ok());
  });
}

TEST_CASE("data loss: a program is told of code that is not looked into") {
  on_each_database([](Database& database) {
    if (database.dialect() == "sqlite") return;
    make_table(database);
    const char* const code = "DO $$ BEGIN DELETE FROM note; END $$";
    Revisions revisions = notes_and([&](Operations& op) { op.execute(code); });
    revisions.add_file("code.sql",
                       std::string("-- limbeck:revision file\n-- limbeck:revises loses\n"
                                   "-- limbeck:upgrade\n") +
                           code + ";\n");
    std::vector<std::string> told;
    UpgradeOptions options;
    options.progress = [&](const Progress& it) {
      if (it.text.find("not looked into") != std::string::npos) told.push_back(it.text);
    };
    CHECK(upgrade(database, revisions, options).ok());
    CHECK(told == std::vector<std::string>{
                      "what the DO block at code.sql:4:1 may do to rows is not looked into"});
  });
}

TEST_CASE("data loss: a downgrade asks for nothing") {
  on_each_database([](Database& database) {
    make_table(database);
    CHECK(downgrade(database, notes(), "base").ok());
    CHECK_THROWS_AS(database.query("SELECT * FROM note"), DatabaseError);
  });
}

TEST_CASE("data loss: what a file would lose is refused before the revisions in front of it run") {
  on_each_database([](Database& database) {
    make_table(database);
    const auto with_file = [](const char* comment) {
      Revisions revisions = notes_and(
          [](Operations& op) { op.execute("INSERT INTO note (id, text) VALUES (3, 'c')"); });
      revisions.add_file("drop.sql", std::string("-- limbeck:revision file\n"
                                                 "-- limbeck:revises loses\n-- limbeck:upgrade\n") +
                                         comment + "DROP TABLE note;\n");
      return revisions;
    };
    const ErrorReport report = refused(database, with_file(""));
    CHECK(report.state == "nothing was changed");
    REQUIRE(report.place);
    CHECK(report.place->file == "drop.sql");
    CHECK(upgrade(database, with_file("-- limbeck:allow drop-table: nobody writes notes\n")).ok());
  });
}

}  // namespace limbeck::test
