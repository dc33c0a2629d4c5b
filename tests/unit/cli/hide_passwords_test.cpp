#include "cli/hide_passwords.h"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace limbeck::test {
namespace {

std::string hidden(std::string argument) {
  char* const pointer = argument.data();
  cli::hide_passwords({&pointer, 1});
  return argument;
}

}  // namespace

TEST_CASE("passwords are written over in the arguments themselves") {
  CHECK(hidden("--url=postgresql://u:geheim@h/d") == "--url=postgresql://u:***@h/d   ");
  CHECK(hidden("postgresql://u:x@h/d") == "postgresql://u:***@h");  // no longer than it was
  CHECK(hidden("host=h password='ge heim' user=u") == "host=h password='***' user=u    ");
  CHECK(hidden("upgrade") == "upgrade");
  CHECK(hidden("postgresql://u@h:5432/d") == "postgresql://u@h:5432/d");
}

}  // namespace limbeck::test
