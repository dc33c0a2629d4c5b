#include "verify/hinted_values.h"

#include <algorithm>
#include <charconv>

#include "dialect/tokens.h"
#include "verify/pattern_sample.h"

namespace limbeck {
namespace {

constexpr int longest_text = 200;

// 18 is one, the 2 of int2 is none.
std::vector<long long> numbers_in(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_word = [&](char c) {
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  std::vector<long long> numbers;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > 0 && is_word(text[at - 1]))) continue;
    long long number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
    if (error == std::errc{}) numbers.push_back(number);
    at = static_cast<std::size_t>(end - text.data());
  }
  return numbers;
}

// What LIKE wants: anything in the place of % and _.
std::string filled_pattern(std::string_view pattern, std::size_t row) {
  std::string filled;
  for (const char c : pattern) {
    if (c == '%')
      filled += "x" + std::to_string(row + 1);
    else
      filled += c == '_' ? 'x' : c;
  }
  return filled;
}

// Also those of ARRAY['a', 'b'], whose brackets could hold a name.
std::vector<std::string> strings_in(std::string_view expression) {
  std::vector<std::string> strings;
  for (const Token& token : first_tokens(expression, expression.size())) {
    if (token.kind == Token::Kind::string) strings.push_back(token.text);
    if (token.kind != Token::Kind::quoted_name || token.text.find('\'') == std::string::npos)
      continue;
    for (std::string& inner : strings_in(token.text)) strings.push_back(std::move(inner));
  }
  return strings;
}

}  // namespace

std::vector<std::string> hinted_values(std::string_view expression, std::size_t row) {
  std::vector<std::string> values;
  for (const std::string& text : strings_in(expression)) {
    values.push_back(text);
    std::string filled = filled_pattern(text, row);
    if (filled != text) values.push_back(std::move(filled));
    if (text.find_first_of("^$[\\+(") == std::string::npos) continue;
    for (const std::size_t more : {std::size_t{0}, std::size_t{4}}) {
      std::string sample = pattern_sample(text, row, more);
      if (sample != text) values.push_back(std::move(sample));
    }
  }
  // Different rows begin with different ones.
  if (!values.empty())
    std::rotate(values.begin(), values.begin() + static_cast<long>(row % values.size()),
                values.end());
  const auto k = static_cast<long long>(row);
  for (const long long number : numbers_in(expression)) {
    for (const long long near : {number + 1 + k, number - 1 - k, number})
      values.push_back(std::to_string(near));
    // length(code) = 3
    if (number <= 0 || number > longest_text) continue;
    std::string text(static_cast<std::size_t>(number), 'A');
    const std::string digits = std::to_string(row + 1);
    if (digits.size() <= text.size())
      text.replace(text.size() - digits.size(), digits.size(), digits);
    values.push_back(std::move(text));
  }
  return values;
}

}  // namespace limbeck
