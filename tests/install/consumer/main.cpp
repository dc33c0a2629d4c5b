#include <cstdio>

#include "limbeck/error.h"
#include "limbeck/upgrade.h"
#include "limbeck/version.h"
#if __has_include("consumer_revisions.h")
#include "consumer_revisions.h"
#else  // built without CMake
static limbeck::Revisions consumer_revisions() {
  limbeck::Revisions revisions;
  revisions.add_file("migrations/0001_notes.sql",
                     "-- limbeck:revision aaa111\n-- limbeck:upgrade\n");
  return revisions;
}
#endif

// Only the public headers may be seen from here.
#if __has_include("run/runner.h") || __has_include("dialect/connection.h")
#error "the headers of Limbeck's sources are in the way of its user's own"
#endif

int main() {
  int unused;  // a warning, which is this program's own business
  const limbeck::UpgradeResult result = limbeck::upgrade("sqlite://", consumer_revisions());
  std::printf("limbeck %s:", std::string(limbeck::version).c_str());
  for (const std::string& id : result.revisions) std::printf(" %s", id.c_str());
  std::printf("\n");
  return result.ok() ? 0 : 1;
}
