#include "model/value_fault.h"

#include <fmt/format.h>
#include <utility>

namespace limbeck {

void refuse_value(std::string message) {
  throw Error({.code = ExitCode::usage, .message = std::move(message)});
}

void refuse_text(std::string_view text, std::string_view type, std::string_view expected) {
  constexpr std::size_t shown = 60;
  const std::string_view dots = text.size() > shown ? "..." : "";
  refuse_value(
      fmt::format("'{}{}' is no {}: expected {}", text.substr(0, shown), dots, type, expected));
}

}  // namespace limbeck
