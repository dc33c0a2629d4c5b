#include "alembic/python_code_hash.h"

#include <doctest/doctest.h>

using limbeck::alembic::python_code_hash;

namespace {

bool same(std::string_view left, std::string_view right) {
  CHECK_FALSE(python_code_hash(left).empty());
  return python_code_hash(left) == python_code_hash(right);
}

}  // namespace

TEST_CASE("layout is not code") {
  CHECK(same("x = 1\n", "# why\n\nx=1 # one"));
  CHECK(same("def f():\n  '''Doc.'''\n  a(1, 'b')\n  c()\n",
             "def f():\n    \"Another\"\n    a(\n        1,\n        \"b\",\n    )\n\n    c()\n"));
  CHECK(same("x = [1, 2]\ny = {'a': 1}", "x = [\n  1,\n  2,\n]\ny = {'a': 1,}"));
  CHECK(same("x = (1, 2)", "x = (1, 2,)"));
  CHECK(same("x = [a]", "x = [\n    a,\n]"));
  CHECK(same("f(a)(b)", "f(a,)(b,)"));
  CHECK(same("if a:\n\tb()\nc()", "if a:\n        b()\nc()"));
}

TEST_CASE("code is code") {
  CHECK_FALSE(same("x = 1", "x = 2"));
  CHECK_FALSE(same("x = (1)", "x = (1,)"));
  CHECK_FALSE(same("f((a))", "f((a,))"));
  CHECK_FALSE(same("return (1)", "return (1,)"));
  CHECK_FALSE(same("x = a[1]", "x = a[1,]"));
  CHECK_FALSE(same("if a:\n  b()\nc()", "if a:\n  b()\n  c()"));
  CHECK_FALSE(same("x = 'a # b'", "x = 'a # c'"));
  CHECK_FALSE(same("x = '''a\n  b'''", "x = '''a\n b'''"));
  CHECK_FALSE(same("x = 'a' 'b'; y", "x = 'a'; 'b'; y"));
  CHECK_FALSE(same("x = f'{a}'", "x = '{a}'"));
  CHECK_FALSE(same("x = b'a'", "x = 'a'"));
  CHECK_FALSE(same("ab", "a; b"));
  CHECK_FALSE(same("x = 'ab'", "x = ab"));
}

TEST_CASE("what is no Python has no such hash") {
  CHECK(python_code_hash("x = 'a\n").empty());
  CHECK(python_code_hash("f(").empty());
}
