#include "base/dialogue.h"

#include <doctest/doctest.h>

using namespace limbeck;

namespace {

constexpr int patience_ms = 30'000;

std::vector<std::string> shell_command(const std::string& script) {
  return {"sh", "-c", script};
}

}  // namespace

TEST_CASE("lines go both ways") {
  Dialogue dialogue(shell_command("while read line <&3; do echo \"got $line\" >&3; done"), "", "");
  REQUIRE(dialogue.start_error().empty());
  CHECK(dialogue.send("one\ntwo\n", nullptr));
  std::string line;
  REQUIRE(dialogue.receive(line, patience_ms, nullptr) == Dialogue::End::line);
  CHECK(line == "got one");
  REQUIRE(dialogue.receive(line, patience_ms, nullptr) == Dialogue::End::line);
  CHECK(line == "got two");
}

TEST_CASE("what is attached is read as a file") {
  const std::string attachment(300'000, 'x');  // more than a socket or a pipe holds
  Dialogue dialogue(shell_command("wc -c <&4 >&3; read line <&3; echo $line >&3"), "", attachment);
  REQUIRE(dialogue.start_error().empty());
  std::string line;
  REQUIRE(dialogue.receive(line, patience_ms, nullptr) == Dialogue::End::line);
  CHECK(line.find("300000") != std::string::npos);
  CHECK(dialogue.send("heard\n", nullptr));
  REQUIRE(dialogue.receive(line, patience_ms, nullptr) == Dialogue::End::line);
  CHECK(line == "heard");
}

TEST_CASE("much may be sent to a program that answers meanwhile") {
  Dialogue dialogue(shell_command("while read line <&3; do echo \"$line\" >&3; done"), "", "");
  std::string lines;
  constexpr int count = 20'000;
  for (int i = 0; i < count; ++i) lines += std::string(30, 'x') + "\n";
  CHECK(dialogue.send(lines, nullptr));
  std::string line;
  for (int i = 0; i < count; ++i)
    REQUIRE(dialogue.receive(line, patience_ms, nullptr) == Dialogue::End::line);
}

TEST_CASE("a program that ends, says nothing, or is not there") {
  std::string line;
  Dialogue ends(shell_command("echo last >&3; exit 4"), "", "");
  REQUIRE(ends.receive(line, patience_ms, nullptr) == Dialogue::End::line);
  CHECK(ends.receive(line, patience_ms, nullptr) == Dialogue::End::ended);
  CHECK(ends.stop().exit_code == 4);

  Dialogue silent(shell_command("sleep 60"), "", "");
  CHECK(silent.receive(line, 20, nullptr) == Dialogue::End::timed_out);
  const std::atomic<bool> interrupt = true;
  CHECK(silent.receive(line, patience_ms, &interrupt) == Dialogue::End::interrupted);
  CHECK(silent.stop().signal == 9);

  Dialogue missing({"/no/such/program"}, "", "");
  CHECK_FALSE(missing.start_error().empty());
  CHECK(missing.receive(line, patience_ms, nullptr) == Dialogue::End::ended);
}
