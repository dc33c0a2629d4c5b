#include "report/findings.h"

#include <array>
#include <doctest/doctest.h>
#include <string>

namespace {

using namespace limbeck;

std::string uri_of(const std::string& file) {
  const std::array findings{
      Finding{.rule = "r", .place = {.file = file, .line = 3, .column = 5}, .message = "m"}};
  const std::string text = findings_sarif(findings, {}, "/project");
  const std::string begins = "\"uri\":\"";
  const std::size_t at = text.find(begins);
  REQUIRE(at != std::string::npos);
  const std::size_t from = at + begins.size();
  return text.substr(from, text.find('"', from) - from);
}

TEST_CASE("a place in SARIF is a URI, whatever the file is called") {
  CHECK(uri_of("/project/migrations/a_b-1.sql") == "migrations/a_b-1.sql");
  CHECK(uri_of("/project/m/we ird%20\"n\nx:y#z?.sql") == "m/we%20ird%2520%22n%0Ax%3Ay%23z%3F.sql");
  CHECK(uri_of("/project/m/\u00e4.sql") == "m/%C3%A4.sql");
  CHECK(uri_of("/elsewhere/a.sql") == "file:///elsewhere/a.sql");
}

TEST_CASE("a rule in SARIF has its page") {
  const std::array rules{FindingRule{.name = "r", .summary = "s", .why = "w", .page = "## r"}};
  const std::string text = findings_sarif({}, rules, "/project");
  CHECK(text.find(R"("help":{"text":"## r","markdown":"## r"})") != std::string::npos);
}

}  // namespace
