// The errors of values: a text that is no value of its type, a value that a database cannot keep.
#pragma once

#include <string>
#include <string_view>

#include "limbeck/error.h"

namespace limbeck {

// "'2024-02-30' is no date: write 2024-02-29". At most the first characters of text are shown.
[[noreturn]] void refuse_text(std::string_view text, std::string_view type,
                              std::string_view expected);
[[noreturn]] void refuse_value(std::string message);

}  // namespace limbeck
