#include "base/process.h"

#include <doctest/doctest.h>
#include <string>

using namespace limbeck;

TEST_CASE("the exit code of a process is told") {
  CHECK(run_process({"true"}, ProcessOutput::inherited).ok());
  CHECK(run_process({"sh", "-c", "exit 3"}, ProcessOutput::inherited).exit_code == 3);
  CHECK(describe(run_process({"sh", "-c", "exit 3"}, ProcessOutput::inherited)) ==
        "it ended with exit code 3");
}

TEST_CASE("a killed process and one that cannot start are no success") {
  const ProcessResult killed = run_process({"sh", "-c", "kill -9 $$"}, ProcessOutput::inherited);
  CHECK_FALSE(killed.ok());
  CHECK(killed.signal == 9);
  const ProcessResult missing = run_process({"limbeck-no-such-program"}, ProcessOutput::inherited);
  CHECK_FALSE(missing.ok());
  CHECK(missing.error == "No such file or directory");
}

TEST_CASE("arguments go through no shell, and the folder is the one that was asked for") {
  CHECK(run_process({"test", "$HOME;", "=", "$HOME;"}, ProcessOutput::inherited).ok());
  CHECK(run_process({"sh", "-c", "test \"$(pwd)\" = /"}, ProcessOutput::inherited, "/").ok());
  CHECK_FALSE(run_process({"true"}, ProcessOutput::inherited, "/no/such/folder").ok());
}
