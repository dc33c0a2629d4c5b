#include "model/array_text.h"

#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "model/value_fault.h"

namespace limbeck::model {
namespace {

using nlohmann::json;

std::string hex_of(const Blob& blob) {
  std::string text = "\\x";
  for (const char c : blob.bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string array_element(const Value& value) {
  const auto* blob = std::get_if<Blob>(&value);
  return blob != nullptr ? hex_of(*blob) : text_of(value);
}

}  // namespace

std::string postgres_array(std::span<const Value> elements) {
  std::string text = "{";
  for (const Value& element : elements) {
    if (text.size() > 1) text += ',';
    if (is_null(element)) {
      text += "NULL";
      continue;
    }
    text += '"';
    for (const char c : array_element(element)) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + '}';
}

namespace {

[[noreturn]] void refuse_array(std::string_view text) {
  refuse_text(text, "array of one dimension", "{...}");
}

// The element that begins at text[at]; at moves behind it.
Value postgres_element(std::string_view text, std::size_t& at) {
  const bool quoted = at < text.size() && text[at] == '"';
  if (quoted) ++at;
  std::string element;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted ? c == '"' : c == ',' || c == '}') break;
    if (!quoted && c == '{') refuse_array(text);
    if (c == '\\' && ++at == text.size()) refuse_array(text);
    element += text[at];
  }
  if (at == text.size()) refuse_array(text);
  if (quoted) ++at;
  if (!quoted && element == "NULL") return {};
  return element;
}

}  // namespace

std::vector<Value> read_postgres_array(std::string_view text) {
  std::vector<Value> elements;
  if (text == "{}") return elements;
  // "[0:2]={...}" has another first index, which a vector cannot keep.
  if (text.empty() || text.front() != '{') refuse_array(text);
  std::size_t at = 0;
  do {
    ++at;
    elements.push_back(postgres_element(text, at));
  } while (at < text.size() && text[at] == ',');
  if (at + 1 != text.size() || text[at] != '}') refuse_array(text);
  return elements;
}

namespace {

json json_element(const Value& value, Kind kind) {
  if (is_null(value)) return nullptr;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (kind == Kind::boolean) return *integer != 0;
    return *integer;
  }
  if (const auto* real = std::get_if<double>(&value)) {
    if (std::isinf(*real)) return *real > 0 ? "Infinity" : "-Infinity";  // JSON has none
    return *real;
  }
  return array_element(value);
}

Value value_of(const json& element, std::string_view text) {
  if (element.is_null()) return {};
  if (element.is_boolean()) return std::int64_t{element.get<bool>() ? 1 : 0};
  if (element.is_number_unsigned() &&
      element.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    refuse_text(text, "array", "integers of 64 bits");
  }
  if (element.is_number_integer()) return element.get<std::int64_t>();
  if (element.is_number_float()) return element.get<double>();
  if (element.is_string()) return element.get<std::string>();
  refuse_text(text, "array of one dimension", "a JSON list of values");
}

}  // namespace

std::string json_array(std::span<const Value> elements, Kind kind) {
  json list = json::array();
  for (const Value& element : elements) list.push_back(json_element(element, kind));
  return list.dump();
}

std::vector<Value> read_json_array(std::string_view text) {
  const json list = json::parse(text, nullptr, false);
  if (!list.is_array()) refuse_text(text, "array", "a JSON list of values");
  std::vector<Value> elements;
  elements.reserve(list.size());
  for (const json& element : list) elements.push_back(value_of(element, text));
  return elements;
}

}  // namespace limbeck::model
