// Python source as a tree of statements and expressions.
//
// It is read as far as the language goes that configuration is written in. What is not known of it
// becomes an expression or a statement of the kind `unknown`, and no error.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck::alembic {

struct PythonParameter;

struct PythonExpression {
  enum class Kind {
    unknown,
    name,
    text,
    f_string,  // parts: its texts and its expressions
    number,
    none,
    truth,
    tuple,
    list,
    set,
    dictionary,     // parts: key, value, key, value; a star is the key of what is merged
    call,           // parts: the function and the arguments; names: theirs, "*", "**", or empty
    attribute,      // parts: of what
    item,           // parts: of what, and the key
    slice,          // parts: from and to, of the kind none where they are left out
    operation,      // text: + - * / % |; before one part: sign (-), plus, ~
    negation,       // not
    both,           // and
    either,         // or
    comparison,     // names: the operators between the parts
    choice,         // parts: then, condition, else
    lambda,         // parameters; parts: its value
    comprehension,  // text: its bracket; parts: element, target, iterated, conditions
    assignment,     // name := value
    star,
  };
  Kind kind = Kind::unknown;
  std::string text = {};
  std::vector<PythonExpression> parts = {};
  std::vector<std::string> names = {};
  std::vector<PythonParameter> parameters;
  std::string_view source = {};  // as it is written
};

struct PythonParameter {
  std::string name = {};
  std::optional<PythonExpression> otherwise = {};  // its default
  int stars = 0;
  bool is_by_name = false;  // behind a star
};

struct PythonImport {
  std::string module = {};  // "a.b"; with its dots in front when it is a relative one
  std::string member = {};  // of "from module import member"; "*" for all
  std::string name = {};    // that it is given here
};

struct PythonStatement {
  enum class Kind {
    unknown,
    expression,
    assignment,  // text: "=" or "+=" and the like; first: the targets, second: the value
    deletion,    // first
    condition,   // first: the condition
    for_loop,    // first: the target, second: what it goes through
    while_loop,  // first: the condition
    with,        // first: the managers, second: the targets, of the kind none where there is none
    attempt,     // try
    function,    // text: its name; first: the decorators
    class_type,  // text: its name; first: the decorators, second: the bases
    leave,       // return; first
    raise,       // first
    import,
    global,      // and nonlocal: text says which; names
    match,       // first: the subject
    leave_loop,  // break
    next_round,  // continue
    assertion,   // first
    nothing,     // pass
  };
  struct Branch {  // of "except" and "case"
    std::optional<PythonExpression> pattern = {};
    std::optional<PythonExpression> guard = {};
    std::string name = {};
    std::vector<PythonStatement> body = {};
  };
  Kind kind = Kind::unknown;
  int line = 0;
  std::string text = {};
  std::vector<PythonExpression> first = {};
  std::vector<PythonExpression> second = {};
  std::vector<std::string> names = {};
  std::vector<PythonParameter> parameters = {};
  std::vector<PythonImport> imports = {};
  std::vector<PythonStatement> body = {};
  std::vector<PythonStatement> otherwise = {};  // else
  std::vector<PythonStatement> last = {};       // finally
  std::vector<Branch> branches = {};
  bool is_generator = false;
  bool yields_all = false;  // yield from
};

struct PythonTree {
  std::vector<PythonStatement> body = {};
  // The line in which it stops being Python, or nests too deep; 0: it is read to its end.
  int broken_in = 0;
};

// text must outlive the tree.
PythonTree parse_python(std::string_view text);

}  // namespace limbeck::alembic
