// Places in text: from an offset to file, line and column.
//
// A line ends with LF. Columns count code points; a byte order mark at the beginning of the text
// has none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "limbeck/error.h"

namespace limbeck {

inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// The place of the byte at offset, with its source line. start: the place of the first byte of
// text.
Place place_at(std::string_view text, std::size_t offset, const Place& start);

// The same for many offsets of one text, in one pass over it; without the source lines, which would
// make the places of a text of one long line as large as its square.
class PlaceFinder {
 public:
  // text must outlive the finder.
  PlaceFinder(std::string_view text, const Place& start);

  // REQUIRES: offset is not below that of the call before.
  Place at(std::size_t offset);

 private:
  std::string_view text_;
  std::string file_;
  std::size_t offset_ = 0;
  int line_;
  int column_;
};

// An Error of ExitCode::invalid_project at the byte at offset of text.
Error fault_at(std::string_view text, std::size_t offset, const Place& start, std::string message,
               std::string hint = {});

// REQUIRES that text is UTF-8 without a NUL byte: throws fault_at the first byte that is not.
void check_text(std::string_view text, const Place& start);

}  // namespace limbeck
