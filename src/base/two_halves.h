// Pure work over many items, shared between two threads.
#pragma once

#include <cstddef>
#include <functional>

namespace limbeck {

// Calls work(begin, end) so that every index below count is in one range: once with all of them
// when there are fewer than worthwhile, else with the halves, at the same time. Throws the first
// exception in the order of the indexes, after both have ended. work must be safe to be called from
// two threads at once.
void in_two_halves(std::size_t count, std::size_t worthwhile,
                   const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace limbeck
