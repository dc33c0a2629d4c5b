#include "alembic/python_lexer.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/letter_case.h"
#include "base/text_place.h"

namespace limbeck::alembic {
namespace {

using Kind = PythonToken::Kind;

bool begins_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalpha(byte) != 0 || c == '_' || byte >= 0x80;
}

bool in_name(char c) {
  return begins_name(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

bool is_string_prefix(std::string_view name) {
  return name.size() <= 3 && std::all_of(name.begin(), name.end(), [](char c) {
           return std::string_view("rRbBuUfFtT").find(c) != std::string_view::npos;
         });
}

// Where the string ends whose opening quotes end at `at`; npos when it does not.
std::size_t end_of_string(std::string_view text, std::size_t at, std::string_view quotes) {
  for (; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == quotes[0] && text.substr(at, quotes.size()) == quotes) {
      return at + quotes.size();
    } else if (text[at] == '\n' && quotes.size() == 1) {
      return std::string_view::npos;
    }
  }
  return std::string_view::npos;
}

}  // namespace

PythonLexer::PythonLexer(std::string_view text) : text_(text) {
  if (text.starts_with(byte_order_mark)) line_ = at_ = byte_order_mark.size();
}

// To the next token of the logical line, or to the line end that ends it.
void PythonLexer::skip_blanks() {
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\n') {
      if (in_line_ && depth_ == 0) return;
      line_ = at_ + 1;
      after_semicolon_ = false;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size()) - 1;
    } else if (c == '\\' &&
               (text_.substr(at_ + 1, 1) == "\n" || text_.substr(at_ + 1, 2) == "\r\n")) {
      at_ = text_.find('\n', at_);
    } else if (c != ' ' && c != '\t' && c != '\r' && c != '\f') {
      return;
    }
  }
}

PythonToken PythonLexer::take(Kind kind, std::size_t end) {
  PythonToken token;
  token.kind = kind;
  token.text = text_.substr(at_, end - at_);
  token.offset = at_;
  token.indent = indent_;
  at_ = end;
  in_line_ = kind != Kind::line_end;
  return token;
}

PythonToken PythonLexer::string(std::size_t prefix) {
  const std::size_t open = at_ + prefix;
  std::string_view quotes = text_.substr(open, 3);
  if (quotes != "\"\"\"" && quotes != "'''") quotes = text_.substr(open, 1);
  const std::size_t end = end_of_string(text_, open + quotes.size(), quotes);
  if (end != std::string_view::npos) return take(Kind::string, end);
  const bool cut_off = quotes.size() == 3 || text_.find('\n', open) == std::string_view::npos;
  return take(cut_off ? Kind::unfinished : Kind::wrong, text_.size());
}

PythonToken PythonLexer::next() {
  skip_blanks();
  if (at_ >= text_.size()) {
    at_ = text_.size();
    if (depth_ > 0) return take(Kind::unfinished, at_);
    return take(in_line_ ? Kind::line_end : Kind::end, at_);
  }
  if (!in_line_ && !after_semicolon_) indent_ = at_ - line_;
  const char c = text_[at_];
  after_semicolon_ = c == ';' && depth_ == 0;
  if (c == '\n') line_ = at_ + 1;
  if (c == '\n' || (c == ';' && depth_ == 0)) return take(Kind::line_end, at_ + 1);
  if (is_quote(c)) return string(0);
  if (begins_name(c)) {
    std::size_t end = at_;
    while (end < text_.size() && in_name(text_[end])) ++end;
    const bool prefix = end < text_.size() && is_quote(text_[end]) &&
                        is_string_prefix(text_.substr(at_, end - at_));
    return prefix ? string(end - at_) : take(Kind::name, end);
  }
  if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
    std::size_t end = at_;
    while (end < text_.size() && (in_name(text_[end]) || text_[end] == '.')) ++end;
    return take(Kind::number, end);
  }
  if (c == '(' || c == '[' || c == '{') ++depth_;
  if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
  if (std::string_view("()[]{}<>=!+-*/%@&|^~:.,;").find(c) == std::string_view::npos) {
    return take(Kind::wrong, at_ + 1);
  }
  const bool two = std::string_view("<>=!+-*/%@&|^:").find(c) != std::string_view::npos &&
                   text_.substr(at_ + 1, 1) == "=";
  return take(Kind::op, at_ + (two ? 2 : 1));
}

PythonStringParts python_string_parts(std::string_view token) {
  PythonStringParts parts;
  const std::size_t open = token.find_first_of("'\"");
  for (const char c : token.substr(0, open)) {
    parts.prefix += lower_case(c);
  }
  token.remove_prefix(open);
  const std::size_t quotes = token.starts_with("\"\"\"") || token.starts_with("'''") ? 3 : 1;
  parts.body = token.substr(quotes, token.size() - 2 * quotes);
  return parts;
}

namespace {

struct Escape {
  char letter;
  char character;
};
constexpr std::array simple_escapes{
    Escape{'\\', '\\'}, Escape{'\'', '\''}, Escape{'"', '"'},  Escape{'a', '\a'}, Escape{'b', '\b'},
    Escape{'f', '\f'},  Escape{'n', '\n'},  Escape{'r', '\r'}, Escape{'t', '\t'}, Escape{'v', '\v'},
};

// The digits of a number in a text, no more than `most` of them.
std::string_view digits_at(std::string_view text, std::size_t at, std::size_t most,
                           std::string_view known) {
  std::size_t size = 0;
  while (size < most && at + size < text.size() &&
         known.find(text[at + size]) != std::string_view::npos) {
    ++size;
  }
  return text.substr(at, size);
}

// REQUIRES: code is a code point.
void append_utf8(std::string& text, unsigned long code) {
  const auto add = [&](unsigned long byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
    return;
  }
  if (code < 0x800) {
    add(0xC0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      add(0xE0 | (code >> 12));
    } else {
      add(0xF0 | (code >> 18));
      add(0x80 | ((code >> 12) & 0x3F));
    }
    add(0x80 | ((code >> 6) & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

constexpr std::string_view hex = "0123456789abcdefABCDEF";

std::size_t hex_digits_of(char letter) {
  return letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
}

// The escape at `at`, behind its backslash. False when it is wrong, or names a character.
bool unescape(std::string_view text, std::size_t& at, std::string& result) {
  const char letter = text[at];
  for (const Escape& escape : simple_escapes) {
    if (escape.letter != letter) continue;
    result += escape.character;
    ++at;
    return true;
  }
  if (letter == '\n' || text.substr(at, 2) == "\r\n") {
    at += letter == '\n' ? 1 : 2;
    return true;
  }
  if (letter == 'N') return false;
  const std::size_t size = hex_digits_of(letter);
  const std::string_view digits =
      size > 0 ? digits_at(text, at + 1, size, hex) : digits_at(text, at, 3, "01234567");
  if (size > 0 && digits.size() < size) return false;
  if (digits.empty()) {  // no escape: the backslash stays
    result += '\\';
    return true;
  }
  const unsigned long code = std::stoul(std::string(digits), nullptr, size > 0 ? 16 : 8);
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  append_utf8(result, code);
  at += digits.size() + (size > 0 ? 1 : 0);
  return true;
}

}  // namespace

std::optional<std::string> unescaped_python(std::string_view body, bool raw) {
  std::string result;
  result.reserve(body.size());
  for (std::size_t at = 0; at < body.size();) {
    if (body[at] == '\r' && body.substr(at + 1, 1) == "\n") {
      ++at;
    } else if (body[at] == '\\' && !raw && at + 1 < body.size()) {
      if (!unescape(body, ++at, result)) return std::nullopt;
    } else {
      result += body[at++];
    }
  }
  return result;
}

std::optional<std::string> python_string(std::string_view token) {
  const PythonStringParts parts = python_string_parts(token);
  if (parts.prefix.find_first_of("bft") != std::string::npos) return std::nullopt;
  return unescaped_python(parts.body, parts.prefix.find('r') != std::string::npos);
}

}  // namespace limbeck::alembic
