// Python source as tokens: as much of the language as it takes to find what a module assigns to its
// names.
//
// It never fails: what is no Python becomes a token that says so. Logical lines end where Python
// ends them: brackets, backslashes and triple quotes go on, a ";" ends one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace limbeck::alembic {

struct PythonToken {
  enum class Kind {
    name,
    string,  // with its prefix and quotes
    number,
    op,          // one character, or two that end with "="
    line_end,    // of a logical line that is not empty
    end,         // of the text
    unfinished,  // a string or a bracket is not closed where the text ends
    wrong,       // a string that its line does not close, a character that Python does not know
  };
  Kind kind = Kind::end;
  std::string_view text = {};
  std::size_t offset = 0;
  std::size_t indent = 0;  // of its logical line

  bool is(std::string_view op) const { return kind == Kind::op && text == op; }
};

class PythonLexer {
 public:
  explicit PythonLexer(std::string_view text);

  PythonToken next();

 private:
  void skip_blanks();
  PythonToken string(std::size_t prefix);
  PythonToken take(PythonToken::Kind kind, std::size_t end);

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 0;          // where the physical line begins
  std::size_t indent_ = 0;        // of the logical line
  int depth_ = 0;                 // open brackets
  bool in_line_ = false;          // the logical line has a token
  bool after_semicolon_ = false;  // it begins within a physical one
};

// The text that a string token stands for. Nothing for bytes, for an f-string, and for escapes that
// name a character (\N{...}) or are wrong.
std::optional<std::string> python_string(std::string_view token);

// An f-string as its pieces: on_text(text) and on_expression(source). False when it is none, or
// holds what these cannot say: formats, conversions, quotes in an expression.
template <class OnText, class OnExpression>
bool read_f_string(std::string_view token, const OnText& on_text,
                   const OnExpression& on_expression);

// The prefix of a string token in lower case, and what stands between its quotes.
struct PythonStringParts {
  std::string prefix = {};
  std::string_view body = {};
};
PythonStringParts python_string_parts(std::string_view token);

// What stands between the quotes, its escapes replaced. raw: there are none.
std::optional<std::string> unescaped_python(std::string_view body, bool raw);

template <class OnText, class OnExpression>
bool read_f_string(std::string_view token, const OnText& on_text,
                   const OnExpression& on_expression) {
  const PythonStringParts parts = python_string_parts(token);
  if (parts.prefix.find('f') == std::string::npos) return false;
  const bool raw = parts.prefix.find('r') != std::string::npos;
  std::string text;
  for (std::size_t at = 0; at < parts.body.size();) {
    const char c = parts.body[at];
    if ((c == '{' || c == '}') && parts.body.substr(at + 1, 1) == std::string_view(&c, 1)) {
      text += c;
      at += 2;
    } else if (c == '{') {
      const std::size_t close = parts.body.find('}', at);
      if (close == std::string_view::npos) return false;
      const std::string_view inside = parts.body.substr(at + 1, close - at - 1);
      if (inside.find_first_of("{:!='\"\\") != std::string_view::npos) return false;
      const auto before = unescaped_python(text, raw);
      if (!before) return false;
      on_text(*before);
      text.clear();
      if (!on_expression(inside)) return false;
      at = close + 1;
    } else if (c == '}') {
      return false;
    } else {
      text += c;
      ++at;
    }
  }
  const auto rest = unescaped_python(text, raw);
  if (!rest) return false;
  on_text(*rest);
  return true;
}

}  // namespace limbeck::alembic
