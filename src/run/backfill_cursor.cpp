#include "run/backfill_cursor.h"

#include <cctype>
#include <charconv>
#include <fmt/format.h>

namespace limbeck {
namespace {

std::string escape(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '.') {
      text += c;
    } else {
      text += fmt::format("%{:02X}", byte);
    }
  }
  return text;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* begin = text.data() + i + 1;
    if (std::from_chars(begin, begin + 2, value, 16).ptr != begin + 2) return std::nullopt;
    bytes += static_cast<char>(value);
    i += 2;
  }
  return bytes;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string text_of_value(const Value& value) {
  struct Writer {
    std::string operator()(std::monostate) const { return "n:"; }
    std::string operator()(std::int64_t integer) const { return fmt::format("i:{}", integer); }
    std::string operator()(double real) const {
      return "d:" + escape(fmt::format("{:.17g}", real));
    }
    std::string operator()(const std::string& text) const { return "t:" + escape(text); }
    std::string operator()(const Blob& blob) const { return "b:" + escape(blob.bytes); }
  };
  return std::visit(Writer{}, value);
}

std::optional<Value> value_of(std::string_view field) {
  if (field.size() < 2 || field[1] != ':') return std::nullopt;
  const auto text = unescape(field.substr(2));
  if (!text) return std::nullopt;
  switch (field[0]) {
    case 'n':
      return Value{};
    case 't':
      return Value{*text};
    case 'b':
      return Value{Blob{*text}};
    case 'i':
      if (const auto integer = number<std::int64_t>(*text)) return Value{*integer};
      return std::nullopt;
    case 'd':
      if (const auto real = number<double>(*text)) return Value{*real};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string BackfillCursor::to_text() const {
  std::string text = fmt::format("{};c:{}", seen, escape(columns));
  if (complete) return text + ";end";
  for (const Value& value : key) text += ';' + text_of_value(value);
  return text;
}

std::optional<BackfillCursor> BackfillCursor::parse(std::string_view text) {
  BackfillCursor cursor;
  const std::size_t first = text.find(';');
  const auto seen = number<std::int64_t>(text.substr(0, first));
  if (!seen) return std::nullopt;
  cursor.seen = *seen;
  if (first == std::string_view::npos || text.substr(first + 1, 2) != "c:") return std::nullopt;
  std::string_view rest = text.substr(first + 3);
  const std::size_t columns_end = rest.find(';');
  const auto columns = unescape(rest.substr(0, columns_end));
  if (!columns) return std::nullopt;
  cursor.columns = *columns;
  rest = columns_end == std::string_view::npos ? std::string_view{} : rest.substr(columns_end + 1);
  if (rest == "end") {
    cursor.complete = true;
    return cursor;
  }
  while (!rest.empty()) {
    const std::size_t end = rest.find(';');
    auto value = value_of(rest.substr(0, end));
    if (!value) return std::nullopt;
    cursor.key.push_back(std::move(*value));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return cursor;
}

}  // namespace limbeck
