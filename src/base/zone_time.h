// The time of day in a time zone, for file names and headers.
//
// Not thread-safe: the C library knows one time zone at a time, which is set for the moment and set
// back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace limbeck {

struct ZoneTime {
  int year = 0;
  int month = 0;  // from 1
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  long offset = 0;  // seconds east of UTC
  long long epoch = 0;

  bool operator==(const ZoneTime&) const = default;
};

// zone: "UTC" (in any case), "local", or a name of the TZ database ("Europe/Berlin"). Nothing for a
// zone that this system does not know.
std::optional<ZoneTime> zone_time(std::chrono::system_clock::time_point time,
                                  std::string_view zone);

// "2026-11-20T10:00:00Z", or with the offset: "2026-11-20T11:00:00+01:00".
std::string iso8601(const ZoneTime& time);

}  // namespace limbeck
