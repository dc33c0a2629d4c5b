#include "base/redact.h"

#include <doctest/doctest.h>

namespace limbeck::test {

TEST_CASE("a password is covered, and columns stay what they are") {
  CHECK(masked("CREATE ROLE a PASSWORD 'geheim' LOGIN") == "CREATE ROLE a PASSWORD '******' LOGIN");
  CHECK(masked("ALTER USER a IDENTIFIED BY 'ü1'") == "ALTER USER a IDENTIFIED BY '**'");
  CHECK(masked("OPTIONS (user 'u', password 'it''s')") == "OPTIONS (user 'u', password '*****')");
  CHECK(masked("CONNECTION 'host=h password=x user=u'") == "CONNECTION 'host=h password=* user=u'");
  CHECK(masked("SELECT 'postgresql://u:pw@h/d'") == "SELECT 'postgresql://u:**@h/d'");
  CHECK(masked("SELECT password FROM users") == "SELECT password FROM users");
}

}  // namespace limbeck::test
