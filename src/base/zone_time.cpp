#include "base/zone_time.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>

#include "base/letter_case.h"

namespace limbeck {
namespace {

bool is_known_zone(const std::string& zone) {
  const bool sane = !zone.empty() && zone.front() != '/' && zone.find("..") == std::string::npos &&
                    std::all_of(zone.begin(), zone.end(), [](unsigned char c) {
                      return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+';
                    });
  std::error_code error;
  return sane && std::filesystem::is_regular_file("/usr/share/zoneinfo/" + zone, error);
}

// Sets TZ while it lives. The C library takes an unknown name for UTC without a word, so the caller
// checks it before.
class ScopedZone {
 public:
  explicit ScopedZone(const std::string& zone) {
    if (const char* old = std::getenv("TZ")) old_ = old;
    setenv("TZ", zone.c_str(), 1);
    tzset();
  }
  ScopedZone(const ScopedZone&) = delete;
  ScopedZone& operator=(const ScopedZone&) = delete;
  ~ScopedZone() {
    if (old_) {
      setenv("TZ", old_->c_str(), 1);
    } else {
      unsetenv("TZ");
    }
    tzset();
  }

 private:
  std::optional<std::string> old_;
};

ZoneTime from(const std::tm& parts, std::time_t seconds) {
  return {.year = parts.tm_year + 1900,
          .month = parts.tm_mon + 1,
          .day = parts.tm_mday,
          .hour = parts.tm_hour,
          .minute = parts.tm_min,
          .second = parts.tm_sec,
          .offset = parts.tm_gmtoff,
          .epoch = seconds};
}

}  // namespace

std::optional<ZoneTime> zone_time(std::chrono::system_clock::time_point time,
                                  std::string_view zone) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  const std::string upper = upper_case(zone);
  if (upper == "UTC") {
    gmtime_r(&seconds, &parts);
  } else if (upper == "LOCAL") {
    tzset();
    localtime_r(&seconds, &parts);
  } else {
    if (!is_known_zone(std::string(zone))) return std::nullopt;
    const ScopedZone scope{std::string(zone)};
    localtime_r(&seconds, &parts);
  }
  return from(parts, seconds);
}

std::string iso8601(const ZoneTime& time) {
  const std::string local = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", time.year,
                                        time.month, time.day, time.hour, time.minute, time.second);
  if (time.offset == 0) return local + "Z";
  const long minutes = std::labs(time.offset) / 60;
  return fmt::format("{}{}{:02}:{:02}", local, time.offset < 0 ? '-' : '+', minutes / 60,
                     minutes % 60);
}

}  // namespace limbeck
