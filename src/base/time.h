// Times as text.
#pragma once

#include <chrono>
#include <string>

namespace limbeck {

// "2026-11-20T10:00:00.123Z": UTC, in milliseconds.
std::string iso8601(std::chrono::system_clock::time_point time);

}  // namespace limbeck
