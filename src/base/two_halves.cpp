#include "base/two_halves.h"

#include <exception>
#include <thread>

namespace limbeck {

void in_two_halves(std::size_t count, std::size_t worthwhile,
                   const std::function<void(std::size_t begin, std::size_t end)>& work) {
  if (count < worthwhile) return work(0, count);
  const auto guarded = [&](std::size_t begin, std::size_t end, std::exception_ptr& error) noexcept {
    try {
      work(begin, end);
    } catch (...) {
      error = std::current_exception();
    }
  };
  std::exception_ptr first_error;
  std::exception_ptr second_error;
  const std::size_t middle = count / 2;
  std::thread second([&] { guarded(middle, count, second_error); });
  guarded(0, middle, first_error);
  second.join();
  if (first_error) std::rethrow_exception(first_error);
  if (second_error) std::rethrow_exception(second_error);
}

}  // namespace limbeck
