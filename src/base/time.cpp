#include "base/time.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <fmt/format.h>
#include <limits>

namespace limbeck {

std::string iso8601(std::chrono::system_clock::time_point time) {
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = since_epoch / 1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     since_epoch % 1000);
}

int whole_milliseconds(std::chrono::milliseconds time) {
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp<std::int64_t>(time.count(), 0, most));
}

}  // namespace limbeck
