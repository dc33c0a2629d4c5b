// A text that is read from its beginning, for the parse functions of limbeck/types.h.
//
// A part that is not there is an answer; what stands for the whole is up to the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace limbeck {

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  std::string_view rest() const { return rest_; }

  // Takes the character, when it is the next one.
  bool take(char c);
  // As many digits as stand here.
  std::string_view take_digits();
  // A number of exactly so many digits.
  std::optional<int> take_number(std::size_t digits);
  // The microseconds after ".": at most six digits, and zeros after them.
  std::optional<std::int64_t> take_microseconds();

 private:
  std::string_view rest_;
};

}  // namespace limbeck
