#include "dialect/sqlite/cursor.h"

#include <algorithm>
#include <fmt/format.h>

#include "limbeck/error.h"

namespace limbeck::sqlite {

std::string Cursor::name() {
  if (at_end() || !can_be_name(tokens_[next_])) refuse("a name");
  return name_of(tokens_[next_++]);
}

std::string Cursor::qualified_name() {
  std::string first = name();
  return accept(".") ? name() : first;
}

std::vector<std::string> Cursor::names() {
  std::vector<std::string> names;
  expect("(");
  do {
    names.push_back(name());
  } while (accept(","));
  expect(")");
  return names;
}

const SqlToken& Cursor::take() {
  if (at_end()) refuse("more");
  return tokens_[next_++];
}

std::span<const SqlToken> Cursor::parenthesised() {
  expect("(");
  const std::size_t first = next_;
  std::size_t depth = 1;
  for (; next_ < tokens_.size(); ++next_) {
    if (tokens_[next_].is("(")) ++depth;
    if (tokens_[next_].is(")") && --depth == 0) {
      return std::span<const SqlToken>(tokens_).subspan(first, next_++ - first);
    }
  }
  refuse(")");
}

std::span<const SqlToken> Cursor::up_to(std::span<const std::string_view> stops) {
  const std::size_t first = next_;
  std::size_t depth = 0;
  for (; next_ < tokens_.size(); ++next_) {
    const SqlToken& token = tokens_[next_];
    const bool stop = std::any_of(stops.begin(), stops.end(),
                                  [&](std::string_view word) { return token.is(word); });
    if (depth == 0 && stop) break;
    if (token.is("(")) ++depth;
    if (token.is(")") && depth > 0) --depth;
  }
  return std::span<const SqlToken>(tokens_).subspan(first, next_ - first);
}

std::span<const SqlToken> Cursor::rest() {
  const std::size_t first = next_;
  next_ = tokens_.size();
  return std::span<const SqlToken>(tokens_).subspan(first);
}

std::string_view Cursor::text_since(std::size_t position) const {
  if (position >= next_) return {};
  return sql_.substr(tokens_[position].begin, tokens_[next_ - 1].end - tokens_[position].begin);
}

void Cursor::refuse(std::string_view expected) const {
  const std::string found =
      at_end() ? "the end of the text" : fmt::format("\"{}\"", tokens_[next_].text);
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("expected {} but found {}", expected, found)});
}

}  // namespace limbeck::sqlite
