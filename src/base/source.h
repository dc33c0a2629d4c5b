// Lines and characters of source text, beside text_place.h: what a message needs to show the line
// that it speaks of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace limbeck {

// Without the blanks at both ends; a part of text also when nothing else is in it.
std::string_view trimmed(std::string_view text, std::string_view blanks);

// A line, counted from 1, without its end, with stars for passwords; empty when there is none.
std::string source_line(std::string_view text, int line);

// The offset of a character, counted from 1 in code points as database servers count; 0 for
// character 0.
std::size_t byte_of_character(std::string_view text, int character);

}  // namespace limbeck
