// The text of env.py with its structure: its logical lines, the function and the conditions around
// each, and what gives a name its value. Internal to src/alembic.
//
// It says what stands there, and runs nothing of it.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alembic/python_constant.h"
#include "alembic/python_module.h"

namespace limbeck::alembic {

using PythonTokens = std::span<const PythonToken>;

// From a position to the "," or closing bracket that ends an argument.
PythonTokens argument_at(PythonTokens line, std::size_t begin);

// The text of a string that has no f-prefix.
std::optional<std::string> text_of(const PythonToken& token);

class EnvText {
 public:
  // One branch of an "if": "if" and its "elif" and "else" are one chain.
  struct Branch {
    std::size_t chain = 0;
    std::size_t number = 0;
    friend bool operator==(const Branch&, const Branch&) = default;
  };
  struct Line {
    PythonTokens tokens = {};
    int number = 0;
    std::size_t function = 0;  // 0: the module itself
    std::vector<Branch> conditions =
        {};                    // from the outermost; without those about the offline mode
    bool is_repeated = false;  // in a loop, or behind "except"
    bool is_always_run() const { return conditions.empty() && !is_repeated; }
  };
  struct Function {
    std::string_view name = {};
    std::size_t parent = 0;
    std::vector<std::string_view> parameters = {};
  };
  // What gives a name a value.
  struct Binding {
    enum class Kind { value, part, import, parameter };
    Kind kind = Kind::value;
    std::size_t line = 0;
    PythonTokens value = {};       // of a part: the whole line
    std::string_view module = {};  // of an import: the first name; "." for a relative one
  };

  // options: those of the configuration, which get_main_option() answers with.
  EnvText(const std::string& text, const std::map<std::string, std::string>& options);
  EnvText(const EnvText&) = delete;
  EnvText& operator=(const EnvText&) = delete;

  const std::vector<Line>& lines() const { return lines_; }
  const std::vector<Function>& functions() const { return functions_; }
  // The line in which the text stops being Python; 0: it is read to its end.
  int broken_in() const { return broken_in_; }
  int line_number(const PythonToken& token) const;

  // What binds a name that is used in a function: there, or around it. Empty: nothing here.
  std::span<const Binding> bindings(std::string_view name, std::size_t function) const;
  // The value of an expression that a line holds, when it is the same whenever the line is run.
  std::optional<PythonConstant> constant(PythonTokens expression, std::size_t function) const;

  PythonTokens condition_of(const Branch& branch) const;

 private:
  struct Block {
    std::size_t indent = 0;
    std::string_view word = {};
    Branch branch = {};
    bool is_condition = false;
    std::size_t function = 0;
  };
  struct Chain {
    bool is_about_mode = false;  // "if context.is_offline_mode():"
    std::vector<PythonTokens> conditions = {};
  };
  using Names = std::map<std::pair<std::size_t, std::string_view>, std::vector<Binding>>;

  void add_line(PythonTokens tokens, std::size_t indent);
  void open_block(PythonTokens tokens, std::size_t indent, bool is_inline);
  void add_branch(Block& block, PythonTokens tokens, const std::optional<Block>& before);
  void add_function(Block& block, PythonTokens tokens, std::size_t parent);
  void bind(const Line& line);
  void bind_import(const Line& line);
  void add_binding(const Line& line, std::string_view name, Binding::Kind kind, PythonTokens value,
                   std::string_view module = {});
  std::optional<PythonConstant> evaluate(PythonTokens expression, std::size_t function,
                                         int depth) const;
  std::optional<PythonConstant> value_of(std::string_view name, std::size_t function,
                                         int depth) const;
  std::optional<PythonConstant> option_asked(PythonTokens expression) const;

  std::string text_;
  std::vector<std::size_t> line_starts_;
  const std::map<std::string, std::string>& options_;
  std::vector<std::vector<PythonToken>> storage_;
  std::vector<Line> lines_;
  std::vector<Function> functions_ = {Function{}};
  std::vector<Chain> chains_;
  std::vector<Block> open_;
  Names names_;
  mutable std::map<std::pair<std::size_t, std::string_view>, std::optional<PythonConstant>> values_;
  int broken_in_ = 0;
};

}  // namespace limbeck::alembic
