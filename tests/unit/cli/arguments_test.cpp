#include "cli/arguments.h"

#include <doctest/doctest.h>

#include "limbeck/error.h"

using namespace limbeck;
using namespace limbeck::cli;
using Words = std::vector<std::string>;

namespace {

Arguments parse(const Words& words) {
  return parse_arguments(words);
}

ErrorReport failure(const Words& words) {
  try {
    parse(words);
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    return error.report();
  }
  return {.message = "no error"};
}

}  // namespace

TEST_CASE("global options stand before or after the command") {
  for (const Words& words : {Words{"-c", "f", "--json", "upgrade", "head"},
                             Words{"upgrade", "-c", "f", "head", "--json"},
                             Words{"upgrade", "head", "--json", "--config=f"}}) {
    const Arguments arguments = parse(words);
    REQUIRE(arguments.command != nullptr);
    CHECK(arguments.command->name == "upgrade");
    CHECK(arguments.value("--config") == "f");
    CHECK(arguments.has("--json"));
    CHECK(arguments.value("REV") == "head");
  }
}

TEST_CASE("an empty url is not the configured database") {
  CHECK(failure({"upgrade", "head", "--url", ""}).message == "--url is empty");
}

TEST_CASE("selectors that look like options are arguments") {
  CHECK(parse({"downgrade", "-1"}).value("REV") == "-1");
  CHECK(parse({"upgrade", "+1"}).value("REV") == "+1");
  CHECK(parse({"upgrade", "reviews@-1"}).value("REV") == "reviews@-1");
  CHECK(parse({"history", "-r", "-3:current"}).value("--rev-range") == "-3:current");
  CHECK(parse({"history", "--rev-range=-3:"}).value("--rev-range") == "-3:");
  CHECK(parse({"downgrade", "--", "-1"}).value("REV") == "-1");
}

TEST_CASE("arguments that are called like a command are arguments") {
  CHECK(parse({"upgrade", "heads"}).command->name == "upgrade");
  CHECK(parse({"upgrade", "heads"}).value("REV") == "heads");
  CHECK(parse({"stamp", "current", "heads"}).values("REVS") == Words{"current", "heads"});
  CHECK(parse({"help", "upgrade"}).value("COMMAND") == "upgrade");
}

TEST_CASE("repeatable options gather, others refuse") {
  const Arguments arguments =
      parse({"revision", "--depends-on", "a", "-m", "text", "--depends-on", "b"});
  CHECK(arguments.values("--depends-on") == Words{"a", "b"});
  CHECK(arguments.value("--message") == "text");
  CHECK(failure({"revision", "-m", "a", "-m", "b"}).message == "--message is given more than once");
  CHECK(failure({"revision", "-m"}).message == "--message needs a value");
}

TEST_CASE("an empty value and one with an equals sign are values") {
  CHECK(parse({"revision", "-m", ""}).has("--message"));
  CHECK(parse({"revision", "-m", ""}).value("--message").empty());
  CHECK(parse({"upgrade", "--url", "a=b"}).value("--url") == "a=b");
  CHECK(parse({"revision", "-m", "[x]"}).value("--message") == "[x]");
  CHECK(parse({"revision", "--message", "--splice"}).value("--message") == "--splice");
}

TEST_CASE("aliases lead to the command") {
  CHECK(parse({"ensure-version"}).command == find_command("ensure_version"));
  CHECK(find_command("nothing") == nullptr);
}

TEST_CASE("help and version need nothing else") {
  CHECK(parse({}).command == nullptr);
  CHECK(parse({"--version"}).version);
  CHECK(parse({"downgrade", "--help"}).help);
  CHECK(parse({"-h"}).help);
}

TEST_CASE("what is wrong is named, with what was meant") {
  CHECK(failure({"upgarde"}).hint == "did you mean upgrade?");
  CHECK(failure({"frobnicate"}).message == "there is no command \"frobnicate\"");
  CHECK(failure({"upgrade", "--lockwait", "1s"}).hint == "did you mean --lock-wait?");
  CHECK(failure({"upgrade", "--urll=x"}).message == "\"limbeck upgrade\" has no option --urll");
  CHECK(failure({"upgrade", "a", "b"}).message ==
        "\"b\" is one argument too many for \"limbeck upgrade\"");
  CHECK(failure({"downgrade"}).message.starts_with("\"limbeck downgrade\" needs REV"));
  CHECK(failure({"merge"}).message.starts_with("\"limbeck merge\" needs REVS"));
}
