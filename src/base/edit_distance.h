// How alike two names are: for the "did you mean" of an error about an unknown name.
//
// Bytes are compared, not characters. It never decides anything: it only proposes.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

// The number of single bytes to insert, remove or replace, or of neighbours to swap, that turns a
// into b.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidates that are like text, the most alike first and at most `most` of them: one
// difference for each four bytes of text is allowed, at least one. With prefixes, the beginning of
// a longer candidate may match as well. Empty when text is shorter than three bytes or is longer
// than any sane name.
std::vector<std::string> closest_names(std::string_view text,
                                       std::span<const std::string_view> candidates,
                                       bool prefixes = false, std::size_t most = 3);

// "did you mean a, b or c?", or nothing when there are no names.
std::string did_you_mean(std::span<const std::string> names);

}  // namespace limbeck
