#include "revision/revision_file.h"

#include <doctest/doctest.h>
#include <string>

#include "base/sha256.h"
#include "sql/lexical_rules.h"

namespace {

using namespace limbeck;

const std::string header = "-- Add x\n--\n-- limbeck:revision abc\n\n";

RevisionFile parse(std::string_view text) {
  return parse_revision_file(text, "m/a.sql");
}

struct Fault {
  std::string place = "no error";
  std::string message = {};
  std::string hint = {};
  std::string line = {};
};

Fault fault_of(std::string_view text) {
  try {
    parse(text);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    CHECK_FALSE(error.report().hint.empty());
    return {to_string(error.report().place.value_or(Place{})), error.what(), error.report().hint,
            error.report().place.value_or(Place{}).source_line};
  }
  return {};
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the lines of a squash") {
  const std::string hash = "sha256:" + std::string(64, 'a');
  const std::string begin = "-- limbeck:revision abc\n";
  const RevisionFile file = parse(begin + "-- limbeck:squashed x1, abc\n-- limbeck:squashed-hash " +
                                  hash + ", " + hash + "\n");
  CHECK(file.revision.squashed == std::vector<std::string>{"x1", "abc"});
  CHECK(file.revision.squashed_hashes == std::vector<std::string>{hash, hash});
  CHECK(fault_of(begin + "-- limbeck:squashed x1, abc\n").message ==
        "limbeck:squashed and limbeck:squashed-hash go together");
  CHECK(fault_of(begin + "-- limbeck:squashed-hash " + hash + "\n").message ==
        "limbeck:squashed and limbeck:squashed-hash go together");
  CHECK(
      fault_of(begin + "-- limbeck:squashed x1\n-- limbeck:squashed-hash " + hash + "\n").message ==
      "limbeck:squashed does not name abc itself");
  CHECK(fault_of(begin + "-- limbeck:squashed-hash sha256:12\n").message ==
        "'sha256:12' is no hash of a revision file");
}

TEST_CASE("a whole file") {
  const std::string text = R"(-- Enhance the exception model
--
-- limbeck:revision 006_enhance_exception_model
-- limbeck:revises 005_add_audit_enum_values, 5b1d02c7a9e4
-- limbeck:labels reviews, more-reviews
-- limbeck:depends-on 9991bb
-- limbeck:created 2026-11-20T10:00:00Z
--
-- More about it.

-- limbeck:upgrade
ALTER TABLE t ADD COLUMN title text;

-- limbeck:backfill table=public."My Table" batch=500 rate=7 key=a,"b,c"
UPDATE t SET title = 'x';
-- limbeck:upgrade sqlite postgres no-transaction
-- limbeck:downgrade
DROP INDEX i;
)";
  const RevisionFile file = parse(text);
  CHECK(file.text == text);
  CHECK(file.hash == "sha256:" + sha256_hex(text));
  const Revision& revision = file.revision;
  CHECK(revision.id == "006_enhance_exception_model");
  CHECK(revision.down_revisions ==
        std::vector<std::string>{"005_add_audit_enum_values", "5b1d02c7a9e4"});
  CHECK(revision.labels == std::vector<std::string>{"reviews", "more-reviews"});
  CHECK(revision.depends_on == std::vector<std::string>{"9991bb"});
  CHECK(revision.created == "2026-11-20T10:00:00Z");
  CHECK(revision.message == "Enhance the exception model");
  CHECK(revision.description == "Enhance the exception model\n\n\nMore about it.");
  CHECK(revision.place ==
        Place{"m/a.sql", 3, 21, "-- limbeck:revision 006_enhance_exception_model"});

  REQUIRE(file.sections.size() == 4);
  const Section& upgrade = file.sections[0];
  CHECK(upgrade.direction == Direction::upgrade);
  CHECK(upgrade.kind == SectionKind::transaction);
  CHECK(upgrade.dialects.empty());
  CHECK(upgrade.marker == Place{"m/a.sql", 11, 1, "-- limbeck:upgrade"});
  CHECK(upgrade.body_line == 12);
  CHECK(file.body(upgrade) == "ALTER TABLE t ADD COLUMN title text;\n\n");
  const Section& backfill = file.sections[1];
  CHECK(backfill.kind == SectionKind::backfill);
  CHECK(backfill.backfill == BackfillOptions{"public.\"My Table\"", {"a", "\"b,c\""}, 500, 7});
  CHECK(file.body(backfill) == "UPDATE t SET title = 'x';\n");
  CHECK(file.sections[2].kind == SectionKind::no_transaction);
  CHECK(file.sections[2].dialects == std::vector<std::string>{"sqlite", "postgresql"});
  CHECK(file.body(file.sections[2]).empty());
  CHECK(file.sections[3].direction == Direction::downgrade);
  CHECK(file.sections[3].body_line == 18);
  CHECK(file.body(file.sections[3]) == "DROP INDEX i;\n");
}

TEST_CASE("only the header is looked at when only the header is asked for") {
  const Revision revision =
      parse_revision_header(header + "-- limbeck:upgrade nonsense\n'not closed\xFF", "f");
  CHECK(revision.id == "abc");
  CHECK(revision.message == "Add x");
  CHECK(parse_revision_header("-- limbeck:revision abc", "f").id == "abc");
  CHECK(parse_revision_header("\xEF\xBB\xBF-- x\r\n-- limbeck:revision abc\r\n", "f").message ==
        "x");
}

TEST_CASE("the beginning of a file is enough only when it holds the whole header") {
  const std::string text = header + "-- limbeck:revises def\n-- limbeck:upgrade\nSELECT 1;\n";
  const std::size_t enough = text.find("SELECT");
  for (std::size_t size = 0; size <= text.size(); ++size) {
    INFO(size);
    const auto revision = try_revision_header(std::string_view(text).substr(0, size), "f");
    CHECK(revision.has_value() == (size >= enough));
    if (revision) CHECK(*revision == parse_revision_header(text, "f"));
  }
}

TEST_CASE("CRLF, a byte order mark: the same revision, the same hash, the same body") {
  const std::string text =
      header + "-- limbeck:upgrade\nSELECT 1;\n-- limbeck:downgrade\nSELECT 2;\n";
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(parse(windows).hash == parse(text).hash);
  CHECK(parse(windows).text == text);
  CHECK(parse(windows).revision == parse(text).revision);
  CHECK(revision_hash(windows) == parse(text).hash);
  CHECK(parse_revision_header(windows, "m/a.sql") == parse(text).revision);
  CHECK(canonical("a\rb\r\n\r\n") == "a\rb\n\n");
  const std::string doubled = "-- x\r\r\r\n-- limbeck:revision abc\r\r\r\n";
  CHECK(parse_revision_header(doubled, "m/a.sql") == parse(doubled).revision);
  CHECK(parse(doubled).revision.message == "x");
  // One line end more is another text.
  CHECK(revision_hash(text + "\n") != revision_hash(text));
}

TEST_CASE("no marker inside of a string, a dollar quote, a comment or the rows of a COPY") {
  const std::string body = R"(CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$
-- limbeck:upgrade
$$;
SELECT '
-- limbeck:downgrade
' /*
-- limbeck:upgrade
*/;
COPY t FROM STDIN;
it's $$
-- limbeck:downgrade
\.
SELECT E'\'
-- limbeck:upgrade
';
)";
  for (const char* marker : {"-- limbeck:upgrade\n", "-- limbeck:upgrade postgresql\n"}) {
    const RevisionFile file = parse(header + marker + body + "-- limbeck:downgrade\nSELECT 2;");
    REQUIRE(file.sections.size() == 2);
    CHECK(file.body(file.sections[0]) == body);
  }
}

TEST_CASE("a section that names its database is read by its rules") {
  const std::string body = "SELECT [it's], `x'`, $$;\n/* /* */\n";
  const RevisionFile file =
      parse(header + "-- limbeck:upgrade sqlite\n" + body + "-- limbeck:downgrade\n");
  REQUIRE(file.sections.size() == 2);
  CHECK(file.body(file.sections[0]) == body);
  const Fault fault = fault_of(header + "-- limbeck:upgrade\n" + body + "-- limbeck:downgrade\n");
  CHECK(holds(fault.message, "is not closed"));
  CHECK(holds(fault.hint, "limbeck:upgrade sqlite"));
  CHECK(
      parse(header + "-- limbeck:upgrade\nSELECT `x'`;\n-- limbeck:downgrade\n").sections.size() ==
      2);
  CHECK(parse(header + "-- limbeck:upgrade mariadb\nSELECT '\\'';\n-- limbeck:downgrade\n")
            .sections.size() == 2);
}

TEST_CASE("a marker ends a statement without a semicolon, however it is spaced") {
  for (const char* marker : {"--limbeck:downgrade", "  -- limbeck:downgrade  ",
                             "---- Limbeck:downgrade", "\t--\tlimbeck:downgrade"}) {
    const RevisionFile file =
        parse(header + "-- limbeck:upgrade\nSELECT 1\n" + marker + "\nSELECT 2");
    REQUIRE(file.sections.size() == 2);
    CHECK(file.body(file.sections[0]) == "SELECT 1\n");
    CHECK(file.body(file.sections[1]) == "SELECT 2");
  }
}

TEST_CASE("a backfill inherits direction and dialects") {
  const RevisionFile file =
      parse(header +
            "-- limbeck:upgrade sqlite\n-- limbeck:downgrade postgres\n"
            "-- limbeck:backfill table=a\n-- limbeck:backfill table=b sqlite\n"
            "-- limbeck:backfill table=c\n");
  REQUIRE(file.sections.size() == 5);
  for (std::size_t i : {2U, 3U, 4U}) CHECK(file.sections[i].direction == Direction::downgrade);
  CHECK(file.sections[2].dialects == std::vector<std::string>{"postgresql"});
  CHECK(file.sections[3].dialects == std::vector<std::string>{"sqlite"});
  CHECK(file.sections[4].dialects == std::vector<std::string>{"postgresql"});
  CHECK(file.sections[2].backfill == BackfillOptions{"a", {}, 10000, 0});
}

TEST_CASE("a backfill behind sections for different databases says for which it is") {
  const std::string both = header + "-- limbeck:upgrade postgres\n-- limbeck:upgrade sqlite\n";
  CHECK(fault_of(both + "-- limbeck:backfill table=a\n")
            .message.starts_with("the sections above are for different databases"));
  CHECK(fault_of(header + "-- limbeck:upgrade\n-- limbeck:upgrade sqlite\n"
                          "-- limbeck:backfill table=a\n")
            .message.starts_with("the sections above are for different databases"));
  const RevisionFile file = parse(both + "-- limbeck:backfill table=a sqlite postgres\n");
  CHECK(file.sections[2].dialects == std::vector<std::string>{"sqlite", "postgresql"});
  CHECK(parse(header + "-- limbeck:upgrade sqlite\n-- limbeck:upgrade\n"
                       "-- limbeck:backfill table=a\n")
            .sections[2]
            .dialects.empty());
}

TEST_CASE("a downgrade may say that there is none") {
  const RevisionFile file = parse(
      header + "-- limbeck:upgrade\nDROP TABLE t;\n-- limbeck:downgrade irreversible\n-- gone\n");
  REQUIRE(file.sections.size() == 2);
  CHECK(file.sections[1].irreversible);
  CHECK_FALSE(file.sections[0].irreversible);
  CHECK(fault_of(header + "-- limbeck:downgrade irreversible\nSELECT 1;").place == "m/a.sql:5:1");
  CHECK(
      fault_of(header + "-- limbeck:downgrade irreversible\n-- limbeck:downgrade sqlite\n").place ==
      "m/a.sql:6:1");
  CHECK(
      fault_of(header + "-- limbeck:downgrade sqlite\n-- limbeck:downgrade irreversible\n").place ==
      "m/a.sql:6:1");
  CHECK(fault_of(header +
                 "-- limbeck:downgrade sqlite\n-- limbeck:downgrade postgresql irreversible\n")
            .place == "no error");
  CHECK(fault_of(header + "-- limbeck:upgrade irreversible\n").place == "m/a.sql:5:20");
}

TEST_CASE("a file without sections is a revision: a merge has nothing to run") {
  CHECK(parse(header).sections.empty());
  CHECK(parse("-- limbeck:revision abc").revision.message.empty());
}

TEST_CASE("what is wrong in a header is said with its place") {
  const auto in_header = [](const std::string& line) {
    return fault_of("-- x\n-- limbeck:revision abc\n" + line + "\n");
  };
  Fault fault = in_header("-- limbeck:upgarde");
  CHECK(fault.place == "m/a.sql:3:12");
  CHECK(fault.line == "-- limbeck:upgarde");
  CHECK(holds(fault.hint, "did you mean upgrade?"));
  CHECK(holds(in_header("-- limbeck:depends_on x").hint, "did you mean depends-on?"));
  CHECK(holds(in_header("-- limbeck:Revises x").hint, "did you mean revises?"));
  CHECK_FALSE(holds(in_header("-- limbeck:renamed-from x").hint, "Did you mean"));
  CHECK(in_header("-- limbeck: upgrade").place == "m/a.sql:3:12");
  CHECK(in_header("-- limbeck:revision def").place == "m/a.sql:3:12");
  CHECK(in_header("-- limbeck:revises").place == "m/a.sql:3:12");
  CHECK(in_header("-- limbeck:revises a, b@c").place == "m/a.sql:3:23");
  CHECK(in_header("-- limbeck:revises a b").place == "m/a.sql:3:20");
  CHECK(in_header("-- limbeck:revises a,").place == "m/a.sql:3:22");
  CHECK(in_header("-- limbeck:revises a, a").place == "m/a.sql:3:23");
  CHECK(in_header("-- limbeck:labels \xC3\xA9, a:b").place == "m/a.sql:3:22");
  CHECK(in_header("-- limbeck:labels a-b+c").place == "no error");
  CHECK(in_header("  SELECT 1;").place == "m/a.sql:3:3");
  CHECK(holds(in_header("SELECT 1;").message, "before the first section"));
  CHECK(in_header("/* x */").place == "m/a.sql:3:1");
  CHECK(in_header("-- \xFF").place == "m/a.sql:3:4");
  CHECK(in_header(std::string("-- a\0", 5)).place == "m/a.sql:3:5");
}

TEST_CASE("a header without an id, and ids that cannot be one") {
  CHECK(fault_of("").place == "m/a.sql:1:1");
  CHECK(fault_of("SELECT 1;").place == "m/a.sql:1:1");
  CHECK(holds(fault_of("-- x\nSELECT 1;").message, "no limbeck:revision"));
  CHECK(fault_of("-- x\n-- limbeck:upgrade\n").place == "m/a.sql:2:1");
  for (const char* id :
       {"a-b", "a+b", "a@b", "a:b", "a,b", "a b", "a\tb", "a\x7F", "a\xC2\x85", "a\x01"}) {
    INFO(id);
    CHECK(fault_of("-- limbeck:revision " + std::string(id) + "\n").place == "m/a.sql:1:21");
  }
  for (const char* id :
       {"5b1d02c7a9e4", "006_enhance_exception_model", "1.2", "\xC3\xA9", "\xC2\xA0x"}) {
    CHECK(parse("-- limbeck:revision " + std::string(id) + "\n").revision.id == id);
  }
}

TEST_CASE("what is wrong in a section marker is said with its place") {
  const auto marker = [](const std::string& line) {
    return fault_of(header + "-- limbeck:upgrade\nSELECT 1;\n" + line + "\n");
  };
  CHECK(marker("-- limbeck:downgrade postgresqll").place == "m/a.sql:7:22");
  CHECK(holds(marker("-- limbeck:downgrade postgresqll").hint, "did you mean postgresql?"));
  CHECK(holds(marker("-- limbeck:upgrade no-transactions").hint, "did you mean no-transaction?"));
  CHECK(marker("-- limbeck:upgrade sqlite sqlite").place == "m/a.sql:7:27");
  CHECK(marker("-- limbeck:upgrade postgres postgresql").place == "m/a.sql:7:29");
  CHECK(marker("-- limbeck:downgarde").place == "m/a.sql:7:12");
  CHECK(marker("-- limbeck:revises x").place == "m/a.sql:7:12");
  CHECK(holds(marker("-- limbeck:revises x").message, "header"));
  CHECK(marker("SELECT 2; -- limbeck:downgrade").place == "m/a.sql:7:11");
  CHECK(holds(marker("SELECT 2; -- limbeck:downgrade").message, "line of its own"));
  CHECK(marker("SELECT 'x").place == "m/a.sql:7:8");
  CHECK(marker("\\connect x").place == "m/a.sql:7:1");
}

TEST_CASE("what is wrong in a backfill marker") {
  const auto marker = [](const std::string& rest) {
    return fault_of(header + "-- limbeck:upgrade\n-- limbeck:backfill " + rest + "\n").place;
  };
  CHECK(marker("table=a") == "no error");
  CHECK(marker("table=a.b.c key=a") == "no error");
  CHECK(marker("table=\"a\"\"b\".c") == "no error");
  CHECK(marker("batch=1") == "m/a.sql:6:12");
  CHECK(marker("table=") == "m/a.sql:6:27");
  CHECK(marker("table=a;b") == "m/a.sql:6:27");
  CHECK(marker("table=a.") == "m/a.sql:6:27");
  CHECK(marker("table=.a") == "m/a.sql:6:27");
  CHECK(marker("table=\"\"") == "m/a.sql:6:27");
  CHECK(marker("table=\"a") == "m/a.sql:6:21");
  CHECK(marker("table=\"a\"b") == "m/a.sql:6:27");
  CHECK(marker("table=a batch=0") == "m/a.sql:6:35");
  CHECK(marker("table=a batch=-1") == "m/a.sql:6:35");
  CHECK(marker("table=a batch=1k") == "m/a.sql:6:35");
  CHECK(marker("table=a batch=99999999999999999999") == "m/a.sql:6:35");
  CHECK(marker("table=a rate=0") == "no error");
  CHECK(marker("table=a rate=") == "m/a.sql:6:34");
  CHECK(marker("table=a key=a,") == "m/a.sql:6:35");
  CHECK(marker("table=a key=a.b") == "m/a.sql:6:33");
  CHECK(marker("table=a table=b") == "m/a.sql:6:29");
  CHECK(marker("table=a size=1") == "m/a.sql:6:29");
  CHECK(marker("table=a no-transaction") == "m/a.sql:6:29");
  CHECK(
      fault_of(header + "-- limbeck:downgrade irreversible\n-- limbeck:backfill table=a\n").place ==
      "m/a.sql:6:12");
  CHECK(parse(header + "-- limbeck:backfill table=a\n").sections.at(0).direction ==
        Direction::upgrade);
}

TEST_CASE("a body is the author's own bytes, and places in it are places in the file") {
  const std::string text =
      header + "-- limbeck:upgrade\n\n  SELECT 1;\n-- limbeck:downgrade\nSELECT\n2;";
  const RevisionFile file = parse(text);
  for (const Section& section : file.sections) {
    const auto statements = sql::split(file.body(section), sql::postgres_rules,
                                       {.file = "f", .line = section.body_line, .column = 1});
    REQUIRE(statements.size() == 1);
    CHECK(statements[0].place ==
          (section.direction == Direction::upgrade ? Place{"f", 7, 3, ""} : Place{"f", 9, 1, ""}));
  }
}

}  // namespace
