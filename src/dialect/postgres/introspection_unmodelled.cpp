// What users made and no other topic reads, by name.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

// Each query gives lines of text.
constexpr std::array<std::string_view, 7> queries{
    "SELECT format('large objects (%s)', count(*)) FROM pg_largeobject_metadata HAVING count(*) > "
    "0",

    "SELECT format('security label of %s on %s', s.provider, pg_describe_object(s.classoid, "
    "s.objoid, s.objsubid)) FROM pg_seclabel s",

    // A base type and its functions need each other; only C functions can make one.
    "SELECT format('base type %s', format_type(t.oid, NULL)) FROM pg_type t WHERE t.typtype = 'b' "
    "AND t.oid >= 16384 AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray "
    "= "
    "t.oid) AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 1247 AND d.objid = t.oid AND "
    "d.deptype IN ('e', 'i'))",

    "SELECT format('relation %s of an unknown kind (%s)', c.oid::regclass, c.relkind) FROM "
    "pg_class "
    "c WHERE c.oid >= 16384 AND c.relkind NOT IN ('r', 'p', 'f', 'v', 'm', 'c', 'S', 'i', 'I', "
    "'t')",

    "SELECT format('function %s of an unknown kind (%s)', p.oid::regprocedure, p.prokind) FROM "
    "pg_proc p WHERE p.oid >= 16384 AND p.prokind NOT IN ('f', 'p', 'w', 'a')",

    "SELECT format('type %s of an unknown kind (%s)', format_type(t.oid, NULL), t.typtype) FROM "
    "pg_type t WHERE t.oid >= 16384 AND t.typtype NOT IN ('b', 'c', 'd', 'e', 'r', 'm', 'p')",

    // Superusers can make functions and types among the server's own.
    "SELECT format('%s in %s', pg_describe_object(x.classid, x.oid, 0), n.nspname) FROM (SELECT "
    "1259 AS classid, c.oid, c.relnamespace AS namespace FROM pg_class c WHERE c.relkind NOT IN "
    "('i', 'I', 't') UNION ALL SELECT 1255, p.oid, p.pronamespace FROM pg_proc p UNION ALL SELECT "
    "1247, t.oid, t.typnamespace FROM pg_type t WHERE t.typtype IN ('b', 'd', 'e', 'r', 'p') "
    "UNION ALL SELECT 2617, o.oid, o.oprnamespace FROM pg_operator o WHERE o.oprcode <> 0) x JOIN "
    "pg_namespace n ON n.oid = x.namespace WHERE x.oid >= 16384 AND n.nspname IN ('pg_catalog', "
    "'information_schema') AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = x.classid AND "
    "e.objid = x.oid AND e.deptype IN ('e', 'i'))",
};

}  // namespace

void read_unmodelled(CatalogReader& reader) {
  std::string sql;
  for (const std::string_view query : queries)
    sql += fmt::format("{}{}", sql.empty() ? "" : " UNION ALL ", query);
  reader.each(sql, [&](Fields& row) { reader.unmodelled(row.text()); });
}

}  // namespace limbeck::postgres
