#include "dialect/postgres/database_options.h"

#include <fmt/format.h>

#include "dialect/postgres/dialect.h"

namespace limbeck::postgres {
// The catalog's columns have changed their names between versions.
std::string database_options(Connection& connection) {
  const ResultSet facts = connection.query(
      {.sql = "SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, "
              "pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocprovider', "
              "coalesce(pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'datlocale', "
              "pg_catalog.to_jsonb(d) OPERATOR(pg_catalog.->>) 'daticulocale'), CASE WHEN "
              "pg_catalog.pg_has_role(d.datdba, 'USAGE') THEN "
              "pg_catalog.pg_get_userbyid(d.datdba) END FROM pg_catalog.pg_database d WHERE "
              "d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"});
  const Row& row = facts.rows.at(0);
  std::string options = fmt::format(
      "TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}", quoted_text(text_of(row.at(0))),
      quoted_text(text_of(row.at(1))), quoted_text(text_of(row.at(2))));
  if (text_of(row.at(3)) == "i")
    options += fmt::format(" LOCALE_PROVIDER icu ICU_LOCALE {}", quoted_text(text_of(row.at(4))));
  if (!is_null(row.at(5))) options += " OWNER " + quoted_name(text_of(row.at(5)));
  return options;
}

std::vector<std::string> database_properties(Connection& connection, const std::string& name) {
  // The server writes the statements: format's %I and %L quote as it reads.
  const ResultSet found = connection.query(
      {.sql =
           "WITH d AS (SELECT * FROM pg_catalog.pg_database WHERE datname OPERATOR(pg_catalog.=) "
           "pg_catalog.current_database()), n AS (SELECT $1::pg_catalog.text AS name) "
           "SELECT 0, pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', n.name) FROM d, n "
           "WHERE d.datacl IS NOT NULL UNION ALL "
           "SELECT 1, pg_catalog.format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, "
           "n.name, CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC' ELSE "
           "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END, CASE WHEN "
           "a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM n, d, "
           "pg_catalog.aclexplode(d.datacl) a WHERE a.grantee OPERATOR(pg_catalog.<>) d.datdba "
           "UNION ALL "
           "SELECT 2, pg_catalog.format('ALTER DATABASE %I CONNECTION LIMIT %s', n.name, "
           "d.datconnlimit) FROM d, n WHERE d.datconnlimit OPERATOR(pg_catalog.>=) 0 UNION ALL "
           "SELECT 3, pg_catalog.format('COMMENT ON DATABASE %I IS %L', n.name, s.description) "
           "FROM "
           "n, d JOIN pg_catalog.pg_shdescription s ON s.objoid OPERATOR(pg_catalog.=) d.oid AND "
           "s.classoid OPERATOR(pg_catalog.=) 'pg_catalog.pg_database'::pg_catalog.regclass "
           "ORDER BY 1",
       .parameters = {name}});
  std::vector<std::string> statements;
  for (const Row& row : found.rows) statements.push_back(text_of(row.at(1)));
  // "search_path=app, public": a list has its items quoted already, anything else is one text.
  const ResultSet settings = connection.query(
      {.sql = "SELECT CASE WHEN s.setrole OPERATOR(pg_catalog.=) 0 THEN '' ELSE "
              "pg_catalog.pg_get_userbyid(s.setrole)::pg_catalog.text END, "
              "pg_catalog.split_part(c.setting, '=', 1), pg_catalog.substr(c.setting, "
              "pg_catalog.strpos(c.setting, '=') OPERATOR(pg_catalog.+) 1) FROM "
              "pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid "
              "OPERATOR(pg_catalog.=) s.setdatabase CROSS JOIN LATERAL "
              "pg_catalog.unnest(s.setconfig) c(setting) WHERE d.datname OPERATOR(pg_catalog.=) "
              "pg_catalog.current_database()"});
  for (const Row& row : settings.rows) {
    const std::string role = text_of(row.at(0));
    const std::string setting = text_of(row.at(1));
    const std::string value = text_of(row.at(2));
    const bool is_list = setting == "search_path" || setting == "temp_tablespaces" ||
                         setting.ends_with("_preload_libraries") || setting == "DateStyle";
    statements.push_back(fmt::format(
        "ALTER {} SET {} TO {}",
        role.empty() ? fmt::format("DATABASE {}", quoted_name(name))
                     : fmt::format("ROLE {} IN DATABASE {}", quoted_name(role), quoted_name(name)),
        setting, is_list && !value.empty() ? value : quoted_text(value)));
  }
  return statements;
}

}  // namespace limbeck::postgres
