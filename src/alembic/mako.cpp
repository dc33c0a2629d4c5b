#include "alembic/mako.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "alembic/mako_expression.h"
#include "alembic/python_module.h"
#include "base/text_place.h"

namespace limbeck::alembic {

const std::string_view standard_mako_template = R"("""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
)";

const std::string_view standard_engines_template = R"("""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()
% for db_name in db_names:


def upgrade_${db_name}():
    ${context.get("%s_upgrades" % db_name, "pass")}


def downgrade_${db_name}():
    ${context.get("%s_downgrades" % db_name, "pass")}
% endfor
)";

namespace {

using Kind = PythonToken::Kind;

// A piece of a template; what it holds is rendered when its condition holds, or for each item.
struct Node {
  // binds: names of databases are what Flask's application knows.
  enum class What { text, expression, branches, loop, assignment, binds };
  What what = What::text;
  std::string text = {};
  std::size_t offset = 0;
  std::vector<PythonToken> tokens = {};        // of the expression, the condition, the collection
  std::vector<std::string> names = {};         // of the assignment
  std::vector<std::string> filters = {};       // of the expression
  std::vector<std::vector<Node>> bodies = {};  // of the branches, of the loop
  std::vector<std::vector<PythonToken>> conditions = {};  // of each branch; empty: else
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  std::vector<Node> parse() {
    stack_.push_back({});
    while (at_ < text_.size()) step();
    if (stack_.size() > 1) fail(text_.size() - 1, "a \"% if\" or \"% for\" is not ended");
    return std::move(stack_.front().nodes);
  }

 private:
  // A body that is being read.
  struct Open {
    std::vector<Node> nodes = {};
    Node owner = {};
  };

  [[noreturn]] void fail(std::size_t offset, std::string message) const {
    throw fault_at(text_, offset, {file_, 1, 1, {}}, std::move(message),
                   "Limbeck renders what templates of scripts commonly use, and runs no Python");
  }
  bool at_line_begin() const { return at_ == 0 || text_[at_ - 1] == '\n'; }
  std::string& text() {
    auto& nodes = stack_.back().nodes;
    if (nodes.empty() || nodes.back().what != Node::What::text) nodes.emplace_back();
    return nodes.back().text;
  }
  void step();
  bool read_special_line();
  void read_control(std::string_view line, std::size_t offset);
  void read_expression();
  void read_python();
  bool read_python_line(std::span<const PythonToken> line, std::size_t offset, bool module);
  std::vector<PythonToken> tokens_of(std::string_view source, std::size_t offset) const;
  void begin(Node owner);
  void end_body();

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::vector<Open> stack_;
};

void Parser::step() {
  if (at_line_begin() && read_special_line()) return;
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("${")) {
    read_expression();
  } else if (rest.starts_with("<%doc>")) {
    const std::size_t end = text_.find("</%doc>", at_);
    if (end == std::string_view::npos) fail(at_, "a <%doc> is not ended");
    at_ = end + 7;
  } else if (rest.size() > 2 && rest.starts_with("<%") &&
             std::string_view("! \t\r\n").find(rest[2]) != std::string_view::npos) {
    read_python();
  } else if (rest.starts_with("<%") || rest.starts_with("</%")) {
    fail(at_, "this part of the template needs Python");
  } else if (rest.starts_with("\\\n")) {
    at_ += 2;
  } else if (rest.starts_with("\\\r\n")) {
    at_ += 3;
  } else {
    text() += text_[at_++];
  }
}

// "% if", "##" and "%%". Whether the line, or its beginning, was one of them.
bool Parser::read_special_line() {
  const std::size_t first = text_.find_first_not_of(" \t", at_);
  if (first == std::string_view::npos) return false;
  const std::size_t end = std::min(text_.find('\n', first), text_.size());
  const std::string_view line = text_.substr(first, end - first);
  if (line.starts_with("%%")) {
    text() += text_.substr(at_, first - at_);
    text() += '%';
    at_ = first + 2;
    return true;
  }
  if (!line.starts_with("##") && !line.starts_with('%')) return false;
  if (line.starts_with('%')) read_control(line.substr(1), first + 1);
  at_ = std::min(end + 1, text_.size());
  return true;
}

std::vector<PythonToken> Parser::tokens_of(std::string_view source, std::size_t offset) const {
  PythonLexer lexer(source);
  std::vector<PythonToken> result;
  for (PythonToken token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
    if (token.kind == Kind::wrong || token.kind == Kind::unfinished) {
      fail(offset, "this line is no Python");
    }
    if (token.kind != Kind::line_end) result.push_back(token);
  }
  return result;
}

void Parser::begin(Node owner) {
  constexpr std::size_t max_depth = 50;
  if (stack_.size() > max_depth) fail(at_, "the template is nested too deeply");
  stack_.push_back({{}, std::move(owner)});
}

void Parser::end_body() {
  stack_.back().owner.bodies.push_back(std::exchange(stack_.back().nodes, {}));
}

void Parser::read_control(std::string_view line, std::size_t offset) {
  std::vector<PythonToken> tokens = tokens_of(line, offset);
  if (tokens.empty()) return;
  const std::string_view word = tokens.front().text;
  const bool ends = word == "endif" || word == "endfor";
  if (!ends && !tokens.back().is(":")) fail(offset, "this line must end with a colon");
  if (!ends) tokens.pop_back();
  const auto rest = [&](std::size_t from) {
    return std::vector<PythonToken>(tokens.begin() + static_cast<std::ptrdiff_t>(from),
                                    tokens.end());
  };
  Node* const open = stack_.size() > 1 ? &stack_.back().owner : nullptr;
  const bool in_if = open != nullptr && open->what == Node::What::branches;
  if (word == "if" && tokens.size() > 1) {
    Node node;
    node.what = Node::What::branches;
    node.offset = offset;
    node.conditions.push_back(rest(1));
    begin(std::move(node));
  } else if ((word == "elif" || word == "else") && in_if) {
    end_body();
    open->conditions.push_back(rest(1));
  } else if (word == "for" && tokens.size() > 3 && tokens[2].text == "in") {
    Node node;
    node.what = Node::What::loop;
    node.offset = offset;
    node.text = tokens[1].text;
    node.tokens = rest(3);
    begin(std::move(node));
  } else if (ends && open != nullptr && in_if == (word == "endif")) {
    end_body();
    Node node = std::move(stack_.back().owner);
    stack_.pop_back();
    stack_.back().nodes.push_back(std::move(node));
  } else {
    fail(offset, fmt::format("\"% {}\" is not known here", word));
  }
}

void Parser::read_expression() {
  Node node;
  node.what = Node::What::expression;
  node.offset = at_;
  PythonLexer lexer(text_.substr(at_ + 2));
  int depth = 0;
  bool filters = false;
  for (;;) {
    const PythonToken token = lexer.next();
    if (token.kind == Kind::end || token.kind == Kind::wrong || token.kind == Kind::unfinished) {
      fail(at_, "this expression is not closed, or no Python");
    }
    if (token.kind == Kind::line_end) continue;
    if (depth == 0 && token.is("}")) {
      at_ += 2 + token.offset + 1;
      break;
    }
    if (token.is("(") || token.is("[") || token.is("{")) ++depth;
    if (token.is(")") || token.is("]") || token.is("}")) --depth;
    if (depth == 0 && token.is("|")) {
      filters = true;
    } else if (!filters) {
      node.tokens.push_back(token);
    } else if (!token.is(",")) {
      node.filters.emplace_back(token.text);
    }
  }
  if (node.tokens.empty()) fail(node.offset, "this expression is empty");
  stack_.back().nodes.push_back(std::move(node));
}

// <% name = expression %>, <%! import re %>; and what asks Flask's application.
void Parser::read_python() {
  const std::size_t offset = at_;
  const std::size_t end = text_.find("%>", at_);
  if (end == std::string_view::npos) fail(at_, "a <% is not ended");
  const bool module = text_[at_ + 2] == '!';
  const std::size_t begin = at_ + (module ? 3 : 2);
  const std::string_view source = text_.substr(begin, end - begin);
  at_ = end + 2;
  if (!module && source.find("current_app") != std::string_view::npos) {
    Node node;
    node.what = Node::What::binds;
    node.offset = offset;
    stack_.back().nodes.push_back(std::move(node));
    return;
  }
  PythonLines lines(source);
  bool known = true;
  while (known && lines.next()) known = read_python_line(lines.tokens(), offset, module);
  if (!known || lines.fault().kind != Kind::end)
    fail(offset, "this part of the template needs Python");
}

bool Parser::read_python_line(std::span<const PythonToken> line, std::size_t offset, bool module) {
  if (line.size() == 2 && line[0].text == "import" && line[1].text == "re") return true;
  const auto assignment = module ? std::nullopt : assignment_in(line);
  if (!assignment) return false;
  Node node;
  node.what = Node::What::assignment;
  node.offset = offset;
  node.tokens.assign(assignment->value.begin(), assignment->value.end());
  for (const std::string_view name : assignment->names) node.names.emplace_back(name);
  stack_.back().nodes.push_back(std::move(node));
  return true;
}

class Renderer {
 public:
  Renderer(std::string_view text, const std::string& file, const MakoValues& values)
      : text_(text), file_(file), values_(values) {}

  void render(const std::vector<Node>& nodes) {
    for (const Node& node : nodes) render(node);
  }
  std::string take() { return std::move(result_); }

 private:
  void render(const Node& node);
  void bind_names(std::size_t offset);
  PythonConstant value(std::span<const PythonToken> tokens, std::size_t offset) const;
  std::string filtered(PythonConstant value, const Node& node) const;

  std::string_view text_;
  const std::string& file_;
  MakoValues values_;
  std::string result_;
};

PythonConstant Renderer::value(std::span<const PythonToken> tokens, std::size_t offset) const {
  const MakoResult result = evaluate_mako(tokens, values_);
  if (result.value) return *result.value;
  throw fault_at(text_, offset, {file_, 1, 1, {}}, result.fault,
                 "Limbeck renders what templates of scripts commonly use, and runs no Python");
}

std::string Renderer::filtered(PythonConstant value, const Node& node) const {
  // "n" takes away the filter that is there by default, which is str.
  const bool as_it_is = std::count(node.filters.begin(), node.filters.end(), "n") > 0;
  if (!as_it_is) {
    value.text = python_str(value);
    value.kind = PythonConstant::Kind::text;
  }
  for (const std::string& filter : node.filters) {
    if (filter == "n") continue;
    MakoResult result = call_mako_function(filter, value);
    if (!result.value) {
      throw fault_at(text_, node.offset, {file_, 1, 1, {}},
                     fmt::format("the filter {} is not known here", filter));
    }
    value = *std::move(result.value);
  }
  return python_str(value);
}

// As Flask-Migrate's template calls them: db_names has the main one, too.
void Renderer::bind_names(std::size_t offset) {
  if (!values_.flask_engines)
    throw fault_at(text_, offset, {file_, 1, 1, {}},
                   "this part of the template asks the Flask application for its databases",
                   "list them in the table [alembic.engines] of limbeck.toml");
  PythonConstant all;
  all.kind = PythonConstant::Kind::collection;
  for (const std::string& name : *values_.flask_engines) {
    PythonConstant& item = all.items.emplace_back();
    item.kind = PythonConstant::Kind::text;
    item.text = name;
  }
  PythonConstant bound = all;
  std::erase_if(bound.items, [](const PythonConstant& it) { return it.text.empty(); });
  values_.names.insert_or_assign("db_names", std::move(all));
  values_.names.insert_or_assign("bind_names", std::move(bound));
}

void Renderer::render(const Node& node) {
  switch (node.what) {
    case Node::What::text:
      result_ += node.text;
      return;
    case Node::What::expression:
      result_ += filtered(value(node.tokens, node.offset), node);
      return;
    case Node::What::branches:
      for (std::size_t i = 0; i < node.bodies.size(); ++i) {
        const auto& condition = node.conditions[i];
        if (!condition.empty() && !is_true(value(condition, node.offset))) continue;
        render(node.bodies[i]);
        return;
      }
      return;
    case Node::What::loop:
      for (const PythonConstant& item : value(node.tokens, node.offset).items) {
        values_.names.insert_or_assign(node.text, item);
        render(node.bodies.front());
      }
      return;
    case Node::What::assignment: {
      const PythonConstant assigned = value(node.tokens, node.offset);
      for (const std::string& name : node.names) values_.names.insert_or_assign(name, assigned);
      return;
    }
    case Node::What::binds:
      bind_names(node.offset);
      return;
  }
}

}  // namespace

std::string render_mako(std::string_view text, const std::string& file, const MakoValues& values) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::vector<Node> nodes = Parser(text, file).parse();
  Renderer renderer(text, file, values);
  renderer.render(nodes);
  return renderer.take();
}

}  // namespace limbeck::alembic
