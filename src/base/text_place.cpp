#include "base/text_place.h"

#include <algorithm>
#include <utility>

#include "base/redact.h"
#include "base/utf8.h"

namespace limbeck {

PlaceFinder::PlaceFinder(std::string_view text, const Place& start)
    : text_(text),
      file_(start.file),
      line_(std::max(start.line, 1)),
      column_(std::max(start.column, 1)) {
  if (text.starts_with(byte_order_mark)) offset_ = byte_order_mark.size();
}

Place PlaceFinder::at(std::size_t offset) {
  for (; offset_ < offset && offset_ < text_.size(); ++offset_) {
    if (text_[offset_] == '\n') {
      ++line_;
      column_ = 1;
    } else if (!is_utf8_continuation(text_[offset_])) {
      ++column_;
    }
  }
  return Place{.file = file_, .line = line_, .column = column_, .source_line = {}};
}

Place place_at(std::string_view text, std::size_t offset, const Place& start) {
  Place place = PlaceFinder(text, start).at(offset);
  const std::size_t before = text.substr(0, offset).rfind('\n');
  std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  if (begin == 0 && text.starts_with(byte_order_mark)) begin = byte_order_mark.size();
  std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  place.source_line = masked(line);
  return place;
}

Error fault_at(std::string_view text, std::size_t offset, const Place& start, std::string message,
               std::string hint) {
  return Error({.code = ExitCode::invalid_project,
                .message = std::move(message),
                .place = place_at(text, offset, start),
                .hint = std::move(hint)});
}

void check_text(std::string_view text, const Place& start) {
  const std::size_t nul = text.find('\0');
  const std::size_t invalid = find_invalid_utf8(text);
  if (nul < invalid) {
    throw fault_at(text, nul, start, "a NUL byte in SQL text",
                   "remove it: databases stop reading at a NUL; a file in UTF-16 is full of them; "
                   "save it as UTF-8");
  }
  if (invalid != std::string_view::npos) {
    Error error =
        fault_at(text, invalid, start, "the bytes here are not UTF-8",
                 "save the file as UTF-8 (iconv -f latin1 -t utf-8 converts from Latin-1)");
    std::string& line = error.report().place->source_line;  // may hold the very bytes
    if (const std::size_t bad = find_invalid_utf8(line); bad != std::string::npos) line.resize(bad);
    throw error;
  }
}

}  // namespace limbeck
