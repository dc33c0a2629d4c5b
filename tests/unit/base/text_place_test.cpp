#include "base/text_place.h"

#include <doctest/doctest.h>

#include "base/utf8.h"

using namespace limbeck;

TEST_CASE("line, column and source line") {
  const std::string_view text =
      "ab\r\nc\xC3\xA9"
      "d\ne";
  const Place start{.file = "f", .line = 1, .column = 1};
  CHECK(place_at(text, 0, start) == Place{"f", 1, 1, "ab"});
  CHECK(place_at(text, 1, start) == Place{"f", 1, 2, "ab"});
  CHECK(place_at(text, 7, start) == Place{"f", 2, 3,
                                          "c\xC3\xA9"
                                          "d"});
  CHECK(place_at(text, 9, start) == Place{"f", 3, 1, "e"});
  CHECK(place_at(text, text.size(), start) == Place{"f", 3, 2, "e"});
}

TEST_CASE("a byte order mark has no column and is no part of the line") {
  CHECK(place_at("\xEF\xBB\xBF"
                 "ab",
                 4, {}) == Place{"", 1, 2, "ab"});
}

TEST_CASE("a finder goes on from where it was") {
  PlaceFinder finder("a\nbc\n", {.file = "f", .line = 7, .column = 3});
  CHECK(finder.at(0) == Place{"f", 7, 3, ""});
  CHECK(finder.at(3) == Place{"f", 8, 2, ""});
  CHECK(finder.at(3) == Place{"f", 8, 2, ""});
  CHECK(finder.at(5) == Place{"f", 9, 1, ""});
}

TEST_CASE("what is UTF-8 and what is not") {
  constexpr std::size_t valid = std::string_view::npos;
  CHECK(find_invalid_utf8("") == valid);
  CHECK(find_invalid_utf8("abc \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80 and more") == valid);
  CHECK(find_invalid_utf8("\xF4\x8F\xBF\xBF") == valid);  // U+10FFFF
  CHECK(find_invalid_utf8("\xEE\x80\x80") == valid);      // just after the surrogates
  CHECK(find_invalid_utf8("0123456789\xFF") == 10);
  CHECK(find_invalid_utf8("a\x80") == 1);             // a continuation alone
  CHECK(find_invalid_utf8("\xC1\xBF") == 0);          // overlong
  CHECK(find_invalid_utf8("\xE0\x9F\xBF") == 0);      // overlong
  CHECK(find_invalid_utf8("\xF0\x8F\xBF\xBF") == 0);  // overlong
  CHECK(find_invalid_utf8("\xED\xA0\x80") == 0);      // a surrogate
  CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(find_invalid_utf8("\xE2\x82") == 0);          // cut off
  CHECK(find_invalid_utf8("\xE2\x82"
                          "a") == 0);
  CHECK(code_points("a\xC3\xA9\xF0\x9F\x98\x80") == 3);
}
