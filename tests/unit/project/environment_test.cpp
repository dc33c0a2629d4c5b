#include "project/environment.h"

#include <cstdlib>
#include <doctest/doctest.h>

using namespace limbeck;

namespace {

const Place place{"limbeck.toml", 3, 7, {}};

std::string failure(std::string_view text) {
  try {
    return "no error, but " + expand_environment(text, place);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    CHECK(error.report().place == place);
    return error.report().message;
  }
}

struct Variables {
  Variables() {
    setenv("LIMBECK_T_NAME", "app", 1);
    setenv("LIMBECK_T_EMPTY", "", 1);
    setenv("LIMBECK_T_SECRET", "p@s/s:w#rd%", 1);
    setenv("LIMBECK_T_URL", "postgresql://u:p%40ss@h/db", 1);
    unsetenv("LIMBECK_T_NONE");
  }
};

}  // namespace

TEST_CASE_FIXTURE(Variables, "variables are replaced") {
  CHECK(expand_environment("no variable", place) == "no variable");
  CHECK(expand_environment("${LIMBECK_T_NAME}.db", place) == "app.db");
  CHECK(expand_environment("${LIMBECK_T_NAME}${LIMBECK_T_NAME}", place) == "appapp");
  CHECK(expand_environment("${LIMBECK_T_EMPTY}x", place) == "x");
  CHECK(expand_environment("$HOME $ {x} $", place) == "$HOME $ {x} $");
  CHECK(expand_environment("$${LIMBECK_T_NAME}", place) == "${LIMBECK_T_NAME}");
}

TEST_CASE_FIXTURE(Variables, "a default holds when the variable is unset or empty") {
  CHECK(expand_environment("${LIMBECK_T_NONE:-x:-y}", place) == "x:-y");
  CHECK(expand_environment("${LIMBECK_T_EMPTY:-x}", place) == "x");
  CHECK(expand_environment("${LIMBECK_T_NAME:-x}", place) == "app");
  CHECK(expand_environment("${LIMBECK_T_NONE:-}", place).empty());
}

TEST_CASE_FIXTURE(Variables, "a password may hold any character, a whole url is taken as it is") {
  CHECK(expand_environment("postgresql://u:${LIMBECK_T_SECRET}@h/${LIMBECK_T_NAME}", place) ==
        "postgresql://u:p%40s%2Fs:w%23rd%25@h/app");
  CHECK(expand_environment("${LIMBECK_T_URL}", place) == "postgresql://u:p%40ss@h/db");
  CHECK(expand_environment("host=h password=${LIMBECK_T_SECRET}", place) ==
        "host=h password=p@s/s:w#rd%");
}

TEST_CASE_FIXTURE(Variables, "what cannot be replaced is an error that holds no value") {
  CHECK(failure("${LIMBECK_T_NONE}") == "the environment variable LIMBECK_T_NONE is not set");
  CHECK(failure("x${LIMBECK_T_NAME") == "a \"${\" is not closed");
  CHECK(failure("${}") == "a variable is written ${NAME} or ${NAME:-default}");
  CHECK(failure("${1X}") == "a variable is written ${NAME} or ${NAME:-default}");
  CHECK(failure("${A B}") == "a variable is written ${NAME} or ${NAME:-default}");
  CHECK(failure("${:-x}") == "a variable is written ${NAME} or ${NAME:-default}");
}
