#include <cstdio>

#include "limbeck/error.h"
#include "limbeck/value.h"
#include "limbeck/version.h"

// Only the public headers may be seen from here.
#if __has_include("run/runner.h") || __has_include("dialect/connection.h")
#error "the headers of Limbeck's sources are in the way of its user's own"
#endif

int main() {
  int unused;  // a warning, which is this program's own business
  const limbeck::Value value = std::string("7");
  std::printf("limbeck %s: %lld\n", std::string(limbeck::version).c_str(),
              static_cast<long long>(limbeck::integer_of(value)));
  return 0;
}
