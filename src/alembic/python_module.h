// A Python module line by logical line, and what each one assigns.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "alembic/python_lexer.h"

namespace limbeck::alembic {

// The lines of a text, one after the other. text must outlive it.
class PythonLines {
 public:
  explicit PythonLines(std::string_view text) : lexer_(text) {}

  // Goes to the next line. False behind the last one, and where the text breaks off or is no
  // Python: fault() says which.
  bool next();
  std::span<const PythonToken> tokens() const { return tokens_; }
  std::size_t indent() const { return tokens_.front().indent; }
  // Where the last token of the line ends.
  std::size_t end() const { return tokens_.back().offset + tokens_.back().text.size(); }
  // The token that stopped it; of the kind `end` when the text was read to its end.
  const PythonToken& fault() const { return last_; }

 private:
  PythonLexer lexer_;
  std::vector<PythonToken> tokens_;
  PythonToken last_;
};

// NAME = ..., NAME: annotation = ..., NAME = NAME = ...
struct PythonAssignment {
  std::vector<std::string_view> names = {};
  std::span<const PythonToken> value = {};
};

// Nothing for a line that assigns to something else than names, or not at all.
std::optional<PythonAssignment> assignment_in(std::span<const PythonToken> line);

}  // namespace limbeck::alembic
