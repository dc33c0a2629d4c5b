#include "base/json_writer.h"

#include <cmath>
#include <fmt/format.h>

#include "base/code_point.h"

namespace limbeck {
namespace {

std::string json_escape(std::uint32_t value) {
  if (value <= 0xFFFF) return fmt::format("\\u{:04x}", value);
  const std::uint32_t rest = value - 0x10000;
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
}

// The length of what stands in JSON as it is: nearly all of nearly every text.
std::size_t plain_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= ' ' && text[length] < '\x7F' &&
         text[length] != '"' && text[length] != '\\')
    ++length;
  return length;
}

}  // namespace

void JsonWriter::separate() {
  if (!first_ && !after_key_) text_ += ',';
  first_ = false;
  after_key_ = false;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::begin_object() {
  raw("{");
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  text_ += '}';
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  raw("[");
  first_ = true;
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  text_ += ']';
  first_ = false;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  quote(name);
  text_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  separate();
  quote(text);
  return *this;
}

JsonWriter& JsonWriter::value(double number) {
  return std::isfinite(number) ? raw(fmt::format("{}", number)) : null();
}

JsonWriter& JsonWriter::value(const std::vector<std::string>& texts) {
  begin_array();
  for (const std::string& text : texts) value(text);
  return end_array();
}

JsonWriter& JsonWriter::optional_member(std::string_view name, std::string_view text) {
  key(name);
  return text.empty() ? null() : value(text);
}

void JsonWriter::quote(std::string_view text) {
  text_ += '"';
  for (;;) {
    const std::size_t plain = plain_length(text);
    text_ += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const CodePoint c = first_code_point(text);
    if (!c.valid) {
      text_ += "\\ufffd";
    } else if (c.value == '"' || c.value == '\\') {
      text_ += '\\';
      text_ += static_cast<char>(c.value);
    } else if (c.value == '\n') {
      text_ += "\\n";
    } else if (is_unsafe(c.value)) {
      text_ += json_escape(c.value);
    } else {
      text_ += text.substr(0, c.length);
    }
    text.remove_prefix(c.length);
  }
  text_ += '"';
}

}  // namespace limbeck
