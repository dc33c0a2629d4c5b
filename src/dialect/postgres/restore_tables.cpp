#include "dialect/postgres/restore_tables.h"

#include <fmt/format.h>
#include <vector>

#include "dialect/postgres/connection.h"
#include "dialect/postgres/dialect.h"
#include "dialect/postgres/dump_programs.h"
#include "dialect/postgres/dump_script.h"

namespace limbeck::postgres {
namespace {

// A foreign key of a table that stays, to one that is replaced. Names are quoted.
struct OutsideKey {
  std::string table = {};
  std::string name = {};
  std::string definition = {};
  std::string comment = {};  // a literal; empty: none
};

constexpr std::string_view foreign_key_violation = "23503";
constexpr std::string_view dependents_there = "2BP01";

void run(Connection& connection, const std::string& sql) {
  const Command command{.sql = sql};
  connection.run({&command, 1}, Wrap::open_transaction);
}

// Those of the tables that are there, for a list in parentheses; never empty.
std::string ids_of(Connection& connection, const std::vector<QualifiedName>& tables) {
  std::string ids = "0";
  for (const QualifiedName& table : tables) {
    const Command command{.sql = "SELECT pg_catalog.to_regclass($1)::pg_catalog.oid",
                          .parameters = {dialect().quote(table)}};
    const Value id = connection.query(command).rows.at(0).at(0);
    if (!is_null(id)) ids += ", " + text_of(id);
  }
  return ids;
}

// Partitions have theirs from the table above them.
std::vector<OutsideKey> outside_keys(Connection& connection, const std::string& ids) {
  const ResultSet found = connection.query(
      {.sql = fmt::format(
           "SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), "
           "pg_catalog.quote_ident(k.conname), pg_catalog.pg_get_constraintdef(k.oid), "
           "pg_catalog.quote_literal(pg_catalog.obj_description(k.oid, 'pg_constraint')) "
           "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND "
           "k.conparentid = 0 AND k.confrelid IN ({0}) AND k.conrelid NOT IN ({0}) ORDER BY 1, 2",
           ids)});
  std::vector<OutsideKey> keys;
  for (const Row& row : found.rows)
    keys.push_back({text_of(row.at(0)), text_of(row.at(1)), text_of(row.at(2)),
                    is_null(row.at(3)) ? "" : text_of(row.at(3))});
  return keys;
}

// What goes with a table and is not in pg_dump's output of it, as statements that make it again:
// extended statistics, and that publications publish it.
std::vector<std::string> companions(Connection& connection, const std::string& ids) {
  constexpr std::string_view statistics =
      "SELECT made.sql FROM pg_catalog.pg_statistic_ext s "
      "JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace, "
      "LATERAL pg_catalog.unnest(ARRAY[pg_catalog.pg_get_statisticsobjdef(s.oid), "
      "pg_catalog.format('ALTER STATISTICS %I.%I OWNER TO %I', n.nspname, s.stxname, "
      "pg_catalog.pg_get_userbyid(s.stxowner)), "
      "CASE WHEN s.stxstattarget >= 0 THEN pg_catalog.format("
      "'ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget) END, "
      "pg_catalog.format('COMMENT ON STATISTICS %I.%I IS %L', n.nspname, s.stxname, "
      "pg_catalog.obj_description(s.oid, 'pg_statistic_ext'))]) "
      "WITH ORDINALITY AS made(sql, place) "
      "WHERE s.stxrelid IN ({}) AND made.sql IS NOT NULL ORDER BY s.oid, made.place";
  constexpr std::string_view publications =
      "SELECT pg_catalog.format('ALTER PUBLICATION %I ADD TABLE ONLY %I.%I', p.pubname, n.nspname, "
      "c.relname){} FROM pg_catalog.pg_publication_rel r JOIN pg_catalog.pg_publication p "
      "ON p.oid = r.prpubid JOIN pg_catalog.pg_class c ON c.oid = r.prrelid "
      "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
      "WHERE r.prrelid IN ({}) ORDER BY 1";
  // Since PostgreSQL 15: columns and a filter of rows.
  constexpr std::string_view of_columns_and_rows =
      " || coalesce(' (' || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' "
      "ORDER BY a.attnum) FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid "
      "AND a.attnum = ANY (r.prattrs)) || ')', '') || "
      "coalesce(' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')', '')";
  const bool has_filters = text_of(connection
                                       .query({.sql = "SELECT CASE WHEN pg_catalog.current_setting("
                                                      "'server_version_num')::integer >= 150000 "
                                                      "THEN 'yes' END"})
                                       .rows.at(0)
                                       .at(0)) == "yes";
  std::vector<std::string> made;
  for (const std::string& query :
       {fmt::format(statistics, ids),
        fmt::format(publications, has_filters ? of_columns_and_rows : "", ids)}) {
    for (const Row& row : connection.query({.sql = query}).rows) made.push_back(text_of(row.at(0)));
  }
  return made;
}

void make_again(Connection& connection, const OutsideKey& key) {
  try {
    run(connection,
        fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", key.table, key.name, key.definition));
  } catch (DatabaseError& error) {
    if (error.failure().sqlstate == foreign_key_violation) {
      error.report().message = fmt::format(
          "rows of {} refer to rows that the backup does not hold ({})", key.table, key.name);
      error.report().hint =
          "mend or delete these rows first; or restore into another database with --url, and take "
          "the rows from there";
    }
    throw;
  }
  if (!key.comment.empty())
    run(connection,
        fmt::format("COMMENT ON CONSTRAINT {} ON {} IS {}", key.name, key.table, key.comment));
}

void replace(Connection& connection, const std::string& file, const RestoreRequest& request,
             const std::filesystem::path& program) {
  DumpScript script(connection);
  DumpProgram dump{.path = program,
                   .arguments = {"--file=-", "--clean", "--if-exists"},
                   .interrupt = request.interrupt,
                   .take = [&](std::string_view bytes) { script.take(bytes); }};
  if (!request.owners)
    dump.arguments.insert(dump.arguments.end(), {"--no-owner", "--no-privileges"});
  dump.arguments.push_back(file);
  run_dump_program(dump, "the restore failed");
  script.finish();
}

}  // namespace

void restore_tables(const DatabaseUrl& url, const std::string& file, const RestoreRequest& request,
                    const std::filesystem::path& program) {
  PostgresConnection connection(url, ConnectOptions{.interrupt = request.interrupt});
  connection.begin();
  try {
    // Names are written with their schemas then.
    run(connection, "SELECT pg_catalog.set_config('search_path', '', false)");
    const std::string ids = ids_of(connection, request.tables);
    const std::vector<OutsideKey> keys = outside_keys(connection, ids);
    const std::vector<std::string> with_tables = companions(connection, ids);
    for (const OutsideKey& key : keys)
      run(connection, fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", key.table, key.name));
    replace(connection, file, request, program);
    for (const OutsideKey& key : keys) make_again(connection, key);
    for (const std::string& statement : with_tables) run(connection, statement);
    connection.commit();
  } catch (DatabaseError& error) {
    connection.rollback();
    if (error.failure().sqlstate == dependents_there)
      error.report().hint =
          "what stands on these tables (a view, a table that inherits) keeps them from being "
          "replaced: restore into another database with --url, and take the rows from there";
    throw;
  } catch (...) {
    connection.rollback();
    throw;
  }
}

}  // namespace limbeck::postgres
