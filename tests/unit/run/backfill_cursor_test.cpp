#include "run/backfill_cursor.h"

#include <doctest/doctest.h>
#include <limits>

using namespace limbeck;

TEST_CASE("a cursor comes back from its text as it was") {
  const std::vector<BackfillCursor> cursors = {
      {.seen = 0, .key = {}},
      {.seen = 10000, .key = {std::int64_t{-5}}},
      {.seen = 1, .key = {std::numeric_limits<std::int64_t>::min(), 0.1, std::monostate{}}},
      {.seen = 7,
       .key = {std::string("a;b:%\n\xC3\xA9"), Blob{std::string("\0\xFF;", 3)}, std::string()}},
      {.seen = 95, .columns = "\"a\", \"b\"", .complete = true},
  };
  for (const BackfillCursor& cursor : cursors) {
    CAPTURE(cursor.to_text());
    CHECK(BackfillCursor::parse(cursor.to_text()) == cursor);
  }
}

TEST_CASE("the text is what is documented") {
  CHECK(BackfillCursor{.seen = 20, .columns = "id", .key = {std::int64_t{20}, std::string("a b")}}
            .to_text() == "20;c:id;i:20;t:a%20b");
  CHECK(BackfillCursor{.seen = 20, .columns = "id", .complete = true}.to_text() == "20;c:id;end");
}

TEST_CASE("text that is no cursor is none") {
  for (const char* text :
       {"", "x", "1;", "1;end", "1;i:1", "1;c:%", "1;c:a;q:1", "1;c:a;i:", "1;c:a;i:x", "1;c:a;t:%",
        "1;c:a;t:%4", "1;c:a;t:%zz", "1;c:a;i", "1;c:a;end;i:1"}) {
    CAPTURE(text);
    CHECK_FALSE(BackfillCursor::parse(text));
  }
}
