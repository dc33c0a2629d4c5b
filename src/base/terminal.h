// Text for people: what came from outside made safe for a terminal, its width, and colour.
//
// A name may come from a database, a file or the command line, and may hold anything. Whoever
// prints it passes it through printable() first. Nothing here writes anything.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace limbeck {

// The text on one line: control characters (C0, DEL, C1), characters that reorder text
// (bidirectional marks), line separators and bytes that are not UTF-8 are written as escapes: "\n",
// "\x1b", "\u202e".
std::string printable(std::string_view text);

// The same, but line ends and tabs stay: for messages of several lines.
std::string printable_lines(std::string_view text);

// How many columns printable text takes. Wide (East Asian, emoji) characters take two, combining
// ones none.
std::size_t display_width(std::string_view text);

// Printable text cut to so many columns, with "..." at its end when something was cut off.
std::string shorten(std::string_view text, std::size_t width);

// The text with blanks after it, so that it takes at least so many columns.
std::string padded(std::string_view text, std::size_t width);

enum class ColorChoice { automatic, always, never };

// "auto", "always", "never"; nothing for anything else.
std::optional<ColorChoice> parse_color_choice(std::string_view text);

bool is_terminal(int descriptor);

// Whether to write colour to the descriptor: as chosen, and automatically on a terminal that can
// (TERM is not "dumb") unless NO_COLOR is set to something.
bool use_color(ColorChoice choice, int descriptor);

// Columns of the terminal; 80 when it does not say.
std::size_t terminal_width(int descriptor);

enum class Style { bold, dim, red, green, yellow, blue, cyan };

// Wraps text in a style, or leaves it alone.
class Painter {
 public:
  Painter() = default;
  explicit Painter(bool on) : on_(on) {}

  bool on() const { return on_; }
  std::string operator()(Style style, std::string_view text) const;

 private:
  bool on_ = false;
};

}  // namespace limbeck
