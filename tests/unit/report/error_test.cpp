#include "report/error.h"

#include <doctest/doctest.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace limbeck;

namespace {

Error full_error() {
  return DatabaseError({.code = ExitCode::failed_rolled_back,
                        .message = "no \x1b[31mtable",
                        .place = Place{"a\nb.sql", 12, 9, "\tSELECT \x1b FROM x"},
                        .detail = "one\ntwo",
                        .state = "as before",
                        .hint = "try",
                        .context = {"inner", "outer"}},
                       {.sqlstate = "42P01", .message = "no", .hint = "server hint"});
}

}  // namespace

TEST_CASE("an error says what, where, in what state, and what to do") {
  const auto error =
      DatabaseError(full_error().report(), {.sqlstate = "42P01", .hint = "server hint"});
  CHECK(error_text(error, Painter()) ==
        "error: no \\x1b[31mtable (SQLSTATE 42P01)\n"
        "  --> a\\nb.sql:12:9\n"
        "   |\n"
        "12 |  SELECT \\x1b FROM x\n"
        "   |         ^\n"
        "detail: one\ntwo\n"
        "the database suggests: server hint\n"
        "inner\nouter\n"
        "state: as before\n"
        "what to do: try\n");
}

TEST_CASE("the caret stands under the character, whatever stands before it") {
  const auto caret_line = [](std::string source, int column) {
    const std::string text = error_text(
        Error({.message = "m", .place = Place{"f", 1, column, std::move(source)}}), Painter());
    std::istringstream lines(text);
    std::string line;
    for (int i = 0; i < 5; ++i) std::getline(lines, line);
    return line;
  };
  CHECK(caret_line("abc", 1) == "  | ^");
  CHECK(caret_line("abc", 3) == "  |   ^");
  CHECK(caret_line("\xE6\xBC\xA2"
                   "bc",
                   2) == "  |   ^");  // a wide character
  CHECK(caret_line("\x1b"
                   "bc",
                   2) == "  |     ^");         // shown as \x1b
  CHECK(caret_line("abc", 99) == "  |    ^");  // behind the end
  CHECK(caret_line(std::string(1'000'000, 'x'), 500'000).size() < 200);
}

TEST_CASE("what is not known is left out") {
  CHECK(error_text(Error({.message = "m"}), Painter()) == "error: m\n");
  CHECK(error_text(Error({.message = "m", .place = Place{"f", 3, 0, {}}}), Painter()) ==
        "error: m\n  --> f:3\n");
}

TEST_CASE("what the server said stands there once") {
  const auto error =
      DatabaseError({.message = "boo", .detail = "why\nPL/pgSQL function f() line 3"},
                    {.detail = "why", .hint = "try"});
  CHECK(error_text(error, Painter()) ==
        "error: boo\ndetail: why\nPL/pgSQL function f() line 3\nthe database suggests: try\n");
}

TEST_CASE("the JSON of an error holds every part") {
  const auto error = DatabaseError(full_error().report(), {.sqlstate = "42P01", .table = "t"});
  const auto json = nlohmann::json::parse(error_json(error)).at("error");
  CHECK(json.at("code") == 6);
  CHECK(json.at("name") == "failed_rolled_back");
  CHECK(json.at("message") == "no \x1b[31mtable");
  CHECK(json.at("place").at("file") == "a\nb.sql");
  CHECK(json.at("place").at("line") == 12);
  CHECK(json.at("detail") == "one\ntwo");
  CHECK(json.at("state") == "as before");
  CHECK(json.at("hint") == "try");
  CHECK(json.at("context").size() == 2);
  CHECK(json.at("sqlstate") == "42P01");
  CHECK(json.at("table") == "t");
  CHECK(json.at("column").is_null());
  const auto plain = nlohmann::json::parse(error_json(Error({.message = "m"}))).at("error");
  CHECK(plain.at("place").is_null());
  CHECK_FALSE(plain.contains("sqlstate"));
}

TEST_CASE("docs/exit-codes.md, exit_code.h and the program know the same codes") {
  const auto read = [](const std::string& path) {
    std::ifstream file(std::string(LIMBECK_TESTS_FOLDER) + "/../" + path);
    REQUIRE(file);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  std::string table = "|---|---|---|\n";
  for (const ExitMeaning& row : exit_meanings()) {
    table += "| " + std::to_string(static_cast<int>(row.code)) + " | " + std::string(row.name) +
             " | " + std::string(row.meaning) + " |\n";
  }
  CHECK(read("docs/exit-codes.md").find(table + "\n") != std::string::npos);

  std::size_t declared = 0;
  std::istringstream header(read("include/limbeck/exit_code.h"));
  for (std::string line; std::getline(header, line);) {
    const std::size_t equals = line.find(" = ");
    if (!line.starts_with("  ") || equals == std::string::npos) continue;
    CAPTURE(line);
    REQUIRE(declared < exit_meanings().size());
    const ExitMeaning& row = exit_meanings()[declared++];
    CHECK(line.substr(2, equals - 2) == row.name);
    CHECK(std::stoi(line.substr(equals + 3)) == static_cast<int>(row.code));
    CHECK(line.substr(line.find("// ") + 3) == row.meaning);
  }
  CHECK(declared == exit_meanings().size());
}
