// What is kept as the statements that make it: casts, operators, operator classes and families,
// conversions, transforms, access methods, languages, shell types.
//
// Each query gives the place, what the object is, its schema and name, the statements that make it
// (separated by ";\n" where they are several), and what follows DROP.
#include "dialect/postgres/introspection_opaque.h"

#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

void read_casts(CatalogReader& reader) {
  // That of a range to its multirange belongs to the type.
  read_opaque(
      reader,
      {.oid = catalog::cast,
       .what = "cast",
       .name_space = "''",
       .name = "format_type(o.castsource, NULL) || ' AS ' || format_type(o.casttarget, NULL)",
       .create =
           "format('CREATE CAST (%s AS %s) %s%s', format_type(o.castsource, NULL), "
           "format_type(o.casttarget, NULL), CASE o.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || "
           "o.castfunc::regprocedure WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END, CASE "
           "o.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END)",
       .drop = "format('CAST (%s AS %s)', format_type(o.castsource, NULL), "
               "format_type(o.casttarget, NULL))",
       .from = "pg_cast o WHERE o.oid NOT IN (SELECT i.objid FROM pg_depend i WHERE i.classid = "
               "2605 AND i.deptype = 'i')"});
}

void read_operators(CatalogReader& reader) {
  // Those without a function are only promised, by another's COMMUTATOR or NEGATOR.
  read_opaque(
      reader,
      {.oid = catalog::operation,
       .what = "operator",
       .name_space = "n.nspname",
       .name = "format('%s(%s, %s)', o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE "
               "format_type(o.oprleft, NULL) END, CASE WHEN o.oprright = 0 THEN 'NONE' ELSE "
               "format_type(o.oprright, NULL) END)",
       .create =
           "format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ', 'FUNCTION = "
           "' || o.oprcode::text, CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || "
           "format_type(o.oprleft, NULL) END, CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || "
           "format_type(o.oprright, NULL) END, (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', "
           "xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = "
           "x.oprnamespace WHERE x.oid = o.oprcom), (SELECT format('NEGATOR = OPERATOR(%I.%s)', "
           "xn.nspname, x.oprname) FROM pg_operator x JOIN pg_namespace xn ON xn.oid = "
           "x.oprnamespace WHERE x.oid = o.oprnegate), CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' "
           "|| o.oprrest::text END, CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin::text "
           "END, "
           "CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END))",
       .drop = "format('OPERATOR %I.%s (%s, %s)', n.nspname, o.oprname, CASE WHEN o.oprleft = 0 "
               "THEN 'NONE' ELSE format_type(o.oprleft, NULL) END, CASE WHEN o.oprright = 0 THEN "
               "'NONE' ELSE format_type(o.oprright, NULL) END)",
       .from = "pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oprcode <> 0 "
               "AND n.oid = ANY (@)"});
}

// The operators and functions that a class (@ = 2616) was made with, or that a family (@ = 2753)
// was given afterwards.
std::string members_of(CatalogOid owner) {
  return fmt::format(
      "(SELECT string_agg(m.t, ', ' ORDER BY m.k, m.n, m.t) FROM (SELECT 0 AS k, am.amopstrategy "
      "AS "
      "n, format('OPERATOR %s %I.%s(%s, %s)', am.amopstrategy, xn.nspname, x.oprname, "
      "format_type(am.amoplefttype, NULL), format_type(am.amoprighttype, NULL)) || CASE WHEN "
      "am.amoppurpose = 'o' THEN (SELECT format(' FOR ORDER BY %I.%I', fn.nspname, f.opfname) FROM "
      "pg_opfamily f JOIN pg_namespace fn ON fn.oid = f.opfnamespace WHERE f.oid = "
      "am.amopsortfamily) ELSE '' END AS t FROM pg_depend md JOIN pg_amop am ON am.oid = md.objid "
      "JOIN pg_operator x ON x.oid = am.amopopr JOIN pg_namespace xn ON xn.oid = x.oprnamespace "
      "WHERE md.classid = {1} AND md.refclassid = {0} AND md.refobjid = o.oid UNION ALL SELECT 1, "
      "ap.amprocnum, format('FUNCTION %s (%s, %s) %s', ap.amprocnum, "
      "format_type(ap.amproclefttype, "
      "NULL), format_type(ap.amprocrighttype, NULL), ap.amproc::regprocedure) FROM pg_depend md "
      "JOIN pg_amproc ap ON ap.oid = md.objid WHERE md.classid = {2} AND md.refclassid = {0} AND "
      "md.refobjid = o.oid) m)",
      owner, catalog::access_method_operator, catalog::access_method_procedure);
}

void read_operator_families(CatalogReader& reader) {
  const std::string members = members_of(catalog::operator_family);
  const std::string create = fmt::format(
      "concat_ws(E';\\n', format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, o.opfname, "
      "am.amname), 'ALTER OPERATOR FAMILY ' || format('%I.%I USING %I ADD ', n.nspname, o.opfname, "
      "am.amname) || {})",
      members);
  read_opaque(reader, {.oid = catalog::operator_family,
                       .what = "operator family",
                       .name_space = "n.nspname",
                       .name = "o.opfname || ' USING ' || am.amname",
                       .create = create,
                       .drop = "format('OPERATOR FAMILY %I.%I USING %I', n.nspname, o.opfname, "
                               "am.amname)",
                       .from = "pg_opfamily o JOIN pg_namespace n ON n.oid = o.opfnamespace JOIN "
                               "pg_am am ON am.oid = o.opfmethod WHERE n.oid = ANY (@)"});
}

void read_operator_classes(CatalogReader& reader) {
  const std::string create = fmt::format(
      "format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS %s', n.nspname, "
      "o.opcname, CASE WHEN o.opcdefault THEN ' DEFAULT' ELSE '' END, format_type(o.opcintype, "
      "NULL), am.amname, fn.nspname, f.opfname, concat_ws(', ', CASE WHEN o.opckeytype <> 0 THEN "
      "'STORAGE ' || format_type(o.opckeytype, NULL) END, {}, CASE WHEN o.opckeytype = 0 AND NOT "
      "EXISTS (SELECT FROM pg_depend md WHERE md.classid IN ({}, {}) AND md.refclassid = {} AND "
      "md.refobjid = o.oid) THEN 'STORAGE ' || format_type(o.opcintype, NULL) END))",
      members_of(catalog::operator_class), catalog::access_method_operator,
      catalog::access_method_procedure, catalog::operator_class);
  read_opaque(
      reader,
      {.oid = catalog::operator_class,
       .what = "operator class",
       .name_space = "n.nspname",
       .name = "o.opcname || ' USING ' || am.amname",
       .create = create,
       .drop = "format('OPERATOR CLASS %I.%I USING %I', n.nspname, o.opcname, am.amname)",
       .from = "pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am am ON am.oid "
               "= o.opcmethod JOIN pg_opfamily f ON f.oid = o.opcfamily JOIN pg_namespace fn ON "
               "fn.oid = f.opfnamespace WHERE n.oid = ANY (@)"});
}

void read_conversions(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::conversion,
       .what = "conversion",
       .name_space = "n.nspname",
       .name = "o.conname",
       .create = "format('CREATE%s CONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN o.condefault "
                 "THEN ' DEFAULT' ELSE '' END, n.nspname, o.conname, "
                 "pg_encoding_to_char(o.conforencoding), pg_encoding_to_char(o.contoencoding), "
                 "o.conproc::text)",
       .drop = "format('CONVERSION %I.%I', n.nspname, o.conname)",
       .from = "pg_conversion o JOIN pg_namespace n ON n.oid = o.connamespace WHERE n.oid = ANY "
               "(@)"});
}

void read_transforms(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::transform,
       .what = "transform",
       .name_space = "''",
       .name = "format_type(o.trftype, NULL) || ' LANGUAGE ' || l.lanname",
       .create = "format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(o.trftype, NULL), "
                 "l.lanname, concat_ws(', ', CASE WHEN o.trffromsql <> 0 THEN 'FROM SQL WITH "
                 "FUNCTION ' || o.trffromsql::regprocedure END, CASE WHEN o.trftosql <> 0 THEN 'TO "
                 "SQL WITH FUNCTION ' || o.trftosql::regprocedure END))",
       .drop = "format('TRANSFORM FOR %s LANGUAGE %I', format_type(o.trftype, NULL), l.lanname)",
       .from = "pg_transform o JOIN pg_language l ON l.oid = o.trflang WHERE true"});
}

void read_access_methods(CatalogReader& reader) {
  read_opaque(reader,
              {.oid = catalog::access_method,
               .what = "access method",
               .name_space = "''",
               .name = "o.amname",
               .create = "format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', o.amname, CASE "
                         "o.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, o.amhandler::text)",
               .drop = "format('ACCESS METHOD %I', o.amname)",
               .from = "pg_am o WHERE true"});
}

void read_languages(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::language,
       .what = "language",
       .name_space = "''",
       .name = "o.lanname",
       .create =
           "concat_ws(' ', 'CREATE', CASE WHEN o.lanpltrusted THEN 'TRUSTED' END, 'LANGUAGE', "
           "quote_ident(o.lanname), 'HANDLER ' || o.lanplcallfoid::regproc, CASE WHEN "
           "o.laninline <> 0 THEN 'INLINE ' || o.laninline::regproc END, CASE WHEN "
           "o.lanvalidator <> 0 THEN 'VALIDATOR ' || o.lanvalidator::regproc END)",
       .drop = "format('LANGUAGE %I', o.lanname)",
       .from = "pg_language o WHERE o.lanispl"});
}

void read_shell_types(CatalogReader& reader) {
  read_opaque(reader, {.oid = catalog::type,
                       .what = "type",
                       .name_space = "n.nspname",
                       .name = "o.typname",
                       .create = "format('CREATE TYPE %I.%I', n.nspname, o.typname)",
                       .drop = "format('TYPE %I.%I', n.nspname, o.typname)",
                       .from = "pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace WHERE NOT "
                               "o.typisdefined AND n.oid = ANY (@)"});
}

}  // namespace

void read_opaque(CatalogReader& reader, const OpaqueQuery& query) {
  std::string from(query.from);
  if (const std::size_t mark = from.find('@'); mark != std::string::npos)
    from.replace(mark, 1, reader.namespaces());
  const std::string sql = fmt::format(
      "SELECT o.oid::int8, {}, {}, {}, {} FROM {} AND o.oid >= 16384 AND {}", query.name_space,
      query.name, query.create, query.drop, from, not_of_extension(query.oid, "o.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{query.oid, row.oid()};
    ObjectId id{Kind::opaque, row.text(), row.text(), std::string(query.what)};
    Opaque opaque{.create = row.text(), .drop = "DROP " + row.text()};
    reader.add(address, std::move(id), std::move(opaque));
  });
}

void read_opaque_objects(CatalogReader& reader) {
  read_casts(reader);
  read_operators(reader);
  read_operator_families(reader);
  read_operator_classes(reader);
  read_conversions(reader);
  read_transforms(reader);
  read_access_methods(reader);
  read_languages(reader);
  read_shell_types(reader);
}

}  // namespace limbeck::postgres
