// What repair found, for people and for programs.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/terminal.h"
#include "run/repair.h"

namespace limbeck {

std::string_view to_string(Ailment::Kind kind);

// For each ailment what is wrong, and the command that mends it.
std::string diagnosis_text(std::span<const Ailment> ailments, const Painter& paint);

// An array.
void write_ailments(std::span<const Ailment> ailments, JsonWriter& json);

}  // namespace limbeck
