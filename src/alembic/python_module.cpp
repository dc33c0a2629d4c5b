#include "alembic/python_module.h"

namespace limbeck::alembic {
namespace {

using Kind = PythonToken::Kind;

// The "=" that stand outside of brackets.
std::vector<std::size_t> equal_signs(std::span<const PythonToken> line) {
  std::vector<std::size_t> result;
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at].kind != Kind::op) continue;
    const char c = line[at].text.front();
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (depth == 0 && line[at].text == "=") result.push_back(at);
  }
  return result;
}

}  // namespace

bool PythonLines::next() {
  tokens_.clear();
  for (;;) {
    last_ = lexer_.next();
    switch (last_.kind) {
      case Kind::line_end:
        if (!tokens_.empty()) return true;
        break;
      case Kind::end:
      case Kind::unfinished:
      case Kind::wrong:
        return false;
      case Kind::name:
      case Kind::string:
      case Kind::number:
      case Kind::op:
        tokens_.push_back(last_);
        break;
    }
  }
}

std::optional<PythonAssignment> assignment_in(std::span<const PythonToken> line) {
  if (line.size() < 3 || line[0].kind != Kind::name) return std::nullopt;
  if (line[1].text != "=" && line[1].text != ":") return std::nullopt;
  const std::vector<std::size_t> signs = equal_signs(line);
  if (signs.empty()) return std::nullopt;
  PythonAssignment result;
  result.names.push_back(line[0].text);
  std::size_t begin = signs.front() + 1;
  for (std::size_t i = 1; i < signs.size(); ++i) {
    if (signs[i] != begin + 1 || line[begin].kind != Kind::name) return std::nullopt;
    result.names.push_back(line[begin].text);
    begin = signs[i] + 1;
  }
  if (begin == line.size()) return std::nullopt;
  result.value = line.subspan(begin);
  return result;
}

}  // namespace limbeck::alembic
