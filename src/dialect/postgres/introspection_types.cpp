// Enums, domains, ranges and collations. Composite types are read with the relations.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

constexpr std::array<LetterName, 4> providers{
    {{'c', "libc"}, {'i', "icu"}, {'b', "builtin"}, {'d', "default"}}};

void read_collations(CatalogReader& reader) {
  // Where the ICU locale is kept has changed twice.
  const std::string_view locale = reader.since(
      17, "colllocale",
      reader.since(15, "colliculocale", "CASE WHEN collprovider = 'i' THEN collcollate END"));
  const std::string_view collate =
      reader.since(15, "collcollate", "CASE WHEN collprovider <> 'i' THEN collcollate END");
  const std::string_view ctype =
      reader.since(15, "collctype", "CASE WHEN collprovider <> 'i' THEN collctype END");
  const std::string sql = fmt::format(
      "SELECT c.oid::int8, n.nspname, c.collname, c.collprovider, {}, {}, {}, "
      "c.collisdeterministic, "
      "{} FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace "
      "WHERE c.collnamespace = ANY ({}) AND {}",
      locale, collate, ctype, reader.since(16, "c.collicurules", "NULL::text"), reader.namespaces(),
      not_of_extension(catalog::collation, "c.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::collation, row.oid()};
    ObjectId id{Kind::collation, row.text(), row.text(), ""};
    Collation collation{.provider = name_of_letter(providers, row.letter()),
                        .locale = row.text(),
                        .collate = row.text(),
                        .ctype = row.text(),
                        .deterministic = row.flag()};
    if (!row.null()) reader.unmodelled("rules of " + to_string(id));
    reader.add(address, std::move(id), std::move(collation));
  });
}

Definition read_enumeration(Fields& row) {
  return Enumeration{.labels = row.list()};
}

Definition read_domain(Fields& row) {
  row.skip();
  return Domain{.type = row.text(),
                .collation = row.text(),
                .default_expression = row.text(),
                .not_null = row.flag()};
}

Definition read_range(Fields& row) {
  for (int i = 0; i < 5; ++i) row.skip();
  return Range{.subtype = row.text(),
               .subtype_opclass = row.text(),
               .collation = row.text(),
               .canonical = row.text(),
               .subtype_diff = row.text(),
               .multirange = row.text()};
}

struct TypeKind {
  char letter;
  Kind kind;
  Definition (*read)(Fields& row);
};
constexpr std::array<TypeKind, 3> type_kinds{{{'e', Kind::enumeration, read_enumeration},
                                              {'d', Kind::domain, read_domain},
                                              {'r', Kind::range, read_range}}};

}  // namespace

void read_types(CatalogReader& reader) {
  read_collations(reader);
  const std::string sql = fmt::format(
      "SELECT t.oid::int8, t.typarray::int8, {0}::int8, t.typtype, n.nspname, t.typname, "
      "CASE WHEN t.typtype = 'e' THEN (SELECT array_agg(e.enumlabel::text ORDER BY "
      "e.enumsortorder) "
      "FROM pg_enum e WHERE e.enumtypid = t.oid) END, "
      "CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END, "
      "CASE WHEN t.typcollation <> b.typcollation THEN (SELECT quote_ident(cn.nspname) || '.' || "
      "quote_ident(co.collname) FROM pg_collation co JOIN pg_namespace cn ON cn.oid = "
      "co.collnamespace WHERE co.oid = t.typcollation) END, "
      "pg_get_expr(t.typdefaultbin, 0), t.typnotnull, "
      "CASE WHEN r.rngtypid <> 0 THEN format_type(r.rngsubtype, NULL) END, "
      "(SELECT quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) FROM pg_opclass o JOIN "
      "pg_namespace opn ON opn.oid = o.opcnamespace WHERE o.oid = r.rngsubopc AND NOT "
      "o.opcdefault), "
      "(SELECT quote_ident(cn.nspname) || '.' || quote_ident(co.collname) FROM pg_collation co "
      "JOIN "
      "pg_namespace cn ON cn.oid = co.collnamespace JOIN pg_type st ON st.oid = r.rngsubtype WHERE "
      "co.oid = r.rngcollation AND st.typcollation <> co.oid), "
      "CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical::text END, "
      "CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::text END, {1} "
      "FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
      "LEFT JOIN pg_type b ON b.oid = t.typbasetype "
      "LEFT JOIN pg_range r ON r.rngtypid = t.oid "
      "WHERE t.typtype IN ('e', 'd', 'r') AND t.typnamespace = ANY ({2}) AND {3}",
      reader.since(14, "r.rngmultitypid", "0"),
      reader.since(14, "(SELECT m.typname FROM pg_type m WHERE m.oid = r.rngmultitypid)", "NULL"),
      reader.namespaces(), not_of_extension(catalog::type, "t.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::type, row.oid()};
    const Address array{catalog::type, row.oid()};
    const Address multirange{catalog::type, row.oid()};
    const char letter = row.letter();
    for (const TypeKind& kind : type_kinds) {
      if (kind.letter != letter) continue;
      ObjectId id{kind.kind, row.text(), row.text(), ""};
      Object& object = reader.add(address, std::move(id), kind.read(row));
      reader.add_piece(array, object);
      if (multirange.object != 0) reader.add_piece(multirange, object);
      break;
    }
  });
}

}  // namespace limbeck::postgres
