// The command line as others see it: ps and /proc show it to every user of the machine.
#pragma once

#include <span>

namespace limbeck::cli {

// Writes *** over the passwords of urls in the arguments, in their own place. What was there until
// now may have been seen: the environment and ~/.pgpass are better places.
void hide_passwords(std::span<char* const> arguments);

}  // namespace limbeck::cli
