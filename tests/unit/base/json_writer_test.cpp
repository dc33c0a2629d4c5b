#include "base/json_writer.h"

#include <doctest/doctest.h>
#include <limits>
#include <nlohmann/json.hpp>

using namespace limbeck;

TEST_CASE("objects and arrays nest, and their keys keep their order") {
  JsonWriter json;
  json.begin_object().member("z", 1).key("a").begin_array();
  json.begin_object().end_object().begin_array().end_array().value("x").null();
  json.end_array().member("t", true).member("list", std::vector<std::string>{"p", "q"});
  json.optional_member("none", "").optional_member("some", "s").end_object();
  CHECK(json.text() ==
        R"({"z":1,"a":[{},[],"x",null],"t":true,"list":["p","q"],"none":null,"some":"s"})");
}

TEST_CASE("numbers") {
  JsonWriter json;
  json.begin_array().value(std::size_t{7}).value(-1).value(0.5);
  json.value(std::numeric_limits<double>::infinity()).end_array();
  CHECK(json.text() == "[7,-1,0.5,null]");
}

TEST_CASE("any bytes become JSON that a parser reads back and a terminal can show") {
  const auto written = [](std::string_view text) {
    JsonWriter json;
    json.value(text);
    return json.text();
  };
  CHECK(written("a\"b\\c\n") == R"("a\"b\\c\n")");
  CHECK(written("\x1b[0m\x7f") == R"("\u001b[0m\u007f")");
  CHECK(written("\xE2\x80\xAE") == R"("\u202e")");
  CHECK(written("\xF3\xA0\x81\x81") == R"("\udb40\udc41")");
  CHECK(written("\xFFx") == R"("\ufffdx")");
  const std::string text = "\x01 \" \\ \xF0\x9F\x98\x80 \xF3\xA0\x81\x81 \t";
  CHECK(nlohmann::json::parse(written(text)).get<std::string>() == text);
}
