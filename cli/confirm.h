// Asking on a terminal before something is done that cannot be taken back easily.
//
// Every question throws Interrupted as soon as interrupt is set: nothing may be changed yet.
#pragma once

#include <atomic>
#include <string>

namespace limbeck::cli {

// Asks the question on standard error. False for anything but "y" and "yes". Throws Error
// (ExitCode::usage) when standard input is no terminal: nobody_here says what would have been
// asked, and --yes is the way out.
bool confirmed(const std::string& question, const std::string& nobody_here,
               const std::atomic<bool>& interrupt);

// Whether somebody can read a question and answer it: standard input and standard error are a
// terminal, and the environment variable CI does not say that this is none.
bool somebody_is_here();
// The same question for what cannot be taken back: true for "yes" alone, in full.
bool typed_yes(const std::string& question, const std::atomic<bool>& interrupt);

}  // namespace limbeck::cli
