#include "base/terminal.h"

#include <cstdlib>
#include <doctest/doctest.h>

using namespace limbeck;

TEST_CASE("what could move the cursor or turn text around is escaped") {
  CHECK(printable("plain name") == "plain name");
  CHECK(printable("gr\xC3\xBC\xC3\x9F e \xE6\xBC\xA2") == "gr\xC3\xBC\xC3\x9F e \xE6\xBC\xA2");
  CHECK(printable("\x1b[31mred") == "\\x1b[31mred");
  CHECK(printable("a\nb\rc\td") == "a\\nb\\rc\\td");
  CHECK(printable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(printable("\xC2\x9B"
                  "31m") == "\\u009b31m");  // C1: an escape sequence in one character
  CHECK(printable("\xE2\x80\xAE"
                  "cod") == "\\u202ecod");  // right-to-left override
  CHECK(printable("\xE2\x81\xA6") == "\\u2066");
  CHECK(printable("\xF3\xA0\x81\x81") == "\\U000e0041");  // a tag character
  CHECK(printable("\xFF\xC3") == "\\xff\\xc3");           // not UTF-8
  CHECK(printable("\xE2\x80") == "\\xe2\\x80");           // cut off
}

TEST_CASE("messages of several lines keep their lines and nothing else") {
  CHECK(printable_lines("a\n\tb\x1b") == "a\n\tb\\x1b");
}

TEST_CASE("width counts columns, not bytes") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("gr\xC3\xBC\xC3\x9F") == 4);
  CHECK(display_width("\xE6\xBC\xA2\xE5\xAD\x97") == 4);  // two wide characters
  CHECK(display_width("e\xCC\x81") == 1);                 // e and a combining accent
  CHECK(display_width("\xF0\x9F\x98\x80") == 2);
}

TEST_CASE("text is cut between characters") {
  CHECK(shorten("abcdef", 6) == "abcdef");
  CHECK(shorten("abcdefg", 6) == "abc...");
  CHECK(shorten("\xE6\xBC\xA2\xE5\xAD\x97\xE5\xAD\x97", 5) == "\xE6\xBC\xA2...");
  CHECK(shorten("abcdefg", 2) == "..");
  CHECK(padded("\xC3\xBC", 3) == "\xC3\xBC  ");
  CHECK(padded("abcd", 3) == "abcd");
}

TEST_CASE("colour is as chosen, and never automatic without a terminal") {
  CHECK(use_color(ColorChoice::always, -1));
  CHECK_FALSE(use_color(ColorChoice::never, 1));
  CHECK_FALSE(use_color(ColorChoice::automatic, -1));
  CHECK(parse_color_choice("auto") == ColorChoice::automatic);
  CHECK_FALSE(parse_color_choice("Always").has_value());
  CHECK(Painter(false)(Style::red, "x") == "x");
  CHECK(Painter(true)(Style::dim, "x") == "\x1b[2mx\x1b[0m");
}
