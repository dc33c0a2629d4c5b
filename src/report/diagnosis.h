// What repair found, for people and for programs.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/terminal.h"
#include "run/observation.h"
#include "run/repair.h"

namespace limbeck {

std::string_view to_string(Ailment::Kind kind);

// For each ailment what is wrong, and the command that mends it.
std::string diagnosis_text(std::span<const Ailment> ailments, const Painter& paint);

// That a run is at work, and that nothing was changed.
std::string running_text(const RunAtWork& running);

// An object, or null.
void write_running(const std::optional<RunAtWork>& running, JsonWriter& json);

// An array.
void write_ailments(std::span<const Ailment> ailments, JsonWriter& json);

}  // namespace limbeck
