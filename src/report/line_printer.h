// Lines on standard error: those that stay, and on a terminal one at the bottom that changes while
// work goes on.
//
// On anything but a terminal only the lines that stay are written. It never fails: what cannot be
// written is lost.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/terminal.h"

namespace limbeck {

class LinePrinter {
 public:
  LinePrinter(int descriptor, bool terminal, Painter paint)
      : descriptor_(descriptor), terminal_(terminal), paint_(paint) {}
  LinePrinter(const LinePrinter&) = delete;
  LinePrinter& operator=(const LinePrinter&) = delete;
  ~LinePrinter() { finish(); }

  const Painter& paint() const { return paint_; }
  bool is_terminal() const { return terminal_; }

  // A line that stays. The changing line gives way to it.
  void line(std::string_view text);
  // Whole lines, with their ends.
  void text(std::string_view lines);
  // The beginning of a line that stays; end() completes it unless another line has come in between.
  void begin(std::string_view text);
  // Whether the line was still open.
  bool end(std::string_view text);
  // The changing line, cut to the width of the terminal. Nothing is written elsewhere. text:
  // without styles.
  void transient(std::string_view text);
  // Removes the changing line, and ends an open one.
  void finish();

 private:
  void write(std::string_view bytes) const;

  int descriptor_;
  bool terminal_;
  Painter paint_;
  bool transient_shown_ = false;
  bool line_open_ = false;
};

// "[#####.....]" of so many columns for a part of a whole.
std::string progress_bar(double part, std::size_t width);

}  // namespace limbeck
