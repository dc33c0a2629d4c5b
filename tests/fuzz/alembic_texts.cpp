#include "alembic/command_words.h"
#include "alembic/header.h"
#include "alembic/ini.h"
#include "alembic/mako.h"
#include "alembic/python_body.h"
#include "split_check.h"

namespace {

using namespace limbeck;

void check_error(const Error& error) {
  require(error.code() == ExitCode::invalid_project && error.report().place);
}

// What the beginning of a script says is what the whole script says, unless a name is assigned
// again below.
void check_header(std::string_view text) {
  try {
    const auto whole = alembic::read_script_header(text, "f.py", true);
    require(whole.has_value());
    require(whole->computed || !whole->revision.id.empty());
  } catch (const Error& error) {
    check_error(error);
  }
  try {
    alembic::read_script_header(text.substr(0, text.size() / 2), "f.py", false);
  } catch (const Error& error) {
    check_error(error);
  }
}

void check_ini(std::string_view text) {
  try {
    const alembic::IniFile ini = alembic::IniFile::parse(text, "f.ini");
    for (const std::string& section : ini.sections()) {
      for (const std::string& name : ini.names(section)) ini.get(section, name);
    }
  } catch (const Error& error) {
    check_error(error);
  }
}

void check_mako(std::string_view text) {
  alembic::MakoValues values;
  values.names["message"].kind = alembic::PythonConstant::Kind::text;
  values.names["message"].text = "text";
  values.names["down_revision"].kind = alembic::PythonConstant::Kind::collection;
  values.names["down_revision"].items.resize(2);
  try {
    alembic::render_mako(text, "f.mako", values);
  } catch (const Error& error) {
    check_error(error);
  }
}

// A literal for op.execute() is one string, and Python reads from it what went in, but for
// backslashes before colons.
void check_literal(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return;
  const std::string literal = alembic::execute_literal(text);
  alembic::PythonLexer lexer(literal);
  const alembic::PythonToken token = lexer.next();
  require(token.kind == alembic::PythonToken::Kind::string && token.text == literal);
  const auto read = alembic::python_string(literal);
  require(read.has_value());
  if (text.find_first_of(":\r") == std::string_view::npos) require(*read == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_header(text);
  check_ini(text);
  check_mako(text);
  check_literal(text);
  alembic::command_words(text);
  return 0;
}
