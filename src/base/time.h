// Times as text, and as settings count them.
#pragma once

#include <chrono>
#include <string>

namespace limbeck {

// "2026-11-20T10:00:00.123Z": UTC, in milliseconds.
std::string iso8601(std::chrono::system_clock::time_point time);

// As settings and timeouts count them: nothing below zero, and no more than an int holds.
int whole_milliseconds(std::chrono::milliseconds time);

}  // namespace limbeck
