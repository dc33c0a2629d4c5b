#include "alembic/python_tree.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "alembic/python_expression.h"
#include "alembic/python_module.h"
#include "alembic/python_statement.h"

namespace limbeck::alembic {
namespace {

using Statement = PythonStatement;
using StatementKind = PythonStatement::Kind;
using Reader = PythonExpressionReader;
using LineTokens = std::span<const PythonToken>;

constexpr int max_block_depth = 40;

struct SourceLine {
  std::vector<PythonToken> tokens = {};
  std::size_t indent = 0;
  int number = 0;
  bool goes_on = false;  // behind a ";" of the line before
};

bool begins_with(const SourceLine& line, std::string_view word) {
  return line.tokens.front().text == word;
}

// Behind the ":" that ends the first line of a block; 0: there is none.
std::size_t behind_colon(LineTokens line) {
  int depth = 0;
  int lambdas = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at].kind == PythonToken::Kind::op ? line[at].text.front() : ' ';
    depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    lambdas += static_cast<int>(depth == 0 && line[at].text == "lambda");
    if (depth != 0 || !line[at].is(":")) continue;
    if (lambdas == 0) return at + 1;
    --lambdas;
  }
  return 0;
}

bool has_yield(LineTokens line) {
  return std::any_of(line.begin(), line.end(), [](const PythonToken& token) {
    return token.kind == PythonToken::Kind::name && token.text == "yield";
  });
}

class TreeReader {
 public:
  explicit TreeReader(std::string_view text) {
    PythonLines lines(text);
    int number = 1;
    std::size_t counted = 0;
    while (lines.next()) {
      SourceLine& line = lines_.emplace_back();
      line.tokens.assign(lines.tokens().begin(), lines.tokens().end());
      line.indent = lines.indent();
      const std::size_t offset = line.tokens.front().offset;
      const std::string_view before = text.substr(counted, offset - counted);
      number += static_cast<int>(std::count(before.begin(), before.end(), '\n'));
      counted = offset;
      line.number = number;
      const std::size_t sign = text.substr(0, offset).find_last_not_of(" \t");
      line.goes_on = sign != std::string_view::npos && text[sign] == ';';
    }
    if (lines.fault().kind == PythonToken::Kind::end) return;
    // Of what is not closed, the line that it begins in.
    const PythonToken* last = lines_.empty() ? nullptr : &lines_.back().tokens.back();
    const std::size_t behind = last == nullptr ? 0 : last->offset + last->text.size();
    const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n;", behind), text.size());
    fail(1 + static_cast<int>(std::count(text.begin(), text.begin() + begin, '\n')));
  }

  PythonTree read() {
    tree_.body = block(0);
    if (at_ < lines_.size()) fail(lines_[at_].number);
    return std::move(tree_);
  }

 private:
  using Block = std::vector<Statement>;

  void fail(int line) {
    if (tree_.broken_in == 0 || line < tree_.broken_in) tree_.broken_in = line;
  }
  // Of the line that is taken now.
  void fail_here() { fail(lines_[at_ > 0 ? at_ - 1 : 0].number); }
  Block block(std::size_t indent);
  // What follows the header whose ":" ends before a token of it: on its own line, or below.
  Block body_of(const SourceLine& header, std::size_t begin);
  Statement statement();
  Statement compound(const SourceLine& line, LineTokens tokens, std::size_t begin);
  void add_condition(Statement& result, const SourceLine& line, LineTokens head, std::size_t begin);
  Statement compound_elif(const SourceLine& line, std::size_t colon);
  void add_handlers(Statement& result, const SourceLine& line);
  void add_cases(Statement& result, const SourceLine& line);
  void add_managers(Statement& result, LineTokens head);
  void add_function(Statement& result, LineTokens head);
  // The next line, when it has this indent and begins with the word.
  const SourceLine* next_at(std::size_t indent, std::string_view word);
  // What stands in the line that is taken now, behind its first word.
  Block rest_of(const SourceLine& line, std::size_t words);
  PythonExpression expression(LineTokens tokens);

  std::vector<SourceLine> lines_;
  std::size_t at_ = 0;
  int depth_ = 0;
  PythonTree tree_;
};

PythonExpression TreeReader::expression(LineTokens tokens) {
  Reader reader(tokens);
  PythonExpression result = reader.read_all();
  if (reader.failed() || !reader.at_end()) return {};
  return result;
}

// Blocks ------------------------------------------------------------------------------------------

TreeReader::Block TreeReader::block(std::size_t indent) {
  Block result;
  if (++depth_ > max_block_depth) {
    fail_here();
    at_ = lines_.size();
  }
  while (at_ < lines_.size() && (lines_[at_].indent == indent || lines_[at_].goes_on))
    result.push_back(statement());
  --depth_;
  return result;
}

TreeReader::Block TreeReader::body_of(const SourceLine& header, std::size_t begin) {
  if (begin >= header.tokens.size()) {
    if (at_ < lines_.size() && lines_[at_].indent > header.indent) return block(lines_[at_].indent);
    fail_here();
    return {};
  }
  Block result;
  const auto add = [&](LineTokens tokens, int number) {
    Statement statement = simple_statement(tokens);
    statement.line = number;
    statement.is_generator = has_yield(tokens);
    result.push_back(std::move(statement));
  };
  add(LineTokens(header.tokens).subspan(begin), header.number);
  for (; at_ < lines_.size() && lines_[at_].goes_on; ++at_)
    add(lines_[at_].tokens, lines_[at_].number);
  return result;
}

const SourceLine* TreeReader::next_at(std::size_t indent, std::string_view word) {
  if (at_ >= lines_.size() || lines_[at_].goes_on) return nullptr;
  const SourceLine& line = lines_[at_];
  return line.indent == indent && begins_with(line, word) ? &line : nullptr;
}

TreeReader::Block TreeReader::rest_of(const SourceLine& line, std::size_t words) {
  ++at_;
  return body_of(line, words + 1);
}

Statement TreeReader::statement() {
  const SourceLine& line = lines_[at_++];
  LineTokens tokens = line.tokens;
  Statement decorated;
  if (tokens.front().is("@")) {
    PythonExpression decorator = expression(tokens.subspan(1));
    if (at_ >= lines_.size()) {
      fail_here();
      return {};
    }
    if (++depth_ > max_block_depth) {
      fail_here();
      at_ = lines_.size();
      return {};
    }
    Statement result = statement();
    --depth_;
    result.first.insert(result.first.begin(), std::move(decorator));
    return result;
  }
  std::size_t first = 0;
  if (tokens.front().text == "async" && tokens.size() > 1) first = 1;
  const std::string_view word =
      tokens[first].kind == PythonToken::Kind::name ? tokens[first].text : std::string_view();
  const bool is_block = word == "if" || word == "for" || word == "while" || word == "with" ||
                        word == "try" || word == "def" || word == "class";
  const std::size_t colon = behind_colon(tokens);
  const bool is_match = word == "match" && colon == tokens.size() && tokens.size() > 2;
  if (!is_block && !is_match) {
    Statement result = simple_statement(tokens);
    result.line = line.number;
    result.is_generator = has_yield(tokens);
    return result;
  }
  if (colon == 0) {
    fail_here();
    return {};
  }
  return compound(line, tokens.subspan(first, colon - 1 - first), colon);
}

bool any_generates(const std::vector<Statement>& body) {
  return std::any_of(body.begin(), body.end(), [](const Statement& it) {
    const bool is_own = it.kind == StatementKind::function || it.kind == StatementKind::class_type;
    return it.is_generator && !is_own;
  });
}

Statement TreeReader::compound(const SourceLine& line, LineTokens head, std::size_t begin) {
  Statement result;
  result.line = line.number;
  const std::string_view word = head.front().text;
  if (word == "if") {
    add_condition(result, line, head, begin);
  } else if (word == "while") {
    result.kind = StatementKind::while_loop;
    result.first.push_back(expression(head.subspan(1)));
    result.body = body_of(line, begin);
  } else if (word == "for") {
    result.kind = StatementKind::for_loop;
    Reader reader(head.subspan(1));
    result.first.push_back(reader.read_targets());
    const bool has_in = reader.take_word("in");
    PythonExpression iterated = reader.read_all();
    const bool is_read = has_in && !reader.failed() && reader.at_end();
    result.second.push_back(is_read ? std::move(iterated) : PythonExpression());
    result.body = body_of(line, begin);
  } else if (word == "with") {
    add_managers(result, head);
    result.body = body_of(line, begin);
  } else if (word == "try") {
    result.kind = StatementKind::attempt;
    result.body = body_of(line, begin);
    add_handlers(result, line);
  } else if (word == "match") {
    result.kind = StatementKind::match;
    result.first.push_back(expression(head.subspan(1)));
    add_cases(result, line);
  } else {
    add_function(result, head);
    result.body = body_of(line, begin);
  }
  if (word != "if" && word != "match") {
    if (const SourceLine* other = next_at(line.indent, "else"))
      result.otherwise = rest_of(*other, 1);
    if (const SourceLine* last = next_at(line.indent, "finally")) result.last = rest_of(*last, 1);
  }
  result.is_generator =
      any_generates(result.body) || any_generates(result.otherwise) || any_generates(result.last);
  for (const Statement::Branch& branch : result.branches)
    result.is_generator = result.is_generator || any_generates(branch.body);
  return result;
}

// "elif" is an "if" within "else".
void TreeReader::add_condition(Statement& result, const SourceLine& line, LineTokens head,
                               std::size_t begin) {
  result.kind = StatementKind::condition;
  result.first.push_back(expression(head.subspan(1)));
  result.body = body_of(line, begin);
  if (const SourceLine* next = next_at(line.indent, "elif")) {
    ++at_;
    const std::size_t colon = behind_colon(next->tokens);
    if (++depth_ > max_block_depth || colon == 0) {
      fail_here();
      at_ = lines_.size();
      return;
    }
    result.otherwise.push_back(compound_elif(*next, colon));
    --depth_;
  } else if (const SourceLine* other = next_at(line.indent, "else")) {
    result.otherwise = rest_of(*other, 1);
  }
}

Statement TreeReader::compound_elif(const SourceLine& line, std::size_t colon) {
  Statement result;
  result.line = line.number;
  add_condition(result, line, LineTokens(line.tokens).first(colon - 1), colon);
  result.is_generator = any_generates(result.body) || any_generates(result.otherwise);
  return result;
}

void TreeReader::add_handlers(Statement& result, const SourceLine& line) {
  while (const SourceLine* next = next_at(line.indent, "except")) {
    ++at_;
    const std::size_t colon = behind_colon(next->tokens);
    if (colon == 0) {
      fail_here();
      return;
    }
    Statement::Branch& branch = result.branches.emplace_back();
    Reader reader(LineTokens(next->tokens).subspan(1, colon - 2));
    reader.take_op("*");
    if (!reader.at_end()) {
      branch.pattern = reader.read_all();
      if (reader.take_word("as")) branch.name = reader.take_name();
    }
    branch.body = body_of(*next, colon);
  }
}

void TreeReader::add_cases(Statement& result, const SourceLine& line) {
  const std::size_t indent = at_ < lines_.size() ? lines_[at_].indent : 0;
  while (indent > line.indent) {
    const SourceLine* next = next_at(indent, "case");
    if (next == nullptr) return;
    ++at_;
    const std::size_t colon = behind_colon(next->tokens);
    if (colon == 0) {
      fail_here();
      return;
    }
    Statement::Branch branch;
    Reader reader(LineTokens(next->tokens).subspan(1, colon - 2));
    PythonExpression pattern = reader.read_pattern();
    if (reader.take_word("as")) branch.name = reader.take_name();
    if (reader.take_word("if")) branch.guard = reader.read_one();
    branch.pattern = reader.at_end() && !reader.failed() ? std::move(pattern) : PythonExpression();
    branch.body = body_of(*next, colon);
    result.branches.push_back(std::move(branch));
  }
}

// with a as b, c: with (a as b, c):
void TreeReader::add_managers(Statement& result, LineTokens head) {
  result.kind = StatementKind::with;
  LineTokens rest = head.subspan(1);
  const auto has_as = [](LineTokens tokens) {
    return std::any_of(tokens.begin(), tokens.end(),
                       [](const PythonToken& it) { return it.text == "as"; });
  };
  const bool is_in_brackets = rest.size() > 2 && rest.front().is("(") && rest.back().is(")") &&
                              has_as(rest) &&
                              expression(rest).kind == PythonExpression::Kind::unknown;
  if (is_in_brackets) rest = rest.subspan(1, rest.size() - 2);
  Reader reader(rest);
  do {
    if (reader.at_end()) break;
    result.first.push_back(reader.read_one());
    PythonExpression target;
    target.kind = PythonExpression::Kind::none;
    if (reader.take_word("as")) target = reader.read_target();
    result.second.push_back(std::move(target));
  } while (reader.take_op(","));
  if (reader.failed() || !reader.at_end()) fail_here();
}

void TreeReader::add_function(Statement& result, LineTokens head) {
  const bool is_function = head.front().text == "def";
  result.kind = is_function ? StatementKind::function : StatementKind::class_type;
  Reader reader(head.subspan(1));
  result.text = reader.take_name();
  if (!reader.take_op("(")) return;
  if (is_function) {
    result.parameters = reader.read_parameters(")");
  } else {
    while (!reader.at_end() && !reader.take_op(")")) {
      while (reader.take_op("*")) {
      }
      PythonExpression base = reader.read_one();
      if (reader.take_op("=")) {
        if (reader.read_one().text == "ABCMeta") {
          reader.take_op(",");
          continue;
        }
        base = {};  // metaclass=, which may make anything of it
      }
      result.second.push_back(std::move(base));
      if (!reader.take_op(",") && !reader.at_op(")")) break;
    }
  }
  if (reader.failed()) fail_here();
}

}  // namespace

PythonTree parse_python(std::string_view text) {
  return TreeReader(text).read();
}

}  // namespace limbeck::alembic
