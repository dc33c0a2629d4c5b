#include "alembic/python_code_hash.h"

#include <algorithm>
#include <array>
#include <vector>

#include "alembic/python_lexer.h"
#include "base/sha256.h"

namespace limbeck::alembic {
namespace {

using Kind = PythonToken::Kind;
using Line = std::vector<PythonToken>;  // a logical one

// How deep each line stands, counted in blocks and not in blanks.
class Depth {
 public:
  std::size_t of(std::size_t indent) {
    while (indents_.size() > 1 && indents_.back() > indent) indents_.pop_back();
    if (indents_.back() < indent) indents_.push_back(indent);
    return indents_.size() - 1;
  }

 private:
  std::vector<std::size_t> indents_{0};
};

bool opens(const PythonToken& token) {
  return token.is("(") || token.is("[") || token.is("{");
}

bool closes(const PythonToken& token) {
  return token.is(")") || token.is("]") || token.is("}");
}

// Whether "(" behind this is a call's or a definition's: a word of the language calls nothing.
bool can_be_called(const PythonToken& token) {
  constexpr std::array words{"and",   "assert", "await",  "elif", "else",   "for",   "if",
                             "in",    "is",     "lambda", "not",  "or",     "raise", "return",
                             "while", "with",   "yield",  "del",  "except", "from",  "import"};
  if (token.kind != Kind::name) return closes(token);
  return std::find(words.begin(), words.end(), token.text) == words.end();
}

// "(a,)" is a tuple and "(a)" is none: there the comma has to stay.
bool comma_may_go(const Line& line, std::size_t at) {
  if (!line[at].is(",") || at + 1 == line.size() || !closes(line[at + 1])) return false;
  if (line[at + 1].is("}")) return true;
  int depth = 0;
  for (std::size_t i = at; i-- > 0;) {
    if (closes(line[i])) ++depth;
    if (opens(line[i]) && depth-- == 0) {
      if (line[at + 1].is(")")) return i > 0 && can_be_called(line[i - 1]);
      return i == 0 || !can_be_called(line[i - 1]);  // "a[1,]" asks for a tuple
    }
    if (depth == 0 && line[i].is(",")) return true;
  }
  return false;
}

// With its length, so that no two lists of tokens are the same text.
void add(std::string& form, char kind, std::string_view text) {
  form += kind;
  form += std::to_string(text.size());
  form += ':';
  form += text;
}

void add_token(std::string& form, const PythonToken& token) {
  if (token.kind != Kind::string) return add(form, token.kind == Kind::op ? 'o' : 'n', token.text);
  if (const auto value = python_string(token.text)) return add(form, 's', *value);
  add(form, 'r', token.text);
}

void add_line(std::string& form, const Line& line, std::size_t depth) {
  if (line.size() == 1 && line.front().kind == Kind::string) return;  // a docstring
  form += "\n" + std::to_string(depth) + " ";
  for (std::size_t i = 0; i < line.size(); ++i)
    if (!comma_may_go(line, i)) add_token(form, line[i]);
}

}  // namespace

std::string python_code_hash(std::string_view text) {
  if (text.find("__doc__") != std::string_view::npos) return {};  // its docstrings are code
  PythonLexer lexer(text);
  Depth depth;
  std::string form;
  Line line;
  for (;;) {
    const PythonToken token = lexer.next();
    if (token.kind == Kind::unfinished || token.kind == Kind::wrong) return {};
    if (token.kind != Kind::line_end && token.kind != Kind::end) {
      line.push_back(token);
      continue;
    }
    if (!line.empty()) add_line(form, line, depth.of(line.front().indent));
    line.clear();
    if (token.kind == Kind::end) return sha256_hex(form);
  }
}

}  // namespace limbeck::alembic
