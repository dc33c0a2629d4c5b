// Which way a revision is run.
#pragma once

#include <string_view>

namespace limbeck {

enum class Direction { upgrade, downgrade };

constexpr std::string_view to_string(Direction direction) {
  return direction == Direction::upgrade ? "upgrade" : "downgrade";
}

}  // namespace limbeck
