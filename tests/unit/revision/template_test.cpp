#include "revision/template.h"

#include <doctest/doctest.h>
#include <string>

#include "limbeck/error.h"

#include "revision/revision_file.h"

namespace {

using namespace limbeck;

const ZoneTime time{
    .year = 2026, .month = 1, .day = 2, .hour = 3, .minute = 4, .second = 5, .epoch = 1767322000};

std::string name(std::string_view file_template, const std::string& message = "Add x",
                 const std::string& id = "abc") {
  return revision_file_name(file_template, {.id = id, .message = message}, 40, time);
}

TEST_CASE("the built-in template, with everything") {
  const Revision revision{.id = "abc",
                          .down_revisions = {"a", "b"},
                          .depends_on = {"c"},
                          .labels = {"l", "m"},
                          .message = "Add x",
                          .description = "Add x\n\nBecause.",
                          .created = "2026-11-20T10:00:00Z"};
  CHECK(render_revision(default_revision_template, revision, {"SELECT 1;\n", "SELECT 2;"}) ==
        R"(-- Add x
--
-- Because.
--
-- limbeck:revision abc
-- limbeck:revises a, b
-- limbeck:labels l, m
-- limbeck:depends-on c
-- limbeck:created 2026-11-20T10:00:00Z

-- limbeck:upgrade
SELECT 1;

-- limbeck:downgrade
SELECT 2;
)");
}

TEST_CASE("lines whose placeholders are all empty are left out") {
  CHECK(render_revision(default_revision_template, {.id = "abc", .message = "Add x"}) == R"(-- Add x
--
-- limbeck:revision abc

-- limbeck:upgrade

-- limbeck:downgrade
)");
  CHECK(render_revision("a ${labels}${revises}\nb ${labels} ${revision}\n\nc", {.id = "abc"}) ==
        "b  abc\n\nc\n");
}

TEST_CASE("what is rendered is read back") {
  for (const char* message :
       {"Add x", "", "caf\xC3\xA9", "it's; DROP TABLE t", "*/ -- $$ '", "${revision}", "two\nlines",
        "limbeck:upgrade", "a\n  limbeck:downgrade\nDROP TABLE t;", "Limbeck:revision def",
        "-- limbeck:upgrade", "a\rDROP TABLE t;", "a\r\nb", "a\x01\x1B[31m\x7F",
        "a\xC2\x85"
        "b\xE2\x80\xA8"
        "c",
        "\xFF\xFE", "\n\n\n", "limbeck:"}) {
    INFO(message);
    const Revision revision{.id = "abc",
                            .down_revisions = {"def"},
                            .message = message,
                            .description = message,
                            .created = "today\n-- limbeck:upgrade"};
    for (const std::string_view text :
         {default_revision_template,
          std::string_view(
              "-- ${message} (${description})\n-- limbeck:revision ${revision}\n--${description}\n"
              "-- limbeck:revises ${revises}\n-- limbeck:upgrade\n-- limbeck:downgrade\n")}) {
      const std::string rendered = render_revision(text, revision);
      INFO(rendered);
      const RevisionFile file = parse_revision_file(rendered, "f");
      CHECK(file.revision.id == "abc");
      CHECK(file.revision.down_revisions == revision.down_revisions);
      CHECK(file.sections.size() == 2);
      for (const char c : rendered) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
      CHECK(rendered.find('\x7F') == std::string::npos);
    }
  }
}

TEST_CASE("a message comes back as it was") {
  for (const char* message :
       {"Add x", "caf\xC3\xA9 \xE2\x82\xAC", "it's", "two\n\nlines", "${revision}"}) {
    const Revision revision{.id = "abc", .message = message, .description = message};
    const Revision read =
        parse_revision_header(render_revision(default_revision_template, revision), "f");
    CHECK(read.description == message);
    CHECK(read.message == std::string(message).substr(0, std::string(message).find('\n')));
  }
}

TEST_CASE("names that cannot be one are refused before a file is written") {
  const auto code = [](const Revision& revision) {
    try {
      render_revision(default_revision_template, revision);
    } catch (const Error& error) {
      return error.code();
    }
    return ExitCode::ok;
  };
  CHECK(code({.id = ""}) == ExitCode::usage);
  CHECK(code({.id = "a-b"}) == ExitCode::usage);
  CHECK(code({.id = "a\n-- limbeck:upgrade"}) == ExitCode::usage);
  CHECK(code({.id = "a", .down_revisions = {"b c"}}) == ExitCode::usage);
  CHECK(code({.id = "a", .depends_on = {"b,c"}}) == ExitCode::usage);
  CHECK(code({.id = "a", .labels = {"b\nc"}}) == ExitCode::usage);
  CHECK(code({.id = "a", .labels = {"b-c"}}) == ExitCode::ok);
}

TEST_CASE("a placeholder that is not known is named with its place") {
  try {
    render_revision("-- limbeck:revision ${revision}\n-- ${massage}\n", {.id = "abc"});
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    CHECK(to_string(error.report().place.value()) == "revision template:2:4");
    CHECK(std::string(error.what()).find("${massage}") != std::string::npos);
  }
}

TEST_CASE("SQL goes into a file as it is") {
  const RevisionBody body{"SELECT '${revision}';\n-- limbeck:upgrade no-transaction\nSELECT 2;\n",
                          ""};
  const std::string text = render_revision(default_revision_template, {.id = "abc"}, body);
  CHECK(text.find(body.upgrade) != std::string::npos);
  CHECK(parse_revision_file(text, "f").sections.size() == 3);
}

TEST_CASE("file names") {
  CHECK(name("%(rev)s_%(slug)s") == "abc_add_x.sql");
  CHECK(name("%(year)d_%(month).2d_%(day).2d_%(hour).2d%(minute).2d%(second).2d-%(rev)s") ==
        "2026_01_02_030405-abc.sql");
  CHECK(name("%(epoch)s_%(rev)s") == "1767322000_abc.sql");
  CHECK(name("%(month)d-%(month)02d-%(month)2d%%") == "1-01-01%.sql");
  CHECK(name("%(year)d/%(rev)s") == "2026/abc.sql");
  CHECK(name("%(rev)s.sql") == "abc.sql");
  CHECK(name("%(rev)s_%(slug)s", "") == "abc.sql");
  CHECK(name("%(slug)s-%(rev)s", "") == "abc.sql");
  CHECK(name("%(year)d/%(slug)s_%(rev)s", "!").ends_with("/abc.sql"));
  CHECK(name("%(rev)s", "") == "abc.sql");
}

TEST_CASE("a file name never leads out of its folder") {
  CHECK_THROWS_AS(name("%(rev)s_%(slug)s", "x", "../../etc"), Error);
  CHECK(name("%(rev)s_%(slug)s", "../../etc", "a/../b") == "a_.._b_etc.sql");
}

TEST_CASE("file templates that are refused") {
  for (const char* bad : {"%(revision)s", "%s", "%", "%(rev", "%(rev)x", "%(rev).99d", "/%(rev)s",
                          "../%(rev)s", "a//%(rev)s", ".%(rev)s", "%(year)d/.%(rev)s", "", "x/"}) {
    INFO(bad);
    CHECK_THROWS_AS(name(bad), Error);
  }
  CHECK_THROWS_AS(name("%(rev)s", "", std::string(300, 'a')), Error);
}

TEST_CASE("slugs") {
  CHECK(slug("Add the E-mail column!", 40) == "add_the_e_mail_column");
  CHECK(slug("  -- x__y  ", 40) == "x__y");
  CHECK(slug("", 40).empty());
  CHECK(slug("!?", 40).empty());
  CHECK(slug("a/../b\nc", 40) == "a_b_c");
  CHECK(slug("Gr\xC3\xB6\xC3\x9F"
             "e \xE2\x80\x93 \xF0\x9F\x98\x80 x",
             40) ==
        "gr\xC3\xB6\xC3\x9F"
        "e_x");
  CHECK(slug("one two three", 13) == "one_two_three");
  CHECK(slug("one two three", 12) == "one_two_");
  CHECK(slug("one two three", 8) == "one_two_");
  CHECK(slug("one two three", 7) == "one_");
  CHECK(slug("onetwothree", 5) == "onetw_");
  CHECK(slug("\xC3\xA9\xC3\xA9\xC3\xA9", 2) == "\xC3\xA9\xC3\xA9_");
}

}  // namespace
