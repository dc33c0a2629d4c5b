#include "plan/script_imports.h"

#include <doctest/doctest.h>
#include <string>

using namespace limbeck;

TEST_CASE("scripts that ask the database and act beside it") {
  const auto acts = [](const char* up, const char* down = "    pass\n") {
    const std::string script = std::string("import os\n\ndef upgrade():\n") + up +
                               "\n\n# Back\ndef downgrade() -> None:\n" + down;
    return asks_and_acts(script, Direction::upgrade);
  };
  CHECK(acts("    print(conn.execute(q).scalar())\n"));
  CHECK(acts("    n = conn.execute(q).fetchall()\n    os.remove('a')\n"));
  CHECK_FALSE(acts("    print('a')\n"));
  CHECK_FALSE(acts("    n = conn.execute(q).fetchall()\n"));
  CHECK_FALSE(acts("    n = conn.execute(q).first()\n    infos.pos.a = reopen(n)\n"));
  // The other direction is another matter.
  CHECK_FALSE(acts("    pass\n", "    print(conn.execute(q).scalar())\n"));
  CHECK(asks_and_acts("def helper():\n    print(c.scalar())\ndef upgrade():\n    helper()\n",
                      Direction::downgrade));
}

TEST_CASE("scripts whose functions take something") {
  const auto takes = [](const char* source) { return takes_argument(source, Direction::upgrade); };
  CHECK(takes("x = 1\ndef upgrade(engine_name: str) -> None:\n    pass\n"));
  CHECK(takes("def upgrade(\n    engine_name,\n):\n    pass\n"));
  CHECK(takes("    def upgrade():\n        pass\ndef upgrade(name=''):\n    pass\n"));
  CHECK_FALSE(takes("def upgrade():\n    pass\ndef downgrade(engine_name):\n    pass\n"));
  CHECK_FALSE(takes("def upgrade( ):\n    pass\n"));
  CHECK_FALSE(takes("class A:\n    def upgrade(self):\n        pass\n"));
  CHECK_FALSE(takes(""));
}

TEST_CASE("scripts that reach others") {
  CHECK(may_reach_others("import sqlalchemy as sa\nsa.Text = sa.Integer\n"));
  CHECK(may_reach_others("@event.listens_for(Table, 'x')\n"));
  CHECK(may_reach_others("    context.config.attributes = {}\n"));
  CHECK_FALSE(may_reach_others("x = sa.Text\nop.f('a.b = c')\nif a.b == c: pass\nf(a.b, c=1)\n"));
}
