#include "base/zone_time.h"

#include <cstdlib>
#include <doctest/doctest.h>

using namespace limbeck;

namespace {

std::chrono::system_clock::time_point at(long long seconds) {
  return std::chrono::system_clock::time_point(std::chrono::seconds(seconds));
}

std::string text(long long seconds, std::string_view zone) {
  const auto time = zone_time(at(seconds), zone);
  return time ? iso8601(*time) : "unknown";
}

}  // namespace

TEST_CASE("times are told in their zone, in summer and in winter") {
  CHECK(text(0, "UTC") == "1970-01-01T00:00:00Z");
  CHECK(text(1795255200, "utc") == "2026-11-21T10:00:00Z");
  CHECK(text(1795255200, "Europe/Berlin") == "2026-11-21T11:00:00+01:00");
  CHECK(text(1782028800, "Europe/Berlin") == "2026-06-21T10:00:00+02:00");
  CHECK(text(1795255200, "America/St_Johns") == "2026-11-21T06:30:00-03:30");
}

TEST_CASE("a zone that is not known is not taken for UTC") {
  CHECK(text(0, "Europe/Atlantis") == "unknown");
  CHECK(text(0, "") == "unknown");
  CHECK(text(0, "../../etc/passwd") == "unknown");
  CHECK(text(0, "/etc/passwd") == "unknown");
  CHECK(text(0, "Europe") == "unknown");
}

TEST_CASE("asking leaves the zone of the process as it was") {
  setenv("TZ", "Asia/Tokyo", 1);
  CHECK(text(0, "local") == "1970-01-01T09:00:00+09:00");
  CHECK(text(0, "Europe/Berlin") == "1970-01-01T01:00:00+01:00");
  CHECK(std::string(std::getenv("TZ")) == "Asia/Tokyo");
  CHECK(text(0, "local") == "1970-01-01T09:00:00+09:00");
  unsetenv("TZ");
  CHECK(text(0, "Europe/Berlin") == "1970-01-01T01:00:00+01:00");
  CHECK(std::getenv("TZ") == nullptr);
}
