// Uuid, Bytes and Json of limbeck/types.h.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "limbeck/types.h"

#include "base/random_id.h"
#include "model/value_fault.h"

namespace limbeck {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Uuid parse_uuid(std::string_view text) {
  constexpr std::string_view expected = "123e4567-e89b-12d3-a456-426614174000";
  std::string_view rest = text;
  if (rest.size() >= 2 && rest.front() == '{' && rest.back() == '}') {
    rest = rest.substr(1, rest.size() - 2);
  }
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    const bool after_group = i == 4 || i == 6 || i == 8 || i == 10;
    if (after_group && !rest.empty() && rest.front() == '-') rest.remove_prefix(1);
    if (rest.size() < 2 || hex_value(rest[0]) < 0 || hex_value(rest[1]) < 0) {
      refuse_text(text, "UUID", expected);
    }
    uuid.bytes[i] = static_cast<std::uint8_t>(hex_value(rest[0]) * 16 + hex_value(rest[1]));
    rest.remove_prefix(2);
  }
  if (!rest.empty()) refuse_text(text, "UUID", expected);
  return uuid;
}

Uuid random_uuid() {
  Uuid uuid = parse_uuid(random_hex(32));
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0FU) | 0x40U);  // version 4
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3FU) | 0x80U);  // of RFC 4122
  return uuid;
}

std::string to_string(const Uuid& uuid) {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += hex_digits[uuid.bytes[i] >> 4U];
    text += hex_digits[uuid.bytes[i] & 15U];
  }
  return text;
}

Bytes bytes_of(std::string_view text) {
  Bytes bytes(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) bytes[i] = static_cast<std::byte>(text[i]);
  return bytes;
}

std::string to_string(const Bytes& bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    const auto number = std::to_integer<unsigned>(byte);
    text += hex_digits[number >> 4U];
    text += hex_digits[number & 15U];
  }
  return text;
}

Json parse_json(std::string_view text) {
  if (!nlohmann::json::accept(text)) refuse_text(text, "JSON", R"(a text such as {"name": 1})");
  return {std::string(text)};
}

std::string to_string(const Json& json) {
  return json.text;
}

}  // namespace limbeck
