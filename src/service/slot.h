// A connection of a pool, and how old it is. Internal to src/service.
#pragma once

#include <optional>

#include "limbeck/database.h"
#include "limbeck/deadline.h"

#include "dialect/connection.h"

namespace limbeck::detail {

struct Slot {
  std::optional<Database> database = {};        // there but for a moment
  Connection* connection = nullptr;             // of database
  Deadline::Clock::time_point ends = {};        // too old then
  Deadline::Clock::time_point idle_since = {};  // given back for the last time
  bool is_suspect =
      false;  // another connection was found broken meanwhile: this one is to be asked
};

}  // namespace limbeck::detail
