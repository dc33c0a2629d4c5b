#include "report/line_printer.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>

namespace limbeck {

void LinePrinter::write(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void LinePrinter::finish() {
  if (transient_shown_) write("\r\x1b[K");
  if (line_open_) write("\n");
  transient_shown_ = false;
  line_open_ = false;
}

void LinePrinter::line(std::string_view text) {
  finish();
  write(std::string(text) + "\n");
}

void LinePrinter::text(std::string_view lines) {
  finish();
  write(lines);
}

void LinePrinter::begin(std::string_view text) {
  finish();
  write(text);
  line_open_ = true;
}

bool LinePrinter::end(std::string_view text) {
  if (!line_open_) return false;
  write(std::string(text) + "\n");
  line_open_ = false;
  return true;
}

void LinePrinter::transient(std::string_view text) {
  if (!terminal_) return;
  if (line_open_) finish();
  const std::size_t width = std::max<std::size_t>(terminal_width(descriptor_), 2) - 1;
  write("\r\x1b[K" + shorten(text, width));
  transient_shown_ = true;
}

std::string progress_bar(double part, std::size_t width) {
  if (width < 3) return {};
  const std::size_t inside = width - 2;
  const auto filled =
      static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * static_cast<double>(inside));
  return "[" + std::string(filled, '#') + std::string(inside - filled, '.') + "]";
}

}  // namespace limbeck
