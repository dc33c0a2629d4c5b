#include "alembic/env_text.h"

#include <algorithm>
#include <array>

namespace limbeck::alembic {
namespace {

using Tokens = PythonTokens;

constexpr int max_steps = 40;  // from one name to the next

int depth_change(const PythonToken& token) {
  const char c = token.kind == PythonToken::Kind::op ? token.text.front() : ' ';
  return (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
}

bool is_word(const PythonToken& token, std::string_view word) {
  return token.kind == PythonToken::Kind::name && token.text == word;
}

bool is_any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool opens_block(std::string_view word) {
  return is_any_of(word, {"if", "elif", "else", "for", "while", "with", "try", "except", "finally",
                          "def", "class", "async"});
}

// Behind the ":" that ends the first line of a block.
std::size_t end_of_block_line(Tokens line) {
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    depth += depth_change(line[at]);
    if (depth == 0 && line[at].is(":")) return at + 1;
  }
  return line.size();
}

// The "=", "+=" and the like that stand outside of brackets.
std::size_t assignment_sign(Tokens line) {
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    depth += depth_change(line[at]);
    const bool is_comparison = is_any_of(line[at].text, {"==", "!=", "<=", ">=", ":="});
    if (depth == 0 && line[at].kind == PythonToken::Kind::op && line[at].text.ends_with('=') &&
        !is_comparison)
      return at;
  }
  return line.size();
}

}  // namespace

Tokens argument_at(Tokens line, std::size_t begin) {
  int depth = 0;
  std::size_t end = begin;
  for (; end < line.size(); ++end) {
    depth += depth_change(line[end]);
    if (depth < 0 || (depth == 0 && line[end].is(","))) break;
  }
  return line.subspan(begin, end - begin);
}

std::optional<std::string> text_of(const PythonToken& token) {
  return token.kind == PythonToken::Kind::string ? python_string(token.text) : std::nullopt;
}

EnvText::EnvText(const std::string& text, const std::map<std::string, std::string>& options)
    : text_(text), options_(options) {
  line_starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
    line_starts_.push_back(at + 1);
  PythonLines lines(text_);
  while (lines.next()) {
    storage_.emplace_back(lines.tokens().begin(), lines.tokens().end());
    add_line(storage_.back(), lines.indent());
  }
  if (lines.fault().kind != PythonToken::Kind::end) broken_in_ = line_number(lines.fault());
  for (const Line& line : lines_) bind(line);
}

int EnvText::line_number(const PythonToken& token) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), token.offset);
  return static_cast<int>(next - line_starts_.begin());
}

void EnvText::add_line(Tokens tokens, std::size_t indent) {
  std::optional<Block> before;  // the block of the same indent that this line ends
  while (!open_.empty() && open_.back().indent >= indent) {
    before = open_.back();
    open_.pop_back();
  }
  Line line;
  line.tokens = tokens;
  line.number = line_number(tokens.front());
  line.function = open_.empty() ? 0 : open_.back().function;
  for (const Block& block : open_) {
    if (block.is_condition) line.conditions.push_back(block.branch);
    line.is_repeated = line.is_repeated || is_any_of(block.word, {"for", "while", "except"});
  }
  if (!opens_block(tokens.front().text)) {
    lines_.push_back(std::move(line));
    return;
  }
  const std::size_t end = end_of_block_line(tokens);
  line.tokens = tokens.first(end);
  Block block{.indent = indent, .word = tokens.front().text, .function = line.function};
  if (block.word == "async" && tokens.size() > 1) block.word = tokens[1].text;
  lines_.push_back(line);
  if (is_any_of(block.word, {"if", "elif", "else"})) add_branch(block, line.tokens, before);
  if (block.word == "def") add_function(block, line.tokens, line.function);
  open_.push_back(block);
  if (end < tokens.size()) add_line(tokens.subspan(end), indent + 1);  // "if x: y = 1"
}

void EnvText::add_branch(Block& block, Tokens tokens, const std::optional<Block>& before) {
  const bool goes_on = block.word != "if" && before && before->is_condition;
  if (block.word == "else" && (!before || !is_any_of(before->word, {"if", "elif"}))) return;
  block.is_condition = true;
  if (!goes_on && block.word != "else") {
    block.branch.chain = chains_.size();
    chains_.emplace_back();
  } else if (before) {
    block.branch.chain = before->branch.chain;
  }
  Chain& chain = chains_[block.branch.chain];
  block.branch.number = chain.conditions.size();
  chain.conditions.push_back(tokens.subspan(1));
  for (const PythonToken& token : tokens)
    chain.is_about_mode = chain.is_about_mode || token.text == "is_offline_mode";
  if (chain.is_about_mode) block.is_condition = false;
}

void EnvText::add_function(Block& block, Tokens tokens, std::size_t parent) {
  block.function = functions_.size();
  Function& function = functions_.emplace_back();
  function.parent = parent;
  std::size_t at = tokens.front().text == "async" ? 2 : 1;
  if (at >= tokens.size()) return;
  function.name = tokens[at].text;
  for (at += 2; at < tokens.size() && !tokens[at].is(")");) {
    const Tokens parameter = argument_at(tokens, at);
    if (parameter.empty()) break;
    const auto name = std::find_if(parameter.begin(), parameter.end(), [](const PythonToken& it) {
      return it.kind == PythonToken::Kind::name;
    });
    if (name != parameter.end()) {
      function.parameters.push_back(name->text);
      names_[{block.function, name->text}].push_back(
          {.kind = Binding::Kind::parameter, .line = lines_.size() - 1});
    }
    at += parameter.size() + 1;
  }
}

void EnvText::add_binding(const Line& line, std::string_view name, Binding::Kind kind, Tokens value,
                          std::string_view module) {
  Binding binding;
  binding.kind = kind;
  binding.line = static_cast<std::size_t>(&line - lines_.data());
  binding.value = value;
  binding.module = module;
  names_[{line.function, name}].push_back(binding);
}

void EnvText::bind(const Line& line) {
  using Kind = Binding::Kind;
  const Tokens tokens = line.tokens;
  const std::string_view word = tokens.front().text;
  if (word == "import" || word == "from") return bind_import(line);
  for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
    const bool is_named = tokens[at].kind == PythonToken::Kind::name;
    if (is_named && tokens[at + 1].is(":="))
      add_binding(line, tokens[at].text, Kind::part, tokens.subspan(at + 2));
    if (is_word(tokens[at], "as")) add_binding(line, tokens[at + 1].text, Kind::part, tokens);
  }
  if (word == "for" || (word == "async" && tokens.size() > 1 && tokens[1].text == "for")) {
    for (const PythonToken& token : tokens) {
      if (is_word(token, "in")) break;
      if (token.kind == PythonToken::Kind::name && &token != tokens.data())
        add_binding(line, token.text, Kind::part, tokens);
    }
  }
  if (opens_block(word)) return;
  if (const auto assignment = assignment_in(tokens)) {
    for (const std::string_view name : assignment->names)
      add_binding(line, name, Kind::value, assignment->value);
    return;
  }
  const std::size_t sign = assignment_sign(tokens);
  if (sign == tokens.size()) return;
  int depth = 0;
  for (std::size_t at = 0; at < sign; ++at) {  // "a, b = ...", "a[...] = ...", "a += ..."
    const bool is_first = at == 0 || !tokens[at - 1].is(".");
    if (depth == 0 && is_first && tokens[at].kind == PythonToken::Kind::name)
      add_binding(line, tokens[at].text, Kind::part, tokens.subspan(sign + 1));
    depth += depth_change(tokens[at]);
  }
}

void EnvText::bind_import(const Line& line) {
  const Tokens tokens = line.tokens;
  if (tokens.size() < 2) return;
  const bool is_from = tokens.front().text == "from";
  const std::string_view module = tokens[1].text;
  std::size_t at = 1;
  while (is_from && at < tokens.size() && !is_word(tokens[at], "import")) ++at;
  if (is_from) ++at;
  for (; at < tokens.size(); ++at) {
    if (tokens[at].kind != PythonToken::Kind::name || is_word(tokens[at], "as")) continue;
    if (at > 1 && tokens[at - 1].is(".")) continue;  // "import a.b" binds a
    const bool is_renamed = at + 2 < tokens.size() && is_word(tokens[at + 1], "as");
    const std::string_view of = is_from ? module : tokens[at].text;
    add_binding(line, tokens[is_renamed ? at + 2 : at].text, Binding::Kind::import,
                tokens.subspan(at, 1), of);
    if (is_renamed) at += 2;
  }
}

std::span<const EnvText::Binding> EnvText::bindings(std::string_view name,
                                                    std::size_t function) const {
  for (;; function = functions_[function].parent) {
    const auto found = names_.find({function, name});
    if (found != names_.end()) return found->second;
    if (function == 0) return {};
  }
}

std::optional<PythonConstant> EnvText::constant(Tokens expression, std::size_t function) const {
  return evaluate(expression, function, 0);
}

// config.get_main_option("name"), config.get_main_option("name", "else")
std::optional<PythonConstant> EnvText::option_asked(Tokens expression) const {
  std::size_t at = 0;
  while (at < expression.size() && expression[at].text != "get_main_option") {
    const bool is_path = expression[at].kind == PythonToken::Kind::name || expression[at].is(".");
    if (!is_path) return std::nullopt;
    ++at;
  }
  if (at + 3 >= expression.size() || !expression[at + 1].is("(")) return std::nullopt;
  const auto name = text_of(expression[at + 2]);
  const Tokens first = argument_at(expression, at + 2);
  if (!name || first.size() != 1) return std::nullopt;
  std::size_t end = at + 3;
  Tokens otherwise;
  if (expression[end].is(",")) {
    otherwise = argument_at(expression, end + 1);
    end += 1 + otherwise.size();
  }
  if (end + 1 != expression.size()) return std::nullopt;
  const auto option = options_.find(*name);
  if (option == options_.end())
    return otherwise.empty() ? PythonConstant() : evaluate_python(otherwise, {});
  PythonConstant result;
  result.kind = PythonConstant::Kind::text;
  result.text = option->second;
  return result;
}

std::optional<PythonConstant> EnvText::evaluate(Tokens expression, std::size_t function,
                                                int depth) const {
  if (depth > max_steps) return std::nullopt;
  if (auto asked = option_asked(expression)) return asked;
  PythonConstants known;
  const auto learn = [&](std::string_view name) {
    if (auto value = value_of(name, function, depth)) known.emplace(name, *std::move(value));
  };
  for (const PythonToken& token : expression) {
    if (token.kind == PythonToken::Kind::name) learn(token.text);
    if (token.kind != PythonToken::Kind::string) continue;
    read_f_string(
        token.text, [](const std::string&) {},
        [&](std::string_view inside) {
          const std::size_t begin = std::min(inside.find_first_not_of(' '), inside.size());
          learn(inside.substr(begin, inside.find_last_not_of(' ') + 1 - begin));
          return true;
        });
  }
  return evaluate_python(expression, known);
}

std::optional<PythonConstant> EnvText::value_of(std::string_view name, std::size_t function,
                                                int depth) const {
  const auto [known, is_new] = values_.emplace(std::pair(function, name), std::nullopt);
  if (!is_new) return known->second;  // nothing yet when its value depends on itself
  std::optional<PythonConstant> result;
  for (const Binding& binding : bindings(name, function)) {
    if (binding.kind != Binding::Kind::value) return std::nullopt;
    const Line& line = lines_[binding.line];
    auto value = evaluate(binding.value, line.function, depth + 1);
    const bool is_another = result && value &&
                            (result->kind != value->kind || result->text != value->text ||
                             value->kind == PythonConstant::Kind::collection);
    if (!value || is_another || !line.conditions.empty()) return std::nullopt;
    result = std::move(value);
  }
  return known->second = std::move(result);
}

Tokens EnvText::condition_of(const Branch& branch) const {
  return chains_[branch.chain].conditions[branch.number];
}

}  // namespace limbeck::alembic
